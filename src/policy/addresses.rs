//! The addresses that the conditions on `aws:SourceIp` can tell apart, as ranges and as text.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::partition::{SideBySide, TooMany};
use super::pattern::{Pattern, Style};
use super::values;

/// An IPv4 range of this length or longer is one holder's; in a broader one strangers
/// have addresses, too.
const HOLDER_PREFIX_V4: u8 = 16;
/// The same for IPv6.
const HOLDER_PREFIX_V6: u8 = 48;

/// The first and last address of each range, the addresses beside it, and some elsewhere;
/// with `inner` set also one in each broad range that is nobody's.
pub(super) fn of_ranges(nets: &[IpNet], inner: bool) -> Vec<String> {
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
        if inner && !is_holders(*net) {
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

/// Addresses for the ways in which they match these texts: each that is written out, and
/// what matches the wildcards. The operators for text compare an address as it is written.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String>
///
/// With `public` set only addresses of the internet that no text holds count.
pub(super) fn of_texts(texts: &[(String, Style)], public: bool) -> Result<Vec<String>, TooMany> {
    let is_wild = |(text, style): &&(String, Style)| {
        *style == Style::Like
            && text.contains(['*', '?'])
            && text.bytes().all(|b| b.is_ascii_hexdigit() || b"*?.:".contains(&b))
    };
    let plain = texts.iter().map(|(text, _)| text);
    let mut found: Vec<String> =
        plain.filter(|text| text.parse::<IpAddr>().is_ok()).cloned().collect();
    let wild: Vec<&str> = texts
        .iter()
        .filter(is_wild)
        .map(|(text, _)| text.as_str())
        .filter(|text| !public || !is_holders_text(text, Style::Like))
        .collect();
    if !wild.is_empty() {
        found.extend(four_numbers(&wild, texts, public)?);
    }
    for text in wild.into_iter().filter(|text| text.contains(':')) {
        found.push(sixth_version(text, public).ok_or(TooMany)?);
    }
    Ok(found)
}

/// One IPv4 address for each way to match the wildcards: number by number, and of the ways
/// to begin that no pattern tells apart only the first is followed. A number that no text
/// mentions is tried before those that some do.
fn four_numbers(
    wild: &[&str],
    texts: &[(String, Style)],
    public: bool,
) -> Result<Vec<String>, TooMany> {
    /// The first numbers of addresses of which some are private and some are not.
    const MIXED: [u8; 4] = [100, 169, 172, 192];
    const MOST: usize = 256;
    let is_digit = |c: char| c.is_ascii_digit();
    let mentioned: BTreeSet<&str> =
        texts.iter().flat_map(|(text, _)| text.split(|c| !is_digit(c))).collect();
    let (mut last, mut numbers): (Vec<u8>, Vec<u8>) =
        (1..=u8::MAX).partition(|n| mentioned.contains(n.to_string().as_str()));
    numbers.append(&mut last);
    numbers.push(0);
    let patterns: Vec<Pattern> =
        wild.iter().map(|text| Pattern::from_text(text, Style::Like)).collect();
    let side_by_side = SideBySide::new(&patterns);
    let mut beginnings = vec![(String::new(), side_by_side.start())];
    for place in 0..4 {
        let mut seen = BTreeSet::new();
        let mut longer = Vec::new();
        for (start, state) in &beginnings {
            for number in &numbers {
                let added = if place < 3 { format!("{number}.") } else { number.to_string() };
                let text = format!("{start}{added}");
                if public && is_private_beginning(&text, place) {
                    continue;
                }
                let state = side_by_side.after(state, &added);
                let mixed = if place == 0 && MIXED.contains(number) { *number } else { 0 };
                if seen.insert((mixed, side_by_side.outlook(&state, place == 3))) {
                    longer.push((text, state));
                }
            }
            if longer.len() > MOST {
                return Err(TooMany);
            }
        }
        beginnings = longer;
    }
    Ok(beginnings.into_iter().map(|(text, _)| text).collect())
}

/// Whether every address that begins so is private: by its first number, or its first two.
fn is_private_beginning(text: &str, place: usize) -> bool {
    let ends = match place {
        0 => ["0.0.1", "255.255.254"],
        1 => ["0.1", "255.254"],
        _ => return false,
    };
    ends.iter().all(|end| format!("{text}{end}").parse().is_ok_and(is_private))
}

/// An IPv6 address that matches a text with wildcards.
fn sixth_version(text: &str, public: bool) -> Option<String> {
    let first = ["", "1", ":1", "::1", "1::", "1::1", "2606:50", "2606:50:", "2606:50::1"];
    let pattern = Pattern::from_text(text, Style::Like);
    let filled = first.iter().map(|f| text.replacen('*', f, 1).replace(['*', '?'], "1"));
    let usable = |text: &String| {
        let address = text.parse::<Ipv6Addr>().map(IpAddr::V6);
        address.is_ok_and(|a| !(public && is_private(a))) && pattern.matches(text)
    };
    filled.into_iter().find(usable)
}

/// Whether a text is one holder's: an address, or a pattern whose fixed beginning is a
/// range that is narrow enough.
pub(super) fn is_holders_text(text: &str, style: Style) -> bool {
    if style != Style::Like || !text.contains(['*', '?']) {
        return values::parse_net(text).is_some_and(is_holders);
    }
    let fixed = text.split(['*', '?']).next().unwrap_or_default();
    // Two colons in a row stand for two numbers at least.
    let numbers = fixed.matches(':').count() + usize::from(fixed.contains("::"));
    fixed.matches('.').count() >= 2 || numbers >= 3
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
