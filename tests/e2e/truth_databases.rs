//! The truth about databases and file systems, and what backs them up; the same
//! with calls refused.

use crate::support::moto::{DATABASES, Moto};
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::{Cell, Report};
use crate::truth::{Table, cells, differences, nothing_flips, of};
use serde_json::Value;
use std::collections::BTreeSet;

const TABLE_RULES: &[&str] = &[
    "dynamodb-autoscaling",
    "dynamodb-deletion-protection",
    "dynamodb-in-backup-plan",
    "dynamodb-pitr",
    "dynamodb-policy-not-public",
];
const FILE_SYSTEM_RULES: &[&str] = &[
    "efs-automatic-backups",
    "efs-encrypted-kms",
    "efs-encrypted",
    "efs-in-backup-plan",
    "efs-policy-not-public",
];
const DB_CLUSTER_RULES: &[&str] = &[
    "rds-aurora-backtrack",
    "rds-aurora-copy-tags",
    "rds-aurora-mysql-audit-export",
    "rds-aurora-mysql-audit-on",
    "rds-aurora-postgres-log-export",
    "rds-cluster-backup-retention",
    "rds-cluster-custom-admin-name",
    "rds-cluster-deletion-protection",
    "rds-cluster-encrypted",
    "rds-cluster-iam-authentication",
    "rds-cluster-minor-upgrades",
    "rds-cluster-multi-az",
    "rds-instance-non-default-port",
    "rds-mysql-cluster-copy-tags",
    "rds-postgres-cluster-copy-tags",
];
const REGION_RULES: &[&str] = &[
    "rds-event-subscription-cluster",
    "rds-event-subscription-instance",
    "rds-event-subscription-parameter-group",
    "rds-event-subscription-security-group",
];
const DB_INSTANCE_RULES: &[&str] = &[
    "rds-instance-backups",
    "rds-instance-copy-tags",
    "rds-instance-custom-admin-name",
    "rds-instance-deletion-protection",
    "rds-instance-encrypted",
    "rds-instance-enhanced-monitoring",
    "rds-instance-iam-authentication",
    "rds-instance-in-backup-plan",
    "rds-instance-logs-exported",
    "rds-instance-minor-upgrades",
    "rds-instance-multi-az",
    "rds-instance-non-default-port",
    "rds-instance-not-public",
    "rds-instance-private-subnet",
    "rds-mariadb-force-tls",
    "rds-mariadb-log-export",
    "rds-mysql-force-tls",
    "rds-postgres-force-tls",
    "rds-postgres-log-export",
    "rds-sqlserver-force-tls",
    "rds-sqlserver-log-export",
];
const DB_SNAPSHOT_RULES: &[&str] =
    &["rds-snapshot-encrypted", "rds-snapshot-not-public", "rds-snapshot-not-shared-outside"];

/// Of story `databases`. `graph` is a cluster of Neptune, which is not judged.
const TRUE_OF_DATABASES: Table = &[
    (
        "dynamodb.table",
        TABLE_RULES,
        "fixed       FFFFF
         half-scaled FFFFP
         on-demand   PPPPP
         scaled      PFFFP",
    ),
    ("dax.cluster", &["dynamodb-dax-encrypted", "dynamodb-dax-tls"], "plain  FF\nsealed PP"),
    ("ec2.volume", &["ebs-volume-in-backup-plan"], "vol-saved   P\nvol-unsaved F"),
    (
        "efs.access-point",
        &["efs-access-point-root-directory", "efs-access-point-user-identity"],
        "fsap-all FF\nfsap-web PP",
    ),
    (
        "efs.file-system",
        FILE_SYSTEM_RULES,
        "fs-careless FFFFF
         fs-open     FPPFF
         fs-orderly  PPPPP",
    ),
    ("efs.mount-target", &["efs-mount-target-not-public-subnet"], "fsmt-private P\nfsmt-public  F"),
    (
        "rds.db-cluster",
        DB_CLUSTER_RULES,
        "aurora-careless FFFF-FFFFFP-F--
         aurora-orderly  PPPP-PPPPPPFP--
         aurora-pg       -F--FFFFFFP-F--
         multi-az        -----PFPPFP-F-P
         multi-az-mysql  -----FFFFFP-FF-",
    ),
    (
        "aws.region",
        REGION_RULES,
        "eu-west-1 PFFF
         us-east-1 ----",
    ),
    ("rds.global-cluster", &["rds-global-cluster-supported-version"], "gone F\nnew  P\nold  F"),
    (
        "rds.db-instance",
        DB_INSTANCE_RULES,
        "careless FFFFFFFFFFFFFF--F----
         maria    FFFFFFFFFPFFP-PP-----
         member   ----PF---P--P--------
         orderly  PPPPPPPPPPPPPP---PP--
         replica  -FFFFFFFFFFFFF--F----
         windows  FFFFFF-FPPFFP------PP",
    ),
    ("rds.db-proxy", &["rds-proxy-require-tls"], "lax    F\nstrict P"),
    (
        "rds.db-snapshot",
        DB_SNAPSHOT_RULES,
        "private PPP
         public  FFP
         shared  FPF",
    ),
    (
        "rds.db-cluster-snapshot",
        DB_SNAPSHOT_RULES,
        "of-careless FFP
         of-orderly  PPP",
    ),
];

/// The rules that have their truth here.
fn rules() -> BTreeSet<&'static str> {
    TRUE_OF_DATABASES.iter().flat_map(|(_, rules, _)| rules.iter().copied()).collect()
}

fn scan(home: &Home) -> Report {
    let mut args = vec!["--tenant", "acme", "--fail-on", "none"];
    args.extend(rules().into_iter().flat_map(|rule| ["--rule", rule]));
    Report::of(home, 0, &args)
}

/// What is in use beside what the table names: the disk of an instance, which is
/// too young to need a backup.
const YOUNG: u64 = 1;

#[test]
fn every_verdict_on_databases_is_true() {
    let home = Home::with_aws(&Moto::shared().address).acme(DATABASES);
    let report = scan(&home);
    let truth = cells(TRUE_OF_DATABASES);
    let wrong = differences(&report.verdicts(), &of(&truth));
    assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", report.gaps());
    assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
    let none = truth.values().filter(|verdict| verdict.is_none()).count() as u64;
    assert_eq!(report.count("not_applicable"), none + YOUNG);
    let titles: BTreeSet<&str> =
        report.findings().iter().map(|finding| finding["title"].as_str().unwrap()).collect();
    for title in [
        "RDS snapshot is public: public",
        "RDS instance that keeps backups for 0 days: careless",
        "RDS instances whose failures nobody is told of: eu-west-1",
        "DynamoDB table that strangers can use by its policy: fixed",
        "EFS file system without a policy: fs-careless",
        "EFS file system that strangers can use by its policy: fs-open",
    ] {
        assert!(titles.contains(title), "no {title:?} in {titles:#?}");
    }
    // The table leaves no rule of these services out.
    let listed: Value =
        serde_json::from_str(&home.ends(0, &["rules", "list", "--format", "json"]).out).unwrap();
    for rule in listed["rules"].as_array().unwrap() {
        let service = rule["service"].as_str().unwrap();
        if ["rds", "dynamodb", "efs"].contains(&service) {
            assert!(rules().contains(rule["id"].as_str().unwrap()), "{rule:#}");
        }
    }
}

const HERE: &str = "aws.region/eu-west-1";
const THERE: &str = "aws.region/us-east-1";

/// What has to be unknown if an operation is refused.
const DEPENDS: &[(&str, &[(&str, &str)])] = &[
    (
        "rds:DescribeDBInstances",
        &[
            ("rds-instance-not-public", HERE),
            ("rds-instance-encrypted", THERE),
            ("rds-event-subscription-instance", HERE),
            ("rds-event-subscription-parameter-group", THERE),
        ],
    ),
    (
        "ec2:DescribeRouteTables",
        &[
            ("rds-instance-private-subnet", "rds.db-instance/orderly"),
            ("rds-instance-private-subnet", "rds.db-instance/careless"),
        ],
    ),
    (
        "rds:DescribeDBClusters",
        &[("rds-cluster-encrypted", HERE), ("rds-event-subscription-cluster", THERE)],
    ),
    (
        "rds:DescribeDBParameters",
        &[
            ("rds-postgres-force-tls", "rds.db-instance/orderly"),
            ("rds-mysql-force-tls", "rds.db-instance/careless"),
            ("rds-mariadb-force-tls", "rds.db-instance/maria"),
            ("rds-sqlserver-force-tls", "rds.db-instance/windows"),
        ],
    ),
    (
        "rds:DescribeDBClusterParameters",
        &[("rds-aurora-mysql-audit-on", "rds.db-cluster/aurora-orderly")],
    ),
    (
        "rds:DescribeDBSnapshots",
        &[("rds-snapshot-not-public", HERE), ("rds-snapshot-encrypted", THERE)],
    ),
    (
        "rds:DescribeDBClusterSnapshots",
        &[("rds-snapshot-not-public", HERE), ("rds-snapshot-not-shared-outside", THERE)],
    ),
    (
        "rds:DescribeDBSnapshotAttributes",
        &[
            ("rds-snapshot-not-public", "rds.db-snapshot/public"),
            ("rds-snapshot-not-shared-outside", "rds.db-snapshot/private"),
        ],
    ),
    (
        "rds:DescribeDBClusterSnapshotAttributes",
        &[("rds-snapshot-not-public", "rds.db-cluster-snapshot/of-orderly")],
    ),
    (
        "rds:DescribeEventSubscriptions",
        &[
            ("rds-event-subscription-cluster", HERE),
            ("rds-event-subscription-security-group", THERE),
        ],
    ),
    ("rds:DescribeDBProxies", &[("rds-proxy-require-tls", HERE)]),
    (
        "rds:DescribeGlobalClusters",
        &[("rds-global-cluster-supported-version", "aws.account/777788889999")],
    ),
    (
        "rds:DescribeDBEngineVersions",
        &[("rds-global-cluster-supported-version", "rds.global-cluster/new")],
    ),
    (
        "backup:ListProtectedResources",
        &[
            ("rds-instance-in-backup-plan", "rds.db-instance/orderly"),
            ("dynamodb-in-backup-plan", "dynamodb.table/on-demand"),
            ("efs-in-backup-plan", "efs.file-system/fs-orderly"),
            ("ebs-volume-in-backup-plan", "ec2.volume/vol-unsaved"),
        ],
    ),
    ("dynamodb:ListTables", &[("dynamodb-pitr", HERE), ("dynamodb-autoscaling", THERE)]),
    (
        "dynamodb:DescribeTable",
        &[
            ("dynamodb-autoscaling", "dynamodb.table/scaled"),
            ("dynamodb-deletion-protection", "dynamodb.table/fixed"),
            ("dynamodb-in-backup-plan", "dynamodb.table/on-demand"),
        ],
    ),
    ("dynamodb:DescribeContinuousBackups", &[("dynamodb-pitr", "dynamodb.table/fixed")]),
    ("dynamodb:GetResourcePolicy", &[("dynamodb-policy-not-public", "dynamodb.table/scaled")]),
    (
        "application-autoscaling:DescribeScalableTargets",
        &[("dynamodb-autoscaling", "dynamodb.table/scaled")],
    ),
    (
        "application-autoscaling:DescribeScalingPolicies",
        &[("dynamodb-autoscaling", "dynamodb.table/fixed")],
    ),
    ("dax:DescribeClusters", &[("dynamodb-dax-tls", HERE), ("dynamodb-dax-encrypted", THERE)]),
    (
        "efs:DescribeFileSystems",
        &[("efs-encrypted", HERE), ("efs-mount-target-not-public-subnet", THERE)],
    ),
    ("efs:DescribeFileSystemPolicy", &[("efs-policy-not-public", "efs.file-system/fs-careless")]),
    ("efs:DescribeBackupPolicy", &[("efs-automatic-backups", "efs.file-system/fs-orderly")]),
    ("efs:DescribeAccessPoints", &[("efs-access-point-user-identity", HERE)]),
    ("efs:DescribeMountTargets", &[("efs-mount-target-not-public-subnet", HERE)]),
    (
        "ec2:DescribeSubnets",
        &[("efs-mount-target-not-public-subnet", "efs.mount-target/fsmt-private")],
    ),
    ("ec2:DescribeVolumes", &[("ebs-volume-in-backup-plan", HERE)]),
];

#[test]
fn a_refused_call_about_databases_makes_unknown_what_depends_on_it() {
    for (operation, depends) in DEPENDS {
        let proxy = Proxy::before(Moto::shared());
        proxy.fail(operation, Fault::Denied);
        let home = Home::with_aws(&proxy.address).acme(DATABASES);
        let report = scan(&home);
        let got = report.verdicts();
        nothing_flips(operation, &got, TRUE_OF_DATABASES);
        assert_eq!(report.refused(), BTreeSet::from([*operation]));
        for gap in report.gaps() {
            assert_eq!(gap["class"], "access_denied", "{gap:#}");
        }
        let unknown = |cell: &Cell| got.get(cell).is_some_and(|verdict| verdict == "unknown");
        for (rule, resource) in *depends {
            let cell = ((*rule).to_owned(), (*resource).to_owned());
            assert!(unknown(&cell), "{operation}: {cell:?} is {:?}", got.get(&cell));
        }
    }
}
