//! Clusters, and the parameter groups of those of Aurora MySQL.

use super::groups::{self, Groups, Of};
use super::{PAGE, number, tags};
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::pages::Pages;
use crate::services::rds::DESCRIBE_DB_CLUSTERS;
use crate::services::rds::cluster::{DbCluster, DbClusterMember};
use crate::services::rds::engine::is_foreign;
use crate::services::rds::parameters::DbClusterParameterGroup;
use aws_sdk_rds::types;

/// Clusters of one region. Calls: ceil(clusters / 100), and 1 for each
/// parameter group that is asked about.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_DB_CLUSTERS, region: &region, about: None };
    let client = context.session().rds(&region);
    let wanted = context.plan().reads(DbCluster::resource_type());
    let mut used = Groups::default();
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client.describe_db_clusters().max_records(PAGE).set_marker(pages.token()).send()
            })
            .await;
        let page =
            reply.read(|reply| Ok((asked.must(reply.db_clusters, "DBClusters")?, reply.marker)));
        for cluster in pages.turn(page) {
            if cluster.engine().is_some_and(is_foreign) {
                continue;
            }
            if cluster.engine().is_some_and(|engine| matches!(engine, "aurora" | "aurora-mysql")) {
                used.extend(cluster.db_cluster_parameter_group.clone());
            }
            match one(&context, asked, &cluster) {
                Ok(resource) if wanted => context.resource(resource),
                Ok(_) => {}
                Err(gap) => pages.hide(gap),
            }
        }
    }
    let missing = pages.missing().clone();
    if wanted {
        pages.done(DbCluster::resource_type());
    }
    let kind = DbClusterParameterGroup::resource_type();
    if context.plan().reads(kind)
        && context.wants(&DESCRIBE_DB_CLUSTERS)
        && groups::feed(&context, &region, Of::Clusters, used).await
    {
        context.done(kind, &region, missing);
    }
}

fn one(context: &Context, asked: Asked<'_>, sent: &types::DbCluster) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.db_cluster_identifier(), "DBClusterIdentifier")?;
    let arn = asked.text(sent.db_cluster_arn(), "DBClusterArn")?;
    let asked = Asked { about: Some(&arn), ..asked };
    let document = DbCluster {
        engine: context.member(asked.text(sent.engine(), "Engine")),
        engine_mode: Fact::from_option(sent.engine_mode.clone()),
        engine_version: context.member(asked.text(sent.engine_version(), "EngineVersion")),
        storage_encrypted: context.member(asked.must(sent.storage_encrypted, "StorageEncrypted")),
        multi_az: context.member(asked.must(sent.multi_az, "MultiAZ")),
        deletion_protection: context
            .member(asked.must(sent.deletion_protection, "DeletionProtection")),
        log_exports: Fact::from_option(sent.enabled_cloudwatch_logs_exports.clone()),
        iam_authentication: context.member(
            asked
                .must(sent.iam_database_authentication_enabled, "IAMDatabaseAuthenticationEnabled"),
        ),
        backup_retention_period: context.member(
            asked.must(sent.backup_retention_period, "BackupRetentionPeriod").map(i64::from),
        ),
        backtrack_window: Fact::from_option(sent.backtrack_window),
        auto_minor_version_upgrade: Fact::from_option(sent.auto_minor_version_upgrade),
        copy_tags_to_snapshot: context
            .member(asked.must(sent.copy_tags_to_snapshot, "CopyTagsToSnapshot")),
        port: number(sent.port),
        master_username: Fact::from_option(sent.master_username.clone()),
        global_cluster: Fact::from_option(sent.global_cluster_identifier.clone()),
        members: context.member(members(asked, sent)),
        parameter_group: context
            .member(asked.text(sent.db_cluster_parameter_group(), "DBClusterParameterGroup")),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tag_list.as_ref())))
}

fn members(asked: Asked<'_>, sent: &types::DbCluster) -> Result<Vec<DbClusterMember>, Box<Gap>> {
    let members = asked.must(sent.db_cluster_members.as_ref(), "DBClusterMembers")?.iter();
    members
        .map(|member| {
            let instance = member.db_instance_identifier();
            Ok(DbClusterMember {
                instance: asked.text(instance, "DBClusterMembers.DBInstanceIdentifier")?,
                parameter_group_status: member.db_cluster_parameter_group_status.clone(),
            })
        })
        .collect()
}
