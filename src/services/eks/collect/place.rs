//! What the clusters of one region share.

use super::PAGE;
use crate::aws::{Asked, Context, Reply, timestamp};
use crate::inventory::Fact;
use crate::services::eks::{
    ClusterVersion, Compatibility, DESCRIBE_ADDON_VERSIONS, DESCRIBE_CLUSTER_VERSIONS,
    GET_PARAMETER, PublicParameter,
};
use crate::services::pages::whole;
use aws_sdk_eks::Client;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The versions of an add-on that go with a version of Kubernetes.
type AddonVersions = Fact<BTreeMap<String, Vec<Compatibility>>>;

/// A region, and what was read there once for all.
pub(super) struct Place {
    pub(super) context: Context,
    pub(super) client: Arc<Client>,
    pub(super) region: String,
    versions: Fact<BTreeMap<String, ClusterVersion>>,
    addons: Mutex<BTreeMap<(String, String), AddonVersions>>,
    releases: Mutex<BTreeMap<String, Fact<PublicParameter>>>,
}

impl Place {
    pub(super) async fn new(context: Context, region: String, has_clusters: bool) -> Self {
        let client = context.session().eks(&region);
        let versions = if has_clusters {
            let reply = cluster_versions(&context, &client, &region).await;
            context.fact(reply)
        } else {
            Fact::Absent
        };
        let (addons, releases) = (Mutex::default(), Mutex::default());
        Self { context, client, region, versions, addons, releases }
    }

    /// The ARN of a cluster
    /// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html>).
    pub(super) fn cluster_arn(&self, name: &str) -> String {
        let session = self.context.session();
        let (partition, account) = (session.partition(), session.account());
        format!("arn:{partition}:eks:{}:{account}:cluster/{name}", self.region)
    }

    /// What AWS says of a version of Kubernetes; absent if it does not list it.
    pub(super) fn version(&self, version: &str) -> Fact<ClusterVersion> {
        match &self.versions {
            Fact::Known(versions) => Fact::from_option(versions.get(version).cloned()),
            Fact::Absent => Fact::Absent,
            Fact::Unknown(gaps) => Fact::Unknown(gaps.clone()),
        }
    }

    /// What AWS says of a version of an add-on on a version of Kubernetes;
    /// absent if the two do not go together.
    pub(super) async fn compatibilities(
        &self,
        addon: &str,
        version: &str,
        kubernetes: &str,
    ) -> Fact<Vec<Compatibility>> {
        let key = (addon.to_owned(), kubernetes.to_owned());
        let mut known = self.addons.lock().await;
        if !known.contains_key(&key) {
            let reply = self.addon_versions(addon, kubernetes).await;
            known.insert(key.clone(), self.context.fact(reply));
        }
        match known.get(&key) {
            Some(Fact::Known(versions)) => Fact::from_option(versions.get(version).cloned()),
            Some(Fact::Unknown(gaps)) => Fact::Unknown(gaps.clone()),
            Some(Fact::Absent) | None => Fact::Absent,
        }
    }

    /// All pages, or a gap.
    async fn addon_versions(
        &self,
        addon: &str,
        kubernetes: &str,
    ) -> Reply<BTreeMap<String, Vec<Compatibility>>> {
        let asked =
            Asked { operation: &DESCRIBE_ADDON_VERSIONS, region: &self.region, about: None };
        let all = whole(asked, |token| async move {
            let reply = self
                .context
                .ask(asked, || {
                    self.client
                        .describe_addon_versions()
                        .addon_name(addon)
                        .kubernetes_version(kubernetes)
                        .max_results(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await;
            reply.read(|reply| Ok((asked.must(reply.addons, "addons")?, reply.next_token)))
        });
        all.await.read(|addons| {
            let mut versions = BTreeMap::new();
            for addon in addons {
                for version in asked.must(addon.addon_versions, "addonVersions")? {
                    let name = asked.must(version.addon_version, "addonVersion")?;
                    let of = asked.must(version.compatibilities, "compatibilities")?;
                    let of = of.into_iter().map(|one| Compatibility {
                        cluster_version: one.cluster_version,
                        default_version: one.default_version,
                    });
                    versions.insert(name, of.collect());
                }
            }
            Ok(versions)
        })
    }

    /// A public parameter of AWS; absent if there is none of that name.
    pub(super) async fn parameter(&self, name: &str) -> Fact<PublicParameter> {
        let mut known = self.releases.lock().await;
        if let Some(fact) = known.get(name) {
            return fact.clone();
        }
        let asked = Asked { operation: &GET_PARAMETER, region: &self.region, about: None };
        let client = self.context.session().ssm(&self.region);
        let reply =
            self.context.ask(asked, || client.get_parameter().name(name).send()).await.read(
                |reply| {
                    let parameter = asked.must(reply.parameter, "Parameter")?;
                    let value = asked.must(parameter.value, "Parameter.Value")?;
                    Ok(PublicParameter { name: name.to_owned(), value })
                },
            );
        let fact = self.context.fact(reply);
        known.insert(name.to_owned(), fact.clone());
        fact
    }
}

/// All versions of Kubernetes, those that are no longer supported among them.
async fn cluster_versions(
    context: &Context,
    client: &Client,
    region: &str,
) -> Reply<BTreeMap<String, ClusterVersion>> {
    let asked = Asked { operation: &DESCRIBE_CLUSTER_VERSIONS, region, about: None };
    let all = whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                client
                    .describe_cluster_versions()
                    .include_all(true)
                    .max_results(PAGE)
                    .set_next_token(token.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            Ok((asked.must(reply.cluster_versions, "clusterVersions")?, reply.next_token))
        })
    });
    all.await.read(|all| {
        let read = all.into_iter().map(|version| {
            let name = asked.must(version.cluster_version, "clusterVersion")?;
            let status = asked.must(version.version_status, "versionStatus")?;
            let standard = version.end_of_standard_support_date;
            let extended = version.end_of_extended_support_date;
            let version = ClusterVersion {
                version: name.clone(),
                status: status.as_str().to_owned(),
                end_of_standard_support: standard.as_ref().and_then(timestamp),
                end_of_extended_support: extended.as_ref().and_then(timestamp),
            };
            Ok((name, version))
        });
        read.collect()
    })
}
