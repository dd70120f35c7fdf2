//! Spot Fleet requests.

use super::super::pages::{arn, feed, tags};
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Gap, Resource};
use crate::services::ec2::compute::launch::{
    DESCRIBE_SPOT_FLEET_REQUESTS, LaunchBlockDevice, LaunchEbs, SpotFleetLaunchSpecification,
    SpotFleetRequest, SpotFleetRequestConfigData,
};
use aws_sdk_ec2::types;

/// Spot Fleet requests of one region. Calls: ceil(requests / 1000).
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_SPOT_FLEET_REQUESTS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let request = client.describe_spot_fleet_requests().max_results(1000);
                request.set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| {
            let requests = reply.spot_fleet_request_configs;
            Ok((asked.must(requests, "SpotFleetRequestConfigs")?, reply.next_token))
        })
    };
    let one = |request: &types::SpotFleetRequestConfig| one(context, asked, request);
    feed(context, asked, SpotFleetRequest::resource_type(), page, one).await;
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    request: &types::SpotFleetRequestConfig,
) -> Result<Resource, Box<Gap>> {
    let id = asked.must(request.spot_fleet_request_id(), "SpotFleetRequestId")?;
    let owner = context.session().account();
    let arn = arn(context, asked.region, owner, "spot-fleet-request", id);
    let about = Asked { about: Some(&arn), ..asked };
    let state = about
        .must(request.spot_fleet_request_state(), "SpotFleetRequestState")
        .map(|state| state.as_str().to_owned());
    let config =
        about.must(request.spot_fleet_request_config(), "SpotFleetRequestConfig").map(|config| {
            SpotFleetRequestConfigData {
                launch_specifications: config
                    .launch_specifications
                    .as_deref()
                    .map(|all| all.iter().map(specification).collect()),
            }
        });
    let document =
        SpotFleetRequest { state: context.member(state), config: context.member(config) };
    let tags = tags(request.tags.as_ref());
    Ok(Resource::new(id, &arn, asked.region, document).with_tags(tags))
}

fn specification(
    specification: &types::SpotFleetLaunchSpecification,
) -> SpotFleetLaunchSpecification {
    let devices = specification.block_device_mappings.as_deref();
    SpotFleetLaunchSpecification {
        image_id: specification.image_id.clone(),
        block_device_mappings: devices.map(|all| all.iter().map(block_device).collect()),
    }
}

fn block_device(device: &types::BlockDeviceMapping) -> LaunchBlockDevice {
    LaunchBlockDevice {
        device_name: device.device_name.clone(),
        ebs: device.ebs.as_ref().map(|ebs| LaunchEbs {
            encrypted: ebs.encrypted,
            snapshot: ebs.snapshot_id.clone(),
            kms_key: ebs.kms_key_id.clone(),
        }),
    }
}
