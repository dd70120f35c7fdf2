//! Pages of a list, with tokens that say nothing to whoever holds them.

use super::hash::Hash;
use std::ops::Range;

/// A token that was not given out for this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadToken;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Which entries are on it.
    pub(crate) range: Range<usize>,
    /// Its number, from 1.
    pub(crate) number: u64,
    /// The token of the next page; none on the last.
    pub(crate) next: Option<String>,
}

/// The page that follows `token` of the list `name` with `total` entries, at
/// most `size` of them.
pub(crate) fn page(
    name: &str,
    total: usize,
    size: usize,
    token: Option<&str>,
) -> Result<Page, BadToken> {
    let (number, start) = match token {
        None => (1, 0),
        Some(token) => read(name, token).filter(|(_, start)| *start < total).ok_or(BadToken)?,
    };
    let end = start.saturating_add(size.max(1)).min(total);
    let next = (end < total).then(|| token_of(name, number + 1, end));
    Ok(Page { range: start..end, number, next })
}

/// The number of the page that a token leads to; 1 without.
pub(crate) fn number(name: &str, token: Option<&str>) -> u64 {
    token.and_then(|token| read(name, token)).map_or(1, |(number, _)| number)
}

fn token_of(name: &str, number: u64, start: usize) -> String {
    let plain = format!("{number:08x}{start:08x}");
    let seal = seal(name, &plain);
    let hidden: String = plain
        .bytes()
        .zip(format!("{seal:016x}").bytes())
        .filter_map(|(digit, key)| char::from_digit(nibble(digit)? ^ nibble(key)?, 16))
        .collect();
    format!("{hidden}{seal:016x}")
}

fn read(name: &str, token: &str) -> Option<(u64, usize)> {
    let (hidden, key) = token.split_at_checked(16)?;
    let plain: String = hidden
        .bytes()
        .zip(key.bytes())
        .filter_map(|(digit, key)| char::from_digit(nibble(digit)? ^ nibble(key)?, 16))
        .collect();
    if format!("{:016x}", seal(name, &plain)) != key {
        return None;
    }
    let (number, start) = plain.split_at_checked(8)?;
    Some((u64::from_str_radix(number, 16).ok()?, usize::from_str_radix(start, 16).ok()?))
}

fn nibble(digit: u8) -> Option<u32> {
    char::from(digit).to_digit(16)
}

fn seal(name: &str, plain: &str) -> u64 {
    Hash::default().text(name).text(plain).value()
}
