//! The collector of EKS, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, ec2_error, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::eks::{Addon, Cluster, LIST_CLUSTERS, Nodegroup};
use serde_json::json;

const CLUSTER: &str = "arn:aws:eks:eu-west-1:123456789012:cluster/prod";
const GROUP: &str = "arn:aws:eks:eu-west-1:123456789012:nodegroup/prod/web/1-2";
const ADDON: &str = "arn:aws:eks:eu-west-1:123456789012:addon/prod/vpc-cni/3-4";
const ADMIN: &str = "arn:aws:iam::123456789012:role/admin";

/// The operation behind a request.
fn operation(request: &Request) -> String {
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let name = match parts.as_slice() {
        ["clusters"] => "ListClusters",
        ["clusters", _] => "DescribeCluster",
        ["clusters", _, "insights"] => "ListInsights",
        ["clusters", _, "access-entries"] => "ListAccessEntries",
        ["clusters", _, "access-entries", .., "access-policies"] => "ListAssociatedAccessPolicies",
        ["clusters", _, "pod-identity-associations"] => "ListPodIdentityAssociations",
        ["clusters", _, "node-groups"] => "ListNodegroups",
        ["clusters", _, "node-groups", _] => "DescribeNodegroup",
        ["clusters", _, "addons"] => "ListAddons",
        ["clusters", _, "addons", _] => "DescribeAddon",
        ["cluster-versions"] => "DescribeClusterVersions",
        ["addons", "supported-versions"] => "DescribeAddonVersions",
        _ => return request.operation(),
    };
    name.to_owned()
}

/// One cluster with one node group and one add-on in eu-west-1, nothing elsewhere.
fn full(request: &Request) -> Option<Answer> {
    let body = match operation(request).as_str() {
        "ListClusters" if request.region() != "eu-west-1" => json!({ "clusters": [] }),
        "ListClusters" => json!({ "clusters": ["prod"], "nextToken": null }),
        "DescribeCluster" => json!({ "cluster": {
            "name": "prod", "arn": CLUSTER, "version": "1.34", "status": "ACTIVE",
            "resourcesVpcConfig": {
                "endpointPublicAccess": true, "endpointPrivateAccess": false,
                "clusterSecurityGroupId": "sg-1", "securityGroupIds": [],
                "publicAccessCidrs": ["0.0.0.0/0"],
            },
            "logging": { "clusterLogging": [{ "types": ["api", "brandNew"], "enabled": true }] },
            "identity": { "oidc": { "issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/A" } },
            "accessConfig": { "authenticationMode": "API" },
            "encryptionConfig": [{ "resources": ["secrets"], "provider": { "keyArn": "k" } }],
            "deletionProtection": true,
            "tags": { "team": "web" },
        }}),
        "DescribeClusterVersions" => json!({ "clusterVersions": [{
            "clusterVersion": "1.34", "versionStatus": "STANDARD_SUPPORT",
            "endOfStandardSupportDate": 1_800_000_000,
        }]}),
        "ListInsights" => json!({ "insights": [
            { "id": "1", "name": "Deprecated APIs", "insightStatus": { "status": "ERROR" } },
        ]}),
        "ListAccessEntries" => json!({ "accessEntries": [ADMIN] }),
        "ListAssociatedAccessPolicies" => json!({ "associatedAccessPolicies": [
            {
                "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
                "accessScope": { "type": "namespace", "namespaces": ["web"] },
            },
            {
                "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                "accessScope": { "type": "cluster" },
            },
        ]}),
        "ListPodIdentityAssociations" => json!({ "associations": [
            { "namespace": "web", "serviceAccount": "shop", "associationId": "a-1" },
        ]}),
        "ListNodegroups" => json!({ "nodegroups": ["web"] }),
        "DescribeNodegroup" => json!({ "nodegroup": {
            "nodegroupName": "web", "nodegroupArn": GROUP, "clusterName": "prod",
            "version": "1.34", "releaseVersion": "1.34.1-20260101",
            "amiType": "AL2023_x86_64_STANDARD", "subnets": ["subnet-1"],
            "remoteAccess": { "ec2SshKey": "admins" },
            "nodeRole": "arn:aws:iam::123456789012:role/node",
            "launchTemplate": { "id": "lt-1", "name": "web", "version": "7" },
            "tags": { "team": "web" },
        }}),
        "ListAddons" => json!({ "addons": ["vpc-cni"] }),
        "DescribeAddon" => json!({ "addon": {
            "addonName": "vpc-cni", "addonArn": ADDON, "clusterName": "prod",
            "addonVersion": "v1.20.0", "configurationValues": "{\"enableNetworkPolicy\":\"true\"}",
        }}),
        "DescribeAddonVersions" => json!({ "addons": [{ "addonName": "vpc-cni", "addonVersions": [
            { "addonVersion": "v1.20.0", "compatibilities": [
                { "clusterVersion": "1.34", "defaultVersion": true },
            ]},
        ]}]}),
        "DescribeLogGroups" => json!({ "logGroups": [
            { "logGroupName": "/aws/eks/prod/cluster", "retentionInDays": 30 },
        ]}),
        "GetParameter" => json!({ "Parameter": { "Name": "p", "Value": "1.34.2-20260201" } }),
        "DescribeLaunchTemplateVersions" => {
            return Some(ok("<DescribeLaunchTemplateVersionsResponse>\
                 <launchTemplateVersionSet><item><launchTemplateId>lt-1</launchTemplateId>\
                 <launchTemplateData><metadataOptions><httpTokens>required</httpTokens>\
                 </metadataOptions></launchTemplateData></item></launchTemplateVersionSet>\
                 </DescribeLaunchTemplateVersionsResponse>"));
        }
        _ => return None,
    };
    Some(ok(&body.to_string()))
}

fn but(changed: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if operation(request) == changed { Some(answer.clone()) } else { full(request) }
        },
    )
}

async fn collect(wire: &Wire) -> Collected {
    let kinds = [Cluster::resource_type(), Nodegroup::resource_type(), Addon::resource_type()];
    wire.collect(Plan::everything(kinds), &["eu-west-1", "us-east-1"]).await
}

fn cluster(collected: &Collected) -> Cluster {
    collected.document("eks.cluster", "prod")
}

#[tokio::test]
async fn a_cluster_is_read_with_all_that_belongs_to_it() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    for kind in ["eks.cluster", "eks.nodegroup", "eks.addon"] {
        assert!(collected.missing(kind, "us-east-1").is_empty(), "{kind}");
        assert!(collected.missing(kind, "eu-west-1").is_empty(), "{kind}");
    }
    let resource = collected.resource("eks.cluster", "prod");
    assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), (CLUSTER, "eu-west-1"));
    let cluster = cluster(&collected);
    assert_eq!(known(cluster.version), "1.34");
    let config = known(cluster.vpc_config);
    assert!(config.endpoint_public_access && !config.endpoint_private_access);
    assert_eq!(config.security_group_ids, None, "an empty list says nothing");
    let logs = known(cluster.logging).cluster_logging.unwrap();
    assert_eq!(logs.first().unwrap().types.as_deref().unwrap(), ["api", "brandNew"]);
    assert_eq!(known(cluster.cluster_version).status, "STANDARD_SUPPORT");
    assert_eq!(known(cluster.insights).first().unwrap().status.status, "ERROR");
    let admins = known(cluster.admins);
    let admin = admins.first().unwrap();
    assert_eq!((admin.principal.as_str(), admins.len()), (ADMIN, 1));
    assert_eq!(known(admin.scope.clone()).kind, "cluster");
    assert_eq!(known(cluster.associations).first().unwrap().service_account, "shop");
    assert_eq!(known(cluster.log_group).retention_in_days, Some(30));
    assert!(known(cluster.deletion_protection));
    let asked = wire.requests().into_iter().find(|r| operation(r) == "ListAccessEntries").unwrap();
    assert_eq!(
        asked.parameter("associatedPolicyArn"),
        Some("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")
    );
    // GetCallerIdentity; two lists of clusters; one list of versions; six about the
    // cluster; four about its node group; three about its add-on.
    assert_eq!(wire.requests().len(), 1 + 2 + 1 + 6 + 4 + 3);
}

#[tokio::test]
async fn node_groups_and_add_ons_are_read() {
    let collected = collect(&Wire::start(full)).await;
    let resource = collected.resource("eks.nodegroup", "prod/web");
    assert_eq!(resource.arn.as_ref(), GROUP);
    let group: Nodegroup = collected.document("eks.nodegroup", "prod/web");
    assert_eq!(known(group.ami_type), "AL2023_x86_64_STANDARD");
    assert_eq!(known(group.cluster_version).version, "1.34");
    let newest = known(group.newest_release);
    assert_eq!(
        (newest.name.as_str(), newest.value.as_str()),
        (
            "/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/x86_64/standard/recommended/\
             release_version",
            "1.34.2-20260201"
        )
    );
    let options = known(group.launch_template).metadata_options.unwrap();
    assert_eq!(options.http_tokens.as_deref(), Some("required"));
    let access = known(group.remote_access);
    assert_eq!(access.ec2_ssh_key.as_deref(), Some("admins"));
    assert_eq!(access.source_security_groups, None);
    let addon: Addon = collected.document("eks.addon", "prod/vpc-cni");
    assert_eq!(collected.resource("eks.addon", "prod/vpc-cni").arn.as_ref(), ADDON);
    assert_eq!(known(addon.version), "v1.20.0");
    assert!(known(addon.compatibilities).first().unwrap().default_version);
    assert!(known(addon.configuration).contains("enableNetworkPolicy"));
}

#[tokio::test]
async fn all_pages_are_read_and_circles_noticed() {
    let wire = Wire::start(|request| {
        let second = request.parameter("nextToken").is_some();
        let body = match (operation(request).as_str(), second) {
            ("ListClusters", false) => json!({ "clusters": ["prod"], "nextToken": "n" }),
            ("ListClusters", true) => json!({ "clusters": ["test"] }),
            ("ListNodegroups", false) => json!({ "nodegroups": ["web"], "nextToken": "n" }),
            ("ListNodegroups", true) => json!({ "nodegroups": ["job"] }),
            ("ListAddons", false) => json!({ "addons": ["vpc-cni"], "nextToken": "n" }),
            ("ListAddons", true) => json!({ "addons": ["coredns"] }),
            _ => return full(request),
        };
        Some(ok(&body.to_string()))
    });
    let kinds = [Cluster::resource_type(), Nodegroup::resource_type(), Addon::resource_type()];
    let collected = wire.collect(Plan::everything(kinds), &["eu-west-1"]).await;
    assert_eq!(collected.ids("eks.cluster"), ["prod", "test"]);
    assert_eq!(collected.ids("eks.nodegroup"), ["prod/job", "prod/web", "test/job", "test/web"]);
    assert_eq!(
        collected.ids("eks.addon"),
        ["prod/coredns", "prod/vpc-cni", "test/coredns", "test/vpc-cni"]
    );
    // Once for each add-on and version, whatever the number of clusters.
    let asked = wire.requests();
    assert_eq!(asked.iter().filter(|r| operation(r) == "DescribeAddonVersions").count(), 2);
    let other: Addon = collected.document("eks.addon", "prod/coredns");
    assert_eq!(other.configuration, Fact::Absent, "nobody reads it");

    let circle = json!({ "clusters": [], "nextToken": "n" }).to_string();
    let collected = collect(&but("ListClusters", ok(&circle))).await;
    for kind in ["eks.cluster", "eks.nodegroup", "eks.addon"] {
        let missing = collected.missing(kind, "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{kind}");
    }
}

#[tokio::test]
async fn a_refused_list_hides_what_it_lists() {
    for (refused, hidden) in [
        ("ListClusters", &["eks.cluster", "eks.nodegroup", "eks.addon"][..]),
        ("ListNodegroups", &["eks.nodegroup"]),
        ("DescribeNodegroup", &["eks.nodegroup"]),
        ("ListAddons", &["eks.addon"]),
        ("DescribeAddon", &["eks.addon"]),
    ] {
        let collected =
            collect(&but(refused, json_error(403, "AccessDeniedException", "no"))).await;
        for kind in ["eks.cluster", "eks.nodegroup", "eks.addon"] {
            let missing = collected.missing(kind, "eu-west-1");
            assert_eq!(missing.len(), usize::from(hidden.contains(&kind)), "{refused} {kind}");
            assert!(missing.iter().all(|gap| gap.class == ErrorClass::AccessDenied));
        }
    }
}

#[tokio::test]
async fn a_refusal_hides_what_it_fills() {
    let denied = || json_error(403, "AccessDeniedException", "no");
    let collected = collect(&but("DescribeCluster", denied())).await;
    let hidden = cluster(&collected);
    let gap = collected.why(&hidden.vpc_config);
    assert_eq!((gap.class, gap.resource.as_deref()), (ErrorClass::AccessDenied, Some(CLUSTER)));
    assert_eq!(collected.why(&hidden.cluster_version), gap);
    assert_eq!(known(hidden.insights).len(), 1);
    let addon: Addon = collected.document("eks.addon", "prod/vpc-cni");
    assert_eq!(collected.why(&addon.compatibilities), gap);

    let collected = collect(&but("DescribeClusterVersions", denied())).await;
    let gap = collected.why(&cluster(&collected).cluster_version).clone();
    assert_eq!((gap.operation.as_str(), gap.resource), ("eks:DescribeClusterVersions", None));
    let group: Nodegroup = collected.document("eks.nodegroup", "prod/web");
    assert_eq!(collected.why(&group.cluster_version).operation, gap.operation);

    let collected = collect(&but("ListInsights", denied())).await;
    collected.why(&cluster(&collected).insights);
    let collected = collect(&but("ListAccessEntries", denied())).await;
    collected.why(&cluster(&collected).admins);
    let collected = collect(&but("ListAssociatedAccessPolicies", denied())).await;
    let admins = known(cluster(&collected).admins);
    collected.why(&admins.first().unwrap().scope);
    let collected = collect(&but("ListPodIdentityAssociations", denied())).await;
    collected.why(&cluster(&collected).associations);
    let collected = collect(&but("DescribeLogGroups", denied())).await;
    collected.why(&cluster(&collected).log_group);
    let collected = collect(&but("DescribeAddonVersions", denied())).await;
    let addon: Addon = collected.document("eks.addon", "prod/vpc-cni");
    collected.why(&addon.compatibilities);
    let collected = collect(&but("GetParameter", denied())).await;
    let group: Nodegroup = collected.document("eks.nodegroup", "prod/web");
    collected.why(&group.newest_release);
    let refused = ec2_error(403, "UnauthorizedOperation", "no");
    let collected = collect(&but("DescribeLaunchTemplateVersions", refused)).await;
    let group: Nodegroup = collected.document("eks.nodegroup", "prod/web");
    assert_eq!(collected.why(&group.launch_template).resource.as_deref(), Some(GROUP));
}

#[tokio::test]
async fn answers_that_say_there_is_none() {
    let mode = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] \
                to perform this operation.";
    let answer = json_error(400, "InvalidRequestException", mode);
    let collected = collect(&but("ListAccessEntries", answer)).await;
    assert_eq!(cluster(&collected).admins, Fact::Absent);
    let collected =
        collect(&but("ListAccessEntries", json_error(400, "InvalidRequestException", "no"))).await;
    assert_eq!(collected.why(&cluster(&collected).admins).class, ErrorClass::Other);

    let others = json!({ "logGroups": [{ "logGroupName": "/aws/eks/prod/cluster2" }] });
    let collected = collect(&but("DescribeLogGroups", ok(&others.to_string()))).await;
    assert_eq!(cluster(&collected).log_group, Fact::Absent);

    let collected = collect(&but("DescribeClusterVersions", ok("{\"clusterVersions\":[]}"))).await;
    assert_eq!(cluster(&collected).cluster_version, Fact::Absent);

    let collected = collect(&but("GetParameter", json_error(400, "ParameterNotFound", "no"))).await;
    let group: Nodegroup = collected.document("eks.nodegroup", "prod/web");
    assert_eq!(group.newest_release, Fact::Absent);

    let gone = ec2_error(400, "InvalidLaunchTemplateId.NotFound", "no");
    let collected = collect(&but("DescribeLaunchTemplateVersions", gone)).await;
    let group: Nodegroup = collected.document("eks.nodegroup", "prod/web");
    assert_eq!(group.launch_template, Fact::Absent);

    let none = json!({ "addons": [{ "addonName": "vpc-cni", "addonVersions": [] }] });
    let collected = collect(&but("DescribeAddonVersions", ok(&none.to_string()))).await;
    let addon: Addon = collected.document("eks.addon", "prod/vpc-cni");
    assert_eq!(addon.compatibilities, Fact::Absent);
}

#[tokio::test]
async fn what_was_deleted_since_it_was_listed_is_left_out() {
    let gone = || json_error(404, "ResourceNotFoundException", "No cluster found for name: prod.");
    let collected = collect(&but("DescribeCluster", gone())).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    for kind in ["eks.cluster", "eks.nodegroup", "eks.addon"] {
        assert!(collected.ids(kind).is_empty(), "{kind}");
    }
    let collected = collect(&but("DescribeNodegroup", gone())).await;
    assert!(collected.gaps.is_empty() && collected.ids("eks.nodegroup").is_empty());
    let collected = collect(&but("DescribeAddon", gone())).await;
    assert!(collected.gaps.is_empty() && collected.ids("eks.addon").is_empty());
}

#[tokio::test]
async fn what_is_always_there_and_missing_is_a_gap() {
    let collected = collect(&but("ListClusters", ok("{}"))).await;
    let missing = collected.missing("eks.cluster", "eu-west-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);

    // A switch that the SDK would read as off.
    let short = json!({ "cluster": {
        "name": "prod", "version": "1.34", "resourcesVpcConfig": { "endpointPrivateAccess": true },
    }});
    let collected = collect(&but("DescribeCluster", ok(&short.to_string()))).await;
    let gap = collected.why(&cluster(&collected).vpc_config).clone();
    assert_eq!(gap.class, ErrorClass::Malformed);
    assert!(gap.message.contains("endpointPublicAccess"), "{}", gap.message);

    let short = json!({ "cluster": { "name": "prod", "resourcesVpcConfig": {
        "endpointPublicAccess": true, "endpointPrivateAccess": true,
    }}});
    let collected = collect(&but("DescribeCluster", ok(&short.to_string()))).await;
    assert_eq!(collected.why(&cluster(&collected).version).class, ErrorClass::Malformed);
    let addon: Addon = collected.document("eks.addon", "prod/vpc-cni");
    assert_eq!(collected.why(&addon.compatibilities).class, ErrorClass::Malformed);

    let short = json!({ "nodegroup": { "nodegroupName": "web" } }).to_string();
    let collected = collect(&but("DescribeNodegroup", ok(&short))).await;
    let missing = collected.missing("eks.nodegroup", "eu-west-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);
}

#[tokio::test]
async fn only_what_is_read_is_asked() {
    let wire = Wire::start(full);
    let plan = Plan::new([Cluster::resource_type()], [&LIST_CLUSTERS]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    assert_eq!(collected.ids("eks.cluster"), ["prod"]);
    assert_eq!(wire.requests().len(), 1 + 1);
}
