//! The account's own documents.

use super::PAGE;
use crate::aws::{Asked, Context, Paging, Reply};
use crate::inventory::{Document, Fact, Gaps, Resource};
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
    let mut missing = Gaps::NONE;
    let mut fan = context.fan_out();
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked, || {
                client
                    .list_documents()
                    .filters(own.clone())
                    .max_results(PAGE)
                    .set_next_token(paging.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let documents = asked.must(reply.document_identifiers, "DocumentIdentifiers")?;
            Ok((documents, paging.turn(false, reply.next_token)))
        });
        let (documents, turned) = match page {
            Reply::Known(page) => page,
            Reply::Absent => break,
            Reply::NotWanted => return,
            Reply::Gap(gap) => {
                missing = missing.union(&context.gap(gap));
                break;
            }
        };
        for document in context.sample(documents) {
            match asked.must(document.name.clone(), "Name") {
                Ok(name) => {
                    let (context, client) = (context.clone(), client.clone());
                    let region = region.clone();
                    fan.add(async move { one(&context, &client, &region, &name, document).await })
                        .await;
                }
                Err(gap) => missing = missing.union(&context.gap(gap)),
            }
        }
        match turned {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                missing = missing.union(&context.gap(asked.malformed(error)));
                break;
            }
        }
    }
    if fan.finish().await.is_ok() {
        context.done(SsmDocument::resource_type(), &region, missing);
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
    let mut accounts = Vec::new();
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked, || {
                client
                    .describe_document_permission()
                    .name(name)
                    .permission_type(DocumentPermissionType::Share)
                    .max_results(ACCOUNTS)
                    .set_next_token(paging.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            accounts.extend(asked.must(reply.account_ids, "AccountIds")?);
            paging.turn(false, reply.next_token).map_err(|error| asked.malformed(error))
        });
        match page {
            Reply::Known(true) => {}
            Reply::Known(false) => return Reply::Known(accounts),
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        }
    }
}
