//! One bucket.

use super::public_access_block;
use crate::aws::{Asked, Context, Reply, Requires, without_external_ids};
use crate::inventory::{Fact, Gap, Operation, Resource};
use crate::services::s3::{
    AccessControlPolicy, Bucket, DefaultRetention, GET_BUCKET_ACL, GET_BUCKET_ENCRYPTION,
    GET_BUCKET_LIFECYCLE_CONFIGURATION, GET_BUCKET_LOGGING, GET_BUCKET_OWNERSHIP_CONTROLS,
    GET_BUCKET_POLICY, GET_BUCKET_POLICY_STATUS, GET_BUCKET_TAGGING, GET_BUCKET_VERSIONING,
    GET_OBJECT_LOCK_CONFIGURATION, GET_PUBLIC_ACCESS_BLOCK, Grant, Grantee, LifecycleConfiguration,
    LifecycleRule, LoggingEnabled, ObjectLockConfiguration, ObjectLockRule, Owner,
    OwnershipControls, OwnershipControlsRule, PolicyStatus, PublicAccessBlock,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
    VersioningConfiguration,
};
use aws_sdk_s3::Client;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// How many calls about one bucket go on side by side.
pub(super) const CALLS: usize = 10;

/// What every question about the bucket needs.
struct Ask<'a> {
    context: &'a Context,
    client: &'a Client,
    region: &'a str,
    name: &'a str,
    arn: &'a str,
}

impl<'a> Ask<'a> {
    fn about(&self, operation: &'static Operation) -> Asked<'a> {
        Asked { operation, region: self.region, about: Some(self.arn) }
    }
}

/// Reads one bucket, all questions side by side, and feeds it. A bucket that
/// was deleted since it was listed is left out.
pub(super) async fn collect(
    context: Context,
    region: String,
    name: String,
    created: Fact<Timestamp>,
) {
    let arn = format!("arn:{}:s3:::{name}", context.session().partition());
    let client = context.session().s3(&region);
    let ask = Ask { context: &context, client: &client, region: &region, name: &name, arn: &arn };
    let (
        (policy, policy_status),
        acl,
        ownership_controls,
        block,
        encryption,
        versioning,
        logging,
        lifecycle,
        object_lock,
        tags,
    ) = tokio::join!(
        policy_and_status(&ask),
        acl(&ask),
        ownership_controls(&ask),
        block(&ask),
        encryption(&ask),
        versioning(&ask),
        logging(&ask),
        lifecycle(&ask),
        object_lock(&ask),
        tags(&ask),
    );
    let gone = [
        policy.failed_with(GONE),
        policy_status.failed_with(GONE),
        acl.failed_with(GONE),
        ownership_controls.failed_with(GONE),
        block.failed_with(GONE),
        encryption.failed_with(GONE),
        versioning.failed_with(GONE),
        logging.failed_with(GONE),
        lifecycle.failed_with(GONE),
        object_lock.failed_with(GONE),
        tags.failed_with(GONE),
    ];
    if gone.contains(&true) {
        return;
    }
    let document = Bucket {
        creation_date: created,
        policy: context.fact(policy),
        policy_status: context.fact(policy_status),
        acl: context.fact(acl),
        ownership_controls: context.fact(ownership_controls),
        public_access_block: context.fact(block),
        encryption: context.fact(encryption),
        versioning: context.fact(versioning),
        logging: context.fact(logging),
        lifecycle: context.fact(lifecycle),
        object_lock: context.fact(object_lock),
    };
    let resource = Resource::new(&name, &arn, &region, document);
    context.resource(resource.with_tags(context.fact(tags)));
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["NoSuchBucket"];

/// The status says nothing new where there is no policy.
async fn policy_and_status(ask: &Ask<'_>) -> (Reply<String>, Reply<PolicyStatus>) {
    let policy = policy(ask).await;
    let status = match &policy {
        Reply::Absent if ask.context.wants(&GET_BUCKET_POLICY_STATUS) => Reply::Absent,
        _ => policy_status(ask).await,
    };
    (policy, status)
}

async fn policy(ask: &Ask<'_>) -> Reply<String> {
    let asked = ask.about(&GET_BUCKET_POLICY);
    let reply =
        ask.context.ask(asked, || ask.client.get_bucket_policy().bucket(ask.name).send()).await;
    reply.read(|reply| {
        let text = asked.must(reply.policy, "Policy")?;
        without_external_ids(&text)
            .ok_or_else(|| asked.malformed("the policy is not a JSON document"))
    })
}

async fn policy_status(ask: &Ask<'_>) -> Reply<PolicyStatus> {
    let asked = ask.about(&GET_BUCKET_POLICY_STATUS);
    let reply = ask
        .context
        .ask(asked, || ask.client.get_bucket_policy_status().bucket(ask.name).send())
        .await;
    reply.read(|reply| {
        let is_public = reply.policy_status.and_then(|status| status.is_public);
        Ok(PolicyStatus { is_public: asked.must(is_public, "IsPublic")? })
    })
}

async fn acl(ask: &Ask<'_>) -> Reply<AccessControlPolicy> {
    let asked = ask.about(&GET_BUCKET_ACL);
    let reply =
        ask.context.ask(asked, || ask.client.get_bucket_acl().bucket(ask.name).send()).await;
    reply.read(|reply| {
        let owner = asked.must(reply.owner, "Owner")?;
        let grants = asked.must(reply.grants, "AccessControlList")?;
        Ok(AccessControlPolicy {
            owner: Owner { id: owner.id },
            grants: grants
                .into_iter()
                .map(|grant| read_grant(asked, grant))
                .collect::<Result<_, _>>()?,
        })
    })
}

fn read_grant(asked: Asked<'_>, grant: aws_sdk_s3::types::Grant) -> Result<Grant, Box<Gap>> {
    let grantee = asked.must(grant.grantee, "Grantee")?;
    let permission = asked.must(grant.permission, "Permission")?;
    Ok(Grant {
        grantee: Grantee {
            kind: asked.must_text(grantee.r#type.as_str(), "Grantee.Type")?,
            id: grantee.id,
            uri: grantee.uri,
        },
        permission: permission.as_str().to_owned(),
    })
}

async fn ownership_controls(ask: &Ask<'_>) -> Reply<OwnershipControls> {
    let asked = ask.about(&GET_BUCKET_OWNERSHIP_CONTROLS);
    let reply = ask
        .context
        .ask(asked, || ask.client.get_bucket_ownership_controls().bucket(ask.name).send())
        .await;
    reply.read(|reply| {
        let controls = asked.must(reply.ownership_controls, "OwnershipControls")?;
        let rules = controls
            .rules
            .iter()
            .map(|rule| {
                let object_ownership = asked.must_text(rule.object_ownership.as_str(), "Rule")?;
                Ok(OwnershipControlsRule { object_ownership })
            })
            .collect::<Result<Vec<_>, Box<Gap>>>()?;
        // S3 allows exactly one rule.
        let first = rules.first().cloned();
        asked.must(first, "Rule")?;
        Ok(OwnershipControls { rules })
    })
}

async fn block(ask: &Ask<'_>) -> Reply<PublicAccessBlock> {
    let asked = ask.about(&GET_PUBLIC_ACCESS_BLOCK);
    let reply = ask
        .context
        .ask(asked, || ask.client.get_public_access_block().bucket(ask.name).send())
        .await;
    reply.read(|reply| {
        let found = reply.public_access_block_configuration;
        let block = asked.must(found, "PublicAccessBlockConfiguration")?;
        public_access_block(
            asked,
            block.block_public_acls,
            block.ignore_public_acls,
            block.block_public_policy,
            block.restrict_public_buckets,
        )
    })
}

async fn encryption(ask: &Ask<'_>) -> Reply<ServerSideEncryptionConfiguration> {
    let asked = ask.about(&GET_BUCKET_ENCRYPTION);
    let reply =
        ask.context.ask(asked, || ask.client.get_bucket_encryption().bucket(ask.name).send()).await;
    reply.read(|reply| {
        let found = reply.server_side_encryption_configuration;
        let configuration = asked.must(found, "ServerSideEncryptionConfiguration")?;
        let rules = configuration
            .rules
            .into_iter()
            .map(|rule| {
                let by_default = match rule.apply_server_side_encryption_by_default {
                    None => None,
                    Some(default) => Some(ServerSideEncryptionByDefault {
                        algorithm: asked
                            .must_text(default.sse_algorithm.as_str(), "SSEAlgorithm")?,
                        kms_key: default.kms_master_key_id,
                    }),
                };
                let bucket_key_enabled = rule.bucket_key_enabled;
                Ok(ServerSideEncryptionRule { by_default, bucket_key_enabled })
            })
            .collect::<Result<Vec<_>, Box<Gap>>>()?;
        Ok(ServerSideEncryptionConfiguration { rules })
    })
}

async fn versioning(ask: &Ask<'_>) -> Reply<VersioningConfiguration> {
    let asked = ask.about(&GET_BUCKET_VERSIONING);
    let reply =
        ask.context.ask(asked, || ask.client.get_bucket_versioning().bucket(ask.name).send()).await;
    reply.read(|reply| {
        Ok(VersioningConfiguration {
            status: reply.status.map(|status| status.as_str().to_owned()),
            mfa_delete: reply.mfa_delete.map(|status| status.as_str().to_owned()),
        })
    })
}

async fn logging(ask: &Ask<'_>) -> Reply<LoggingEnabled> {
    let asked = ask.about(&GET_BUCKET_LOGGING);
    let reply =
        ask.context.ask(asked, || ask.client.get_bucket_logging().bucket(ask.name).send()).await;
    reply.read_optional(|reply| match reply.logging_enabled {
        None => Ok(None),
        Some(logging) => Ok(Some(LoggingEnabled {
            target_bucket: asked.must_text(&logging.target_bucket, "TargetBucket")?,
            target_prefix: logging.target_prefix,
        })),
    })
}

async fn lifecycle(ask: &Ask<'_>) -> Reply<LifecycleConfiguration> {
    let asked = ask.about(&GET_BUCKET_LIFECYCLE_CONFIGURATION);
    let reply = ask
        .context
        .ask(asked, || ask.client.get_bucket_lifecycle_configuration().bucket(ask.name).send())
        .await;
    reply.read(|reply| lifecycle_rules(asked, reply.rules))
}

/// Life cycle rules as S3 sends them.
pub(super) fn lifecycle_rules(
    asked: Asked<'_>,
    rules: Option<Vec<aws_sdk_s3::types::LifecycleRule>>,
) -> Result<LifecycleConfiguration, Box<Gap>> {
    let rules = asked
        .must(rules, "Rule")?
        .into_iter()
        .map(|rule| {
            let status = asked.must_text(rule.status.as_str(), "Status")?;
            Ok(LifecycleRule { id: rule.id, status })
        })
        .collect::<Result<Vec<_>, Box<Gap>>>()?;
    Ok(LifecycleConfiguration { rules })
}

async fn object_lock(ask: &Ask<'_>) -> Reply<ObjectLockConfiguration> {
    let asked = ask.about(&GET_OBJECT_LOCK_CONFIGURATION);
    let reply = ask
        .context
        .ask(asked, || ask.client.get_object_lock_configuration().bucket(ask.name).send())
        .await;
    reply.read_optional(|reply| {
        Ok(reply.object_lock_configuration.map(|lock| ObjectLockConfiguration {
            object_lock_enabled: lock.object_lock_enabled.map(|it| it.as_str().to_owned()),
            rule: lock.rule.map(|rule| ObjectLockRule {
                default_retention: rule.default_retention.map(|retention| DefaultRetention {
                    mode: retention.mode.map(|mode| mode.as_str().to_owned()),
                    days: retention.days.map(i64::from),
                    years: retention.years.map(i64::from),
                }),
            }),
        }))
    })
}

async fn tags(ask: &Ask<'_>) -> Reply<BTreeMap<String, String>> {
    let asked = ask.about(&GET_BUCKET_TAGGING);
    let reply = ask
        .context
        .ask(asked, || {
            ask.client
                .get_bucket_tagging()
                .bucket(ask.name)
                .customize()
                .interceptor(Requires(&["TagSet"]))
                .send()
        })
        .await;
    reply.read(|reply| Ok(reply.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect()))
}
