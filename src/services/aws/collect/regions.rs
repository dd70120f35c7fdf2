//! Reads what belongs to a region as a whole.

use super::compute;
use crate::aws::Context;
use crate::inventory::arn::region_arn;
use crate::inventory::{Document, Fact, Gaps, Resource};
use crate::services::accessanalyzer::collect::analyzers;
use crate::services::aws::Region;
use crate::services::config::collect::{channel_statuses, channels, recorders, statuses};
use crate::services::ec2::collect::vpc_block_public_access;
use crate::services::inspector::collect as inspector;
use crate::services::macie::collect as macie;
use crate::services::securityhub::collect::hub;
use crate::services::ssm::collect::service_settings;

/// How many calls about one region go on side by side.
const CALLS: usize = 16;

/// Feeds `aws.region`. Calls in each region: 10 + ceil(analyzers / 100), and 6 of
/// EC2. The regions were listed before.
pub(super) async fn collect(context: &Context) {
    let mut fan = context.fan_out_of(CALLS);
    for region in &context.regions().read {
        fan.add(one(context.clone(), region.clone())).await;
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

async fn one(context: Context, region: String) {
    // Each in a box: all of them in one would be too large for a thread's stack.
    let (
        analyzers,
        recorders,
        statuses,
        channels,
        channel_statuses,
        service_settings,
        block,
        settings,
        macie,
        discovery,
        hub,
        inspector,
    ) = tokio::join!(
        Box::pin(analyzers(&context, &region)),
        Box::pin(recorders(&context, &region)),
        Box::pin(statuses(&context, &region)),
        Box::pin(channels(&context, &region)),
        Box::pin(channel_statuses(&context, &region)),
        Box::pin(service_settings(&context, &region)),
        Box::pin(vpc_block_public_access(&context, &region)),
        Box::pin(compute::settings(&context, &region)),
        Box::pin(macie::session(&context, &region)),
        Box::pin(macie::discovery(&context, &region)),
        Box::pin(hub(&context, &region)),
        Box::pin(inspector::state(&context, &region)),
    );
    let document = Region {
        opt_in_status: opt_in_status(&context, &region),
        analyzers: context.fact(analyzers),
        recorders: context.fact(recorders),
        recorder_statuses: context.fact(statuses),
        channels: context.fact(channels),
        channel_statuses: context.fact(channel_statuses),
        service_settings: context.fact(service_settings),
        vpc_block_public_access: context.fact(block),
        ebs_encryption_by_default: context.fact(settings.encryption),
        ebs_default_kms_key: context.fact(settings.key),
        snapshot_block_public_access: context.fact(settings.snapshots),
        instance_metadata_defaults: context.fact(settings.metadata),
        serial_console_access_enabled: context.fact(settings.console),
        macie: context.fact(macie),
        macie_discovery: context.fact(discovery),
        hub: context.fact(hub),
        inspector: context.fact(inspector),
    };
    let session = context.session();
    let arn = region_arn(session.partition(), session.account(), &region);
    context.resource(Resource::new(&region, &arn, &region, document));
    context.done(Region::resource_type(), &region, Gaps::NONE);
}

/// What the list of regions said of one.
fn opt_in_status(context: &Context, region: &str) -> Fact<String> {
    let regions = context.regions();
    match (regions.opt_in.get(region), &regions.gap) {
        (Some(status), _) => Fact::Known(status.clone()),
        (None, Some(gap)) => Fact::Unknown(context.gap(gap.clone())),
        // AWS was not asked, or answered without it.
        (None, None) if regions.chosen => Fact::not_collected(),
        (None, None) => Fact::Absent,
    }
}
