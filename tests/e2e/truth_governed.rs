//! The truth about an organization, and about machines that Systems Manager
//! looks after; the same with calls refused.

use crate::support::moto::{Moto, ORDERLY};
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::Report;
use crate::truth::{Table, cells, differences, of};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An organization in order.
const TIDY: &str = "888899990000";
/// One that is not, with machines.
const LOOSE: &str = "888899991111";

const ORGANIZATION_RULES: &[&str] = &[
    "iam-root-credentials-centralised",
    "organizations-guardrail-policies",
    "organizations-ou-structure",
    "organizations-policy-delegation",
    "organizations-service-delegation",
];
const MANAGEMENT: &[&str] = &["organizations-management-account-no-workloads"];
const NODE_RULES: &[&str] = &[
    "ssm-agent-online-and-current",
    "ssm-association-compliant",
    "ssm-patch-compliant",
    "ssm-patch-no-missing-critical",
    "ssm-patch-no-pending-reboot",
    "ssm-patch-scan-recent",
];
const REGION_RULES: &[&str] = &["ssm-automation-logging", "ssm-document-block-public-sharing"];

/// Of story `governed` in order; the organization's id is made up by moto.
const TRUE_OF_TIDY: Table = &[
    ("organizations.organization", ORGANIZATION_RULES, "o PPPPP"),
    ("aws.account", MANAGEMENT, "888899990000 P"),
    ("aws.region", REGION_RULES, "eu-west-1 FF\nus-east-1 FF"),
];

/// Of story `governed` otherwise.
const TRUE_OF_LOOSE: Table = &[
    ("organizations.organization", ORGANIZATION_RULES, "o FFFFF"),
    ("aws.account", MANAGEMENT, "888899991111 F"),
    (
        "ec2.instance",
        &["ssm-instance-managed"],
        "i-tidy P\ni-behind P\ni-silent P\ni-alone F\ni-asleep -",
    ),
    (
        "ssm.managed-instance",
        NODE_RULES,
        "i-tidy    PPPPPP
         i-behind  FFFFFF
         i-silent  F----F
         i-asleep  ------
         mi-office P--PPP",
    ),
    ("ssm.document", &["ssm-document-not-public"], "private P\npartner P\npublic F"),
    ("aws.region", REGION_RULES, "eu-west-1 FF\nus-east-1 PP"),
];

const SCAN: &[&str] =
    &["--tenant", "acme", "--service", "organizations", "--service", "ssm", "--fail-on", "none"];

/// Every verdict; the organization is called `o`.
fn verdicts(report: &Report) -> BTreeMap<(String, String), String> {
    let named = |resource: String| match resource.strip_prefix("organizations.organization/") {
        Some(_) => "organizations.organization/o".to_owned(),
        None => resource,
    };
    let all = report.verdicts().into_iter();
    all.map(|((rule, resource), verdict)| ((rule, named(resource)), verdict)).collect()
}

fn seeded(account: &str, good: bool) -> Home {
    let moto = Moto::shared();
    moto.seed("governed", account, json!({ "good": good }));
    Home::with_aws(&moto.address).acme(account)
}

#[test]
fn every_verdict_on_an_organization_and_its_machines_is_true() {
    for (account, good, table) in [(TIDY, true, TRUE_OF_TIDY), (LOOSE, false, TRUE_OF_LOOSE)] {
        let home = seeded(account, good);
        let report = Report::of(&home, 0, SCAN);
        let truth = cells(table);
        let wrong = differences(&verdicts(&report), &of(&truth));
        assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", report.gaps());
        assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
        let none = truth.values().filter(|verdict| verdict.is_none()).count() as u64;
        assert_eq!(report.count("not_applicable"), none, "{account}");
        if !good {
            refusals(&report);
            continue;
        }
        // The table leaves no rule of these services out.
        let args =
            ["rules", "list", "--service", "organizations", "--service", "ssm", "--format", "json"];
        let listed: Value = serde_json::from_str(&home.ends(0, &args).out).unwrap();
        let listed = listed["rules"].as_array().unwrap().iter();
        let listed: BTreeSet<&str> = listed.map(|rule| rule["id"].as_str().unwrap()).collect();
        let tables = TRUE_OF_TIDY.iter().chain(TRUE_OF_LOOSE);
        let told: BTreeSet<&str> = tables.flat_map(|(_, rules, _)| rules.iter().copied()).collect();
        assert_eq!(listed, told);
    }
}

/// Whatever is refused, no verdict turns round, and something is unknown.
fn refusals(whole: &Report) {
    let before = verdicts(whole);
    for operation in [
        "organizations:ListRoots",
        "organizations:ListPolicies",
        "organizations:ListAWSServiceAccessForOrganization",
        "ssm:DescribeInstanceInformation",
        "ssm:DescribeInstancePatchStates",
        "ssm:ListResourceComplianceSummaries",
        "ssm:DescribeDocumentPermission",
        "ssm:GetServiceSetting",
    ] {
        let proxy = Proxy::before(Moto::shared());
        proxy.fail(operation, Fault::Denied);
        let home = Home::with_aws(&proxy.address).acme(LOOSE);
        let report = Report::of(&home, 0, SCAN);
        assert_eq!(report.refused(), BTreeSet::from([operation]));
        let after = verdicts(&report);
        assert!(after.values().any(|verdict| verdict == "unknown"), "{operation}");
        for (cell, verdict) in &after {
            let same = before.get(cell).is_none_or(|it| it == verdict || verdict == "unknown");
            assert!(same, "{operation} {cell:?}: {verdict}");
        }
    }
}

#[test]
fn an_account_without_an_organization_has_nothing_to_judge_there() {
    let home = Home::with_aws(&Moto::shared().address).acme(ORDERLY);
    let args = ["--tenant", "acme", "--service", "organizations", "--fail-on", "none"];
    let report = Report::of(&home, 0, &args);
    assert!(report.findings().is_empty() && report.gaps().is_empty(), "{:#?}", report.0);
}
