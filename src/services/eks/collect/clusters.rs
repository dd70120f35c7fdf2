//! One cluster.

use super::PAGE;
use super::place::Place;
use crate::aws::{Asked, Reply};
use crate::inventory::{Fact, Gap, Resource};
use crate::services::eks::{
    AccessConfig, AccessScope, Cluster, ClusterAdmin, DESCRIBE_LOG_GROUPS, EncryptionConfig,
    EncryptionProvider, Identity, Insight, InsightStatus, LIST_ACCESS_ENTRIES,
    LIST_ASSOCIATED_ACCESS_POLICIES, LIST_INSIGHTS, LIST_POD_IDENTITY_ASSOCIATIONS, LogGroup,
    LogSetup, Logging, Oidc, PodIdentityAssociation, VpcConfig,
};
use crate::services::pages::whole;
use aws_sdk_eks::types;
use std::collections::BTreeMap;

/// Feeds a cluster. Calls: 1 that was made before, ceil(insights / 100),
/// ceil(administrators / 100) and 1 for each of them, ceil(pod identity
/// associations / 100), and 1 for its log group.
pub(super) async fn one(place: &Place, name: &str, asked: Asked<'_>, reply: Reply<types::Cluster>) {
    let context = &place.context;
    let arn = place.cluster_arn(name);
    let about = Some(arn.as_str());
    let (insights, admins, associations, log_group) = tokio::join!(
        insights(place, name, about),
        admins(place, name, about),
        associations(place, name, about),
        log_group(place, name, about),
    );
    let (mut document, tags) = match context.fact(reply) {
        Fact::Known(cluster) => described(place, asked, cluster),
        Fact::Absent => (Cluster::not_collected(), Fact::Absent),
        Fact::Unknown(gaps) => (hidden(&gaps), Fact::Unknown(gaps)),
    };
    document.insights = context.fact(insights);
    document.admins = context.fact(admins);
    document.associations = context.fact(associations);
    document.log_group = context.fact(log_group);
    context.resource(Resource::new(name, &arn, &place.region, document).with_tags(tags));
}

/// A cluster that could not be described.
fn hidden(gaps: &crate::inventory::Gaps) -> Cluster {
    Cluster {
        version: Fact::Unknown(gaps.clone()),
        vpc_config: Fact::Unknown(gaps.clone()),
        logging: Fact::Unknown(gaps.clone()),
        encryption_config: Fact::Unknown(gaps.clone()),
        access_config: Fact::Unknown(gaps.clone()),
        identity: Fact::Unknown(gaps.clone()),
        deletion_protection: Fact::Unknown(gaps.clone()),
        cluster_version: Fact::Unknown(gaps.clone()),
        ..Cluster::not_collected()
    }
}

fn described(
    place: &Place,
    asked: Asked<'_>,
    cluster: types::Cluster,
) -> (Cluster, Fact<BTreeMap<String, String>>) {
    let context = &place.context;
    let version = context.member(asked.must(cluster.version, "version"));
    let cluster_version = match &version {
        Fact::Known(version) => place.version(version),
        Fact::Absent => Fact::Absent,
        Fact::Unknown(gaps) => Fact::Unknown(gaps.clone()),
    };
    let config = asked.must(cluster.resources_vpc_config, "resourcesVpcConfig");
    let document = Cluster {
        version,
        vpc_config: context.member(config.map(vpc_config)),
        logging: Fact::from_option(cluster.logging).map(logging),
        encryption_config: Fact::from_option(cluster.encryption_config).map(|all| {
            let key = |provider: types::Provider| EncryptionProvider { key_arn: provider.key_arn };
            all.into_iter()
                .map(|one| EncryptionConfig { provider: one.provider.map(key) })
                .collect()
        }),
        access_config: Fact::from_option(cluster.access_config).map(|access| AccessConfig {
            authentication_mode: access.authentication_mode.map(|mode| mode.as_str().to_owned()),
        }),
        identity: Fact::from_option(cluster.identity).map(|identity| Identity {
            oidc: identity.oidc.map(|oidc| Oidc { issuer: oidc.issuer }),
        }),
        deletion_protection: Fact::from_option(cluster.deletion_protection),
        cluster_version,
        ..Cluster::not_collected()
    };
    // A cluster without tags may come without the member.
    (document, Fact::Known(cluster.tags.into_iter().flatten().collect()))
}

fn vpc_config(config: types::VpcConfigResponse) -> VpcConfig {
    let ids = |ids: Option<Vec<String>>| ids.filter(|ids| !ids.is_empty());
    VpcConfig {
        security_group_ids: ids(config.security_group_ids),
        cluster_security_group_id: config.cluster_security_group_id.filter(|id| !id.is_empty()),
        endpoint_public_access: config.endpoint_public_access,
        endpoint_private_access: config.endpoint_private_access,
        public_access_cidrs: ids(config.public_access_cidrs),
    }
}

fn logging(logging: types::Logging) -> Logging {
    let setup = |setup: types::LogSetup| LogSetup {
        types: setup.types.map(|types| types.iter().map(|kind| kind.as_str().to_owned()).collect()),
        enabled: setup.enabled,
    };
    Logging {
        cluster_logging: logging.cluster_logging.map(|all| all.into_iter().map(setup).collect()),
    }
}

/// All pages, or a gap: half a list answers nothing.
async fn insights(place: &Place, name: &str, about: Option<&str>) -> Reply<Vec<Insight>> {
    let asked = Asked { operation: &LIST_INSIGHTS, region: &place.region, about };
    let filter =
        types::InsightsFilter::builder().categories(types::Category::UpgradeReadiness).build();
    let filter = &filter;
    whole(asked, |token| async move {
        let reply = place
            .context
            .ask(asked, || {
                place
                    .client
                    .list_insights()
                    .cluster_name(name)
                    .filter(filter.clone())
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            let insights = asked.must(reply.insights, "insights")?.into_iter();
            let read = insights.map(|insight| read_insight(asked, insight));
            Ok((read.collect::<Result<_, _>>()?, reply.next_token))
        })
    })
    .await
}

fn read_insight(asked: Asked<'_>, insight: types::InsightSummary) -> Result<Insight, Box<Gap>> {
    let status = asked.must(insight.insight_status, "insightStatus")?;
    let value = asked.must(status.status, "insightStatus.status")?;
    Ok(Insight {
        name: insight.name,
        kubernetes_version: insight.kubernetes_version,
        status: InsightStatus { status: value.as_str().to_owned(), reason: status.reason },
    })
}

/// Who holds the policy of cluster administrators, as a list that was read as a
/// whole, with the scope of each.
async fn admins(place: &Place, name: &str, about: Option<&str>) -> Reply<Vec<ClusterAdmin>> {
    let context = &place.context;
    let asked = Asked { operation: &LIST_ACCESS_ENTRIES, region: &place.region, about };
    let partition = context.session().partition();
    let policy = format!("arn:{partition}:eks::aws:cluster-access-policy/{ADMIN_POLICY}");
    let policy = &policy;
    let principals = whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                place
                    .client
                    .list_access_entries()
                    .cluster_name(name)
                    .associated_policy_arn(policy)
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            Ok((asked.must(reply.access_entries, "accessEntries")?, reply.next_token))
        })
    });
    let principals = match principals.await.known() {
        Ok(principals) => principals,
        Err(other) => return other,
    };
    let mut admins = Vec::new();
    for principal in principals {
        let scope = scope(place, name, about, &principal, policy).await;
        admins.push(ClusterAdmin { principal, scope: context.fact(scope) });
    }
    Reply::Known(admins)
}

/// The policy that makes its holder administrator of a cluster
/// (<https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html>).
const ADMIN_POLICY: &str = "AmazonEKSClusterAdminPolicy";

/// How far a principal's policy goes; absent if it was taken away since.
async fn scope(
    place: &Place,
    name: &str,
    about: Option<&str>,
    principal: &str,
    policy: &str,
) -> Reply<AccessScope> {
    let operation = &LIST_ASSOCIATED_ACCESS_POLICIES;
    let asked = Asked { operation, region: &place.region, about };
    let all = whole(asked, |token| async move {
        let reply = place
            .context
            .ask(asked, || {
                place
                    .client
                    .list_associated_access_policies()
                    .cluster_name(name)
                    .principal_arn(principal)
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            let all = asked.must(reply.associated_access_policies, "associatedAccessPolicies")?;
            Ok((all, reply.next_token))
        })
    });
    let reply = all.await;
    if reply.failed_with(super::GONE) {
        return Reply::Absent;
    }
    reply.read_optional(|all| {
        let found = all.into_iter().find(|one| one.policy_arn.as_deref() == Some(policy));
        let Some(found) = found else { return Ok(None) };
        let scope = asked.must(found.access_scope, "accessScope")?;
        let kind = asked.must(scope.r#type, "accessScope.type")?;
        Ok(Some(AccessScope { kind: kind.as_str().to_owned() }))
    })
}

/// All pages, or a gap.
async fn associations(
    place: &Place,
    name: &str,
    about: Option<&str>,
) -> Reply<Vec<PodIdentityAssociation>> {
    let asked = Asked { operation: &LIST_POD_IDENTITY_ASSOCIATIONS, region: &place.region, about };
    whole(asked, |token| async move {
        let reply = place
            .context
            .ask(asked, || {
                place
                    .client
                    .list_pod_identity_associations()
                    .cluster_name(name)
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            let read = asked.must(reply.associations, "associations")?.into_iter().map(|one| {
                Ok(PodIdentityAssociation {
                    namespace: asked.must(one.namespace, "namespace")?,
                    service_account: asked.must(one.service_account, "serviceAccount")?,
                })
            });
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_token))
        })
    })
    .await
}

/// The log group of the control plane, whose name AWS gives
/// (<https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html>).
async fn log_group(place: &Place, name: &str, about: Option<&str>) -> Reply<LogGroup> {
    let asked = Asked { operation: &DESCRIBE_LOG_GROUPS, region: &place.region, about };
    let client = place.context.session().cloudwatch_logs(&place.region);
    let group = format!("/aws/eks/{name}/cluster");
    // Other names may begin so, too; the list is sorted, so the one that is meant comes first.
    let reply = place
        .context
        .ask(asked, || client.describe_log_groups().log_group_name_prefix(&group).limit(1).send())
        .await;
    reply.read_optional(|reply| {
        let groups = asked.must(reply.log_groups, "logGroups")?;
        let found =
            groups.into_iter().find(|found| found.log_group_name.as_deref() == Some(&*group));
        Ok(found
            .map(|found| LogGroup { retention_in_days: found.retention_in_days.map(i64::from) }))
    })
}
