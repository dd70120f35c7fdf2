//! What rules may ask about clusters, node groups and add-ons.

use super::nodes;
use super::releases::{allowed_skew, minor, released};
use super::workload_identity::{WorkloadIdentity, issuer_in_iam, workload_identity};
use super::{Addon, Cluster, Nodegroup};
use crate::inventory::{Fact, Gaps, Partial, Resource, Shape, Value};
use crate::record;
use crate::services::ec2::network::covers_internet;
use crate::services::ec2::network::group_questions::any_port_open;
use crate::services::{Asking, Decided, Question};
use jiff::Timestamp;
use std::sync::LazyLock;

record! {
    /// How far a node group is behind its control plane.
    pub struct VersionSkew {
        /// The version of the control plane.
        "cluster" => cluster: String,
        /// How many minor versions the nodes are behind; below zero: ahead.
        "behind" => behind: i64,
        /// How many they may be behind.
        "allowed" => allowed: i64,
    }
}

record! {
    /// How new the image of a node group is.
    pub struct NodeRelease {
        /// It is the newest.
        "newest" => newest: Decided<bool>,
        /// The day in its release; absent where releases have none.
        "released" => released: Option<Timestamp>,
    }
}

record! {
    /// What the security groups of a cluster open.
    pub struct OpenGroups {
        /// One of them lets everybody on the internet in.
        "open" => open: Decided<bool>,
        /// Which, and to what: `sg-1: tcp 22`.
        "groups" => groups: Vec<String>,
    }
}

/// The questions about EKS.
pub(super) static QUESTIONS: LazyLock<Vec<Question>> =
    LazyLock::new(|| [OF_CLUSTERS, OF_PARTS, nodes::QUESTIONS].concat());

const OF_CLUSTERS: &[Question] = &[
    Question {
        name: "eks.log_types",
        doc: "The types of control plane logs that are on.",
        subjects: &["eks.cluster"],
        reads: &[("eks.cluster", &["logging"])],
        looks_up: &[],
        returns: Vec::<String>::shape,
        answer: |subject, _| log_types(subject),
    },
    Question {
        name: "eks.open_endpoint",
        doc: "Whether the public address of the API server takes connections from every address \
              of the internet: ranges count together.",
        subjects: &["eks.cluster"],
        reads: &[("eks.cluster", &["resourcesVpcConfig"])],
        looks_up: &[],
        returns: bool::shape,
        answer: |subject, _| open_endpoint(subject),
    },
    Question {
        name: "eks.cluster_admins",
        doc: "Who holds the access policy of cluster administrators for the whole cluster.",
        subjects: &["eks.cluster"],
        reads: &[("eks.cluster", &["accessEntries"])],
        looks_up: &[],
        returns: Vec::<String>::shape,
        answer: |subject, _| cluster_admins(subject),
    },
    Question {
        name: "eks.issuer_in_iam",
        doc: "Whether IAM has an OIDC provider for the cluster's issuer.",
        subjects: &["eks.cluster"],
        reads: &[("eks.cluster", &["identity"])],
        looks_up: &[("iam.oidc-provider", &[])],
        returns: bool::shape,
        answer: issuer_in_iam,
    },
    Question {
        name: "eks.workload_identity",
        doc: "Whether a pod of the cluster gets a role of its own: by a pod identity association, \
              or by a role that trusts the cluster's issuer.",
        subjects: &["eks.cluster"],
        reads: &[("eks.cluster", &["identity", "associations"])],
        looks_up: &[("iam.role", &["AssumeRolePolicyDocument"])],
        returns: WorkloadIdentity::shape,
        answer: workload_identity,
    },
    Question {
        name: "eks.open_groups",
        doc: "Whether a security group of the cluster, its own or one beside it, lets everybody on \
              the internet in, to whatever port.",
        subjects: &["eks.cluster"],
        reads: &[("eks.cluster", &["resourcesVpcConfig"])],
        looks_up: &[
            ("ec2.security-group", &["IpPermissions"]),
            ("ec2.managed-prefix-list", &["OwnerId", "Entries"]),
        ],
        returns: OpenGroups::shape,
        answer: open_groups,
    },
];

const OF_PARTS: &[Question] = &[
    Question {
        name: "eks.version_skew",
        doc: "How many minor versions of Kubernetes a node group is behind its control plane, and \
              how many it may be.",
        subjects: &["eks.nodegroup"],
        reads: &[("eks.nodegroup", &["clusterName", "version"])],
        looks_up: &[("eks.cluster", &["version"])],
        returns: VersionSkew::shape,
        answer: version_skew,
    },
    Question {
        name: "eks.node_release",
        doc: "Whether the image of a node group is the newest of its kind, and from which day it \
              is.",
        subjects: &["eks.nodegroup"],
        reads: &[("eks.nodegroup", &["releaseVersion", "Parameter"])],
        looks_up: &[],
        returns: NodeRelease::shape,
        answer: |subject, _| node_release(subject),
    },
    Question {
        name: "eks.network_policy",
        doc: "Whether the VPC CNI add-on is set up to enforce network policies.",
        subjects: &["eks.addon"],
        reads: &[("eks.addon", &["configurationValues"])],
        looks_up: &[],
        returns: bool::shape,
        answer: |subject, _| network_policy(subject),
    },
];

fn log_types(subject: &Resource) -> Value {
    let cluster = Cluster::from_value(&subject.document);
    let setups = match cluster.map(|cluster| cluster.logging) {
        Some(Fact::Known(logging)) => logging.cluster_logging,
        Some(Fact::Absent) => None,
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        None => return Value::Unknown(Gaps::NONE),
    };
    let on = setups.into_iter().flatten().filter(|setup| setup.enabled == Some(true));
    let mut types: Vec<String> = on.filter_map(|setup| setup.types).flatten().collect();
    types.sort_unstable();
    types.dedup();
    types.into_value()
}

fn open_endpoint(subject: &Resource) -> Value {
    let cluster = Cluster::from_value(&subject.document);
    let config = match cluster.map(|cluster| cluster.vpc_config) {
        Some(Fact::Known(config)) => config,
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        Some(Fact::Absent) | None => return Value::Unknown(Gaps::NONE),
    };
    if !config.endpoint_public_access {
        return Value::Bool(false);
    }
    // Without a list every address is allowed.
    let Some(ranges) = config.public_access_cidrs else { return Value::Bool(true) };
    let open = covers_internet(ranges.iter().map(String::as_str));
    open.map_or(Value::Unknown(Gaps::NONE), Value::Bool)
}

fn cluster_admins(subject: &Resource) -> Value {
    let cluster = Cluster::from_value(&subject.document);
    let admins = match cluster.map(|cluster| cluster.admins) {
        Some(Fact::Known(admins)) => admins,
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        Some(Fact::Absent) => Vec::new(),
        None => return Value::Unknown(Gaps::NONE),
    };
    let mut missing = Gaps::NONE;
    let mut items = Vec::new();
    for admin in admins {
        match admin.scope {
            Fact::Known(scope) if scope.kind == "cluster" => items.push(admin.principal),
            // The policy was taken away since the list was read.
            Fact::Known(_) | Fact::Absent => {}
            Fact::Unknown(gaps) => missing = missing.union(&gaps),
        }
    }
    Partial { items, missing }.into_value()
}

fn open_groups(subject: &Resource, asking: &dyn Asking) -> Value {
    let cluster = Cluster::from_value(&subject.document);
    let config = match cluster.map(|cluster| cluster.vpc_config) {
        Some(Fact::Known(config)) => config,
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        Some(Fact::Absent) | None => return Value::Unknown(Gaps::NONE),
    };
    let beside = config.security_group_ids.into_iter().flatten();
    let mut states = Vec::new();
    let mut groups = Vec::new();
    for id in config.cluster_security_group_id.into_iter().chain(beside) {
        let (found, missing) = asking.find("ec2.security-group", &id);
        let (state, ports) = match found {
            Some(group) => any_port_open(group, asking),
            None => (Decided::Unknown(missing), Vec::new()),
        };
        if state == Decided::Known(true) {
            groups.push(format!("{id}: {}", ports.join(", ")));
        }
        states.push(state);
    }
    OpenGroups { open: Decided::any(&states, &Gaps::NONE), groups }.into_value()
}

/// A text that is always there, or why it is not known.
fn text(fact: Fact<String>) -> Result<String, Value> {
    match fact {
        Fact::Known(text) => Ok(text),
        Fact::Unknown(gaps) => Err(Value::Unknown(gaps)),
        Fact::Absent => Err(Value::Unknown(Gaps::NONE)),
    }
}

fn version_skew(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(group) = Nodegroup::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let (version, name) = match (text(group.version), text(group.cluster_name)) {
        (Ok(version), Ok(name)) => (version, name),
        (Err(unknown), _) | (_, Err(unknown)) => return unknown,
    };
    let (clusters, missing) = asking.all_in("eks.cluster", &subject.region);
    let Some(cluster) = clusters.iter().find(|cluster| cluster.id.as_ref() == name) else {
        return Value::Unknown(missing);
    };
    let of_cluster = Cluster::from_value(&cluster.document).map(|cluster| cluster.version);
    let of_cluster = match text(of_cluster.unwrap_or(Fact::Absent)) {
        Ok(version) => version,
        Err(unknown) => return unknown,
    };
    let (Some(control), Some(node)) = (minor(&of_cluster), minor(&version)) else {
        return Value::Unknown(Gaps::NONE);
    };
    VersionSkew { cluster: of_cluster, behind: control - node, allowed: allowed_skew(node) }
        .into_value()
}

fn node_release(subject: &Resource) -> Value {
    let Some(group) = Nodegroup::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let release = match text(group.release_version) {
        Ok(release) => release,
        Err(unknown) => return unknown,
    };
    let newest = match group.newest_release {
        Fact::Known(parameter) => Decided::Known(parameter.value == release),
        Fact::Unknown(gaps) => Decided::Unknown(gaps),
        // AWS does not say which is the newest: its day has to speak for it.
        Fact::Absent if released(&release).is_some() => Decided::Known(false),
        Fact::Absent => Decided::Unknown(Gaps::NONE),
    };
    NodeRelease { newest, released: released(&release) }.into_value()
}

fn network_policy(subject: &Resource) -> Value {
    let addon = Addon::from_value(&subject.document);
    let text = match addon.map(|addon| addon.configuration) {
        Some(Fact::Known(text)) => text,
        // Off is the add-on's default.
        Some(Fact::Absent) => return Value::Bool(false),
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        None => return Value::Unknown(Gaps::NONE),
    };
    // JSON is YAML, too.
    let Ok(settings) = serde_saphyr::from_str::<serde_json::Value>(&text) else {
        return Value::Unknown(Gaps::NONE);
    };
    Value::Bool(match settings.get("enableNetworkPolicy") {
        Some(serde_json::Value::Bool(on)) => *on,
        Some(serde_json::Value::String(on)) => on.eq_ignore_ascii_case("true"),
        _ => false,
    })
}
