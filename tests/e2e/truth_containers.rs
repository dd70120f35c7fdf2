//! The truth about clusters, load balancers, functions and repositories.

use crate::support::moto::Moto;
use crate::support::program::Home;
use crate::support::report::Report;
use crate::truth::{Table, cells, differences, of};
use serde_json::Value;
use std::collections::BTreeSet;

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
    ("ecr.repository", REPOSITORY_RULES, "good PPPPP\nbad FFFFF"),
];

#[test]
fn every_verdict_on_clusters_and_what_is_around_them_is_true() {
    let moto = Moto::shared();
    moto.seed("containers", CONTAINERS, serde_json::json!({}));
    let home = Home::with_aws(&moto.address).acme(CONTAINERS);
    let rules: BTreeSet<&str> =
        TRUE_OF_CONTAINERS.iter().flat_map(|(_, rules, _)| rules.iter().copied()).collect();
    let mut args = vec!["--tenant", "acme", "--fail-on", "none"];
    args.extend(rules.iter().flat_map(|rule| ["--rule", rule]));
    let report = Report::of(&home, 0, &args);
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
            assert!(rules.contains(rule["id"].as_str().unwrap()), "{rule:#}");
        }
    }
}
