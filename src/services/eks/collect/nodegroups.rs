//! The managed node groups of a cluster.

use super::PAGE;
use super::place::Place;
use crate::aws::{Asked, Reply};
use crate::inventory::{Fact, Gap, Gaps, Resource};
use crate::services::ec2::collect::template_data;
use crate::services::ec2::compute::launch::{
    DESCRIBE_LAUNCH_TEMPLATE_VERSIONS, LaunchTemplateData,
};
use crate::services::eks::{
    DESCRIBE_NODEGROUP, LIST_NODEGROUPS, Nodegroup, RemoteAccess, release_parameter,
};
use crate::services::pages::Pages;
use aws_sdk_eks::types;

/// Feeds the node groups of a cluster, and says what may hide more. Calls:
/// ceil(node groups / 100), and for each 1, 1 if it has a launch template of its
/// own, and 1 for each kind of image and version in the region.
pub(super) async fn of_cluster(place: &Place, cluster: &str) -> Gaps {
    let context = &place.context;
    let arn = place.cluster_arn(cluster);
    let asked = Asked { operation: &LIST_NODEGROUPS, region: &place.region, about: Some(&arn) };
    let mut pages = Pages::new(context, asked);
    let mut names = Vec::new();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                place
                    .client
                    .list_nodegroups()
                    .cluster_name(cluster)
                    .max_results(PAGE)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        if reply.failed_with(super::GONE) {
            return Gaps::NONE;
        }
        names.extend(pages.turn(
            reply.read(|reply| Ok((asked.must(reply.nodegroups, "nodegroups")?, reply.next_token))),
        ));
    }
    for name in context.sample(names) {
        let asked =
            Asked { operation: &DESCRIBE_NODEGROUP, region: &place.region, about: Some(&arn) };
        let reply = context
            .ask(asked, || {
                place.client.describe_nodegroup().cluster_name(cluster).nodegroup_name(&name).send()
            })
            .await;
        if reply.failed_with(super::GONE) {
            continue;
        }
        let reply = reply.read(|reply| asked.must(reply.nodegroup, "nodegroup"));
        match reply {
            Reply::Known(group) => {
                if let Err(gap) = one(place, asked, cluster, &name, group).await {
                    pages.hide(gap);
                }
            }
            Reply::Gap(gap) => pages.hide(gap),
            Reply::Absent | Reply::NotWanted => {}
        }
    }
    pages.missing().clone()
}

async fn one(
    place: &Place,
    asked: Asked<'_>,
    cluster: &str,
    name: &str,
    group: types::Nodegroup,
) -> Result<(), Box<Gap>> {
    let context = &place.context;
    let arn = asked.must(group.nodegroup_arn, "nodegroupArn")?;
    let about = Asked { about: Some(&arn), ..asked };
    let ami_type = group.ami_type.map(|kind| kind.as_str().to_owned());
    let newest = match (&ami_type, &group.version) {
        (Some(kind), Some(version)) => release_parameter(kind, version),
        _ => None,
    };
    let newest_release = match newest {
        Some(parameter) => place.parameter(&parameter).await,
        None => Fact::Absent,
    };
    let launch_template = match group.launch_template {
        Some(template) => {
            let reply = template_of(place, &arn, template).await;
            context.fact(reply)
        }
        None => Fact::Absent,
    };
    let document = Nodegroup {
        cluster_name: Fact::Known(cluster.to_owned()),
        name: Fact::Known(name.to_owned()),
        cluster_version: match &group.version {
            Some(version) => place.version(version),
            None => Fact::Absent,
        },
        version: Fact::from_option(group.version),
        release_version: Fact::from_option(group.release_version),
        ami_type: Fact::from_option(ami_type),
        subnets: context.member(about.must(group.subnets, "subnets")),
        remote_access: Fact::from_option(group.remote_access).map(|access| RemoteAccess {
            ec2_ssh_key: access.ec2_ssh_key.filter(|key| !key.is_empty()),
            source_security_groups: access.source_security_groups,
        }),
        node_role: context.member(about.must(group.node_role, "nodeRole")),
        newest_release,
        launch_template,
    };
    let tags = Fact::Known(group.tags.into_iter().flatten().collect());
    let id = format!("{cluster}/{name}");
    context.resource(Resource::new(&id, &arn, &place.region, document).with_tags(tags));
    Ok(())
}

/// What the version of a launch template says that a node group uses; absent if
/// the template is gone.
async fn template_of(
    place: &Place,
    arn: &str,
    template: types::LaunchTemplateSpecification,
) -> Reply<LaunchTemplateData> {
    let operation = &DESCRIBE_LAUNCH_TEMPLATE_VERSIONS;
    let asked = Asked { operation, region: &place.region, about: Some(arn) };
    let client = place.context.session().ec2(&place.region);
    let version = template.version.unwrap_or_else(|| "$Default".to_owned());
    let (id, name) = match template.id {
        Some(id) => (Some(id), None),
        None => (None, template.name),
    };
    let reply = place
        .context
        .ask(asked, || {
            client
                .describe_launch_template_versions()
                .set_launch_template_id(id.clone())
                .set_launch_template_name(name.clone())
                .versions(&version)
                .send()
        })
        .await;
    if matches!(&reply, Reply::Gap(gap) if is_gone(gap)) {
        return Reply::Absent;
    }
    reply.read(|reply| {
        let versions = asked.must(reply.launch_template_versions, "LaunchTemplateVersions")?;
        let first = asked.must(versions.into_iter().next(), "LaunchTemplateVersions")?;
        asked.must(first.launch_template_data, "LaunchTemplateData").map(template_data)
    })
}

/// Whether there is no such template or version any more
/// (<https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>).
fn is_gone(gap: &Gap) -> bool {
    gap.code
        .as_deref()
        .is_some_and(|code| code.starts_with("InvalidLaunchTemplate") && code.contains("NotFound"))
}
