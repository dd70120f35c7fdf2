//! EC2's settings of a region.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use crate::aws::{Asked, Context, Reply};
use crate::inventory::Operation;
use crate::services::ec2::compute::settings::{
    GET_EBS_DEFAULT_KMS_KEY_ID, GET_EBS_ENCRYPTION_BY_DEFAULT, GET_INSTANCE_METADATA_DEFAULTS,
    GET_SERIAL_CONSOLE_ACCESS_STATUS, GET_SNAPSHOT_BLOCK_PUBLIC_ACCESS_STATE,
    InstanceMetadataDefaults, SnapshotBlockPublicAccess,
};

/// What EC2 says of a region.
pub(super) struct Settings {
    pub(super) encryption: Reply<bool>,
    pub(super) key: Reply<String>,
    pub(super) snapshots: Reply<SnapshotBlockPublicAccess>,
    pub(super) metadata: Reply<InstanceMetadataDefaults>,
    pub(super) console: Reply<bool>,
}

/// Reads a region's settings. Calls: up to 5, one for each.
pub(super) async fn settings(context: &Context, region: &str) -> Settings {
    let client = &context.session().ec2(region);
    let about = |operation: &'static Operation| Asked { operation, region, about: None };
    let encryption = async {
        let asked = about(&GET_EBS_ENCRYPTION_BY_DEFAULT);
        let reply = context.ask(asked, || client.get_ebs_encryption_by_default().send()).await;
        reply.read(|reply| asked.must(reply.ebs_encryption_by_default, "EbsEncryptionByDefault"))
    };
    let key = async {
        let asked = about(&GET_EBS_DEFAULT_KMS_KEY_ID);
        let reply = context.ask(asked, || client.get_ebs_default_kms_key_id().send()).await;
        reply.read(|reply| asked.must(reply.kms_key_id, "KmsKeyId"))
    };
    let snapshots = async {
        let asked = about(&GET_SNAPSHOT_BLOCK_PUBLIC_ACCESS_STATE);
        let reply =
            context.ask(asked, || client.get_snapshot_block_public_access_state().send()).await;
        reply.read(|reply| {
            let state = asked.must(reply.state, "State")?;
            Ok(SnapshotBlockPublicAccess {
                state: state.as_str().to_owned(),
                managed_by: reply.managed_by.map(|by| by.as_str().to_owned()),
            })
        })
    };
    let metadata = async {
        let asked = about(&GET_INSTANCE_METADATA_DEFAULTS);
        let reply = context.ask(asked, || client.get_instance_metadata_defaults().send()).await;
        // Whether there is an AccountLevel where nothing was set, AWS does not say.
        reply.read_optional(|reply| {
            Ok(reply.account_level.map(|defaults| InstanceMetadataDefaults {
                http_tokens: defaults.http_tokens.map(|tokens| tokens.as_str().to_owned()),
                http_endpoint: defaults.http_endpoint.map(|it| it.as_str().to_owned()),
                http_put_response_hop_limit: defaults.http_put_response_hop_limit.map(i64::from),
            }))
        })
    };
    let console = async {
        let asked = about(&GET_SERIAL_CONSOLE_ACCESS_STATUS);
        let reply = context.ask(asked, || client.get_serial_console_access_status().send()).await;
        reply.read(|reply| {
            asked.must(reply.serial_console_access_enabled, "SerialConsoleAccessEnabled")
        })
    };
    let (encryption, key, snapshots, metadata, console) =
        tokio::join!(encryption, key, snapshots, metadata, console);
    Settings { encryption, key, snapshots, metadata, console }
}
