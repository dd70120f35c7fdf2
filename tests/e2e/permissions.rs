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

    /// What is there to be asked about.
    const STORIES: [&str; 8] = [
        "orderly",
        "databases",
        "one_of_each",
        "one_watcher",
        "one_message",
        "containers",
        "governed",
        "machines",
    ];

    const REGIONS: &str = "regions = [\"us-east-1\", \"eu-west-1\"]\n";

    struct Account {
        moto: Moto,
        /// The actions that are printed.
        printed: BTreeSet<String>,
    }

    impl Account {
        fn seeded() -> Self {
            let moto = Moto::start();
            for story in STORIES {
                moto.seed(story, ACCOUNT, json!({}));
            }
            let policy = Home::new().ends(0, &["permissions"]).out;
            Self { moto, printed: actions(&serde_json::from_str(&policy).unwrap()) }
        }

        /// What a user finds who may do all that is printed but for some.
        fn scan(&self, refused: &BTreeSet<String>, regions: &str, rules: &[&str]) -> Report {
            let refused: BTreeSet<&str> = refused.iter().map(|action| in_moto(action)).collect();
            let all: BTreeSet<&str> = self.printed.iter().map(|action| in_moto(action)).collect();
            let allowed: Vec<&&str> = all.difference(&refused).collect();
            let statement = json!({ "Effect": "Allow", "Action": allowed, "Resource": "*" });
            let policy = json!({ "Version": "2012-10-17", "Statement": [statement] });
            let user = json!({ "name": format!("without-{}", refused.len()), "policy": policy });
            self.moto.enforce(false);
            let key = self.moto.seed("scanner", ACCOUNT, user);
            self.moto.enforce(true);
            let home = Home::with_aws(&self.moto.address)
                .env("AWS_ACCESS_KEY_ID", key["id"].as_str().unwrap())
                .env("AWS_SECRET_ACCESS_KEY", key["secret"].as_str().unwrap())
                .tenants(&format!(
                    "[[tenant]]\nname = \"acme\"\naccount_id = \"{ACCOUNT}\"\n{regions}"
                ));
            let scan = ["scan", "--tenant", "acme", "--format", "json", "--fail-on", "none"];
            Report::parse(&home.ends(0, &[&scan, rules].concat()).out)
        }
    }

    /// The actions whose refusal a report tells.
    fn missed(report: &Report) -> BTreeSet<String> {
        let gaps = report.gaps().iter();
        gaps.map(|gap| gap["iam_action"].as_str().unwrap().to_owned()).collect()
    }

    /// moto decides as IAM would: with the policy no call is refused and nothing
    /// is unknown. Without it, what is refused first is asked for first; then that
    /// is permitted, and so on, until nothing is left: each action is missed once.
    #[test]
    fn it_is_enough_and_nothing_in_it_is_too_much() {
        let account = Account::seeded();
        let report = account.scan(&BTreeSet::new(), REGIONS, &[]);
        assert_eq!(report.gaps(), [] as [Value; 0]);
        let unknown: Vec<&Value> =
            report.findings().iter().filter(|finding| finding["verdict"] == "unknown").collect();
        assert!(unknown.is_empty(), "{unknown:#?}");

        // Who names the regions does not ask for them.
        let regions = BTreeSet::from(["ec2:DescribeRegions".to_owned()]);
        let report = account.scan(&regions, "", &["--rule", "ec2-instance-imdsv2"]);
        assert_eq!(missed(&report), regions);

        let mut rest: BTreeSet<String> = account.printed.difference(&regions).cloned().collect();
        while !rest.is_empty() {
            let missed = missed(&account.scan(&rest, REGIONS, &[]));
            assert!(missed.is_subset(&rest), "refused although permitted: {missed:#?}");
            assert!(!missed.is_empty(), "nothing asks for {rest:#?}");
            rest.retain(|action| !missed.contains(action));
        }
    }
}
