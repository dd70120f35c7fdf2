//! Reads alarms, log groups and metric filters.

mod alarms;
mod logs;
#[cfg(test)]
mod tests;

use super::{Alarm, LogGroup, MetricFilter};
use crate::aws::Context;
use crate::inventory::Document;
use std::collections::BTreeSet;

/// Metrics that filters count into: namespace and name.
type Metrics = BTreeSet<(String, String)>;

/// Feeds `cloudwatch.alarm`, `cloudwatch.log-group` and
/// `cloudwatch.metric-filter`. Calls in each region: ceil(log groups / 50),
/// ceil(metric filters / 50), ceil(alarms / 100), and for each topic of an alarm
/// on a metric that a filter counts into ceil(subscriptions / 100).
pub async fn collect(context: Context) {
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        if context.plan().reads(LogGroup::resource_type()) {
            fan.add(logs::groups(context.clone(), region.clone())).await;
        }
        fan.add(filters_and_alarms(context.clone(), region.clone())).await;
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

/// The filters come first: they say of which alarms more is asked.
async fn filters_and_alarms(context: Context, region: String) {
    let metrics = if context.plan().reads(MetricFilter::resource_type()) {
        logs::filters(&context, &region).await
    } else {
        Metrics::new()
    };
    if context.plan().reads(Alarm::resource_type()) {
        alarms::collect(&context, &region, &metrics).await;
    }
}
