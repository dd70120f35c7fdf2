//! AWS Organizations.

use super::json::{SECONDS, with_next};
use crate::account::Account;
use crate::call::Call;
use crate::errors::{bad_token, error};
use crate::http::Reply;
use crate::lab::OPERATOR;
use crate::paging::BadToken;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The first account that is scanned manages the organization; the operator
/// may ask everything, too. Members are refused all but what it is.
pub(super) fn answer(
    account: &Account,
    all: &BTreeMap<String, Account>,
    call: &Call,
) -> Option<Reply> {
    let management = all.keys().find(|id| *id != OPERATOR).unwrap_or(&account.id);
    if ![OPERATOR, management].contains(&account.id.as_str())
        && call.operation != "DescribeOrganization"
    {
        let message = "You don't have permissions to access this resource.";
        return Some(error(call, 400, "AccessDeniedException", message));
    }
    if call.operation == "DescribeResourcePolicy" {
        let message = "There is no resource policy.";
        return Some(error(call, 400, "ResourcePolicyNotFoundException", message));
    }
    Some(match organization(account, management, all, call)? {
        Ok(value) => Reply::ok(value.to_string()),
        Err(BadToken) => bad_token(call),
    })
}

/// All accounts, half of them in one unit, with a guardrail.
fn organization(
    account: &Account,
    management: &str,
    all: &BTreeMap<String, Account>,
    call: &Call,
) -> Option<Result<Value, BadToken>> {
    let ids: Vec<&str> = all.keys().map(String::as_str).collect();
    let half = ids.len() / 2;
    let listed = |name: &str, of: &[&str], shape: fn(&str) -> Value| {
        account.page(call, of.len(), "MaxResults", 20).map(|page| {
            let page_of = of.get(page.range.clone()).unwrap_or_default();
            let found: Vec<Value> = page_of.iter().map(|id| shape(id)).collect();
            let mut value = Map::new();
            value.insert(name.to_owned(), Value::Array(found));
            with_next("NextToken", page.next, Value::Object(value))
        })
    };
    let parent = call.parameter("ParentId").unwrap_or_default();
    let administrators = ids.get(..ids.len().min(3)).unwrap_or_default();
    let (root, unit) = (ids.get(..half).unwrap_or_default(), ids.get(half..).unwrap_or_default());
    Some(match call.operation.as_str() {
        "DescribeOrganization" => Ok(json!({ "Organization": {
            "Id": "o-laboratory",
            "Arn": format!("arn:aws:organizations::{management}:organization/o-laboratory"),
            "FeatureSet": "ALL",
            "MasterAccountId": management,
            "MasterAccountArn":
                format!("arn:aws:organizations::{management}:account/o-laboratory/{management}"),
            "MasterAccountEmail": "m@example.com",
        } })),
        "ListRoots" => Ok(json!({ "Roots": [{
            "Id": "r-labs",
            "Arn": format!("arn:aws:organizations::{}:root/o-laboratory/r-labs", account.id),
            "Name": "Root",
            "PolicyTypes": [],
        }] })),
        "ListOrganizationalUnitsForParent" if parent == "r-labs" => {
            Ok(json!({ "OrganizationalUnits": [{
                "Id": "ou-labs-00000001",
                "Arn": format!("arn:aws:organizations::{}:ou/o-laboratory/ou-labs-00000001", account.id),
                "Name": "half",
            }] }))
        }
        "ListOrganizationalUnitsForParent" => Ok(json!({ "OrganizationalUnits": [] })),
        "ListAccounts" => listed("Accounts", &ids, member),
        "ListAccountsForParent" if parent == "r-labs" => listed("Accounts", root, member),
        "ListAccountsForParent" => listed("Accounts", unit, member),
        "ListParents" => {
            let child = call.parameter("ChildId").unwrap_or_default();
            let (id, kind) = match unit.contains(&child) {
                true => ("ou-labs-00000001", "ORGANIZATIONAL_UNIT"),
                false => ("r-labs", "ROOT"),
            };
            Ok(json!({ "Parents": [{ "Id": id, "Type": kind }] }))
        }
        "ListPolicies" => listed("Policies", policies(call), policy),
        "DescribePolicy" => Ok(json!({ "Policy": { "Content": GUARD } })),
        "ListTargetsForPolicy" => {
            listed("Targets", &["r-labs", "ou-labs-00000001"], |id| json!({ "TargetId": id }))
        }
        "ListAWSServiceAccessForOrganization" => {
            listed("EnabledServicePrincipals", &SERVICES, service)
        }
        "ListDelegatedAdministrators" => listed("DelegatedAdministrators", administrators, member),
        "ListDelegatedServicesForAccount" => listed("DelegatedServices", &SERVICES, service),
        "ListTagsForResource" => Ok(json!({ "Tags": [{ "Key": "team", "Value": "lab" }] })),
        _ => return None,
    })
}

const GUARD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}]}"#;
const SERVICES: [&str; 3] =
    ["config.amazonaws.com", "guardduty.amazonaws.com", "securityhub.amazonaws.com"];

/// By type: AWS's own first.
fn policies(call: &Call) -> &'static [&'static str] {
    match call.parameter("Filter") {
        Some("SERVICE_CONTROL_POLICY") => &["p-FullAWSAccess", "p-guard0", "p-guard1"],
        Some("RESOURCE_CONTROL_POLICY") => &["p-RCPFullAWSAccess"],
        _ => &[],
    }
}

fn policy(id: &str) -> Value {
    json!({ "Id": id, "Name": id, "AwsManaged": !id.starts_with("p-guard") })
}

fn service(principal: &str) -> Value {
    json!({ "ServicePrincipal": principal, "DateEnabled": SECONDS })
}

fn member(id: &str) -> Value {
    json!({
        "Id": id,
        "Arn": format!("arn:aws:organizations::111111111111:account/o-laboratory/{id}"),
        "Email": format!("{id}@example.com"),
        "Name": format!("t{id}"),
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": SECONDS,
    })
}
