//! What is judged when, and with what in sight.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::inventory::{Document, Fact};
use crate::rules::{Outcome, Vocabulary, built_in};
use crate::services::aws;
use crate::services::s3::{AccessControlPolicy, AccessPoint, Bucket, Owner};

/// Lets strangers in through access points of the account, and no other way.
const GIVES_WAY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::data","arn:aws:s3:::data/*"],"Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}}]}"#;

#[derive(Default)]
struct Heard(Mutex<Vec<(Verdict, Vec<Gap>)>>);

impl Verdicts for Heard {
    fn verdict(&self, verdict: Verdict, gaps: &GapTable) {
        let named = verdict.gaps.iter().filter_map(|id| gaps.get(id).cloned()).collect();
        self.0.lock().unwrap().push((verdict, named));
    }
}

fn bucket(region: &str) -> Resource {
    let acl = AccessControlPolicy { owner: Owner { id: None }, grants: Vec::new() };
    let document = Bucket {
        policy: Fact::Known(GIVES_WAY.to_owned()),
        policy_status: Fact::Absent,
        acl: Fact::Known(acl),
        ownership_controls: Fact::Absent,
        public_access_block: Fact::Absent,
        ..Bucket::not_collected()
    };
    Resource::new("data", "arn:aws:s3:::data", region, document)
}

#[test]
fn nothing_is_kept_once_everything_is_judged() {
    let questions = crate::services::questions();
    let vocabulary = Vocabulary { types: crate::services::types(), questions };
    let catalogue = Arc::new(Catalogue::load(built_in(), vocabulary).unwrap());
    let reader =
        crate::inventory::snapshot::SnapshotReader::open(crate::scan::DEMO_SNAPSHOT.as_bytes());
    let reader = reader.unwrap();
    let account = Account {
        id: reader.header().account.clone(),
        partition: "aws".to_owned(),
        known_accounts: Vec::new(),
        now: reader.header().taken_at,
        regions: reader.header().regions.clone(),
    };
    let heard = Arc::new(Heard::default());
    let verdicts = Arc::clone(&heard) as Arc<dyn Verdicts>;
    let judge = Judge::new(Arc::clone(&catalogue), questions, Arc::new(account), verdicts);
    let operations = catalogue.rules().iter().flat_map(|rule| rule.operations()).collect();
    reader.feed(crate::services::types(), &operations, &judge).unwrap();
    assert!(!judge.looked_up.is_empty());
    let state = judge.state();
    assert!(state.kept.is_empty(), "{:?}", state.kept.keys());
    assert!(state.complete.is_empty(), "{:?}", state.complete.keys());
    assert!(state.waiting.is_empty(), "{:?}", state.waiting.keys());
    assert!(heard.0.lock().unwrap().len() > 100);
}

#[test]
fn what_is_kept_comes_in_order_and_by_region() {
    let mut kept = Kept::default();
    let place = |name: &str, region: &str| {
        let arn = format!("arn:aws:s3:::{name}");
        Arc::new(Resource::new(name, &arn, region, Bucket::not_collected()))
    };
    let names = |found: &[Arc<Resource>]| -> Vec<String> {
        found.iter().map(|resource| resource.id.to_string()).collect()
    };
    for (name, region) in [("c", "eu-west-1"), ("b", "us-east-1"), ("a", "eu-west-1")] {
        kept.add(place(name, region));
    }
    assert_eq!(names(kept.in_order()), ["a", "c", "b"]);
    assert_eq!(names(kept.in_region("eu-west-1")), ["a", "c"]);
    kept.add(place("d", "eu-central-1"));
    assert_eq!(names(kept.in_order()), ["d", "a", "c", "b"], "also what came later");
    assert_eq!(names(kept.in_region("eu-west-2")), Vec::<String>::new());
    assert_eq!(kept.get("arn:aws:s3:::b").map(|found| found.id.as_ref()), Some("b"));
}

/// A judge of s3-bucket-no-public-read, which looks up the account and its
/// access points, in a scan of eu-west-1.
fn public_read() -> (Judge, Arc<Heard>) {
    let questions = crate::services::questions();
    let vocabulary = Vocabulary { types: crate::services::types(), questions };
    let chosen = built_in().filter(|source| source.path.contains("s3-bucket-no-public-read"));
    let heard = Arc::new(Heard::default());
    let account = Account {
        id: "111122223333".to_owned(),
        partition: "aws".to_owned(),
        known_accounts: Vec::new(),
        now: Timestamp::UNIX_EPOCH,
        regions: vec!["eu-west-1".to_owned()],
    };
    let judge = Judge::new(
        Arc::new(Catalogue::load(chosen, vocabulary).unwrap()),
        questions,
        Arc::new(account),
        Arc::clone(&heard) as Arc<dyn Verdicts>,
    );
    (judge, heard)
}

fn account() -> Resource {
    let document =
        aws::Account { public_access_block: Fact::Absent, ..aws::Account::not_collected() };
    Resource::new("111122223333", "arn:aws:account::111122223333:account", GLOBAL, document)
}

fn judged(region: &str) -> (Verdict, Vec<Gap>) {
    let (judge, heard) = public_read();
    judge.resource(account());
    judge.done(aws::Account::resource_type(), GLOBAL, Gaps::NONE);
    judge.resource(bucket(region));
    judge.done(Bucket::resource_type(), GLOBAL, Gaps::NONE);
    judge.done(AccessPoint::resource_type(), "eu-west-1", Gaps::NONE);
    let mut heard = heard.0.lock().unwrap();
    heard.pop().unwrap()
}

#[test]
fn what_one_lookup_found_is_kept_while_another_is_awaited() {
    let (judge, heard) = public_read();
    // The subject's type ends first, then one of the types that are looked up.
    judge.resource(bucket("eu-west-1"));
    judge.done(Bucket::resource_type(), GLOBAL, Gaps::NONE);
    judge.resource(account());
    judge.done(aws::Account::resource_type(), GLOBAL, Gaps::NONE);
    assert!(heard.0.lock().unwrap().is_empty(), "the access points are missing");
    assert!(judge.state().complete.contains_key("aws.account"));
    judge.done(AccessPoint::resource_type(), "eu-west-1", Gaps::NONE);
    let (verdict, _) = heard.0.lock().unwrap().pop().unwrap();
    assert_eq!(verdict.outcome, Outcome::Pass);
    assert!(judge.state().complete.is_empty());
}

#[test]
fn a_region_that_was_not_read_hides_what_is_there() {
    let (verdict, gaps) = judged("us-east-1");
    assert_eq!(verdict.outcome, Outcome::Unknown);
    let named: Vec<_> =
        gaps.iter().map(|gap| (gap.operation.as_str(), gap.region.as_str())).collect();
    assert_eq!(named, [("s3control:ListAccessPoints", "us-east-1")]);
    assert_eq!(judged("eu-west-1").0.outcome, Outcome::Pass);
}
