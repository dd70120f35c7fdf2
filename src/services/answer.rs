//! What the answers of questions are made of, beside [`Decided`].

use crate::inventory::{Decided, Gaps};
use crate::policy;
use crate::record;
use std::collections::BTreeMap;

impl Decided<bool> {
    /// Whether one of them holds. `missing` may hide more of them.
    pub fn any<'a>(of: impl IntoIterator<Item = &'a Self>, missing: &Gaps) -> Self {
        let mut open = (!missing.is_empty()).then(|| missing.clone());
        for one in of {
            match one {
                Self::Known(true) => return Self::Known(true),
                Self::Known(false) => {}
                Self::Unknown(gaps) => open = Some(open.unwrap_or_default().union(gaps)),
            }
        }
        open.map_or(Self::Known(false), Self::Unknown)
    }

    /// Whether all of them hold.
    pub fn all<'a>(of: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut open: Option<Gaps> = None;
        for one in of {
            match one {
                Self::Known(false) => return Self::Known(false),
                Self::Known(true) => {}
                Self::Unknown(gaps) => open = Some(open.unwrap_or_default().union(gaps)),
            }
        }
        open.map_or(Self::Known(true), Self::Unknown)
    }
}

record! {
    /// One request that a policy lets through.
    pub struct Witness {
        /// Who asks; `*` is a caller without credentials.
        "principal" => principal: String,
        /// For what.
        "action" => action: String,
        /// On what.
        "resource" => resource: String,
        /// The condition keys that the request has.
        "context" => context: BTreeMap<String, Vec<String>>,
        /// The statement that allows it, from 1.
        "statement" => statement: i64,
    }
}

impl From<&policy::Witness> for Witness {
    fn from(witness: &policy::Witness) -> Self {
        let request = &witness.request;
        let context = request.context.iter();
        Self {
            principal: request.caller.to_string(),
            action: request.action.clone(),
            resource: request.resource.clone(),
            context: context.map(|(key, values)| (key.to_owned(), values.to_vec())).collect(),
            statement: i64::try_from(witness.statement).unwrap_or(i64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::GapId;

    #[test]
    fn one_or_all_of_them_as_far_as_they_are_decided() {
        let gap = |number| Gaps::one(GapId(number));
        let (yes, no) = (Decided::Known(true), Decided::Known(false));
        let open = Decided::Unknown(gap(1));
        let of_a_text = Decided::Unknown(Gaps::NONE);
        let none = &Gaps::NONE;
        assert_eq!(Decided::any([], none), no);
        assert_eq!(Decided::any([&no, &open, &yes], &gap(2)), yes);
        assert_eq!(Decided::any([&no, &open], none), open);
        assert_eq!(Decided::any([&no, &of_a_text], none), of_a_text);
        let both: Gaps = [GapId(1), GapId(2)].into_iter().collect();
        assert_eq!(Decided::any([&no, &open], &gap(2)), Decided::Unknown(both));
        assert_eq!(Decided::any([&no], &gap(2)), Decided::Unknown(gap(2)));
        assert_eq!(Decided::all([]), yes);
        assert_eq!(Decided::all([&yes, &open, &no]), no);
        assert_eq!(Decided::all([&yes, &open]), open);
        assert_eq!(Decided::all([&of_a_text, &yes]), of_a_text);
    }
}
