//! Reads what AWS Backup has backed up.

#[cfg(test)]
mod tests;

use super::{LIST_PROTECTED_RESOURCES, ProtectedResource};
use crate::aws::{Asked, Context, timestamp};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::feed;
use aws_sdk_backup::types;

/// The most that one page holds.
const PAGE: i32 = 1000;

/// Feeds `backup.protected-resource`. Calls in each region: ceil(resources /
/// 1000), at least one.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_PROTECTED_RESOURCES, region: &region, about: None };
    let client = context.session().backup(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.list_protected_resources().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.results, "Results")?, reply.next_token)))
    };
    let one = |resource: &types::ProtectedResource| one(asked, resource);
    feed(context, asked, ProtectedResource::resource_type(), page, one).await;
}

fn one(asked: Asked<'_>, sent: &types::ProtectedResource) -> Result<Resource, Box<Gap>> {
    let arn = asked.must(sent.resource_arn(), "ResourceArn")?;
    let arn = asked.must_text(arn, "ResourceArn")?;
    let last = sent.last_backup_time.as_ref().and_then(timestamp);
    let document = ProtectedResource { last_backup_time: Fact::from_option(last) };
    Ok(Resource::new(&arn, &arn, asked.region, document))
}
