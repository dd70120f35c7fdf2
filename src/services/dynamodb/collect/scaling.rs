//! What Application Auto Scaling does with the tables of a region: two lists for
//! all of them, of which each table gets its part.

use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Fact, Gap, Operation};
use crate::services::dynamodb::{
    DESCRIBE_SCALABLE_TARGETS, DESCRIBE_SCALING_POLICIES, ScalableTarget, ScalingPolicy,
    SuspendedState,
};
use crate::services::pages::whole;
use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use std::collections::BTreeMap;
use std::future::Future;

/// The most that one page holds.
const PAGE: i32 = 50;

/// The parts of the tables, by their names.
type Parts<T> = BTreeMap<String, Vec<T>>;

/// What scales the tables of a region.
pub(super) struct Scaling {
    targets: Fact<Parts<ScalableTarget>>,
    policies: Fact<Parts<ScalingPolicy>>,
}

impl Scaling {
    /// What may be scaled of a table.
    pub(super) fn targets_of(&self, table: &str) -> Fact<Vec<ScalableTarget>> {
        part(&self.targets, table)
    }

    /// By which rules.
    pub(super) fn policies_of(&self, table: &str) -> Fact<Vec<ScalingPolicy>> {
        part(&self.policies, table)
    }
}

fn part<T: Clone>(parts: &Fact<Parts<T>>, table: &str) -> Fact<Vec<T>> {
    match parts {
        Fact::Known(parts) => {
            Fact::Known(parts.get(table).into_iter().flatten().cloned().collect())
        }
        Fact::Absent => Fact::Known(Vec::new()),
        Fact::Unknown(gaps) => Fact::Unknown(gaps.clone()),
    }
}

/// Calls: ceil(targets / 50) and ceil(policies / 50), at least one each.
pub(super) async fn read(context: &Context, region: &str) -> Scaling {
    let (targets, policies) = tokio::join!(targets(context, region), policies(context, region));
    Scaling { targets, policies }
}

async fn targets(context: &Context, region: &str) -> Fact<Parts<ScalableTarget>> {
    let asked = Asked { operation: &DESCRIBE_SCALABLE_TARGETS, region, about: None };
    let client = context.session().application_autoscaling(region);
    let client = &client;
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                client
                    .describe_scalable_targets()
                    .service_namespace(ServiceNamespace::Dynamodb)
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            Ok((asked.must(reply.scalable_targets, "ScalableTargets")?, reply.next_token))
        })
    };
    parts(context, &DESCRIBE_SCALABLE_TARGETS, region, page, |target| {
        let suspended = target
            .suspended_state
            .map(|suspended| SuspendedState { out: suspended.dynamic_scaling_out_suspended });
        Ok(ScalableTarget {
            resource: asked.must_text(&target.resource_id, "ResourceId")?,
            dimension: asked.must_text(target.scalable_dimension.as_str(), "ScalableDimension")?,
            suspended,
        })
    })
    .await
}

async fn policies(context: &Context, region: &str) -> Fact<Parts<ScalingPolicy>> {
    let asked = Asked { operation: &DESCRIBE_SCALING_POLICIES, region, about: None };
    let client = context.session().application_autoscaling(region);
    let client = &client;
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                client
                    .describe_scaling_policies()
                    .service_namespace(ServiceNamespace::Dynamodb)
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            Ok((asked.must(reply.scaling_policies, "ScalingPolicies")?, reply.next_token))
        })
    };
    parts(context, &DESCRIBE_SCALING_POLICIES, region, page, |policy| {
        Ok(ScalingPolicy {
            resource: asked.must_text(&policy.resource_id, "ResourceId")?,
            dimension: asked.must_text(policy.scalable_dimension.as_str(), "ScalableDimension")?,
        })
    })
    .await
}

/// Something that is about a table or an index of one.
trait OfTable {
    fn resource(&self) -> &str;
}

impl OfTable for ScalableTarget {
    fn resource(&self) -> &str {
        &self.resource
    }
}

impl OfTable for ScalingPolicy {
    fn resource(&self) -> &str {
        &self.resource
    }
}

/// All pages, by table; half a list answers nothing.
async fn parts<T, U: OfTable, Asking>(
    context: &Context,
    operation: &'static Operation,
    region: &str,
    page: impl Fn(Option<String>) -> Asking,
    read: impl Fn(T) -> Result<U, Box<Gap>>,
) -> Fact<Parts<U>>
where
    Asking: Future<Output = Reply<(Vec<T>, Option<String>)>>,
{
    let asked = Asked { operation, region, about: None };
    let reply = whole(asked, page).await.read(|entries| {
        let mut parts: Parts<U> = BTreeMap::new();
        for entry in entries {
            let entry = read(entry)?;
            let table = entry.resource().split('/').nth(1).map(str::to_owned);
            parts.entry(table.unwrap_or_default()).or_default().push(entry);
        }
        Ok(parts)
    });
    context.fact(reply)
}
