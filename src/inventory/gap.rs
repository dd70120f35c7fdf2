//! Gaps: calls that got no answer.

use super::operation::{ErrorClass, Operation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A call that got no answer, and what it hides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// `service:Operation`.
    pub operation: String,
    /// The IAM action that the call needs.
    pub iam_action: String,
    /// The region that was asked; `global` for global services.
    pub region: String,
    /// What was asked about, if it was one resource: its ARN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Why there is no answer.
    pub class: ErrorClass,
    /// The service's error code, if it sent one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The service's message.
    pub message: String,
}

impl Gap {
    /// Whether the service sent one of these error codes.
    pub fn has_code(&self, codes: &[&str]) -> bool {
        self.code.as_deref().is_some_and(|code| codes.contains(&code))
    }

    /// The gap of an operation that was not part of the run.
    pub fn not_collected(operation: &str, iam_action: &str, region: &str) -> Self {
        Self {
            operation: operation.to_owned(),
            iam_action: iam_action.to_owned(),
            region: region.to_owned(),
            resource: None,
            class: ErrorClass::NotCollected,
            code: None,
            message: format!("{operation} was not part of this run"),
        }
    }

    /// A gap of `operation`.
    pub fn new(operation: &Operation, region: &str, class: ErrorClass, message: &str) -> Self {
        Self {
            operation: operation.id(),
            iam_action: operation.iam_action(),
            region: region.to_owned(),
            resource: None,
            class,
            code: None,
            message: message.to_owned(),
        }
    }

    /// The same gap, about one resource.
    pub fn about(mut self, resource: &str) -> Self {
        self.resource = Some(resource.to_owned());
        self
    }
}

/// The number of a gap within one scan or snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GapId(pub u32);

impl GapId {
    /// Stands for facts that no chosen rule reads and nobody asked for. They
    /// are left out of snapshots; reading one names the operation.
    pub const NOT_COLLECTED: GapId = GapId(u32::MAX);

    /// Stands for what could not be decided although AWS answered everything: the
    /// text of a policy that cannot be read. Only expressions know it.
    pub const UNDECIDED: GapId = GapId(u32::MAX - 1);
}

/// A set of gaps: ordered, each once, cheap to copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps(Option<Arc<[GapId]>>);

impl Gaps {
    /// No gap.
    pub const NONE: Gaps = Gaps(None);

    /// One gap.
    pub fn one(id: GapId) -> Self {
        Self(Some(Arc::from([id])))
    }

    /// The gaps in order.
    pub fn iter(&self) -> impl Iterator<Item = GapId> + '_ {
        self.0.iter().flat_map(|ids| ids.iter().copied())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|ids| ids.is_empty())
    }

    /// The set without one of them.
    pub fn without(&self, id: GapId) -> Gaps {
        self.iter().filter(|gap| *gap != id).collect()
    }

    /// Both sets together.
    pub fn union(&self, other: &Gaps) -> Gaps {
        if other.is_empty() || self == other {
            return self.clone();
        }
        if self.is_empty() {
            return other.clone();
        }
        self.iter().chain(other.iter()).collect()
    }
}

impl FromIterator<GapId> for Gaps {
    fn from_iter<I: IntoIterator<Item = GapId>>(ids: I) -> Self {
        let mut ids: Vec<GapId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() { Self(None) } else { Self(Some(ids.into())) }
    }
}

impl From<GapId> for Gaps {
    fn from(id: GapId) -> Self {
        Self::one(id)
    }
}

/// Numbers gaps in the order in which they come; equal gaps get one number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GapTable {
    gaps: Vec<Gap>,
    numbers: BTreeMap<Gap, GapId>,
}

impl GapTable {
    /// The number of a gap, new or known.
    pub fn number(&mut self, gap: Gap) -> GapId {
        if let Some(id) = self.numbers.get(&gap) {
            return *id;
        }
        let id = GapId(u32::try_from(self.gaps.len()).unwrap_or(u32::MAX - 2));
        self.numbers.insert(gap.clone(), id);
        self.gaps.push(gap);
        id
    }

    /// The gap behind a number.
    pub fn get(&self, id: GapId) -> Option<&Gap> {
        self.gaps.get(usize::try_from(id.0).ok()?)
    }

    /// All gaps with their numbers, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (GapId, &Gap)> {
        (0..).map(GapId).zip(&self.gaps)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.gaps.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.gaps.is_empty()
    }
}
