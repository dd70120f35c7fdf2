//! The collector of vaults, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::glacier::Vault;
use serde_json::json;

const ARN: &str = "arn:aws:glacier:eu-west-1:123456789012:vaults/";

/// An error as Glacier sends it.
fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::Reply(status, json!({ "code": code, "type": "Client", "message": message }).to_string())
}

/// Which operation a path is.
fn operation(request: &Request) -> &str {
    match request.path.as_str() {
        "/-/vaults" => "ListVaults",
        path if path.ends_with("/access-policy") => "GetVaultAccessPolicy",
        _ => "",
    }
}

/// Two vaults in eu-west-1 on two pages; in us-east-1 Glacier takes no customers.
fn full(request: &Request) -> Option<Answer> {
    Some(match operation(request) {
        "ListVaults" if request.region() != "eu-west-1" => {
            error(400, "NoLongerSupportedException", "This API is no longer supported.")
        }
        "ListVaults" if request.parameter("marker").is_none() => ok(&json!({
            "VaultList": [{ "VaultName": "open", "VaultARN": format!("{ARN}open"), "NumberOfArchives": 0, "SizeInBytes": 0 }],
            "Marker": "2",
        })
        .to_string()),
        "ListVaults" => ok(&json!({
            "VaultList": [{ "VaultName": "plain", "VaultARN": format!("{ARN}plain") }],
            "Marker": null,
        })
        .to_string()),
        "GetVaultAccessPolicy" if request.path.contains("open") => {
            ok(&json!({ "Policy": "{\"Statement\":[]}" }).to_string())
        }
        "GetVaultAccessPolicy" => {
            let message = format!("No vault access policy is set for: {ARN}plain");
            error(404, "ResourceNotFoundException", &message)
        }
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([Vault::resource_type()]), &["eu-west-1", "us-east-1"]).await
}

fn but(name: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if operation(request) == name { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn vaults_of_all_pages_are_read() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("glacier.vault", "us-east-1").is_empty());
    assert_eq!(collected.ids("glacier.vault"), ["open", "plain"]);
    assert_eq!(collected.resource("glacier.vault", "open").arn.as_ref(), format!("{ARN}open"));
    let vault: Vault = collected.document("glacier.vault", "open");
    assert_eq!(known(vault.policy), "{\"Statement\":[]}");
    let vault: Vault = collected.document("glacier.vault", "plain");
    assert_eq!(vault.policy, Fact::Absent);
    // GetCallerIdentity, three pages, two policies.
    assert_eq!(wire.requests().len(), 1 + 3 + 2);
    let list = wire.requests().into_iter().find(|it| operation(it) == "ListVaults").unwrap();
    assert_eq!(list.parameter("limit"), Some("10"));
}

#[tokio::test]
async fn what_is_refused_or_malformed() {
    let refused =
        || error(403, "AccessDeniedException", "is not authorized to perform: glacier:Any");
    let collected = collect(&but("ListVaults", refused())).await;
    let missing = collected.missing("glacier.vault", "us-east-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    let collected = collect(&but("GetVaultAccessPolicy", refused())).await;
    let vault: Vault = collected.document("glacier.vault", "open");
    let gap = collected.why(&vault.policy);
    let about = format!("{ARN}open");
    assert_eq!((gap.class, gap.resource.as_deref()), (ErrorClass::AccessDenied, Some(&*about)));
    for body in ["{}", "{\"VaultList\":[{}]}", "{\"VaultList\":[],\"Marker\":\"x\"}"] {
        let collected = collect(&but("ListVaults", ok(body))).await;
        let missing = collected.missing("glacier.vault", "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
    for body in ["{}", "{\"Policy\":\"no policy\"}"] {
        let collected = collect(&but("GetVaultAccessPolicy", ok(body))).await;
        let vault: Vault = collected.document("glacier.vault", "open");
        assert_eq!(collected.why(&vault.policy).class, ErrorClass::Malformed, "{body}");
    }
}
