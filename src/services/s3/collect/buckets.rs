//! The list of buckets.

use super::bucket;
use crate::aws::{Asked, Context, Reply, timestamp};
use crate::inventory::{Document, Fact, GLOBAL, Gap, Gaps};
use crate::services::pages::{Page, Pages, whole};
use crate::services::s3::{Bucket, LIST_BUCKETS};
use aws_sdk_s3::Client;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The most that S3 gives at once. It names regions only if asked for a page
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html>).
const PAGE: i32 = 10_000;

/// A bucket as it is listed.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) region: Option<String>,
    pub(super) created: Fact<Timestamp>,
}

/// All buckets; those outside of chosen regions are left out.
pub(super) async fn collect(context: Context) {
    let home = context.session().home_region().to_owned();
    let asked = Asked { operation: &LIST_BUCKETS, region: GLOBAL, about: None };
    let client = context.session().s3(&home);
    let mut pages = Pages::new(&context, asked);
    let mut without_region = Vec::new();
    let mut fan = context.fan_out_of(bucket::CALLS);
    while pages.more() {
        let page = page(&context, asked, &client, pages.token(), None).await;
        for listed in context.sample(pages.turn(page)) {
            match listed {
                Ok(Listed { name, region: Some(region), created }) => {
                    if is_asked(&context, &region) {
                        fan.add(bucket::collect(context.clone(), region, name, created)).await;
                    }
                }
                Ok(nowhere) => without_region.push(nowhere),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    let (regions, hidden) = match without_region.is_empty() {
        true => (BTreeMap::new(), Gaps::NONE),
        false => by_region(&context, asked, &client).await,
    };
    for Listed { name, created, .. } in without_region {
        if let Some(region) = regions.get(&name) {
            fan.add(bucket::collect(context.clone(), region.clone(), name, created)).await;
        } else if !context.regions().chosen && hidden.is_empty() {
            pages.hide(asked.malformed("S3 does not say in which region a bucket lies"));
        }
    }
    if fan.finish().await.is_ok() {
        pages.done_but(Bucket::resource_type(), &hidden);
    }
}

fn is_asked(context: &Context, region: &str) -> bool {
    let regions = context.regions();
    !regions.chosen || regions.read.iter().any(|read| read == region)
}

async fn page(
    context: &Context,
    asked: Asked<'_>,
    client: &Client,
    token: Option<String>,
    region: Option<&str>,
) -> Reply<Page<Result<Listed, Box<Gap>>>> {
    let reply = context
        .ask(asked, || {
            client
                .list_buckets()
                .max_buckets(PAGE)
                .set_bucket_region(region.map(str::to_owned))
                .set_continuation_token(token.clone())
                .send()
        })
        .await;
    reply.read(|reply| {
        let buckets = asked.must(reply.buckets, "Buckets")?;
        let listed = buckets
            .into_iter()
            .map(|bucket| {
                Ok(Listed {
                    name: asked.must(bucket.name, "Name")?,
                    region: bucket.bucket_region.filter(|region| !region.is_empty()),
                    created: Fact::from_option(bucket.creation_date.as_ref().and_then(timestamp)),
                })
            })
            .collect();
        Ok((listed, reply.continuation_token))
    })
}

/// The buckets of every region that is read, for endpoints whose list does not
/// name regions (emulators). Needs no other permission than the list itself.
async fn by_region(
    context: &Context,
    asked: Asked<'_>,
    client: &Client,
) -> (BTreeMap<String, String>, Gaps) {
    let mut regions = BTreeMap::new();
    for region in &context.regions().read {
        let here = |token| page(context, asked, client, token, Some(region));
        match whole(asked, here).await {
            Reply::Known(buckets) => {
                let names = buckets.into_iter().flatten().map(|bucket| bucket.name);
                regions.extend(names.map(|name| (name, region.clone())));
            }
            Reply::Gap(gap) => return (regions, context.gap(gap)),
            Reply::Absent | Reply::NotWanted => {}
        }
    }
    (regions, Gaps::NONE)
}
