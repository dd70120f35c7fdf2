//! Instances.

use super::super::pages::{Pages, arn, tags};
use super::images::ImagesInUse;
use super::user_data;
use crate::aws::{Asked, Context, timestamp};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::compute::instance::{
    DESCRIBE_INSTANCE_ATTRIBUTE, DESCRIBE_INSTANCES, IamInstanceProfile, Instance,
    InstanceNetworkInterface, InstanceState, InterfaceAssociation, InterfacePrivateIp,
    MetadataOptions,
};
use aws_sdk_ec2::types;
use std::collections::BTreeMap;

/// Instances of one region. Calls: ceil(instances / 500); if images are asked
/// for, for each page ceil(images not seen before / 100), and one more for each
/// batch with images that are gone; if user data is asked for, 1 for each
/// instance that has not ended.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_INSTANCES, region: &region, about: None };
    let client = context.session().ec2(&region);
    let mut images = ImagesInUse::new(&context, &client, &region);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client.describe_instances().max_results(500).set_next_token(pages.token()).send()
            })
            .await;
        let page = reply.read(|reply| {
            let mut instances = Vec::new();
            for reservation in asked.must(reply.reservations, "Reservations")? {
                instances.extend(asked.must(reservation.instances, "Instances")?);
            }
            Ok((instances, reply.next_token))
        });
        let listed: Vec<types::Instance> = context.sample(pages.turn(page));
        let in_use = listed.iter().filter(|instance| !has_ended(instance));
        images.learn(in_use.filter_map(|instance| instance.image_id.clone()).collect()).await;
        for instance in listed {
            let asks_more = context.wants(&DESCRIBE_INSTANCE_ATTRIBUTE) && !has_ended(&instance);
            let Listed { id, arn, mut document, tags } = match one(&context, asked, instance) {
                Ok(listed) => listed,
                Err(gap) => {
                    pages.hide(gap);
                    continue;
                }
            };
            if let Fact::Known(image) = &document.image_id {
                document.image = images.of(image);
            }
            if !asks_more {
                context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
                continue;
            }
            let (context, client, region) = (context.clone(), client.clone(), region.clone());
            fan.add(async move {
                let searched = user_data::searched(&context, &client, &region, &id, &arn).await;
                if searched.failed_with(user_data::GONE) {
                    return;
                }
                document.user_data = context.fact(searched);
                context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
            })
            .await;
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Instance::resource_type());
    }
}

/// Whether nothing more has to be asked about it: it is gone, or as good as.
fn has_ended(instance: &types::Instance) -> bool {
    let state = instance.state.as_ref().and_then(|state| state.name.as_ref());
    matches!(state, Some(types::InstanceStateName::Terminated))
}

/// An instance as it is listed.
struct Listed {
    id: String,
    arn: String,
    document: Instance,
    tags: Fact<BTreeMap<String, String>>,
}

fn one(context: &Context, asked: Asked<'_>, instance: types::Instance) -> Result<Listed, Box<Gap>> {
    let id = asked.must(instance.instance_id, "InstanceId")?;
    let arn = arn(context, asked.region, context.session().account(), "instance", &id);
    let about = Asked { about: Some(&arn), ..asked };
    let state = about
        .must(instance.state.and_then(|state| state.name), "State.Name")
        .map(|name| InstanceState { name: name.as_str().to_owned() });
    let launched = instance.launch_time.as_ref().and_then(timestamp);
    let text = |value: Option<&str>, member| about.must(value.map(str::to_owned), member);
    let kind = text(instance.instance_type.as_ref().map(|kind| kind.as_str()), "InstanceType");
    let virtualization =
        text(instance.virtualization_type.as_ref().map(|kind| kind.as_str()), "VirtualizationType");
    let interfaces = about
        .must(instance.network_interfaces, "NetworkInterfaces")
        .and_then(|list| list.into_iter().map(|it| interface(about, it)).collect());
    let profile = instance
        .iam_instance_profile
        .map(|profile| about.must(profile.arn, "IamInstanceProfile.Arn"))
        .map(|arn| arn.map(|arn| IamInstanceProfile { arn }));
    let document = Instance {
        state: context.member(state),
        state_transition_reason: Fact::from_option(
            instance.state_transition_reason.filter(|reason| !reason.is_empty()),
        ),
        launch_time: context.member(about.must(launched, "LaunchTime")),
        instance_type: context.member(kind),
        virtualization_type: context.member(virtualization),
        image_id: context.member(about.must(instance.image_id, "ImageId")),
        public_ip_address: Fact::from_option(
            instance.public_ip_address.filter(|address| !address.is_empty()),
        ),
        network_interfaces: context.member(interfaces),
        iam_instance_profile: match profile {
            None => Fact::Absent,
            Some(profile) => context.member(profile),
        },
        metadata_options: context.member(metadata(about, instance.metadata_options)),
        ..Instance::not_collected()
    };
    Ok(Listed { id, document, tags: tags(instance.tags.as_ref()), arn })
}

fn metadata(
    about: Asked<'_>,
    options: Option<types::InstanceMetadataOptionsResponse>,
) -> Result<MetadataOptions, Box<Gap>> {
    let options = about.must(options, "MetadataOptions")?;
    let tokens = about.must(options.http_tokens, "MetadataOptions.HttpTokens")?;
    let endpoint = about.must(options.http_endpoint, "MetadataOptions.HttpEndpoint")?;
    let limit = options.http_put_response_hop_limit;
    let limit = about.must(limit, "MetadataOptions.HttpPutResponseHopLimit")?;
    Ok(MetadataOptions {
        http_tokens: tokens.as_str().to_owned(),
        http_endpoint: endpoint.as_str().to_owned(),
        http_put_response_hop_limit: i64::from(limit),
    })
}

fn interface(
    about: Asked<'_>,
    interface: types::InstanceNetworkInterface,
) -> Result<InstanceNetworkInterface, Box<Gap>> {
    let addresses = interface.private_ip_addresses.map(|addresses| {
        let addresses = addresses.into_iter();
        addresses
            .map(|address| InterfacePrivateIp {
                private_ip_address: address.private_ip_address,
                association: address.association.map(association),
            })
            .collect()
    });
    Ok(InstanceNetworkInterface {
        id: about.must(interface.network_interface_id, "NetworkInterfaceId")?,
        interface_type: interface.interface_type,
        association: interface.association.map(association),
        private_ip_addresses: addresses,
    })
}

fn association(association: types::InstanceNetworkInterfaceAssociation) -> InterfaceAssociation {
    InterfaceAssociation {
        public_ip: association.public_ip.filter(|address| !address.is_empty()),
        ip_owner_id: association.ip_owner_id,
    }
}
