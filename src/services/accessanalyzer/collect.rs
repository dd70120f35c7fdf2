//! Reads the analyzers of a region.

use super::{AnalyzerSummary, LIST_ANALYZERS};
use crate::aws::{Asked, Context, Reply, RequiresEach};
use crate::inventory::Gap;
use crate::services::pages::whole;

/// The most that one page holds.
const PAGE: i32 = 100;

/// All analyzers of a region, or a gap: half a list does not say that there is
/// none. Calls: ceil(analyzers / 100).
pub(crate) async fn analyzers(context: &Context, region: &str) -> Reply<Vec<AnalyzerSummary>> {
    let asked = Asked { operation: &LIST_ANALYZERS, region, about: None };
    let client = &context.session().accessanalyzer(region);
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                client
                    .list_analyzers()
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .customize()
                    .interceptor(RequiresEach { list: "analyzers", members: &[] })
                    .send()
            })
            .await;
        reply.read(|reply| {
            let read = reply.analyzers.iter().map(|analyzer| summary(asked, analyzer));
            Ok((read.collect::<Result<_, _>>()?, reply.next_token))
        })
    })
    .await
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
