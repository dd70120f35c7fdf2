//! The collector of organizations, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{
    Answer, Collected, Request, Wire, json_error, known, ok, query, query_error,
};
use crate::inventory::{Document, ErrorClass, Fact, GLOBAL, Value};
use crate::services::organizations::{DESCRIBE_ORGANIZATION, Organization};
use serde_json::json;

const KIND: &str = "organizations.organization";
const ID: &str = "o-abcdef1234";
const ARN: &str = "arn:aws:organizations::123456789012:organization/o-abcdef1234";

fn of(value: &serde_json::Value) -> Answer {
    ok(&value.to_string())
}

/// Whether the request asks for another page than the first.
fn goes_on(request: &Request) -> bool {
    request.body.contains("\"NextToken\"")
}

/// An organization with one unit in another, and three accounts.
fn full(request: &Request) -> Option<Answer> {
    let about = |id: &str| request.body.contains(&format!("\"{id}\""));
    Some(match request.operation().as_str() {
        "DescribeOrganization" => of(&json!({ "Organization": {
            "Id": ID, "Arn": ARN, "FeatureSet": "ALL", "MasterAccountId": "123456789012",
            "MasterAccountEmail": "root@example.com",
        }})),
        "ListRoots" => of(&json!({ "Roots": [{ "Id": "r-abcd", "Name": "Root" }] })),
        "ListOrganizationalUnitsForParent" if about("r-abcd") => {
            of(&json!({ "OrganizationalUnits": [{ "Id": "ou-1", "Name": "workloads" }] }))
        }
        "ListOrganizationalUnitsForParent" if about("ou-1") => {
            of(&json!({ "OrganizationalUnits": [{ "Id": "ou-2", "Name": "production" }] }))
        }
        "ListOrganizationalUnitsForParent" => of(&json!({ "OrganizationalUnits": [] })),
        "ListAccountsForParent" if about("r-abcd") => of(&json!({ "Accounts": [
            { "Id": "123456789012", "Status": "ACTIVE", "Email": "root@example.com" },
        ]})),
        "ListAccountsForParent" if about("ou-2") && !goes_on(request) => of(&json!({
            "Accounts": [{ "Id": "222222222222", "State": "ACTIVE", "Status": "SUSPENDED" }],
            "NextToken": "2",
        })),
        "ListAccountsForParent" if about("ou-2") => {
            of(&json!({ "Accounts": [{ "Id": "333333333333", "State": "SUSPENDED" }] }))
        }
        "ListAccountsForParent" => of(&json!({ "Accounts": [] })),
        "ListPolicies" if about("SERVICE_CONTROL_POLICY") => of(&json!({ "Policies": [
            { "Id": "p-FullAWSAccess", "Name": "FullAWSAccess", "AwsManaged": true },
            { "Id": "p-guard", "Name": "guard", "AwsManaged": false },
        ]})),
        "ListPolicies" => of(&json!({ "Policies": [
            { "Id": "p-RCPFullAWSAccess", "Name": "RCPFullAWSAccess", "AwsManaged": true },
        ]})),
        "DescribePolicy" => of(&json!({ "Policy": { "Content": "{\"Effect\":\"Deny\"}" } })),
        "ListTargetsForPolicy" if goes_on(request) => {
            of(&json!({ "Targets": [{ "TargetId": "ou-2" }] }))
        }
        "ListTargetsForPolicy" => {
            of(&json!({ "Targets": [{ "TargetId": "ou-1" }], "NextToken": "2" }))
        }
        "DescribeResourcePolicy" => of(&json!({ "ResourcePolicy": { "Content": "{}" } })),
        "ListAWSServiceAccessForOrganization" => of(&json!({ "EnabledServicePrincipals": [
            { "ServicePrincipal": "guardduty.amazonaws.com", "DateEnabled": 1_700_000_000 },
        ]})),
        "ListDelegatedAdministrators" => of(&json!({ "DelegatedAdministrators": [
            { "Id": "222222222222", "Email": "security@example.com" },
        ]})),
        "ListDelegatedServicesForAccount" => of(&json!({ "DelegatedServices": [
            { "ServicePrincipal": "guardduty.amazonaws.com" },
        ]})),
        "ListOrganizationsFeatures" => query(
            "ListOrganizationsFeatures",
            "<OrganizationId>o-abcdef1234</OrganizationId><EnabledFeatures>\
             <member>RootSessions</member><member>RootCredentialsManagement</member>\
             </EnabledFeatures>",
        ),
        _ => return None,
    })
}

async fn everything(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([Organization::resource_type()]), &[]).await
}

/// One operation answers `answer`, all others as always.
async fn but(operation: &'static str, answer: Answer) -> Collected {
    let wire = Wire::start(move |request| {
        if request.operation() == operation { Some(answer.clone()) } else { full(request) }
    });
    everything(&wire).await
}

#[tokio::test]
async fn an_organization_is_read_from_its_root_down() {
    let wire = Wire::start(full);
    let collected = everything(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing(KIND, GLOBAL).is_empty());
    assert_eq!(collected.resource(KIND, ID).arn.as_ref(), ARN);
    let organization: Organization = collected.document(KIND, ID);
    assert_eq!(known(organization.management_account), "123456789012");
    let units = known(organization.units);
    let told: Vec<_> = units.iter().map(|u| (u.id.as_str(), u.parent.as_str())).collect();
    assert_eq!(told, [("ou-1", "r-abcd"), ("ou-2", "ou-1")]);
    let accounts = known(organization.accounts);
    let told: Vec<_> =
        accounts.iter().map(|a| (a.id.as_str(), a.parent.as_str(), a.state.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("123456789012", "r-abcd", Some("ACTIVE")),
            ("222222222222", "ou-2", Some("ACTIVE")),
            ("333333333333", "ou-2", Some("SUSPENDED")),
        ]
    );
    let policies = known(organization.policies);
    let policy = policies.first().unwrap();
    assert_eq!((policies.len(), policy.id.as_str()), (1, "p-guard"), "AWS's own are left out");
    let targets: Vec<_> = policy.targets.iter().map(|target| target.id.as_str()).collect();
    assert_eq!(targets, ["ou-1", "ou-2"]);
    assert_eq!(known(organization.resource_policy), "{}");
    let services = known(organization.service_access);
    assert_eq!(services.first().unwrap().principal, "guardduty.amazonaws.com");
    let administrators = known(organization.administrators);
    let administrator = administrators.first().unwrap();
    assert_eq!(administrator.id, "222222222222");
    assert_eq!(administrator.services, services);
    let features = known(organization.features);
    assert_eq!(features, ["RootSessions", "RootCredentialsManagement"]);
    assert!(!format!("{:?}", collected.resources).contains("example.com"), "no addresses");
    // The session, the organization, its root; units and accounts of three places, one of them
    // in two pages; two types of policies, one with its text and two pages of targets; the
    // resource policy, the services, the administrator and its services, the features.
    assert_eq!(wire.requests().len(), 1 + 1 + 1 + (3 + 4) + (2 + 1 + 2) + 1 + 1 + 2 + 1);
}

#[tokio::test]
async fn where_full_access_is_attached_matters_only_beside_a_list_of_what_is_allowed() {
    let wire = Wire::start(|request| match request.operation().as_str() {
        "DescribePolicy" => Some(of(&json!({ "Policy": { "Content": "{\"Effect\":\"Allow\"}" } }))),
        _ => full(request),
    });
    let organization: Organization = everything(&wire).await.document(KIND, ID);
    let policies = known(organization.policies);
    let told: Vec<_> = policies.iter().map(|p| (p.id.as_str(), p.content.is_some())).collect();
    assert_eq!(told, [("p-guard", true), ("p-FullAWSAccess", false)]);
    assert_eq!(policies.last().unwrap().targets.len(), 2);
}

#[tokio::test]
async fn an_account_without_an_organization_has_none() {
    let none =
        json_error(400, "AWSOrganizationsNotInUseException", "Your account is not a member.");
    let collected = but("DescribeOrganization", none).await;
    assert!(collected.resources.is_empty() && collected.gaps.is_empty());
    assert!(collected.missing(KIND, GLOBAL).is_empty());

    let denied = json_error(400, "AccessDeniedException", "User: x is not authorized to perform");
    let collected = but("DescribeOrganization", denied).await;
    let missing = collected.missing(KIND, GLOBAL);
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
}

/// What a member account is told, whatever its policies allow.
fn for_members(request: &Request) -> Option<Answer> {
    Some(match request.operation().as_str() {
        "DescribeOrganization" | "GetCallerIdentity" => return full(request),
        "ListOrganizationsFeatures" => query_error(
            400,
            "AccountNotManagementOrDelegatedAdministratorException",
            "The account is neither.",
        ),
        _ => json_error(
            400,
            "AccessDeniedException",
            "You don't have permissions to access this resource.",
        ),
    })
}

#[tokio::test]
async fn a_member_account_sees_that_there_is_an_organization_and_no_more() {
    let wire = Wire::start(for_members);
    let collected = everything(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    let resource = collected.resource(KIND, ID);
    for field in &resource.kind.record.fields {
        let from_itself = field.operations == [&DESCRIBE_ORGANIZATION];
        let absent = matches!(resource.field(field.name), Some(Value::Absent));
        assert_eq!(absent, !from_itself, "{}", field.name);
    }
}

#[tokio::test]
async fn a_missing_permission_is_a_gap() {
    for (operation, field) in [
        ("ListRoots", "Roots"),
        ("ListOrganizationalUnitsForParent", "OrganizationalUnits"),
        ("ListAccountsForParent", "Accounts"),
        ("ListPolicies", "Policies"),
        ("DescribePolicy", "Policies"),
        ("ListTargetsForPolicy", "Policies"),
        ("DescribeResourcePolicy", "ResourcePolicy"),
        ("ListAWSServiceAccessForOrganization", "EnabledServicePrincipals"),
        ("ListDelegatedAdministrators", "DelegatedAdministrators"),
        ("ListDelegatedServicesForAccount", "DelegatedAdministrators"),
        ("ListOrganizationsFeatures", "EnabledFeatures"),
    ] {
        let message = "User: x is not authorized to perform this on resource y";
        let refused = match operation {
            "ListOrganizationsFeatures" => query_error(403, "AccessDenied", message),
            _ => json_error(400, "AccessDeniedException", message),
        };
        let collected = but(operation, refused).await;
        let resource = collected.resource(KIND, ID);
        let Some(Value::Unknown(gaps)) = resource.field(field) else {
            panic!("{operation}: {:?}", resource.field(field))
        };
        let gaps = collected.gaps_of(gaps);
        let told: Vec<_> = gaps.iter().map(|gap| (gap.class, gap.operation.as_str())).collect();
        let service =
            if operation == "ListOrganizationsFeatures" { "iam" } else { "organizations" };
        assert_eq!(told, [(ErrorClass::AccessDenied, format!("{service}:{operation}").as_str())]);
    }
}

#[tokio::test]
async fn what_is_gone_or_not_there_hides_nothing() {
    let gone = json_error(400, "PolicyNotFoundException", "gone");
    let organization: Organization = but("DescribePolicy", gone).await.document(KIND, ID);
    assert_eq!(known(organization.policies), []);
    let none = json_error(400, "ResourcePolicyNotFoundException", "none");
    let organization: Organization = but("DescribeResourcePolicy", none).await.document(KIND, ID);
    assert_eq!(organization.resource_policy, Fact::Absent);
    let left = json_error(400, "AccountNotRegisteredException", "no longer");
    let organization: Organization =
        but("ListDelegatedServicesForAccount", left).await.document(KIND, ID);
    assert_eq!(known(organization.administrators), []);
    for code in ["ServiceAccessNotEnabledException", "OrganizationNotInAllFeaturesModeException"] {
        let off = query_error(400, code, "off");
        let organization: Organization =
            but("ListOrganizationsFeatures", off).await.document(KIND, ID);
        assert_eq!(known(organization.features), [""; 0], "{code}");
    }
    // One of the two types is not supported here.
    let wire = Wire::start(|request| {
        let resource_control = request.body.contains("RESOURCE_CONTROL_POLICY");
        if request.operation() == "ListPolicies" && resource_control {
            return Some(json_error(400, "UnsupportedAPIEndpointException", "not here"));
        }
        full(request)
    });
    let organization: Organization = everything(&wire).await.document(KIND, ID);
    assert_eq!(known(organization.policies).len(), 1);
}

#[tokio::test]
async fn what_is_always_there_and_missing_is_a_gap() {
    for (operation, body) in [
        ("ListRoots", json!({})),
        ("ListRoots", json!({ "Roots": [{}] })),
        ("ListOrganizationalUnitsForParent", json!({ "OrganizationalUnits": [{}] })),
        ("ListAccountsForParent", json!({ "Accounts": [{}] })),
        ("ListPolicies", json!({ "Policies": [{ "Name": "x" }] })),
        ("DescribePolicy", json!({ "Policy": {} })),
        ("ListTargetsForPolicy", json!({ "Targets": [{}] })),
        ("ListTargetsForPolicy", json!({ "Targets": [], "NextToken": "2" })),
        ("DescribeResourcePolicy", json!({ "ResourcePolicy": {} })),
        ("ListAWSServiceAccessForOrganization", json!({ "EnabledServicePrincipals": [{}] })),
        ("ListDelegatedAdministrators", json!({ "DelegatedAdministrators": [{}] })),
        ("ListDelegatedServicesForAccount", json!({ "DelegatedServices": [{}] })),
    ] {
        let collected = but(operation, of(&body)).await;
        let classes: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.class).collect();
        assert_eq!(classes, [ErrorClass::Malformed], "{operation} {body}");
    }
    for body in [json!({}), json!({ "Organization": { "Id": ID, "Arn": ARN } })] {
        let collected = but("DescribeOrganization", of(&body)).await;
        let missing = collected.missing(KIND, GLOBAL);
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
}
