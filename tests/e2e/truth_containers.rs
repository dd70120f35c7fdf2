//! The truth about clusters, load balancers, functions and repositories.

use crate::support::moto::Moto;
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::{Cell, Report};
use crate::truth::{Table, cells, differences, nothing_flips, of};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// The account of story `containers`.
const CONTAINERS: &str = "777788880000";

const CLUSTER_RULES: &[&str] = &[
    "eks-cluster-admin-access-entries",
    "eks-cluster-all-log-types",
    "eks-cluster-audit-logging",
    "eks-cluster-authentication-mode-api",
    "eks-cluster-deletion-protection",
    "eks-cluster-irsa-provider",
    "eks-cluster-log-retention",
    "eks-cluster-secrets-kms",
    "eks-cluster-security-group-closed",
    "eks-cluster-supported-version",
    "eks-cluster-upgrade-insights-clean",
    "eks-cluster-workload-identity-adoption",
    "eks-endpoint-not-public",
    "eks-endpoint-private-enabled",
    "eks-endpoint-public-cidrs-restricted",
];
const NODEGROUP_RULES: &[&str] = &[
    "eks-nodegroup-ami-current",
    "eks-nodegroup-imdsv2",
    "eks-nodegroup-no-open-ssh",
    "eks-nodegroup-private-nodes",
    "eks-nodegroup-role-ecr-read-only",
    "eks-nodegroup-supported-version",
    "eks-nodegroup-version-skew",
];
const ADDON_RULES: &[&str] = &["eks-addon-version-current", "eks-cluster-network-policy"];
const BALANCER_RULES: &[&str] = &[
    "eks-load-balancer-tls",
    "elb-access-logging",
    "elb-alb-desync-mitigation",
    "elb-alb-drop-invalid-headers",
    "elb-alb-http-redirect",
    "elb-alb-waf",
    "elb-deletion-protection",
    "elb-multi-az",
    "elb-nlb-access-logging",
];
const LISTENER_RULES: &[&str] = &["elb-listener-encrypted", "elb-listener-tls-policy"];
const TARGET_RULES: &[&str] =
    &["elb-target-health-check-encrypted", "elb-target-protocol-encrypted"];
const CLASSIC_RULES: &[&str] = &[
    "eks-load-balancer-tls",
    "elb-access-logging",
    "elb-clb-acm-certificate",
    "elb-clb-connection-draining",
    "elb-clb-cross-zone",
    "elb-clb-desync-mitigation",
    "elb-clb-multi-az",
    "elb-clb-strong-tls-policy",
    "elb-clb-tls-listeners",
];
const FUNCTION_RULES: &[&str] = &[
    "lambda-env-no-secrets",
    "lambda-function-url-authenticated",
    "lambda-policy-not-public",
    "lambda-supported-runtime",
    "lambda-vpc-multi-az",
];
const REPOSITORY_RULES: &[&str] = &[
    "ecr-image-scanning",
    "ecr-kms-encryption",
    "ecr-lifecycle-policy",
    "ecr-repository-policy-no-open-principal",
    "ecr-tag-immutability",
];

/// Of story `containers`.
const TRUE_OF_CONTAINERS: Table = &[
    ("eks.cluster", CLUSTER_RULES, "good PPPPPPPPPPPPPP-\nbad FFFFFFFFFFFFFFF"),
    ("eks.nodegroup", NODEGROUP_RULES, "good/nodes PP-PPPP\nbad/nodes FFFFFFF"),
    ("eks.addon", ADDON_RULES, "good/vpc-cni PP\nbad/vpc-cni FF"),
    ("iam.role", &["eks-irsa-trust-scoped"], "pod P\npods F\nreads -\npushes -\nfunction -"),
    ("elb.load-balancer", BALANCER_RULES, "good PPPPPPPP-\nbad FFFFFFFF-\nnet ------PFF"),
    ("elb.listener", LISTENER_RULES, "good:80 F-\ngood:443 PP\nbad:80 F-\nbad:443 PF"),
    ("elb.target-group", TARGET_RULES, "encrypted PP\nplain FF"),
    ("elb.classic-load-balancer", CLASSIC_RULES, "classic-good PPPPPPPPP\nclassic-bad -F-FFFF-F"),
    ("lambda.function", FUNCTION_RULES, "good PPPPP\nbad FFFFF\nplain P-PP-"),
    ("ecr.repository", REPOSITORY_RULES, "good PPPPP\nbad FFFFF\nmanaged FFFPF"),
];

/// The server, with the account in it.
fn moto() -> &'static Arc<Moto> {
    static SEEDED: OnceLock<&'static Arc<Moto>> = OnceLock::new();
    SEEDED.get_or_init(|| {
        let moto = Moto::shared();
        moto.seed("containers", CONTAINERS, json!({}));
        moto
    })
}

/// The rules that have their truth here.
fn rules() -> BTreeSet<&'static str> {
    TRUE_OF_CONTAINERS.iter().flat_map(|(_, rules, _)| rules.iter().copied()).collect()
}

fn scan(home: &Home) -> Report {
    let mut args = vec!["--tenant", "acme", "--fail-on", "none"];
    args.extend(rules().into_iter().flat_map(|rule| ["--rule", rule]));
    Report::of(home, 0, &args)
}

#[test]
fn every_verdict_on_clusters_and_what_is_around_them_is_true() {
    let home = Home::with_aws(&moto().address).acme(CONTAINERS);
    let report = scan(&home);
    let truth = cells(TRUE_OF_CONTAINERS);
    let wrong = differences(&report.verdicts(), &of(&truth));
    assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", report.gaps());
    assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
    let none = truth.values().filter(|verdict| verdict.is_none()).count() as u64;
    assert_eq!(report.count("not_applicable"), none);
    let titles: BTreeSet<&str> =
        report.findings().iter().map(|finding| finding["title"].as_str().unwrap()).collect();
    for title in [
        "EKS cluster with a public API endpoint: bad",
        "EKS cluster on Kubernetes 1.30, which is in extended support: bad",
        "IAM role that every pod of a cluster can assume: pods",
        "Listener for plain HTTP that only redirects to HTTPS: good:80",
        "Lambda function that anybody may call: bad",
        "ECR repository that any AWS account may use: bad",
    ] {
        assert!(titles.contains(title), "no {title:?} in {titles:#?}");
    }
    // The secret goes nowhere.
    assert!(!serde_json::to_string(report.findings()).unwrap().contains("kR8vLq2mZx7T"));
    // The table leaves no rule of these services out.
    let listed: Value =
        serde_json::from_str(&home.ends(0, &["rules", "list", "--format", "json"]).out).unwrap();
    for rule in listed["rules"].as_array().unwrap() {
        let service = rule["service"].as_str().unwrap();
        if ["ecr", "eks", "elb", "lambda"].contains(&service) {
            assert!(rules().contains(rule["id"].as_str().unwrap()), "{rule:#}");
        }
    }
}

/// An operation, the names under which it is refused, and what has to be unknown
/// then.
type Depends = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const DEPENDS: &[Depends] = &[
    (
        "elasticloadbalancing:DescribeLoadBalancers",
        &["elb:DescribeLoadBalancers", "elbv2:DescribeLoadBalancers"],
        &[
            ("elb-alb-waf", "aws.region/eu-west-1"),
            ("elb-listener-encrypted", "aws.region/eu-west-1"),
            ("elb-clb-multi-az", "aws.region/us-east-1"),
        ],
    ),
    (
        "elasticloadbalancing:DescribeListeners",
        &["elbv2:DescribeListeners"],
        &[
            ("elb-alb-http-redirect", "elb.load-balancer/good"),
            ("eks-load-balancer-tls", "elb.load-balancer/good"),
            ("elb-listener-tls-policy", "aws.region/eu-west-1"),
        ],
    ),
    (
        "elasticloadbalancing:DescribeRules",
        &["elbv2:DescribeRules"],
        &[("elb-alb-http-redirect", "elb.load-balancer/good")],
    ),
    (
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        &["elb:DescribeLoadBalancerAttributes", "elbv2:DescribeLoadBalancerAttributes"],
        &[
            ("elb-deletion-protection", "elb.load-balancer/net"),
            ("elb-access-logging", "elb.classic-load-balancer/classic-good"),
        ],
    ),
    (
        "elasticloadbalancing:DescribeLoadBalancerPolicies",
        &["elb:DescribeLoadBalancerPolicies"],
        &[("elb-clb-strong-tls-policy", "elb.classic-load-balancer/classic-good")],
    ),
    (
        "elasticloadbalancing:DescribeTags",
        &["elb:DescribeTags", "elbv2:DescribeTags"],
        &[
            ("eks-load-balancer-tls", "elb.load-balancer/net"),
            ("eks-load-balancer-tls", "elb.classic-load-balancer/classic-bad"),
        ],
    ),
    (
        "elasticloadbalancing:DescribeTargetGroups",
        &["elbv2:DescribeTargetGroups"],
        &[("elb-target-protocol-encrypted", "aws.region/eu-west-1")],
    ),
    (
        "wafv2:GetWebACLForResource",
        &["wafv2:GetWebACLForResource"],
        &[("elb-alb-waf", "elb.load-balancer/good")],
    ),
    (
        "logs:DescribeLogGroups",
        &["logs:DescribeLogGroups"],
        &[("eks-cluster-log-retention", "eks.cluster/bad")],
    ),
    (
        "ssm:GetParameter",
        &["ssm:GetParameter"],
        &[("eks-nodegroup-ami-current", "eks.nodegroup/bad/nodes")],
    ),
    (
        "ec2:DescribeRouteTables",
        &["ec2:DescribeRouteTables"],
        &[("eks-nodegroup-private-nodes", "eks.nodegroup/good/nodes")],
    ),
    (
        "ecr:DescribeRepositories",
        &["ecr:DescribeRepositories"],
        &[("ecr-tag-immutability", "aws.region/us-east-1")],
    ),
    (
        "ecr:GetRegistryScanningConfiguration",
        &["ecr:GetRegistryScanningConfiguration"],
        &[("ecr-image-scanning", "ecr.repository/good")],
    ),
    (
        "ecr:GetLifecyclePolicy",
        &["ecr:GetLifecyclePolicy"],
        &[("ecr-lifecycle-policy", "ecr.repository/bad")],
    ),
    (
        "ecr:GetRepositoryPolicy",
        &["ecr:GetRepositoryPolicy"],
        &[("ecr-repository-policy-no-open-principal", "ecr.repository/good")],
    ),
];

#[test]
fn a_refused_call_about_containers_makes_unknown_what_depends_on_it() {
    for (operation, refused, depends) in DEPENDS {
        let proxy = Proxy::before(moto());
        proxy.fail(operation, Fault::Denied);
        let home = Home::with_aws(&proxy.address).acme(CONTAINERS);
        let report = scan(&home);
        let got = report.verdicts();
        nothing_flips(operation, &got, TRUE_OF_CONTAINERS);
        assert_eq!(report.refused(), refused.iter().copied().collect::<BTreeSet<_>>());
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
