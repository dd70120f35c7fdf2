//! Reads detectors.

#[cfg(test)]
mod tests;

use super::{
    Detector, DetectorAdditionalConfiguration, DetectorFeature, GET_DETECTOR, LIST_DETECTORS,
};
use crate::aws::{Asked, Context, Reply, RequiresEach};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::Pages;
use aws_sdk_guardduty::Client;
use std::collections::BTreeMap;

/// The most that one page holds.
const PAGE: i32 = 50;

/// Feeds `guardduty.detector`. Calls in each region: 1, and 1 for its
/// detector, if there is one.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_DETECTORS, region: &region, about: None };
    let client = context.session().guardduty(&region);
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .list_detectors()
                    .max_results(PAGE)
                    .set_next_token(pages.token())
                    .customize()
                    .interceptor(RequiresEach { list: "detectorIds", members: &[] })
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let ids = asked.must(reply.detector_ids, "DetectorIds")?;
            Ok((ids, reply.next_token))
        });
        for id in context.sample(pages.turn(page)) {
            one(&context, &client, &region, &id).await;
        }
    }
    pages.done(Detector::resource_type());
}

/// One answer of GetDetector, as far as it is kept.
struct Got {
    status: Result<String, Box<Gap>>,
    features: Result<Vec<DetectorFeature>, Box<Gap>>,
    tags: BTreeMap<String, String>,
}

async fn one(context: &Context, client: &Client, region: &str, id: &str) {
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let arn = format!("arn:{partition}:guardduty:{region}:{account}:detector/{id}");
    let asked = Asked { operation: &GET_DETECTOR, region, about: Some(&arn) };
    let reply = context.ask(asked, || client.get_detector().detector_id(id).send()).await;
    if is_gone(&reply) {
        return;
    }
    let reply = reply.read(|reply| {
        let status = asked.must(reply.status, "Status");
        Ok(Got {
            status: status.and_then(|status| asked.must_text(status.as_str(), "Status")),
            features: asked.must(reply.features, "Features").and_then(|features| {
                features.iter().map(|feature| read_feature(asked, feature)).collect()
            }),
            // A detector without tags may come without the member.
            tags: reply.tags.into_iter().flatten().collect(),
        })
    });
    let got = context.fact(reply);
    let (document, tags) = match got {
        Fact::Known(got) => {
            let document = Detector {
                status: context.member(got.status),
                features: context.member(got.features),
            };
            (document, Fact::Known(got.tags))
        }
        Fact::Absent => (Detector { status: Fact::Absent, features: Fact::Absent }, Fact::Absent),
        Fact::Unknown(gaps) => {
            let document = Detector {
                status: Fact::Unknown(gaps.clone()),
                features: Fact::Unknown(gaps.clone()),
            };
            (document, Fact::Unknown(gaps))
        }
    };
    context.resource(Resource::new(id, &arn, region, document).with_tags(tags));
}

fn read_feature(
    asked: Asked<'_>,
    feature: &aws_sdk_guardduty::types::DetectorFeatureConfigurationResult,
) -> Result<DetectorFeature, Box<Gap>> {
    let name = asked.must(feature.name.as_ref(), "Features.Name")?;
    let status = asked.must(feature.status.as_ref(), "Features.Status")?;
    let additional = match &feature.additional_configuration {
        None => None,
        Some(parts) => {
            let read = parts.iter().map(|part| {
                let name = asked.must(part.name.as_ref(), "AdditionalConfiguration.Name")?;
                let status = asked.must(part.status.as_ref(), "AdditionalConfiguration.Status")?;
                Ok(DetectorAdditionalConfiguration {
                    name: name.as_str().to_owned(),
                    status: status.as_str().to_owned(),
                })
            });
            Some(read.collect::<Result<Vec<_>, Box<Gap>>>()?)
        }
    };
    let (name, status) = (name.as_str().to_owned(), status.as_str().to_owned());
    Ok(DetectorFeature { name, status, additional })
}

/// Whether it was deleted since it was listed: GuardDuty then says that the
/// detector is somebody else's.
fn is_gone<T>(reply: &Reply<T>) -> bool {
    matches!(reply, Reply::Gap(gap) if gap.code.as_deref() == Some("BadRequestException")
        && gap.message.contains("detectorId is not owned by the current account"))
}
