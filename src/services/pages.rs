//! Lists of AWS, page by page.

use crate::aws::{Asked, Context, Paging, Reply};
use crate::inventory::{Gap, Gaps, Resource, ResourceType};
use std::future::Future;

/// One page of a list, and the token of the next.
pub(in crate::services) type Page<T> = (Vec<T>, Option<String>);

/// Feeds a type in a region: asks for page after page, and makes a resource of
/// each entry. An entry without what tells it from others is a gap of the list.
pub(in crate::services) async fn feed<T, Asking>(
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
pub(in crate::services) struct Pages<'a> {
    context: &'a Context,
    asked: Asked<'a>,
    paging: Paging,
    more: bool,
    wanted: bool,
    missing: Gaps,
}

impl<'a> Pages<'a> {
    pub(in crate::services) fn new(context: &'a Context, asked: Asked<'a>) -> Self {
        let paging = Paging::default();
        Self { context, asked, paging, more: true, wanted: true, missing: Gaps::NONE }
    }

    /// Whether there is another page to ask for.
    pub(in crate::services) fn more(&self) -> bool {
        self.more
    }

    /// The token of that page.
    pub(in crate::services) fn token(&self) -> Option<String> {
        self.paging.token()
    }

    /// Takes the reply about a page: its entries, or none.
    pub(in crate::services) fn turn<T>(&mut self, reply: Reply<Page<T>>) -> Vec<T> {
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
    pub(in crate::services) fn hide(&mut self, gap: Box<Gap>) {
        self.missing = self.missing.union(&self.context.gap(gap));
    }

    /// What may hide more.
    pub(in crate::services) fn missing(&self) -> &Gaps {
        &self.missing
    }

    /// Everything of the type was fed, but for what is hidden.
    pub(in crate::services) fn done(self, kind: &'static ResourceType) {
        if self.wanted {
            self.context.done(kind, self.asked.region, self.missing);
        }
    }

    /// The same, but for what else may be hidden.
    pub(in crate::services) fn done_but(mut self, kind: &'static ResourceType, missing: &Gaps) {
        self.missing = self.missing.union(missing);
        self.done(kind);
    }
}
