//! What a network ACL lets in: pure.

use super::acl::NetworkAclEntry;
use super::addresses::{self, Addresses, Family};
use super::group_traffic::Protocol;
use crate::inventory::Gaps;
use crate::services::Decided;

/// What is open.
#[derive(Debug)]
pub(super) struct AclOpening {
    pub(super) open: Decided<bool>,
    /// What is open: `tcp 22 over IPv4`.
    pub(super) ports: Vec<String>,
    /// The numbers of the rules that open it.
    pub(super) rules: Vec<i64>,
}

/// Whether a network ACL lets everybody in to one of the ports.
///
/// The rule with the lowest number that matches decides, so an allow behind a
/// deny of the same addresses has no effect. An allow that still has effect
/// counts with its whole range: a deny of a few strangers in front of an allow
/// of everybody closes nothing.
pub(super) fn opening(entries: &[NetworkAclEntry], ports: &[u16]) -> AclOpening {
    let mut inbound: Vec<&NetworkAclEntry> = entries.iter().filter(|entry| !entry.egress).collect();
    inbound.sort_by_key(|entry| entry.rule_number);
    let mut opening =
        AclOpening { open: Decided::Known(false), ports: Vec::new(), rules: Vec::new() };
    let mut readable = true;
    for family in Family::BOTH {
        for protocol in Protocol::BOTH {
            for port in ports {
                let matching =
                    inbound.iter().copied().filter(|entry| matches(entry, *protocol, *port));
                let way = way(matching, *family);
                readable &= way.readable;
                if way.open {
                    let family = match family {
                        Family::V4 => "IPv4",
                        Family::V6 => "IPv6",
                    };
                    opening.ports.push(format!("{} {port} over {family}", protocol.name()));
                    opening.rules.extend(way.rules);
                }
            }
        }
    }
    opening.rules.sort_unstable();
    opening.rules.dedup();
    opening.open = match (opening.ports.is_empty(), readable) {
        (false, _) => Decided::Known(true),
        (true, true) => Decided::Known(false),
        (true, false) => Decided::Unknown(Gaps::NONE),
    };
    opening
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
