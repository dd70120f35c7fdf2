//! The account's own documents.

use super::PAGE;
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Document, Fact, Resource};
use crate::services::pages::{Pages, whole};
use crate::services::ssm::{DESCRIBE_DOCUMENT_PERMISSION, LIST_DOCUMENTS, SsmDocument};
use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::{DocumentIdentifier, DocumentKeyValuesFilter, DocumentPermissionType};
use std::collections::BTreeMap;

/// The most accounts that one page holds.
const ACCOUNTS: i32 = 200;

/// The documents of one region.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &LIST_DOCUMENTS, region: &region, about: None };
    let client = context.session().ssm(&region);
    let own = DocumentKeyValuesFilter::builder().key("Owner").values("Self").build();
    let mut fan = context.fan_out();
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .list_documents()
                    .filters(own.clone())
                    .max_results(PAGE)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let documents = asked.must(reply.document_identifiers, "DocumentIdentifiers")?;
            Ok((documents, reply.next_token))
        });
        for document in context.sample(pages.turn(page)) {
            match asked.must(document.name.clone(), "Name") {
                Ok(name) => {
                    let (context, client) = (context.clone(), client.clone());
                    let region = region.clone();
                    fan.add(async move { one(&context, &client, &region, &name, document).await })
                        .await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(SsmDocument::resource_type());
    }
}

async fn one(
    context: &Context,
    client: &Client,
    region: &str,
    name: &str,
    listed: DocumentIdentifier,
) {
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let arn = format!("arn:{partition}:ssm:{region}:{account}:document/{name}");
    let accounts = shared_with(context, client, region, name, &arn).await;
    // Deleted since it was listed.
    if accounts.failed_with(&["InvalidDocument"]) {
        return;
    }
    let kind = listed.document_type.map(|kind| kind.as_str().to_owned());
    let document =
        SsmDocument { document_type: Fact::from_option(kind), account_ids: context.fact(accounts) };
    // A document without tags may come without the member.
    let tags: BTreeMap<String, String> =
        listed.tags.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect();
    let resource = Resource::new(name, &arn, region, document);
    context.resource(resource.with_tags(Fact::Known(tags)));
}

async fn shared_with(
    context: &Context,
    client: &Client,
    region: &str,
    name: &str,
    arn: &str,
) -> Reply<Vec<String>> {
    let asked = Asked { operation: &DESCRIBE_DOCUMENT_PERMISSION, region, about: Some(arn) };
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                client
                    .describe_document_permission()
                    .name(name)
                    .permission_type(DocumentPermissionType::Share)
                    .max_results(ACCOUNTS)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.account_ids, "AccountIds")?, reply.next_token)))
    })
    .await
}
