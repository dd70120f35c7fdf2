//! Parameter groups in use. RDS is asked for the few parameters that matter, by
//! their names: a group has hundreds.

use super::PAGE;
use crate::aws::{Asked, Context, Paging, Reply};
use crate::inventory::Resource;
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

/// One page of parameters, and the marker of the next.
type Page = (Option<Vec<types::Parameter>>, Option<String>);

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
                reply.read(|reply| Ok((reply.parameters, reply.marker)))
            };
            let parameters = all(asked, &OF_INSTANCES, page).await;
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
                reply.read(|reply| Ok((reply.parameters, reply.marker)))
            };
            let parameters = all(asked, &OF_CLUSTERS, page).await;
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

/// All pages, or a gap: half a list of parameters answers nothing. What the
/// filter should have left out is left out here.
async fn all<Asking>(
    asked: Asked<'_>,
    wanted: &[&str],
    page: impl Fn(Option<String>) -> Asking,
) -> Reply<Vec<Parameter>>
where
    Asking: Future<Output = Reply<Page>>,
{
    let mut found = Vec::new();
    let mut paging = Paging::default();
    loop {
        let (parameters, next) = match page(paging.token()).await {
            Reply::Known(page) => page,
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        };
        let parameters = match asked.must(parameters, "Parameters") {
            Ok(parameters) => parameters,
            Err(gap) => return Reply::Gap(gap),
        };
        for parameter in parameters {
            let name = match asked.must(parameter.parameter_name, "ParameterName") {
                Ok(name) => name,
                Err(gap) => return Reply::Gap(gap),
            };
            if wanted.contains(&name.as_str()) {
                found.push(Parameter { name, value: parameter.parameter_value });
            }
        }
        match paging.turn(false, next) {
            Ok(true) => {}
            Ok(false) => return Reply::Known(found),
            Err(error) => return Reply::Gap(asked.malformed(error)),
        }
    }
}
