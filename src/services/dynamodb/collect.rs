//! Reads tables, region by region.

mod scaling;
#[cfg(test)]
mod tests;

use super::{
    BillingModeSummary, ContinuousBackups, DESCRIBE_CONTINUOUS_BACKUPS, DESCRIBE_TABLE,
    GET_RESOURCE_POLICY, GlobalSecondaryIndex, LIST_TABLES, PointInTimeRecovery, Table,
};
use crate::aws::{Asked, Context, Reply, timestamp};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::Pages;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::TableDescription;
use scaling::Scaling;
use std::sync::Arc;

/// The most that one page holds.
const PAGE: i32 = 100;
/// How many calls a table needs at most, side by side.
const CALLS: usize = 3;

/// Feeds `dynamodb.table`. Calls in each region: ceil(tables / 100), at least
/// one; up to 3 for each table; and, if scaling is asked for, ceil(n / 50) for
/// each of scalable targets and scaling policies.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_TABLES, region: &region, about: None };
    let client = context.session().dynamodb(&region);
    let scaling = Arc::new(scaling::read(&context, &region).await);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out_of(CALLS);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .list_tables()
                    .limit(PAGE)
                    .set_exclusive_start_table_name(pages.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            Ok((asked.must(reply.table_names, "TableNames")?, reply.last_evaluated_table_name))
        });
        for name in context.sample(pages.turn(page)) {
            let (context, client) = (context.clone(), client.clone());
            fan.add(one(context, client, region.clone(), name, Arc::clone(&scaling))).await;
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Table::resource_type());
    }
}

/// What DescribeTable says, as far as it is kept.
struct Described {
    status: Result<String, Box<Gap>>,
    created: Result<jiff::Timestamp, Box<Gap>>,
    billing_mode: Option<BillingModeSummary>,
    indexes: Result<Option<Vec<GlobalSecondaryIndex>>, Box<Gap>>,
    deletion_protection: Result<bool, Box<Gap>>,
}

async fn one(
    context: Context,
    client: Arc<Client>,
    region: String,
    name: String,
    scaling: Arc<Scaling>,
) {
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let arn = format!("arn:{partition}:dynamodb:{region}:{account}:table/{name}");
    let (table, backups, policy) = tokio::join!(
        describe(&context, &client, &region, &name, &arn),
        backups(&context, &client, &region, &name, &arn),
        policy(&context, &client, &region, &arn),
    );
    if table.failed_with(GONE) || backups.failed_with(GONE) || policy.failed_with(GONE) {
        return;
    }
    let mut document = Table {
        continuous_backups: context.fact(backups),
        policy: context.fact(policy),
        scalable_targets: scaling.targets_of(&name),
        scaling_policies: scaling.policies_of(&name),
        ..Table::not_collected()
    };
    match context.fact(table) {
        Fact::Known(table) => {
            document.status = context.member(table.status);
            document.created = context.member(table.created);
            document.billing_mode = Fact::from_option(table.billing_mode);
            document.indexes = match table.indexes {
                Ok(indexes) => Fact::from_option(indexes),
                Err(gap) => Fact::Unknown(context.gap(gap)),
            };
            document.deletion_protection = context.member(table.deletion_protection);
        }
        Fact::Absent => {}
        Fact::Unknown(gaps) => {
            document.status = Fact::Unknown(gaps.clone());
            document.created = Fact::Unknown(gaps.clone());
            document.billing_mode = Fact::Unknown(gaps.clone());
            document.indexes = Fact::Unknown(gaps.clone());
            document.deletion_protection = Fact::Unknown(gaps);
        }
    }
    context.resource(Resource::new(&name, &arn, &region, document));
}

async fn describe(
    context: &Context,
    client: &Client,
    region: &str,
    name: &str,
    arn: &str,
) -> Reply<Described> {
    let asked = Asked { operation: &DESCRIBE_TABLE, region, about: Some(arn) };
    let reply = context.ask(asked, || client.describe_table().table_name(name).send()).await;
    reply.read(|reply| Ok(described(asked, &asked.must(reply.table, "Table")?)))
}

fn described(asked: Asked<'_>, table: &TableDescription) -> Described {
    let status = table.table_status.as_ref();
    let created = table.creation_date_time.as_ref().and_then(timestamp);
    let indexes = table.global_secondary_indexes.as_ref().map(|indexes| {
        let names = indexes.iter().map(|index| {
            let name = asked.must(index.index_name.clone(), "IndexName")?;
            Ok(GlobalSecondaryIndex { name })
        });
        names.collect::<Result<_, Box<Gap>>>()
    });
    Described {
        status: asked.must(status.map(|status| status.as_str().to_owned()), "TableStatus"),
        created: asked.must(created, "CreationDateTime"),
        billing_mode: table.billing_mode_summary.as_ref().map(|summary| BillingModeSummary {
            billing_mode: summary.billing_mode.as_ref().map(|mode| mode.as_str().to_owned()),
        }),
        indexes: indexes.transpose(),
        deletion_protection: asked
            .must(table.deletion_protection_enabled, "DeletionProtectionEnabled"),
    }
}

async fn backups(
    context: &Context,
    client: &Client,
    region: &str,
    name: &str,
    arn: &str,
) -> Reply<ContinuousBackups> {
    let asked = Asked { operation: &DESCRIBE_CONTINUOUS_BACKUPS, region, about: Some(arn) };
    let reply =
        context.ask(asked, || client.describe_continuous_backups().table_name(name).send()).await;
    reply.read(|reply| {
        let sent = reply.continuous_backups_description;
        let sent = asked.must(sent, "ContinuousBackupsDescription")?;
        let recovery = sent.point_in_time_recovery_description.map(|recovery| {
            let status = recovery.point_in_time_recovery_status;
            PointInTimeRecovery {
                status: status.map(|status| status.as_str().to_owned()),
                recovery_period: recovery.recovery_period_in_days.map(i64::from),
            }
        });
        Ok(ContinuousBackups { recovery })
    })
}

async fn policy(context: &Context, client: &Client, region: &str, arn: &str) -> Reply<String> {
    let asked = Asked { operation: &GET_RESOURCE_POLICY, region, about: Some(arn) };
    let reply = context.ask(asked, || client.get_resource_policy().resource_arn(arn).send()).await;
    reply.read(|reply| asked.must(reply.policy, "Policy"))
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["ResourceNotFoundException", "TableNotFoundException"];
