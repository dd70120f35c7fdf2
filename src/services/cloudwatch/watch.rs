//! The way from an event to somebody who reads about it: a trail that records
//! everything, its log group, a metric filter, an alarm on the metric, and a topic
//! that somebody has subscribed to.

use super::event::{Coverage, coverage};
use super::pattern::{Pattern, parse};
use super::questions::Watch;
use super::recommended::{Recommendation, events};
use super::{Alarm, MetricFilter, MetricTransformation};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::services::cloudtrail::delivery::{Delivery, deliveries};
use crate::services::{Asking, Decided};

/// How many events that nothing matches are named.
const NAMED: usize = 3;

/// A filter with all that lies before and behind it.
struct Chain {
    /// For people: the filter and its log group.
    label: String,
    pattern: Decided<Pattern>,
    /// Trail and alarm do their part.
    works: Decided<bool>,
    /// The alarms that may.
    alarms: Vec<String>,
}

/// What is known of the chains.
#[derive(Default)]
struct Known {
    chains: Vec<Chain>,
    /// Something that may watch as well: not seen, or not to be seen from here.
    beside: Vec<Gaps>,
    reasons: Vec<String>,
}

/// Answers whether somebody hears of every event of a recommendation.
pub(super) fn watched(asking: &dyn Asking, recommendation: Recommendation) -> Value {
    // The same for every recommendation.
    let known = asking.memo().of("", || chains(asking));
    let mut reasons = known.reasons.clone();
    let mut alarms: Vec<String> = Vec::new();
    let mut unmatched: Vec<String> = Vec::new();
    let mut parts = Vec::new();
    for event in events(recommendation) {
        let mut ways: Vec<Decided<bool>> =
            known.beside.iter().map(|gaps| Decided::Unknown(gaps.clone())).collect();
        let mut missed = event.name.clone();
        for chain in &known.chains {
            let matches = match &chain.pattern {
                Decided::Unknown(gaps) => Decided::Unknown(gaps.clone()),
                Decided::Known(pattern) => match coverage(pattern, &event) {
                    Coverage::All => Decided::Known(true),
                    Coverage::Misses(what) => {
                        // A filter that is about the event, but leaves some out, says more.
                        if what != event.name {
                            missed = format!("{what} (filter {})", chain.label);
                        }
                        Decided::Known(false)
                    }
                    Coverage::Open => Decided::Unknown(Gaps::NONE),
                },
            };
            let way = Decided::all([&matches, &chain.works]);
            if way != Decided::Known(false) {
                note(&chain.alarms, &mut alarms);
            } else if matches == Decided::Known(true) {
                note(
                    &[format!("nobody hears of what filter {} counts", chain.label)],
                    &mut reasons,
                );
            }
            if matches == Decided::Unknown(Gaps::NONE) && chain.works != Decided::Known(false) {
                let undecided = format!("filter {} cannot be decided", chain.label);
                note(&[undecided], &mut reasons);
            }
            ways.push(way);
        }
        let way = Decided::any(&ways, &Gaps::NONE);
        if way == Decided::Known(false) {
            unmatched.push(missed);
        }
        parts.push(way);
    }
    if !unmatched.is_empty() {
        let more = unmatched.len().saturating_sub(NAMED);
        unmatched.truncate(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        reasons.push(format!("no alarm for {}{more}", unmatched.join(", ")));
    }
    Watch { watched: Decided::all(&parts), alarms, reasons }.into_value()
}

/// Adds what is not there yet.
fn note(new: &[String], to: &mut Vec<String>) {
    for one in new {
        if !to.contains(one) {
            to.push(one.clone());
        }
    }
}

fn chains(asking: &dyn Asking) -> Known {
    let mut known = Known::default();
    let (trails, missing) = deliveries(asking);
    if !missing.is_empty() {
        known.beside.push(missing);
    }
    for trail in trails {
        if trail.complete == Decided::Known(false) {
            note(&trail.lacks, &mut known.reasons);
            continue;
        }
        if trail.owner.as_deref() != Some(asking.account()) {
            elsewhere(&trail, &mut known);
            continue;
        }
        match &trail.log_group {
            Fact::Absent => {
                let reason = format!("{} has no log group", trail.label);
                note(&[reason], &mut known.reasons);
            }
            Fact::Unknown(gaps) => known.beside.push(gaps.clone()),
            Fact::Known(arn) => match place_of(arn) {
                Some((region, account, group)) if account == asking.account() => {
                    of_group(asking, &trail, region, group, &mut known);
                }
                Some(_) => elsewhere(&trail, &mut known),
                None => {
                    known.beside.push(Gaps::NONE);
                    note(&[format!("{arn} is not the ARN of a log group")], &mut known.reasons);
                }
            },
        }
    }
    known
}

/// A trail whose log group is in another account: filters and alarms are there.
fn elsewhere(trail: &Delivery, known: &mut Known) {
    let gaps = match &trail.complete {
        Decided::Unknown(gaps) => gaps.clone(),
        Decided::Known(_) => Gaps::NONE,
    };
    known.beside.push(gaps);
    let owner = trail.owner.as_deref().unwrap_or("another account");
    let label = &trail.label;
    let reason = format!(
        "{label} belongs to {owner}: its log group, filters and alarms cannot be seen from here"
    );
    note(&[reason], &mut known.reasons);
}

/// Region, account and name in `arn:aws:logs:eu-west-1:111122223333:log-group:name:*`.
fn place_of(arn: &str) -> Option<(&str, &str, &str)> {
    let mut parts = arn.split(':').skip(3);
    let (region, account) = (parts.next()?, parts.next()?);
    let name = parts.next().filter(|noun| *noun == "log-group").and_then(|_| parts.next())?;
    (!region.is_empty() && !name.is_empty()).then_some((region, account, name))
}

/// The chains through a trail's log group.
fn of_group(asking: &dyn Asking, trail: &Delivery, region: &str, group: &str, known: &mut Known) {
    let (filters, missing) = asking.all_in("cloudwatch.metric-filter", region);
    if !missing.is_empty() {
        known.beside.push(missing);
    }
    let (alarms, hidden) = asking.all_in("cloudwatch.alarm", region);
    let mut any = false;
    for resource in filters {
        let Some(filter) = MetricFilter::from_value(&resource.document) else { continue };
        match &filter.log_group {
            Fact::Known(name) if name == group => {}
            Fact::Known(_) | Fact::Absent => continue,
            // It may be this group's.
            Fact::Unknown(gaps) => {
                known.beside.push(gaps.clone());
                continue;
            }
        }
        any = true;
        let (heard, named) = alarms_of(&filter, &alarms, &hidden);
        known.chains.push(Chain {
            label: format!("{} of {group} ({region})", resource.id),
            pattern: pattern_of(&filter),
            works: Decided::all([&trail.complete, &heard]),
            alarms: named,
        });
    }
    if !any {
        note(&[format!("log group {group} ({region}) has no metric filter")], &mut known.reasons);
    }
}

/// A filter that looks at other things than the events as they come is another
/// matter.
fn pattern_of(filter: &MetricFilter) -> Decided<Pattern> {
    let mut gaps = Gaps::NONE;
    let mut otherwise = false;
    match &filter.transformed {
        Fact::Known(transformed) => otherwise |= transformed,
        Fact::Absent => {}
        Fact::Unknown(hidden) => gaps = gaps.union(hidden),
    }
    match &filter.selection {
        Fact::Known(_) => otherwise = true,
        Fact::Absent => {}
        Fact::Unknown(hidden) => gaps = gaps.union(hidden),
    }
    let pattern = match &filter.pattern {
        Fact::Known(text) => parse(text),
        Fact::Absent => Pattern::Everything,
        Fact::Unknown(hidden) => {
            gaps = gaps.union(hidden);
            Pattern::Other
        }
    };
    match (otherwise, gaps.is_empty()) {
        (true, _) => Decided::Known(Pattern::Other),
        (false, true) => Decided::Known(pattern),
        (false, false) => Decided::Unknown(gaps),
    }
}

/// Whether somebody hears of what a filter counts, and by which alarms.
fn alarms_of(
    filter: &MetricFilter,
    alarms: &[&Resource],
    hidden: &Gaps,
) -> (Decided<bool>, Vec<String>) {
    let transformations = match &filter.transformations {
        Fact::Known(transformations) => transformations,
        Fact::Unknown(gaps) => return (Decided::Unknown(gaps.clone()), Vec::new()),
        Fact::Absent => return (Decided::Known(false), Vec::new()),
    };
    let own_dimensions =
        filter.system_dimensions.as_ref().map(|names| !names.is_empty()).decided_or(false);
    let mut ways = Vec::new();
    let mut named = Vec::new();
    for transformation in transformations {
        for resource in alarms {
            let Some(alarm) = Alarm::from_value(&resource.document) else { continue };
            let way = match measures(&alarm, transformation, &own_dimensions) {
                Decided::Known(false) => continue,
                measures => Decided::all([&measures, &is_heard(&alarm)]),
            };
            if way != Decided::Known(false) {
                named.push(format!("{} ({})", resource.id, resource.region));
            }
            ways.push(way);
        }
    }
    (Decided::any(&ways, hidden), named)
}

/// Whether an alarm is on the metric that a filter counts into. What an alarm
/// makes of several metrics, and of dimensions, cannot be said.
fn measures(
    alarm: &Alarm,
    transformation: &MetricTransformation,
    own_dimensions: &Decided<bool>,
) -> Decided<bool> {
    let fact = |fact: &Fact<String>, wanted: &str| {
        fact.as_ref().map(|value| value == wanted).decided_or(false)
    };
    let computes = match &alarm.metrics {
        Fact::Known(metrics) => metrics.iter().any(|metric| {
            metric.name.as_deref() == Some(&*transformation.name)
                && metric.namespace.as_deref() == Some(&*transformation.namespace)
        }),
        Fact::Absent => false,
        Fact::Unknown(gaps) => return Decided::Unknown(gaps.clone()),
    };
    if computes {
        return Decided::Unknown(Gaps::NONE);
    }
    let same = Decided::all([
        &fact(&alarm.metric, &transformation.name),
        &fact(&alarm.namespace, &transformation.namespace),
    ]);
    let given = transformation.dimensions.as_ref().is_some_and(|names| !names.is_empty());
    let counted = Decided::any([&Decided::Known(given), own_dimensions], &Gaps::NONE);
    let asked =
        alarm.dimensions.as_ref().map(|dimensions| !dimensions.is_empty()).decided_or(false);
    let fits = match (counted, asked) {
        (Decided::Known(false), Decided::Known(false)) => Decided::Known(true),
        (Decided::Known(true), Decided::Known(true)) => Decided::Unknown(Gaps::NONE),
        (Decided::Known(_), Decided::Known(_)) => Decided::Known(false),
        (Decided::Unknown(one), Decided::Unknown(other)) => Decided::Unknown(one.union(&other)),
        (Decided::Unknown(gaps), _) | (_, Decided::Unknown(gaps)) => Decided::Unknown(gaps),
    };
    Decided::all([&same, &fits])
}

/// Whether an alarm that goes off reaches somebody: it publishes to a topic with a
/// confirmed subscription.
fn is_heard(alarm: &Alarm) -> Decided<bool> {
    let enabled = alarm.actions_enabled.clone().decided_or(false);
    let actions = match &alarm.alarm_actions {
        Fact::Known(actions) => actions,
        Fact::Absent => return Decided::Known(false),
        Fact::Unknown(gaps) => return Decided::all([&enabled, &Decided::Unknown(gaps.clone())]),
    };
    if !actions.iter().any(|action| is_topic(action)) {
        return Decided::Known(false);
    }
    let subscribed = match &alarm.subscriptions {
        Fact::Known(subscriptions) => {
            let confirmed = subscriptions.items.iter().any(|subscription| {
                subscription.arn.starts_with("arn:") && actions.contains(&subscription.topic)
            });
            Decided::any([&Decided::Known(confirmed)], &subscriptions.missing)
        }
        Fact::Absent => Decided::Known(false),
        Fact::Unknown(gaps) => Decided::Unknown(gaps.clone()),
    };
    Decided::all([&enabled, &subscribed])
}

/// Whether an action publishes to a topic.
pub(super) fn is_topic(action: &str) -> bool {
    action.split(':').nth(2) == Some("sns")
}

/// Whether there is a trail at all: without one there is nothing to watch.
pub(super) fn has_trail(asking: &dyn Asking) -> Value {
    let (trails, missing) = asking.all("cloudtrail.trail");
    Decided::any([&Decided::Known(!trails.is_empty())], &missing).into_value()
}
