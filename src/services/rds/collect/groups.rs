//! Parameter groups in use. RDS is asked for the few parameters that matter, by
//! their names: a group has hundreds.

use super::PAGE;
use crate::aws::{Asked, Context, Reply};
use crate::inventory::Resource;
use crate::services::pages::whole;
use crate::services::rds::parameters::{
    DbClusterParameterGroup, DbParameterGroup, FORCE_SSL, Parameter, REQUIRE_SECURE_TRANSPORT,
    SERVER_AUDIT_EVENTS, SERVER_AUDIT_LOGGING,
};
use crate::services::rds::{DESCRIBE_DB_CLUSTER_PARAMETERS, DESCRIBE_DB_PARAMETERS};
use aws_sdk_rds::{Client, types};
use std::collections::BTreeSet;

/// Names of parameter groups.
pub(super) type Groups = BTreeSet<String>;

/// Whose parameter groups.
#[derive(Clone, Copy)]
pub(super) enum Of {
    Instances,
    Clusters,
}

/// Feeds parameter groups; false if a task broke off.
pub(super) async fn feed(context: &Context, region: &str, of: Of, names: Groups) -> bool {
    let mut fan = context.fan_out();
    for name in context.sample(names.into_iter().collect()) {
        fan.add(one(context.clone(), region.to_owned(), of, name)).await;
    }
    fan.finish().await.is_ok()
}

/// The ARNs are as in
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.ARN.html>.
async fn one(context: Context, region: String, of: Of, name: String) {
    let (operation, noun, wanted) = match of {
        Of::Instances => (&DESCRIBE_DB_PARAMETERS, "pg", [FORCE_SSL, REQUIRE_SECURE_TRANSPORT]),
        Of::Clusters => (
            &DESCRIBE_DB_CLUSTER_PARAMETERS,
            "cluster-pg",
            [SERVER_AUDIT_LOGGING, SERVER_AUDIT_EVENTS],
        ),
    };
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let arn = format!("arn:{partition}:rds:{region}:{account}:{noun}:{name}");
    let asked = Asked { operation, region: &region, about: Some(&arn) };
    let parameters = context.fact(parameters(&context, asked, of, &name, &wanted).await);
    context.resource(match of {
        Of::Instances => Resource::new(&name, &arn, &region, DbParameterGroup { parameters }),
        Of::Clusters => Resource::new(&name, &arn, &region, DbClusterParameterGroup { parameters }),
    });
}

async fn parameters(
    context: &Context,
    asked: Asked<'_>,
    of: Of,
    name: &str,
    wanted: &[&str],
) -> Reply<Vec<Parameter>> {
    let client: &Client = &context.session().rds(asked.region);
    let filter = types::Filter::builder().name("parameter-name");
    let filter = &wanted.iter().fold(filter, |filter, name| filter.values(*name)).build();
    let all = whole(asked, |marker| async move {
        let reply = match of {
            Of::Instances => context
                .ask(asked, || {
                    let request = client.describe_db_parameters().db_parameter_group_name(name);
                    let request = request.filters(filter.clone()).max_records(PAGE);
                    request.set_marker(marker.clone()).send()
                })
                .await
                .read(|reply| Ok((reply.parameters, reply.marker))),
            Of::Clusters => context
                .ask(asked, || {
                    let request = client.describe_db_cluster_parameters();
                    let request = request.db_cluster_parameter_group_name(name);
                    let request = request.filters(filter.clone()).max_records(PAGE);
                    request.set_marker(marker.clone()).send()
                })
                .await
                .read(|reply| Ok((reply.parameters, reply.marker))),
        };
        reply.read(|(parameters, next)| Ok((asked.must(parameters, "Parameters")?, next)))
    });
    all.await.read(|all| {
        let mut found = Vec::new();
        for parameter in all {
            let name = asked.must(parameter.parameter_name, "ParameterName")?;
            // What the filter should have left out is left out here.
            if wanted.contains(&name.as_str()) {
                found.push(Parameter { name, value: parameter.parameter_value });
            }
        }
        Ok(found)
    })
}
