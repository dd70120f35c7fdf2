//! What rules may ask about the nodes of a managed node group.

use super::Nodegroup;
use crate::inventory::{Fact, Gaps, Partial, Resource, Shape, Value};
use crate::record;
use crate::services::ec2::compute::instance::Instance;
use crate::services::ec2::network::{ROUTING, Routing, Subnet};
use crate::services::iam::allowed::{Allowed, allowed};
use crate::services::{Asking, Decided, Question, Witness};
use std::collections::HashMap;
use std::sync::Arc;

record! {
    /// An instance of a node group.
    pub struct Node {
        /// Its id.
        "InstanceId" => id: String,
        /// It has a public IPv4 address.
        "public" => public: Decided<bool>,
        /// optional (IMDSv1 and IMDSv2) or required (IMDSv2 only).
        "HttpTokens" => http_tokens: Decided<String>,
        /// enabled or disabled.
        "HttpEndpoint" => http_endpoint: Decided<String>,
        /// How many network hops an answer of the metadata service may travel.
        "HttpPutResponseHopLimit" => hop_limit: Decided<i64>,
    }
}

record! {
    /// What the role of the nodes may change in the registry.
    pub struct RegistryWrites {
        /// It may change something.
        "allowed" => allowed: Decided<bool>,
        /// What, and by which policy and statement.
        "allows" => allows: Vec<String>,
        /// A request that shows it.
        "witness" => witness: Option<Witness>,
        /// What was not read or not decided.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// A subnet of a node group.
    pub struct NodeSubnet {
        /// Its id.
        "SubnetId" => id: String,
        /// Its route table leads to an internet gateway.
        "public" => public: Decided<bool>,
    }
}

/// What changes a repository: what is in it, who may use it, how it is kept.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html>
const WRITES: [&str; 11] = [
    "ecr:PutImage",
    "ecr:InitiateLayerUpload",
    "ecr:BatchDeleteImage",
    "ecr:CreateRepository",
    "ecr:DeleteRepository",
    "ecr:SetRepositoryPolicy",
    "ecr:DeleteRepositoryPolicy",
    "ecr:PutLifecyclePolicy",
    "ecr:PutImageTagMutability",
    "ecr:PutImageScanningConfiguration",
    "ecr:PutRegistryPolicy",
];

/// The tags that EKS gives to the instances of a managed node group
/// (<https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html>).
const CLUSTER_TAG: &str = "eks:cluster-name";
const NODEGROUP_TAG: &str = "eks:nodegroup-name";

/// The questions about nodes.
pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "eks.nodes",
        doc: "The instances of a managed node group, found by the tags that EKS gives them.",
        subjects: &["eks.nodegroup"],
        reads: &[("eks.nodegroup", &["clusterName", "nodegroupName"])],
        looks_up: &[("ec2.instance", &["State", "PublicIpAddress", "MetadataOptions"])],
        returns: Vec::<Node>::shape,
        answer: nodes,
    },
    Question {
        name: "eks.node_subnets",
        doc: "The subnets of a managed node group, and whether the route table of each, its own or \
              the VPC's main one, leads to an internet gateway.",
        subjects: &["eks.nodegroup"],
        reads: &[("eks.nodegroup", &["subnets"])],
        looks_up: &[ROUTING, ("ec2.subnet", &["VpcId"])],
        returns: Vec::<NodeSubnet>::shape,
        answer: node_subnets,
    },
    Question {
        name: "eks.registry_writes",
        doc: "Whether the role of the nodes may change anything in Amazon ECR: images, \
              repositories, their policies and settings.",
        subjects: &["eks.nodegroup"],
        reads: &[("eks.nodegroup", &["nodeRole"])],
        looks_up: &[
            ("iam.role", &["RolePolicyList", "AttachedManagedPolicies", "PermissionsBoundary"]),
            ("iam.policy", &["PolicyVersion"]),
        ],
        returns: RegistryWrites::shape,
        answer: registry_writes,
    },
];

fn nodes(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(group) = Nodegroup::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let (cluster, name) = match (group.cluster_name, group.name) {
        (Fact::Known(cluster), Fact::Known(name)) => (cluster, name),
        (Fact::Unknown(gaps), _) | (_, Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        _ => return Value::Unknown(Gaps::NONE),
    };
    let tagged = Tagged::of(asking, &subject.region);
    let mut missing = tagged.hidden.clone();
    let mut items = Vec::new();
    for arn in tagged.by_group.get(&(cluster, name)).into_iter().flatten() {
        let (Some(instance), _) = asking.find("ec2.instance", arn) else { continue };
        let Some(document) = Instance::from_value(&instance.document) else { continue };
        match &document.state {
            Fact::Known(state) if matches!(state.name.as_str(), "shutting-down" | "terminated") => {
                continue;
            }
            Fact::Known(_) | Fact::Absent => {}
            Fact::Unknown(gaps) => {
                missing = missing.union(gaps);
                continue;
            }
        }
        items.push(node(instance, &document));
    }
    Partial { items, missing }.into_value()
}

/// The instances of a region that say by tags which node group they are of.
struct Tagged {
    /// Their ARNs by the names of the cluster and of the group.
    by_group: HashMap<(String, String), Vec<Arc<str>>>,
    /// What may hide more of any group.
    hidden: Gaps,
}

impl Tagged {
    fn of(asking: &dyn Asking, region: &str) -> Arc<Self> {
        asking.memo().of(region, || Self::read(asking, region))
    }

    fn read(asking: &dyn Asking, region: &str) -> Self {
        let (instances, mut hidden) = asking.all_in("ec2.instance", region);
        let mut by_group: HashMap<(String, String), Vec<Arc<str>>> = HashMap::new();
        for instance in instances {
            match &instance.tags {
                Value::Map(tags) => {
                    let tag = |key: &str| match tags.get(key) {
                        Some(Value::Text(text)) => Some(text.to_string()),
                        _ => None,
                    };
                    if let Some(group) = tag(CLUSTER_TAG).zip(tag(NODEGROUP_TAG)) {
                        by_group.entry(group).or_default().push(Arc::clone(&instance.arn));
                    }
                }
                Value::Unknown(gaps) => hidden = hidden.union(gaps),
                _ => {}
            }
        }
        Self { by_group, hidden }
    }
}

fn node(instance: &Resource, document: &Instance) -> Node {
    let options = &document.metadata_options;
    Node {
        id: instance.id.to_string(),
        public: document.public_ip_address.as_ref().map(|_| true).decided_or(false),
        http_tokens: options.as_ref().map(|options| options.http_tokens.clone()).decided(),
        http_endpoint: options.as_ref().map(|options| options.http_endpoint.clone()).decided(),
        hop_limit: options.as_ref().map(|options| options.http_put_response_hop_limit).decided(),
    }
}

fn node_subnets(subject: &Resource, asking: &dyn Asking) -> Value {
    let group = Nodegroup::from_value(&subject.document);
    let subnets = match group.map_or(Decided::Unknown(Gaps::NONE), |it| it.subnets.decided()) {
        Decided::Known(subnets) => subnets,
        Decided::Unknown(gaps) => return Value::Unknown(gaps),
    };
    let routing = Routing::of(asking, &subject.region);
    let read = |id: String| {
        // A route to the internet makes a subnet public
        // (https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html).
        let public = match routing.ways_out(&id, || vpc_of(&id, asking)) {
            Decided::Known(ways) => Decided::Known(!ways.is_empty()),
            Decided::Unknown(gaps) => Decided::Unknown(gaps),
        };
        NodeSubnet { id, public }
    };
    subnets.into_iter().map(read).collect::<Vec<_>>().into_value()
}

/// The VPC of a subnet.
fn vpc_of(subnet: &str, asking: &dyn Asking) -> Decided<String> {
    let (found, missing) = asking.find("ec2.subnet", subnet);
    match found.and_then(|found| Subnet::from_value(&found.document)) {
        Some(found) => found.vpc_id.decided(),
        None => Decided::Unknown(missing),
    }
}

fn registry_writes(subject: &Resource, asking: &dyn Asking) -> Value {
    let group = Nodegroup::from_value(&subject.document);
    let arn = match group.map(|group| group.node_role) {
        Some(Fact::Known(arn)) => arn,
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        Some(Fact::Absent) | None => return Value::Unknown(Gaps::NONE),
    };
    let (role, missing) = asking.find("iam.role", &arn);
    let Some(role) = role else { return Value::Unknown(missing) };
    let form = format!("arn:{}:ecr:?*:{}:repository/?*", asking.partition(), asking.account());
    let Some(Allowed { allowed, allows, witness, reasons }) = allowed(role, asking, &WRITES, &form)
    else {
        return Value::Unknown(Gaps::NONE);
    };
    RegistryWrites { allowed, allows, witness, reasons }.into_value()
}
