//! Lists of EC2, page by page.

use crate::aws::{Asked, Context, Paging, Reply};
use crate::inventory::{Fact, Gap, Gaps, Resource, ResourceType};
use aws_sdk_ec2::types::Tag;
use std::collections::BTreeMap;
use std::future::Future;

/// One page of a list, and the token of the next.
pub(super) type Page<T> = (Vec<T>, Option<String>);

/// Feeds a type in a region: asks for page after page, and makes a resource of
/// each entry. An entry without what tells it from others is a gap of the list.
pub(super) async fn feed<T, Asking>(
    context: &Context,
    asked: Asked<'_>,
    kind: &'static ResourceType,
    page: impl Fn(Option<String>) -> Asking,
    resource: impl Fn(&T) -> Result<Resource, Box<Gap>>,
) where
    Asking: Future<Output = Reply<Page<T>>>,
{
    let mut pages = Pages::new(context, asked);
    while pages.more() {
        let reply = page(pages.token()).await;
        for entry in &pages.turn(reply) {
            match resource(entry) {
                Ok(resource) => context.resource(resource),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    pages.done(kind);
}

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

    /// Takes the reply about a page: its entries, or none.
    pub(super) fn turn<T>(&mut self, reply: Reply<Page<T>>) -> Vec<T> {
        self.more = false;
        match reply {
            Reply::Known((entries, next)) => {
                match self.paging.turn(false, next) {
                    Ok(more) => self.more = more,
                    Err(error) => self.hide(self.asked.malformed(error)),
                }
                entries
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

/// The ARN of something in EC2
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html>).
pub(super) fn arn(context: &Context, region: &str, owner: &str, noun: &str, id: &str) -> String {
    format!("arn:{}:ec2:{region}:{owner}:{noun}/{id}", context.session().partition())
}

/// Tags. EC2 leaves them out where there are none.
pub(super) fn tags(sent: Option<&Vec<Tag>>) -> Fact<BTreeMap<String, String>> {
    Fact::from_option(sent).map(|tags| {
        let pairs = tags
            .iter()
            .filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default())));
        pairs.collect()
    })
}

/// A text that EC2 always sends.
pub(super) fn text(asked: Asked<'_>, sent: Option<&str>, member: &str) -> Result<String, Box<Gap>> {
    asked.must(sent, member).and_then(|text| asked.must_text(text, member))
}
