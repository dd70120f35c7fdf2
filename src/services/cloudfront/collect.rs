//! Reads distributions.

#[cfg(test)]
mod tests;

use super::{
    DESCRIBE_DELIVERIES, DESCRIBE_DELIVERY_SOURCES, Distribution, GET_DISTRIBUTION_CONFIG,
    LIST_DISTRIBUTIONS, LoggingConfig,
};
use crate::aws::{Asked, Context, Paging, Reply, Requires, home_region};
use crate::inventory::{Document, Fact, GLOBAL, Gap, Resource};
use crate::services::pages::Pages;
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
                Ok((found, list.next_marker.filter(|_| list.is_truncated)))
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
    let asked = Asked { operation: &DESCRIBE_DELIVERY_SOURCES, region, about: None };
    let mut sources: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut paging = Paging::default();
    loop {
        let page = context
            .ask(asked, || {
                client
                    .describe_delivery_sources()
                    .limit(DELIVERIES)
                    .set_next_token(paging.token())
                    .send()
            })
            .await
            .read(|reply| {
                for source in asked.must(reply.delivery_sources, "deliverySources")? {
                    if source.log_type.as_deref() == Some("ACCESS_LOGS") {
                        let name = asked.must(source.name, "name")?;
                        sources.insert(name, asked.must(source.resource_arns, "resourceArns")?);
                    }
                }
                turn(asked, &mut paging, reply.next_token)
            });
        match page {
            Reply::Known(true) => {}
            Reply::Known(false) => break,
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        }
    }
    let asked = Asked { operation: &DESCRIBE_DELIVERIES, region, about: None };
    let mut by_resource = ByResource::new();
    let mut paging = Paging::default();
    loop {
        let page = context
            .ask(asked, || {
                client.describe_deliveries().limit(DELIVERIES).set_next_token(paging.token()).send()
            })
            .await
            .read(|reply| {
                for delivery in asked.must(reply.deliveries, "deliveries")? {
                    let id = asked.must(delivery.id, "id")?;
                    let source = asked.must(delivery.delivery_source_name, "deliverySourceName")?;
                    for arn in sources.get(&source).into_iter().flatten() {
                        by_resource.entry(arn.clone()).or_default().push(id.clone());
                    }
                }
                turn(asked, &mut paging, reply.next_token)
            });
        match page {
            Reply::Known(true) => {}
            Reply::Known(false) => return Reply::Known(by_resource),
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        }
    }
}

fn turn(asked: Asked<'_>, paging: &mut Paging, next: Option<String>) -> Result<bool, Box<Gap>> {
    paging.turn(false, next).map_err(|error| asked.malformed(error))
}
