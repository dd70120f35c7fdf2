//! Alarms, and who hears of them.

use super::Metrics;
use crate::aws::{Asked, Context, Paging};
use crate::inventory::{Document, Fact, Gap, Gaps, Partial, Resource};
use crate::services::cloudwatch::watch::is_topic;
use crate::services::cloudwatch::{
    Alarm, DESCRIBE_ALARMS, Dimension, LIST_SUBSCRIPTIONS_BY_TOPIC, Metric, Subscription,
};
use crate::services::pages::Pages;
use aws_sdk_cloudwatch::types::{AlarmType, MetricAlarm};
use std::collections::BTreeMap;

/// The most that one page holds.
const PAGE: i32 = 100;

/// The subscriptions to topics that were asked about.
type Topics = BTreeMap<String, Partial<Subscription>>;

/// Alarms of one region.
pub(super) async fn collect(context: &Context, region: &str, metrics: &Metrics) {
    let asked = Asked { operation: &DESCRIBE_ALARMS, region, about: None };
    let client = context.session().cloudwatch(region);
    let mut topics = Topics::new();
    let mut pages = Pages::new(context, asked);
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || {
                client
                    .describe_alarms()
                    .alarm_types(AlarmType::MetricAlarm)
                    .max_records(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await
            .read(|reply| Ok((asked.must(reply.metric_alarms, "MetricAlarms")?, reply.next_token)));
        for alarm in pages.turn(reply) {
            let subscriptions = if is_counted(&alarm, metrics) {
                Fact::Known(subscriptions(context, region, &alarm, &mut topics).await)
            } else {
                Fact::not_collected()
            };
            match one(context, asked, alarm, subscriptions) {
                Ok(resource) => context.resource(resource),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    pages.done(Alarm::resource_type());
}

/// Whether a filter counts into the alarm's metric.
fn is_counted(alarm: &MetricAlarm, metrics: &Metrics) -> bool {
    match (&alarm.namespace, &alarm.metric_name) {
        (Some(namespace), Some(name)) => metrics.contains(&(namespace.clone(), name.clone())),
        _ => false,
    }
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    alarm: MetricAlarm,
    subscriptions: Fact<Partial<Subscription>>,
) -> Result<Resource, Box<Gap>> {
    let name = asked.must(alarm.alarm_name, "AlarmName")?;
    let arn = asked.must(alarm.alarm_arn, "AlarmArn")?;
    let about = Asked { about: Some(&arn), ..asked };
    let dimensions = alarm.dimensions.map(|all| {
        let read = all.into_iter().map(|one| {
            Ok(Dimension {
                name: about.must(one.name, "Dimensions.Name")?,
                value: about.must(one.value, "Dimensions.Value")?,
            })
        });
        context.member(read.collect())
    });
    let metrics = alarm.metrics.filter(|all| !all.is_empty()).map(|all| {
        let stats = all.into_iter().filter_map(|one| one.metric_stat?.metric);
        let read = stats.map(|one| Metric { namespace: one.namespace, name: one.metric_name });
        read.collect()
    });
    let document = Alarm {
        actions_enabled: context.member(about.must(alarm.actions_enabled, "ActionsEnabled")),
        alarm_actions: Fact::from_option(alarm.alarm_actions),
        namespace: Fact::from_option(alarm.namespace),
        metric: Fact::from_option(alarm.metric_name),
        dimensions: dimensions.unwrap_or(Fact::Absent),
        metrics: Fact::from_option(metrics),
        subscriptions,
    };
    Ok(Resource::new(&name, &arn, asked.region, document))
}

/// The subscriptions to all topics that an alarm publishes to. Each topic is asked
/// about once.
async fn subscriptions(
    context: &Context,
    region: &str,
    alarm: &MetricAlarm,
    topics: &mut Topics,
) -> Partial<Subscription> {
    let mut all = Partial { items: Vec::new(), missing: Gaps::NONE };
    for topic in alarm.alarm_actions().iter().filter(|action| is_topic(action)) {
        if !topics.contains_key(topic) {
            topics.insert(topic.clone(), of_topic(context, region, topic).await);
        }
        if let Some(of_topic) = topics.get(topic) {
            all.items.extend(of_topic.items.iter().cloned());
            all.missing = all.missing.union(&of_topic.missing);
        }
    }
    all
}

/// Reads on until a subscription is confirmed: more than one says nothing new.
async fn of_topic(context: &Context, region: &str, topic: &str) -> Partial<Subscription> {
    let asked = Asked { operation: &LIST_SUBSCRIPTIONS_BY_TOPIC, region, about: Some(topic) };
    let client = context.session().sns(region);
    let mut found = Partial { items: Vec::new(), missing: Gaps::NONE };
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked, || {
                client
                    .list_subscriptions_by_topic()
                    .topic_arn(topic)
                    .set_next_token(paging.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            for subscription in asked.must(reply.subscriptions, "Subscriptions")? {
                found.items.push(Subscription {
                    topic: topic.to_owned(),
                    arn: asked.must(subscription.subscription_arn, "SubscriptionArn")?,
                });
            }
            paging.turn(reply.next_token).map_err(|error| asked.malformed(error))
        });
        let confirmed = found.items.iter().any(|one| one.arn.starts_with("arn:"));
        match context.fact(page) {
            Fact::Known(true) if !confirmed => {}
            Fact::Known(_) | Fact::Absent => return found,
            Fact::Unknown(gaps) => {
                found.missing = gaps;
                return found;
            }
        }
    }
}
