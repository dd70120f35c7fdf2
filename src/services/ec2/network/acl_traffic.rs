//! What a network ACL lets in: pure.

use super::acl::NetworkAclEntry;
use super::addresses::{self, Addresses, Family};
use super::group_traffic::{Protocol, shown};
use crate::inventory::Gaps;
use crate::services::Decided;

/// A range of ports to which everybody is let in, or may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AclOpening {
    pub(super) family: Family,
    pub(super) protocol: Protocol,
    pub(super) ports: (u16, u16),
    /// Not known where an allow cannot be read.
    pub(super) open: Decided<bool>,
    /// The numbers of the rules that open it.
    pub(super) rules: Vec<i64>,
}

impl AclOpening {
    /// Protocol, ports and family as people write them: `tcp 22 over IPv4`.
    pub(super) fn label(&self) -> String {
        let Self { family, protocol, ports, .. } = self;
        format!("{} over {}", shown(*protocol, *ports), family.name())
    }
}

/// The ports to which a network ACL lets everybody in.
///
/// The rule with the lowest number that matches decides, so an allow behind a
/// deny of the same addresses has no effect. An allow that still has effect
/// counts with its whole range: a deny of a few strangers in front of an allow
/// of everybody closes nothing.
pub(super) fn openings(entries: &[NetworkAclEntry]) -> Vec<AclOpening> {
    let mut inbound: Vec<&NetworkAclEntry> = entries.iter().filter(|entry| !entry.egress).collect();
    inbound.sort_by_key(|entry| entry.rule_number);
    let mut openings = Vec::new();
    for family in Family::BOTH {
        for protocol in Protocol::BOTH {
            for (from, to) in pieces(&inbound) {
                let matching = inbound.iter().copied();
                let way = way(matching.filter(|entry| matches(entry, *protocol, from)), *family);
                if way.open || !way.readable {
                    openings.push(AclOpening {
                        family: *family,
                        protocol: *protocol,
                        ports: (from, to),
                        open: if way.open {
                            Decided::Known(true)
                        } else {
                            Decided::Unknown(Gaps::NONE)
                        },
                        rules: way.rules,
                    });
                }
            }
        }
    }
    openings
}

/// All ports, cut where a rule begins or ends: in a piece all ports fare alike.
fn pieces(entries: &[&NetworkAclEntry]) -> Vec<(u16, u16)> {
    let ranges = entries.iter().filter_map(|entry| entry.port_range.as_ref());
    let ends = ranges.flat_map(|range| [range.from, range.to.saturating_add(1)]);
    let mut starts: Vec<u16> = ends.filter_map(|port| u16::try_from(port).ok()).collect();
    starts.push(0);
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([u16::MAX]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).collect()
}

fn matches(entry: &NetworkAclEntry, protocol: Protocol, port: u16) -> bool {
    if !protocol.is_meant(&entry.protocol) {
        return false;
    }
    match &entry.port_range {
        _ if entry.protocol == "-1" => true,
        Some(range) => (range.from..=range.to).contains(&i64::from(port)),
        // TCP and UDP have ports. Without them an allow may mean all, and a
        // deny none.
        None => entry.rule_action == "allow",
    }
}

struct Way {
    open: bool,
    readable: bool,
    rules: Vec<i64>,
}

fn way<'a>(entries: impl Iterator<Item = &'a NetworkAclEntry>, family: Family) -> Way {
    let mut way = Way { open: false, readable: true, rules: Vec::new() };
    let mut decided = Addresses::default();
    let (mut let_in, mut effective) = (Addresses::default(), Addresses::default());
    for entry in entries {
        let cidr = match family {
            Family::V4 => &entry.cidr_block,
            Family::V6 => &entry.ipv6_cidr_block,
        };
        let Some(cidr) = cidr else { continue };
        let Some((_, range)) = addresses::parse(cidr).filter(|(of, _)| *of == family) else {
            // An allow that cannot be read may let everybody in.
            way.readable &= entry.rule_action != "allow";
            continue;
        };
        let new = range.minus(&decided);
        if entry.rule_action == "allow" && !new.is_empty() {
            way.rules.push(entry.rule_number);
            let_in = Addresses::union([let_in, new]);
            effective = Addresses::union([effective, range.clone()]);
        }
        decided = Addresses::union([decided, range]);
    }
    let internet = Addresses::internet(family);
    way.open = effective.covers(internet) && let_in.meets(internet);
    way
}

#[cfg(test)]
mod tests;
