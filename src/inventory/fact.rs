//! Facts: one answer of AWS about a resource.

use super::gap::{GapId, Gaps};

/// One answer of AWS: known, absent, or unknown with the gaps that hide it.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<T> {
    /// AWS answered.
    Known(T),
    /// AWS answered that there is none.
    Absent,
    /// No answer.
    Unknown(Gaps),
}

impl<T> Fact<T> {
    /// What nobody asked for, because no chosen rule reads it.
    pub fn not_collected() -> Self {
        Self::Unknown(Gaps::one(GapId::NOT_COLLECTED))
    }

    /// Known if there is a value, else absent. Only for members that AWS
    /// documents as optional.
    pub fn from_option(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Known)
    }

    /// The same state with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known(value) => Fact::Known(change(value)),
            Self::Absent => Fact::Absent,
            Self::Unknown(gaps) => Fact::Unknown(gaps),
        }
    }

    /// The same fact by reference.
    pub fn as_ref(&self) -> Fact<&T> {
        match self {
            Self::Known(value) => Fact::Known(value),
            Self::Absent => Fact::Absent,
            Self::Unknown(gaps) => Fact::Unknown(gaps.clone()),
        }
    }
}
