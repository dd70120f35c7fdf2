//! Service and resource control policies.

use super::{PAGE, about};
use crate::aws::{Context, Reply};
use crate::inventory::Gap;
use crate::services::organizations::{
    ControlPolicy, DESCRIBE_POLICY, LIST_POLICIES, LIST_TARGETS_FOR_POLICY, PolicyTarget,
};
use crate::services::pages::whole;
use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{PolicySummary, PolicyType};

/// AWS's own policy that allows everything, attached everywhere at first
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>).
const FULL_ACCESS: &str = "p-FullAWSAccess";

/// All policies of both types, or what hides them.
pub(super) async fn read(context: &Context, client: &Client) -> Reply<Vec<ControlPolicy>> {
    let mut policies = Vec::new();
    let mut full_access = None;
    for kind in [PolicyType::ServiceControlPolicy, PolicyType::ResourceControlPolicy] {
        let listed = match list(context, client, &kind).await {
            Reply::Known(listed) => listed,
            // The other type is there, this one is not supported.
            Reply::Absent if kind == PolicyType::ResourceControlPolicy => Vec::new(),
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        };
        for summary in listed {
            let asked = about(&LIST_POLICIES);
            let id = match asked.must(summary.id, "Id") {
                Ok(id) => id,
                Err(gap) => return Reply::Gap(gap),
            };
            let kind = kind.as_str().to_owned();
            let (name, content, targets) = (summary.name, None, Vec::new());
            let policy = ControlPolicy { id, name, kind, content, targets };
            if !summary.aws_managed {
                policies.push(policy);
            } else if policy.id == FULL_ACCESS {
                full_access = Some(policy);
            }
        }
    }
    let mut read = Vec::new();
    for mut policy in policies {
        let (content, targets) = tokio::join!(
            content(context, client, &policy.id),
            targets(context, client, &policy.id)
        );
        match (content, targets) {
            (Reply::Known(content), Reply::Known(targets)) => {
                policy.content = Some(content);
                policy.targets = targets;
                read.push(policy);
            }
            // Deleted since it was listed.
            (Reply::Gap(gap), _) | (_, Reply::Gap(gap))
                if gap.has_code(&["PolicyNotFoundException"]) => {}
            (Reply::Gap(gap), _) | (_, Reply::Gap(gap)) => return Reply::Gap(gap),
            (Reply::Absent, _) | (_, Reply::Absent) => return Reply::Absent,
            (Reply::NotWanted, _) | (_, Reply::NotWanted) => return Reply::NotWanted,
        }
    }
    // One that denies limits by itself. One that only allows, limits where this one is not.
    let only_allows = |policy: &ControlPolicy| {
        policy.content.as_deref().is_some_and(|text| !text.contains("\"Deny\""))
    };
    if let Some(mut policy) = full_access
        && read.iter().any(only_allows)
    {
        policy.targets = match targets(context, client, &policy.id).await.known() {
            Ok(targets) => targets,
            Err(other) => return other,
        };
        read.push(policy);
    }
    Reply::Known(read)
}

async fn list(context: &Context, client: &Client, kind: &PolicyType) -> Reply<Vec<PolicySummary>> {
    let asked = about(&LIST_POLICIES);
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                let request = client.list_policies().filter(kind.clone());
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.policies, "Policies")?, reply.next_token)))
    })
    .await
}

async fn content(context: &Context, client: &Client, id: &str) -> Reply<String> {
    let asked = about(&DESCRIBE_POLICY);
    let reply = context.ask(asked, || client.describe_policy().policy_id(id).send()).await;
    reply.read(|reply| {
        let policy = asked.must(reply.policy, "Policy")?;
        asked.must(policy.content, "Content")
    })
}

async fn targets(context: &Context, client: &Client, id: &str) -> Reply<Vec<PolicyTarget>> {
    let asked = about(&LIST_TARGETS_FOR_POLICY);
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                let request = client.list_targets_for_policy().policy_id(id);
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| {
            let list = asked.must(reply.targets, "Targets")?;
            let read = list
                .into_iter()
                .map(|target| Ok(PolicyTarget { id: asked.must(target.target_id, "TargetId")? }));
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_token))
        })
    })
    .await
}
