//! Managed nodes.

use super::PAGE;
use crate::aws::{Asked, Context, Paging, Reply, RequiresEach, timestamp};
use crate::inventory::{Document, Fact, Gap, Gaps, Resource};
use crate::services::Decided;
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
    let mut missing = Gaps::NONE;
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked, || {
                client
                    .describe_instance_information()
                    .max_results(PAGE)
                    .set_next_token(paging.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let nodes = asked.must(reply.instance_information_list, "InstanceInformationList")?;
            Ok((nodes, paging.turn(false, reply.next_token)))
        });
        let (nodes, turned) = match page {
            Reply::Known(page) => page,
            Reply::Absent => break,
            Reply::NotWanted => return,
            Reply::Gap(gap) => {
                missing = missing.union(&context.gap(gap));
                break;
            }
        };
        let nodes = context.sample(nodes);
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
                    Err(gap) => missing = missing.union(&context.gap(gap)),
                }
            }
            summaries = Some(known);
        }
        match turned {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                missing = missing.union(&context.gap(asked.malformed(error)));
                break;
            }
        }
    }
    context.done(ManagedInstance::resource_type(), &region, missing);
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
    let mut states = States::new();
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked, || {
                client
                    .describe_instance_patch_states()
                    .set_instance_ids(Some(ids.clone()))
                    .max_results(PAGE)
                    .set_next_token(paging.token())
                    .customize()
                    .interceptor(required)
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            for state in asked.must(reply.instance_patch_states, "InstancePatchStates")? {
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
                states.insert(state.instance_id, read);
            }
            paging.turn(false, reply.next_token).map_err(|error| asked.malformed(error))
        });
        match page {
            Reply::Known(true) => {}
            Reply::Known(false) => return Reply::Known(states),
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        }
    }
}

/// The compliance of all nodes of a region.
async fn compliance(context: &Context, client: &Client, region: &str) -> Reply<Summaries> {
    let asked = Asked { operation: &LIST_RESOURCE_COMPLIANCE_SUMMARIES, region, about: None };
    let mut summaries = Summaries::new();
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked, || {
                client
                    .list_resource_compliance_summaries()
                    .max_results(PAGE)
                    .set_next_token(paging.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let items = reply.resource_compliance_summary_items;
            for item in asked.must(items, "ResourceComplianceSummaryItems")? {
                let kind = asked.must(item.compliance_type, "ComplianceType")?;
                if !TYPES.contains(&kind.as_str()) {
                    continue;
                }
                let id = asked.must(item.resource_id, "ResourceId")?;
                let status = asked.must(item.status, "Status")?;
                summaries.entry(id).or_default().push(ComplianceSummary {
                    kind,
                    status: status.as_str().to_owned(),
                    severity: item.overall_severity.map(|it| it.as_str().to_owned()),
                });
            }
            paging.turn(false, reply.next_token).map_err(|error| asked.malformed(error))
        });
        match page {
            Reply::Known(true) => {}
            Reply::Known(false) => return Reply::Known(summaries),
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        }
    }
}
