//! The account's collector, at the wire.

use crate::aws::wire::{
    ACCOUNT, Answer, Collected, Request, Wire, known, ok, query, query_error, s3_error,
};
use crate::aws::{Plan, Regions};
use crate::inventory::{Document, ErrorClass, Fact, GLOBAL};
use crate::services::aws::{Account, Region};

const POLICY: &str = "<PasswordPolicy><MinimumPasswordLength>14</MinimumPasswordLength>\
    <RequireSymbols>true</RequireSymbols><RequireNumbers>false</RequireNumbers>\
    <RequireUppercaseCharacters>true</RequireUppercaseCharacters>\
    <RequireLowercaseCharacters>true</RequireLowercaseCharacters>\
    <ExpirePasswords>true</ExpirePasswords><MaxPasswordAge>90</MaxPasswordAge></PasswordPolicy>";

fn devices(serials: &[&str], marker: Option<&str>) -> Answer {
    let items: String = serials
        .iter()
        .map(|serial| {
            format!(
                "<member><SerialNumber>{serial}</SerialNumber><User>\
                 <Arn>arn:aws:iam::123456789012:root</Arn></User></member>"
            )
        })
        .collect();
    let more = marker.map_or_else(
        || "<IsTruncated>false</IsTruncated>".to_owned(),
        |marker| format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>"),
    );
    let devices = format!("<VirtualMFADevices>{items}</VirtualMFADevices>{more}");
    query("ListVirtualMFADevices", &devices)
}

fn full(request: &Request) -> Option<Answer> {
    Some(match request.operation().as_str() {
        "GetAccountSummary" => query(
            "GetAccountSummary",
            "<SummaryMap><entry><key>AccountMFAEnabled</key><value>1</value></entry>\
             <entry><key>AccountAccessKeysPresent</key><value>0</value></entry>\
             <entry><key>AccountPasswordPresent</key><value>1</value></entry></SummaryMap>",
        ),
        "GetAccountPasswordPolicy" => query("GetAccountPasswordPolicy", POLICY),
        "ListVirtualMFADevices" => match request.parameter("Marker") {
            None => devices(&["one"], Some("m")),
            Some(_) => devices(&["two"], None),
        },
        "GetAccountPublicAccessBlock" => ok("<PublicAccessBlockConfiguration>\
            <BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
            <BlockPublicPolicy>true</BlockPublicPolicy>\
            <RestrictPublicBuckets>true</RestrictPublicBuckets>\
            </PublicAccessBlockConfiguration>"),
        _ => return None,
    })
}

async fn but(operation: &'static str, answer: Answer) -> Collected {
    let wire = Wire::start(move |request| {
        if request.operation() == operation { Some(answer.clone()) } else { full(request) }
    });
    wire.collect(Plan::everything([Account::resource_type()]), &["us-east-1"]).await
}

#[tokio::test]
async fn the_account_is_read() {
    let wire = Wire::start(full);
    let plan = Plan::everything([Account::resource_type()]);
    let collected = wire.collect(plan, &["us-east-1"]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    let resource = collected.resource("aws.account", ACCOUNT);
    assert_eq!(resource.arn.as_ref(), "arn:aws:account::123456789012:account");
    assert!(collected.missing("aws.account", GLOBAL).is_empty());
    let account: Account = collected.document("aws.account", ACCOUNT);
    let devices = known(account.virtual_mfa_devices);
    let serials: Vec<_> = devices.iter().map(|device| device.serial_number.as_str()).collect();
    assert_eq!(serials, ["one", "two"]);
    let policy = known(account.password_policy);
    assert!(policy.require_symbols && !policy.require_numbers);
    assert_eq!((policy.minimum_length, policy.reuse_prevention), (Some(14), None));
    // GetCallerIdentity, three single calls, and two pages.
    assert_eq!(wire.requests().len(), 6);
}

#[tokio::test]
async fn what_was_never_set_is_absent() {
    let policy = query_error(404, "NoSuchEntity", "The Password Policy cannot be found.");
    let account: Account =
        but("GetAccountPasswordPolicy", policy).await.document("aws.account", ACCOUNT);
    assert_eq!(account.password_policy, Fact::Absent);
    // S3 Control wraps its errors, or does not.
    for wrap in [s3_error, query_error] {
        let block = wrap(404, "NoSuchPublicAccessBlockConfiguration", "not found");
        let account: Account =
            but("GetAccountPublicAccessBlock", block).await.document("aws.account", ACCOUNT);
        assert_eq!(account.public_access_block, Fact::Absent);
    }
}

#[tokio::test]
async fn each_refusal_hides_one_fact() {
    for (operation, action) in [
        ("GetAccountSummary", "iam:GetAccountSummary"),
        ("GetAccountPasswordPolicy", "iam:GetAccountPasswordPolicy"),
        ("ListVirtualMFADevices", "iam:ListVirtualMFADevices"),
        ("GetAccountPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
    ] {
        let answer = if operation == "GetAccountPublicAccessBlock" {
            s3_error(403, "AccessDenied", "no")
        } else {
            query_error(403, "AccessDenied", "no")
        };
        let collected = but(operation, answer).await;
        let gaps: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.iam_action.as_str()).collect();
        assert_eq!(gaps, [action]);
        assert!(collected.missing("aws.account", GLOBAL).is_empty());
    }
}

#[tokio::test]
async fn switches_and_lists_that_are_missing_are_not_off_and_empty() {
    for (operation, result) in [
        ("GetAccountPasswordPolicy", POLICY.replace("RequireNumbers", "Require")),
        ("GetAccountPasswordPolicy", String::new()),
        ("ListVirtualMFADevices", "<IsTruncated>false</IsTruncated>".to_owned()),
        ("GetAccountSummary", String::new()),
    ] {
        let collected = but(operation, query(operation, &result)).await;
        let gaps: Vec<_> =
            collected.gaps.iter().map(|(_, gap)| (gap.class, gap.operation.as_str())).collect();
        let expected = format!("iam:{operation}");
        assert_eq!(gaps, [(ErrorClass::Malformed, expected.as_str())], "{result}");
    }
}

#[tokio::test]
async fn half_a_list_of_devices_is_unknown() {
    let wire = Wire::start(|request| match request.parameter("Marker") {
        Some(_) => Some(query_error(403, "AccessDenied", "no")),
        None => full(request),
    });
    let plan = Plan::everything([Account::resource_type()]);
    let collected = wire.collect(plan, &["us-east-1"]).await;
    let account: Account = collected.document("aws.account", ACCOUNT);
    assert_eq!(collected.why(&account.virtual_mfa_devices).class, ErrorClass::AccessDenied);
}

#[tokio::test]
async fn regions_are_fed_as_they_were_listed() {
    let wire = Wire::start(full);
    let plan = || Plan::everything([Region::resource_type()]);
    let listed = |chosen| Regions {
        read: vec!["af-south-1".to_owned(), "us-east-1".to_owned()],
        opt_in: [("af-south-1".to_owned(), "opted-in".to_owned())].into(),
        chosen,
        ..Regions::default()
    };
    let collected = wire.collect_in(plan(), listed(false)).await;
    assert_eq!(collected.ids("aws.region"), ["af-south-1", "us-east-1"]);
    let resource = collected.resource("aws.region", "af-south-1");
    assert_eq!(resource.arn.as_ref(), "arn:aws:account::123456789012:region/af-south-1");
    let region: Region = collected.document("aws.region", "af-south-1");
    assert_eq!(region.opt_in_status, Fact::Known("opted-in".to_owned()));
    assert!(collected.missing("aws.region", "us-east-1").is_empty());

    let collected = wire.collect_in(plan(), listed(true)).await;
    let region: Region = collected.document("aws.region", "us-east-1");
    assert_eq!(region.opt_in_status, Fact::not_collected());
}
