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
    let mut missing = Gaps::NONE;
    let mut paging = Paging::default();
    loop {
        let turned = match page(paging.token()).await {
            Reply::Known((entries, next)) => {
                for entry in &entries {
                    match resource(entry) {
                        Ok(resource) => context.resource(resource),
                        Err(gap) => missing = missing.union(&context.gap(gap)),
                    }
                }
                paging.turn(false, next).map_err(|error| asked.malformed(error))
            }
            Reply::Absent => Ok(false),
            Reply::NotWanted => return,
            Reply::Gap(gap) => Err(gap),
        };
        match turned {
            Ok(true) => {}
            Ok(false) => break,
            Err(gap) => {
                missing = missing.union(&context.gap(gap));
                break;
            }
        }
    }
    context.done(kind, asked.region, missing);
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
