//! The truth about what runs: instances, images, launch templates, Spot
//! Fleets, volumes and snapshots; the same with calls refused.

use crate::support::moto::{COMPUTE, Moto};
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::{Cell, Report};
use crate::truth::{Table, cells, differences, nothing_flips, of};
use serde_json::Value;
use std::collections::BTreeSet;

/// Rules on EC2's settings of a region.
const REGION_RULES: &[&str] = &[
    "ebs-encryption-by-default",
    "ebs-snapshot-block-public-access",
    "ec2-imdsv2-account-default",
    "ec2-serial-console-off",
];
const INSTANCE_RULES: &[&str] = &[
    "ec2-instance-imdsv2",
    "ec2-instance-imds-hop-limit",
    "ec2-instance-no-public-ip",
    "ec2-instance-profile-attached",
    "ec2-instance-profile-not-admin",
    "ec2-instance-stopped-too-long",
    "ec2-instance-single-eni",
    "ec2-instance-no-paravirtual",
    "ec2-instance-user-data-no-secrets",
    "ec2-instance-ami-not-stale",
];
const TEMPLATE_RULES: &[&str] = &[
    "ec2-launch-template-imdsv2",
    "ec2-launch-template-no-public-ip",
    "ec2-launch-template-ebs-encrypted",
];

/// Of story `compute`.
const TRUE_OF_COMPUTE: Table = &[
    ("aws.region", REGION_RULES, "eu-west-1 FFFF\nus-east-1 PPPP"),
    (
        "ec2.instance",
        INSTANCE_RULES,
        "i-good   PPPPP-PPPP
         i-legacy FFFF--PFFF
         i-boss   PPPPF-FPPF
         i-node   PPPPP-PPPP
         i-paused PPPPPPPPPP
         i-left   PPPPPFPPPP
         i-ended  ----------",
    ),
    (
        "ec2.image",
        &["ec2-ami-not-public", "ec2-ami-not-shared-outside"],
        "ami-recent PP\nami-old PP\nami-public FF",
    ),
    (
        "ec2.launch-template",
        TEMPLATE_RULES,
        "lt-good   PPP
         lt-open   FFF
         lt-silent FPF
         lt-mended PP-
         lt-away   PPP",
    ),
    ("ec2.spot-fleet-request", &["ec2-spot-fleet-ebs-encrypted"], "sfr-plain F\nsfr-encrypted P"),
    (
        "ec2.volume",
        &[
            "ebs-attached-volume-encrypted",
            "ebs-unattached-volume-encrypted",
            "ebs-volume-in-backup-plan",
        ],
        "vol-good   P--
         vol-legacy F--
         vol-boss   P--
         vol-node   P--
         vol-paused P--
         vol-left   P--
         vol-ended  -P-
         vol-spare  -F-
         vol-kept   -P-
         vol-away   -F-",
    ),
    (
        "ec2.snapshot",
        &["ebs-snapshot-encrypted", "ebs-snapshot-not-public", "ebs-snapshot-not-shared-outside"],
        "snap-private       FPP
         snap-encrypted     PPP
         snap-public        FFF
         snap-partner       FPF
         snap-latent        FFF
         snap-of-ami-recent FPP
         snap-of-ami-old    FPP
         snap-of-ami-public FPP",
    ),
];

/// The rules that have their truth here.
fn rules() -> impl Iterator<Item = &'static str> {
    TRUE_OF_COMPUTE.iter().flat_map(|(_, rules, _)| rules.iter().copied())
}

/// No rule about what runs is left out; one of service ec2 is the network's.
#[test]
fn every_rule_about_what_runs_has_its_truth() {
    let args = ["rules", "list", "--service", "ec2", "--service", "ebs", "--format", "json"];
    let listed: Value = serde_json::from_str(&Home::new().ends(0, &args).out).unwrap();
    let listed = listed["rules"].as_array().unwrap().iter();
    let listed: BTreeSet<&str> = listed.map(|rule| rule["id"].as_str().unwrap()).collect();
    let mut expected: BTreeSet<&str> = rules().collect();
    expected.insert("ec2-eni-source-dest-check");
    assert_eq!(listed, expected);
}

fn scan(home: &Home, more: &[&str]) -> Report {
    let rules: BTreeSet<&str> = rules().collect();
    let mut args = vec!["--tenant", "acme"];
    args.extend(rules.into_iter().flat_map(|rule| ["--rule", rule]));
    args.extend(more);
    Report::of(home, 15, &args)
}

#[test]
fn every_verdict_on_what_runs_is_true() {
    let home = Home::with_aws(&Moto::shared().address).acme(COMPUTE);
    let report = scan(&home, &["--save-snapshot", "compute.jsonl"]);
    let truth = cells(TRUE_OF_COMPUTE);
    let wrong = differences(&report.verdicts(), &of(&truth));
    assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", report.gaps());
    assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
    let none = truth.values().filter(|verdict| verdict.is_none()).count() as u64;
    assert_eq!(report.count("not_applicable"), none);

    for (rule, id, severity, title) in [
        ("ebs-snapshot-not-public", "snap-public", "CRITICAL", "Public EBS snapshot"),
        (
            "ebs-snapshot-not-public",
            "snap-latent",
            "LOW",
            "EBS snapshot that only block public access keeps closed",
        ),
        (
            "ec2-instance-ami-not-stale",
            "i-legacy",
            "LOW",
            "EC2 instance runs an image that is gone",
        ),
        (
            "ec2-instance-ami-not-stale",
            "i-boss",
            "MEDIUM",
            "EC2 instance runs an image older than 180 days",
        ),
        (
            "ec2-launch-template-ebs-encrypted",
            "lt-silent",
            "LOW",
            "EC2 launch template that does not ask for encryption",
        ),
        (
            "ec2-instance-profile-not-admin",
            "i-boss",
            "HIGH",
            "EC2 instance with AdministratorAccess",
        ),
    ] {
        let is_it = |finding: &&Value| finding["rule_id"] == rule && finding["resource_id"] == id;
        let finding = report.findings().iter().find(is_it).unwrap();
        assert_eq!(finding["severity"], severity, "{finding:#}");
        assert_eq!(finding["title"], format!("{title}: {id}"));
    }

    // What user data holds goes nowhere.
    let offline = Report::of(&home, 15, &["--snapshot", "compute.jsonl"]);
    let secret = "ec2-instance-user-data-no-secrets";
    let found = |report: &Report| {
        let mut findings = report.findings().iter();
        findings.find(|f| f["rule_id"] == secret && f["verdict"] == "fail").cloned().unwrap()
    };
    assert_eq!(found(&offline)["evidence"], found(&report)["evidence"], "the same from a snapshot");
    let evidence = found(&report)["evidence"].to_string();
    assert!(evidence.contains("password") && evidence.contains("line 3"), "{evidence}");
    for text in [report.0.to_string(), home.read("compute.jsonl")] {
        assert!(!text.contains("Correct-horse-2"));
    }
}

const HERE: &str = "aws.region/eu-west-1";
const THERE: &str = "aws.region/us-east-1";

/// What has to be unknown if an operation is refused.
const DEPENDS: &[(&str, &[(&str, &str)])] = &[
    (
        "ec2:DescribeInstances",
        &[("ec2-instance-imdsv2", HERE), ("ec2-instance-profile-not-admin", THERE)],
    ),
    (
        "ec2:DescribeInstanceAttribute",
        &[("ec2-instance-user-data-no-secrets", "ec2.instance/i-good")],
    ),
    (
        "ec2:DescribeImages",
        &[("ec2-ami-not-public", HERE), ("ec2-instance-ami-not-stale", "ec2.instance/i-good")],
    ),
    ("ec2:DescribeLaunchTemplates", &[("ec2-launch-template-imdsv2", HERE)]),
    (
        "ec2:DescribeLaunchTemplateVersions",
        &[
            ("ec2-launch-template-imdsv2", "ec2.launch-template/lt-good"),
            ("ec2-launch-template-ebs-encrypted", "ec2.launch-template/lt-open"),
        ],
    ),
    ("ec2:DescribeSpotFleetRequests", &[("ec2-spot-fleet-ebs-encrypted", HERE)]),
    (
        "ec2:DescribeVolumes",
        &[("ebs-attached-volume-encrypted", HERE), ("ebs-unattached-volume-encrypted", THERE)],
    ),
    (
        "ec2:DescribeSnapshots",
        &[("ebs-snapshot-encrypted", HERE), ("ebs-snapshot-not-public", THERE)],
    ),
    (
        "ec2:DescribeSnapshotAttribute",
        &[
            ("ebs-snapshot-not-public", "ec2.snapshot/snap-public"),
            ("ebs-snapshot-not-public", "ec2.snapshot/snap-latent"),
        ],
    ),
    (
        "ec2:GetSnapshotBlockPublicAccessState",
        &[
            ("ebs-snapshot-block-public-access", HERE),
            ("ebs-snapshot-not-public", "ec2.snapshot/snap-public"),
            ("ebs-snapshot-not-public", "ec2.snapshot/snap-latent"),
        ],
    ),
    (
        "ec2:GetEbsEncryptionByDefault",
        &[
            ("ebs-encryption-by-default", THERE),
            ("ec2-launch-template-ebs-encrypted", "ec2.launch-template/lt-away"),
            ("ec2-spot-fleet-ebs-encrypted", "ec2.spot-fleet-request/sfr-plain"),
        ],
    ),
    ("ec2:GetInstanceMetadataDefaults", &[("ec2-imdsv2-account-default", HERE)]),
    ("ec2:GetSerialConsoleAccessStatus", &[("ec2-serial-console-off", HERE)]),
    // Evidence only.
    ("ec2:GetEbsDefaultKmsKeyId", &[]),
    (
        "iam:GetAccountAuthorizationDetails",
        &[("ec2-instance-profile-not-admin", "ec2.instance/i-boss")],
    ),
];

#[test]
fn a_refused_call_about_what_runs_makes_unknown_what_depends_on_it() {
    let truth = of(&cells(TRUE_OF_COMPUTE));
    for (operation, depends) in DEPENDS {
        let proxy = Proxy::before(Moto::shared());
        proxy.fail(operation, Fault::Denied);
        let home = Home::with_aws(&proxy.address).acme(COMPUTE);
        let report = scan(&home, &[]);
        let got = report.verdicts();
        nothing_flips(operation, &got, TRUE_OF_COMPUTE);
        assert_eq!(report.refused(), BTreeSet::from([*operation]));
        let unknown = |cell: &Cell| got.get(cell).is_some_and(|verdict| verdict == "unknown");
        for (rule, resource) in *depends {
            let cell = ((*rule).to_owned(), (*resource).to_owned());
            assert!(unknown(&cell), "{operation}: {cell:?} is {:?}", got.get(&cell));
        }
        // Snapshots that nobody shares pass whatever the region blocks.
        if *operation == "ec2:GetSnapshotBlockPublicAccessState" {
            let cell =
                ("ebs-snapshot-not-public".to_owned(), "ec2.snapshot/snap-private".to_owned());
            assert_eq!(got.get(&cell), truth.get(&cell));
        }
        for finding in report.findings().iter().filter(|finding| finding["verdict"] == "unknown") {
            let named = finding["evidence"]["not_answered"].to_string();
            assert!(named.contains(operation), "{operation} is not named: {finding:#}");
        }
    }
}
