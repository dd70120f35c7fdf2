//! The tenants file: add, list, check.

use crate::support::program::Home;
#[cfg(feature = "aws")]
use crate::support::{
    moto::{Moto, ORDERLY},
    program::{EXTERNAL_ID, tenant},
    proxy::{Fault, Proxy},
};
use serde_json::Value;

const ROLE: &str = "arn:aws:iam::333344445555:role/CspmScan";

#[test]
fn a_tenant_is_added_and_comments_stay() {
    let home = Home::new().tenants("# ours\n[defaults]\nregions = [\"eu-west-1\"] # near\n");
    let added = home.ends(
        0,
        &[
            "tenants",
            "add",
            "acme",
            "--account-id",
            "333344445555",
            "--role-arn",
            ROLE,
            "--scanner",
            "123456789012",
        ],
    );
    added.says(&["added `acme`", "made a new external id", "`cspm tenants check acme`"]);
    let file = home.read("tenants.toml");
    assert!(file.starts_with("# ours\n[defaults]\nregions = [\"eu-west-1\"] # near\n"), "{file}");
    let external_id = file
        .lines()
        .find_map(|line| line.strip_prefix("external_id = "))
        .unwrap()
        .trim_matches('"')
        .to_owned();
    let policy: Value = serde_json::from_str(&added.out).unwrap();
    let statement = &policy["Statement"][0];
    assert_eq!(statement["Principal"]["AWS"], "arn:aws:iam::123456789012:root");
    assert_eq!(statement["Condition"]["StringEquals"]["sts:ExternalId"], external_id.as_str());
    assert!(!added.err.contains(&external_id));

    home.ends(
        0,
        &[
            "tenants",
            "add",
            "other",
            "--account-id",
            "222233334444",
            "--role-arn",
            "arn:aws:iam::222233334444:role/CspmScan",
        ],
    );
    let ids: std::collections::BTreeSet<String> = home
        .read("tenants.toml")
        .lines()
        .filter(|line| line.starts_with("external_id"))
        .map(str::to_owned)
        .collect();
    assert_eq!(ids.len(), 2, "each tenant has its own");
    let listed = home.ends(0, &["tenants", "list"]).out;
    for part in ["acme", "333344445555", "with external id", "eu-west-1", "other"] {
        assert!(listed.contains(part), "no {part} in {listed}");
    }
    assert!(!listed.contains(&external_id));

    let before = home.read("tenants.toml");
    for wrong in [
        ["acme", "--account-id", "444455556666"],
        ["third", "--account-id", "333344445555"],
        ["third", "--account-id", "33334444"],
    ] {
        let args = [["tenants", "add"].as_slice(), &wrong].concat();
        home.ends(2, &args);
    }
    assert_eq!(home.read("tenants.toml"), before, "a refused tenant changes nothing");
}

#[test]
fn the_first_tenant_makes_the_file() {
    let home = Home::new();
    home.ends(2, &["tenants", "list"]).says(&["tenants.toml", "make one with `cspm tenants add`"]);
    home.ends(0, &["tenants", "add", "own", "--account-id", "123456789012"]);
    let listed = home.ends(0, &["tenants", "list"]).out;
    assert!(listed.contains("credentials as they are"), "{listed}");
}

/// moto lets every role be assumed, whatever the external id: the check says
/// NO there. The proxy refuses as AWS does.
#[cfg(feature = "aws")]
#[test]
fn a_role_that_does_not_ask_for_its_external_id_is_told() {
    let home = Home::with_aws(&Moto::shared().address).acme(ORDERLY);
    let ended = home.ends(1, &["tenants", "check", "acme"]);
    for line in [
        "  ok  credentials found: arn:aws:sts::123456789012:user/moto",
        "  ok  role assumed: arn:aws:sts::333344445555:assumed-role/CspmScan/cspm",
        "  ok  right account: 333344445555",
        "  NO  the role can be assumed without an external id",
        "  NO  the role can be assumed with a wrong external id",
        "  ok  all that ",
    ] {
        assert!(ended.out.contains(line), "no {line:?} in:\n{}", ended.out);
    }
}

#[cfg(feature = "aws")]
#[test]
fn a_good_role_passes_the_check() {
    let proxy = Proxy::before(Moto::shared());
    // Only the right external id gets in.
    proxy.pass_about("sts:AssumeRole", EXTERNAL_ID);
    proxy.fail("sts:AssumeRole", Fault::Denied);
    let home = Home::with_aws(&proxy.address).acme(ORDERLY);
    let ended = home.ends(0, &["tenants", "check"]);
    for line in [
        "acme",
        "  ok  the role is refused without an external id",
        "  ok  the role is refused with a wrong external id",
        "  ok  all that ",
    ] {
        assert!(ended.out.contains(line), "no {line:?} in:\n{}", ended.out);
    }
    assert!(!ended.out.contains("NO"), "{}", ended.out);
}

#[cfg(feature = "aws")]
#[test]
fn the_check_says_which_rules_would_be_unknown() {
    let proxy = Proxy::before(Moto::shared());
    proxy.pass_about("sts:AssumeRole", EXTERNAL_ID);
    proxy.fail("sts:AssumeRole", Fault::Denied);
    proxy.fail("iam:GetAccountPasswordPolicy", Fault::Denied);
    proxy.fail("s3:GetBucketVersioning", Fault::Denied);
    let home = Home::with_aws(&proxy.address).acme(ORDERLY);
    let ended = home.ends(1, &["tenants", "check", "acme"]);
    let text = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "iam:GetAccountPasswordPolicy: access denied; allow iam:GetAccountPasswordPolicy",
        "s3:GetBucketVersioning: access denied; allow s3:GetBucketVersioning",
        " rules would be unknown: iam-password-policy-max-age, iam-password-policy-min-length, \
         iam-password-policy-reuse, iam-password-policy-strong, s3-bucket-mfa-delete, \
         s3-bucket-versioning",
    ] {
        assert!(text.contains(line), "no {line:?} in:\n{}", ended.out);
    }
    assert!(ended.out.lines().all(|line| line.len() <= 120), "{}", ended.out);
}

#[cfg(feature = "aws")]
#[test]
fn the_check_stops_where_it_cannot_get_in() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail("sts:AssumeRole", Fault::Denied);
    let home = Home::with_aws(&proxy.address)
        .tenants(&(tenant("acme", ORDERLY) + "\n[[tenant]]\nname = \"file\"\naccount_id = \"111122223333\"\nsnapshot = \"demo.jsonl\"\n"));
    let ended = home.ends(1, &["tenants", "check"]);
    for line in [
        "  ok  credentials found: arn:aws:sts::123456789012:user/moto",
        "  NO  ",
        "may not assume arn:aws:iam::333344445555:role/CspmScan",
        "  ok  judged from demo.jsonl, without AWS",
    ] {
        assert!(ended.out.contains(line), "no {line:?} in:\n{}", ended.out);
    }
    assert!(!ended.out.contains("cannot scan"), "nobody asked for a scan: {}", ended.out);
    home.ends(2, &["tenants", "check", "nobody"]).says(&["no tenant `nobody`"]);
}

#[cfg(not(feature = "aws"))]
#[test]
fn a_build_without_aws_says_so() {
    let home = Home::new().acme("333344445555");
    home.ends(2, &["tenants", "check"]).says(&["has no AWS", "hint:"]);
    home.ends(2, &["scan", "--tenant", "acme"]).says(&["has no AWS", "hint:"]);
}
