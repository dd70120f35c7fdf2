//! Log groups and metric filters.

use super::Metrics;
use crate::aws::{Asked, Context};
use crate::inventory::arn::metric_filter_arn;
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::cloudwatch::{
    DESCRIBE_LOG_GROUPS, DESCRIBE_METRIC_FILTERS, LogGroup, MetricFilter, MetricTransformation,
};
use crate::services::pages::{Pages, feed};
use aws_sdk_cloudwatchlogs::types;

/// The most that one page holds, of either.
const PAGE: i32 = 50;

/// Log groups of one region; none of them is kept here.
pub(super) async fn groups(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_LOG_GROUPS, region: &region, about: None };
    let client = context.session().cloudwatch_logs(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                client.describe_log_groups().limit(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.log_groups, "logGroups")?, reply.next_token)))
    };
    feed(context, asked, LogGroup::resource_type(), page, |group| one_group(asked, group)).await;
}

fn one_group(asked: Asked<'_>, group: &types::LogGroup) -> Result<Resource, Box<Gap>> {
    let name = asked.must(group.log_group_name(), "logGroupName")?;
    // The older of the two ARNs has a star behind it, for policies.
    let older = group.arn().map(|arn| arn.strip_suffix(":*").unwrap_or(arn));
    let arn = asked.must(group.log_group_arn().or(older), "logGroupArn")?;
    let document = LogGroup {
        retention: Fact::from_option(group.retention_in_days.map(i64::from)),
        kms_key: Fact::from_option(group.kms_key_id.clone()),
        class: Fact::from_option(group.log_group_class().map(|class| class.as_str().to_owned())),
    };
    Ok(Resource::new(name, arn, asked.region, document))
}

/// Metric filters of all log groups of one region; gives the metrics that they
/// count into.
pub(super) async fn filters(context: &Context, region: &str) -> Metrics {
    let asked = Asked { operation: &DESCRIBE_METRIC_FILTERS, region, about: None };
    let client = context.session().cloudwatch_logs(region);
    let mut metrics = Metrics::new();
    let mut pages = Pages::new(context, asked);
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || {
                client.describe_metric_filters().limit(PAGE).set_next_token(token.clone()).send()
            })
            .await
            .read(|reply| {
                Ok((asked.must(reply.metric_filters, "metricFilters")?, reply.next_token))
            });
        for filter in pages.turn(reply) {
            match one_filter(context, asked, filter, &mut metrics) {
                Ok(resource) => context.resource(resource),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    pages.done(MetricFilter::resource_type());
    metrics
}

fn one_filter(
    context: &Context,
    asked: Asked<'_>,
    filter: types::MetricFilter,
    metrics: &mut Metrics,
) -> Result<Resource, Box<Gap>> {
    let name = asked.must(filter.filter_name, "filterName")?;
    let group = asked.must(filter.log_group_name, "logGroupName")?;
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let arn = metric_filter_arn(partition, account, asked.region, &group, &name);
    let about = Asked { about: Some(&arn), ..asked };
    let transformations =
        about.must(filter.metric_transformations, "metricTransformations").and_then(|all| {
            all.into_iter().map(|one| transformation(about, one)).collect::<Result<Vec<_>, _>>()
        });
    if let Ok(transformations) = &transformations {
        metrics.extend(
            transformations.iter().map(|metric| (metric.namespace.clone(), metric.name.clone())),
        );
    }
    let document = MetricFilter {
        log_group: Fact::Known(group),
        pattern: Fact::from_option(filter.filter_pattern),
        transformations: context.member(transformations),
        transformed: Fact::Known(filter.apply_on_transformed_logs),
        selection: Fact::from_option(
            filter.field_selection_criteria.filter(|criteria| !criteria.is_empty()),
        ),
        system_dimensions: Fact::from_option(
            filter.emit_system_field_dimensions.filter(|names| !names.is_empty()),
        ),
    };
    Ok(Resource::new(&name, &arn, asked.region, document))
}

fn transformation(
    asked: Asked<'_>,
    sent: types::MetricTransformation,
) -> Result<MetricTransformation, Box<Gap>> {
    Ok(MetricTransformation {
        name: asked.must_text(&sent.metric_name, "metricName")?,
        namespace: asked.must_text(&sent.metric_namespace, "metricNamespace")?,
        dimensions: sent.dimensions.map(|all| all.into_iter().collect()),
    })
}
