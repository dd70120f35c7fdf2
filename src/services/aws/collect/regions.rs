//! Reads what belongs to a region as a whole.

use crate::aws::Context;
use crate::inventory::arn::region_arn;
use crate::inventory::{Document, Fact, Gaps, Resource};
use crate::services::accessanalyzer::collect::analyzers;
use crate::services::aws::Region;
use crate::services::config::collect::{recorders, statuses};

/// Feeds `aws.region`. Calls in each region: 2 + ceil(analyzers / 100). The
/// regions were listed before.
pub(super) async fn collect(context: &Context) {
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        fan.add(one(context.clone(), region.clone())).await;
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

async fn one(context: Context, region: String) {
    let (analyzers, recorders, statuses) = tokio::join!(
        analyzers(&context, &region),
        recorders(&context, &region),
        statuses(&context, &region),
    );
    let document = Region {
        opt_in_status: opt_in_status(&context, &region),
        analyzers: context.fact(analyzers),
        recorders: context.fact(recorders),
        recorder_statuses: context.fact(statuses),
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
