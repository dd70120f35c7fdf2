//! The collector of repositories, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::ecr::{DESCRIBE_REPOSITORIES, Repository};
use serde_json::json;

const ARN: &str = "arn:aws:ecr:eu-west-1:123456789012:repository/team/web";
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

/// One repository in eu-west-1, none elsewhere.
fn full(request: &Request) -> Option<Answer> {
    let body = match request.operation().as_str() {
        "DescribeRepositories" if request.region() != "eu-west-1" => json!({ "repositories": [] }),
        "DescribeRepositories" => json!({ "repositories": [{
            "repositoryArn": ARN, "repositoryName": "team/web",
            "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": [{ "filterType": "WILDCARD", "filter": "dev*" }],
            "imageScanningConfiguration": { "scanOnPush": true },
            "encryptionConfiguration": { "encryptionType": "KMS", "kmsKey": "k" },
        }]}),
        "GetRegistryScanningConfiguration" => json!({ "scanningConfiguration": {
            "scanType": "BASIC", "rules": [{ "scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [
                { "filter": "*", "filterType": "WILDCARD" },
            ]}],
        }}),
        "GetLifecyclePolicy" => json!({ "lifecyclePolicyText": "{\"rules\":[]}" }),
        "GetRepositoryPolicy" => json!({ "policyText": POLICY }),
        _ => return None,
    };
    Some(ok(&body.to_string()))
}

fn but(changed: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == changed { Some(answer.clone()) } else { full(request) }
        },
    )
}

async fn collect(wire: &Wire) -> Collected {
    collect_in(wire, &["eu-west-1", "us-east-1"]).await
}

async fn collect_in(wire: &Wire, regions: &[&str]) -> Collected {
    wire.collect(Plan::everything([Repository::resource_type()]), regions).await
}

fn web(collected: &Collected) -> Repository {
    collected.document("ecr.repository", "team/web")
}

#[tokio::test]
async fn a_repository_is_read_with_its_policies() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("ecr.repository", "us-east-1").is_empty());
    assert_eq!(collected.resource("ecr.repository", "team/web").arn.as_ref(), ARN);
    let repository = web(&collected);
    assert_eq!(known(repository.mutability), "IMMUTABLE_WITH_EXCLUSION");
    assert_eq!(known(repository.exclusions).first().unwrap().filter, "dev*");
    assert!(known(repository.image_scanning).scan_on_push);
    let encryption = known(repository.encryption);
    assert_eq!((encryption.kind.as_str(), encryption.kms_key.as_deref()), ("KMS", Some("k")));
    let registry = known(repository.registry_scanning);
    let rule = registry.rules.first().unwrap();
    assert_eq!((registry.kind.as_str(), rule.frequency.as_str()), ("BASIC", "SCAN_ON_PUSH"));
    assert_eq!(rule.filters.first().unwrap().filter, "*");
    assert_eq!(known(repository.lifecycle_policy), "{\"rules\":[]}");
    assert_eq!(known(repository.policy), POLICY);
    // GetCallerIdentity; a list in each region; the registry; two policies.
    assert_eq!(wire.requests().len(), 1 + 2 + 1 + 2);
}

#[tokio::test]
async fn all_pages_are_read_and_circles_noticed() {
    let wire = Wire::start(|request| {
        if request.operation() != "DescribeRepositories" {
            return full(request);
        }
        let second = request.body.contains("nextToken");
        let name = if second { "two" } else { "one" };
        let arn = format!("arn:aws:ecr:eu-west-1:123456789012:repository/{name}");
        let one = json!({
            "repositoryArn": arn, "repositoryName": name, "imageTagMutability": "MUTABLE",
        });
        let next = if second { None } else { Some("n") };
        Some(ok(&json!({ "repositories": [one], "nextToken": next }).to_string()))
    });
    let plan = Plan::everything([Repository::resource_type()]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    assert_eq!(collected.ids("ecr.repository"), ["one", "two"]);
    assert_eq!(wire.count("GetRegistryScanningConfiguration"), 1, "once for all");
    let repository: Repository = collected.document("ecr.repository", "two");
    assert_eq!((repository.encryption, repository.image_scanning), (Fact::Absent, Fact::Absent));

    let circle = but("DescribeRepositories", ok("{\"repositories\":[],\"nextToken\":\"n\"}"));
    let collected = collect(&circle).await;
    let missing = collected.missing("ecr.repository", "eu-west-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);
}

#[tokio::test]
async fn answers_that_say_there_is_none_and_refusals() {
    let none = json_error(400, "LifecyclePolicyNotFoundException", "no");
    assert_eq!(
        web(&collect(&but("GetLifecyclePolicy", none)).await).lifecycle_policy,
        Fact::Absent
    );
    let none = json_error(400, "RepositoryPolicyNotFoundException", "no");
    assert_eq!(web(&collect(&but("GetRepositoryPolicy", none)).await).policy, Fact::Absent);
    let gone = json_error(400, "RepositoryNotFoundException", "no");
    let collected = collect(&but("GetRepositoryPolicy", gone)).await;
    assert!(collected.gaps.is_empty() && collected.ids("ecr.repository").is_empty());

    let denied = || json_error(400, "AccessDeniedException", "no");
    let collected = collect(&but("DescribeRepositories", denied())).await;
    let missing = collected.missing("ecr.repository", "eu-west-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    let collected = collect(&but("GetLifecyclePolicy", denied())).await;
    assert_eq!(collected.why(&web(&collected).lifecycle_policy).resource.as_deref(), Some(ARN));
    let collected = collect(&but("GetRepositoryPolicy", denied())).await;
    assert_eq!(collected.why(&web(&collected).policy).resource.as_deref(), Some(ARN));
    let collected = collect(&but("GetRegistryScanningConfiguration", denied())).await;
    let gap = collected.why(&web(&collected).registry_scanning).clone();
    assert_eq!((gap.class, gap.resource), (ErrorClass::AccessDenied, None));
}

#[tokio::test]
async fn what_is_always_there_and_missing_is_a_gap() {
    for body in [
        "{}",
        "{\"repositories\":[{\"repositoryName\":\"team/web\"}]}",
        // A switch that the SDK would read as off.
        "{\"repositories\":[{\"repositoryArn\":\"a\",\"imageScanningConfiguration\":{}}]}",
    ] {
        let collected = collect(&but("DescribeRepositories", ok(body))).await;
        let missing = collected.missing("ecr.repository", "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
    let short = json!({ "repositories": [{
        "repositoryArn": ARN, "repositoryName": "team/web", "encryptionConfiguration": {},
    }]});
    let short = but("DescribeRepositories", ok(&short.to_string()));
    let collected = collect_in(&short, &["eu-west-1"]).await;
    let repository = web(&collected);
    assert_eq!(collected.why(&repository.mutability).class, ErrorClass::Malformed);
    assert_eq!(collected.why(&repository.encryption).class, ErrorClass::Malformed);
    let collected = collect(&but("GetRegistryScanningConfiguration", ok("{}"))).await;
    assert_eq!(collected.why(&web(&collected).registry_scanning).class, ErrorClass::Malformed);
}

#[tokio::test]
async fn only_what_is_read_is_asked() {
    let wire = Wire::start(full);
    let plan = Plan::new([Repository::resource_type()], [&DESCRIBE_REPOSITORIES]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    assert_eq!(collected.ids("ecr.repository"), ["team/web"]);
    assert_eq!(wire.requests().len(), 1 + 1);
}
