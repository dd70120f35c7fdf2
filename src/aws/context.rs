//! What a collector works with.

use super::classify::classify;
use super::failure::Failure;
use super::fan_out::FanOut;
use super::regions::Regions;
use super::session::Session;
use crate::inventory::{
    ErrorClass, Fact, GLOBAL, Gap, Gaps, Operation, Resource, ResourceType, Scope, Sink,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What a scan reads: the types it lists, and the operations it may call.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    types: BTreeMap<&'static str, &'static ResourceType>,
    operations: BTreeSet<&'static Operation>,
    sample: bool,
}

impl Plan {
    /// These types, by these operations.
    pub fn new(
        types: impl IntoIterator<Item = &'static ResourceType>,
        operations: impl IntoIterator<Item = &'static Operation>,
    ) -> Self {
        Self {
            types: types.into_iter().map(|kind| (kind.name, kind)).collect(),
            operations: operations.into_iter().collect(),
            sample: false,
        }
    }

    /// The same calls, but about one resource of each list only: enough to see
    /// which of them are refused.
    #[must_use]
    pub fn sampled(mut self) -> Self {
        self.sample = true;
        self
    }

    /// These types, with everything in their documents.
    pub fn everything(types: impl IntoIterator<Item = &'static ResourceType>) -> Self {
        let mut plan = Self::new(types, []);
        for kind in plan.types.values() {
            let of_fields = kind.record.fields.iter().flat_map(|field| &field.operations);
            let of_lists = kind.listings.iter().copied().flatten();
            plan.operations.extend(of_fields.chain(of_lists).chain(kind.tags));
        }
        plan
    }

    /// Whether an operation is part of it.
    pub fn wants(&self, operation: &'static Operation) -> bool {
        self.operations.contains(operation)
    }

    /// Whether a type is read.
    pub fn reads(&self, kind: &ResourceType) -> bool {
        self.types.contains_key(kind.name)
    }

    /// The types that are read.
    pub fn types(&self) -> impl Iterator<Item = &'static ResourceType> + '_ {
        self.types.values().copied()
    }

    /// The operations that may be called.
    pub fn operations(&self) -> impl Iterator<Item = &'static Operation> + '_ {
        self.operations.iter().copied()
    }
}

/// AWS's reply to one question.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply<T> {
    /// An answer.
    Known(T),
    /// The answer: there is none.
    Absent,
    /// Nobody asked: the operation is not part of the plan.
    NotWanted,
    /// No answer.
    Gap(Box<Gap>),
}

impl<T> Reply<T> {
    /// Whether AWS refused with one of these error codes.
    pub(crate) fn failed_with(&self, codes: &[&str]) -> bool {
        matches!(self, Self::Gap(gap) if gap.has_code(codes))
    }

    /// The answer, or what stands in its place.
    pub(crate) fn known<U>(self) -> Result<T, Reply<U>> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Absent => Err(Reply::Absent),
            Self::NotWanted => Err(Reply::NotWanted),
            Self::Gap(gap) => Err(Reply::Gap(gap)),
        }
    }

    /// The reply with its answer read.
    pub(crate) fn read<U>(self, read: impl FnOnce(T) -> Result<U, Box<Gap>>) -> Reply<U> {
        self.read_optional(|value| read(value).map(Some))
    }

    /// The reply with its answer read, which may say that there is none.
    pub(crate) fn read_optional<U>(
        self,
        read: impl FnOnce(T) -> Result<Option<U>, Box<Gap>>,
    ) -> Reply<U> {
        match self.known() {
            Ok(value) => match read(value) {
                Ok(Some(value)) => Reply::Known(value),
                Ok(None) => Reply::Absent,
                Err(gap) => Reply::Gap(gap),
            },
            Err(other) => other,
        }
    }
}

struct Inner {
    session: Arc<Session>,
    sink: Arc<dyn Sink>,
    regions: Regions,
    plan: Plan,
    patience: Duration,
    finished: Mutex<BTreeSet<(&'static str, String)>>,
}

/// What a collector works with: a session, a sink, and what to read. Clones
/// are the same context.
#[derive(Clone)]
pub struct Context(Arc<Inner>);

/// How many calls of one fan-out may wait for each that may be in flight: more
/// than one, so that there is always work; few, because a call that waits keeps
/// its request in memory.
const CALLS_PER_PERMIT: usize = 2;

/// How long a collector waits for what AWS makes on demand.
const PATIENCE: Duration = Duration::from_secs(120);

impl Context {
    /// A context for one account.
    pub fn new(session: Arc<Session>, sink: Arc<dyn Sink>, regions: Regions, plan: Plan) -> Self {
        Self(Arc::new(Inner {
            session,
            sink,
            regions,
            plan,
            patience: PATIENCE,
            finished: Mutex::default(),
        }))
    }

    /// The same with another patience.
    #[cfg(test)]
    pub(crate) fn with_patience(self, patience: Duration) -> Self {
        let Inner { session, sink, regions, plan, .. } = &*self.0;
        Self(Arc::new(Inner {
            session: Arc::clone(session),
            sink: Arc::clone(sink),
            regions: regions.clone(),
            plan: plan.clone(),
            patience,
            finished: Mutex::default(),
        }))
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.0.session
    }

    /// The regions.
    pub fn regions(&self) -> &Regions {
        &self.0.regions
    }

    /// What is read.
    pub fn plan(&self) -> &Plan {
        &self.0.plan
    }

    /// Whether an operation is part of the plan.
    pub fn wants(&self, operation: &'static Operation) -> bool {
        self.0.plan.wants(operation)
    }

    /// What of a page is looked at one by one: all of it, or the first if the
    /// plan takes samples.
    pub fn sample<T>(&self, page: Vec<T>) -> Vec<T> {
        let enough = if self.0.plan.sample { 1 } else { page.len() };
        page.into_iter().take(enough).collect()
    }

    /// How long to wait for what AWS makes on demand.
    pub fn patience(&self) -> Duration {
        self.0.patience
    }

    /// A bounded stream of tasks that make one call after the other.
    pub fn fan_out(&self) -> FanOut {
        self.fan_out_of(1)
    }

    /// A bounded stream of tasks, each of which makes so many calls side by side.
    pub fn fan_out_of(&self, calls: usize) -> FanOut {
        let in_flight = self.0.session.gate().limits().in_flight;
        FanOut::new((CALLS_PER_PERMIT * in_flight).div_ceil(calls.max(1)))
    }

    /// Asks AWS, if the operation is part of the plan.
    pub(crate) async fn ask<T, E, F, Fut>(&self, asked: Asked<'_>, send: F) -> Reply<T>
    where
        T: Send,
        F: Fn() -> Fut + Sync,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let Asked { operation, region, about } = asked;
        if !self.wants(operation) {
            return Reply::NotWanted;
        }
        match self.0.session.call(operation, region, send).await {
            Ok(reply) => Reply::Known(reply),
            Err(failure) => match classify(operation, region, &failure) {
                None => Reply::Absent,
                Some(gap) => Reply::Gap(Box::new(match about {
                    Some(arn) => gap.about(arn),
                    None => gap,
                })),
            },
        }
    }

    /// A reply as a fact; its gap goes to the sink.
    pub fn fact<T>(&self, reply: Reply<T>) -> Fact<T> {
        match reply {
            Reply::Known(value) => Fact::Known(value),
            Reply::Absent => Fact::Absent,
            Reply::NotWanted => Fact::not_collected(),
            Reply::Gap(gap) => Fact::Unknown(self.gap(gap)),
        }
    }

    /// A member of an answer as a fact.
    pub(crate) fn member<T>(&self, value: Result<T, Box<Gap>>) -> Fact<T> {
        match value {
            Ok(value) => Fact::Known(value),
            Err(gap) => Fact::Unknown(self.gap(gap)),
        }
    }

    /// Tells the sink of a gap.
    pub fn gap(&self, gap: impl Into<Box<Gap>>) -> Gaps {
        Gaps::one(self.0.sink.gap(*gap.into()))
    }

    /// Feeds a resource.
    pub fn resource(&self, resource: Resource) {
        self.0.sink.resource(resource);
    }

    /// Everything of a type in a region was fed, but for what `missing` hides.
    /// Only the first word on a type and region counts.
    pub fn done(&self, kind: &'static ResourceType, region: &str, missing: Gaps) {
        let first = self
            .0
            .finished
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((kind.name, region.to_owned()));
        if first {
            self.0.sink.done(kind, region, missing);
        }
    }

    /// Whether `done` was said of a type and region.
    pub fn is_done(&self, kind: &ResourceType, region: &str) -> bool {
        let finished = self.0.finished.lock().unwrap_or_else(PoisonError::into_inner);
        finished.iter().any(|(name, place)| *name == kind.name && place == region)
    }

    /// Where a type is listed: `global`, or every region of the scan.
    pub fn places(&self, kind: &ResourceType) -> Vec<String> {
        match kind.scope {
            Scope::Global | Scope::GlobalList => vec![GLOBAL.to_owned()],
            Scope::Regional => self.0.regions.read.clone(),
        }
    }
}

/// The gap of a failure that is not an answer.
pub(crate) fn plain_gap(operation: &Operation, region: &str, failure: &Failure) -> Gap {
    classify(operation, region, failure).unwrap_or_else(|| {
        let mut gap = Gap::new(operation, region, ErrorClass::Other, &failure.message);
        gap.code.clone_from(&failure.code);
        gap
    })
}

/// What was asked, where, and about what: for reading its answer.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) region: &'a str,
    /// The ARN of the one resource that was asked about.
    pub(crate) about: Option<&'a str>,
}

impl Asked<'_> {
    /// The gap of an answer in another shape than the documented one.
    pub(crate) fn malformed(&self, message: &str) -> Box<Gap> {
        let gap = Gap::new(self.operation, self.region, ErrorClass::Malformed, message);
        Box::new(match self.about {
            Some(arn) => gap.about(arn),
            None => gap,
        })
    }

    /// A member that is always there.
    pub(crate) fn must<T>(&self, value: Option<T>, member: &str) -> Result<T, Box<Gap>> {
        value.ok_or_else(|| self.lacks(member))
    }

    /// A text that is always there. Where the SDK has no `Option`, it puts
    /// an empty text, or these words, in the place of a missing one.
    pub(crate) fn must_text(&self, value: &str, member: &str) -> Result<String, Box<Gap>> {
        if value.is_empty() || value == "no value was set" {
            return Err(self.lacks(member));
        }
        Ok(value.to_owned())
    }

    /// A text that is always there, where the SDK has an `Option`.
    pub(crate) fn text(&self, value: Option<&str>, member: &str) -> Result<String, Box<Gap>> {
        self.must(value, member).and_then(|text| self.must_text(text, member))
    }

    /// The token of the next page, of a list that also says whether there is one.
    pub(crate) fn next(
        &self,
        more: bool,
        token: Option<String>,
    ) -> Result<Option<String>, Box<Gap>> {
        let token = token.filter(|token| !token.is_empty());
        if more && token.is_none() {
            return Err(self.malformed("the list says that there is more, but not where"));
        }
        Ok(token)
    }

    fn lacks(&self, member: &str) -> Box<Gap> {
        self.malformed(&format!("the reply lacks {member}, which is always there"))
    }
}

/// Walks through the pages of a list.
#[derive(Debug, Default)]
pub(crate) struct Paging {
    token: Option<String>,
}

impl Paging {
    /// The token of the page to ask for next; none for the first.
    pub(crate) fn token(&self) -> Option<String> {
        self.token.clone()
    }

    /// Turns the page: whether there is another.
    ///
    /// # Errors
    /// The list runs in a circle.
    pub(crate) fn turn(&mut self, next: Option<String>) -> Result<bool, &'static str> {
        match next.filter(|token| !token.is_empty()) {
            None => Ok(false),
            Some(token) if self.token.as_ref() == Some(&token) => {
                Err("the list gives the same page again")
            }
            Some(token) => {
                self.token = Some(token);
                Ok(true)
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn pages_turn_until_the_end() {
        let mut paging = Paging::default();
        assert_eq!(paging.token(), None);
        assert_eq!(paging.turn(Some("2".to_owned())), Ok(true));
        assert_eq!(paging.token().as_deref(), Some("2"));
        assert_eq!(paging.turn(Some(String::new())), Ok(false));
        assert_eq!(paging.turn(None), Ok(false));
    }

    #[test]
    fn a_list_that_never_ends_is_noticed() {
        let mut paging = Paging::default();
        assert_eq!(paging.turn(Some("2".to_owned())), Ok(true));
        assert!(paging.turn(Some("2".to_owned())).is_err());
    }

    #[test]
    fn a_list_that_has_more_says_where() {
        static LIST: Operation = Operation::new("iam", "ListThings", &["iam:ListThings"]);
        let asked = Asked { operation: &LIST, region: GLOBAL, about: None };
        let token = |text: &str| Some(text.to_owned());
        assert_eq!(asked.next(true, token("2")).unwrap(), token("2"));
        assert_eq!(asked.next(false, token("2")).unwrap(), token("2"), "the token counts");
        assert_eq!(asked.next(false, token("")).unwrap(), None);
        for none in [None, token("")] {
            assert_eq!(asked.next(true, none).unwrap_err().class, ErrorClass::Malformed);
        }
    }
}
