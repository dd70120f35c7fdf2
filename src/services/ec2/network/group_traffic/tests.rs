//! Permissions of every kind.

use super::*;
use crate::inventory::GapId;
use crate::services::ec2::network::group::{IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};

const V4: &[Family] = &[Family::V4];
const V6: &[Family] = &[Family::V6];

fn permission(protocol: &str, ports: Option<(i64, i64)>, sources: &[&str]) -> IpPermission {
    let of = |matches: fn(&str) -> bool| {
        sources.iter().filter(move |source| matches(source)).map(|source| (*source).to_owned())
    };
    let is_list = |source: &str| source.starts_with("pl-");
    let is_group = |source: &str| source.starts_with("sg-");
    IpPermission {
        ip_protocol: protocol.to_owned(),
        from_port: ports.map(|(from, _)| from),
        to_port: ports.map(|(_, to)| to),
        ip_ranges: of(|s| s.contains('.')).map(|cidr_ip| IpRange { cidr_ip }).collect(),
        ipv6_ranges: of(|s| s.contains(':')).map(|cidr_ipv6| Ipv6Range { cidr_ipv6 }).collect(),
        prefix_list_ids: of(is_list)
            .map(|prefix_list_id| PrefixListId { prefix_list_id })
            .collect(),
        user_id_group_pairs: of(is_group)
            .map(|id| UserIdGroupPair { group_id: Some(id), user_id: None })
            .collect(),
    }
}

fn list(id: &str) -> Listed {
    let ranges: &[&str] = match id {
        "pl-all" => &["0.0.0.0/0"],
        "pl-low" => &["0.0.0.0/1"],
        "pl-office" => &["198.51.100.0/24"],
        "pl-six" => &["::/0"],
        "pl-aws" => &[],
        "pl-broken" => &["nowhere"],
        _ => return Listed::Unknown(Gaps::one(GapId(7))),
    };
    Listed::Ranges(ranges.iter().map(|range| (*range).to_owned()).collect())
}

const ADMIN: &[u16] = &[22, 3389];

/// The ranges of some families that hold one of the ports.
fn with(permissions: &[IpPermission], families: &[Family], ports: &[u16]) -> Vec<OpenRange> {
    let mut ranges = open_ranges(permissions, &list);
    ranges.retain(|range| {
        families.contains(&range.family)
            && ports.iter().any(|port| (range.ports.0..=range.ports.1).contains(port))
    });
    ranges
}

fn is(permissions: &[IpPermission], families: &[Family]) -> Option<bool> {
    let ranges = with(permissions, families, ADMIN);
    let open = ranges.iter().any(|range| range.unknown.is_none());
    if open { Some(true) } else { ranges.is_empty().then_some(false) }
}

fn admin(permission: IpPermission) -> Option<bool> {
    is(&[permission], V4)
}

const ALL: &[&str] = &["0.0.0.0/0"];

#[test]
fn ports_are_in_their_range_or_not() {
    for (from, to, open) in [
        (22, 22, true),
        (3389, 3389, true),
        (0, 65535, true),
        (0, 21, false),
        (0, 22, true),
        (21, 23, true),
        (22, 1024, true),
        (23, 3388, false),
        (3390, 65535, false),
        (443, 443, false),
    ] {
        assert_eq!(admin(permission("tcp", Some((from, to)), ALL)), Some(open), "{from}-{to}");
    }
}

#[test]
fn protocols_by_name_and_number() {
    for (protocol, open) in [
        ("tcp", true),
        ("6", true),
        ("udp", true),
        ("17", true),
        ("-1", true),
        ("icmp", false),
        ("1", false),
        ("icmpv6", false),
        ("58", false),
        ("50", false),
        ("47", false),
    ] {
        assert_eq!(admin(permission(protocol, Some((22, 22)), ALL)), Some(open), "{protocol}");
        let without = if matches!(protocol, "tcp" | "6" | "udp" | "17" | "-1") {
            Some(true)
        } else {
            Some(false)
        };
        assert_eq!(admin(permission(protocol, None, ALL)), without, "{protocol}");
        assert_eq!(admin(permission(protocol, Some((-1, -1)), ALL)), without, "{protocol}");
    }
    // With all protocols the ports say nothing.
    assert_eq!(admin(permission("-1", Some((443, 443)), ALL)), Some(true));
    let ranges = with(&[permission("udp", Some((22, 22)), ALL)], V4, ADMIN);
    let labels: Vec<_> = ranges.iter().map(OpenRange::label).collect();
    assert_eq!(labels, ["udp 22"]);
}

#[test]
fn families_are_apart() {
    let six = permission("tcp", Some((22, 22)), &["::/0"]);
    assert_eq!(is(std::slice::from_ref(&six), V4), Some(false));
    assert_eq!(is(std::slice::from_ref(&six), V6), Some(true));
    assert_eq!(is(&[six], Family::BOTH), Some(true));
    let halves = permission("tcp", Some((22, 22)), &["0.0.0.0/1", "8000::/1"]);
    assert_eq!(is(&[halves], Family::BOTH), Some(false));
}

#[test]
fn ranges_count_together_port_by_port() {
    let ssh = |sources: &[&str]| permission("tcp", Some((22, 22)), sources);
    assert_eq!(admin(ssh(&["0.0.0.0/1"])), Some(false));
    assert_eq!(admin(ssh(&["0.0.0.0/1", "128.0.0.0/1"])), Some(true));
    let split = [
        permission("tcp", Some((0, 22)), &["0.0.0.0/1"]),
        permission("tcp", Some((22, 100)), &["128.0.0.0/1"]),
        permission("udp", Some((0, 65535)), &["128.0.0.0/1"]),
    ];
    let ranges = with(&split, V4, ADMIN);
    let told: Vec<_> = ranges.iter().map(|it| (it.label(), it.permissions.clone())).collect();
    assert_eq!(told, [("tcp 22".to_owned(), vec![0, 1])]);
    let apart = [
        permission("tcp", Some((0, 22)), &["0.0.0.0/1"]),
        permission("tcp", Some((23, 100)), &["128.0.0.0/1"]),
        permission("udp", Some((22, 22)), &["128.0.0.0/1"]),
    ];
    assert_eq!(is(&apart, V4), Some(false));
    let with_all = [ssh(&["0.0.0.0/1"]), permission("-1", None, &["128.0.0.0/1"])];
    assert_eq!(is(&with_all, V4), Some(true));
}

#[test]
fn groups_and_narrow_ranges_are_not_the_internet() {
    for sources in [&["sg-1"][..], &["203.0.113.0/24"], &["10.0.0.0/8", "sg-1"], &[]] {
        assert_eq!(admin(permission("-1", None, sources)), Some(false), "{sources:?}");
    }
}

#[test]
fn prefix_lists_count_with_their_ranges() {
    let ssh = |sources: &[&str]| admin(permission("tcp", Some((22, 22)), sources));
    assert_eq!(ssh(&["pl-all"]), Some(true));
    assert_eq!(ssh(&["pl-office"]), Some(false));
    assert_eq!(ssh(&["pl-low"]), Some(false));
    assert_eq!(ssh(&["pl-low", "128.0.0.0/1"]), Some(true));
    assert_eq!(ssh(&["pl-six"]), Some(false));
    assert_eq!(ssh(&["pl-aws"]), Some(false));
    assert_eq!(ssh(&["pl-hidden"]), None);
    assert_eq!(ssh(&["pl-broken"]), None);
    assert_eq!(ssh(&["pl-hidden", "0.0.0.0/0"]), Some(true), "it no longer matters");
    assert_eq!(admin(permission("tcp", Some((443, 443)), &["pl-hidden"])), Some(false));
    let hidden = permission("tcp", Some((22, 22)), &["pl-hidden"]);
    let ranges = with(&[hidden], V4, ADMIN);
    let gaps: Vec<_> = ranges.into_iter().map(|range| range.unknown).collect();
    assert_eq!(gaps, [Some(Gaps::one(GapId(7)))]);
}

#[test]
fn a_range_is_cut_where_other_permissions_let_through() {
    let ranges = open_ranges(
        &[permission("tcp", Some((3300, 5500)), ALL), permission("tcp", Some((3306, 3306)), ALL)],
        &list,
    );
    let told: Vec<_> = ranges.iter().map(|it| (it.label(), it.permissions.clone())).collect();
    let expected =
        [("tcp 3300-3305", vec![0]), ("tcp 3306", vec![0, 1]), ("tcp 3307-5500", vec![0])];
    assert_eq!(told, expected.map(|(label, positions)| (label.to_owned(), positions)));
    let labels = |permission: IpPermission| -> Vec<String> {
        open_ranges(&[permission], &list).iter().map(OpenRange::label).collect()
    };
    assert_eq!(labels(permission("-1", None, ALL)), ["tcp 0-65535", "udp 0-65535"]);
    assert_eq!(labels(permission("icmp", Some((8, 0)), ALL)), [""; 0]);
}

#[test]
fn all_ports_may_be_open_in_parts() {
    let all = |permissions: &[IpPermission]| match all_ports(permissions, &list).open {
        Decided::Known(open) => Some(open),
        Decided::Unknown(_) => None,
    };
    let tcp = |from, to, sources: &[&str]| permission("tcp", Some((from, to)), sources);
    assert_eq!(all(&[permission("-1", None, ALL)]), Some(true));
    assert_eq!(all(&[tcp(0, 65535, ALL)]), Some(true));
    assert_eq!(all(&[tcp(1, 65535, ALL)]), Some(true), "nothing listens on port 0");
    assert_eq!(all(&[permission("udp", Some((0, 65535)), ALL)]), Some(true));
    assert_eq!(all(&[tcp(0, 1024, ALL), tcp(1025, 65535, ALL)]), Some(true));
    assert_eq!(all(&[tcp(0, 1024, ALL), tcp(1026, 65535, ALL)]), Some(false));
    assert_eq!(all(&[tcp(2, 65535, ALL)]), Some(false));
    assert_eq!(all(&[tcp(0, 65534, ALL)]), Some(false));
    assert_eq!(all(&[tcp(0, 1024, ALL), tcp(1025, 65535, &["::/0"])]), Some(false));
    assert_eq!(all(&[tcp(0, 1024, ALL), permission("udp", Some((1025, 65535)), ALL)]), Some(false));
    assert_eq!(all(&[tcp(0, 1024, ALL), tcp(1025, 65535, &["pl-hidden"])]), None);
    assert_eq!(all(&[tcp(0, 1024, &["pl-hidden"])]), Some(false));
    assert_eq!(all(&[]), Some(false));
}

#[test]
fn a_range_in_another_family_s_place_is_nothing() {
    let mut mixed = permission("tcp", Some((22, 22)), &[]);
    mixed.ip_ranges.push(IpRange { cidr_ip: "::/0".to_owned() });
    assert_eq!(admin(mixed.clone()), Some(false));
    mixed.ip_ranges.push(IpRange { cidr_ip: "everywhere".to_owned() });
    assert_eq!(admin(mixed), None, "what cannot be read is not known");
}
