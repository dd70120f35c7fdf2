//! Facts: one answer of AWS about a resource.

use super::document::Decided;
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

    /// What this says of something that is always there: absent is not
    /// decided, either.
    pub fn decided(self) -> Decided<T> {
        match self {
            Self::Known(value) => Decided::Known(value),
            Self::Absent => Decided::Unknown(Gaps::NONE),
            Self::Unknown(gaps) => Decided::Unknown(gaps),
        }
    }

    /// What this says of something that is `absent` where there is none.
    pub fn decided_or(self, absent: T) -> Decided<T> {
        match self {
            Self::Absent => Decided::Known(absent),
            other => other.decided(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_decides_only_where_it_has_a_meaning() {
        let hidden = Gaps::one(GapId(7));
        let unknown = || Fact::<bool>::Unknown(hidden.clone());
        assert_eq!(Fact::Known(true).decided(), Decided::Known(true));
        assert_eq!(Fact::<bool>::Absent.decided(), Decided::Unknown(Gaps::NONE));
        assert_eq!(unknown().decided(), Decided::Unknown(hidden.clone()));
        assert_eq!(Fact::Known(true).decided_or(false), Decided::Known(true));
        assert_eq!(Fact::Absent.decided_or(false), Decided::Known(false));
        assert_eq!(unknown().decided_or(false), Decided::Unknown(hidden.clone()));
    }
}
