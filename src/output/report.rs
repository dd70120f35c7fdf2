//! What every format of a scan is a view of.

use crate::compliance::mapped_control;
use crate::findings::{Finding, FindingView, Known, Summary};
use crate::history::{Changes, Filter, History, HistoryError, ScanId, ScanRecord, ScanStatus};
use crate::inventory::Gap;
use crate::rules::{Catalogue, Fix, Outcome, fill_command};
use jiff::Timestamp;
use serde::ser::{Error, SerializeSeq, Serializer};
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

/// One scan, read-only: what it saw, in the one order of all formats.
pub struct ScanReport<'a> {
    /// The scan.
    pub scan: ScanRecord,
    /// Its findings, worst first; with passes behind them, if they are shown.
    pub findings: Findings<'a>,
    /// The calls that got no answer.
    pub gaps: Vec<Gap>,
    /// The failures that a gate passes over, if it compares with something.
    pub known: Option<Known>,
}

/// A report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Its findings could not be read.
    #[error(transparent)]
    Read(#[from] HistoryError),
    /// The place that it goes to does not take it.
    #[error(transparent)]
    Write(#[from] io::Error),
    /// It could not be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// How many findings are in memory at a time.
pub(super) const PAGE: usize = 512;

/// Reads the findings at these places.
type ReadPage<'a> = dyn Fn(&[usize]) -> Result<Vec<Finding>, HistoryError> + 'a;

/// The findings of a report: read page by page, as often as somebody looks, so
/// that memory does not grow with their number.
pub struct Findings<'a> {
    verdicts: Vec<Outcome>,
    page: usize,
    read: Box<ReadPage<'a>>,
}

impl<'a> Findings<'a> {
    /// None.
    pub fn none() -> Self {
        Self::given(Vec::new())
    }

    /// These.
    pub fn given(findings: Vec<Finding>) -> Self {
        let verdicts = findings.iter().map(|finding| finding.verdict).collect();
        let at = move |place: &usize| findings.get(*place).cloned();
        Self::paged(verdicts, move |places| Ok(places.iter().filter_map(&at).collect()))
    }

    fn paged(
        verdicts: Vec<Outcome>,
        read: impl Fn(&[usize]) -> Result<Vec<Finding>, HistoryError> + 'a,
    ) -> Self {
        Self { verdicts, page: PAGE, read: Box::new(read) }
    }

    /// What a scan saw, with its passes, if wanted.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn of_scan(
        history: &'a History,
        scan: ScanId,
        with_passes: bool,
    ) -> Result<Self, HistoryError> {
        let contents = history.contents(scan, with_passes)?;
        let verdicts = contents.verdicts().collect();
        Ok(Self::paged(verdicts, move |places| history.page(&contents, places)))
    }

    /// What a filter asks for; `now` is the moment whose suppressions count if it
    /// names no scan.
    ///
    /// # Errors
    /// The history cannot be read, or has no such scan.
    pub fn asked_for(
        history: &'a History,
        filter: &Filter,
        now: Timestamp,
    ) -> Result<Self, HistoryError> {
        let listing = history.listing(filter, now)?;
        let verdicts = listing.verdicts().collect();
        Ok(Self::paged(verdicts, move |places| history.listed(&listing, places)))
    }

    /// Those of changes, in their order.
    pub fn of_changes(history: &'a History, changes: &'a Changes) -> Self {
        let verdicts = changes.changes.iter().map(|change| change.verdict).collect();
        Self::paged(verdicts, move |places| history.changed(changes, places))
    }

    /// The same, so many in memory at a time.
    #[must_use]
    pub(super) fn read_by(self, page: usize) -> Self {
        Self { page, ..self }
    }

    /// The same findings, each changed.
    #[must_use]
    pub fn map(self, change: impl Fn(&Finding) -> Finding + 'a) -> Self {
        let Self { verdicts, page, read } = self;
        let read = move |places: &[usize]| Ok(read(places)?.iter().map(&change).collect());
        Self { verdicts, page, read: Box::new(read) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.verdicts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.verdicts.is_empty()
    }

    /// Whether one of them has this verdict.
    pub fn has(&self, verdict: Outcome) -> bool {
        self.verdicts.contains(&verdict)
    }

    /// Each of them, in order. Ends behind the first that cannot be read.
    pub fn iter(&self) -> impl Iterator<Item = Result<Finding, HistoryError>> {
        self.within(0..self.len())
    }

    /// Those at some places, as [`iter`](Self::iter) counts them.
    pub fn within(
        &self,
        places: Range<usize>,
    ) -> impl Iterator<Item = Result<Finding, HistoryError>> {
        self.those(places.start..places.end.min(self.len()))
    }

    /// Those with this verdict; the others are not even read.
    pub fn with(&self, verdict: Outcome) -> impl Iterator<Item = Result<Finding, HistoryError>> {
        let all = self.verdicts.iter().enumerate();
        self.those(all.filter(move |(_, its)| **its == verdict).map(|(place, _)| place))
    }

    /// Those at places that ascend. Ends behind the first that cannot be read.
    pub fn those(
        &self,
        mut places: impl Iterator<Item = usize>,
    ) -> impl Iterator<Item = Result<Finding, HistoryError>> {
        let mut broken = false;
        let pages = std::iter::from_fn(move || {
            let page: Vec<usize> = places.by_ref().take(self.page).collect();
            (!page.is_empty() && !broken).then(|| match (self.read)(&page) {
                Ok(page) => page.into_iter().map(Ok).collect(),
                Err(error) => {
                    broken = true;
                    vec![Err(error)]
                }
            })
        });
        pages.flatten()
    }
}

impl ScanReport<'_> {
    /// Its numbers; all zero if it never came to its end.
    pub fn summary(&self) -> Summary {
        let nothing = || Summary::new(&BTreeMap::new(), &BTreeMap::new(), None);
        self.scan.summary.clone().unwrap_or_else(nothing)
    }

    /// Why it did not come to its end.
    pub fn reason(&self) -> &str {
        self.scan.reason.as_deref().unwrap_or("the scan did not end")
    }

    /// Whether nothing could be scanned. That nothing failed there would sound
    /// like good news.
    pub fn is_empty_failure(&self) -> bool {
        self.scan.status == ScanStatus::Failed && self.findings.is_empty()
    }

    /// Whether a gate has to heed a finding: it counts, and is not known.
    pub fn heeds(&self, finding: &Finding) -> bool {
        finding.counts() && !self.known.as_ref().is_some_and(|known| known.has(finding))
    }
}

/// A finding together with its rule.
pub fn view<'a>(finding: &'a Finding, catalogue: &'a Catalogue) -> FindingView<'a> {
    let rule = catalogue.find(&finding.rule_uid).map(|compiled| &compiled.rule);
    let fix = rule.map(|rule| filled(&rule.fix, finding));
    let control = rule.and_then(|rule| mapped_control(&rule.controls));
    FindingView::new(finding, rule, fix, control)
}

/// Findings together with their rules, serialised while they are read.
pub(super) fn views<S: Serializer>(
    findings: impl Iterator<Item = Result<Finding, HistoryError>>,
    number: usize,
    catalogue: &Catalogue,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(number))?;
    for finding in findings {
        let finding = finding.map_err(S::Error::custom)?;
        list.serialize_element(&view(&finding, catalogue))?;
    }
    list.end()
}

/// A rule's fix with the finding's names in its commands.
fn filled(fix: &Fix, finding: &Finding) -> Fix {
    let fill = |command: &Option<String>| {
        command.as_ref().map(|command| {
            fill_command(command, &finding.resource_id, &finding.resource_arn, &finding.region)
        })
    };
    Fix { cli: fill(&fix.cli), verify: fill(&fix.verify), ..fix.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::public_bucket;
    use std::cell::RefCell;

    fn some(len: usize, breaks_at: usize, asked: &RefCell<Vec<Vec<usize>>>) -> Findings<'_> {
        let read = move |places: &[usize]| {
            asked.borrow_mut().push(places.to_vec());
            if places.contains(&breaks_at) {
                return Err(HistoryError::Damaged("a page is gone".to_owned()));
            }
            Ok(places.iter().map(|_| public_bucket()).collect())
        };
        let verdict = |place| if place % 1000 == 7 { Outcome::Unknown } else { Outcome::Fail };
        Findings::paged((0..len).map(verdict).collect(), read)
    }

    #[test]
    fn every_page_is_read_once_and_the_last_one_is_short() {
        let asked = RefCell::default();
        let findings = some(1100, usize::MAX, &asked);
        assert_eq!(findings.iter().map(Result::unwrap).count(), 1100);
        let pages: Vec<Vec<usize>> =
            [0..512, 512..1024, 1024..1100].map(|page| page.collect()).into();
        assert_eq!(*asked.borrow(), pages);
    }

    #[test]
    fn what_has_another_verdict_is_not_read() {
        let asked = RefCell::default();
        let findings = some(1100, usize::MAX, &asked);
        assert_eq!(findings.with(Outcome::Unknown).map(Result::unwrap).count(), 2);
        assert_eq!(findings.with(Outcome::Error).count(), 0);
        assert_eq!(*asked.borrow(), [[7, 1007]]);
    }

    #[test]
    fn only_the_pages_of_some_places_are_read() {
        let asked = RefCell::default();
        let findings = some(2000, usize::MAX, &asked);
        assert_eq!(findings.within(100..700).map(Result::unwrap).count(), 600);
        assert_eq!(findings.within(1999..2500).map(Result::unwrap).count(), 1);
        let pages: Vec<Vec<usize>> =
            [100..612, 612..700, 1999..2000].map(|page| page.collect()).into();
        assert_eq!(*asked.borrow(), pages);
    }

    #[test]
    fn a_page_that_cannot_be_read_ends_it_with_an_error() {
        let asked = RefCell::default();
        let findings = some(2000, 600, &asked);
        let read: Vec<bool> = findings.iter().map(|it| it.is_ok()).collect();
        assert_eq!(read.len(), 513);
        assert_eq!(read.last(), Some(&false));
    }
}
