//! The sink that judges while resources arrive.
//!
//! A resource is judged as soon as it is there. A rule that looks at other
//! resources waits for `done` of the types it looks at; only those types are
//! kept in memory, and only until everything that may look at them is judged.

use crate::inventory::arn::{account_arn, region_arn};
use crate::inventory::{
    GLOBAL, Gap, GapId, GapTable, Gaps, Operation, Resource, ResourceType, Scope, Sink,
};
use crate::rules::{Catalogue, Subject, Variant, Verdict, hidden, judge};
use crate::services::{Asking, Question};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// What is judged: one account at one moment.
#[derive(Clone, Debug)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// Its partition.
    pub partition: String,
    /// Outside accounts that the tenants file calls known.
    pub known_accounts: Vec<String>,
    /// The moment of the inventory.
    pub now: Timestamp,
    /// The regions that are read.
    pub regions: Vec<String>,
}

/// Where verdicts go. Calls come from many tasks at once.
pub trait Verdicts: Send + Sync {
    /// One verdict, in no particular order. Its gaps are numbers of the table.
    fn verdict(&self, verdict: Verdict, gaps: &GapTable);
}

/// The judging sink.
pub struct Judge {
    catalogue: Arc<Catalogue>,
    questions: &'static [&'static Question],
    account: Arc<Account>,
    verdicts: Arc<dyn Verdicts>,
    /// The types that some chosen rule looks up, each with the types whose
    /// resources are judged by such a rule.
    looked_up: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// The rules that judge a type, by their positions.
    judging: BTreeMap<&'static str, Vec<usize>>,
    gaps: Mutex<GapTable>,
    state: Mutex<State>,
}

/// A rule on a type, by their positions.
type VariantKey = (usize, &'static str);

#[derive(Default)]
struct State {
    kept: BTreeMap<&'static str, Kept>,
    waiting: BTreeMap<VariantKey, Vec<Arc<Resource>>>,
    done: BTreeMap<(&'static str, String), Gaps>,
    /// The types of which everything was fed, with what may hide more of them
    /// in any region.
    complete: BTreeMap<&'static str, Gaps>,
}

/// The resources of one type that rules look up.
#[derive(Default)]
struct Kept {
    resources: Vec<Arc<Resource>>,
    by_name: HashMap<Arc<str>, usize>,
    /// By region and ARN; sorted when it is first asked for.
    in_order: OnceLock<Vec<Arc<Resource>>>,
}

/// What was fed: for the history, which has to know what was listed completely.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// The gaps, by number.
    pub gaps: GapTable,
    /// Types and regions that were fed to their end, with the gaps that may
    /// hide more of them.
    pub done: BTreeMap<(&'static str, String), Gaps>,
}

impl Judge {
    /// A judge with the chosen rules.
    pub fn new(
        catalogue: Arc<Catalogue>,
        questions: &'static [&'static Question],
        account: Arc<Account>,
        verdicts: Arc<dyn Verdicts>,
    ) -> Self {
        let mut looked_up: BTreeMap<_, BTreeSet<&'static str>> = BTreeMap::new();
        for variant in catalogue.rules().iter().flat_map(|rule| &rule.variants) {
            for kind in &variant.lookups {
                looked_up.entry(*kind).or_default().insert(variant.kind.name);
            }
        }
        let mut judging: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for (number, rule) in catalogue.rules().iter().enumerate() {
            for variant in &rule.variants {
                judging.entry(variant.kind.name).or_default().push(number);
            }
        }
        let judge = Self {
            catalogue,
            questions,
            account,
            verdicts,
            looked_up,
            judging,
            gaps: Mutex::default(),
            state: Mutex::default(),
        };
        // Where there is nothing to read, everything was read.
        let mut state = judge.state();
        for name in judge.looked_up.keys() {
            let kind = crate::services::type_named(name);
            if kind.is_none_or(|kind| judge.regions_of(kind).is_empty()) {
                state.complete.insert(name, Gaps::NONE);
            }
        }
        drop(state);
        judge
    }

    /// Ends the judging. Rules that still wait for types that were never done
    /// (the scan was interrupted) have judged nothing of what waits.
    pub fn finish(&self) -> Listed {
        let gaps = std::mem::take(&mut *self.gaps.lock().unwrap_or_else(PoisonError::into_inner));
        Listed { gaps, done: std::mem::take(&mut *self.state()).done }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn variants_of(&self, kind: &'static ResourceType) -> impl Iterator<Item = (usize, &Variant)> {
        let rules = self.catalogue.rules();
        self.judging.get(kind.name).into_iter().flatten().filter_map(move |number| {
            rules.get(*number)?.variant(kind).map(|variant| (*number, variant))
        })
    }

    fn judge(&self, number: usize, resource: &Resource, asking: &dyn Asking) {
        let Some(rule) = self.catalogue.rules().get(number) else { return };
        for verdict in judge(number, rule, resource, asking, self.questions) {
            self.say(verdict);
        }
    }

    fn say(&self, verdict: Verdict) {
        self.verdicts.verdict(verdict, &self.gaps.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether all that a variant looks up was fed to its end.
    fn ready(state: &State, variant: &Variant) -> bool {
        variant.lookups.iter().all(|kind| state.complete.contains_key(kind))
    }

    /// Notes that a type is complete, if it is.
    fn complete(&self, state: &mut State, kind: &'static ResourceType) {
        let done = |region: &String| state.done.contains_key(&(kind.name, region.clone()));
        if self.regions_of(kind).iter().all(done) {
            let of_kind = state.done.range((kind.name, String::new())..);
            let missing = of_kind
                .take_while(|((name, _), _)| *name == kind.name)
                .fold(Gaps::NONE, |all, (_, missing)| all.union(missing));
            state.complete.insert(kind.name, missing);
        }
    }

    fn regions_of(&self, kind: &ResourceType) -> Vec<String> {
        match kind.scope {
            Scope::Global | Scope::GlobalList => vec![GLOBAL.to_owned()],
            Scope::Regional => self.account.regions.clone(),
        }
    }

    /// The pseudo-resource that stands for a list that could not be read.
    fn pseudo_resource(&self, kind: &'static ResourceType, region: &str) -> Subject {
        use crate::inventory::Document;
        use crate::services::aws;
        let Account { id, partition, .. } = &*self.account;
        let (pseudo, name, arn) = if region == GLOBAL {
            (aws::Account::resource_type(), id.as_str(), account_arn(partition, id))
        } else {
            (aws::Region::resource_type(), region, region_arn(partition, id, region))
        };
        Subject {
            kind: pseudo,
            id: Arc::from(name),
            arn: Arc::from(arn),
            region: Arc::from(region),
            key: Some(kind.name.to_owned()),
        }
    }
}

impl Sink for Judge {
    fn resource(&self, resource: Resource) {
        let resource = Arc::new(resource);
        let kind = resource.kind;
        let alone = Around { judge: self, state: None };
        let mut later = Vec::new();
        for (number, variant) in self.variants_of(kind) {
            if variant.lookups.is_empty() {
                self.judge(number, &resource, &alone);
            } else {
                later.push((number, variant));
            }
        }
        let keep = self.looked_up.contains_key(kind.name);
        if later.is_empty() && !keep {
            return;
        }
        let mut state = self.state();
        if state.complete.contains_key(kind.name) {
            // A task that was stopped comes late: what it would look up may be
            // forgotten already, and its type counts as not known.
            return;
        }
        if keep {
            state.kept.entry(kind.name).or_default().add(Arc::clone(&resource));
        }
        for (number, variant) in later {
            if Self::ready(&state, variant) {
                let around = Around { judge: self, state: Some(&state) };
                self.judge(number, &resource, &around);
            } else {
                let waiting = state.waiting.entry((number, kind.name)).or_default();
                waiting.push(Arc::clone(&resource));
            }
        }
    }

    fn gap(&self, gap: Gap) -> GapId {
        self.gaps.lock().unwrap_or_else(PoisonError::into_inner).number(gap)
    }

    fn done(&self, kind: &'static ResourceType, region: &str, missing: Gaps) {
        if !missing.is_empty() {
            for (number, _) in self.variants_of(kind) {
                let Some(rule) = self.catalogue.rules().get(number) else { continue };
                let subject = self.pseudo_resource(kind, region);
                self.say(hidden(number, rule, subject, missing.clone()));
            }
        }
        let mut state = self.state();
        state.done.insert((kind.name, region.to_owned()), missing);
        self.complete(&mut state, kind);
        let ready: Vec<VariantKey> = state
            .waiting
            .keys()
            .filter(|(number, kind)| {
                let variant = crate::services::type_named(kind).and_then(|kind| {
                    self.catalogue.rules().get(*number).and_then(|rule| rule.variant(kind))
                });
                variant.is_some_and(|variant| Self::ready(&state, variant))
            })
            .copied()
            .collect();
        for key in ready {
            let resources = state.waiting.remove(&key).unwrap_or_default();
            let around = Around { judge: self, state: Some(&state) };
            for resource in resources {
                self.judge(key.0, &resource, &around);
            }
        }
        let State { kept, complete, waiting, .. } = &mut *state;
        let awaited: BTreeSet<&'static str> = waiting
            .keys()
            .filter_map(|(number, kind)| {
                let kind = crate::services::type_named(kind)?;
                self.catalogue.rules().get(*number)?.variant(kind)
            })
            .flat_map(|variant| variant.lookups.iter().copied())
            .collect();
        kept.retain(|kind, _| {
            let judged = self.looked_up.get(kind);
            awaited.contains(kind)
                || judged.is_none_or(|judged| !judged.iter().all(|it| complete.contains_key(it)))
        });
    }
}

impl Kept {
    fn add(&mut self, resource: Arc<Resource>) {
        let index = self.resources.len();
        self.by_name.insert(Arc::clone(&resource.arn), index);
        // Two policies may have one name; their ARNs differ and come first.
        self.by_name.entry(Arc::clone(&resource.id)).or_insert(index);
        self.resources.push(resource);
        self.in_order.take();
    }

    /// All, by region and ARN.
    fn in_order(&self) -> &[Arc<Resource>] {
        self.in_order.get_or_init(|| {
            let mut resources = self.resources.clone();
            resources.sort_by(|a, b| (&a.region, &a.arn).cmp(&(&b.region, &b.arn)));
            resources
        })
    }

    /// Those in one region, by ARN.
    fn in_region(&self, region: &str) -> &[Arc<Resource>] {
        let all = self.in_order();
        let first = all.partition_point(|resource| resource.region.as_ref() < region);
        let behind = all.partition_point(|resource| resource.region.as_ref() <= region);
        all.get(first..behind).unwrap_or_default()
    }

    fn get(&self, key: &str) -> Option<&Resource> {
        self.by_name.get(key).and_then(|index| self.resources.get(*index)).map(Arc::as_ref)
    }
}

/// What lies around a resource: nothing, for rules that look nothing up.
struct Around<'a> {
    judge: &'a Judge,
    state: Option<&'a State>,
}

impl Around<'_> {
    /// The gaps that may hide resources of a type, in any region.
    fn missing(&self, state: &State, kind: &str) -> Gaps {
        state.complete.get(kind).cloned().unwrap_or_default()
    }

    /// The gaps that may hide resources of a type in one region.
    fn missing_in(&self, state: &State, kind: &str, region: &str) -> Gaps {
        let Some(kind) = crate::services::type_named(kind) else { return Gaps::NONE };
        let of = |region: &str| state.done.get(&(kind.name, region.to_owned()));
        // What lies in regions that nobody could name is hidden for the account.
        let everywhere = of(GLOBAL).cloned().unwrap_or_default();
        let here = of(region).cloned().unwrap_or_else(|| {
            // The last operation of a listing is the one that asks region by region.
            let listing = kind.listings.first().and_then(|listing| listing.last());
            listing
                .map(|operation| self.judge.gap(not_read(operation, region)))
                .into_iter()
                .collect()
        });
        everywhere.union(&here)
    }
}

/// The gap of a region that was not read.
fn not_read(operation: &Operation, region: &str) -> Gap {
    Gap::not_collected(&operation.id(), &operation.iam_action(), region)
}

impl Asking for Around<'_> {
    fn find(&self, kind: &str, key: &str) -> (Option<&Resource>, Gaps) {
        let Some(state) = self.state else { return (None, Gaps::NONE) };
        match state.kept.get(kind).and_then(|kept| kept.get(key)) {
            Some(resource) => (Some(resource), Gaps::NONE),
            None => (None, self.missing(state, kind)),
        }
    }

    fn all(&self, kind: &str) -> (Vec<&Resource>, Gaps) {
        let Some(state) = self.state else { return (Vec::new(), Gaps::NONE) };
        let kept = state.kept.get(kind).map(Kept::in_order).unwrap_or_default();
        (kept.iter().map(Arc::as_ref).collect(), self.missing(state, kind))
    }

    fn all_in(&self, kind: &str, region: &str) -> (Vec<&Resource>, Gaps) {
        let Some(state) = self.state else { return (Vec::new(), Gaps::NONE) };
        let kept = state.kept.get(kind).map(|kept| kept.in_region(region)).unwrap_or_default();
        (kept.iter().map(Arc::as_ref).collect(), self.missing_in(state, kind, region))
    }

    fn account(&self) -> &str {
        &self.judge.account.id
    }

    fn partition(&self) -> &str {
        &self.judge.account.partition
    }

    fn known_accounts(&self) -> &[String] {
        &self.judge.account.known_accounts
    }

    fn now(&self) -> Timestamp {
        self.judge.account.now
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
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

    /// Judges a bucket by s3-bucket-no-public-read in a scan of eu-west-1.
    fn judged(region: &str) -> (Verdict, Vec<Gap>) {
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
        let document =
            aws::Account { public_access_block: Fact::Absent, ..aws::Account::not_collected() };
        let arn = "arn:aws:account::111122223333:account";
        judge.resource(Resource::new("111122223333", arn, GLOBAL, document));
        judge.done(aws::Account::resource_type(), GLOBAL, Gaps::NONE);
        judge.resource(bucket(region));
        judge.done(Bucket::resource_type(), GLOBAL, Gaps::NONE);
        judge.done(AccessPoint::resource_type(), "eu-west-1", Gaps::NONE);
        let mut heard = heard.0.lock().unwrap();
        heard.pop().unwrap()
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
}
