//! The accounts of an AWS Organization, without a tenants file.

use crate::support::moto::{Moto, OWN};
use crate::support::program::{EXTERNAL_ID, Home};
use crate::support::proxy::{Fault, Proxy};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Tenants of the scans of a document, in their order.
fn tenants(out: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(out).unwrap();
    let scans = document["scans"].as_array().unwrap();
    scans.iter().map(|scan| scan["scan"]["tenant"].as_str().unwrap().to_owned()).collect()
}

const SCAN: [&str; 11] = [
    "scan",
    "--tenants-from",
    "organization",
    "--org-role",
    "CspmScan",
    "--rule",
    "iam-password-policy-*",
    "--region",
    "us-east-1",
    "--format",
    "json",
];

#[test]
fn its_accounts_are_scanned_through_their_roles() {
    let moto = Moto::start();
    let ids = moto.seed("organization", OWN, json!({}));
    let id = |name: &str| ids[name].as_str().unwrap().to_owned();
    let proxy = Proxy::before(&moto);
    let home = Home::with_aws(&proxy.address).env("CSPM_ORG_EXTERNAL_ID", EXTERNAL_ID);
    let scan = |more: &[&str]| {
        let ended = home.run(&[&SCAN, more].concat());
        assert!(ended.code == 0 || ended.code > 10, "{} {}", ended.code, ended.err);
        ended
    };
    let sorted = |names: &[&str]| -> Vec<String> {
        let ids: BTreeSet<String> = names
            .iter()
            .map(|name| if *name == "own" { OWN.to_owned() } else { id(name) })
            .collect();
        ids.into_iter().collect()
    };

    let all = scan(&["--stats"]);
    assert_eq!(tenants(&all.out), sorted(&["own", "dev", "prod", "sandbox"]));
    all.says(&[&id("gone"), "is left out", "organizations:ListAccounts", "sts:AssumeRole"]);
    assert_eq!(proxy.calls().get("sts:AssumeRole"), Some(&3), "its own account needs no role");
    let secret = [&all.out, &all.err].into_iter().any(|text| text.contains(EXTERNAL_ID));
    assert!(!secret);

    let (outer, inner) = (id("outer"), id("inner"));
    let in_outer = scan(&["--org-ou", &outer]).out;
    assert_eq!(tenants(&in_outer), sorted(&["dev", "prod"]));
    assert_eq!(tenants(&scan(&["--org-ou", &inner, "--org-ou", &outer]).out), tenants(&in_outer));
    assert_eq!(tenants(&scan(&["--org-ou", &inner]).out), sorted(&["prod"]));
    assert_eq!(tenants(&scan(&["--org-tag", "team=a"]).out), sorted(&["dev", "prod"]));
    let both = scan(&["--org-tag", "team=a", "--org-tag", "stage=dev"]).out;
    assert_eq!(tenants(&both), sorted(&["dev"]));
    assert_eq!(tenants(&scan(&["--org-tag", "team"]).out), sorted(&["dev", "prod", "sandbox"]));
    home.ends(2, &[&SCAN[..], &["--org-tag", "team=c"]].concat()).says(&["no account"]);

    // What the tenants file says of an account holds.
    let named = format!("[[tenant]]\nname = \"shop\"\naccount_id = \"{}\"\n", id("prod"))
        + &format!("role_arn = \"arn:aws:iam::{}:role/Other\"\n", id("prod"));
    home.write("tenants.toml", named);
    assert!(tenants(&scan(&[]).out).contains(&"shop".to_owned()));
}

/// An account that is not listed would be missing unseen.
#[test]
fn a_list_that_is_not_whole_is_no_list() {
    let moto = Moto::start();
    moto.seed("organization", OWN, json!({}));
    for operation in ["organizations:ListAccounts", "organizations:ListTagsForResource"] {
        let proxy = Proxy::before(&moto);
        proxy.fail(operation, Fault::Denied);
        let home = Home::with_aws(&proxy.address);
        let ended = home.ends(1, &[&SCAN[..], &["--org-tag", "team=a"]].concat());
        ended.says(&["cannot list the accounts of the organization", operation, "hint: "]);
        assert_eq!(ended.out, "");
    }
    let proxy = Proxy::before(&moto);
    let (code, message) =
        ("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
    proxy.fail("organizations:ListAccounts", Fault::Error(400, code, message));
    let nobody = Home::with_aws(&proxy.address);
    nobody.ends(1, &SCAN).says(&["hint: the account of these credentials is in no organization"]);
    Home::new().ends(2, &["scan", "--tenants-from", "organization"]).says(&["--org-role"]);
}
