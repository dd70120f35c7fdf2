//! Reads the stages of APIs.

#[cfg(test)]
mod tests;

use super::{
    AccessLogSettings, GET_APIS, GET_REST_APIS, GET_REST_STAGES, GET_STAGES, MethodSetting,
    RestStage, Stage,
};
use crate::aws::{Asked, Context, Reply, RequiresMembers};
use crate::inventory::{Document, Fact, Gaps, Resource};
use crate::services::pages::Pages;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The most REST APIs that one page holds.
const REST_APIS: i32 = 500;
/// The most of anything newer that one page holds; the API takes it as text.
const PAGE: &str = "100";

/// What may hide stages of APIs that were listed.
type Hidden = Arc<Mutex<Gaps>>;

/// Feeds `apigateway.rest-stage` and `apigateway.stage`. Calls in each region:
/// ceil(REST APIs / 500) and 1 for each of them, ceil(other APIs / 100) and
/// ceil(stages / 100) for each of these.
pub async fn collect(context: Context) {
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        if context.plan().reads(RestStage::resource_type()) {
            fan.add(rest(context.clone(), region.clone())).await;
        }
        if context.plan().reads(Stage::resource_type()) {
            fan.add(newer(context.clone(), region.clone())).await;
        }
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

fn hide(hidden: &Hidden, gaps: &Gaps) {
    let mut hidden = hidden.lock().unwrap_or_else(PoisonError::into_inner);
    *hidden = hidden.union(gaps);
}

fn hidden_by(hidden: &Hidden) -> Gaps {
    hidden.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The ARN of a stage
/// (<https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html>).
fn arn(context: &Context, region: &str, kind: &str, api: &str, stage: &str) -> String {
    let partition = context.session().partition();
    format!("arn:{partition}:apigateway:{region}::/{kind}/{api}/stages/{stage}")
}

fn tags(sent: Option<HashMap<String, String>>) -> Fact<BTreeMap<String, String>> {
    Fact::Known(sent.into_iter().flatten().collect())
}

/// REST APIs of one region.
async fn rest(context: Context, region: String) {
    let asked = Asked { operation: &GET_REST_APIS, region: &region, about: None };
    let client = context.session().apigateway(&region);
    let mut pages = Pages::new(&context, asked);
    let hidden = Hidden::default();
    let mut fan = context.fan_out();
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || {
                client.get_rest_apis().limit(REST_APIS).set_position(token.clone()).send()
            })
            .await
            .read(|reply| Ok((asked.must(reply.items, "items")?, reply.position)));
        for api in context.sample(pages.turn(reply)) {
            match asked.must(api.id, "id") {
                Ok(api) => {
                    let (context, hidden) = (context.clone(), Arc::clone(&hidden));
                    let region = region.clone();
                    fan.add(async move { rest_stages(&context, &region, &api, &hidden).await })
                        .await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done_but(RestStage::resource_type(), &hidden_by(&hidden));
    }
}

async fn rest_stages(context: &Context, region: &str, api: &str, hidden: &Hidden) {
    let partition = context.session().partition();
    let about = format!("arn:{partition}:apigateway:{region}::/restapis/{api}");
    let asked = Asked { operation: &GET_REST_STAGES, region, about: Some(&about) };
    let client = context.session().apigateway(region);
    let reply = context
        .ask(asked, || client.get_stages().rest_api_id(api).send())
        .await
        .read(|reply| asked.must(reply.item, "item"));
    let stages = match reply {
        Reply::Known(stages) => stages,
        Reply::Absent | Reply::NotWanted => return,
        Reply::Gap(gap) if gap.has_code(GONE) => return,
        Reply::Gap(gap) => return hide(hidden, &context.gap(gap)),
    };
    for stage in stages {
        let name = match asked.must(stage.stage_name, "stageName") {
            Ok(name) => name,
            Err(gap) => {
                hide(hidden, &context.gap(gap));
                continue;
            }
        };
        let settings = stage.method_settings.map(|settings| {
            let read = settings.into_iter().map(|(method, setting)| {
                (method, MethodSetting { logging_level: setting.logging_level })
            });
            read.collect()
        });
        let arn = arn(context, region, "restapis", api, &name);
        let document = RestStage { method_settings: Fact::from_option(settings) };
        let resource = Resource::new(&format!("{api}/{name}"), &arn, region, document);
        context.resource(resource.with_tags(tags(stage.tags)));
    }
}

/// HTTP and WebSocket APIs of one region.
async fn newer(context: Context, region: String) {
    let asked = Asked { operation: &GET_APIS, region: &region, about: None };
    let client = context.session().apigatewayv2(&region);
    let mut pages = Pages::new(&context, asked);
    let hidden = Hidden::default();
    let mut fan = context.fan_out();
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || {
                client
                    .get_apis()
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .customize()
                    .interceptor(RequiresMembers(&["items"]))
                    .send()
            })
            .await
            .read(|reply| Ok((asked.must(reply.items, "Items")?, reply.next_token)));
        for api in context.sample(pages.turn(reply)) {
            match asked.must(api.api_id, "ApiId") {
                Ok(api) => {
                    let (context, hidden) = (context.clone(), Arc::clone(&hidden));
                    let region = region.clone();
                    fan.add(async move { stages(&context, &region, &api, &hidden).await }).await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done_but(Stage::resource_type(), &hidden_by(&hidden));
    }
}

async fn stages(context: &Context, region: &str, api: &str, hidden: &Hidden) {
    let partition = context.session().partition();
    let about = format!("arn:{partition}:apigateway:{region}::/apis/{api}");
    let asked = Asked { operation: &GET_STAGES, region, about: Some(&about) };
    let client = context.session().apigatewayv2(region);
    let mut pages = Pages::new(context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .get_stages()
                    .api_id(api)
                    .max_results(PAGE)
                    .set_next_token(pages.token())
                    .send()
            })
            .await
            .read(|reply| Ok((asked.must(reply.items, "Items")?, reply.next_token)));
        if reply.failed_with(GONE) {
            break;
        }
        for stage in pages.turn(reply) {
            // The SDK puts an empty text in the place of a name that is missing.
            let name = asked.must(stage.stage_name, "StageName");
            match name.and_then(|name| asked.must_text(&name, "StageName")) {
                Ok(name) => {
                    let arn = arn(context, region, "apis", api, &name);
                    let log = stage.access_log_settings;
                    let document = Stage {
                        access_log: Fact::from_option(
                            log.map(|log| AccessLogSettings { destination: log.destination_arn }),
                        ),
                    };
                    let resource = Resource::new(&format!("{api}/{name}"), &arn, region, document);
                    context.resource(resource.with_tags(tags(stage.tags)));
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    hide(hidden, pages.missing());
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["NotFoundException"];
