//! Rules in every order.

use super::*;
use crate::services::ec2::network::acl::PortRange;
use crate::services::ec2::network::ports::ADMIN;

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

fn open(entries: &[NetworkAclEntry]) -> Option<bool> {
    match opening(entries, ADMIN).open {
        Decided::Known(open) => Some(open),
        Decided::Unknown(_) => None,
    }
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
    let opening = opening(&entries, ADMIN);
    assert_eq!(opening.open, Decided::Known(true));
    assert_eq!(opening.rules, [100, 101]);
    assert_eq!(
        opening.ports,
        [
            "tcp 22 over IPv4",
            "tcp 3389 over IPv4",
            "udp 22 over IPv4",
            "udp 3389 over IPv4",
            "tcp 22 over IPv6",
            "tcp 3389 over IPv6",
            "udp 22 over IPv6",
            "udp 3389 over IPv6"
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
    let opening = opening(std::slice::from_ref(&replies), ADMIN);
    assert_eq!(opening.ports, ["tcp 3389 over IPv4"]);
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
