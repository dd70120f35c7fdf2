//! A seeded network with a known truth for every rule and resource; the same
//! with calls refused. What moto lacks of it, its server answers as AWS
//! documents; see `network.py`.

use crate::support::moto::Moto;
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::{Cell, Report};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The account of story `network`.
const NETWORK: &str = "555566667777";
/// An account in which nobody ever made anything.
const EMPTY: &str = "555566668888";

const GROUP_RULES: &[&str] = &[
    "vpc-default-sg-closed",
    "vpc-sg-no-open-admin-ports-ipv4",
    "vpc-sg-no-open-admin-ports-ipv6",
    "vpc-sg-no-open-cifs",
    "vpc-sg-open-only-authorised-ports",
    "vpc-sg-no-open-high-risk-ports",
    "vpc-sg-no-open-all-ports",
    "vpc-sg-unused",
    "vpc-sg-egress-restricted",
];
const VPC_RULES: &[&str] = &[
    "vpc-flow-logs",
    "vpc-endpoint-ec2",
    "vpc-endpoint-ecr-api",
    "vpc-endpoint-ecr-docker",
    "vpc-endpoint-ssm",
    "vpc-endpoint-ssm-contacts",
    "vpc-endpoint-ssm-incidents",
    "vpc-endpoint-s3-gateway",
];

/// Resources of one type: the rules on it, then one line for each resource
/// with a letter for each rule: P pass, F fail, - not applicable.
type Table = &'static [(&'static str, &'static [&'static str], &'static str)];

const TRUE_OF_NETWORK: Table = &[
    (
        "ec2.security-group",
        GROUP_RULES,
        "web     -PPPPPPPF
         tight   -PPPPPPFP
         ssh     -FPPFFPFF
         halves  -FPPFFPFF
         half    -PPPPPPFF
         rdp6    -PFPFFPFF
         udp     -FPPFFPFF
         all     -FPFFFFFF
         around  -FPPFFPFF
         cifs    -PPFFFPFF
         office  -PPPPPPFF
         world   -FPPFFPFF
         ping    -PPPPPPFF
         members -PPPPPPFF
         used-default      FPPPPPP--
         bare-default      FPPPPPP--
         quiet-default     PPPPPPP--
         default-eu-west-1 -PPPPPP--
         default-us-east-1 -PPPPPP--",
    ),
    (
        "ec2.vpc",
        VPC_RULES,
        "used  PPFFPFFF
         bare  F-------
         quiet PFFFFFFF
         default-eu-west-1 --------
         default-us-east-1 --------",
    ),
    // The main one of each VPC; none leads to another VPC.
    (
        "ec2.route-table",
        &["vpc-peering-route-least-access"],
        "used -\nbare -\nquiet -\ndefault-eu-west-1 -\ndefault-us-east-1 -",
    ),
    ("ec2.subnet", &["vpc-subnet-no-auto-public-ip"], "private P\npublic F\nspare -\ninside P"),
    (
        "ec2.network-acl",
        &["vpc-nacl-no-open-admin-ports", "vpc-nacl-unused"],
        "used-default  FP
         bare-default  -P
         quiet-default FP
         locked        PP
         stray         FF
         default-eu-west-1 -P
         default-us-east-1 -P",
    ),
    (
        "ec2.network-interface",
        &["ec2-eni-source-dest-check"],
        "plain P\nrouter F\ninside P\nendpoint-ec2 P\nendpoint-ssm P",
    ),
    (
        "ec2.vpn-connection",
        &["vpc-vpn-tunnels-up", "vpc-vpn-logging", "vpc-vpn-ikev2"],
        "twofold PPP\nonefold FFF",
    ),
    ("ec2.client-vpn-endpoint", &["vpc-client-vpn-logging"], "logged P\nsilent F"),
    ("ec2.transit-gateway", &["vpc-tgw-no-auto-accept"], "asking P\ntrusting F"),
    ("aws.region", &["vpc-block-public-access"], "eu-west-1 P\nus-east-1 F"),
];

const RULES: &[&str] = &["--service", "vpc"];
const RULES_OF_EC2: &[&str] = &["--rule", "ec2-eni-source-dest-check"];

fn cells() -> BTreeMap<Cell, Option<&'static str>> {
    let mut cells = BTreeMap::new();
    for (kind, rules, lines) in TRUE_OF_NETWORK {
        for line in lines.lines() {
            let (name, letters) = line.trim().split_once(' ').unwrap();
            let letters = letters.trim();
            assert_eq!(letters.len(), rules.len(), "{name}");
            for (rule, letter) in rules.iter().zip(letters.chars()) {
                let verdict = match letter {
                    'P' => Some("pass"),
                    'F' => Some("fail"),
                    '-' => None,
                    other => panic!("{other}"),
                };
                cells.insert(((*rule).to_owned(), format!("{kind}/{name}")), verdict);
            }
        }
    }
    cells
}

/// The names of what has only an id.
fn names() -> &'static BTreeMap<String, String> {
    static NAMES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let answer = Moto::shared().seed("network", NETWORK, json!({}));
        let pairs = answer.as_object().unwrap().iter();
        pairs.map(|(id, name)| (id.clone(), name.as_str().unwrap().to_owned())).collect()
    })
}

/// Every verdict, with names in the place of ids.
fn verdicts(report: &Report) -> BTreeMap<Cell, String> {
    let named = |(rule, resource): Cell| {
        let (kind, id) = resource.split_once('/').unwrap();
        let name = names().get(id).map_or(id, String::as_str);
        (rule, format!("{kind}/{name}"))
    };
    report.verdicts().into_iter().map(|(cell, verdict)| (named(cell), verdict)).collect()
}

fn scan(home: &Home, code: i32, rules: &[&str]) -> Report {
    Report::of(home, code, &[&["--tenant", "acme"], rules].concat())
}

#[test]
fn every_verdict_on_the_network_is_true() {
    names();
    let home = Home::with_aws(&Moto::shared().address).acme(NETWORK);
    let mut got = BTreeMap::new();
    let mut not_applicable = 0;
    for (rules, code) in [(RULES, 15), (RULES_OF_EC2, 0)] {
        let report = scan(&home, code, rules);
        assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
        got.extend(verdicts(&report));
        not_applicable += report.count("not_applicable");
    }
    let truth = cells();
    let wrong: Vec<String> = truth
        .iter()
        .filter(|(cell, want)| got.get(*cell).map(String::as_str) != **want)
        .map(|(cell, want)| format!("{cell:?}: {:?}, and the truth is {want:?}", got.get(cell)))
        .chain(got.keys().filter(|cell| !truth.contains_key(*cell)).map(|cell| format!("{cell:?}")))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(not_applicable, truth.values().filter(|want| want.is_none()).count() as u64);

    // The table leaves no rule out.
    let listed: Value =
        serde_json::from_str(&home.ends(0, &["rules", "list", "--format", "json"]).out).unwrap();
    let of_network = |rule: &&Value| {
        let text = |key: &str| rule[key].as_str().unwrap();
        text("id").starts_with("vpc-") || text("id") == "ec2-eni-source-dest-check"
    };
    let rules: BTreeSet<&str> = listed["rules"]
        .as_array()
        .unwrap()
        .iter()
        .filter(of_network)
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    let judged: BTreeSet<&str> = truth.keys().map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(judged, rules);
}

#[test]
fn the_evidence_names_what_is_open() {
    names();
    let home = Home::with_aws(&Moto::shared().address).acme(NETWORK);
    let report = scan(&home, 14, &["--rule", "vpc-sg-no-open-admin-ports-ipv4"]);
    let evidence = |name: &str| {
        let of_group = |finding: &&Value| {
            let id = finding["resource_id"].as_str().unwrap();
            names().get(id).is_some_and(|found| found == name) && finding["verdict"] == "fail"
        };
        let finding = report.findings().iter().find(of_group).unwrap();
        finding["evidence"].clone()
    };
    let halves = evidence("halves");
    assert_eq!(halves["ports"], json!(["tcp 22"]));
    let permission = &halves["permissions"][0][0];
    assert_eq!(permission["IpProtocol"], "tcp");
    assert_eq!((&permission["FromPort"], &permission["ToPort"]), (&json!(22), &json!(22)));
    assert_eq!(permission["Ranges"], json!(["0.0.0.0/1", "128.0.0.0/1"]));
    let list = &evidence("world")["permissions"][0][0]["Ranges"][0];
    assert!(list.as_str().unwrap().starts_with("pl-"), "{list}");
}

/// What has to be unknown if an operation is refused: rule, and resource or,
/// for `*`, all of its type that had a verdict.
const DEPENDS: &[(&str, &[(&str, &str)])] = &[
    (
        "ec2:DescribeSecurityGroups",
        &[
            ("vpc-default-sg-closed", "aws.region/eu-west-1"),
            ("vpc-sg-no-open-all-ports", "aws.region/us-east-1"),
        ],
    ),
    (
        "ec2:DescribeNetworkInterfaces",
        &[
            ("vpc-sg-unused", "*"),
            ("vpc-subnet-no-auto-public-ip", "*"),
            ("vpc-nacl-no-open-admin-ports", "*"),
            ("vpc-endpoint-ec2", "*"),
            ("vpc-flow-logs", "ec2.vpc/default-eu-west-1"),
            ("vpc-default-sg-closed", "ec2.security-group/default-eu-west-1"),
        ],
    ),
    ("ec2:DescribeNetworkAcls", &[("vpc-nacl-unused", "aws.region/eu-west-1")]),
    (
        "ec2:DescribeVpcs",
        &[
            ("vpc-flow-logs", "aws.region/eu-west-1"),
            ("vpc-endpoint-ssm", "aws.region/eu-west-1"),
            ("vpc-default-sg-closed", "ec2.security-group/bare-default"),
        ],
    ),
    ("ec2:DescribeSubnets", &[("vpc-subnet-no-auto-public-ip", "aws.region/eu-west-1")]),
    (
        "ec2:DescribeRouteTables",
        &[
            ("vpc-peering-route-least-access", "aws.region/eu-west-1"),
            ("vpc-peering-route-least-access", "aws.region/us-east-1"),
        ],
    ),
    ("ec2:DescribeFlowLogs", &[("vpc-flow-logs", "*")]),
    (
        "ec2:DescribeManagedPrefixLists",
        &[
            ("vpc-sg-no-open-admin-ports-ipv4", "ec2.security-group/office"),
            ("vpc-sg-no-open-admin-ports-ipv4", "ec2.security-group/world"),
        ],
    ),
    (
        "ec2:GetManagedPrefixListEntries",
        &[
            ("vpc-sg-no-open-admin-ports-ipv4", "ec2.security-group/office"),
            ("vpc-sg-no-open-high-risk-ports", "ec2.security-group/world"),
        ],
    ),
    ("ec2:DescribeVpcEndpoints", &[("vpc-endpoint-ec2", "*"), ("vpc-endpoint-ssm-incidents", "*")]),
    (
        "ec2:DescribeVpnConnections",
        &[
            ("vpc-vpn-tunnels-up", "aws.region/eu-west-1"),
            ("vpc-vpn-logging", "aws.region/eu-west-1"),
            ("vpc-vpn-ikev2", "aws.region/eu-west-1"),
        ],
    ),
    ("ec2:DescribeClientVpnEndpoints", &[("vpc-client-vpn-logging", "aws.region/eu-west-1")]),
    ("ec2:DescribeTransitGateways", &[("vpc-tgw-no-auto-accept", "aws.region/eu-west-1")]),
    ("ec2:DescribeVpcBlockPublicAccessOptions", &[("vpc-block-public-access", "*")]),
];

#[test]
fn a_refused_call_makes_unknown_what_depends_on_it_and_no_more() {
    names();
    let truth = cells();
    for (operation, depends) in DEPENDS {
        let proxy = Proxy::before(Moto::shared());
        proxy.fail(operation, Fault::Denied);
        let home = Home::with_aws(&proxy.address).acme(NETWORK);
        let report = scan(&home, 0, &[RULES, &["--fail-on", "none"]].concat());
        assert_eq!(report.refused(), BTreeSet::from([*operation]));
        let got = verdicts(&report);
        let of = |cell: &Cell| got.get(cell).map(String::as_str);
        for (cell, want) in truth.iter().filter(|(cell, _)| cell.0.starts_with("vpc-")) {
            let hidden = ["eu-west-1", "us-east-1"].iter().any(|region| {
                of(&(cell.0.clone(), format!("aws.region/{region}"))) == Some("unknown")
            });
            let found = of(cell);
            let as_it_was = found == *want || found == Some("unknown");
            assert!(as_it_was || (found.is_none() && hidden), "{operation}: {cell:?} is {found:?}");
        }
        for (rule, resource) in *depends {
            let concerned: Vec<Cell> = if *resource == "*" {
                let judged = truth.iter().filter(|(cell, want)| cell.0 == *rule && want.is_some());
                judged.map(|(cell, _)| cell.clone()).collect()
            } else {
                vec![((*rule).to_owned(), (*resource).to_owned())]
            };
            assert!(!concerned.is_empty(), "{rule}");
            for cell in concerned {
                assert_eq!(of(&cell), Some("unknown"), "{operation}: {cell:?}");
            }
        }
        for finding in report.findings().iter().filter(|finding| finding["verdict"] == "unknown") {
            let named = finding["evidence"]["not_answered"].to_string();
            assert!(named.contains(operation), "{operation} is not named: {finding:#}");
        }
    }
}

/// What AWS makes with an account is nobody's fault: all that is said of it is
/// said of the regions themselves.
#[test]
fn an_empty_account_has_few_findings_and_all_on_its_regions() {
    let home = Home::with_aws(&Moto::shared().address).acme(EMPTY);
    let report = scan(&home, 13, &[RULES, &["--fail-on", "info"]].concat());
    assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
    let findings: Vec<_> =
        report.verdicts().into_iter().filter(|(_, verdict)| verdict != "pass").collect();
    let on_regions = |(cell, _): &(Cell, String)| cell.1.starts_with("aws.region/");
    assert!(findings.iter().all(on_regions), "{findings:#?}");
    assert_eq!(findings.len(), 2, "{findings:#?}");
}
