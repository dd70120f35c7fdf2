//! What a security group lets through: pure, without the account around it.

use super::addresses::{self, Addresses, Family};
use super::group::IpPermission;
use crate::inventory::Gaps;
use crate::services::Decided;

/// A protocol that has ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Tcp,
    Udp,
}

impl Protocol {
    pub(super) const BOTH: &'static [Self] = &[Self::Tcp, Self::Udp];

    /// As EC2 writes it in security groups.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }

    /// Whether EC2 means this protocol, by name, by number, or as one of all.
    pub(super) fn is_meant(self, sent: &str) -> bool {
        match self {
            Self::Tcp => matches!(sent, "tcp" | "6" | "-1"),
            Self::Udp => matches!(sent, "udp" | "17" | "-1"),
        }
    }
}

/// The ports that make up all: nothing listens on port 0.
const ALL_PORTS: (u16, u16) = (1, u16::MAX);

/// The ranges of a prefix list.
pub(super) enum Listed {
    /// These.
    Ranges(Vec<String>),
    /// Not known, because of these gaps.
    Unknown(Gaps),
}

/// A range of ports that is open to everybody on the internet, or may be.
#[derive(Clone, Debug)]
pub(super) struct OpenRange {
    pub(super) family: Family,
    pub(super) protocol: Protocol,
    pub(super) ports: (u16, u16),
    /// The permissions that open it together, by position.
    pub(super) permissions: Vec<usize>,
    /// What hides whether it is open, if so.
    pub(super) unknown: Option<Gaps>,
}

impl OpenRange {
    /// The ports as people write them: `tcp 22`, `udp 0-65535`.
    pub(super) fn label(&self) -> String {
        shown(self.protocol, self.ports)
    }
}

/// Whether everything is open.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) open: Decided<bool>,
    /// What is open: `tcp 0-65535`.
    pub(super) ports: Vec<String>,
    /// The permissions that open it, by position.
    pub(super) permissions: Vec<usize>,
}

/// One permission's way for one protocol and family.
struct Way {
    position: usize,
    ports: (u16, u16),
    addresses: Addresses,
    /// What may be in addition.
    unknown: Option<Gaps>,
}

/// A range of ports through which the same permissions let traffic.
struct Segment {
    ports: (u16, u16),
    positions: Vec<usize>,
    /// Not known whether open, if so.
    unknown: Option<Gaps>,
}

/// What permissions open to everybody on the internet: to all IPv4 addresses, or
/// to all IPv6 addresses. Ranges of several permissions count together, port by
/// port. References to security groups let nobody on the internet in.
pub(super) fn open_ranges(
    permissions: &[IpPermission],
    list: &dyn Fn(&str) -> Listed,
) -> Vec<OpenRange> {
    let mut ranges = Vec::new();
    for family in Family::BOTH {
        for protocol in Protocol::BOTH {
            let segments = segments(&ways(permissions, *protocol, *family, list), *family);
            ranges.extend(segments.into_iter().map(|segment| OpenRange {
                family: *family,
                protocol: *protocol,
                ports: segment.ports,
                permissions: segment.positions,
                unknown: segment.unknown,
            }));
        }
    }
    ranges
}

/// Whether permissions open every port of TCP, or every port of UDP, to
/// everybody on the internet.
pub(super) fn all_ports(permissions: &[IpPermission], list: &dyn Fn(&str) -> Listed) -> Opening {
    let mut opening =
        Opening { open: Decided::Known(false), ports: Vec::new(), permissions: Vec::new() };
    let mut unknown: Option<Gaps> = None;
    let ranges = open_ranges(permissions, list);
    for family in Family::BOTH {
        for protocol in Protocol::BOTH {
            let of = ranges.iter().filter(|r| r.family == *family && r.protocol == *protocol);
            let open = of.clone().filter(|range| range.unknown.is_none());
            if covers_all(open.clone()) {
                opening.ports.extend(
                    joined(open.clone().map(|range| range.ports))
                        .map(|ports| shown(*protocol, ports)),
                );
                opening.permissions.extend(open.flat_map(|range| &range.permissions));
            } else if covers_all(of.clone()) {
                for gaps in of.filter_map(|range| range.unknown.as_ref()) {
                    unknown = Some(unknown.map_or_else(|| gaps.clone(), |all| all.union(gaps)));
                }
            }
        }
    }
    opening.ports.sort_unstable();
    opening.ports.dedup();
    opening.permissions.sort_unstable();
    opening.permissions.dedup();
    opening.open = match unknown {
        _ if !opening.ports.is_empty() => Decided::Known(true),
        Some(gaps) => Decided::Unknown(gaps),
        None => Decided::Known(false),
    };
    opening
}

/// The ports that a permission is about; none if it is about neither.
pub(super) fn ports_of(permission: &IpPermission, protocol: Protocol) -> Option<(u16, u16)> {
    if !protocol.is_meant(&permission.ip_protocol) {
        return None;
    }
    let port = |number: Option<i64>| number.and_then(|number| u16::try_from(number).ok());
    if permission.ip_protocol == "-1" {
        return Some((0, u16::MAX));
    }
    // Without ports, or with -1 in their place, all are meant.
    match (port(permission.from_port), port(permission.to_port)) {
        (Some(from), Some(to)) => Some((from.min(to), to.max(from))),
        _ => Some((0, u16::MAX)),
    }
}

fn ways(
    permissions: &[IpPermission],
    protocol: Protocol,
    family: Family,
    list: &dyn Fn(&str) -> Listed,
) -> Vec<Way> {
    let mut ways = Vec::new();
    for (position, permission) in permissions.iter().enumerate() {
        let Some(ports) = ports_of(permission, protocol) else { continue };
        let mut unknown: Option<Gaps> = None;
        let mut add_unknown = |gaps: &Gaps| {
            unknown = Some(unknown.as_ref().map_or_else(|| gaps.clone(), |all| all.union(gaps)));
        };
        let mut ranges: Vec<String> = match family {
            Family::V4 => permission.ip_ranges.iter().map(|r| r.cidr_ip.clone()).collect(),
            Family::V6 => permission.ipv6_ranges.iter().map(|r| r.cidr_ipv6.clone()).collect(),
        };
        for reference in &permission.prefix_list_ids {
            match list(&reference.prefix_list_id) {
                Listed::Ranges(listed) => ranges.extend(listed),
                Listed::Unknown(gaps) => add_unknown(&gaps),
            }
        }
        let mut sets = Vec::with_capacity(ranges.len());
        for range in &ranges {
            match addresses::parse(range) {
                Some((of, set)) if of == family => sets.push(set),
                Some(_) => {}
                None => add_unknown(&Gaps::NONE),
            }
        }
        let addresses = Addresses::union(sets);
        if !addresses.is_empty() || unknown.is_some() {
            ways.push(Way { position, ports, addresses, unknown });
        }
    }
    ways
}

/// The ranges of ports that are open to the internet, or may be.
fn segments(ways: &[Way], family: Family) -> Vec<Segment> {
    let mut starts: Vec<u16> = ways
        .iter()
        .flat_map(|way| [Some(way.ports.0), way.ports.1.checked_add(1)])
        .flatten()
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([u16::MAX]);
    let mut segments = Vec::new();
    for (from, to) in starts.iter().copied().zip(ends) {
        let through: Vec<&Way> =
            ways.iter().filter(|way| way.ports.0 <= from && way.ports.1 >= to).collect();
        let unknown = through.iter().filter_map(|way| way.unknown.clone());
        let unknown = unknown.reduce(|all, gaps| all.union(&gaps));
        let known = Addresses::union(through.iter().map(|way| way.addresses.clone()));
        let open = known.covers(Addresses::internet(family));
        if open || unknown.is_some() {
            segments.push(Segment {
                ports: (from, to),
                positions: through.iter().map(|way| way.position).collect(),
                unknown: unknown.filter(|_| !open),
            });
        }
    }
    segments
}

fn covers_all<'a>(ranges: impl Iterator<Item = &'a OpenRange>) -> bool {
    let mut next = Some(ALL_PORTS.0);
    // They come in order.
    for range in ranges {
        match next {
            Some(port) if range.ports.0 <= port => next = range.ports.1.checked_add(1),
            _ => return next.is_none(),
        }
    }
    next.is_none()
}

/// Neighbouring ranges as one; they come in order.
fn joined(ranges: impl Iterator<Item = (u16, u16)>) -> impl Iterator<Item = (u16, u16)> {
    let mut joined: Vec<(u16, u16)> = Vec::new();
    for (from, to) in ranges {
        match joined.last_mut() {
            Some(before) if before.1.checked_add(1) == Some(from) => before.1 = to,
            _ => joined.push((from, to)),
        }
    }
    joined.into_iter()
}

pub(super) fn shown(protocol: Protocol, (from, to): (u16, u16)) -> String {
    let name = protocol.name();
    if from == to { format!("{name} {from}") } else { format!("{name} {from}-{to}") }
}

#[cfg(test)]
mod tests;
