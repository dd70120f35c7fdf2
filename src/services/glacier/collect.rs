//! Reads vaults.

#[cfg(test)]
mod tests;

use super::{GET_VAULT_ACCESS_POLICY, LIST_VAULTS, Vault};
use crate::aws::{Asked, Context, RequiresMembers, without_external_ids};
use crate::inventory::{Document, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::Pages;
use aws_sdk_glacier::Client;

/// The most that one page holds.
const PAGE: i32 = 10;
/// Stands for the account of the caller.
const OWN: &str = "-";

/// Feeds `glacier.vault`. Calls in each region: ceil(vaults / 10), and 1 for each
/// vault.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_VAULTS, region: &region, about: None };
    let client = context.session().glacier(&region);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || {
                client
                    .list_vaults()
                    .account_id(OWN)
                    .limit(PAGE)
                    .set_marker(token.clone())
                    .customize()
                    .interceptor(RequiresMembers(&["VaultList"]))
                    .send()
            })
            .await
            .read(|reply| Ok((asked.must(reply.vault_list, "VaultList")?, reply.marker)));
        for vault in context.sample(pages.turn(reply)) {
            let named = asked
                .must(vault.vault_name, "VaultName")
                .and_then(|name| Ok((name, asked.must(vault.vault_arn, "VaultARN")?)));
            match named {
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
        pages.done(Vault::resource_type());
    }
}

async fn one(context: &Context, client: &Client, region: &str, name: &str, arn: &str) {
    let asked = Asked { operation: &GET_VAULT_ACCESS_POLICY, region, about: Some(arn) };
    let policy = context
        .ask(asked, || client.get_vault_access_policy().account_id(OWN).vault_name(name).send())
        .await
        .read_optional(|reply| {
            let Some(text) = reply.policy.and_then(|policy| policy.policy) else {
                return Err(asked.malformed("the reply lacks Policy, which is always there"));
            };
            if text.is_empty() {
                return Ok(None);
            }
            let text = without_external_ids(&text);
            text.map(Some).ok_or_else(|| asked.malformed("Policy is not a JSON document"))
        });
    let document = Vault { policy: context.fact(policy) };
    context.resource(Resource::new(name, arn, region, document));
}
