//! Rules in every order.

use super::*;
use crate::services::ec2::network::acl::PortRange;

fn rule(number: i64, action: &str, protocol: &str, ports: &[i64], range: &str) -> NetworkAclEntry {
    let six = range.contains(':');
    NetworkAclEntry {
        rule_number: number,
        egress: false,
        rule_action: action.to_owned(),
        protocol: protocol.to_owned(),
        port_range: match ports {
            [from, to] => Some(PortRange { from: *from, to: *to }),
            _ => None,
        },
        cidr_block: (!six).then(|| range.to_owned()),
        ipv6_cidr_block: six.then(|| range.to_owned()),
    }
}

fn allow(number: i64, protocol: &str, ports: &[i64], range: &str) -> NetworkAclEntry {
    rule(number, "allow", protocol, ports, range)
}

fn deny(number: i64, protocol: &str, ports: &[i64], range: &str) -> NetworkAclEntry {
    rule(number, "deny", protocol, ports, range)
}

/// The openings with one of the ports for administration.
fn admin(entries: &[NetworkAclEntry]) -> Vec<AclOpening> {
    let mut openings = openings(entries);
    let holds =
        |range: (u16, u16)| [22, 3389].iter().any(|port| (range.0..=range.1).contains(port));
    openings.retain(|opening| holds(opening.ports));
    openings
}

fn open(entries: &[NetworkAclEntry]) -> Option<bool> {
    let openings = admin(entries);
    let open = openings.iter().any(|opening| opening.open == Decided::Known(true));
    if open { Some(true) } else { openings.is_empty().then_some(false) }
}

/// Protocol, ports, family and rules, as people would write them.
fn told(entries: &[NetworkAclEntry]) -> Vec<String> {
    let openings = admin(entries)
        .into_iter()
        .map(|opening| format!("{} by {:?}", opening.label(), opening.rules));
    openings.collect()
}

const ALL: &str = "0.0.0.0/0";

#[test]
fn the_default_acl_is_open() {
    let entries = [
        allow(100, "-1", &[], ALL),
        deny(32767, "-1", &[], ALL),
        allow(101, "-1", &[], "::/0"),
        deny(32768, "-1", &[], "::/0"),
    ];
    assert_eq!(
        told(&entries),
        [
            "tcp 0-65535 over IPv4 by [100]",
            "udp 0-65535 over IPv4 by [100]",
            "tcp 0-65535 over IPv6 by [101]",
            "udp 0-65535 over IPv6 by [101]",
        ]
    );
    assert_eq!(open(&[deny(32767, "-1", &[], ALL)]), Some(false));
    assert_eq!(open(&[]), Some(false));
}

#[test]
fn the_lowest_number_decides() {
    let ssh = allow(100, "6", &[22, 22], ALL);
    assert_eq!(open(std::slice::from_ref(&ssh)), Some(true));
    assert_eq!(open(&[ssh.clone(), deny(90, "6", &[22, 22], ALL)]), Some(false));
    assert_eq!(open(&[ssh.clone(), deny(110, "6", &[22, 22], ALL)]), Some(true));
    assert_eq!(open(&[ssh.clone(), deny(90, "-1", &[], ALL)]), Some(false));
    assert_eq!(open(&[ssh.clone(), deny(90, "17", &[0, 65535], ALL)]), Some(true));
    assert_eq!(open(&[ssh.clone(), deny(90, "6", &[23, 65535], ALL)]), Some(true));
    assert_eq!(open(&[ssh, deny(90, "6", &[22, 22], "::/0")]), Some(true));
}

#[test]
fn a_deny_of_a_few_closes_nothing() {
    let everybody = allow(100, "-1", &[], ALL);
    assert_eq!(open(&[everybody.clone(), deny(90, "-1", &[], "198.18.0.0/15")]), Some(true));
    assert_eq!(open(&[everybody.clone(), deny(90, "-1", &[], "11.0.0.0/8")]), Some(true));
    let halves = [deny(80, "-1", &[], "0.0.0.0/1"), deny(90, "-1", &[], "128.0.0.0/1")];
    assert_eq!(open(&[halves.to_vec(), vec![everybody.clone()]].concat()), Some(false));
    // The office is let in, the rest was sent away before the allow of all.
    let office = [
        allow(80, "6", &[22, 22], "198.51.100.0/24"),
        deny(90, "6", &[22, 22], ALL),
        deny(91, "6", &[3389, 3389], ALL),
        deny(92, "17", &[0, 65535], ALL),
        everybody,
    ];
    assert_eq!(open(&office), Some(false));
}

#[test]
fn ranges_count_together() {
    let low = allow(100, "6", &[22, 22], "0.0.0.0/1");
    assert_eq!(open(std::slice::from_ref(&low)), Some(false));
    assert_eq!(open(&[low.clone(), allow(110, "6", &[22, 22], "128.0.0.0/1")]), Some(true));
    assert_eq!(open(&[low.clone(), allow(110, "17", &[22, 22], "128.0.0.0/1")]), Some(false));
    assert_eq!(open(&[low, allow(110, "6", &[3389, 3389], "128.0.0.0/1")]), Some(false));
    let six = [allow(1, "6", &[22, 22], "2000::/4"), allow(2, "6", &[22, 22], "3000::/4")];
    assert_eq!(open(&six), Some(true));
    assert_eq!(open(&six[..1]), Some(false));
}

#[test]
fn protocols_and_ephemeral_ports() {
    assert_eq!(open(&[allow(1, "17", &[3389, 3389], ALL)]), Some(true));
    assert_eq!(open(&[allow(1, "1", &[], ALL)]), Some(false));
    assert_eq!(open(&[allow(1, "58", &[], "::/0")]), Some(false));
    assert_eq!(open(&[allow(1, "6", &[443, 443], ALL)]), Some(false));
    // Ports for replies: RDP is among them.
    let replies = allow(140, "6", &[1024, 65535], ALL);
    let all = told(std::slice::from_ref(&replies));
    assert_eq!(all, ["tcp 1024-65535 over IPv4 by [140]"]);
    assert_eq!(open(&[deny(130, "6", &[3389, 3389], ALL), replies]), Some(false));
    let linux = allow(140, "6", &[32768, 60999], ALL);
    assert_eq!(open(&[linux]), Some(false));
    // TCP without ports: an allow may mean all, a deny none.
    assert_eq!(open(&[allow(1, "6", &[], ALL)]), Some(true));
    assert_eq!(open(&[deny(1, "6", &[], ALL), allow(2, "6", &[22, 22], ALL)]), Some(true));
}

#[test]
fn what_goes_out_is_not_asked() {
    let out = NetworkAclEntry { egress: true, ..allow(100, "-1", &[], ALL) };
    assert_eq!(open(&[out]), Some(false));
}

#[test]
fn what_cannot_be_read_is_not_known() {
    assert_eq!(open(&[allow(1, "6", &[22, 22], "everywhere")]), None);
    assert_eq!(open(&[deny(1, "6", &[22, 22], "everywhere")]), Some(false));
    assert_eq!(
        open(&[allow(1, "6", &[22, 22], "everywhere"), allow(2, "6", &[22, 22], ALL)]),
        Some(true)
    );
}
