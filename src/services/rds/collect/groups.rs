//! Parameter groups in use. RDS is asked for the few parameters that matter, by
//! their names: a group has hundreds.

use super::PAGE;
use crate::aws::{Asked, Context, Reply};
use crate::inventory::Resource;
use crate::services::pages::{Page, whole};
use crate::services::rds::parameters::{
    DbClusterParameterGroup, DbParameterGroup, FORCE_SSL, Parameter, REQUIRE_SECURE_TRANSPORT,
    SERVER_AUDIT_EVENTS, SERVER_AUDIT_LOGGING,
};
use crate::services::rds::{DESCRIBE_DB_CLUSTER_PARAMETERS, DESCRIBE_DB_PARAMETERS};
use aws_sdk_rds::types;
use std::collections::BTreeSet;
use std::future::Future;

/// Names of parameter groups.
pub(super) type Groups = BTreeSet<String>;

const OF_INSTANCES: [&str; 2] = [FORCE_SSL, REQUIRE_SECURE_TRANSPORT];
const OF_CLUSTERS: [&str; 2] = [SERVER_AUDIT_LOGGING, SERVER_AUDIT_EVENTS];

/// Feeds parameter groups of instances; false if a task broke off.
pub(super) async fn of_instances(context: &Context, region: &str, names: Groups) -> bool {
    let mut fan = context.fan_out();
    for name in context.sample(names.into_iter().collect()) {
        let (context, region) = (context.clone(), region.to_owned());
        fan.add(async move {
            let arn = arn(&context, &region, "pg", &name);
            let operation = &DESCRIBE_DB_PARAMETERS;
            let asked = Asked { operation, region: &region, about: Some(&arn) };
            let client = context.session().rds(&region);
            let (client, context, name) = (&client, &context, &name);
            let page = |marker: Option<String>| async move {
                let reply = context
                    .ask(asked, || {
                        client
                            .describe_db_parameters()
                            .db_parameter_group_name(name)
                            .set_filters(Some(filters(&OF_INSTANCES)))
                            .max_records(PAGE)
                            .set_marker(marker.clone())
                            .send()
                    })
                    .await;
                reply.read(|reply| Ok((asked.must(reply.parameters, "Parameters")?, reply.marker)))
            };
            let parameters = wanted(asked, &OF_INSTANCES, page).await;
            let document = DbParameterGroup { parameters: context.fact(parameters) };
            context.resource(Resource::new(name, &arn, &region, document));
        })
        .await;
    }
    fan.finish().await.is_ok()
}

/// Feeds parameter groups of clusters; false if a task broke off.
pub(super) async fn of_clusters(context: &Context, region: &str, names: Groups) -> bool {
    let mut fan = context.fan_out();
    for name in context.sample(names.into_iter().collect()) {
        let (context, region) = (context.clone(), region.to_owned());
        fan.add(async move {
            let arn = arn(&context, &region, "cluster-pg", &name);
            let operation = &DESCRIBE_DB_CLUSTER_PARAMETERS;
            let asked = Asked { operation, region: &region, about: Some(&arn) };
            let client = context.session().rds(&region);
            let (client, context, name) = (&client, &context, &name);
            let page = |marker: Option<String>| async move {
                let reply = context
                    .ask(asked, || {
                        client
                            .describe_db_cluster_parameters()
                            .db_cluster_parameter_group_name(name)
                            .set_filters(Some(filters(&OF_CLUSTERS)))
                            .max_records(PAGE)
                            .set_marker(marker.clone())
                            .send()
                    })
                    .await;
                reply.read(|reply| Ok((asked.must(reply.parameters, "Parameters")?, reply.marker)))
            };
            let parameters = wanted(asked, &OF_CLUSTERS, page).await;
            let document = DbClusterParameterGroup { parameters: context.fact(parameters) };
            context.resource(Resource::new(name, &arn, &region, document));
        })
        .await;
    }
    fan.finish().await.is_ok()
}

/// The ARN of a parameter group
/// (<https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.ARN.html>).
fn arn(context: &Context, region: &str, noun: &str, name: &str) -> String {
    let session = context.session();
    format!("arn:{}:rds:{region}:{}:{noun}:{name}", session.partition(), session.account())
}

fn filters(names: &[&str]) -> Vec<types::Filter> {
    let values = names.iter().map(|name| (*name).to_owned()).collect();
    let filter = types::Filter::builder().name("parameter-name").set_values(Some(values)).build();
    vec![filter]
}

/// What the filter should have left out is left out here.
async fn wanted<Asking>(
    asked: Asked<'_>,
    names: &[&str],
    page: impl Fn(Option<String>) -> Asking,
) -> Reply<Vec<Parameter>>
where
    Asking: Future<Output = Reply<Page<types::Parameter>>>,
{
    whole(asked, page).await.read(|parameters| {
        let mut found = Vec::new();
        for parameter in parameters {
            let name = asked.must(parameter.parameter_name, "ParameterName")?;
            if names.contains(&name.as_str()) {
                found.push(Parameter { name, value: parameter.parameter_value });
            }
        }
        Ok(found)
    })
}
