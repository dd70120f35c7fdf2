//! Reads what belongs to a region as a whole.

use super::compute;
use crate::aws::Context;
use crate::inventory::arn::region_arn;
use crate::inventory::{Document, Fact, Gaps, Resource};
use crate::services::accessanalyzer::collect::analyzers;
use crate::services::aws::Region;
use crate::services::config::collect::{recorders, statuses};
use crate::services::ec2::collect::vpc_block_public_access;

/// How many calls about one region go on side by side.
const CALLS: usize = 9;

/// Feeds `aws.region`. Calls in each region: 2 + ceil(analyzers / 100), and 6 of
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
    let (analyzers, recorders, statuses, block, settings) = tokio::join!(
        analyzers(&context, &region),
        recorders(&context, &region),
        statuses(&context, &region),
        vpc_block_public_access(&context, &region),
        compute::settings(&context, &region),
    );
    let document = Region {
        opt_in_status: opt_in_status(&context, &region),
        analyzers: context.fact(analyzers),
        recorders: context.fact(recorders),
        recorder_statuses: context.fact(statuses),
        vpc_block_public_access: context.fact(block),
        ebs_encryption_by_default: context.fact(settings.encryption),
        ebs_default_kms_key: context.fact(settings.key),
        snapshot_block_public_access: context.fact(settings.snapshots),
        instance_metadata_defaults: context.fact(settings.metadata),
        serial_console_access_enabled: context.fact(settings.console),
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
