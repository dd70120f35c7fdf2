//! Reads distributions.

#[cfg(test)]
mod tests;

use super::{
    DESCRIBE_DELIVERIES, DESCRIBE_DELIVERY_SOURCES, Distribution, GET_DISTRIBUTION_CONFIG,
    LIST_DISTRIBUTIONS, LoggingConfig,
};
use crate::aws::{Asked, Context, Reply, Requires, home_region};
use crate::inventory::{Document, Fact, GLOBAL, Gap, Resource};
use crate::services::pages::{Pages, whole};
use aws_sdk_cloudfront::Client;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most distributions that one page holds.
const PAGE: i32 = 100;
/// The most deliveries, or sources of them, that one page holds.
const DELIVERIES: i32 = 50;

/// Deliveries by the ARN of what is logged.
type ByResource = BTreeMap<String, Vec<String>>;

/// Feeds `cloudfront.distribution`. Calls: ceil(distributions / 100), and where
/// there is one, 1 for each, ceil(delivery sources / 50) and ceil(deliveries / 50).
pub async fn collect(context: Context) {
    let asked = Asked { operation: &LIST_DISTRIBUTIONS, region: GLOBAL, about: None };
    let client = context.session().cloudfront();
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    let mut deliveries: Option<Arc<Fact<ByResource>>> = None;
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || {
                client
                    .list_distributions()
                    .max_items(PAGE)
                    .set_marker(token.clone())
                    .customize()
                    .interceptor(Requires(&["DistributionList", "IsTruncated"]))
                    .send()
            })
            .await
            .read(|reply| {
                let list = asked.must(reply.distribution_list, "DistributionList")?;
                // Where there is no distribution the list of them is left out.
                let found = list.items.into_iter().flatten().collect();
                Ok((found, asked.next(list.is_truncated, list.next_marker)?))
            });
        for found in context.sample(pages.turn(reply)) {
            let named = asked
                .must_text(&found.id, "Id")
                .and_then(|id| Ok((id, asked.must_text(&found.arn, "ARN")?)));
            let (id, arn) = match named {
                Ok(named) => named,
                Err(gap) => {
                    pages.hide(gap);
                    continue;
                }
            };
            let logs = match &deliveries {
                Some(logs) => Arc::clone(logs),
                None => {
                    let logs = Arc::new(context.fact(by_resource(&context).await));
                    deliveries = Some(Arc::clone(&logs));
                    logs
                }
            };
            let (context, client) = (context.clone(), client.clone());
            fan.add(async move { one(&context, &client, &id, &arn, &logs).await }).await;
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Distribution::resource_type());
    }
}

async fn one(context: &Context, client: &Client, id: &str, arn: &str, logs: &Fact<ByResource>) {
    let asked = Asked { operation: &GET_DISTRIBUTION_CONFIG, region: GLOBAL, about: Some(arn) };
    let logging = context
        .ask(asked, || {
            client
                .get_distribution_config()
                .id(id)
                .customize()
                .interceptor(Requires(&["DistributionConfig"]))
                .send()
        })
        .await
        .read_optional(|reply| {
            let config = asked.must(reply.distribution_config, "DistributionConfig")?;
            Ok(config.logging.map(|logging| LoggingConfig {
                enabled: logging.enabled,
                bucket: Some(logging.bucket).filter(|bucket| !bucket.is_empty()),
            }))
        });
    if logging.failed_with(&["NoSuchDistribution"]) {
        return;
    }
    let deliveries = match logs {
        Fact::Known(logs) => Fact::Known(logs.get(arn).cloned().unwrap_or_else(Vec::new)),
        Fact::Absent => Fact::Known(Vec::new()),
        Fact::Unknown(gaps) => Fact::Unknown(gaps.clone()),
    };
    let document = Distribution { logging: context.fact(logging), deliveries };
    context.resource(Resource::new(id, arn, GLOBAL, document));
}

/// The deliveries of access logs. CloudFront's are all in one region.
async fn by_resource(context: &Context) -> Reply<ByResource> {
    let region = home_region(context.session().partition());
    let client = context.session().cloudwatch_logs(region);
    let client = &client;
    let asked = Asked { operation: &DESCRIBE_DELIVERY_SOURCES, region, about: None };
    let sources = whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                client
                    .describe_delivery_sources()
                    .limit(DELIVERIES)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            let all = asked.must(reply.delivery_sources, "deliverySources")?.into_iter();
            let logs = all.filter(|source| source.log_type.as_deref() == Some("ACCESS_LOGS"));
            let read = logs.map(|source| {
                let name = asked.must(source.name, "name")?;
                Ok((name, asked.must(source.resource_arns, "resourceArns")?))
            });
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_token))
        })
    });
    let sources: BTreeMap<String, Vec<String>> = match sources.await.known() {
        Ok(sources) => sources.into_iter().collect(),
        Err(other) => return other,
    };
    let asked = Asked { operation: &DESCRIBE_DELIVERIES, region, about: None };
    let deliveries = whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                client.describe_deliveries().limit(DELIVERIES).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.deliveries, "deliveries")?, reply.next_token)))
    });
    deliveries.await.read(|deliveries| {
        let mut by_resource = ByResource::new();
        for delivery in deliveries {
            let id = asked.must(delivery.id, "id")?;
            let source = asked.must(delivery.delivery_source_name, "deliverySourceName")?;
            for arn in sources.get(&source).into_iter().flatten() {
                by_resource.entry(arn.clone()).or_default().push(id.clone());
            }
        }
        Ok(by_resource)
    })
}
