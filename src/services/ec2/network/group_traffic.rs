//! What a security group lets through: pure, without the account around it.

use super::addresses::{self, Addresses, Family};
use super::group::IpPermission;
use super::ports::AUTHORISED_TCP;
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

/// What of the traffic is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// These ports.
    Ports(&'static [u16]),
    /// Every port that the list of authorised ones leaves out.
    Unauthorised,
    /// All ports of TCP, or all of UDP.
    Everything,
    /// Any port.
    Anything,
}

/// The ports that make up all: nothing listens on port 0.
const ALL_PORTS: (u16, u16) = (1, u16::MAX);

impl Asked {
    /// What of a range of ports is asked about.
    fn of(self, protocol: Protocol, (from, to): (u16, u16)) -> Vec<(u16, u16)> {
        match self {
            Self::Ports(ports) => {
                let within = ports.iter().filter(|port| (from..=to).contains(port));
                within.map(|port| (*port, *port)).collect()
            }
            Self::Unauthorised if protocol == Protocol::Tcp => {
                let mut rest = Vec::new();
                let mut next = Some(from);
                for port in AUTHORISED_TCP.iter().filter(|port| (from..=to).contains(port)) {
                    match next {
                        Some(start) if start < *port => rest.push((start, port - 1)),
                        _ => {}
                    }
                    next = port.checked_add(1);
                }
                rest.extend(next.filter(|start| *start <= to).map(|start| (start, to)));
                rest
            }
            Self::Unauthorised | Self::Everything | Self::Anything => vec![(from, to)],
        }
    }
}

/// The ranges of a prefix list.
pub(super) enum Listed {
    /// These.
    Ranges(Vec<String>),
    /// Not known, because of these gaps.
    Unknown(Gaps),
}

/// What is open.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) open: Decided<bool>,
    /// What is open of what was asked about: `tcp 22`, `udp 0-65535`.
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

/// Whether permissions open what is asked about to everybody on the internet:
/// to all IPv4 addresses, or to all IPv6 addresses. Ranges of several
/// permissions count together, port by port. References to security groups
/// let nobody on the internet in.
pub(super) fn opening(
    permissions: &[IpPermission],
    families: &[Family],
    asked: Asked,
    list: &dyn Fn(&str) -> Listed,
) -> Opening {
    let mut opening =
        Opening { open: Decided::Known(false), ports: Vec::new(), permissions: Vec::new() };
    let mut unknown: Option<Gaps> = None;
    let mut add_unknown = |gaps: &Gaps| {
        unknown = Some(unknown.as_ref().map_or_else(|| gaps.clone(), |all| all.union(gaps)));
    };
    for family in families {
        for protocol in Protocol::BOTH {
            let segments = segments(&ways(permissions, *protocol, *family, list), *family);
            let open = segments.iter().filter(|segment| segment.unknown.is_none());
            if asked == Asked::Everything && !covers_all(open.clone()) {
                if covers_all(segments.iter()) {
                    segments.iter().filter_map(|s| s.unknown.as_ref()).for_each(&mut add_unknown);
                }
                continue;
            }
            let mut ports = Vec::new();
            for segment in &segments {
                let concerned = asked.of(*protocol, segment.ports);
                if concerned.is_empty() {
                    continue;
                }
                if let Some(gaps) = &segment.unknown {
                    add_unknown(gaps);
                    continue;
                }
                ports.extend(concerned);
                opening.permissions.extend(&segment.positions);
            }
            opening.ports.extend(joined(ports).map(|range| shown(*protocol, range)));
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

fn covers_all<'a>(segments: impl Iterator<Item = &'a Segment>) -> bool {
    let mut next = Some(ALL_PORTS.0);
    // They come in order.
    for segment in segments {
        match next {
            Some(port) if segment.ports.0 <= port => next = segment.ports.1.checked_add(1),
            _ => return next.is_none(),
        }
    }
    next.is_none()
}

/// Neighbouring ranges as one; they come in order.
fn joined(ranges: Vec<(u16, u16)>) -> impl Iterator<Item = (u16, u16)> {
    let mut joined: Vec<(u16, u16)> = Vec::new();
    for (from, to) in ranges {
        match joined.last_mut() {
            Some(before) if before.1.checked_add(1) == Some(from) => before.1 = to,
            _ => joined.push((from, to)),
        }
    }
    joined.into_iter()
}

fn shown(protocol: Protocol, (from, to): (u16, u16)) -> String {
    let name = protocol.name();
    if from == to { format!("{name} {from}") } else { format!("{name} {from}-{to}") }
}

#[cfg(test)]
mod tests;
