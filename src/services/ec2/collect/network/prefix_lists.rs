//! Managed prefix lists with their ranges.

use super::super::pages::{Pages, tags};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Document, Gap, Resource};
use crate::services::ec2::network::prefix_list::{AWS_OWNER, ManagedPrefixList, PrefixListEntry};
use crate::services::ec2::network::{
    DESCRIBE_MANAGED_PREFIX_LISTS, GET_MANAGED_PREFIX_LIST_ENTRIES,
};
use crate::services::pages::whole;
use aws_sdk_ec2::{Client, types};

/// The most that both lists give at once.
const PAGE: i32 = 100;

/// The prefix lists of one region. The ranges of AWS's own are not asked for.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_MANAGED_PREFIX_LISTS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let mut fan = context.fan_out();
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_managed_prefix_lists()
                    .max_results(PAGE)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let lists = asked.must(reply.prefix_lists, "PrefixLists")?;
            Ok((lists, reply.next_token))
        });
        let (of_aws, others): (Vec<_>, Vec<_>) =
            pages.turn(page).into_iter().partition(|list| list.owner_id() == Some(AWS_OWNER));
        for list in of_aws.into_iter().chain(context.sample(others)) {
            match identity(asked, &list) {
                Ok((id, arn)) => {
                    let (context, client) = (context.clone(), client.clone());
                    let region = region.clone();
                    fan.add(async move { one(&context, &client, &region, &id, &arn, &list).await })
                        .await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(ManagedPrefixList::resource_type());
    }
}

fn identity(
    asked: Asked<'_>,
    list: &types::ManagedPrefixList,
) -> Result<(String, String), Box<Gap>> {
    let id = asked.text(list.prefix_list_id(), "PrefixListId")?;
    let arn = asked.text(list.prefix_list_arn(), "PrefixListArn")?;
    Ok((id, arn))
}

async fn one(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
    list: &types::ManagedPrefixList,
) {
    let entries = if list.owner_id() == Some(AWS_OWNER) {
        Reply::Absent
    } else {
        entries(context, client, region, id, arn).await
    };
    if is_gone(&entries) {
        return;
    }
    let asked = Asked { operation: &DESCRIBE_MANAGED_PREFIX_LISTS, region, about: Some(arn) };
    let document = ManagedPrefixList {
        owner_id: context.member(asked.text(list.owner_id(), "OwnerId")),
        prefix_list_name: context.member(asked.text(list.prefix_list_name(), "PrefixListName")),
        address_family: context.member(asked.text(list.address_family(), "AddressFamily")),
        entries: context.fact(entries),
    };
    let resource = Resource::new(id, arn, region, document);
    context.resource(resource.with_tags(tags(list.tags.as_ref())));
}

/// All ranges, or a gap: half a list proves nothing.
async fn entries(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
) -> Reply<Vec<PrefixListEntry>> {
    let asked = Asked { operation: &GET_MANAGED_PREFIX_LIST_ENTRIES, region, about: Some(arn) };
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                client
                    .get_managed_prefix_list_entries()
                    .prefix_list_id(id)
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            let entries = asked.must(reply.entries, "Entries")?;
            let read = entries
                .iter()
                .map(|entry| Ok(PrefixListEntry { cidr: asked.text(entry.cidr(), "Cidr")? }));
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_token))
        })
    })
    .await
}

/// Whether it was deleted since it was listed.
fn is_gone<T>(reply: &Reply<T>) -> bool {
    matches!(reply, Reply::Gap(gap) if gap.code.as_deref().is_some_and(|code|
        code.eq_ignore_ascii_case("InvalidPrefixListID.NotFound")))
}
