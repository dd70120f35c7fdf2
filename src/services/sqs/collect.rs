//! Reads queues.

#[cfg(test)]
mod tests;

use super::{GET_QUEUE_ATTRIBUTES, LIST_QUEUES, Queue};
use crate::aws::{Asked, Context, without_external_ids};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::Pages;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

/// The most that one page holds; only a list that is asked for pages has any.
const PAGE: i32 = 1000;

/// What is asked of each queue.
const ATTRIBUTES: [QueueAttributeName; 3] = [
    QueueAttributeName::Policy,
    QueueAttributeName::KmsMasterKeyId,
    QueueAttributeName::SqsManagedSseEnabled,
];

/// Feeds `sqs.queue`. Calls in each region: ceil(queues / 1000), and 1 for each
/// queue.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_QUEUES, region: &region, about: None };
    let client = context.session().sqs(&region);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || {
                client.list_queues().max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await
            // Where there is no queue the list is left out.
            .read(|reply| Ok((reply.queue_urls.into_iter().flatten().collect(), reply.next_token)));
        for url in context.sample(pages.turn(reply)) {
            match name_of(asked, &url) {
                Ok(name) => {
                    let (context, client) = (context.clone(), client.clone());
                    let region = region.clone();
                    fan.add(async move { one(&context, &client, &region, &url, &name).await })
                        .await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Queue::resource_type());
    }
}

/// The last part of `https://sqs.eu-west-1.amazonaws.com/123456789012/name`.
fn name_of(asked: Asked<'_>, url: &str) -> Result<String, Box<Gap>> {
    let name = url.rsplit_once('/').map(|(_, name)| name).filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or_else(|| asked.malformed(&format!("{url} names no queue")))
}

async fn one(context: &Context, client: &Client, region: &str, url: &str, name: &str) {
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let arn = format!("arn:{partition}:sqs:{region}:{account}:{name}");
    let asked = Asked { operation: &GET_QUEUE_ATTRIBUTES, region, about: Some(&arn) };
    let reply = context
        .ask(asked, || {
            let request = client.get_queue_attributes().queue_url(url);
            request.set_attribute_names(Some(ATTRIBUTES.to_vec())).send()
        })
        .await;
    if reply.failed_with(GONE) {
        return;
    }
    // A queue that has none of them comes without the list.
    let reply = reply.read(|reply| Ok(reply.attributes.unwrap_or_else(Default::default)));
    let document = match context.fact(reply) {
        Fact::Known(mut attributes) => {
            let mut text = |name| attributes.remove(&name).filter(|text: &String| !text.is_empty());
            let policy = text(QueueAttributeName::Policy);
            Queue {
                policy: match policy.map(|text| without_external_ids(&text)) {
                    None => Fact::Absent,
                    Some(Some(text)) => Fact::Known(text),
                    Some(None) => {
                        Fact::Unknown(context.gap(asked.malformed("Policy is not a JSON document")))
                    }
                },
                kms_key: Fact::from_option(text(QueueAttributeName::KmsMasterKeyId)),
                managed_encryption: Fact::from_option(text(
                    QueueAttributeName::SqsManagedSseEnabled,
                )),
            }
        }
        Fact::Absent => {
            Queue { policy: Fact::Absent, kms_key: Fact::Absent, managed_encryption: Fact::Absent }
        }
        Fact::Unknown(gaps) => Queue {
            policy: Fact::Unknown(gaps.clone()),
            kms_key: Fact::Unknown(gaps.clone()),
            managed_encryption: Fact::Unknown(gaps),
        },
    };
    context.resource(Resource::new(name, &arn, region, document));
}

/// What AWS says of one that was deleted since it was listed. The older name of the code comes
/// in a header of its own.
const GONE: &[&str] = &["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];
