//! Findings of several histories, in the one order of all formats.

use super::report::{Findings, PAGE};
use crate::findings::Finding;
use crate::history::HistoryError;
use crate::rules::Outcome;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The least that is read of a history at a time.
const LEAST: usize = 16;

/// The findings of several histories, joined while they are read: memory does not
/// grow with their number.
pub struct Joined<'a> {
    parts: Vec<Findings<'a>>,
    change: Box<Change<'a>>,
}

type Change<'a> = dyn Fn(Finding) -> Finding + 'a;

impl<'a> Joined<'a> {
    /// Of these, each of which is in order.
    pub fn new(parts: Vec<Findings<'a>>) -> Self {
        let page = (PAGE / parts.len().max(1)).max(LEAST);
        let parts = parts.into_iter().map(|part| part.read_by(page)).collect();
        Self { parts, change: Box::new(|finding| finding) }
    }

    /// The same findings in the same order, each changed.
    #[must_use]
    pub fn map(self, change: impl Fn(&Finding) -> Finding + 'a) -> Self {
        let Self { parts, change: before } = self;
        Self { parts, change: Box::new(move |finding| change(&before(finding))) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(Findings::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(Findings::is_empty)
    }

    /// Whether one of them has this verdict.
    pub fn has(&self, verdict: Outcome) -> bool {
        self.parts.iter().any(|part| part.has(verdict))
    }

    /// Each of them, in order. Ends behind the first that cannot be read.
    pub fn iter(&self) -> impl Iterator<Item = Result<Finding, HistoryError>> {
        let mut parts: Vec<_> = self.parts.iter().map(Findings::iter).collect();
        let mut heads = BinaryHeap::new();
        let mut error = None;
        let take =
            move |part: usize, finding, heads: &mut BinaryHeap<Head>, error: &mut Option<_>| {
                match finding {
                    Some(Ok(finding)) => heads.push(Head { finding, part }),
                    Some(Err(broken)) => *error = Some(broken),
                    None => {}
                }
            };
        for (part, findings) in parts.iter_mut().enumerate() {
            take(part, findings.next(), &mut heads, &mut error);
        }
        std::iter::from_fn(move || {
            if let Some(broken) = error.take() {
                heads.clear();
                return Some(Err(broken));
            }
            let Head { finding, part } = heads.pop()?;
            let next = parts.get_mut(part).and_then(Iterator::next);
            take(part, next, &mut heads, &mut error);
            Some(Ok((self.change)(finding)))
        })
    }
}

/// The next finding of a part. The greatest is the one that comes first.
struct Head {
    finding: Finding,
    part: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        Finding::order(&other.finding, &self.finding).then(other.part.cmp(&self.part))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::public_bucket;
    use crate::rules::Severity;

    fn named(names: &[&str]) -> Findings<'static> {
        let finding = |name: &&str| Finding { region: (*name).to_owned(), ..public_bucket() };
        Findings::given(names.iter().map(finding).collect())
    }

    fn regions(joined: &Joined<'_>) -> Vec<String> {
        joined.iter().map(|finding| finding.unwrap().region).collect()
    }

    #[test]
    fn several_are_joined_in_order() {
        let joined =
            Joined::new(vec![named(&["b", "d", "e"]), named(&[]), named(&["a", "c", "f"])]);
        assert_eq!(regions(&joined), ["a", "b", "c", "d", "e", "f"]);
        assert_eq!((joined.len(), joined.is_empty()), (6, false));
        assert!(joined.has(Outcome::Fail) && !joined.has(Outcome::Unknown));
        assert!(Joined::new(vec![named(&[])]).is_empty());
    }

    #[test]
    fn the_worst_come_first() {
        let low = Finding { severity: Severity::Low, ..public_bucket() };
        let parts = vec![Findings::given(vec![low]), Findings::given(vec![public_bucket()])];
        let joined = Joined::new(parts);
        let severities: Vec<Severity> = joined.iter().map(|it| it.unwrap().severity).collect();
        assert_eq!(severities, [public_bucket().severity, Severity::Low]);
    }
}
