//! EKS.

use super::answers::{List, One, Place, Total, name, number_of};
use super::json::SECONDS;
use serde_json::{Value, json};

const SIZE: (&str, usize) = ("maxResults", 100);
const NEXT: &str = "nextToken";
const VERSION: &str = "1.34";
const ADDONS: [&str; 3] = ["coredns", "kube-proxy", "vpc-cni"];
const POLICIES: [&str; 3] =
    ["AmazonEKSViewPolicy", "AmazonEKSEditPolicy", "AmazonEKSClusterAdminPolicy"];

/// Lists.
pub(super) static LISTS: &[List] = &[
    List::new(
        "eks:ListClusters",
        ("clusters", NEXT),
        SIZE,
        Total::Share(|account| account.shape.others),
        |_, n| name("eks", n).into(),
    ),
    List::new("eks:ListAddons", ("addons", NEXT), SIZE, Total::Each(3), |_, n| {
        ADDONS.get(n).copied().into()
    }),
    List::new("eks:ListNodegroups", ("nodegroups", NEXT), SIZE, Total::Each(3), |_, n| {
        name("nodes", n).into()
    }),
    List::new("eks:ListInsights", ("insights", NEXT), SIZE, Total::Each(3), |_, n| {
        json!({
            "id": n.to_string(),
            "name": "Deprecated APIs",
            "category": "UPGRADE_READINESS",
            "kubernetesVersion": "1.35",
            "insightStatus": { "status": "PASSING", "reason": "No deprecated API usage detected." },
        })
    }),
    List::new(
        "eks:ListAccessEntries",
        ("accessEntries", NEXT),
        SIZE,
        Total::Each(3),
        |place, n| format!("arn:aws:iam::{}:role/p0-role{n:05}", place.account.id).into(),
    ),
    List::new(
        "eks:ListAssociatedAccessPolicies",
        ("associatedAccessPolicies", NEXT),
        SIZE,
        Total::Each(3),
        |place, n| {
            let policy = POLICIES.get(n).copied().unwrap_or_default();
            let kind = if place.last().ends_with('1') { "namespace" } else { "cluster" };
            json!({
                "policyArn": format!("arn:aws:eks::aws:cluster-access-policy/{policy}"),
                "accessScope": { "type": kind, "namespaces": [] },
                "associatedAt": SECONDS,
                "modifiedAt": SECONDS,
            })
        },
    ),
    List::new(
        "eks:ListPodIdentityAssociations",
        ("associations", NEXT),
        SIZE,
        Total::Each(3),
        |place, n| {
            json!({
                "clusterName": place.last(),
                "namespace": "web",
                "serviceAccount": name("service", n),
                "associationId": name("a", n),
            })
        },
    ),
    List::new(
        "eks:DescribeClusterVersions",
        ("clusterVersions", NEXT),
        SIZE,
        Total::Each(3),
        |_, n| {
            json!({
                "clusterVersion": format!("1.{}", 34 - n),
                "clusterType": "eks",
                "defaultVersion": n == 0,
                "versionStatus": "STANDARD_SUPPORT",
                "endOfStandardSupportDate": 1_796_000_000_u64,
                "endOfExtendedSupportDate": 1_828_000_000_u64,
            })
        },
    ),
    List::new("eks:DescribeAddonVersions", ("addons", NEXT), SIZE, Total::Each(1), |place, _| {
        json!({ "addonName": place.text("addonName"), "addonVersions": [
            { "addonVersion": "v1.20.0", "compatibilities": [
                { "clusterVersion": VERSION, "defaultVersion": true },
            ]},
        ]})
    }),
];

/// Answers without pages.
pub(super) static ONES: &[One] = &[
    ("eks:DescribeAddon", |place| {
        let addon = place.last();
        let cluster = place.call.subject.split('/').next().unwrap_or_default();
        Ok(Some(json!({ "addon": {
            "addonName": addon,
            "addonArn": place.arn("eks", &format!("addon/{cluster}/{addon}/1")),
            "clusterName": cluster,
            "addonVersion": "v1.20.0",
            "status": "ACTIVE",
            "tags": {},
        }})))
    }),
    ("eks:DescribeCluster", |place| {
        let id = place.last();
        let odd = number_of(id) % 2 == 1;
        Ok(Some(json!({ "cluster": {
            "name": id,
            "arn": place.arn("eks", &format!("cluster/{id}")),
            "version": VERSION,
            "status": "ACTIVE",
            "roleArn": format!("arn:aws:iam::{}:role/p0-role00000", place.account.id),
            "resourcesVpcConfig": {
                "clusterSecurityGroupId": place.account.id_of("sg", 0),
                "endpointPublicAccess": odd,
                "endpointPrivateAccess": true,
                "publicAccessCidrs": ["0.0.0.0/0"],
                "securityGroupIds": [],
                "subnetIds": [subnet(place)],
            },
            "logging": { "clusterLogging": [{ "types": ["api", "audit"], "enabled": odd }] },
            "identity": { "oidc": { "issuer": format!("https://oidc.eks.example.com/id/{id}") } },
            "accessConfig": { "authenticationMode": "API" },
            "deletionProtection": odd,
            "tags": { "team": "lab" },
        }})))
    }),
    ("eks:DescribeNodegroup", |place| {
        let group = place.last();
        let cluster = place.call.subject.split('/').next().unwrap_or_default();
        let mut found = json!({
            "nodegroupName": group,
            "nodegroupArn": place.arn("eks", &format!("nodegroup/{cluster}/{group}/1")),
            "clusterName": cluster,
            "version": VERSION,
            "releaseVersion": "1.34.1-20260101",
            "status": "ACTIVE",
            "amiType": "AL2023_x86_64_STANDARD",
            "subnets": [subnet(place)],
            "nodeRole": format!("arn:aws:iam::{}:role/p0-role00000", place.account.id),
            "tags": {},
        });
        let here = place.account.place(&place.call.region).unwrap_or(0);
        let (number, members) = (number_of(group), found.as_object_mut());
        if let Some(members) = members {
            match number {
                0 if here < place.account.shape.templates => {
                    let id = place.account.id_of("lt", here);
                    let template = json!({ "id": id, "name": "nodes", "version": "1" });
                    members.insert("launchTemplate".to_owned(), template);
                }
                1 => {
                    members.insert("remoteAccess".to_owned(), json!({ "ec2SshKey": "k" }));
                }
                _ => {}
            }
        }
        Ok(Some(json!({ "nodegroup": found })))
    }),
];

fn subnet(place: Place<'_>) -> Value {
    place.account.id_of("subnet", place.account.place(&place.call.region).unwrap_or(0)).into()
}
