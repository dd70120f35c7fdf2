//! The register of collectors.

use super::{
    apigateway, aws, backup, cloudfront, cloudtrail, cloudwatch, dax, dynamodb, ec2, ecr, efs, eks,
    elb, eventbridge, glacier, guardduty, iam, kms, lambda, organizations, rds, s3, secretsmanager,
    sns, sqs, ssm,
};
use crate::aws::Context;
use crate::inventory::{ErrorClass, Gap, Gaps, Operation, ResourceType};
use std::future::Future;
use std::pin::Pin;

type Collector = fn(Context) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Every collector, beside the types it feeds. To add one: one line.
static COLLECTORS: &[(&str, Collector)] = &[
    ("apigateway", |context| Box::pin(apigateway::collect::collect(context))),
    ("aws", |context| Box::pin(aws::collect::collect(context))),
    ("backup", |context| Box::pin(backup::collect::collect(context))),
    ("cloudfront", |context| Box::pin(cloudfront::collect::collect(context))),
    ("cloudtrail", |context| Box::pin(cloudtrail::collect::collect(context))),
    ("cloudwatch", |context| Box::pin(cloudwatch::collect::collect(context))),
    ("dax", |context| Box::pin(dax::collect::collect(context))),
    ("dynamodb", |context| Box::pin(dynamodb::collect::collect(context))),
    ("ec2", |context| Box::pin(ec2::collect::collect(context))),
    ("ecr", |context| Box::pin(ecr::collect::collect(context))),
    ("efs", |context| Box::pin(efs::collect::collect(context))),
    ("eks", |context| Box::pin(eks::collect::collect(context))),
    ("elb", |context| Box::pin(elb::collect::collect(context))),
    ("eventbridge", |context| Box::pin(eventbridge::collect::collect(context))),
    ("glacier", |context| Box::pin(glacier::collect::collect(context))),
    ("guardduty", |context| Box::pin(guardduty::collect::collect(context))),
    ("iam", |context| Box::pin(iam::collect::collect(context))),
    ("kms", |context| Box::pin(kms::collect::collect(context))),
    ("lambda", |context| Box::pin(lambda::collect::collect(context))),
    ("organizations", |context| Box::pin(organizations::collect::collect(context))),
    ("rds", |context| Box::pin(rds::collect::collect(context))),
    ("s3", |context| Box::pin(s3::collect::collect(context))),
    ("secretsmanager", |context| Box::pin(secretsmanager::collect::collect(context))),
    ("sns", |context| Box::pin(sns::collect::collect(context))),
    ("sqs", |context| Box::pin(sqs::collect::collect(context))),
    ("ssm", |context| Box::pin(ssm::collect::collect(context))),
];

/// Reads all that the plan names, all services side by side, and says `done`
/// exactly once for each of its types and places, also where a collector broke
/// off. If this future is dropped, all calls stop, and what is not done stays
/// not done.
pub async fn collect_all(context: &Context) {
    let mut fan = context.fan_out();
    for (service, collector) in COLLECTORS {
        let of_service =
            |kind: &ResourceType| kind.name.split('.').next().is_some_and(|name| name == *service);
        if context.plan().types().any(of_service) {
            fan.add(collector(context.clone())).await;
        }
    }
    // A collector that broke off has not said `done`; that is seen below.
    let _broken = fan.finish().await;
    for kind in context.plan().types() {
        for place in context.places(kind) {
            if !context.is_done(kind, &place) {
                let missing = why_not_read(context, kind, &place);
                context.done(kind, &place, missing);
            }
        }
    }
}

/// Reads what a collector reads region by region. A task that broke off has not
/// said `done`, which the caller sees.
pub(in crate::services) async fn in_each_region<Task>(
    context: &Context,
    in_region: impl Fn(Context, String) -> Task,
) where
    Task: Future<Output = ()> + Send + 'static,
{
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        fan.add(in_region(context.clone(), region.clone())).await;
    }
    let _broken = fan.finish().await;
}

/// The time is up: says `done` of each type and place of which it was not said
/// before. What is missing there was not answered in time.
pub fn give_up(context: &Context) {
    for kind in context.plan().types() {
        for place in context.places(kind) {
            if context.is_done(kind, &place) {
                continue;
            }
            let Some(operation) = kind.listings.iter().copied().flatten().copied().next() else {
                continue;
            };
            let message = "the time of the scan was up before this was answered";
            let gap = Gap::new(operation, &place, ErrorClass::Timeout, message);
            context.done(kind, &place, context.gap(gap));
        }
    }
}

/// The gap of a type that no collector has finished.
fn why_not_read(context: &Context, kind: &'static ResourceType, place: &str) -> Gaps {
    let planned = |listing: &&[&'static Operation]| listing.iter().all(|op| context.wants(op));
    let first = kind.listings.iter().copied().flatten().copied().next();
    let Some(operation) = first else { return Gaps::NONE };
    let gap = if kind.listings.iter().any(planned) {
        let message =
            format!("cspm broke off while it read {}; this is a fault of cspm", kind.name);
        Gap::new(operation, place, ErrorClass::Other, &message)
    } else {
        Gap::not_collected(&operation.id(), &operation.iam_action(), place)
    };
    context.gap(gap)
}
