//! The values that a request can have under one key, one for each way in which the
//! policy's conditions can turn out.

use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;

use ipnet::IpNet;

use super::addresses;
use super::ast::Condition;
use super::keys::{self, Control, Presence};
use super::oidc_subjects;
use super::operators::{Compare, Test};
use super::partition::{self, TooMany};
use super::pattern::{Pattern, Style};
use super::values;
use super::world::{Standing, World};

/// The values of one key in one request, and what each condition on the key makes of them.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// None: the request does not have the key.
    pub(super) values: Vec<String>,
    /// In the order of the conditions.
    pub(super) truth: Vec<bool>,
}

/// All candidates for a key under these conditions.
pub(super) fn candidates(
    key: &str,
    conditions: &[&Condition],
    world: &World,
    fixed: Option<&Option<String>>,
) -> Result<Vec<Candidate>, TooMany> {
    let value_of = |k: &str| world.variable(k);
    let (presence, control) = world.lookup(key);
    let mut sets: Vec<Vec<String>> = Vec::new();
    if let Some(value) = fixed {
        sets.push(value.iter().cloned().collect());
    } else {
        // Of two values that the conditions do not tell apart the first is kept.
        if keys::can_be_left_out(key, world.kind) {
            sets.push(Vec::new());
        }
        if presence != Presence::Never {
            let pool = pool(key, control, conditions, world)?;
            sets.extend(pool.iter().map(|v| vec![v.clone()]));
            // One condition alone is met, or not, by a single value already.
            let of_sets = conditions.iter().any(|c| c.operator.set.is_some());
            if conditions.len() > 1 && of_sets && !keys::is_single_valued(key) {
                let truth = |values: &[String]| -> Vec<bool> {
                    conditions.iter().map(|c| c.holds(values, &value_of)).collect()
                };
                sets.extend(combinations(pool, &truth)?);
            }
        }
        if presence != Presence::Always || (sets.is_empty() && control == Control::Identity) {
            sets.push(Vec::new());
        }
    }
    let mut seen: HashSet<Vec<bool>> = HashSet::new();
    let mut found: Vec<Candidate> = Vec::new();
    for values in sets {
        let truth: Vec<bool> = conditions.iter().map(|c| c.holds(&values, &value_of)).collect();
        if seen.insert(truth.clone()) {
            found.push(Candidate { values, truth });
        }
    }
    Ok(found)
}

/// Sets of several values, for the operators that look at all of them: one for each way in
/// which the conditions can turn out. What a further value changes follows from how they
/// turned out before, so that only the first set of each way is made longer.
fn combinations(
    pool: Vec<String>,
    truth: &dyn Fn(&[String]) -> Vec<bool>,
) -> Result<Vec<Vec<String>>, TooMany> {
    const MOST: usize = 1000;
    let mut seen: HashSet<Vec<bool>> = HashSet::new();
    // A value without characters counts for none as long as it is alone.
    let apart = |value: &String| {
        let one = std::slice::from_ref(value);
        value.is_empty() || seen.insert(truth(one))
    };
    let singles: Vec<String> = pool.into_iter().filter(apart).collect();
    let mut sets: Vec<Vec<String>> = singles.iter().map(|v| vec![v.clone()]).collect();
    let mut next = 0;
    while let Some(set) = sets.get(next).cloned() {
        for value in singles.iter().filter(|v| !set.contains(v)) {
            let longer: Vec<String> = set.iter().chain([value]).cloned().collect();
            if seen.insert(truth(&longer)) {
                sets.push(longer);
            }
        }
        if sets.len() > MOST {
            return Err(TooMany);
        }
        next += 1;
    }
    Ok(sets.split_off(singles.len()))
}

/// Single values that between them meet every combination of the conditions.
fn pool(
    key: &str,
    control: Control,
    conditions: &[&Condition],
    world: &World,
) -> Result<Vec<String>, TooMany> {
    if control == Control::Identity {
        return Ok(world.variable(key).into_iter().collect());
    }
    if let Some(value) = world.owners_value(key) {
        return Ok(vec![value]);
    }
    let mut pool: Vec<String> = Vec::new();
    let mut text = conditions.is_empty();
    let (mut nets, mut dates, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for condition in conditions {
        let texts = || condition.values.iter().map(super::pattern::Template::text);
        match condition.operator.test {
            Test::Bool => pool.extend(["true".to_owned(), "false".to_owned()]),
            Test::IpAddress => nets.extend(texts().filter_map(values::parse_net)),
            Test::Date(_) => dates.extend(texts().filter_map(values::parse_date)),
            Test::Numeric(_) => numbers.extend(texts().map(str::to_owned)),
            Test::Binary => pool.extend(texts().map(str::to_owned)),
            Test::String(_) | Test::Arn | Test::Null => text = true,
        }
    }
    if control == Control::Clock {
        return Ok(times(dates, &numbers, world.now, conditions));
    }
    if !nets.is_empty() || control == Control::Network {
        let inner = world.standing == Standing::Stranger && control == Control::Network;
        pool.extend(addresses::of_ranges(&nets, inner));
    }
    pool.extend(dates.iter().flat_map(|d| around(*d)).map(values::format_date));
    pool.extend(numbers.iter().flat_map(|n| numbers_around(n)));
    if text && control != Control::Network {
        pool.extend(texts(control, conditions, world)?);
    }
    let as_text = texts_of_addresses(conditions);
    if control == Control::Network {
        pool.extend(addresses::of_texts(&as_text, world.standing == Standing::Stranger)?);
    }
    if world.standing == Standing::Stranger {
        let held: Vec<IpNet> = nets.iter().copied().filter(|n| addresses::is_holders(*n)).collect();
        let mut held_texts: Vec<Pattern> = Vec::new();
        for (text, style) in as_text {
            if addresses::is_holders_text(&text, style) {
                held_texts.push(Pattern::from_text(&text, style));
            }
        }
        pool.retain(|value| match control {
            Control::Network => value.parse().is_ok_and(|a: IpAddr| {
                !addresses::is_private(a)
                    && !held.iter().any(|n| n.contains(&a))
                    && !held_texts.iter().any(|p| p.matches(value))
            }),
            Control::Assigned(_) => !is_somebody_elses(key, value, conditions, world),
            _ => true,
        });
    }
    Ok(pool)
}

/// The texts that addresses are compared with, as text.
fn texts_of_addresses(conditions: &[&Condition]) -> Vec<(String, Style)> {
    let as_text = conditions.iter().filter(|c| matches!(c.operator.test, Test::String(_)));
    as_text
        .filter_map(|c| Some((c, c.operator.test.style()?)))
        .flat_map(|(c, style)| c.values.iter().map(move |v| (v.text().to_owned(), style)))
        .collect()
}

/// Whether a value belongs to whom one of the conditions names.
fn is_somebody_elses(key: &str, value: &str, conditions: &[&Condition], world: &World) -> bool {
    let number = values::Decimal::parse(value);
    conditions.iter().any(|c| {
        if c.operator.test == Test::Numeric(Compare::Equal) {
            let mut named = c.values.iter().map(|v| values::Decimal::parse(v.text()));
            return number.is_some() && named.any(|v| v == number);
        }
        let Some(style) = c.operator.test.style() else { return false };
        c.values.iter().any(|template| {
            let text = world.fill_owner(template.text());
            let literal =
                matches!(style, Style::Equal | Style::EqualIgnoreCase) && !text.contains("${");
            keys::belongs_to_one(key, &text, literal)
                && template.compile(style, &|k| world.variable(k)).is_some_and(|p| p.matches(value))
        })
    })
}

fn texts(
    control: Control,
    conditions: &[&Condition],
    world: &World,
) -> Result<Vec<String>, TooMany> {
    let universes = world.universes(control);
    let stranger = world.standing == Standing::Stranger;
    // Where several values count together, every further one costs.
    let single = conditions.iter().all(|c| c.operator.set.is_none());
    let mut patterns = Vec::new();
    let mut found: Vec<String> = Vec::new();
    let mut empty = false;
    for condition in conditions {
        let Some(style) = condition.operator.test.style() else { continue };
        for template in &condition.values {
            empty |= template.text().is_empty();
            if stranger {
                found.extend(oidc_subjects::usual(&condition.key, template.text()));
            }
            // What a wildcard stands for, so that it reads well in a witness.
            let wild = single && matches!(style, Style::Like | Style::Arn);
            if stranger && wild && template.text().contains(['*', '?']) {
                let filled = template.text().replace('*', "stranger").replace('?', "x");
                found.extend(Some(filled).filter(|text| universes.iter().any(|u| u.matches(text))));
            }
            if let Some(pattern) = template.compile(style, &|k| world.variable(k)) {
                patterns.push(pattern);
            }
        }
    }
    if stranger {
        found.extend(conditions.first().and_then(|c| oidc_subjects::usual(&c.key, "*")));
    }
    for universe in universes {
        found.extend(partition::representatives(&patterns, &universe)?);
    }
    if empty && !matches!(control, Control::Assigned(_)) {
        found.push(String::new());
    }
    Ok(found)
}

/// Moments before, at and after each date, and now; none before now.
fn times(
    dates: Vec<i64>,
    numbers: &[String],
    now: Option<i64>,
    conditions: &[&Condition],
) -> Vec<String> {
    const SOME_DAY: i64 = 1_767_225_600_000;
    let numeric = conditions.iter().any(|c| matches!(c.operator.test, Test::Numeric(_)));
    let from_numbers = numbers.iter().filter_map(|n| n.parse::<i64>().ok()?.checked_mul(1000));
    let mut moments: BTreeSet<i64> =
        dates.into_iter().chain(from_numbers).flat_map(around).collect();
    moments.insert(now.unwrap_or(SOME_DAY));
    moments
        .into_iter()
        .filter(|m| now.is_none_or(|now| *m >= now))
        .map(|m| if numeric { m.div_euclid(1000).to_string() } else { values::format_date(m) })
        .collect()
}

fn around(millis: i64) -> [i64; 3] {
    [millis.saturating_sub(1000), millis, millis.saturating_add(1000)]
}

/// A number, one below and one above it.
fn numbers_around(text: &str) -> Vec<String> {
    let whole = text.split('.').next().and_then(|w| w.parse::<i64>().ok());
    let mut found = vec![text.to_owned()];
    if let Some(whole) = whole {
        found.push(whole.saturating_sub(1).to_string());
        found.push(whole.saturating_add(1).to_string());
    }
    found
}

impl World {
    /// The forms that a value of this control has.
    fn universes(&self, control: Control) -> Vec<Pattern> {
        let like = |text: &str| Pattern::from_text(text, Style::Like);
        let Control::Assigned(form) = control else { return vec![like("?*")] };
        if self.standing != Standing::Stranger {
            return vec![like("?*")];
        }
        let account = &self.stranger;
        // An ARN's wildcards stay in their segments.
        let arn = |text: &str| {
            let text = text.replace(":aws:", &format!(":{}:", self.partition));
            Pattern::from_text(&text.replace("{account}", account), Style::Arn)
        };
        match form {
            "{userid}" => vec![like(&self.user_id_form())],
            // The usual form first; some services' ARNs have no region, and buckets' no account.
            "{source}" => vec![
                arn("arn:aws:?*:us-east-1:{account}:?*"),
                arn("arn:aws:?*:*:{account}:?*"),
                arn("arn:aws:s3:::?*"),
            ],
            "*" | "o-*" | "vpc-*" | "vpce-*" => vec![like(&form.replace('*', "?*"))],
            // Access points of several regions have none in their ARN.
            form if form.starts_with("arn:aws:s3:*:") => {
                let of_region =
                    |region: &str| arn(&form.replacen('*', region, 1).replace("/*", "/?*"));
                vec![of_region("us-east-1"), of_region("?*"), of_region("")]
            }
            form if form.starts_with("arn:") => {
                let long = form.replace('*', "?*");
                vec![arn(&long.replace(":?*:{account}", ":us-east-1:{account}")), arn(&long)]
            }
            form => vec![like(&form.replace("{account}", account))],
        }
    }
}
