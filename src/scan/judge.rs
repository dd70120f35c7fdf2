//! The sink that judges while resources arrive.
//!
//! A resource is judged as soon as it is there. A rule that looks at other
//! resources waits for `done` of the types it looks at; only those types are
//! kept in memory, and only until everything that may look at them is judged.
//! Judging itself holds no lock: collectors go on feeding meanwhile.

mod looked_up;
#[cfg(test)]
mod tests;

use crate::inventory::arn::{account_arn, region_arn};
use crate::inventory::{GLOBAL, Gap, GapId, GapTable, Gaps, Resource, ResourceType, Scope, Sink};
use crate::rules::{Catalogue, Subject, Variant, Verdict, hidden, judge};
use crate::services::{Asking, Memo, Question};
use jiff::Timestamp;
use looked_up::{Around, Complete, Kept};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::vec;

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
    /// The types that some chosen rule looks up.
    looked_up: BTreeSet<&'static str>,
    /// The rules that judge a type, by their positions.
    judging: BTreeMap<&'static str, Vec<usize>>,
    memo: Memo,
    gaps: Mutex<GapTable>,
    state: Mutex<State>,
}

/// A rule on a type, by their positions.
type VariantKey = (usize, &'static str);

/// A rule that can judge now what waited for it.
struct Ready<'a> {
    rule: usize,
    around: Around<'a>,
    resources: vec::IntoIter<Arc<Resource>>,
}

#[derive(Default)]
struct State {
    /// The resources so far of types that are looked up and not complete.
    kept: BTreeMap<&'static str, Kept>,
    /// What is looked up and complete, until nobody needs it any more.
    complete: BTreeMap<&'static str, Arc<Complete>>,
    waiting: BTreeMap<VariantKey, Vec<Arc<Resource>>>,
    /// The types of which everything was fed.
    ended: BTreeSet<&'static str>,
    done: BTreeMap<(&'static str, String), Gaps>,
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
        let variants = catalogue.rules().iter().flat_map(|rule| &rule.variants);
        let looked_up = variants.flat_map(|variant| variant.lookups.iter().copied()).collect();
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
            memo: Memo::default(),
            gaps: Mutex::default(),
            state: Mutex::default(),
        };
        // Where there is nothing to read, everything was read.
        let mut state = judge.state();
        for name in &judge.looked_up {
            let kind = crate::services::type_named(name);
            if kind.is_none_or(|kind| judge.places_of(kind).is_empty()) {
                state.ended.insert(name);
                state.complete.insert(name, Arc::default());
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

    fn account(&self) -> &Account {
        &self.account
    }

    fn memo(&self) -> &Memo {
        &self.memo
    }

    fn number(&self, gap: Gap) -> GapId {
        self.gaps.lock().unwrap_or_else(PoisonError::into_inner).number(gap)
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

    fn variant(&self, (number, kind): VariantKey) -> Option<&Variant> {
        let kind = crate::services::type_named(kind)?;
        self.catalogue.rules().get(number)?.variant(kind)
    }

    fn judge(&self, number: usize, resource: &Resource, asking: &dyn Asking) {
        let Some(rule) = self.catalogue.rules().get(number) else { return };
        for verdict in judge(number, rule, resource, asking, self.questions) {
            self.say(verdict);
        }
    }

    /// Judges resources of one type by several rules, resource by resource: what
    /// one rule asks of a resource is asked by the next as well, and is still known.
    fn judge_ready(&self, mut rules: Vec<Ready<'_>>) {
        while !rules.is_empty() {
            rules.retain_mut(|it| {
                let Some(resource) = it.resources.next() else { return false };
                self.judge(it.rule, &resource, &it.around);
                true
            });
        }
    }

    fn say(&self, verdict: Verdict) {
        self.verdicts.verdict(verdict, &self.gaps.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Ends a type, if all its places are done.
    fn end(&self, state: &mut State, kind: &'static ResourceType) {
        let done = |place: &String| state.done.contains_key(&(kind.name, place.clone()));
        if !self.places_of(kind).iter().all(done) {
            return;
        }
        let first = state.ended.insert(kind.name);
        let kept = match state.complete.get(kind.name) {
            Some(complete) => Arc::clone(&complete.kept),
            None if first && self.looked_up.contains(kind.name) => {
                Arc::new(state.kept.remove(kind.name).unwrap_or_default())
            }
            None => return,
        };
        let of_kind = state.done.range((kind.name, String::new())..);
        let by_place: BTreeMap<String, Gaps> = of_kind
            .take_while(|((name, _), _)| *name == kind.name)
            .map(|((_, place), missing)| (place.clone(), missing.clone()))
            .collect();
        let missing = by_place.values().fold(Gaps::NONE, |all, missing| all.union(missing));
        state.complete.insert(kind.name, Arc::new(Complete { kept, missing, by_place }));
    }

    /// Takes out what waited for types that are complete now, type by type.
    fn ready(&self, state: &mut State) -> BTreeMap<&'static str, Vec<Ready<'_>>> {
        let keys: Vec<VariantKey> = state.waiting.keys().copied().collect();
        let mut ready: BTreeMap<&'static str, Vec<Ready<'_>>> = BTreeMap::new();
        for key in keys {
            let around = self.variant(key).and_then(|it| Around::of(self, it, &state.complete));
            let Some(around) = around else { continue };
            let resources = state.waiting.remove(&key).unwrap_or_default().into_iter();
            ready.entry(key.1).or_default().push(Ready { rule: key.0, around, resources });
        }
        ready
    }

    /// Forgets what nobody can look up any more: the resources that would do so
    /// are all judged, and no more of them can come.
    fn forget(&self, state: &mut State) {
        let State { complete, waiting, ended, .. } = state;
        let rules = self.catalogue.rules().iter().enumerate();
        let pending = rules.flat_map(|(number, rule)| {
            rule.variants
                .iter()
                .filter(move |variant| !variant.lookups.is_empty())
                .map(move |variant| ((number, variant.kind.name), variant))
        });
        let needed: BTreeSet<&'static str> = pending
            .filter(|(key, _)| !ended.contains(key.1) || waiting.contains_key(key))
            .flat_map(|(_, variant)| variant.lookups.iter().copied())
            .collect();
        complete.retain(|kind, _| needed.contains(kind));
    }

    fn places_of(&self, kind: &ResourceType) -> Vec<String> {
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
        let nothing = Around::nothing(self);
        let mut later = Vec::new();
        for (number, variant) in self.variants_of(kind) {
            if variant.lookups.is_empty() {
                self.judge(number, &resource, &nothing);
            } else {
                later.push((number, variant));
            }
        }
        let keep = self.looked_up.contains(kind.name);
        if later.is_empty() && !keep {
            return;
        }
        let mut state = self.state();
        if state.ended.contains(kind.name) {
            // A task that was stopped comes late: what it would look up may be
            // forgotten already, and its type counts as not known.
            return;
        }
        if keep {
            state.kept.entry(kind.name).or_default().add(Arc::clone(&resource));
        }
        let mut ready = Vec::new();
        for (number, variant) in later {
            match Around::of(self, variant, &state.complete) {
                Some(around) => ready.push((number, around)),
                None => {
                    let waiting = state.waiting.entry((number, kind.name)).or_default();
                    waiting.push(Arc::clone(&resource));
                }
            }
        }
        drop(state);
        for (number, around) in ready {
            self.judge(number, &resource, &around);
        }
    }

    fn gap(&self, gap: Gap) -> GapId {
        self.number(gap)
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
        self.end(&mut state, kind);
        let ready = self.ready(&mut state);
        self.forget(&mut state);
        drop(state);
        for rules in ready.into_values() {
            self.judge_ready(rules);
        }
    }
}
