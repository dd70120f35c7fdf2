//! File systems, and their mount targets: EFS lists those only file system by
//! file system.

use super::{PAGE, tags};
use crate::aws::{Asked, Context, Reply, RequiresEach, timestamp};
use crate::inventory::{Document, Fact, Gaps, Resource};
use crate::services::efs::{
    BackupPolicy, DESCRIBE_BACKUP_POLICY, DESCRIBE_FILE_SYSTEM_POLICY, DESCRIBE_FILE_SYSTEMS,
    DESCRIBE_MOUNT_TARGETS, FileSystem, MountTarget,
};
use crate::services::pages::Pages;
use aws_sdk_efs::Client;
use aws_sdk_efs::types::FileSystemDescription;
use std::sync::{Arc, Mutex, PoisonError};

/// How many calls a file system needs side by side.
const CALLS: usize = 3;

/// Members that the SDK would fill in.
const FILE_SYSTEMS: RequiresEach = RequiresEach {
    list: "FileSystems",
    members: &["FileSystemId", "CreationTime", "LifeCycleState", "NumberOfMountTargets"],
};
/// Members that the SDK would fill in.
const MOUNT_TARGETS: RequiresEach =
    RequiresEach { list: "MountTargets", members: &["MountTargetId", "FileSystemId", "SubnetId"] };

/// File systems and mount targets of one region. Calls: ceil(file systems /
/// 100), and those about each file system.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_FILE_SYSTEMS, region: &region, about: None };
    let client = context.session().efs(&region);
    let hidden = Arc::new(Mutex::new(Gaps::NONE));
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out_of(CALLS);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_file_systems()
                    .max_items(PAGE)
                    .set_marker(pages.token())
                    .customize()
                    .interceptor(FILE_SYSTEMS)
                    .send()
            })
            .await;
        let page = reply
            .read(|reply| Ok((asked.must(reply.file_systems, "FileSystems")?, reply.next_marker)));
        for sent in context.sample(pages.turn(page)) {
            let (context, client) = (context.clone(), client.clone());
            fan.add(one(context, client, region.clone(), sent, Arc::clone(&hidden))).await;
        }
    }
    if fan.finish().await.is_err() {
        return;
    }
    let missing = pages.missing().clone();
    if context.plan().reads(FileSystem::resource_type()) {
        pages.done(FileSystem::resource_type());
    }
    let wanted = context.wants(&DESCRIBE_FILE_SYSTEMS) && context.wants(&DESCRIBE_MOUNT_TARGETS);
    if context.plan().reads(MountTarget::resource_type()) && wanted {
        let hidden = hidden.lock().unwrap_or_else(PoisonError::into_inner).clone();
        context.done(MountTarget::resource_type(), &region, missing.union(&hidden));
    }
}

async fn one(
    context: Context,
    client: Arc<Client>,
    region: String,
    sent: FileSystemDescription,
    hidden: Arc<Mutex<Gaps>>,
) {
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let id = &sent.file_system_id;
    let made = || format!("arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}");
    let arn = sent.file_system_arn.clone().unwrap_or_else(made);
    let targets = async {
        if sent.number_of_mount_targets > 0 && context.plan().reads(MountTarget::resource_type()) {
            let missing = mount_targets(&context, &client, &region, id, &arn).await;
            let mut hidden = hidden.lock().unwrap_or_else(PoisonError::into_inner);
            *hidden = hidden.union(&missing);
        }
    };
    let (policy, backup_policy, ()) = tokio::join!(
        policy(&context, &client, &region, id, &arn),
        backup_policy(&context, &client, &region, id, &arn),
        targets,
    );
    if policy.failed_with(GONE) || backup_policy.failed_with(GONE) {
        return;
    }
    if !context.plan().reads(FileSystem::resource_type()) {
        return;
    }
    let asked = Asked { operation: &DESCRIBE_FILE_SYSTEMS, region: &region, about: Some(&arn) };
    let document = FileSystem {
        state: context.member(asked.must_text(sent.life_cycle_state.as_str(), "LifeCycleState")),
        created: context.member(asked.must(timestamp(&sent.creation_time), "CreationTime")),
        mount_targets: Fact::Known(i64::from(sent.number_of_mount_targets)),
        encrypted: context.member(asked.must(sent.encrypted, "Encrypted")),
        kms_key: Fact::from_option(sent.kms_key_id.clone()),
        policy: context.fact(policy),
        backup_policy: context.fact(backup_policy),
    };
    let tags = Fact::Known(tags(&sent.tags));
    context.resource(Resource::new(id, &arn, &region, document).with_tags(tags));
}

async fn policy(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
) -> Reply<String> {
    let asked = Asked { operation: &DESCRIBE_FILE_SYSTEM_POLICY, region, about: Some(arn) };
    let reply =
        context.ask(asked, || client.describe_file_system_policy().file_system_id(id).send()).await;
    reply.read(|reply| asked.must(reply.policy, "Policy"))
}

async fn backup_policy(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
) -> Reply<BackupPolicy> {
    let asked = Asked { operation: &DESCRIBE_BACKUP_POLICY, region, about: Some(arn) };
    let reply =
        context.ask(asked, || client.describe_backup_policy().file_system_id(id).send()).await;
    reply.read(|reply| {
        let policy = asked.must(reply.backup_policy, "BackupPolicy")?;
        Ok(BackupPolicy { status: asked.must_text(policy.status.as_str(), "BackupPolicy.Status")? })
    })
}

/// Feeds the mount targets of a file system; what may hide more of them.
async fn mount_targets(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
) -> Gaps {
    let asked = Asked { operation: &DESCRIBE_MOUNT_TARGETS, region, about: Some(arn) };
    let mut pages = Pages::new(context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_mount_targets()
                    .file_system_id(id)
                    .max_items(PAGE)
                    .set_marker(pages.token())
                    .customize()
                    .interceptor(MOUNT_TARGETS)
                    .send()
            })
            .await;
        if reply.failed_with(GONE) {
            return Gaps::NONE;
        }
        let page = reply.read(|reply| {
            Ok((asked.must(reply.mount_targets, "MountTargets")?, reply.next_marker))
        });
        for target in pages.turn(page) {
            let id = &target.mount_target_id;
            let document = MountTarget {
                file_system: Fact::Known(target.file_system_id.clone()),
                subnet: Fact::Known(target.subnet_id.clone()),
            };
            context.resource(Resource::new(id, &made_arn(arn, id), region, document));
        }
    }
    pages.missing().clone()
}

/// AWS gives a mount target no ARN; this is made like those of its file system.
fn made_arn(file_system: &str, id: &str) -> String {
    let before = file_system.split(":file-system/").next().unwrap_or(file_system);
    format!("{before}:mount-target/{id}")
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["FileSystemNotFound"];
