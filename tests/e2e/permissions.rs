//! The policy that `cspm permissions` prints is enough, and no more than
//! enough.

use crate::support::program::Home;
use serde_json::Value;
use std::collections::BTreeSet;

fn actions(policy: &Value) -> BTreeSet<String> {
    let list = policy["Statement"][0]["Action"].as_array().unwrap();
    list.iter().map(|action| action.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_format_has_the_actions_that_the_rules_list() {
    let home = Home::new();
    let policy: Value = serde_json::from_str(&home.ends(0, &["permissions"]).out).unwrap();
    let listed: Value =
        serde_json::from_str(&home.ends(0, &["rules", "list", "--format", "json"]).out).unwrap();
    let of_rules: BTreeSet<String> = listed["rules"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|rule| rule["iam_actions"].as_array().unwrap())
        .map(|action| action.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(actions(&policy), of_rules);
    assert!(of_rules.iter().all(|action| !action.contains('*')));
    for format in ["terraform", "cloudformation"] {
        let text = home.ends(0, &["permissions", "--format", format]).out;
        for action in &of_rules {
            assert!(text.contains(action.as_str()), "{format} lacks {action}");
        }
    }
    let few = home.ends(0, &["permissions", "--rule", "iam-root-mfa"]).out;
    let few = actions(&serde_json::from_str(&few).unwrap());
    assert_eq!(few, BTreeSet::from(["iam:GetAccountSummary".to_owned()]));
}

#[cfg(feature = "aws")]
mod enforced {
    use super::*;
    use crate::support::moto::Moto;
    use crate::support::report::Report;
    use serde_json::json;

    const ACCOUNT: &str = "444455556666";

    /// What moto lacks, and is answered in its place: nobody decides about it. It
    /// has no policies of vaults, so there is no vault.
    const UNDECIDED: [&str; 9] = [
        "access-analyzer:",
        "account:GetContactInformation",
        "apigateway:",
        "cloudwatch:DescribeAlarms",
        "glacier:GetVaultAccessPolicy",
        "inspector2:",
        "macie2:",
        "s3:GetBucketObjectLockConfiguration",
        "s3express:",
    ];

    /// What is asked about resources that this account does not have: the tests
    /// of `truth_containers`, `truth_databases` and `truth_governed` refuse it.
    const REFUSED_ELSEWHERE: [&str; 12] = [
        "backup:",
        "dynamodb:",
        "ecr:",
        "eks:",
        "elasticfilesystem:",
        "elasticloadbalancing:",
        "iam:ListOrganizationsFeatures",
        "lambda:",
        "organizations:",
        "rds:",
        "ssm:",
        "wafv2:",
    ];

    /// The name under which moto checks an action: for these it has another
    /// than IAM.
    fn in_moto(action: &str) -> &str {
        match action {
            "s3:GetEncryptionConfiguration"
            | "s3:GetBucketOwnershipControls"
            | "s3:GetBucketPublicAccessBlock" => "s3:ListBucket",
            "s3:GetAccountPublicAccessBlock" => "s3:GetPublicAccessBlock",
            other => other,
        }
    }

    /// moto decides as IAM would: with the policy no call is refused, and
    /// without any one of its actions something is not known.
    #[test]
    fn it_is_enough_and_nothing_in_it_is_too_much() {
        let moto = Moto::start();
        moto.seed("orderly", ACCOUNT, json!({}));
        moto.seed("one_of_each", ACCOUNT, json!({}));
        moto.seed("one_watcher", ACCOUNT, json!({}));
        moto.seed("one_message", ACCOUNT, json!({}));
        let printed: Value =
            serde_json::from_str(&Home::new().ends(0, &["permissions"]).out).unwrap();
        let printed = actions(&printed);
        let in_moto: BTreeSet<&str> = printed.iter().map(|action| in_moto(action)).collect();
        let user = |name: &str, actions: Vec<&str>| {
            let statement = json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
            let policy = json!({ "Version": "2012-10-17", "Statement": [statement] });
            moto.seed("scanner", ACCOUNT, json!({ "name": name, "policy": policy }))
        };
        let full = user("full", in_moto.iter().copied().collect());
        let lacking: Vec<(&str, Value)> = in_moto
            .iter()
            .filter(|action| {
                let mut left_out = UNDECIDED.iter().chain(&REFUSED_ELSEWHERE);
                !left_out.any(|start| action.starts_with(start))
            })
            .enumerate()
            .map(|(number, action)| {
                let rest = in_moto.iter().copied().filter(|other| other != action).collect();
                (*action, user(&format!("lacking-{number}"), rest))
            })
            .collect();
        moto.enforce();
        let home = |key: &Value, regions: &str| {
            Home::with_aws(&moto.address)
                .env("AWS_ACCESS_KEY_ID", key["id"].as_str().unwrap())
                .env("AWS_SECRET_ACCESS_KEY", key["secret"].as_str().unwrap())
                .tenants(&format!(
                    "[[tenant]]\nname = \"acme\"\naccount_id = \"{ACCOUNT}\"\n{regions}"
                ))
        };
        let one_region = "regions = [\"us-east-1\"]\n";
        let report = Report::of(&home(&full, one_region), 15, &["--tenant", "acme"]);
        assert_eq!(report.gaps(), [] as [Value; 0]);
        let unknown: Vec<&Value> =
            report.findings().iter().filter(|finding| finding["verdict"] == "unknown").collect();
        assert!(unknown.is_empty(), "{unknown:#?}");
        let listed = Home::new().ends(0, &["rules", "list", "--format", "json"]).out;
        let listed: Value = serde_json::from_str(&listed).unwrap();
        let rules = listed["rules"].as_array().unwrap();
        let needs = |rule: &Value, action: &str| {
            let mut needed = rule["iam_actions"].as_array().unwrap().iter();
            needed.any(|needed| self::in_moto(needed.as_str().unwrap()) == action)
        };
        let mut wrong = Vec::new();
        for (action, key) in &lacking {
            let regions = if *action == "ec2:DescribeRegions" { "" } else { one_region };
            let mut scan = vec!["scan", "--tenant", "acme", "--format", "json"];
            scan.extend(["--fail-on", "none"]);
            // Rules that do not need the action would ask for much else.
            for rule in rules.iter().filter(|rule| needs(rule, action)) {
                scan.extend(["--rule", rule["id"].as_str().unwrap()]);
            }
            let report = Report::parse(&home(key, regions).ends(0, &scan).out);
            let named: BTreeSet<&str> =
                report.gaps().iter().map(|gap| gap["iam_action"].as_str().unwrap()).collect();
            let hidden: BTreeSet<&str> = printed
                .iter()
                .map(String::as_str)
                .filter(|printed| self::in_moto(printed) == *action)
                .collect();
            if named != hidden {
                wrong.push(format!("without {action}: {named:?}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
