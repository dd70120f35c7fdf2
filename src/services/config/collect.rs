//! Reads the recorder and the delivery channel of a region. No operation has pages.

use super::{
    ConfigurationRecorder, ConfigurationRecorderStatus, DESCRIBE_CONFIGURATION_RECORDER_STATUS,
    DESCRIBE_CONFIGURATION_RECORDERS, DESCRIBE_DELIVERY_CHANNEL_STATUS, DESCRIBE_DELIVERY_CHANNELS,
    DeliveryChannel, DeliveryChannelStatus, DeliveryInfo, ExclusionByResourceTypes, RecordingGroup,
    RecordingStrategy,
};
use crate::aws::{Asked, Context, Reply, RequiresEach};
use crate::inventory::Gap;

/// The recorder of a region, if there is one. Calls: 1.
pub(crate) async fn recorders(
    context: &Context,
    region: &str,
) -> Reply<Vec<ConfigurationRecorder>> {
    let asked = Asked { operation: &DESCRIBE_CONFIGURATION_RECORDERS, region, about: None };
    let client = context.session().config_service(region);
    // The SDK reads a switch that is missing as off.
    let switches = RequiresEach {
        list: "ConfigurationRecorders",
        members: &["recordingGroup.allSupported", "recordingGroup.includeGlobalResourceTypes"],
    };
    let reply = context
        .ask(asked, || {
            client.describe_configuration_recorders().customize().interceptor(switches).send()
        })
        .await;
    or_none(reply.read(|reply| {
        let recorders = asked.must(reply.configuration_recorders, "ConfigurationRecorders")?;
        recorders.into_iter().map(|recorder| read(asked, recorder)).collect()
    }))
}

fn read(
    asked: Asked<'_>,
    recorder: aws_sdk_config::types::ConfigurationRecorder,
) -> Result<ConfigurationRecorder, Box<Gap>> {
    Ok(ConfigurationRecorder {
        name: asked.must(recorder.name, "name")?,
        role_arn: recorder.role_arn,
        recording_group: recorder.recording_group.map(group),
    })
}

fn group(group: aws_sdk_config::types::RecordingGroup) -> RecordingGroup {
    let names = |types: Vec<aws_sdk_config::types::ResourceType>| {
        types.iter().map(|kind| kind.as_str().to_owned()).collect()
    };
    RecordingGroup {
        all_supported: group.all_supported,
        include_global_resource_types: group.include_global_resource_types,
        resource_types: group.resource_types.map(names),
        exclusion: group.exclusion_by_resource_types.map(|left_out| ExclusionByResourceTypes {
            resource_types: left_out.resource_types.map(names),
        }),
        strategy: group.recording_strategy.map(|strategy| RecordingStrategy {
            use_only: strategy.use_only.map(|only| only.as_str().to_owned()),
        }),
    }
}

/// Whether the recorder of a region records. Calls: 1.
pub(crate) async fn statuses(
    context: &Context,
    region: &str,
) -> Reply<Vec<ConfigurationRecorderStatus>> {
    let asked = Asked { operation: &DESCRIBE_CONFIGURATION_RECORDER_STATUS, region, about: None };
    let client = context.session().config_service(region);
    let switches = RequiresEach { list: "ConfigurationRecordersStatus", members: &["recording"] };
    let reply = context
        .ask(asked, || {
            client.describe_configuration_recorder_status().customize().interceptor(switches).send()
        })
        .await;
    or_none(reply.read(|reply| {
        let found = reply.configuration_recorders_status;
        let statuses = asked.must(found, "ConfigurationRecordersStatus")?;
        statuses
            .into_iter()
            .map(|status| {
                Ok(ConfigurationRecorderStatus {
                    name: asked.must(status.name, "name")?,
                    recording: status.recording,
                    last_status: status.last_status.map(|last| last.as_str().to_owned()),
                    last_error_code: status.last_error_code,
                })
            })
            .collect()
    }))
}

/// The delivery channel of a region, if there is one. Calls: 1.
pub(crate) async fn channels(context: &Context, region: &str) -> Reply<Vec<DeliveryChannel>> {
    let asked = Asked { operation: &DESCRIBE_DELIVERY_CHANNELS, region, about: None };
    let client = context.session().config_service(region);
    let reply = context.ask(asked, || client.describe_delivery_channels().send()).await;
    or_none(reply.read(|reply| {
        let channels = asked.must(reply.delivery_channels, "DeliveryChannels")?;
        let read = |channel: aws_sdk_config::types::DeliveryChannel| {
            Ok(DeliveryChannel {
                name: asked.must(channel.name, "name")?,
                bucket: channel.s3_bucket_name,
                topic: channel.sns_topic_arn,
            })
        };
        channels.into_iter().map(read).collect()
    }))
}

/// How the delivery channel of a region delivers. Calls: 1.
pub(crate) async fn channel_statuses(
    context: &Context,
    region: &str,
) -> Reply<Vec<DeliveryChannelStatus>> {
    let asked = Asked { operation: &DESCRIBE_DELIVERY_CHANNEL_STATUS, region, about: None };
    let client = context.session().config_service(region);
    let reply = context.ask(asked, || client.describe_delivery_channel_status().send()).await;
    or_none(reply.read(|reply| {
        let statuses = asked.must(reply.delivery_channels_status, "DeliveryChannelsStatus")?;
        let export = |info: aws_sdk_config::types::ConfigExportDeliveryInfo| DeliveryInfo {
            last_status: info.last_status.map(|last| last.as_str().to_owned()),
            last_error_code: info.last_error_code,
        };
        let read = |status: aws_sdk_config::types::DeliveryChannelStatus| {
            Ok(DeliveryChannelStatus {
                name: asked.must(status.name, "name")?,
                snapshot: status.config_snapshot_delivery_info.map(export),
                history: status.config_history_delivery_info.map(export),
                stream: status.config_stream_delivery_info.map(|info| DeliveryInfo {
                    last_status: info.last_status.map(|last| last.as_str().to_owned()),
                    last_error_code: info.last_error_code,
                }),
            })
        };
        statuses.into_iter().map(read).collect()
    }))
}

/// Where there is no recorder or channel the list of them is empty.
fn or_none<T>(reply: Reply<Vec<T>>) -> Reply<Vec<T>> {
    match reply {
        Reply::Absent => Reply::Known(Vec::new()),
        other => other,
    }
}
