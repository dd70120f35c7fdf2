//! EC2's settings of a region, at the wire.

use crate::aws::Plan;
use crate::aws::wire::{Answer, Request, Wire, ec2_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::aws::Region;

const HERE: &str = "eu-west-1";

fn reply(operation: &str, body: &str) -> Answer {
    ok(&format!(
        "<{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
         <requestId>r</requestId>{body}</{operation}Response>"
    ))
}

const SETTINGS: [(&str, &str); 5] = [
    ("GetEbsEncryptionByDefault", "<ebsEncryptionByDefault>true</ebsEncryptionByDefault>"),
    ("GetEbsDefaultKmsKeyId", "<kmsKeyId>alias/aws/ebs</kmsKeyId>"),
    (
        "GetSnapshotBlockPublicAccessState",
        "<state>block-all-sharing</state><managedBy>declarative-policy</managedBy>",
    ),
    (
        "GetInstanceMetadataDefaults",
        "<accountLevel><httpTokens>required</httpTokens><httpPutResponseHopLimit>2\
         </httpPutResponseHopLimit></accountLevel>",
    ),
    (
        "GetSerialConsoleAccessStatus",
        "<serialConsoleAccessEnabled>false</serialConsoleAccessEnabled>",
    ),
];

fn full(request: &Request) -> Option<Answer> {
    let asked = request.operation();
    let (operation, body) = SETTINGS.iter().find(|(operation, _)| *operation == asked)?;
    Some(reply(operation, body))
}

fn states(region: &Region) -> [(&'static str, Fact<()>); 5] {
    [
        ("GetEbsEncryptionByDefault", region.ebs_encryption_by_default.clone().map(|_| ())),
        ("GetEbsDefaultKmsKeyId", region.ebs_default_kms_key.clone().map(|_| ())),
        (
            "GetSnapshotBlockPublicAccessState",
            region.snapshot_block_public_access.clone().map(|_| ()),
        ),
        ("GetInstanceMetadataDefaults", region.instance_metadata_defaults.clone().map(|_| ())),
        ("GetSerialConsoleAccessStatus", region.serial_console_access_enabled.clone().map(|_| ())),
    ]
}

fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

async fn read(wire: &Wire) -> (Region, crate::aws::wire::Collected) {
    let collected = wire.collect(Plan::everything([Region::resource_type()]), &[HERE]).await;
    (collected.document("aws.region", HERE), collected)
}

#[tokio::test]
async fn the_settings_are_read() {
    let wire = Wire::start(full);
    let (region, _) = read(&wire).await;
    assert!(known(region.ebs_encryption_by_default));
    assert_eq!(known(region.ebs_default_kms_key), "alias/aws/ebs");
    let block = known(region.snapshot_block_public_access);
    assert_eq!(block.state, "block-all-sharing");
    assert_eq!(block.managed_by.as_deref(), Some("declarative-policy"));
    let defaults = known(region.instance_metadata_defaults);
    assert_eq!(defaults.http_tokens.as_deref(), Some("required"));
    assert_eq!((defaults.http_endpoint, defaults.http_put_response_hop_limit), (None, Some(2)));
    assert!(!known(region.serial_console_access_enabled));
    for (operation, _) in SETTINGS {
        assert_eq!(wire.count(operation), 1, "{operation}");
    }
}

#[tokio::test]
async fn each_refusal_hides_one_setting() {
    let refused = || ec2_error(403, "UnauthorizedOperation", "You are not authorized.");
    let unavailable = || Answer::Reply(500, "<html>Internal Server Error</html>".to_owned());
    for (operation, _) in SETTINGS {
        for (answer, class) in
            [(refused(), ErrorClass::AccessDenied), (unavailable(), ErrorClass::ServerError)]
        {
            let (region, collected) = read(&but(operation, answer)).await;
            for (filled, state) in states(&region) {
                if filled == operation {
                    let gap = collected.why(&state);
                    assert_eq!((gap.class, gap.region.as_str()), (class, HERE), "{operation}");
                    assert_eq!(gap.iam_action, format!("ec2:{operation}"));
                } else {
                    assert_eq!(state, Fact::Known(()), "{operation} {filled}");
                }
            }
        }
    }
}

#[tokio::test]
async fn an_empty_reply_is_no_setting() {
    for (operation, _) in SETTINGS {
        let (region, collected) = read(&but(operation, reply(operation, ""))).await;
        let states = states(&region);
        let (_, state) = states.iter().find(|(filled, _)| *filled == operation).unwrap();
        if operation == "GetInstanceMetadataDefaults" {
            assert_eq!(*state, Fact::Absent, "nothing was set");
        } else {
            assert_eq!(collected.why(state).class, ErrorClass::Malformed, "{operation}");
        }
    }
    // Nothing set at all is an empty element.
    let empty = reply("GetInstanceMetadataDefaults", "<accountLevel/>");
    let (region, _) = read(&but("GetInstanceMetadataDefaults", empty)).await;
    assert_eq!(known(region.instance_metadata_defaults).http_tokens, None);
}
