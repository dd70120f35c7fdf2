//! Spot Fleet requests.

use super::lists::{Pages, arn, tags};
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
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_spot_fleet_requests()
                    .max_results(1000)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let requests = reply.spot_fleet_request_configs;
            Ok((asked.must(requests, "SpotFleetRequestConfigs")?, reply.next_token))
        });
        for request in context.sample(pages.turn(page)) {
            match one(&context, asked, request) {
                Ok(resource) => context.resource(resource),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    pages.done(SpotFleetRequest::resource_type());
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    request: types::SpotFleetRequestConfig,
) -> Result<Resource, Box<Gap>> {
    let id = asked.must(request.spot_fleet_request_id, "SpotFleetRequestId")?;
    let arn = arn(context, asked.region, &format!("spot-fleet-request/{id}"));
    let about = Asked { about: Some(&arn), ..asked };
    let state = about
        .must(request.spot_fleet_request_state, "SpotFleetRequestState")
        .map(|state| state.as_str().to_owned());
    let config =
        about.must(request.spot_fleet_request_config, "SpotFleetRequestConfig").map(|config| {
            SpotFleetRequestConfigData {
                launch_specifications: config
                    .launch_specifications
                    .map(|list| list.into_iter().map(specification).collect()),
            }
        });
    let document =
        SpotFleetRequest { state: context.member(state), config: context.member(config) };
    Ok(Resource::new(&id, &arn, asked.region, document).with_tags(tags(request.tags)))
}

fn specification(
    specification: types::SpotFleetLaunchSpecification,
) -> SpotFleetLaunchSpecification {
    let devices = specification.block_device_mappings.map(|devices| {
        let devices = devices.into_iter();
        devices
            .map(|device| LaunchBlockDevice {
                device_name: device.device_name,
                ebs: device.ebs.map(|ebs| LaunchEbs {
                    encrypted: ebs.encrypted,
                    snapshot: ebs.snapshot_id,
                    kms_key: ebs.kms_key_id,
                }),
            })
            .collect()
    });
    SpotFleetLaunchSpecification {
        image_id: specification.image_id,
        block_device_mappings: devices,
    }
}
