//! Getting into an account, and the classic ways not to.

use crate::support::moto::{Moto, ORDERLY, OWN};
use crate::support::program::{EXTERNAL_ID, Ended, Home, KEY_ID, SECRET, tenant};
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::Report;
use serde_json::Value;

const SCAN: [&str; 5] = ["scan", "--tenant", "acme", "--rule", "iam-root-*"];

fn scan_with(operation: &str, fault: Fault) -> Ended {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail(operation, fault);
    Home::with_aws(&proxy.address).acme(ORDERLY).ends(1, &SCAN)
}

#[test]
fn no_credentials() {
    let home = Home::new()
        .env("AWS_ENDPOINT_URL", &format!("http://{}", Moto::shared().address))
        .acme(ORDERLY);
    home.ends(1, &SCAN).says(&["Unable to locate credentials", "hint: sign in", "AWS_PROFILE"]);
}

#[test]
fn the_role_is_refused() {
    let message = "User: arn:aws:iam::123456789012:user/moto is not authorized to perform: \
                   sts:AssumeRole on resource: arn:aws:iam::333344445555:role/CspmScan";
    scan_with("sts:AssumeRole", Fault::Error(403, "AccessDenied", message)).says(&[
        "may not assume arn:aws:iam::333344445555:role/CspmScan",
        "is not authorized to perform: sts:AssumeRole",
        "hint: likely causes: the role's trust policy",
        "external id",
        "`cspm tenants check`",
    ]);
}

#[test]
fn credentials_that_are_unknown_or_too_old() {
    let message = "The security token included in the request is invalid.";
    for operation in ["sts:GetCallerIdentity", "sts:*"] {
        scan_with(operation, Fault::Error(403, "InvalidClientTokenId", message))
            .says(&["AWS does not know these credentials", "hint:"]);
    }
    let message = "The security token included in the request is expired";
    scan_with("sts:*", Fault::Error(403, "ExpiredToken", message))
        .says(&["the credentials have expired", "hint: sign in again"]);
    let message = "STS is not activated in this region for account:333344445555. Your account \
                   administrator can activate STS in this region using the IAM Console.";
    scan_with("sts:*", Fault::Error(403, "RegionDisabledException", message))
        .says(&["is not enabled for the account", "hint: set AWS_REGION"]);
}

#[test]
fn a_region_that_aws_does_not_have() {
    let proxy = Proxy::before(Moto::shared());
    let home = Home::with_aws(&proxy.address).acme(ORDERLY);
    let typo = ["--tenant", "acme", "--region", "eu-wset-1", "--rule", "s3-bucket-versioning"];
    home.ends(2, &[&["scan"], &typo[..]].concat())
        .says(&["AWS knows no region eu-wset-1", "hint: did you mean eu-west-1?"]);
    // Who may not ask reads what was chosen: it may be a new one.
    proxy.fail("ec2:DescribeRegions", Fault::Denied);
    Report::of(&home, 0, &typo);
}

#[test]
fn aws_cannot_be_reached() {
    scan_with("sts:*", Fault::Reset).says(&["AWS cannot be reached", "AWS_ENDPOINT_URL"]);
    let home = Home::with_aws("127.0.0.1:1").acme(ORDERLY);
    home.ends(1, &SCAN).says(&["AWS cannot be reached", "hint: look at the network"]);
}

#[test]
fn another_account_than_the_file_says() {
    let home = Home::with_aws(&Moto::shared().address)
        .tenants("[[tenant]]\nname = \"acme\"\naccount_id = \"333344445555\"\n");
    home.ends(1, &SCAN).says(&[
        &format!("are for account {OWN}, and the tenants file says 333344445555"),
        "hint: correct account_id",
    ]);
}

/// A scan that could not begin is in the history, as failed, and one tenant
/// that fails does not keep the others from being scanned.
#[test]
fn the_other_tenants_are_scanned() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail_about("sts:AssumeRole", "222233334444", Fault::Denied);
    let both = tenant("locked", "222233334444")
        + &tenant("acme", ORDERLY).replace(EXTERNAL_ID, "another-external-id");
    let home = Home::with_aws(&proxy.address).tenants(&both);
    let ended = home.ends(
        1,
        &[
            "scan",
            "--tenant",
            "locked",
            "--tenant",
            "acme",
            "--rule",
            "iam-password-*",
            "--format",
            "json",
        ],
    );
    ended.says(&["cannot scan locked", "may not assume"]);
    let document: Value = crate::support::schema::check(&ended.out);
    let status = |number: usize| document["scans"][number]["scan"]["status"].clone();
    assert_eq!((status(0), status(1)), ("failed".into(), "completed".into()));
    assert_eq!(document["scans"][1]["summary"]["by_verdict"]["pass"], 4);
    let history = home.ends(0, &["history", "--tenant", "locked"]).out;
    assert!(history.contains("failed"), "{history}");
}

#[test]
fn credentials_from_a_profile() {
    let proxy = Proxy::before(Moto::shared());
    let home = Home::new()
        .env("AWS_ENDPOINT_URL", &format!("http://{}", proxy.address))
        .env("AWS_SHARED_CREDENTIALS_FILE", "credentials")
        .tenants(&tenant("acme", ORDERLY).replace("regions", "profile = \"work\"\nregions"));
    home.write(
        "credentials",
        format!("[work]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n"),
    );
    home.ends(15, &SCAN);
    assert_eq!(proxy.calls()["sts:AssumeRole"], 1);
}

#[test]
fn a_call_that_fails_once_is_tried_again() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail_times("iam:GetAccountSummary", 1, Fault::Error(400, "Throttling", "Rate exceeded"));
    let home = Home::with_aws(&proxy.address).acme(ORDERLY);
    home.ends(15, &SCAN);
    assert_eq!(proxy.calls()["iam:GetAccountSummary"], 2);
}
