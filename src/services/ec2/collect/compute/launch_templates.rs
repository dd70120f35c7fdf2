//! Launch templates, with their default versions.

use super::super::pages::{Pages, arn, tags};
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Gaps, Resource};
use crate::services::ec2::compute::launch::{
    DESCRIBE_LAUNCH_TEMPLATE_VERSIONS, DESCRIBE_LAUNCH_TEMPLATES, LaunchBlockDevice, LaunchEbs,
    LaunchMetadataOptions, LaunchNetworkInterface, LaunchTemplate, LaunchTemplateData,
};
use aws_sdk_ec2::Client;
use aws_sdk_ec2::types;
use std::collections::BTreeMap;

/// Launch templates of one region. Calls: 2 * ceil(templates / 200); half of
/// that if their versions are not asked for, or there is no template.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_LAUNCH_TEMPLATES, region: &region, about: None };
    let client = context.session().ec2(&region);
    let mut pages = Pages::new(&context, asked);
    let mut templates = Vec::new();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_launch_templates()
                    .max_results(200)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            Ok((asked.must(reply.launch_templates, "LaunchTemplates")?, reply.next_token))
        });
        templates.extend(context.sample(pages.turn(page)));
    }
    let mut versions = Versions::default();
    if !templates.is_empty() && context.wants(&DESCRIBE_LAUNCH_TEMPLATE_VERSIONS) {
        versions = Versions::read(&context, &client, &region).await;
    }
    for template in templates {
        match one(&context, asked, template, &mut versions) {
            Ok(resource) => context.resource(resource),
            Err(gap) => pages.hide(gap),
        }
    }
    pages.done(LaunchTemplate::resource_type());
}

/// What the default versions say, by template.
#[derive(Default)]
struct Versions {
    data: BTreeMap<String, Fact<LaunchTemplateData>>,
    /// What may hide more; none if nobody asked.
    missing: Option<Gaps>,
}

impl Versions {
    /// The default version of all templates of a region: without a template's
    /// name EC2 gives those of all.
    async fn read(context: &Context, client: &Client, region: &str) -> Self {
        let asked = Asked { operation: &DESCRIBE_LAUNCH_TEMPLATE_VERSIONS, region, about: None };
        let mut data = BTreeMap::new();
        let mut pages = Pages::new(context, asked);
        while pages.more() {
            let reply = context
                .ask(asked, || {
                    client
                        .describe_launch_template_versions()
                        .versions("$Default")
                        .max_results(200)
                        .set_next_token(pages.token())
                        .send()
                })
                .await;
            let page = reply.read(|reply| {
                let versions = reply.launch_template_versions;
                Ok((asked.must(versions, "LaunchTemplateVersions")?, reply.next_token))
            });
            for version in pages.turn(page) {
                match asked.must(version.launch_template_id, "LaunchTemplateId") {
                    Ok(id) => {
                        let said = version.launch_template_data;
                        let said = asked.must(said, "LaunchTemplateData").map(template_data);
                        data.insert(id, context.member(said));
                    }
                    Err(gap) => pages.hide(gap),
                }
            }
        }
        Self { data, missing: Some(pages.missing().clone()) }
    }

    fn of(&mut self, context: &Context, about: Asked<'_>, id: &str) -> Fact<LaunchTemplateData> {
        match (self.data.remove(id), &self.missing) {
            (Some(fact), _) => fact,
            (None, None) => Fact::not_collected(),
            (None, Some(missing)) if missing.is_empty() => {
                let asked = Asked { operation: &DESCRIBE_LAUNCH_TEMPLATE_VERSIONS, ..about };
                let message = "the versions of all launch templates lack this one's";
                Fact::Unknown(context.gap(asked.malformed(message)))
            }
            (None, Some(missing)) => Fact::Unknown(missing.clone()),
        }
    }
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    template: types::LaunchTemplate,
    versions: &mut Versions,
) -> Result<Resource, Box<Gap>> {
    let id = asked.must(template.launch_template_id, "LaunchTemplateId")?;
    let arn = arn(context, asked.region, context.session().account(), "launch-template", &id);
    let about = Asked { about: Some(&arn), ..asked };
    let default = about.must(template.default_version_number, "DefaultVersionNumber");
    let latest = about.must(template.latest_version_number, "LatestVersionNumber");
    let document = LaunchTemplate {
        name: context.member(about.must(template.launch_template_name, "LaunchTemplateName")),
        default_version: context.member(default),
        latest_version: context.member(latest),
        data: versions.of(context, about, &id),
    };
    Ok(Resource::new(&id, &arn, asked.region, document).with_tags(tags(template.tags.as_ref())))
}

/// What a version says.
pub(crate) fn template_data(data: types::ResponseLaunchTemplateData) -> LaunchTemplateData {
    let options = data.metadata_options.map(|options| LaunchMetadataOptions {
        http_tokens: options.http_tokens.map(|tokens| tokens.as_str().to_owned()),
        http_endpoint: options.http_endpoint.map(|endpoint| endpoint.as_str().to_owned()),
        http_put_response_hop_limit: options.http_put_response_hop_limit.map(i64::from),
    });
    let interfaces = data.network_interfaces.map(|interfaces| {
        let interfaces = interfaces.into_iter();
        interfaces
            .map(|interface| LaunchNetworkInterface {
                device_index: interface.device_index.map(i64::from),
                associate_public_ip_address: interface.associate_public_ip_address,
                id: interface.network_interface_id,
            })
            .collect()
    });
    LaunchTemplateData {
        image_id: data.image_id,
        metadata_options: options,
        network_interfaces: interfaces,
        block_device_mappings: data
            .block_device_mappings
            .map(|devices| devices.into_iter().map(block_device).collect()),
    }
}

fn block_device(device: types::LaunchTemplateBlockDeviceMapping) -> LaunchBlockDevice {
    LaunchBlockDevice {
        device_name: device.device_name,
        ebs: device.ebs.map(|ebs| LaunchEbs {
            encrypted: ebs.encrypted,
            snapshot: ebs.snapshot_id,
            kms_key: ebs.kms_key_id,
        }),
    }
}
