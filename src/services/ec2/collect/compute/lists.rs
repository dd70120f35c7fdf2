//! What the lists of EC2 have in common: pages, tags, ARNs.

use crate::aws::{Asked, Context, Paging, Reply};
use crate::inventory::{Fact, Gap, Gaps, ResourceType};
use aws_sdk_ec2::types::Tag;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A page as it is read: its items, and the token of the next.
pub(super) type Page<T> = (Vec<T>, Option<String>);

/// Walks through a list, and remembers what may hide more of it.
pub(super) struct Pages<'a> {
    context: &'a Context,
    asked: Asked<'a>,
    paging: Paging,
    more: bool,
    wanted: bool,
    missing: Gaps,
}

impl<'a> Pages<'a> {
    pub(super) fn new(context: &'a Context, asked: Asked<'a>) -> Self {
        let paging = Paging::default();
        Self { context, asked, paging, more: true, wanted: true, missing: Gaps::NONE }
    }

    /// Whether there is another page to ask for.
    pub(super) fn more(&self) -> bool {
        self.more
    }

    /// The token of that page.
    pub(super) fn token(&self) -> Option<String> {
        self.paging.token()
    }

    /// Takes the reply about a page: its items, or none.
    pub(super) fn turn<T>(&mut self, reply: Reply<Page<T>>) -> Vec<T> {
        self.more = false;
        match reply {
            Reply::Known((items, next)) => {
                match self.paging.turn(false, next) {
                    Ok(more) => self.more = more,
                    Err(error) => self.hide(self.asked.malformed(error)),
                }
                items
            }
            Reply::Gap(gap) => {
                self.hide(gap);
                Vec::new()
            }
            Reply::NotWanted => {
                self.wanted = false;
                Vec::new()
            }
            Reply::Absent => Vec::new(),
        }
    }

    /// Something of the list is not known.
    pub(super) fn hide(&mut self, gap: Box<Gap>) {
        self.missing = self.missing.union(&self.context.gap(gap));
    }

    /// What may hide more.
    pub(super) fn missing(&self) -> &Gaps {
        &self.missing
    }

    /// Everything of the type was fed, but for what is hidden.
    pub(super) fn done(self, kind: &'static ResourceType) {
        if self.wanted {
            self.context.done(kind, self.asked.region, self.missing);
        }
    }
}

/// The ARN of something that belongs to the account, such as `instance/i-1`.
pub(super) fn arn(context: &Context, region: &str, what: &str) -> String {
    let session = context.session();
    format!("arn:{}:ec2:{region}:{}:{what}", session.partition(), session.account())
}

/// The ARN of an image or snapshot, which has no account
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html>).
pub(super) fn arn_without_account(context: &Context, region: &str, what: &str) -> String {
    format!("arn:{}:ec2:{region}::{what}", context.session().partition())
}

/// Tags; no list of tags is no tags.
pub(super) fn tags(tags: Option<Vec<Tag>>) -> Fact<BTreeMap<String, String>> {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    Fact::from_option(tags.map(|tags| tags.into_iter().filter_map(pair).collect()))
}

/// A moment that EC2 sends as text.
pub(super) fn moment(
    asked: Asked<'_>,
    text: Option<&str>,
    member: &str,
) -> Result<Option<Timestamp>, Box<Gap>> {
    text.map(|text| {
        text.parse().map_err(|_| asked.malformed(&format!("{member} is not a moment in time")))
    })
    .transpose()
}

/// A member that may be absent, or malformed, as a fact.
pub(super) fn optional<T>(context: &Context, value: Result<Option<T>, Box<Gap>>) -> Fact<T> {
    match value {
        Ok(value) => Fact::from_option(value),
        Err(gap) => Fact::Unknown(context.gap(gap)),
    }
}
