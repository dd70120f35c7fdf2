//! Reads functions. Environments are searched here and go no further.

#[cfg(test)]
mod tests;

use super::{
    Function, FunctionUrlConfig, GET_POLICY, LIST_FUNCTION_URL_CONFIGS, LIST_FUNCTIONS,
    SearchedEnvironment, VpcConfig,
};
use crate::aws::{Asked, Context, Reply, RequiresEach};
use crate::inventory::{Document, ErrorClass, Fact, Gap, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::{Pages, whole};
use crate::services::secrets::{Salt, search};
use aws_sdk_lambda::Client;
use aws_sdk_lambda::types;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most that one page holds
/// (<https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html>).
const PAGE: i32 = 50;

/// Feeds `lambda.function`. Calls in each region: ceil(functions / 50), 2 for
/// each function, and 1 for each URL of an alias that does not ask who calls.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_FUNCTIONS, region: &region, about: None };
    let client = context.session().lambda(&region);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let reply = context
            .ask(asked, || client.list_functions().max_items(PAGE).set_marker(pages.token()).send())
            .await;
        let page =
            reply.read(|reply| Ok((asked.must(reply.functions, "Functions")?, reply.next_marker)));
        for function in context.sample(pages.turn(page)) {
            let (context, client) = (context.clone(), Arc::clone(&client));
            match asked.must(function.function_arn.clone(), "FunctionArn") {
                Ok(arn) => fan.add(one(context, client, region.clone(), arn, function)).await,
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Function::resource_type());
    }
}

async fn one(
    context: Context,
    client: Arc<Client>,
    region: String,
    arn: String,
    function: types::FunctionConfiguration,
) {
    let listed = Asked { operation: &LIST_FUNCTIONS, region: &region, about: Some(&arn) };
    let (policy, urls) = tokio::join!(
        policy(&context, &client, &region, &arn, None),
        urls(&context, &client, &region, &arn),
    );
    if urls.failed_with(&["ResourceNotFoundException"]) {
        return;
    }
    let environment = environment(&context, listed, function.environment);
    let document = Function {
        runtime: Fact::from_option(function.runtime.map(|runtime| runtime.as_str().to_owned())),
        vpc_config: Fact::from_option(function.vpc_config).map(|config| VpcConfig {
            // A function in no VPC comes without subnets.
            subnet_ids: config.subnet_ids.into_iter().flatten().collect(),
        }),
        environment: context.fact(environment),
        policy: context.fact(policy),
        urls: context.fact(urls),
    };
    let name = function.function_name.as_deref().unwrap_or(&arn);
    context.resource(Resource::new(name, &arn, &region, document));
}

/// The policy of a function, or of one of its aliases.
async fn policy(
    context: &Context,
    client: &Client,
    region: &str,
    arn: &str,
    qualifier: Option<&str>,
) -> Reply<String> {
    let asked = Asked { operation: &GET_POLICY, region, about: Some(arn) };
    let reply = context
        .ask(asked, || {
            let qualifier = qualifier.map(ToOwned::to_owned);
            client.get_policy().function_name(arn).set_qualifier(qualifier).send()
        })
        .await;
    reply.read(|reply| asked.must(reply.policy, "Policy"))
}

/// All URLs, or a gap, each with the policy that guards it if that is not the
/// function's own.
async fn urls(
    context: &Context,
    client: &Client,
    region: &str,
    arn: &str,
) -> Reply<Vec<FunctionUrlConfig>> {
    let asked = Asked { operation: &LIST_FUNCTION_URL_CONFIGS, region, about: Some(arn) };
    let members =
        RequiresEach { list: "FunctionUrlConfigs", members: &["FunctionUrl", "AuthType"] };
    let urls = whole(asked, |marker| async move {
        let reply = context
            .ask(asked, || {
                client
                    .list_function_url_configs()
                    .function_name(arn)
                    .max_items(PAGE)
                    .set_marker(marker.clone())
                    .customize()
                    .interceptor(members)
                    .send()
            })
            .await;
        reply.read(|reply| {
            let read = reply.function_url_configs.into_iter().map(|config| {
                Ok(FunctionUrlConfig {
                    url: asked.must_text(&config.function_url, "FunctionUrl")?,
                    function_arn: asked.must_text(&config.function_arn, "FunctionArn")?,
                    auth_type: asked.must_text(config.auth_type.as_str(), "AuthType")?,
                    policy: Fact::Absent,
                })
            });
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_marker))
        })
    });
    let mut urls = match urls.await.known() {
        Ok(urls) => urls,
        Err(other) => return other,
    };
    for url in urls.iter_mut().filter(|url| url.auth_type != "AWS_IAM") {
        let alias = url.function_arn.strip_prefix(arn).and_then(|rest| rest.strip_prefix(':'));
        if let Some(alias) = alias.map(ToOwned::to_owned) {
            let reply = policy(context, client, region, arn, Some(&alias)).await;
            url.policy = context.fact(reply);
        }
    }
    Reply::Known(urls)
}

/// The secrets in a function's variables; absent if it has none.
fn environment(
    context: &Context,
    asked: Asked<'_>,
    environment: Option<types::EnvironmentResponse>,
) -> Reply<SearchedEnvironment> {
    let unread = |why: &str| {
        let message = format!("the environment was not searched for secrets: {why}");
        let gap = Gap::new(asked.operation, asked.region, ErrorClass::Other, &message);
        Reply::Gap(Box::new(match asked.about {
            Some(arn) => gap.about(arn),
            None => gap,
        }))
    };
    let Some(environment) = environment else { return Reply::Absent };
    // Lambda could not decrypt the variables for the caller.
    if let Some(error) = environment.error {
        return unread(error.message.as_deref().unwrap_or("Lambda could not decrypt it"));
    }
    let Some(variables) = environment.variables else { return Reply::Absent };
    let session = context.session();
    let salt = Salt::of_account(session.partition(), session.account());
    let mut secrets = Vec::new();
    for (name, value) in variables.into_iter().collect::<BTreeMap<_, _>>() {
        match search(format!("{name}={value}").as_bytes(), &salt) {
            Ok(found) => secrets.extend(found.into_iter().map(|mut secret| {
                secret.place = format!("variable {name}");
                secret
            })),
            Err(error) => return unread(&error.to_string()),
        }
    }
    Reply::Known(SearchedEnvironment { secrets })
}
