//! OIDC providers: one list without pages, then each by itself.

use crate::aws::{Asked, Context, Reply, timestamp};
use crate::inventory::{Document, Fact, GLOBAL, Gaps, Resource};
use crate::services::iam::{
    GET_OPEN_ID_CONNECT_PROVIDER, LIST_OPEN_ID_CONNECT_PROVIDERS, OidcProvider,
};
use aws_sdk_iam::Client;
use std::collections::BTreeMap;

/// All OIDC providers.
pub(super) async fn collect(context: Context) {
    let kind = OidcProvider::resource_type();
    let asked = Asked { operation: &LIST_OPEN_ID_CONNECT_PROVIDERS, region: GLOBAL, about: None };
    let client = context.session().iam();
    let reply = context.ask(asked, || client.list_open_id_connect_providers().send()).await;
    let list = reply
        .read(|reply| asked.must(reply.open_id_connect_provider_list, "OpenIDConnectProviderList"));
    let mut missing = Gaps::NONE;
    let mut fan = context.fan_out();
    match list {
        Reply::Known(list) => {
            for provider in context.sample(list) {
                match asked.must(provider.arn, "Arn") {
                    Ok(arn) => {
                        let (context, client) = (context.clone(), client.clone());
                        fan.add(async move { one(&context, &client, &arn).await }).await;
                    }
                    Err(gap) => missing = missing.union(&context.gap(gap)),
                }
            }
        }
        Reply::Gap(gap) => missing = missing.union(&context.gap(gap)),
        Reply::Absent => {}
        Reply::NotWanted => return,
    }
    if fan.finish().await.is_ok() {
        context.done(kind, GLOBAL, missing);
    }
}

async fn one(context: &Context, client: &Client, arn: &str) {
    let asked =
        Asked { operation: &GET_OPEN_ID_CONNECT_PROVIDER, region: GLOBAL, about: Some(arn) };
    let reply = context
        .ask(asked, || {
            client.get_open_id_connect_provider().open_id_connect_provider_arn(arn).send()
        })
        .await;
    // Deleted since it was listed.
    if reply.failed_with(&["NoSuchEntity"]) {
        return;
    }
    let url = arn.split_once(":oidc-provider/").map_or(arn, |(_, address)| address);
    let (document, tags) = match reply {
        Reply::Known(reply) => {
            let tags = reply.tags().iter().map(|tag| (tag.key.clone(), tag.value.clone()));
            let tags: BTreeMap<String, String> = tags.collect();
            let document = OidcProvider {
                url: context.member(asked.must(reply.url.clone(), "Url")),
                audiences: context.member(asked.must(reply.client_id_list.clone(), "ClientIDList")),
                thumbprints: context
                    .member(asked.must(reply.thumbprint_list.clone(), "ThumbprintList")),
                create_date: Fact::from_option(reply.create_date.as_ref().and_then(timestamp)),
            };
            (document, Fact::Known(tags))
        }
        Reply::Gap(gap) => hidden(&Fact::Unknown(context.gap(gap))),
        Reply::Absent | Reply::NotWanted => hidden(&Fact::not_collected()),
    };
    context.resource(Resource::new(url, arn, GLOBAL, document).with_tags(tags));
}

/// A provider of which nothing but its ARN is known.
fn hidden(why: &Fact<()>) -> (OidcProvider, Fact<BTreeMap<String, String>>) {
    fn none<T>(why: &Fact<()>) -> Fact<T> {
        match why {
            Fact::Unknown(gaps) => Fact::Unknown(gaps.clone()),
            Fact::Known(()) | Fact::Absent => Fact::Absent,
        }
    }
    let document = OidcProvider {
        url: none(why),
        audiences: none(why),
        thumbprints: none(why),
        create_date: none(why),
    };
    (document, none(why))
}
