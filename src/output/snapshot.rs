//! What is in a snapshot.

use super::Layout;
use super::scan_json::GapItem;
use super::scan_table::because;
use super::table::{Row, Tone, table};
use super::text::{count, safe_line};
use crate::inventory::ErrorClass;
use crate::inventory::snapshot::Contents;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The version of the JSON of `snapshot show`.
pub const SCHEMA: &str = "cspm-snapshot-contents/1";

/// The JSON of `snapshot show`.
#[derive(Debug, Serialize)]
pub struct ContentsDocument<'a> {
    schema: &'static str,
    format: &'a str,
    version: &'a str,
    account_id: &'a str,
    partition: &'a str,
    caller: &'a str,
    taken_at: Timestamp,
    regions: &'a [String],
    regions_skipped: &'a BTreeMap<String, String>,
    operations: &'a BTreeSet<String>,
    resources: &'a BTreeMap<String, BTreeMap<String, u64>>,
    hidden: Vec<Hidden<'a>>,
    gaps: Vec<GapItem<'a>>,
}

#[derive(Debug, Serialize)]
struct Hidden<'a> {
    resource_type: &'a str,
    region: &'a str,
}

impl<'a> ContentsDocument<'a> {
    /// All of it.
    pub fn new(contents: &'a Contents) -> Self {
        let header = &contents.header;
        let hidden = |(kind, region): &'a (String, String)| Hidden { resource_type: kind, region };
        Self {
            schema: SCHEMA,
            format: &header.format,
            version: &header.cspm,
            account_id: &header.account,
            partition: &header.partition,
            caller: &header.caller,
            taken_at: header.taken_at,
            regions: &header.regions,
            regions_skipped: &header.regions_skipped,
            operations: &header.operations,
            resources: &contents.resources,
            hidden: contents.hidden.iter().map(hidden).collect(),
            gaps: contents.gaps.iter().map(GapItem::new).collect(),
        }
    }
}

/// The snapshot as tables.
pub fn page(contents: &Contents, layout: Layout) -> String {
    let header = &contents.header;
    let mut text = format!(
        "account {} ({}), read at {} by {}\n{}, written by cspm {}\n",
        safe_line(&header.account),
        safe_line(&header.partition),
        header.taken_at,
        safe_line(&header.caller),
        safe_line(&header.format),
        safe_line(&header.cspm),
    );
    text.push_str(&format!("regions: {}\n", safe_line(&header.regions.join(", "))));
    for (region, why) in &header.regions_skipped {
        text.push_str(&format!("not read: {}: {}\n", safe_line(region), safe_line(why)));
    }
    let total: u64 = contents.resources.values().flat_map(BTreeMap::values).sum();
    text.push_str(&format!("\n{}\n", count(total, "resource")));
    let rows = contents.resources.iter().map(|(kind, regions)| {
        let hidden = contents.hidden.iter().filter(|(it, _)| it == kind).count();
        let hidden = if hidden == 0 { String::new() } else { format!("{hidden} not listed") };
        let regions: Vec<String> =
            regions.iter().map(|(region, number)| format!("{region} {number}")).collect();
        vec![
            (kind.clone(), Tone::Plain),
            (number_of(contents, kind).to_string(), Tone::Plain),
            (regions.join(", "), Tone::Dim),
            (hidden, Tone::Unknown),
        ]
    });
    text.push_str(&table(&["TYPE", "NUMBER", "REGIONS", "LISTS"], rows.collect(), layout));
    text.push_str(&format!("\n{} got no answer\n", count(contents.gaps.len() as u64, "call")));
    text.push_str(&table(&["WHY", "CALLS", "OPERATIONS"], gaps(contents), layout));
    let operations: Vec<&str> = header.operations.iter().map(String::as_str).collect();
    let title = count(operations.len() as u64, "operation");
    text.push_str(&format!("\n{title} ran\n"));
    text + &super::text::wrapped(&safe_line(&operations.join(", ")), layout.columns, "  ")
}

fn number_of(contents: &Contents, kind: &str) -> u64 {
    contents.resources.get(kind).map_or(0, |regions| regions.values().sum())
}

fn gaps(contents: &Contents) -> Vec<Row> {
    let mut classes: BTreeMap<ErrorClass, (u64, BTreeSet<&str>)> = BTreeMap::new();
    for gap in &contents.gaps {
        let (number, operations) = classes.entry(gap.class).or_default();
        *number += 1;
        operations.insert(&gap.operation);
    }
    let row = |(class, (number, operations)): (ErrorClass, (u64, BTreeSet<&str>))| {
        let operations: Vec<&str> = operations.into_iter().collect();
        vec![
            (because(class).to_owned(), Tone::Unknown),
            (number.to_string(), Tone::Plain),
            (operations.join(", "), Tone::Plain),
        ]
    };
    classes.into_iter().map(row).collect()
}
