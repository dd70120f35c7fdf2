//! Reads secrets.

#[cfg(test)]
mod tests;

use super::{GET_RESOURCE_POLICY, LIST_SECRETS, RotationRules, Secret};
use crate::aws::{Asked, Context, Reply, timestamp, without_external_ids};
use crate::inventory::{Document, Fact, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::Pages;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::types::SecretListEntry;
use aws_smithy_types::DateTime;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The most that one page holds.
const PAGE: i32 = 100;

/// Feeds `secretsmanager.secret`. Calls in each region: ceil(secrets / 100), and
/// 1 for each secret if its policy is read.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_SECRETS, region: &region, about: None };
    let client = context.session().secretsmanager(&region);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || {
                client.list_secrets().max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await
            .read(|reply| Ok((asked.must(reply.secret_list, "SecretList")?, reply.next_token)));
        for mut secret in context.sample(pages.turn(reply)) {
            let named = asked
                .must(secret.name.take(), "Name")
                .and_then(|name| Ok((name, asked.must(secret.arn.take(), "ARN")?)));
            match named {
                Ok((name, arn)) => {
                    let (context, client) = (context.clone(), client.clone());
                    let region = region.clone();
                    let task =
                        async move { one(&context, &client, &region, &name, &arn, secret).await };
                    fan.add(task).await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Secret::resource_type());
    }
}

async fn one(
    context: &Context,
    client: &Client,
    region: &str,
    name: &str,
    arn: &str,
    secret: SecretListEntry,
) {
    let asked = Asked { operation: &GET_RESOURCE_POLICY, region, about: Some(arn) };
    let policy = context
        .ask(asked, || client.get_resource_policy().secret_id(arn).send())
        .await
        .read_optional(|reply| {
            let Some(text) = reply.resource_policy.filter(|text| !text.is_empty()) else {
                return Ok(None);
            };
            let text = without_external_ids(&text);
            text.map(Some).ok_or_else(|| asked.malformed("ResourcePolicy is not a JSON document"))
        });
    if is_gone(&policy) {
        return;
    }
    let listed = Asked { operation: &LIST_SECRETS, region, about: Some(arn) };
    let created = secret.created_date.as_ref().and_then(timestamp);
    let document = Secret {
        created: context.member(listed.must(created, "CreatedDate")),
        rotation: Fact::from_option(secret.rotation_enabled),
        rules: Fact::from_option(
            secret
                .rotation_rules
                .map(|rules| RotationRules { after_days: rules.automatically_after_days }),
        ),
        last_rotated: moment(secret.last_rotated_date.as_ref()),
        next_rotation: moment(secret.next_rotation_date.as_ref()),
        last_accessed: moment(secret.last_accessed_date.as_ref()),
        primary_region: Fact::from_option(secret.primary_region),
        policy: context.fact(policy),
    };
    let tags: BTreeMap<String, String> = secret
        .tags
        .into_iter()
        .flatten()
        .filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_else(String::new))))
        .collect();
    context.resource(Resource::new(name, arn, region, document).with_tags(Fact::Known(tags)));
}

fn moment(sent: Option<&DateTime>) -> Fact<Timestamp> {
    Fact::from_option(sent.and_then(timestamp))
}

/// Whether it was deleted since it was listed: a secret that is on its way out
/// answers that the request is not valid any more.
fn is_gone<T>(reply: &Reply<T>) -> bool {
    matches!(reply, Reply::Gap(gap) if match gap.code.as_deref() {
        Some("ResourceNotFoundException") => true,
        Some("InvalidRequestException") => gap.message.contains("marked for deletion")
            || gap.message.contains("marked deleted"),
        _ => false,
    })
}
