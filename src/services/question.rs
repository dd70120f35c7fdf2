//! Named questions: what is too hard for an expression has a name, a type,
//! and a declaration of what it reads.

use super::Memo;
use crate::inventory::{Gaps, Resource, Type, Value};
use jiff::Timestamp;

/// What a question may look at beside its subject.
pub trait Asking {
    /// The resource of a type with this ARN or id: the resources found, and
    /// the gaps that may hide one if none was found.
    fn find(&self, kind: &str, key: &str) -> (Option<&Resource>, Gaps);

    /// All resources of a type, and the gaps that may hide more.
    fn all(&self, kind: &str) -> (Vec<&Resource>, Gaps);

    /// The resources of a type in one region, and the gaps that may hide more
    /// of them there; a region that was not read hides all.
    fn all_in(&self, kind: &str, region: &str) -> (Vec<&Resource>, Gaps);

    /// The account that is judged: twelve digits.
    fn account(&self) -> &str;

    /// Its partition.
    fn partition(&self) -> &str;

    /// Outside accounts that the tenants file calls known.
    fn known_accounts(&self) -> &[String];

    /// The moment of the inventory.
    fn now(&self) -> Timestamp;

    /// What questions have worked out about this account so far.
    fn memo(&self) -> &Memo;
}

/// A question that rules may ask of a resource: `s3.public_read(self)`. Pure.
#[derive(Clone, Copy)]
pub struct Question {
    /// Its name, with the service in front.
    pub name: &'static str,
    /// What it answers, for rule authors.
    pub doc: &'static str,
    /// The types it may be asked of.
    pub subjects: &'static [&'static str],
    /// The fields of the subject that it reads, by the subject's type.
    pub reads: &'static [(&'static str, &'static [&'static str])],
    /// The types that it looks up, with the fields that it reads there.
    pub looks_up: &'static [(&'static str, &'static [&'static str])],
    /// The type of its answer.
    pub returns: fn() -> Type,
    /// Answers for a subject. What it cannot decide is
    /// [`Value::Unknown`] with the gaps that matter.
    pub answer: fn(&Resource, &dyn Asking) -> Value,
}
