//! What watches over a region: IAM Access Analyzer and AWS Config.

use crate::aws::Context;
use crate::services::accessanalyzer::collect::analyzers;
use crate::services::aws::Region;
use crate::services::config::collect::{recorders, statuses};

/// Fills a region's document. Calls: 2 + ceil(analyzers / 100).
pub(super) async fn settings(context: &Context, region: &str, document: &mut Region) {
    let (analyzers, recorders, statuses) = tokio::join!(
        analyzers(context, region),
        recorders(context, region),
        statuses(context, region),
    );
    document.analyzers = context.fact(analyzers);
    document.recorders = context.fact(recorders);
    document.recorder_statuses = context.fact(statuses);
}
