//! Managed nodes.

use super::PAGE;
use crate::aws::{Asked, Context, Reply, RequiresEach, timestamp};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::Decided;
use crate::services::pages::{Pages, whole};
use crate::services::ssm::{
    ComplianceSummary, DESCRIBE_INSTANCE_INFORMATION, DESCRIBE_INSTANCE_PATCH_STATES,
    InstancePatchState, LIST_RESOURCE_COMPLIANCE_SUMMARIES, ManagedInstance,
};
use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::InstanceInformation;
use std::collections::BTreeMap;

/// The types of compliance that rules read; custom ones are left out.
const TYPES: [&str; 2] = ["Patch", "Association"];

/// The summaries of each node.
type Summaries = BTreeMap<String, Vec<ComplianceSummary>>;
/// The patch state of each node.
type States = BTreeMap<String, InstancePatchState>;

/// The managed nodes of one region.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_INSTANCE_INFORMATION, region: &region, about: None };
    let client = context.session().ssm(&region);
    let mut summaries: Option<Fact<Summaries>> = None;
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_instance_information()
                    .max_results(PAGE)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let nodes = asked.must(reply.instance_information_list, "InstanceInformationList")?;
            Ok((nodes, reply.next_token))
        });
        let nodes = context.sample(pages.turn(page));
        if !nodes.is_empty() {
            let known = match summaries.take() {
                Some(known) => known,
                None => context.fact(compliance(&context, &client, &region).await),
            };
            let ids: Vec<String> =
                nodes.iter().filter_map(|node| node.instance_id.clone()).collect();
            let states = context.fact(patch_states(&context, &client, &region, ids).await);
            for node in nodes {
                match one(&context, asked, node, &known, &states) {
                    Ok(resource) => context.resource(resource),
                    Err(gap) => pages.hide(gap),
                }
            }
            summaries = Some(known);
        }
    }
    pages.done(ManagedInstance::resource_type());
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    node: InstanceInformation,
    summaries: &Fact<Summaries>,
    states: &Fact<States>,
) -> Result<Resource, Box<Gap>> {
    let id = asked.must(node.instance_id, "InstanceId")?;
    let session = context.session();
    let (partition, account, region) = (session.partition(), session.account(), asked.region);
    // Machines that are no EC2 instances have ids of their own
    // (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html).
    let arn = if id.starts_with("i-") {
        format!("arn:{partition}:ec2:{region}:{account}:instance/{id}")
    } else {
        format!("arn:{partition}:ssm:{region}:{account}:managed-instance/{id}")
    };
    let about = Asked { about: Some(&arn), ..asked };
    let ping = about.must(node.ping_status, "PingStatus").map(|it| it.as_str().to_owned());
    let platform = about.must(node.platform_type, "PlatformType").map(|it| it.as_str().to_owned());
    let document = ManagedInstance {
        ping_status: context.member(ping),
        agent_version: Fact::from_option(node.agent_version),
        is_latest_version: context.member(about.must(node.is_latest_version, "IsLatestVersion")),
        platform_type: context.member(platform),
        patch_state: match states {
            Fact::Known(states) => Fact::from_option(states.get(&id).cloned()),
            Fact::Absent => Fact::Absent,
            Fact::Unknown(gaps) => Fact::Unknown(gaps.clone()),
        },
        summaries: match summaries {
            Fact::Known(all) => Fact::Known(all.get(&id).cloned().unwrap_or_else(Vec::new)),
            Fact::Absent => Fact::Absent,
            Fact::Unknown(gaps) => Fact::Unknown(gaps.clone()),
        },
    };
    Ok(Resource::new(&id, &arn, region, document))
}

/// The patch states of a page of nodes; those without any are not named.
async fn patch_states(
    context: &Context,
    client: &Client,
    region: &str,
    ids: Vec<String>,
) -> Reply<States> {
    let asked = Asked { operation: &DESCRIBE_INSTANCE_PATCH_STATES, region, about: None };
    // The SDK fills in a moment that is missing.
    let required = RequiresEach {
        list: "InstancePatchStates",
        members: &["InstanceId", "Operation", "OperationEndTime"],
    };
    let ids = &ids;
    let all = whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                client
                    .describe_instance_patch_states()
                    .set_instance_ids(Some(ids.clone()))
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .customize()
                    .interceptor(required)
                    .send()
            })
            .await;
        reply.read(|reply| {
            let states = asked.must(reply.instance_patch_states, "InstancePatchStates")?;
            Ok((states, reply.next_token))
        })
    });
    all.await.read(|states| {
        let read = states.into_iter().map(|state| {
            let ended = asked.must(timestamp(&state.operation_end_time), "OperationEndTime")?;
            let count = |sent: Option<i32>, member: &str| match asked.must(sent, member) {
                Ok(number) => Decided::Known(i64::from(number)),
                Err(gap) => Decided::Unknown(context.gap(gap)),
            };
            let (critical, security, pending) = (
                state.critical_non_compliant_count,
                state.security_non_compliant_count,
                state.installed_pending_reboot_count,
            );
            let read = InstancePatchState {
                operation: state.operation.as_str().to_owned(),
                operation_end_time: ended,
                critical: count(critical, "CriticalNonCompliantCount"),
                security: count(security, "SecurityNonCompliantCount"),
                pending_reboot: count(pending, "InstalledPendingRebootCount"),
            };
            Ok((state.instance_id, read))
        });
        read.collect()
    })
}

/// The compliance of all nodes of a region.
async fn compliance(context: &Context, client: &Client, region: &str) -> Reply<Summaries> {
    let asked = Asked { operation: &LIST_RESOURCE_COMPLIANCE_SUMMARIES, region, about: None };
    let all = whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                client
                    .list_resource_compliance_summaries()
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            let items = reply.resource_compliance_summary_items;
            let mut kept = Vec::new();
            for item in asked.must(items, "ResourceComplianceSummaryItems")? {
                let kind = asked.must(item.compliance_type, "ComplianceType")?;
                if !TYPES.contains(&kind.as_str()) {
                    continue;
                }
                let id = asked.must(item.resource_id, "ResourceId")?;
                let status = asked.must(item.status, "Status")?.as_str().to_owned();
                let severity = item.overall_severity.map(|it| it.as_str().to_owned());
                kept.push((id, ComplianceSummary { kind, status, severity }));
            }
            Ok((kept, reply.next_token))
        })
    });
    all.await.read(|all| {
        let mut summaries = Summaries::new();
        for (id, summary) in all {
            summaries.entry(id).or_default().push(summary);
        }
        Ok(summaries)
    })
}
