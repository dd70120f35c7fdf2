//! Reads event buses.

#[cfg(test)]
mod tests;

use super::{EventBus, LIST_EVENT_BUSES};
use crate::aws::{Asked, Context, without_external_ids};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::feed;
use aws_sdk_eventbridge::types;

/// The most that one page holds.
const PAGE: i32 = 100;

/// Feeds `eventbridge.event-bus`. Calls in each region: ceil(buses / 100).
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_EVENT_BUSES, region: &region, about: None };
    let client = context.session().eventbridge(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                client.list_event_buses().limit(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.event_buses, "EventBuses")?, reply.next_token)))
    };
    feed(context, asked, EventBus::resource_type(), page, |bus| one(context, asked, bus)).await;
}

fn one(context: &Context, asked: Asked<'_>, bus: &types::EventBus) -> Result<Resource, Box<Gap>> {
    let name = asked.must(bus.name(), "Name")?;
    let arn = asked.must(bus.arn(), "Arn")?;
    let about = Asked { about: Some(arn), ..asked };
    let policy = bus.policy().filter(|text| !text.is_empty()).map(|text| {
        let text = without_external_ids(text);
        context.member(text.ok_or_else(|| about.malformed("Policy is not a JSON document")))
    });
    let document = EventBus { policy: policy.unwrap_or(Fact::Absent) };
    Ok(Resource::new(name, arn, asked.region, document))
}
