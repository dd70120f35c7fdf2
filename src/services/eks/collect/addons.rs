//! The add-ons of a cluster.

use super::PAGE;
use super::place::Place;
use crate::aws::{Asked, Reply};
use crate::inventory::{Fact, Gap, Gaps, Resource};
use crate::services::eks::{Addon, DESCRIBE_ADDON, LIST_ADDONS};
use crate::services::pages::Pages;
use aws_sdk_eks::types;

/// The add-on whose settings rules read. Those of others may be anybody's
/// secrets.
const NETWORK: &str = "vpc-cni";

/// The version of Kubernetes of a cluster; if it is not known, why: nobody
/// asked, or these gaps.
type Version = Result<String, Option<Gaps>>;

/// Feeds the add-ons of a cluster, and says what may hide more. Calls:
/// ceil(add-ons / 100), 1 for each, and ceil(its versions / 100) for each add-on
/// and version of Kubernetes in the region.
pub(super) async fn of_cluster(place: &Place, cluster: &str, version: Version) -> Gaps {
    let context = &place.context;
    let arn = place.cluster_arn(cluster);
    let asked = Asked { operation: &LIST_ADDONS, region: &place.region, about: Some(&arn) };
    let mut pages = Pages::new(context, asked);
    let mut names = Vec::new();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                place
                    .client
                    .list_addons()
                    .cluster_name(cluster)
                    .max_results(PAGE)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        if reply.failed_with(super::GONE) {
            return Gaps::NONE;
        }
        names.extend(
            pages.turn(
                reply.read(|reply| Ok((asked.must(reply.addons, "addons")?, reply.next_token))),
            ),
        );
    }
    for name in context.sample(names) {
        let asked = Asked { operation: &DESCRIBE_ADDON, region: &place.region, about: Some(&arn) };
        let reply = context
            .ask(asked, || {
                place.client.describe_addon().cluster_name(cluster).addon_name(&name).send()
            })
            .await;
        if reply.failed_with(super::GONE) {
            continue;
        }
        match reply.read(|reply| asked.must(reply.addon, "addon")) {
            Reply::Known(addon) => {
                if let Err(gap) = one(place, asked, cluster, &name, &version, addon).await {
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
    kubernetes: &Version,
    addon: types::Addon,
) -> Result<(), Box<Gap>> {
    let context = &place.context;
    let arn = asked.must(addon.addon_arn, "addonArn")?;
    let about = Asked { about: Some(&arn), ..asked };
    let version = context.member(about.must(addon.addon_version, "addonVersion"));
    let compatibilities = match (&version, kubernetes) {
        (Fact::Known(version), Ok(kubernetes)) => {
            place.compatibilities(name, version, kubernetes).await
        }
        (Fact::Unknown(gaps), _) | (_, Err(Some(gaps))) => Fact::Unknown(gaps.clone()),
        (_, Err(None)) | (Fact::Absent, _) => Fact::not_collected(),
    };
    let configuration = addon.configuration_values.filter(|text| !text.is_empty());
    let document = Addon {
        cluster_name: Fact::Known(cluster.to_owned()),
        name: Fact::Known(name.to_owned()),
        version,
        configuration: Fact::from_option(configuration.filter(|_| name == NETWORK)),
        compatibilities,
    };
    let tags = Fact::Known(addon.tags.into_iter().flatten().collect());
    let id = format!("{cluster}/{name}");
    context.resource(Resource::new(&id, &arn, &place.region, document).with_tags(tags));
    Ok(())
}
