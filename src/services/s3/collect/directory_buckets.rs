//! Directory buckets, region by region.

use super::bucket::lifecycle_rules;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Gaps, Resource};
use crate::services::pages::Pages;
use crate::services::s3::{
    DirectoryBucket, GET_DIRECTORY_BUCKET_LIFECYCLE_CONFIGURATION, LIST_DIRECTORY_BUCKETS,
};
use aws_sdk_s3::Client;

/// The most that S3 gives at once.
const PAGE: i32 = 1000;

/// The regions that have directory buckets. Others have no endpoint for them
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/endpoint-directory-buckets-AZ.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/opt-in-directory-bucket-lz.html>).
const REGIONS: [&str; 7] = [
    "ap-northeast-1",
    "ap-south-1",
    "eu-north-1",
    "eu-west-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
];

/// The end of every directory bucket's name
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html>).
const SUFFIX: &str = "--x-s3";

/// Directory buckets of one region.
pub(super) async fn collect(context: Context, region: String) {
    let kind = DirectoryBucket::resource_type();
    if !REGIONS.contains(&region.as_str()) {
        context.done(kind, &region, Gaps::NONE);
        return;
    }
    let asked = Asked { operation: &LIST_DIRECTORY_BUCKETS, region: &region, about: None };
    let client = context.session().s3(&region);
    let mut fan = context.fan_out();
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .list_directory_buckets()
                    .max_directory_buckets(PAGE)
                    .set_continuation_token(pages.token())
                    .customize()
                    .config_override(without_sessions())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let buckets = asked.must(reply.buckets, "Buckets")?;
            let names = buckets.into_iter().map(|bucket| asked.must(bucket.name, "Name"));
            Ok((names.collect(), reply.continuation_token))
        });
        for name in context.sample(pages.turn(page)) {
            match name {
                // An emulator without directory buckets lists all others instead.
                Ok(name) if !name.ends_with(SUFFIX) => {}
                Ok(name) => {
                    let (context, client) = (context.clone(), client.clone());
                    let region = region.clone();
                    fan.add(async move { one(&context, &client, &region, &name).await }).await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(kind);
    }
}

/// These calls are signed with the session's own credentials. Sessions of S3
/// Express are for objects.
fn without_sessions() -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::Config::builder().disable_s3_express_session_auth(true)
}

/// One bucket; one that was deleted since it was listed is left out.
async fn one(context: &Context, client: &Client, region: &str, name: &str) {
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let arn = format!("arn:{partition}:s3express:{region}:{account}:bucket/{name}");
    let operation = &GET_DIRECTORY_BUCKET_LIFECYCLE_CONFIGURATION;
    let asked = Asked { operation, region, about: Some(&arn) };
    let reply = context
        .ask(asked, || {
            client
                .get_bucket_lifecycle_configuration()
                .bucket(name)
                .customize()
                .config_override(without_sessions())
                .send()
        })
        .await;
    if reply.failed_with(&["NoSuchBucket"]) {
        return;
    }
    let lifecycle = context.fact(reply.read(|reply| lifecycle_rules(asked, reply.rules)));
    context.resource(Resource::new(name, &arn, region, DirectoryBucket { lifecycle }));
}
