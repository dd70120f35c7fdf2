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

/// All entries of a list, or what stands in their place: half a list answers
/// nothing.
pub(in crate::services) async fn whole<T, Asking>(
    asked: Asked<'_>,
    page: impl Fn(Option<String>) -> Asking,
) -> Reply<Vec<T>>
where
    Asking: Future<Output = Reply<Page<T>>>,
{
    let mut all = Vec::new();
    let mut paging = Paging::default();
    loop {
        let (entries, next) = match page(paging.token()).await.known() {
            Ok(page) => page,
            Err(other) => return other,
        };
        all.extend(entries);
        match paging.turn(next) {
            Ok(true) => {}
            Ok(false) => return Reply::Known(all),
            Err(error) => return Reply::Gap(asked.malformed(error)),
        }
    }
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
                match self.paging.turn(next) {
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
        let region = self.asked.region;
        self.done_in(kind, region);
    }

    /// The same of a type that lies in another region than its list.
    pub(in crate::services) fn done_in(self, kind: &'static ResourceType, region: &str) {
        if self.wanted {
            self.context.done(kind, region, self.missing);
        }
    }

    /// The same, but for what else may be hidden.
    pub(in crate::services) fn done_but(mut self, kind: &'static ResourceType, missing: &Gaps) {
        self.missing = self.missing.union(missing);
        self.done(kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{ErrorClass, Operation};

    static LIST: Operation = Operation::new("iam", "ListThings", &["iam:ListThings"]);
    const ASKED: Asked<'_> = Asked { operation: &LIST, region: "eu-west-1", about: None };

    /// A list of two pages; the second is as it is given.
    async fn read(second: Reply<Page<u8>>) -> Reply<Vec<u8>> {
        let second = &second;
        whole(ASKED, |token| async move {
            match token {
                None => Reply::Known((vec![1], Some("2".to_owned()))),
                Some(_) => second.clone(),
            }
        })
        .await
    }

    #[tokio::test]
    async fn half_a_list_answers_nothing() {
        assert_eq!(read(Reply::Known((vec![2, 3], None))).await, Reply::Known(vec![1, 2, 3]));
        assert_eq!(read(Reply::Absent).await, Reply::Absent);
        assert_eq!(read(Reply::NotWanted).await, Reply::NotWanted);
        let gap = ASKED.malformed("no list");
        assert_eq!(read(Reply::Gap(gap.clone())).await, Reply::Gap(gap));
        let circle = read(Reply::Known((vec![2], Some("2".to_owned())))).await;
        assert!(matches!(circle, Reply::Gap(gap) if gap.class == ErrorClass::Malformed));
    }
}
