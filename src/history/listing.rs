//! The findings that a filter asks for, page by page: memory does not grow with their
//! number.

use super::error::Result;
use super::read::{COLUMNS, Filter, ORDER, Reader};
use super::record::ScanRecord;
use super::store::History;
use super::{scans, to_json};
use crate::findings::Finding;
use crate::rules::Outcome;
use jiff::Timestamp;

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
        let scan = filter.scan.map(|id| scans::by_id(&self.connection, id)).transpose()?;
        let at = scan.as_ref().map_or(now, |(_, record)| record.as_of());
        let mut spans = Vec::new();
        self.read(filter, now, |reader| reader.without_evidence(), &mut |span, finding| {
            spans.push((span, finding.verdict));
            each(span, finding)
        })?;
        Ok(Listing { scan, at, spans })
    }

    /// The findings at these places, in their order.
    pub fn listed(&self, listing: &Listing, places: &[usize]) -> Result<Vec<Finding>> {
        let Listing { scan, at, spans } = listing;
        let spans: Vec<i64> =
            places.iter().filter_map(|place| Some(spans.get(*place)?.0)).collect();
        let sql = format!("{COLUMNS} WHERE s.seq IN (SELECT value FROM json_each(?1)) {ORDER}");
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
