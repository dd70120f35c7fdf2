//! SAML providers: one list without pages.

use crate::aws::{Asked, Context, Reply, timestamp};
use crate::inventory::{Document, Fact, GLOBAL, Gaps, Resource};
use crate::services::iam::{LIST_SAML_PROVIDERS, SamlProvider};

/// All SAML providers.
pub(super) async fn collect(context: Context) {
    let asked = Asked { operation: &LIST_SAML_PROVIDERS, region: GLOBAL, about: None };
    let client = context.session().iam();
    let reply = context.ask(asked, || client.list_saml_providers().send()).await;
    let list = reply.read(|reply| asked.must(reply.saml_provider_list, "SAMLProviderList"));
    let mut missing = Gaps::NONE;
    match list {
        Reply::Known(list) => {
            for provider in list {
                match asked.must(provider.arn, "Arn") {
                    Ok(arn) => {
                        let name =
                            arn.split_once(":saml-provider/").map_or(&*arn, |(_, name)| name);
                        let until = provider.valid_until.as_ref().and_then(timestamp);
                        let document = SamlProvider { valid_until: Fact::from_option(until) };
                        context.resource(Resource::new(name, &arn, GLOBAL, document));
                    }
                    Err(gap) => missing = missing.union(&context.gap(gap)),
                }
            }
        }
        Reply::Gap(gap) => missing = context.gap(gap),
        Reply::Absent => {}
        Reply::NotWanted => return,
    }
    context.done(SamlProvider::resource_type(), GLOBAL, missing);
}
