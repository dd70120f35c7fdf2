//! The findings that a filter asks for, page by page: memory does not grow with their
//! number.

use super::error::Result;
use super::read::{COLUMNS, Filter, ORDER, Reader, spans};
use super::record::ScanRecord;
use super::store::History;
use super::{scans, to_json};
use crate::findings::Finding;
use crate::rules::Outcome;
use jiff::Timestamp;
use rusqlite::params_from_iter;

/// The spans whose numbers are in a JSON list.
const IN_LIST: &str = "s.seq IN (SELECT value FROM json_each(?1))";

/// Which findings a filter asks for, in their order. Made by [`History::listing`].
#[derive(Debug)]
pub struct Listing {
    /// The scan that is read, or `None` for where things stand.
    scan: Option<(i64, ScanRecord)>,
    at: Timestamp,
    spans: Vec<(i64, Outcome)>,
}

impl Listing {
    /// The verdicts, in order.
    pub fn verdicts(&self) -> impl Iterator<Item = Outcome> {
        self.spans.iter().map(|(_, verdict)| *verdict)
    }
}

impl History {
    /// Which findings a filter asks for, for [`listed`](Self::listed). `now` is the
    /// moment whose suppressions count if the filter names no scan.
    pub fn listing(&self, filter: &Filter, now: Timestamp) -> Result<Listing> {
        self.list(filter, now, &mut |_, _| Ok(()))
    }

    /// The same; calls `each` with the span of each and the finding without its
    /// evidence and gaps.
    pub(super) fn list(
        &self,
        filter: &Filter,
        now: Timestamp,
        each: &mut impl FnMut(i64, Finding) -> Result<()>,
    ) -> Result<Listing> {
        let file = &self.connection;
        let scan = filter.scan.map(|id| scans::by_id(file, id)).transpose()?;
        let at = scan.as_ref().map_or(now, |(_, record)| record.as_of());
        let (which, values) = match &scan {
            Some((seq, _)) => (IN_LIST, Some(to_json(&spans(file, *seq)?)?)),
            None => ("s.seq = f.span", None),
        };
        let sql = format!("{COLUMNS} WHERE {which} {ORDER}");
        let of_scan = scan.as_ref().map(|(seq, record)| (*seq, record));
        let reader = Reader::new(file, of_scan, at)?.without_evidence();
        let mut listed = Vec::new();
        reader.each(&sql, params_from_iter(values), &mut |span, finding| {
            if !filter.takes(&finding) {
                return Ok(());
            }
            listed.push((span, finding.verdict));
            each(span, finding)
        })?;
        Ok(Listing { scan, at, spans: listed })
    }

    /// Calls `each` with every finding as it stands now, without its evidence and gaps,
    /// in their order: memory does not grow with their number.
    pub fn each_finding(&self, now: Timestamp, mut each: impl FnMut(Finding)) -> Result<()> {
        self.list(&Filter::default(), now, &mut |_, finding| {
            each(finding);
            Ok(())
        })?;
        Ok(())
    }

    /// The findings at these places, in their order.
    pub fn listed(&self, listing: &Listing, places: &[usize]) -> Result<Vec<Finding>> {
        let Listing { scan, at, spans } = listing;
        let spans: Vec<i64> =
            places.iter().filter_map(|place| Some(spans.get(*place)?.0)).collect();
        let sql = format!("{COLUMNS} WHERE {IN_LIST} {ORDER}");
        let scan = scan.as_ref().map(|(seq, record)| (*seq, record));
        let mut page = Vec::with_capacity(spans.len());
        let reader = Reader::new(&self.connection, scan, *at)?;
        reader.each(&sql, [to_json(&spans)?], &mut |_, finding| {
            page.push(finding);
            Ok(())
        })?;
        Ok(page)
    }
}
