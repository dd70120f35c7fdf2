//! What rules may look up: the resources of a type, once all of them are there.

use super::{Account, Judge};
use crate::inventory::{GLOBAL, Gap, Gaps, Operation, Resource};
use crate::rules::Variant;
use crate::services::{Asking, Memo};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

/// The resources of one type.
#[derive(Default)]
pub(super) struct Kept {
    resources: Vec<Arc<Resource>>,
    by_name: HashMap<Arc<str>, usize>,
    /// By region and ARN; sorted when it is first asked for.
    in_order: OnceLock<Vec<Arc<Resource>>>,
}

impl Kept {
    pub(super) fn add(&mut self, resource: Arc<Resource>) {
        let index = self.resources.len();
        self.by_name.insert(Arc::clone(&resource.arn), index);
        // Two policies may have one name; their ARNs differ and come first.
        self.by_name.entry(Arc::clone(&resource.id)).or_insert(index);
        self.resources.push(resource);
        self.in_order.take();
    }

    /// All, by region and ARN.
    pub(super) fn in_order(&self) -> &[Arc<Resource>] {
        self.in_order.get_or_init(|| {
            let mut resources = self.resources.clone();
            resources.sort_by(|a, b| (&a.region, &a.arn).cmp(&(&b.region, &b.arn)));
            resources
        })
    }

    /// Those in one region, by ARN.
    pub(super) fn in_region(&self, region: &str) -> &[Arc<Resource>] {
        let all = self.in_order();
        let first = all.partition_point(|resource| resource.region.as_ref() < region);
        let behind = all.partition_point(|resource| resource.region.as_ref() <= region);
        all.get(first..behind).unwrap_or_default()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Resource> {
        self.by_name.get(key).and_then(|index| self.resources.get(*index)).map(Arc::as_ref)
    }
}

/// A type of which everything was fed.
#[derive(Default)]
pub(super) struct Complete {
    /// Its resources.
    pub(super) kept: Arc<Kept>,
    /// The gaps that may hide more of them, in any region.
    pub(super) missing: Gaps,
    /// The same for each place that was read.
    pub(super) by_place: BTreeMap<String, Gaps>,
}

/// What lies around a resource: the types that the rule looks up, and nothing
/// for a rule that looks nothing up.
pub(super) struct Around<'a> {
    pub(super) judge: &'a Judge,
    pub(super) types: BTreeMap<&'static str, Arc<Complete>>,
}

impl<'a> Around<'a> {
    /// For rules that look nothing up.
    pub(super) fn nothing(judge: &'a Judge) -> Self {
        Self { judge, types: BTreeMap::new() }
    }

    /// What a variant looks up, if all of it is there.
    pub(super) fn of(
        judge: &'a Judge,
        variant: &Variant,
        complete: &BTreeMap<&'static str, Arc<Complete>>,
    ) -> Option<Self> {
        let types = variant
            .lookups
            .iter()
            .map(|kind| Some((*kind, Arc::clone(complete.get(kind)?))))
            .collect::<Option<_>>()?;
        Some(Self { judge, types })
    }

    fn judged(&self) -> &Account {
        self.judge.account()
    }

    /// The gaps that may hide resources of a type in one region.
    fn missing_in(&self, kind: &str, complete: &Complete, region: &str) -> Gaps {
        let Some(kind) = crate::services::type_named(kind) else { return Gaps::NONE };
        // What lies in regions that nobody could name is hidden for the account.
        let everywhere = complete.by_place.get(GLOBAL).cloned().unwrap_or_default();
        let here = complete.by_place.get(region).cloned().unwrap_or_else(|| {
            // The last operation of a listing is the one that asks region by region.
            let listing = kind.listings.first().and_then(|listing| listing.last());
            listing
                .map(|operation| self.judge.number(not_read(operation, region)))
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
        let Some(complete) = self.types.get(kind) else { return (None, Gaps::NONE) };
        match complete.kept.get(key) {
            Some(resource) => (Some(resource), Gaps::NONE),
            None => (None, complete.missing.clone()),
        }
    }

    fn all(&self, kind: &str) -> (Vec<&Resource>, Gaps) {
        let Some(complete) = self.types.get(kind) else { return (Vec::new(), Gaps::NONE) };
        let all = complete.kept.in_order();
        (all.iter().map(Arc::as_ref).collect(), complete.missing.clone())
    }

    fn all_in(&self, kind: &str, region: &str) -> (Vec<&Resource>, Gaps) {
        let Some(complete) = self.types.get(kind) else { return (Vec::new(), Gaps::NONE) };
        let here = complete.kept.in_region(region);
        let missing = self.missing_in(kind, complete, region);
        (here.iter().map(Arc::as_ref).collect(), missing)
    }

    fn account(&self) -> &str {
        &self.judged().id
    }

    fn partition(&self) -> &str {
        &self.judged().partition
    }

    fn known_accounts(&self) -> &[String] {
        &self.judged().known_accounts
    }

    fn now(&self) -> Timestamp {
        self.judged().now
    }

    fn memo(&self) -> &Memo {
        self.judge.memo()
    }
}
