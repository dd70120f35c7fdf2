//! The values that a request can have under one key, one for each way in which the
//! policy's conditions can turn out.

use std::collections::{BTreeSet, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::ast::Condition;
use super::keys::{self, Control, Presence};
use super::oidc_subjects;
use super::operators::{Compare, Test};
use super::partition::{self, TooMany};
use super::pattern::{Pattern, Style};
use super::values;
use super::world::{Standing, World};

/// An IPv4 range of this length or longer is one holder's; in a broader one strangers
/// have addresses, too.
pub(super) const HOLDER_PREFIX_V4: u8 = 16;
/// The same for IPv6.
pub(super) const HOLDER_PREFIX_V6: u8 = 48;

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
            if conditions.len() > 1 && conditions.iter().any(|c| c.operator.set.is_some()) {
                sets.extend(combinations(&pool)?);
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

/// Sets of several values, for the operators that look at all of them.
fn combinations(pool: &[String]) -> Result<Vec<Vec<String>>, TooMany> {
    const MOST: usize = 40;
    if pool.len() > MOST {
        return Err(TooMany);
    }
    let mut sets = Vec::new();
    for (i, a) in pool.iter().enumerate() {
        for b in pool.iter().skip(i + 1) {
            sets.push(vec![a.clone(), b.clone()]);
        }
    }
    sets.push(pool.to_vec());
    Ok(sets)
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
        pool.extend(addresses(&nets, control, world));
    }
    pool.extend(dates.iter().flat_map(|d| around(*d)).map(values::format_date));
    pool.extend(numbers.iter().flat_map(|n| numbers_around(n)));
    if text && control != Control::Network {
        pool.extend(texts(control, conditions, world)?);
    }
    if control == Control::Network {
        // A text comparison of addresses: the values themselves are the candidates.
        pool.extend(
            conditions.iter().filter(|c| matches!(c.operator.test, Test::String(_))).flat_map(
                |c| {
                    c.values
                        .iter()
                        .map(|v| v.text().to_owned())
                        .filter(|v| v.parse::<IpAddr>().is_ok())
                },
            ),
        );
    }
    if world.standing == Standing::Stranger {
        let as_text = conditions.iter().filter(|c| matches!(c.operator.test, Test::String(_)));
        let alone = as_text.flat_map(|c| &c.values).filter_map(|v| values::parse_net(v.text()));
        let held: Vec<IpNet> =
            nets.iter().copied().chain(alone).filter(|n| is_holders(*n)).collect();
        pool.retain(|value| match control {
            Control::Network => value
                .parse()
                .is_ok_and(|a: IpAddr| !is_private(a) && !held.iter().any(|n| n.contains(&a))),
            Control::Assigned(_) => !is_somebody_elses(key, value, conditions, world),
            _ => true,
        });
    }
    Ok(pool)
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

/// The first and last address of each range, the addresses beside it, and one elsewhere.
fn addresses(nets: &[IpNet], control: Control, world: &World) -> Vec<String> {
    let mut found: Vec<IpAddr> = vec![
        IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1)),
        IpAddr::V6(Ipv6Addr::new(0x2606, 0x50, 0, 0, 0, 0, 0, 1)),
        IpAddr::V4(Ipv4Addr::new(9, 0, 0, 1)),
    ];
    for net in nets {
        found.push(net.network());
        found.push(net.broadcast());
        found.extend(step(net.network(), false));
        found.extend(step(net.broadcast(), true));
        if world.standing == Standing::Stranger && control == Control::Network && !is_holders(*net)
        {
            found.extend(inside(*net, nets));
        }
    }
    found.into_iter().map(|a| a.to_string()).collect()
}

/// An address in a broad range that is in no narrow one and not private: the middle of
/// each gap between them.
fn inside(net: IpNet, nets: &[IpNet]) -> Option<IpAddr> {
    let narrow: Vec<&IpNet> = nets.iter().filter(|n| is_holders(**n)).collect();
    let mut address = net.network();
    for _ in 0..256 {
        if !net.contains(&address) {
            return None;
        }
        if let Some(inner) = narrow.iter().find(|n| n.contains(&address)) {
            address = step(inner.broadcast(), true)?;
        } else if is_private(address) {
            address = step(private_range(address)?.broadcast(), true)?;
        } else {
            return Some(address);
        }
    }
    None
}

fn step(address: IpAddr, up: bool) -> Option<IpAddr> {
    match address {
        IpAddr::V4(a) => {
            let n = u32::from(a);
            let n = if up { n.checked_add(1) } else { n.checked_sub(1) };
            n.map(|n| IpAddr::V4(Ipv4Addr::from(n)))
        }
        IpAddr::V6(a) => {
            let n = u128::from(a);
            let n = if up { n.checked_add(1) } else { n.checked_sub(1) };
            n.map(|n| IpAddr::V6(Ipv6Addr::from(n)))
        }
    }
}

/// Whether a range is narrow enough to be one holder's.
pub(super) fn is_holders(net: IpNet) -> bool {
    match net {
        IpNet::V4(net) => net.prefix_len() >= HOLDER_PREFIX_V4,
        IpNet::V6(net) => net.prefix_len() >= HOLDER_PREFIX_V6,
    }
}

/// Whether an address never reaches AWS over the internet.
pub(super) fn is_private(address: IpAddr) -> bool {
    private_range(address).is_some()
}

fn private_range(address: IpAddr) -> Option<IpNet> {
    use std::net::{Ipv4Addr as V4, Ipv6Addr as V6};
    let v4: [(V4, u8); 8] = [
        (V4::new(0, 0, 0, 0), 8),
        (V4::new(10, 0, 0, 0), 8),
        (V4::new(100, 64, 0, 0), 10),
        (V4::new(127, 0, 0, 0), 8),
        (V4::new(169, 254, 0, 0), 16),
        (V4::new(172, 16, 0, 0), 12),
        (V4::new(192, 168, 0, 0), 16),
        (V4::new(224, 0, 0, 0), 3),
    ];
    let v6: [(V6, u8); 5] = [
        (V6::UNSPECIFIED, 96),
        (V6::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96),
        (V6::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
        (V6::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
        (V6::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
    ];
    let v4 = v4.into_iter().map(|(a, n)| (IpAddr::V4(a), n));
    let v6 = v6.into_iter().map(|(a, n)| (IpAddr::V6(a), n));
    v4.chain(v6).filter_map(|(a, n)| IpNet::new(a, n).ok()).find(|net| net.contains(&address))
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
