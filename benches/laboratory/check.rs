//! The laboratory checks itself before it measures: a benchmark has no tests.

use super::account::{Account, Shape};
use super::call::{decoded, encoded};
use super::cbor;
use super::compare::Verdicts;
use super::paging::page;
use super::rates::{Bucket, Rate};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Checks everything.
///
/// # Errors
/// What is wrong.
pub(crate) fn all() -> Result<(), String> {
    pages()?;
    binary()?;
    buckets()?;
    regions()?;
    let text = "{\"a\": \"+ %/ü\"}";
    same("decoded", decoded(&encoded(text)), text.to_owned())?;
    comparison()
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, is: T, expected: T) -> Result<(), String> {
    if is == expected { Ok(()) } else { Err(format!("{what} is {is:?}, not {expected:?}")) }
}

/// Every entry is on exactly one page, and tokens are good for their own list.
fn pages() -> Result<(), String> {
    for (total, size, pages) in [(0, 10, 1), (10, 10, 1), (11, 10, 2), (25, 7, 4)] {
        let mut seen = Vec::new();
        let mut token: Option<String> = None;
        let mut number = 0;
        loop {
            let found = page("list", total, size, token.as_deref())
                .map_err(|_| format!("a token of {total} by {size} was refused"))?;
            number += 1;
            same("the page's number", found.number, number)?;
            seen.extend(found.range);
            token = found.next;
            match &token {
                None => break,
                Some(token) => {
                    same("another list", page("other", total, size, Some(token)).is_err(), true)?;
                }
            }
        }
        same("pages", number, pages)?;
        same("entries", seen, (0..total).collect::<Vec<_>>())?;
    }
    same("a made-up token", page("list", 10, 5, Some("abc")).is_err(), true)
}

/// What is written in CBOR is read again, and so is what has no length.
fn binary() -> Result<(), String> {
    let value = serde_json::json!({ "a": ["b", 300, true, null], "c": {} });
    let mut bytes = Vec::new();
    cbor::write(&value, &mut bytes);
    same("CBOR", cbor::read(&mut bytes.as_slice()), Some(value))?;
    let open = b"\xbf\x61a\x9f\x01\x20\xff\xff";
    same("open CBOR", cbor::read(&mut open.as_slice()), Some(serde_json::json!({ "a": [1, -1] })))?;
    same("cut CBOR", cbor::read(&mut b"\xa2\x61a".as_slice()), None)
}

/// A bucket gives its burst, and then its rate.
fn buckets() -> Result<(), String> {
    let start = Instant::now();
    let mut bucket = Bucket::new(Rate { burst: 3.0, per_second: 2.0 }, start);
    let at = |ms: u64| start + Duration::from_millis(ms);
    let answers: Vec<bool> =
        [0, 0, 0, 0, 499, 501, 502, 60_000].iter().map(|ms| bucket.take(at(*ms))).collect();
    same("tokens", answers, vec![true, true, true, false, false, true, false, true])?;
    let rate = Rate { burst: 50.0, per_second: 10.0 };
    same("the least time", rate.least(300), Duration::from_secs(25))?;
    same("the least time of a burst", rate.least(50), Duration::ZERO)
}

/// Every resource lies in one region, and its id leads back to it.
fn regions() -> Result<(), String> {
    let shape = Shape::seeded(100, 17);
    let account = Account { id: "123456789012".to_owned(), shape };
    let mut seen = BTreeSet::new();
    for region in &account.shape.regions {
        let total = account.share(100, region);
        let found = page("list", total, 1000, None).map_err(|_| "no page")?;
        for number in account.numbers(&found, region) {
            same("the region", account.region_of(number), *region)?;
            same("the id", Account::number_of(&account.id_of("vol", number)), Some(number))?;
            seen.insert(number);
        }
    }
    same("resources in all regions", seen, (0..100).collect())
}

/// A pass that becomes a fail, or is gone without a word, is noticed.
fn comparison() -> Result<(), String> {
    let scan = |findings: &[(&str, &str, &str)]| {
        let findings: Vec<_> = findings
            .iter()
            .map(|(kind, part, verdict)| {
                serde_json::json!({
                    "rule_id": "r", "resource_type": kind, "region": "x", "fingerprint": part,
                    "verdict": verdict,
                })
            })
            .collect();
        Verdicts::read(&serde_json::json!({ "scans": [{ "findings": findings }] }).to_string())
    };
    let clean = scan(&[("s3.bucket", "a", "pass"), ("s3.bucket", "b", "fail")])?;
    let with = |findings: &[(&str, &str, &str)]| -> Result<(usize, usize, usize), String> {
        let found = clean.against(&scan(findings)?);
        Ok((found.unknown, found.hidden, found.wrong.len()))
    };
    let (a, b) = (("s3.bucket", "a", "pass"), ("s3.bucket", "b", "fail"));
    same("the same", with(&[a, b])?, (0, 0, 0))?;
    same("one unknown", with(&[("s3.bucket", "a", "unknown"), b])?, (1, 0, 0))?;
    same("one turned", with(&[a, ("s3.bucket", "b", "pass")])?, (0, 0, 1))?;
    same("one gone", with(&[a])?, (0, 0, 1))?;
    same("all hidden", with(&[("aws.account", "c", "unknown")])?, (1, 2, 0))?;
    same("one new", with(&[a, b, ("s3.bucket", "c", "fail")])?, (0, 0, 1))
}
