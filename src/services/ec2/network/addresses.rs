//! Sets of IP addresses.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// The two versions of IP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    V4,
    V6,
}

impl Family {
    pub(super) const BOTH: &'static [Self] = &[Self::V4, Self::V6];
}

/// A set of addresses of one family: ranges with both ends, in order, apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Addresses(Vec<(u128, u128)>);

/// Addresses that nobody on the internet has
/// (<https://www.rfc-editor.org/rfc/rfc6890>). A group that lets all others in
/// is open to the internet all the same.
const NOT_ON_THE_INTERNET_V4: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
];

/// The same for IPv6: everything but global unicast, and in that what is for
/// documentation.
const NOT_ON_THE_INTERNET_V6: &[&str] =
    &["::/3", "4000::/2", "8000::/1", "2001:db8::/32", "3fff::/20"];

static INTERNET_V4: LazyLock<Addresses> =
    LazyLock::new(|| all(Family::V4).minus(&listed(NOT_ON_THE_INTERNET_V4)));
static INTERNET_V6: LazyLock<Addresses> =
    LazyLock::new(|| all(Family::V6).minus(&listed(NOT_ON_THE_INTERNET_V6)));

fn all(family: Family) -> Addresses {
    Addresses(match family {
        Family::V4 => vec![(0, u128::from(u32::MAX))],
        Family::V6 => vec![(0, u128::MAX)],
    })
}

fn listed(ranges: &[&str]) -> Addresses {
    Addresses::union(ranges.iter().filter_map(|range| parse(range)).map(|(_, range)| range))
}

/// The family and the addresses of a range in CIDR notation.
pub(super) fn parse(cidr: &str) -> Option<(Family, Addresses)> {
    let (address, length) = cidr.split_once('/')?;
    let length: u32 = length.parse().ok()?;
    let (family, first, bits) = if let Ok(v4) = address.parse::<Ipv4Addr>() {
        (Family::V4, u128::from(u32::from(v4)), 32_u32)
    } else {
        (Family::V6, u128::from(address.parse::<Ipv6Addr>().ok()?), 128)
    };
    // Set in the part of the address that tells hosts apart.
    let host_bits = bits.checked_sub(length)?;
    let of_hosts = 1_u128.checked_shl(host_bits).map_or(u128::MAX, |power| power - 1);
    Some((family, Addresses(vec![(first & !of_hosts, first | of_hosts)])))
}

impl Addresses {
    /// Every address of a family that somebody on the internet can have.
    pub(super) fn internet(family: Family) -> &'static Self {
        match family {
            Family::V4 => &INTERNET_V4,
            Family::V6 => &INTERNET_V6,
        }
    }

    /// What is in any of the sets.
    pub(super) fn union(sets: impl IntoIterator<Item = Self>) -> Self {
        let mut ranges: Vec<(u128, u128)> = sets.into_iter().flat_map(|set| set.0).collect();
        ranges.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(last);
                }
                _ => merged.push((first, last)),
            }
        }
        Self(merged)
    }

    /// What is in this set and not in the other.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut rest = Vec::new();
        for &(first, last) in &self.0 {
            let mut next = Some(first);
            for &(start, end) in other.0.iter().filter(|(s, e)| *e >= first && *s <= last) {
                match next {
                    Some(from) if start > from => rest.push((from, start - 1)),
                    _ => {}
                }
                next = end.checked_add(1);
            }
            if let Some(from) = next.filter(|from| *from <= last) {
                rest.push((from, last));
            }
        }
        Self(rest)
    }

    /// Whether all of another set is in this one.
    pub(super) fn covers(&self, other: &Self) -> bool {
        other.minus(self).is_empty()
    }

    /// Whether something is in both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.minus(other) != *self
    }

    /// Whether nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether ranges together cover all IPv4 addresses of the internet, or all IPv6
/// addresses; none if one of them is no range.
pub(in crate::services) fn covers_internet<'a>(
    ranges: impl IntoIterator<Item = &'a str>,
) -> Option<bool> {
    let parsed: Vec<(Family, Addresses)> = ranges.into_iter().map(parse).collect::<Option<_>>()?;
    let covers = |family: &Family| {
        let of = parsed.iter().filter(|(of, _)| of == family).map(|(_, set)| set.clone());
        Addresses::union(of).covers(Addresses::internet(*family))
    };
    Some(Family::BOTH.iter().any(covers))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers_the_internet(family: Family, ranges: &[&str]) -> bool {
        listed(ranges).covers(Addresses::internet(family))
    }

    #[test]
    fn ranges_are_read() {
        let range = |cidr| parse(cidr).map(|(family, set)| (family, set.0));
        assert_eq!(range("0.0.0.0/0"), Some((Family::V4, vec![(0, 0xffff_ffff)])));
        assert_eq!(range("10.0.0.0/8"), Some((Family::V4, vec![(0x0a00_0000, 0x0aff_ffff)])));
        assert_eq!(range("10.1.2.3/8"), range("10.0.0.0/8"));
        assert_eq!(range("1.2.3.4/32"), Some((Family::V4, vec![(0x0102_0304, 0x0102_0304)])));
        assert_eq!(range("::/0"), Some((Family::V6, vec![(0, u128::MAX)])));
        assert_eq!(range("::1/128"), Some((Family::V6, vec![(1, 1)])));
        assert_eq!(range("8000::/1"), Some((Family::V6, vec![(1 << 127, u128::MAX)])));
        for wrong in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/129", "a/b", "10.0.0.0/-1"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ranges_cover_the_internet_together() {
        let v4 = |ranges: &[&str]| covers_the_internet(Family::V4, ranges);
        assert!(v4(&["0.0.0.0/0"]));
        assert!(v4(&["128.0.0.0/1", "0.0.0.0/1"]));
        assert!(v4(&["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"]));
        assert!(v4(&["0.0.0.0/2", "0.0.0.0/1", "128.0.0.0/1"]), "they may overlap");
        assert!(!v4(&["0.0.0.0/1"]));
        assert!(v4(&["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"]), "from 224 on is multicast");
        assert!(!v4(&["0.0.0.0/1", "128.0.0.0/2"]));
        assert!(!v4(&[]));
        let v6 = |ranges: &[&str]| covers_the_internet(Family::V6, ranges);
        assert!(v6(&["::/0"]));
        assert!(v6(&["::/1", "8000::/1"]));
        assert!(v6(&["2000::/3"]), "all of global unicast");
        assert!(v6(&["2000::/4", "3000::/4"]));
        assert!(!v6(&["2000::/4"]));
        assert!(v6(&["::/1"]), "the other half has no global unicast");
        assert!(!v6(&["8000::/1"]));
    }

    #[test]
    fn what_nobody_has_is_not_missed() {
        // All of IPv4 but 10.0.0.0/8.
        let mut but_ten = vec![
            "0.0.0.0/5",
            "8.0.0.0/7",
            "11.0.0.0/8",
            "12.0.0.0/6",
            "16.0.0.0/4",
            "32.0.0.0/3",
            "64.0.0.0/2",
            "128.0.0.0/1",
        ];
        assert!(covers_the_internet(Family::V4, &but_ten));
        // 11.0.0.0/8 is somebody's.
        but_ten.retain(|range| *range != "11.0.0.0/8");
        assert!(!covers_the_internet(Family::V4, &but_ten));
    }

    #[test]
    fn sets_are_taken_apart() {
        let set = |ranges: &[&str]| listed(ranges);
        let ten = set(&["10.0.0.0/8"]);
        assert!(ten.minus(&ten).is_empty());
        assert_eq!(ten.minus(&set(&["10.0.0.0/9"])), set(&["10.128.0.0/9"]));
        assert_eq!(ten.minus(&set(&["10.128.0.0/9"])), set(&["10.0.0.0/9"]));
        assert_eq!(ten.minus(&set(&["10.64.0.0/10"])), set(&["10.0.0.0/10", "10.128.0.0/9"]));
        assert_eq!(ten.minus(&set(&["9.0.0.0/8", "11.0.0.0/8"])), ten);
        let everything = set(&["::/0"]);
        assert!(everything.minus(&set(&["::/1", "8000::/1"])).is_empty());
        assert!(ten.meets(&set(&["10.1.1.1/32"])));
        assert!(!ten.meets(&set(&["11.1.1.1/32"])));
        assert!(!ten.meets(Addresses::internet(Family::V4)));
    }
}
