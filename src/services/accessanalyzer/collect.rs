//! Reads the analyzers of a region.

use super::{AnalyzerSummary, LIST_ANALYZERS};
use crate::aws::{Asked, Context, Paging, Reply, RequiresEach};
use crate::inventory::Gap;

/// The most that one page holds.
const PAGE: i32 = 100;

/// All analyzers of a region, or a gap: half a list does not say that there is
/// none. Calls: ceil(analyzers / 100).
pub(crate) async fn analyzers(context: &Context, region: &str) -> Reply<Vec<AnalyzerSummary>> {
    let asked = Asked { operation: &LIST_ANALYZERS, region, about: None };
    let client = context.session().accessanalyzer(region);
    let mut analyzers = Vec::new();
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked, || {
                client
                    .list_analyzers()
                    .max_results(PAGE)
                    .set_next_token(paging.token())
                    .customize()
                    .interceptor(RequiresEach { list: "analyzers", members: &[] })
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            for analyzer in &reply.analyzers {
                analyzers.push(summary(asked, analyzer)?);
            }
            paging.turn(false, reply.next_token).map_err(|error| asked.malformed(error))
        });
        match page {
            Reply::Known(true) => {}
            Reply::Known(false) => return Reply::Known(analyzers),
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        }
    }
}

fn summary(
    asked: Asked<'_>,
    analyzer: &aws_sdk_accessanalyzer::types::AnalyzerSummary,
) -> Result<AnalyzerSummary, Box<Gap>> {
    Ok(AnalyzerSummary {
        arn: asked.must_text(&analyzer.arn, "arn")?,
        name: asked.must_text(&analyzer.name, "name")?,
        kind: asked.must_text(analyzer.r#type.as_str(), "type")?,
        status: asked.must_text(analyzer.status.as_str(), "status")?,
    })
}
