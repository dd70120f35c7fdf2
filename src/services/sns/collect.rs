//! Reads topics.

#[cfg(test)]
mod tests;

use super::{GET_TOPIC_ATTRIBUTES, LIST_TOPICS, Topic};
use crate::aws::{Asked, Context, Requires, without_external_ids};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::Pages;
use aws_sdk_sns::Client;

/// Feeds `sns.topic`. Calls in each region: ceil(topics / 100), and 1 for each
/// topic. The length of a page is fixed.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_TOPICS, region: &region, about: None };
    let client = context.session().sns(&region);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || {
                client
                    .list_topics()
                    .set_next_token(token.clone())
                    .customize()
                    .interceptor(Requires(&["Topics"]))
                    .send()
            })
            .await
            .read(|reply| Ok((asked.must(reply.topics, "Topics")?, reply.next_token)));
        for topic in context.sample(pages.turn(reply)) {
            match identity(asked, topic.topic_arn) {
                Ok((name, arn)) => {
                    let (context, client) = (context.clone(), client.clone());
                    let region = region.clone();
                    fan.add(async move { one(&context, &client, &region, &name, &arn).await })
                        .await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Topic::resource_type());
    }
}

/// Name and ARN of a topic.
fn identity(asked: Asked<'_>, arn: Option<String>) -> Result<(String, String), Box<Gap>> {
    let arn = asked.must(arn, "TopicArn")?;
    match arn.rsplit_once(':').map(|(_, name)| name.to_owned()) {
        Some(name) if !name.is_empty() => Ok((name, arn)),
        _ => Err(asked.malformed(&format!("{arn} is not the ARN of a topic"))),
    }
}

async fn one(context: &Context, client: &Client, region: &str, name: &str, arn: &str) {
    let asked = Asked { operation: &GET_TOPIC_ATTRIBUTES, region, about: Some(arn) };
    let reply = context.ask(asked, || client.get_topic_attributes().topic_arn(arn).send()).await;
    if reply.failed_with(GONE) {
        return;
    }
    let reply = reply.read(|reply| asked.must(reply.attributes, "Attributes"));
    let document = match context.fact(reply) {
        Fact::Known(mut attributes) => {
            let mut text = |name| attributes.remove(name).filter(|text: &String| !text.is_empty());
            let policy = text("Policy");
            Topic {
                policy: match policy.map(|text| without_external_ids(&text)) {
                    None => Fact::Absent,
                    Some(Some(text)) => Fact::Known(text),
                    Some(None) => {
                        Fact::Unknown(context.gap(asked.malformed("Policy is not a JSON document")))
                    }
                },
                kms_key: Fact::from_option(text("KmsMasterKeyId")),
            }
        }
        Fact::Absent => Topic { policy: Fact::Absent, kms_key: Fact::Absent },
        Fact::Unknown(gaps) => {
            Topic { policy: Fact::Unknown(gaps.clone()), kms_key: Fact::Unknown(gaps) }
        }
    };
    context.resource(Resource::new(name, arn, region, document));
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["NotFound"];
