//! What a role may read, without judging anything.

use super::resource_types;
use crate::aws::{Context, NoSuchRegion, Plan, Session};
use crate::inventory::{Gap, GapId, GapTable, Gaps, Operation, Resource, ResourceType, Sink};
use crate::rules::Catalogue;
use crate::services::collect::collect_all;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// What was refused, and what that leaves undecided.
#[derive(Clone, Debug, PartialEq)]
pub struct Probed {
    /// The calls that got no answer, in order.
    pub gaps: Vec<Gap>,
    /// The ids of the rules that would be unknown, in order.
    pub unknown_rules: Vec<String>,
}

/// Makes each call that the rules need, about one resource of each list, in
/// one region.
///
/// # Errors
/// A chosen region is none.
pub async fn probe(
    session: Arc<Session>,
    catalogue: &Catalogue,
    regions: &[String],
) -> Result<Probed, NoSuchRegion> {
    let rules = catalogue.rules();
    let names: BTreeSet<&'static str> = rules
        .iter()
        .flat_map(|rule| &rule.variants)
        .flat_map(|variant| variant.lookups.iter().copied().chain([variant.kind.name]))
        .collect();
    let operations: BTreeSet<&'static Operation> =
        rules.iter().flat_map(|rule| rule.operations()).collect();
    let sink = Arc::new(GapsOnly::default());
    let mut asked = session.regions(regions).await?;
    if let Some(gap) = asked.gap.take() {
        sink.gap(gap);
    }
    let home = session.home_region().to_owned();
    if !asked.read.contains(&home) {
        asked.read.truncate(1);
    } else {
        asked.read = vec![home];
    }
    let plan = Plan::new(resource_types(&names), operations).sampled();
    let context =
        Context::new(Arc::clone(&session), Arc::clone(&sink) as Arc<dyn Sink>, asked, plan);
    collect_all(&context).await;
    let table = sink.table.lock().unwrap_or_else(PoisonError::into_inner);
    let mut gaps: Vec<Gap> = table.iter().map(|(_, gap)| gap.clone()).collect();
    gaps.sort();
    let refused: BTreeSet<&str> = gaps.iter().map(|gap| gap.operation.as_str()).collect();
    let unknown_rules = rules
        .iter()
        .filter(|rule| rule.operations().iter().any(|op| refused.contains(op.id().as_str())))
        .map(|rule| rule.rule.id.clone())
        .collect();
    Ok(Probed { gaps, unknown_rules })
}

#[derive(Default)]
struct GapsOnly {
    table: Mutex<GapTable>,
}

impl Sink for GapsOnly {
    fn resource(&self, _resource: Resource) {}

    fn gap(&self, gap: Gap) -> GapId {
        self.table.lock().unwrap_or_else(PoisonError::into_inner).number(gap)
    }

    fn done(&self, _kind: &'static ResourceType, _region: &str, _missing: Gaps) {}
}
