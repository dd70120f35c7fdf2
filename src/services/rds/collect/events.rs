//! Event subscriptions.

use super::PAGE;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::pages::feed;
use crate::services::rds::DESCRIBE_EVENT_SUBSCRIPTIONS;
use crate::services::rds::events::EventSubscription;
use aws_sdk_rds::types;

/// Event subscriptions of one region. Calls: ceil(subscriptions / 100).
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_EVENT_SUBSCRIPTIONS, region: &region, about: None };
    let client = context.session().rds(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_event_subscriptions().max_records(PAGE).set_marker(token).send()
            })
            .await;
        reply.read(|reply| {
            let list = asked.must(reply.event_subscriptions_list, "EventSubscriptionsList")?;
            Ok((list, reply.marker))
        })
    };
    let one = |subscription: &types::EventSubscription| one(context, asked, subscription);
    feed(context, asked, EventSubscription::resource_type(), page, one).await;
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::EventSubscription,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.cust_subscription_id(), "CustSubscriptionId")?;
    let arn = asked.text(sent.event_subscription_arn(), "EventSubscriptionArn")?;
    let asked = Asked { about: Some(&arn), ..asked };
    let document = EventSubscription {
        enabled: context.member(asked.must(sent.enabled, "Enabled")),
        status: context.member(asked.text(sent.status(), "Status")),
        source_type: Fact::from_option(sent.source_type.clone().filter(|kind| !kind.is_empty())),
        source_ids: Fact::from_option(sent.source_ids_list.clone()),
        categories: Fact::from_option(sent.event_categories_list.clone()),
    };
    Ok(Resource::new(&id, &arn, asked.region, document))
}
