//! A seeded account with a known truth for every rule and resource; the same
//! with calls refused.

use crate::support::moto::{Moto, ORDERLY, TRUTH};
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::{Cell, Report};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Resources of one type: the rules on it, then one line for each resource
/// with a letter for each rule: P pass, F fail, - not applicable.
pub(crate) type Table = &'static [(&'static str, &'static [&'static str], &'static str)];

const ACCOUNT_RULES: &[&str] = &[
    "iam-password-policy-min-length",
    "iam-password-policy-reuse",
    "iam-password-policy-strong",
    "iam-root-hardware-mfa",
    "iam-root-mfa",
    "iam-root-no-access-key",
    "iam-support-role",
    "s3-account-block-public-access",
    "iam-password-policy-max-age",
    "iam-root-not-used-recently",
    "iam-federation-used",
    "iam-cloudshell-full-access",
];
const USER_RULES: &[&str] = &[
    "iam-inline-policy-not-permissive",
    "iam-user-access-key-rotation",
    "iam-user-api-mfa",
    "iam-user-console-mfa",
    "iam-user-no-admin-access",
    "iam-user-no-direct-policy",
    "iam-user-single-active-key",
    "iam-user-unused-credentials-45d",
    "iam-user-unused-credentials-90d",
    "iam-principal-no-privilege-escalation",
    "iam-user-no-quarantine-policy",
    "iam-user-no-initial-access-key",
];
const ROLE_RULES: &[&str] = &[
    "iam-inline-policy-not-permissive",
    "iam-role-no-admin-access",
    "iam-role-trust-no-open-principal",
    "iam-principal-no-privilege-escalation",
    "iam-role-trust-external-id",
    "iam-role-trust-oidc-limited",
    "iam-role-trust-service-source",
    "iam-role-unused",
];
const POLICY_RULES: &[&str] = &[
    "iam-aws-admin-policy-not-attached",
    "iam-customer-policy-no-full-admin",
    "iam-customer-policy-no-service-wildcard",
];
const BUCKET_RULES: &[&str] = &[
    "s3-bucket-access-logging",
    "s3-bucket-acl-disabled",
    "s3-bucket-block-public-access",
    "s3-bucket-default-encryption",
    "s3-bucket-lifecycle",
    "s3-bucket-no-public-read",
    "s3-bucket-no-public-write",
    "s3-bucket-no-sensitive-cross-account",
    "s3-bucket-tls-only",
    "s3-bucket-versioning",
    "s3-bucket-latent-exposure",
    "s3-bucket-objects-not-public",
    "s3-bucket-policy-no-open-principal",
    "s3-bucket-mfa-delete",
    "s3-bucket-kms-encryption",
    "s3-bucket-object-lock",
];
const ACCESS_POINT_RULES: &[&str] =
    &["s3-access-point-block-public-access", "s3-access-point-policy-not-public"];

/// Nobody watches these accounts; those that are watched are in `truth_trails`.
const OBJECT_RULES: &[&str] = &["s3-object-read-events-logged", "s3-object-write-events-logged"];

/// Of story `truth`. `shielded` has a public grant and a block that overrides
/// it, which moto shows and AWS does not.
const TRUE_OF_TRUTH: Table = &[
    ("aws.account", ACCOUNT_RULES, "222233334444 FFFFFPFFFPFF"),
    (
        "iam.user",
        USER_RULES,
        "admin        P--FFFPPP-PP
         john.doe     P--FPPPPPPPP
         jane.roe     PP-PPPPPPPPP
         ci-bot       PFF-PPFFPPP-
         old-bot      PFP-PPPFFPP-
         inline-admin F---FFP---P-
         legacy-admin P---FPP---P-
         nobody       P---PPP--PP-
         climber      P---PFP--FP-",
    ),
    ("iam.group", &["iam-inline-policy-not-permissive"], "developers P\noperators F\nlegacy P"),
    (
        "iam.role",
        ROLE_RULES,
        "deploy      PFP-----
         reader      PPPP----
         open        PPFP----
         bounded     PPPP----
         office      PFPF----
         inline-role FFP-----
         supplier     PPPPF---
         partner      PPPPP---
         schedule-any PPPP--F-
         schedule     PPPP--P-
         ci-any       PPPP-F--
         ci           PPPP-P--
         AWSServiceRoleForsupport --P-----",
    ),
    (
        "iam.policy",
        POLICY_RULES,
        "AdministratorAccess     F--
         AWSCloudShellFullAccess P--
         full-admin              -FF
         office-admin            -FF
         all-of-s3               -PF
         narrow                  -PP
         unattached              --F
         boundary                --P",
    ),
    ("iam.server-certificate", &["iam-server-certificate-not-expired"], "expired F"),
    (
        "s3.bucket",
        BUCKET_RULES,
        "good          PPPPPPPPPPPPP-FF
         logs          FPPPFPPPFFPPPFFF
         public-acl    FFFFFFPPFFPFPFFF
         public-policy FPFFFFPPFFPFFFFF
         public-drop   FPFFFPFPFFPFFFFF
         shielded      FFPFFPPPFFFPPFFF
         shared        FPFFFPPFFFPFPFFF
         suspended     FPFFFPPPFFPFP-FF",
    ),
    ("s3.access-point", ACCESS_POINT_RULES, "closed-door PP\nopen-door FF"),
    ("aws.region", &["iam-access-analyzer-external"], "eu-west-1 F\nus-east-1 F"),
    (
        "s3.bucket",
        OBJECT_RULES,
        "good          FF
         logs          FF
         public-acl    FF
         public-policy FF
         public-drop   FF
         shielded      FF
         shared        FF
         suspended     FF",
    ),
];

/// Of story `orderly`.
const TRUE_OF_ORDERLY: Table = &[
    ("aws.account", ACCOUNT_RULES, "333344445555 PPPFFPPPPP-P"),
    ("iam.role", ROLE_RULES, "support PPPP----"),
    ("iam.policy", POLICY_RULES, "AWSSupportAccess P--"),
    ("s3.bucket", BUCKET_RULES, "orderly-333344445555 FPPPPPPPPPPPP-FF"),
    ("s3.access-point", ACCESS_POINT_RULES, "side-door PP"),
    ("aws.region", &["iam-access-analyzer-external"], "eu-west-1 F\nus-east-1 F"),
    ("s3.bucket", OBJECT_RULES, "orderly-333344445555 FF"),
];

/// What the tables are about; EC2 has tables of its own.
const SCAN: &[&str] = &["--tenant", "acme", "--service", "iam", "--service", "s3"];

pub(crate) fn cells(table: Table) -> BTreeMap<Cell, Option<&'static str>> {
    let mut cells = BTreeMap::new();
    for (kind, rules, lines) in table {
        for line in lines.lines() {
            let (id, letters) = line.trim().split_once(' ').unwrap();
            let letters = letters.trim();
            assert_eq!(letters.len(), rules.len(), "{id}");
            for (rule, letter) in rules.iter().zip(letters.chars()) {
                let verdict = match letter {
                    'P' => Some("pass"),
                    'F' => Some("fail"),
                    '-' => None,
                    other => panic!("{other}"),
                };
                cells.insert(((*rule).to_owned(), format!("{kind}/{id}")), verdict);
            }
        }
    }
    cells
}

pub(crate) fn of(cells: &BTreeMap<Cell, Option<&'static str>>) -> BTreeMap<Cell, String> {
    cells.iter().filter_map(|(cell, v)| v.map(|v| (cell.clone(), v.to_owned()))).collect()
}

pub(crate) fn differences(
    got: &BTreeMap<Cell, String>,
    want: &BTreeMap<Cell, String>,
) -> Vec<String> {
    let keys: BTreeSet<&Cell> = got.keys().chain(want.keys()).collect();
    keys.into_iter()
        .filter(|cell| got.get(cell) != want.get(cell))
        .map(|cell| format!("{cell:?}: {:?}, and the truth is {:?}", got.get(cell), want.get(cell)))
        .collect()
}

#[test]
fn every_verdict_is_true() {
    let home = Home::with_aws(&Moto::shared().address).acme(TRUTH);
    for (account, table, code) in [(TRUTH, TRUE_OF_TRUTH, 15), (ORDERLY, TRUE_OF_ORDERLY, 15)] {
        let home = Home::with_aws(&Moto::shared().address).acme(account);
        let report = Report::of(&home, code, SCAN);
        let truth = cells(table);
        let wrong = differences(&report.verdicts(), &of(&truth));
        assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", report.gaps());
        assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
        let count = |verdict| truth.values().filter(|found| **found == verdict).count() as u64;
        assert_eq!(report.count("pass"), count(Some("pass")));
        assert_eq!(report.count("fail"), count(Some("fail")));
        assert_eq!(report.count("not_applicable"), count(None));
        assert_eq!(report.count("unknown") + report.count("error"), 0);
    }
    // The table leaves no rule out.
    let listed: Value =
        serde_json::from_str(&home.ends(0, &["rules", "list", "--format", "json"]).out).unwrap();
    let rules: BTreeSet<&str> = listed["rules"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|rule| ["iam", "s3"].contains(&rule["service"].as_str().unwrap()))
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    let truth = cells(TRUE_OF_TRUTH);
    let judged: BTreeSet<&str> = truth.keys().map(|(rule, _)| rule.as_str()).collect();
    let mut rules = rules;
    // The tests at the wire are about these: moto has none of what they judge.
    for none in ["s3-directory-bucket-lifecycle", "s3-mrap-block-public-access"] {
        assert!(rules.remove(none), "{none}");
    }
    assert_eq!(judged, rules);
}

fn summary(keys: i32, mfa: i32, password: i32) -> Fault {
    let entries: String = [
        ("AccountAccessKeysPresent", keys),
        ("AccountMFAEnabled", mfa),
        ("AccountPasswordPresent", password),
    ]
    .iter()
    .map(|(key, value)| format!("<entry><key>{key}</key><value>{value}</value></entry>"))
    .collect();
    Fault::Reply(format!(
        "<GetAccountSummaryResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
         <GetAccountSummaryResult><SummaryMap>{entries}</SummaryMap></GetAccountSummaryResult>\
         <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>\
         </GetAccountSummaryResponse>"
    ))
}

fn root_device() -> Fault {
    Fault::Reply(
        "<ListVirtualMFADevicesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
         <ListVirtualMFADevicesResult><IsTruncated>false</IsTruncated><VirtualMFADevices><member>\
         <SerialNumber>arn:aws:iam::222233334444:mfa/root</SerialNumber>\
         <User><Path>/</Path><UserId>222233334444</UserId>\
         <Arn>arn:aws:iam::222233334444:root</Arn><CreateDate>2020-01-01T00:00:00Z</CreateDate>\
         </User></member></VirtualMFADevices></ListVirtualMFADevicesResult></ListVirtualMFADevicesResponse>"
            .to_owned(),
    )
}

/// Root credentials and dates of certificates cannot be set in moto: these
/// replies are AWS's.
#[test]
fn the_root_user_and_certificates() {
    let of_root = |proxy: &Proxy, code| {
        let home = Home::with_aws(&proxy.address).acme(TRUTH);
        let report = Report::of(&home, code, &["--tenant", "acme", "--rule", "iam-root-*"]);
        ["iam-root-hardware-mfa", "iam-root-mfa", "iam-root-no-access-key"].map(|rule| {
            let cell = (rule.to_owned(), format!("aws.account/{TRUTH}"));
            report.verdicts().get(&cell).cloned().unwrap_or_else(|| "-".to_owned())
        })
    };
    let moto = Moto::shared();
    let proxy = Proxy::before(moto);
    proxy.fail("iam:GetAccountSummary", summary(1, 1, 1));
    assert_eq!(of_root(&proxy, 15), ["pass", "pass", "fail"]);

    let proxy = Proxy::before(moto);
    proxy.fail("iam:GetAccountSummary", summary(0, 1, 1));
    proxy.fail("iam:ListVirtualMFADevices", root_device());
    assert_eq!(of_root(&proxy, 15), ["fail", "pass", "pass"]);

    let proxy = Proxy::before(moto);
    proxy.fail("iam:GetAccountSummary", summary(0, 1, 1));
    proxy.fail("iam:ListVirtualMFADevices", Fault::Denied);
    assert_eq!(of_root(&proxy, 3), ["unknown", "pass", "pass"]);

    let proxy = Proxy::before(moto);
    proxy.fail("iam:GetAccountSummary", summary(0, 0, 0));
    assert_eq!(of_root(&proxy, 0), ["-", "-", "-"]);

    let proxy = Proxy::before(moto);
    proxy.fail(
        "iam:ListServerCertificates",
        Fault::Reply(
            "<ListServerCertificatesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
             <ListServerCertificatesResult><IsTruncated>false</IsTruncated>\
             <ServerCertificateMetadataList><member><Path>/</Path>\
             <ServerCertificateName>valid</ServerCertificateName><ServerCertificateId>A\
             </ServerCertificateId><Arn>arn:aws:iam::222233334444:server-certificate/valid</Arn>\
             <UploadDate>2020-01-01T00:00:00Z</UploadDate><Expiration>2199-01-01T00:00:00Z\
             </Expiration></member></ServerCertificateMetadataList>\
             </ListServerCertificatesResult></ListServerCertificatesResponse>"
                .to_owned(),
        ),
    );
    let home = Home::with_aws(&proxy.address).acme(TRUTH);
    let report = Report::of(&home, 0, &["--tenant", "acme", "--rule", "iam-server-certificate-*"]);
    assert_eq!(
        report.verdicts().into_iter().collect::<Vec<_>>(),
        [(
            (
                "iam-server-certificate-not-expired".to_owned(),
                "iam.server-certificate/valid".to_owned()
            ),
            "pass".to_owned()
        )]
    );
}

/// What has to be unknown if an operation is refused: rule, and resource or,
/// for `*`, all of its type that had a verdict.
const DEPENDS: &[(&str, &[(&str, &str)])] = &[
    (
        "s3:GetBucketAcl",
        &[
            ("s3-bucket-no-public-read", "s3.bucket/public-acl"),
            ("s3-bucket-acl-disabled", "s3.bucket/public-acl"),
        ],
    ),
    (
        "s3:GetBucketPolicy",
        &[
            ("s3-bucket-no-public-read", "s3.bucket/public-policy"),
            ("s3-bucket-no-public-write", "s3.bucket/public-drop"),
            ("s3-bucket-no-sensitive-cross-account", "s3.bucket/shared"),
            ("s3-bucket-tls-only", "*"),
        ],
    ),
    (
        "s3:GetPublicAccessBlock",
        &[
            ("s3-bucket-block-public-access", "*"),
            ("s3-bucket-no-public-read", "s3.bucket/public-acl"),
            ("s3-bucket-no-public-read", "s3.bucket/shielded"),
        ],
    ),
    (
        "s3control:GetPublicAccessBlock",
        &[
            ("s3-account-block-public-access", "*"),
            ("s3-bucket-no-public-read", "s3.bucket/public-acl"),
        ],
    ),
    ("s3:GetBucketEncryption", &[("s3-bucket-default-encryption", "*")]),
    ("s3:GetBucketVersioning", &[("s3-bucket-versioning", "*")]),
    ("s3:GetBucketLogging", &[("s3-bucket-access-logging", "*")]),
    ("s3:GetBucketLifecycleConfiguration", &[("s3-bucket-lifecycle", "*")]),
    ("s3:GetBucketOwnershipControls", &[("s3-bucket-acl-disabled", "s3.bucket/public-acl")]),
    (
        "s3:ListBuckets",
        &[
            ("s3-bucket-versioning", "aws.account/222233334444"),
            ("s3-bucket-no-public-read", "aws.account/222233334444"),
        ],
    ),
    (
        "s3control:ListAccessPoints",
        &[
            ("s3-access-point-block-public-access", "aws.region/eu-west-1"),
            ("s3-access-point-block-public-access", "aws.region/us-east-1"),
        ],
    ),
    (
        "s3control:GetAccessPointPolicy",
        &[("s3-access-point-policy-not-public", "s3.access-point/open-door")],
    ),
    ("s3control:GetAccessPoint", &[("s3-access-point-block-public-access", "*")]),
    ("iam:GenerateCredentialReport", CREDENTIALS),
    ("iam:GetCredentialReport", CREDENTIALS),
    (
        "iam:GetAccountAuthorizationDetails",
        &[
            ("iam-user-no-admin-access", "iam.user/admin"),
            ("iam-user-no-direct-policy", "iam.user/admin"),
            ("iam-inline-policy-not-permissive", "iam.user/inline-admin"),
            ("iam-role-no-admin-access", "aws.account/222233334444"),
            ("iam-customer-policy-no-full-admin", "aws.account/222233334444"),
            ("iam-support-role", "aws.account/222233334444"),
            ("iam-cloudshell-full-access", "aws.account/222233334444"),
        ],
    ),
    (
        "iam:GetAccountSummary",
        &[("iam-root-mfa", "*"), ("iam-root-hardware-mfa", "*"), ("iam-root-no-access-key", "*")],
    ),
    (
        "iam:GetAccountPasswordPolicy",
        &[
            ("iam-password-policy-min-length", "*"),
            ("iam-password-policy-reuse", "*"),
            ("iam-password-policy-strong", "*"),
        ],
    ),
    (
        "iam:ListServerCertificates",
        &[("iam-server-certificate-not-expired", "aws.account/222233334444")],
    ),
];

const CREDENTIALS: &[(&str, &str)] = &[
    ("iam-user-access-key-rotation", "*"),
    ("iam-user-api-mfa", "*"),
    ("iam-user-console-mfa", "*"),
    ("iam-user-single-active-key", "*"),
    ("iam-user-unused-credentials-45d", "*"),
    ("iam-user-unused-credentials-90d", "*"),
];

/// No verdict flips, none vanishes: each is as it was, or unknown where it
/// stood, or its resource is hidden and the rule unknown on what stands for
/// the list.
pub(crate) fn nothing_flips(operation: &str, got: &BTreeMap<Cell, String>, truth: Table) {
    let truth = cells(truth);
    for (cell, want) in of(&truth) {
        let hidden = got.iter().any(|((rule, on), verdict)| {
            let pseudo = on.starts_with("aws.account/") || on.starts_with("aws.region/");
            *rule == cell.0 && pseudo && verdict == "unknown"
        });
        match got.get(&cell) {
            Some(found) => assert!(
                *found == want || found == "unknown",
                "{operation}: {cell:?} was {want} and is {found}"
            ),
            None => assert!(hidden, "{operation}: {cell:?} has vanished"),
        }
    }
    for (cell, found) in got {
        let was = truth.get(cell).copied().flatten();
        assert!(
            was.is_some() || found == "unknown",
            "{operation}: {cell:?} is {found}, and was not applicable or not there"
        );
    }
}

#[test]
fn a_refused_call_makes_unknown_what_depends_on_it_and_no_more() {
    for (operation, depends) in DEPENDS {
        let proxy = Proxy::before(Moto::shared());
        proxy.fail(operation, Fault::Denied);
        let home = Home::with_aws(&proxy.address).acme(TRUTH);
        let report = Report::of(&home, 15, SCAN);
        let got = report.verdicts();
        nothing_flips(operation, &got, TRUE_OF_TRUTH);
        assert_eq!(report.refused(), BTreeSet::from([*operation]));
        for gap in report.gaps() {
            assert_eq!(gap["class"], "access_denied", "{gap:#}");
        }
        let unknown = |cell: &Cell| got.get(cell).is_some_and(|verdict| verdict == "unknown");
        for (rule, resource) in *depends {
            if *resource == "*" {
                for (cell, _) in cells(TRUE_OF_TRUTH).iter().filter(|(cell, _)| cell.0 == *rule) {
                    assert!(unknown(cell), "{operation}: {cell:?} is {:?}", got.get(cell));
                }
            } else {
                let cell = ((*rule).to_owned(), (*resource).to_owned());
                assert!(unknown(&cell), "{operation}: {cell:?} is {:?}", got.get(&cell));
            }
        }
        for finding in report.findings().iter().filter(|finding| finding["verdict"] == "unknown") {
            let named = finding["evidence"]["not_answered"].to_string();
            assert!(named.contains(operation), "{operation} is not named: {finding:#}");
        }
    }
}

#[test]
fn one_bucket_that_refuses_leaves_the_others_alone() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail_about("s3:GetBucketPolicy", "/public-policy", Fault::Error(
        403,
        "AccessDenied",
        "User: arn:aws:sts::222233334444:assumed-role/CspmScan/cspm is not authorized to perform: \
         s3:GetBucketPolicy on resource: \"arn:aws:s3:::public-policy\" with an explicit deny in \
         a resource-based policy",
    ));
    let home = Home::with_aws(&proxy.address).acme(TRUTH);
    let report = Report::of(&home, 15, &["--tenant", "acme", "--service", "s3"]);
    let truth = of(&cells(TRUE_OF_TRUTH));
    for (cell, verdict) in report.verdicts() {
        if verdict == "unknown" {
            let on = ["s3.bucket/public-policy", "s3.access-point/open-door"];
            assert!(on.contains(&cell.1.as_str()), "{cell:?}");
        } else {
            assert_eq!(truth.get(&cell), Some(&verdict), "{cell:?}");
        }
    }
    assert_eq!(report.gaps().len(), 1, "{:#?}", report.gaps());
    assert_eq!(report.gaps()[0]["class"], "resource_policy_denied");
    let table = home.run(&["scan", "--tenant", "acme", "--service", "s3"]);
    assert!(table.out.contains("let the resource's own policy"), "{}", table.out);
}

/// All that is asked of AWS but STS.
const SERVICES: &[&str] = &[
    "accessanalyzer",
    "account",
    "apigateway",
    "application-autoscaling",
    "backup",
    "cloudfront",
    "cloudtrail",
    "config",
    "dax",
    "dynamodb",
    "ec2",
    "ecr",
    "efs",
    "eks",
    "elasticloadbalancing",
    "events",
    "glacier",
    "guardduty",
    "iam",
    "inspector2",
    "kms",
    "lambda",
    "logs",
    "macie2",
    "monitoring",
    "organizations",
    "rds",
    "s3",
    "s3control",
    "s3express",
    "secretsmanager",
    "securityhub",
    "sns",
    "sqs",
    "ssm",
    "wafv2",
];

#[test]
fn a_role_that_may_do_nothing_is_no_green_exit() {
    let proxy = Proxy::before(Moto::shared());
    for service in SERVICES {
        proxy.fail(&format!("{service}:*"), Fault::Denied);
    }
    let home = Home::with_aws(&proxy.address).acme(TRUTH);
    let report = Report::of(&home, 3, &["--tenant", "acme"]);
    assert!(report.verdicts().values().all(|verdict| verdict == "unknown"));
    let rules: BTreeSet<Cell> = report.verdicts().into_keys().collect();
    let judged: BTreeSet<&str> = rules.iter().map(|(rule, _)| rule.as_str()).collect();
    let chosen = report.0["scan"]["rules"].as_u64().unwrap();
    assert_eq!(judged.len() as u64, chosen, "every rule says that it does not know");
    assert_eq!(report.0["summary"]["score"], Value::Null);
    assert_eq!(report.0["summary"]["coverage"], 0.0);
    assert_eq!(report.0["scan"]["status"], "completed");

    let proxy = Proxy::before(Moto::shared());
    proxy.fail("*", Fault::Denied);
    Home::with_aws(&proxy.address).acme(TRUTH).ends(1, &["scan", "--tenant", "acme"]);
}

#[test]
fn regions_that_cannot_be_listed_are_a_gap() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail("ec2:DescribeRegions", Fault::Denied);
    let tenants = "[[tenant]]\nname = \"acme\"\naccount_id = \"333344445555\"\n\
                   role_arn = \"arn:aws:iam::333344445555:role/CspmScan\"\n";
    let home = Home::with_aws(&proxy.address).tenants(tenants);
    let report = Report::of(&home, 3, &["--tenant", "acme", "--rule", "s3-access-point-*"]);
    assert_eq!(report.refused(), BTreeSet::from(["ec2:DescribeRegions"]));
    assert_eq!(report.0["scan"]["regions"].as_array().unwrap().len(), 17);
    let cell =
        ("s3-access-point-block-public-access".to_owned(), "aws.account/333344445555".to_owned());
    assert_eq!(report.verdicts().get(&cell).map(String::as_str), Some("unknown"));
}
