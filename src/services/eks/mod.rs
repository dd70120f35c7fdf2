//! Amazon Elastic Kubernetes Service: clusters, managed node groups and add-ons.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html>,
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeNodegroup.html>,
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddon.html>.

#[cfg(feature = "aws")]
pub mod collect;
pub mod nodes;
pub mod questions;
mod releases;
#[cfg(test)]
mod tests;
pub mod workload_identity;

use crate::inventory::{Document, ErrorEntry, Fact, Meaning, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::ec2::compute::launch::{
    DESCRIBE_LAUNCH_TEMPLATE_VERSIONS, LaunchTemplateData,
};
use crate::{document, record};
use jiff::Timestamp;

pub use releases::release_parameter;

/// The clusters of a region, without those that are only connected to EKS.
pub static LIST_CLUSTERS: Operation = Operation::new("eks", "ListClusters", &["eks:ListClusters"]);
/// One cluster.
pub static DESCRIBE_CLUSTER: Operation =
    Operation::new("eks", "DescribeCluster", &["eks:DescribeCluster"]);
/// Which versions of Kubernetes are supported, and until when.
pub static DESCRIBE_CLUSTER_VERSIONS: Operation =
    Operation::new("eks", "DescribeClusterVersions", &["eks:DescribeClusterVersions"]);
/// What EKS found that would hinder an upgrade of a cluster.
pub static LIST_INSIGHTS: Operation = Operation::new("eks", "ListInsights", &["eks:ListInsights"]);
/// The principals that hold an access policy of a cluster. A cluster whose
/// users stand in its own config map only has no access entries.
pub static LIST_ACCESS_ENTRIES: Operation =
    Operation::new("eks", "ListAccessEntries", &["eks:ListAccessEntries"]).with_errors(&[
        ErrorEntry {
            code: "InvalidRequestException",
            message: Some("authentication mode must be set to one of"),
            means: Meaning::Absent,
        },
    ]);
/// The access policies of one principal.
pub static LIST_ASSOCIATED_ACCESS_POLICIES: Operation =
    Operation::new("eks", "ListAssociatedAccessPolicies", &["eks:ListAssociatedAccessPolicies"]);
/// The roles that pods of a cluster get by EKS Pod Identity.
pub static LIST_POD_IDENTITY_ASSOCIATIONS: Operation =
    Operation::new("eks", "ListPodIdentityAssociations", &["eks:ListPodIdentityAssociations"]);
/// The managed node groups of a cluster.
pub static LIST_NODEGROUPS: Operation =
    Operation::new("eks", "ListNodegroups", &["eks:ListNodegroups"]);
/// One managed node group.
pub static DESCRIBE_NODEGROUP: Operation =
    Operation::new("eks", "DescribeNodegroup", &["eks:DescribeNodegroup"]);
/// The add-ons of a cluster that EKS manages.
pub static LIST_ADDONS: Operation = Operation::new("eks", "ListAddons", &["eks:ListAddons"]);
/// One add-on.
pub static DESCRIBE_ADDON: Operation =
    Operation::new("eks", "DescribeAddon", &["eks:DescribeAddon"]);
/// The versions of an add-on that a version of Kubernetes can run.
pub static DESCRIBE_ADDON_VERSIONS: Operation =
    Operation::new("eks", "DescribeAddonVersions", &["eks:DescribeAddonVersions"]).with_errors(&[
        ErrorEntry { code: "ResourceNotFoundException", message: None, means: Meaning::Absent },
    ]);
/// The log group that a control plane writes to.
pub static DESCRIBE_LOG_GROUPS: Operation =
    Operation::new("logs", "DescribeLogGroups", &["logs:DescribeLogGroups"]);
/// The newest release of a node image, which AWS keeps in public parameters.
pub static GET_PARAMETER: Operation = Operation::new("ssm", "GetParameter", &["ssm:GetParameter"])
    .with_errors(&[ErrorEntry {
        code: "ParameterNotFound",
        message: None,
        means: Meaning::Absent,
    }]);

record! {
    /// How a cluster is reached.
    pub struct VpcConfig {
        /// Security groups beside the cluster's own.
        "securityGroupIds" => security_group_ids: Option<Vec<String>>,
        /// The security group that EKS made with the cluster.
        "clusterSecurityGroupId" => cluster_security_group_id: Option<String>,
        /// The API server has an address on the internet.
        "endpointPublicAccess" => endpoint_public_access: bool,
        /// The API server has an address in the VPC.
        "endpointPrivateAccess" => endpoint_private_access: bool,
        /// Who may reach the address on the internet; every address if left out.
        "publicAccessCidrs" => public_access_cidrs: Option<Vec<String>>,
    }
}

record! {
    /// Which logs of the control plane go to CloudWatch Logs.
    pub struct Logging {
        /// Types that are on, and types that are off.
        "clusterLogging" => cluster_logging: Option<Vec<LogSetup>>,
    }
}

record! {
    /// Types of logs with one switch.
    pub struct LogSetup {
        /// api, audit, authenticator, controllerManager, scheduler.
        "types" => types: Option<Vec<String>>,
        /// They are on.
        "enabled" => enabled: Option<bool>,
    }
}

record! {
    /// What is encrypted with a key of the customer.
    pub struct EncryptionConfig {
        /// The key.
        "provider" => provider: Option<EncryptionProvider>,
    }
}

record! {
    /// A KMS key.
    pub struct EncryptionProvider {
        /// Its ARN or alias.
        "keyArn" => key_arn: Option<String>,
    }
}

record! {
    /// How users come to the cluster.
    pub struct AccessConfig {
        /// API, API_AND_CONFIG_MAP or CONFIG_MAP.
        "authenticationMode" => authentication_mode: Option<String>,
    }
}

record! {
    /// The cluster's identity provider.
    pub struct Identity {
        /// For OpenID Connect.
        "oidc" => oidc: Option<Oidc>,
    }
}

record! {
    /// The issuer of the tokens of the cluster's service accounts.
    pub struct Oidc {
        /// Its address, with https://.
        "issuer" => issuer: Option<String>,
    }
}

record! {
    /// How long AWS supports a version of Kubernetes.
    pub struct ClusterVersion {
        /// The version: `1.33`.
        "clusterVersion" => version: String,
        /// STANDARD_SUPPORT, EXTENDED_SUPPORT or UNSUPPORTED.
        "versionStatus" => status: String,
        /// When standard support ends.
        "endOfStandardSupportDate" => end_of_standard_support: Option<Timestamp>,
        /// When extended support ends.
        "endOfExtendedSupportDate" => end_of_extended_support: Option<Timestamp>,
    }
}

record! {
    /// What EKS looked at before an upgrade.
    pub struct Insight {
        /// Its name.
        "name" => name: Option<String>,
        /// The version of Kubernetes that it is about.
        "kubernetesVersion" => kubernetes_version: Option<String>,
        /// What came of it.
        "insightStatus" => status: InsightStatus,
    }
}

record! {
    /// What came of a look.
    pub struct InsightStatus {
        /// PASSING, WARNING, ERROR or UNKNOWN.
        "status" => status: String,
        /// Why.
        "reason" => reason: Option<String>,
    }
}

record! {
    /// A principal that holds the policy AmazonEKSClusterAdminPolicy.
    pub struct ClusterAdmin {
        /// The user or role.
        "principalArn" => principal: String,
        /// How far it goes.
        "accessScope" => scope: Fact<AccessScope>,
    }
}

record! {
    /// How far an access policy goes.
    pub struct AccessScope {
        /// cluster or namespace.
        "type" => kind: String,
    }
}

record! {
    /// A service account that gets a role by EKS Pod Identity.
    pub struct PodIdentityAssociation {
        /// The namespace.
        "namespace" => namespace: String,
        /// The service account.
        "serviceAccount" => service_account: String,
    }
}

record! {
    /// The log group of a control plane.
    pub struct LogGroup {
        /// After how many days an entry is deleted; absent: never.
        "retentionInDays" => retention_in_days: Option<i64>,
    }
}

document! {
    /// A cluster.
    pub struct Cluster: "eks.cluster" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_CLUSTERS]], tagged by [DESCRIBE_CLUSTER] {
        /// The version of Kubernetes: `1.33`.
        "version" => always version: String = [DESCRIBE_CLUSTER],
        /// How it is reached.
        "resourcesVpcConfig" => always vpc_config: VpcConfig = [DESCRIBE_CLUSTER],
        /// Which logs are on; absent if none ever was.
        "logging" => optional logging: Logging = [DESCRIBE_CLUSTER],
        /// What is encrypted with a key of the customer; absent if nothing is.
        "encryptionConfig" => optional encryption_config: Vec<EncryptionConfig> = [DESCRIBE_CLUSTER],
        /// How users come to it; absent for clusters on Outposts.
        "accessConfig" => optional access_config: AccessConfig = [DESCRIBE_CLUSTER],
        /// Its identity provider; absent while it is being made, and on Outposts.
        "identity" => optional identity: Identity = [DESCRIBE_CLUSTER],
        /// It cannot be deleted before this is switched off.
        "deletionProtection" => optional deletion_protection: bool = [DESCRIBE_CLUSTER],
        /// What AWS says of its version; absent if AWS does not list the version.
        "clusterVersion" => optional cluster_version: ClusterVersion = [DESCRIBE_CLUSTER, DESCRIBE_CLUSTER_VERSIONS],
        /// What may hinder its upgrade.
        "insights" => always insights: Vec<Insight> = [LIST_INSIGHTS],
        /// Who holds the policy of cluster administrators; absent if the cluster has
        /// no access entries.
        "accessEntries" => optional admins: Vec<ClusterAdmin> = [LIST_ACCESS_ENTRIES, LIST_ASSOCIATED_ACCESS_POLICIES],
        /// The service accounts that get a role by EKS Pod Identity.
        "associations" => always associations: Vec<PodIdentityAssociation> = [LIST_POD_IDENTITY_ASSOCIATIONS],
        /// The log group of its control plane; absent if there is none.
        "logGroup" => optional log_group: LogGroup = [DESCRIBE_LOG_GROUPS],
    }
}

record! {
    /// Who may log in to nodes.
    pub struct RemoteAccess {
        /// The key pair; without one nobody can.
        "ec2SshKey" => ec2_ssh_key: Option<String>,
        /// From where; from everywhere if left out.
        "sourceSecurityGroups" => source_security_groups: Option<Vec<String>>,
    }
}

record! {
    /// A public parameter of AWS.
    pub struct PublicParameter {
        /// Its name.
        "Name" => name: String,
        /// Its value.
        "Value" => value: String,
    }
}

document! {
    /// A managed node group. Its id is `cluster/node group`.
    pub struct Nodegroup: "eks.nodegroup" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_CLUSTERS, LIST_NODEGROUPS, DESCRIBE_NODEGROUP]], tagged by [DESCRIBE_NODEGROUP] {
        /// Its cluster.
        "clusterName" => always cluster_name: String = [DESCRIBE_NODEGROUP],
        /// Its name.
        "nodegroupName" => always name: String = [DESCRIBE_NODEGROUP],
        /// The version of Kubernetes; absent where an image of the customer decides it.
        "version" => optional version: String = [DESCRIBE_NODEGROUP],
        /// The release of the image, or the image itself if it is the customer's.
        "releaseVersion" => optional release_version: String = [DESCRIBE_NODEGROUP],
        /// The kind of image: `AL2023_x86_64_STANDARD`; `CUSTOM` for the customer's.
        "amiType" => optional ami_type: String = [DESCRIBE_NODEGROUP],
        /// Where its nodes are.
        "subnets" => always subnets: Vec<String> = [DESCRIBE_NODEGROUP],
        /// Who may log in to nodes; absent if nobody was named, or a launch template decides.
        "remoteAccess" => optional remote_access: RemoteAccess = [DESCRIBE_NODEGROUP],
        /// The role of its nodes.
        "nodeRole" => always node_role: String = [DESCRIBE_NODEGROUP],
        /// What AWS says of its version; absent if AWS does not list the version.
        "clusterVersion" => optional cluster_version: ClusterVersion = [DESCRIBE_CLUSTER_VERSIONS],
        /// The newest release of its kind of image; absent where AWS does not publish one.
        "Parameter" => optional newest_release: PublicParameter = [GET_PARAMETER],
        /// What its own launch template says; absent if it has none.
        "LaunchTemplateData" => optional launch_template: LaunchTemplateData = [DESCRIBE_LAUNCH_TEMPLATE_VERSIONS],
    }
}

record! {
    /// A version of Kubernetes that can run a version of an add-on.
    pub struct Compatibility {
        /// The version of Kubernetes.
        "clusterVersion" => cluster_version: Option<String>,
        /// What is installed if nobody chooses.
        "defaultVersion" => default_version: bool,
    }
}

document! {
    /// An add-on that EKS manages. Its id is `cluster/add-on`.
    pub struct Addon: "eks.addon" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_CLUSTERS, LIST_ADDONS, DESCRIBE_ADDON]], tagged by [DESCRIBE_ADDON] {
        /// Its cluster.
        "clusterName" => always cluster_name: String = [DESCRIBE_ADDON],
        /// Its name: vpc-cni, coredns, kube-proxy and others.
        "addonName" => always name: String = [DESCRIBE_ADDON],
        /// Its version.
        "addonVersion" => always version: String = [DESCRIBE_ADDON],
        /// How it was set up, as JSON or YAML: of vpc-cni only. Absent if left as it is.
        "configurationValues" => optional configuration: String = [DESCRIBE_ADDON],
        /// What AWS says of this version of it on the cluster's version of Kubernetes; absent
        /// if the two do not go together.
        "compatibilities" => optional compatibilities: Vec<Compatibility> = [DESCRIBE_CLUSTER, DESCRIBE_ADDON_VERSIONS],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "eks",
        types: vec![Cluster::resource_type(), Nodegroup::resource_type(), Addon::resource_type()],
        questions: &questions::QUESTIONS,
    }
}
