//! Lists of references as bytes: sorted, as differences, each in groups of
//! seven bits (LEB128), compressed. A scan of a hundred thousand resources
//! keeps what passed in some kilobytes per rule.

use super::error::{HistoryError, Result};

/// A judged thing: a resource, and the part of it or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ref {
    /// `resource.seq`.
    pub(super) resource: u32,
    /// `part.seq`, or 0 for the whole resource.
    pub(super) part: u32,
}

impl Ref {
    /// As one number that sorts by resource, then part.
    pub(super) fn number(self) -> u64 {
        (u64::from(self.resource) << 32) | u64::from(self.part)
    }

    /// From that number.
    pub(super) fn from_number(number: u64) -> Self {
        let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
        Self { resource: u32::from_be_bytes([a, b, c, d]), part: u32::from_be_bytes([e, f, g, h]) }
    }
}

/// Packs numbers; sorts them on the way. The first byte says how.
pub(super) fn pack(numbers: &mut [u64]) -> Result<Vec<u8>> {
    numbers.sort_unstable();
    let mut plain = vec![PLAIN];
    let mut last = 0;
    for number in numbers {
        // Resources in the upper half would cost five bytes each: turn the
        // difference so that what changes most is lowest.
        write_varint(&mut plain, number.wrapping_sub(last).rotate_left(32));
        last = *number;
    }
    if plain.len() < 64 {
        return Ok(plain);
    }
    let body = plain.get(1..).unwrap_or_default();
    let mut packed = vec![ZSTD];
    packed.extend(zstd::bulk::compress(body, 3).map_err(|error| {
        HistoryError::Damaged(format!("what was judged cannot be packed: {error}"))
    })?);
    Ok(packed)
}

/// Appends what [`pack`] packed to `numbers`.
pub(super) fn unpack(bytes: &[u8], numbers: &mut Vec<u64>) -> Result<()> {
    let damaged = |what: &str| HistoryError::Damaged(format!("a list of references {what}"));
    let (how, body) = bytes.split_first().ok_or_else(|| damaged("is empty"))?;
    match *how {
        PLAIN => read_varints(body, numbers),
        ZSTD => zstd::stream::decode_all(body).ok().and_then(|body| read_varints(&body, numbers)),
        _ => None,
    }
    .ok_or_else(|| damaged("cannot be unpacked"))
}

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;

fn write_varint(into: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        into.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    into.push(u8::try_from(number).unwrap_or(0));
}

fn read_varints(bytes: &[u8], into: &mut Vec<u64>) -> Option<()> {
    let mut last = 0_u64;
    let (mut number, mut shift) = (0_u64, 0_u32);
    for byte in bytes {
        if shift > 63 {
            return None;
        }
        number |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            last = last.wrapping_add(number.rotate_right(32));
            into.push(last);
            (number, shift) = (0, 0);
        }
    }
    (shift == 0).then_some(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn comes_back(mut numbers in proptest::collection::vec(any::<u64>(), 0..200)) {
            let packed = pack(&mut numbers).unwrap();
            let mut back = Vec::new();
            unpack(&packed, &mut back).unwrap();
            prop_assert_eq!(numbers, back);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = unpack(&bytes, &mut Vec::new());
        }
    }

    #[test]
    fn a_hundred_thousand_neighbours_are_small() {
        let mut numbers: Vec<u64> =
            (1..=100_000).map(|resource| Ref { resource, part: 0 }.number()).collect();
        assert!(pack(&mut numbers).unwrap().len() < 200);
    }

    #[test]
    fn a_reference_is_its_number() {
        let judged = Ref { resource: 7, part: 9 };
        assert_eq!(Ref::from_number(judged.number()), judged);
        assert!(judged < Ref { resource: 8, part: 0 });
        assert!(judged.number() < Ref { resource: 8, part: 0 }.number());
    }

    #[test]
    fn damage_is_said() {
        assert!(unpack(&[], &mut Vec::new()).is_err());
        assert!(unpack(&[PLAIN, 0x80], &mut Vec::new()).is_err());
        assert!(unpack(&[ZSTD, 1, 2], &mut Vec::new()).is_err());
        assert!(unpack(&[9], &mut Vec::new()).is_err());
    }
}
