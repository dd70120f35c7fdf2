//! What the trails of an account record.

use super::coverage::{Event, Kind, TooMany, missed};
use super::{AdvancedEventSelector, Trail, selectors, works_in};
use crate::inventory::{Gaps, Resource, Shape};
use crate::services::{Asking, Decided};

/// A trail, and what is known of it.
pub(super) struct Known<'a> {
    pub(super) resource: &'a Resource,
    pub(super) multi_region: Decided<bool>,
    pub(super) logging: Decided<bool>,
    pub(super) selectors: Decided<Vec<AdvancedEventSelector>>,
}

impl Known<'_> {
    /// For people: the name, and where the trail was made.
    pub(super) fn label(&self) -> String {
        format!("{} ({})", self.resource.id, self.resource.region)
    }
}

/// All trails, and the gaps that may hide more.
pub(super) fn trails(asking: &dyn Asking) -> (Vec<Known<'_>>, Gaps) {
    let (resources, missing) = asking.all("cloudtrail.trail");
    let known = resources.into_iter().filter_map(|resource| {
        let trail = Trail::from_value(&resource.document)?;
        Some(Known {
            resource,
            selectors: selectors::of_trail(&trail),
            multi_region: trail.multi_region.decided_or(false),
            logging: trail.logging.decided_or(false),
        })
    });
    (known.collect(), missing)
}

/// Whether one trail alone records all management events of all regions, and
/// what it lacks.
pub(super) fn records_management(trail: &Known<'_>) -> (Decided<bool>, Vec<String>) {
    let kind = Kind { fixed: &[("eventCategory", "Management")], arns: "" };
    let mut lacks = Vec::new();
    if trail.multi_region == Decided::Known(false) {
        lacks.push(format!("{} works in one region only", trail.label()));
    }
    if trail.logging == Decided::Known(false) {
        lacks.push(format!("{} is stopped", trail.label()));
    }
    let complete = match &trail.selectors {
        Decided::Unknown(gaps) => Decided::Unknown(gaps.clone()),
        Decided::Known(selectors) => match missed(&selectors.iter().collect::<Vec<_>>(), &kind) {
            Ok(None) => Decided::Known(true),
            Ok(Some(event)) => {
                let events = described(&event, "management events");
                lacks.push(format!("{} does not record {events}", trail.label()));
                Decided::Known(false)
            }
            Err(TooMany) => {
                lacks.push(format!("{} has more filters than can be added up", trail.label()));
                Decided::Unknown(Gaps::NONE)
            }
        },
    };
    (Decided::all([&trail.multi_region, &trail.logging, &complete]), lacks)
}

/// What is recorded of a bucket.
pub(super) struct Objects {
    pub(super) recorded: Decided<bool>,
    /// The trails that together record it, or that may.
    pub(super) trails: Vec<String>,
    pub(super) reasons: Vec<String>,
}

/// Whether the trails together record all reads, or all writes, of a bucket's
/// objects.
pub(super) fn records_objects(bucket: &Resource, asking: &dyn Asking, read_only: bool) -> Objects {
    let (known, missing) = trails(asking);
    let read_only = if read_only { "true" } else { "false" };
    let arns = format!("{}/", bucket.arn);
    let kind = Kind {
        fixed: &[
            ("eventCategory", "Data"),
            ("resources.type", "AWS::S3::Object"),
            ("readOnly", read_only),
        ],
        arns: &arns,
    };
    // A trail counts if it works where the bucket is, and logs.
    let parts: Vec<(&Known<'_>, Decided<bool>)> = known
        .iter()
        .map(|trail| {
            let here = works_in(trail.resource, &bucket.region);
            (trail, Decided::all([&here, &trail.logging]))
        })
        .filter(|(_, counts)| *counts != Decided::Known(false))
        .collect();
    let sure = parts.iter().filter(|(_, counts)| *counts == Decided::Known(true));
    let sure: Vec<&AdvancedEventSelector> = sure.flat_map(|(trail, _)| trail.said()).collect();
    let labels = || parts.iter().map(|(trail, _)| trail.label()).collect();
    let undecided = |gaps, reason: &str| Objects {
        recorded: Decided::Unknown(gaps),
        trails: labels(),
        reasons: vec![reason.to_owned()],
    };
    let lacking = match missed(&sure, &kind) {
        Ok(None) => {
            let recorded = Decided::Known(true);
            return Objects { recorded, trails: labels(), reasons: Vec::new() };
        }
        Ok(Some(event)) => described(&event, "such events"),
        Err(TooMany) => return undecided(Gaps::NONE, "more filters than can be added up"),
    };
    // Perhaps with what is not known of the trails, or with trails not seen.
    let mut open = missing.clone();
    let mut perhaps: Vec<&AdvancedEventSelector> = Vec::new();
    let mut anything = !missing.is_empty();
    for (trail, counts) in &parts {
        perhaps.extend(trail.said());
        if let Decided::Unknown(gaps) = counts {
            open = open.union(gaps);
        }
        if let Decided::Unknown(gaps) = &trail.selectors {
            open = open.union(gaps);
            anything = true;
        }
    }
    if anything || covers(&perhaps, &kind) {
        return undecided(open, "not all of the trails could be read");
    }
    Objects {
        recorded: Decided::Known(false),
        trails: labels(),
        reasons: vec![format!("no trail records {lacking}")],
    }
}

/// Whether nothing is missed, or too much to say.
fn covers(selectors: &[&AdvancedEventSelector], kind: &Kind<'_>) -> bool {
    !matches!(missed(selectors, kind), Ok(Some(_)))
}

impl Known<'_> {
    /// What it certainly selects.
    fn said(&self) -> &[AdvancedEventSelector] {
        match &self.selectors {
            Decided::Known(selectors) => selectors,
            Decided::Unknown(_) => &[],
        }
    }
}

/// An event for people: all of its kind, or those with certain fields.
fn described(event: &Event<'_>, kind: &str) -> String {
    if event.is_empty() {
        return kind.to_owned();
    }
    let fields: Vec<String> =
        event.iter().map(|(field, value)| format!("{field} {value}")).collect();
    format!("{kind} with {}", fields.join(" and "))
}
