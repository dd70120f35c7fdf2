//! Instances, and the parameter groups that they use.

use super::groups::{self, Groups, Of};
use super::{PAGE, number, tags};
use crate::aws::{Asked, Context, timestamp};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::pages::Pages;
use crate::services::rds::DESCRIBE_DB_INSTANCES;
use crate::services::rds::engine::{family, is_foreign};
use crate::services::rds::instance::{
    DbEndpoint, DbInstance, DbParameterGroupStatus, DbSubnet, DbSubnetGroup,
};
use crate::services::rds::parameters::DbParameterGroup;
use aws_sdk_rds::types;

/// Instances of one region. Calls: ceil(instances / 100), and 1 for each
/// parameter group that is asked about.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_DB_INSTANCES, region: &region, about: None };
    let client = context.session().rds(&region);
    let wanted = context.plan().reads(DbInstance::resource_type());
    let mut used = Groups::default();
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client.describe_db_instances().max_records(PAGE).set_marker(pages.token()).send()
            })
            .await;
        let page =
            reply.read(|reply| Ok((asked.must(reply.db_instances, "DBInstances")?, reply.marker)));
        for instance in pages.turn(page) {
            if instance.engine().is_some_and(is_foreign) {
                continue;
            }
            used.extend(switchable(&instance));
            if !wanted {
                continue;
            }
            match one(&context, asked, &instance) {
                Ok(resource) => context.resource(resource),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    let missing = pages.missing().clone();
    if wanted {
        pages.done(DbInstance::resource_type());
    }
    let kind = DbParameterGroup::resource_type();
    if context.plan().reads(kind)
        && context.wants(&DESCRIBE_DB_INSTANCES)
        && groups::feed(&context, &region, Of::Instances, used).await
    {
        context.done(kind, &region, missing);
    }
}

/// The parameter groups of an instance that could force TLS.
fn switchable(instance: &types::DbInstance) -> impl Iterator<Item = String> {
    let engine = instance.engine().unwrap_or("other");
    let counts = instance.db_cluster_identifier.is_none()
        && matches!(family(engine), "mysql" | "postgres" | "sqlserver");
    let groups = if counts { instance.db_parameter_groups() } else { &[] };
    groups.iter().filter_map(|group| group.db_parameter_group_name.clone())
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::DbInstance,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.db_instance_identifier(), "DBInstanceIdentifier")?;
    let arn = asked.text(sent.db_instance_arn(), "DBInstanceArn")?;
    let asked = Asked { about: Some(&arn), ..asked };
    let document = DbInstance {
        engine: context.member(asked.text(sent.engine(), "Engine")),
        engine_version: context.member(asked.text(sent.engine_version(), "EngineVersion")),
        create_time: Fact::from_option(sent.instance_create_time.as_ref().and_then(timestamp)),
        publicly_accessible: context
            .member(asked.must(sent.publicly_accessible, "PubliclyAccessible")),
        storage_encrypted: context.member(asked.must(sent.storage_encrypted, "StorageEncrypted")),
        multi_az: context.member(asked.must(sent.multi_az, "MultiAZ")),
        monitoring_interval: number(sent.monitoring_interval),
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
        auto_minor_version_upgrade: context
            .member(asked.must(sent.auto_minor_version_upgrade, "AutoMinorVersionUpgrade")),
        copy_tags_to_snapshot: context
            .member(asked.must(sent.copy_tags_to_snapshot, "CopyTagsToSnapshot")),
        endpoint: Fact::from_option(sent.endpoint.as_ref())
            .map(|endpoint| DbEndpoint { port: endpoint.port.map(i64::from) }),
        master_username: Fact::from_option(sent.master_username.clone()),
        cluster: Fact::from_option(sent.db_cluster_identifier.clone()),
        replica_of: Fact::from_option(sent.read_replica_source_db_instance_identifier.clone()),
        replica_of_cluster: Fact::from_option(
            sent.read_replica_source_db_cluster_identifier.clone(),
        ),
        subnet_group: match sent.db_subnet_group.as_ref() {
            Some(group) => context.member(subnet_group(asked, group)),
            None => Fact::Absent,
        },
        parameter_groups: context.member(parameter_groups(asked, sent)),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tag_list.as_ref())))
}

fn subnet_group(asked: Asked<'_>, sent: &types::DbSubnetGroup) -> Result<DbSubnetGroup, Box<Gap>> {
    let subnets = asked.must(sent.subnets.as_ref(), "DBSubnetGroup.Subnets")?.iter();
    let read = subnets.map(|subnet| {
        let id = asked.text(subnet.subnet_identifier(), "Subnets.SubnetIdentifier")?;
        Ok(DbSubnet { id })
    });
    Ok(DbSubnetGroup { vpc: sent.vpc_id.clone(), subnets: read.collect::<Result<_, Box<Gap>>>()? })
}

fn parameter_groups(
    asked: Asked<'_>,
    sent: &types::DbInstance,
) -> Result<Vec<DbParameterGroupStatus>, Box<Gap>> {
    let groups = asked.must(sent.db_parameter_groups.as_ref(), "DBParameterGroups")?.iter();
    groups
        .map(|group| {
            let name = group.db_parameter_group_name();
            Ok(DbParameterGroupStatus {
                name: asked.text(name, "DBParameterGroupName")?,
                apply_status: asked.text(group.parameter_apply_status(), "ParameterApplyStatus")?,
            })
        })
        .collect()
}
