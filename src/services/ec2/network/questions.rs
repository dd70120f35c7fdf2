//! What rules may ask about the rest of the network.

use super::acl::NetworkAcl;
use super::acl_traffic;
use super::occupied::Occupied;
use super::vpc::{FlowLog, Vpc, VpcEndpoint};
use crate::inventory::{Document, Fact, Gaps, Partial, Resource, Shape, Value};
use crate::record;
use crate::services::{Asking, Decided, Question};

record! {
    /// A range of ports to which a network ACL lets everybody on the internet in.
    pub struct OpenAclPorts {
        /// IPv4 or IPv6.
        "family" => family: String,
        /// tcp or udp.
        "protocol" => protocol: String,
        /// The first port.
        "from_port" => from_port: i64,
        /// The last port.
        "to_port" => to_port: i64,
        /// It is open.
        "open" => open: Decided<bool>,
        /// `tcp 22 over IPv4`.
        "label" => label: String,
        /// The numbers of the rules that let in, alone or together.
        "rules" => rules: Vec<i64>,
    }
}

record! {
    /// A flow log of a VPC.
    pub struct VpcFlowLog {
        /// Its id.
        "FlowLogId" => flow_log_id: String,
        /// ACTIVE.
        "FlowLogStatus" => flow_log_status: Decided<String>,
        /// ACCEPT, REJECT or ALL.
        "TrafficType" => traffic_type: Fact<String>,
        /// SUCCESS or FAILED.
        "DeliverLogsStatus" => deliver_logs_status: Fact<String>,
    }
}

const OWNED: &[&str] = &[
    "ec2.security-group",
    "ec2.network-interface",
    "ec2.network-acl",
    "ec2.vpc",
    "ec2.subnet",
    "ec2.transit-gateway",
    "ec2.route-table",
];

/// The questions about the rest of the network.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "ec2.own",
        doc: "Whether this account owns it; else another account shares it.",
        subjects: OWNED,
        reads: &[
            ("ec2.security-group", &["OwnerId"]),
            ("ec2.network-interface", &["OwnerId"]),
            ("ec2.network-acl", &["OwnerId"]),
            ("ec2.vpc", &["OwnerId"]),
            ("ec2.subnet", &["OwnerId"]),
            ("ec2.transit-gateway", &["OwnerId"]),
            ("ec2.route-table", &["OwnerId"]),
        ],
        looks_up: &[],
        returns: bool::shape,
        answer: |subject, asking| match subject.field("OwnerId") {
            Some(Value::Text(owner)) => Value::Bool(owner.as_ref() == asking.account()),
            other => not_text(other),
        },
    },
    Question {
        name: "ec2.vpc_in_use",
        doc: "Whether the VPC has a network interface: the VPC itself, or the one that it is in.",
        subjects: &["ec2.vpc", "ec2.subnet", "ec2.network-acl", "ec2.security-group"],
        reads: IN_VPC,
        looks_up: &[("ec2.network-interface", &["VpcId"])],
        returns: bool::shape,
        answer: |subject, asking| match vpc_of(subject) {
            Value::Text(vpc) => has_interface(subject, &vpc, asking),
            other => other,
        },
    },
    Question {
        name: "ec2.untouched_default_vpc",
        doc: "Whether the VPC (itself, or the one that it is in) is the one that AWS made with \
              the account and holds no network interface.",
        subjects: &["ec2.vpc", "ec2.security-group"],
        reads: &[("ec2.vpc", &["IsDefault"]), ("ec2.security-group", &["VpcId"])],
        looks_up: &[("ec2.vpc", &["IsDefault"]), ("ec2.network-interface", &["VpcId"])],
        returns: bool::shape,
        answer: untouched_default_vpc,
    },
    Question {
        name: "ec2.group_in_use",
        doc: "Whether a network interface has the security group.",
        subjects: &["ec2.security-group"],
        reads: &[],
        looks_up: &[("ec2.network-interface", &["Groups"])],
        returns: bool::shape,
        answer: group_in_use,
    },
    Question {
        name: "ec2.open_acl",
        doc: "The ranges of ports to which the network ACL lets everybody in, by TCP or UDP, over \
              IPv4 or IPv6. Rules are read in their order.",
        subjects: &["ec2.network-acl"],
        reads: &[("ec2.network-acl", &["Entries"])],
        looks_up: &[],
        returns: Vec::<OpenAclPorts>::shape,
        answer: open_acl,
    },
    Question {
        name: "ec2.flow_logs",
        doc: "The flow logs of the VPC.",
        subjects: &["ec2.vpc"],
        reads: &[],
        looks_up: &[(
            "ec2.flow-log",
            &["ResourceId", "FlowLogStatus", "TrafficType", "DeliverLogsStatus"],
        )],
        returns: Vec::<VpcFlowLog>::shape,
        answer: flow_logs,
    },
    Question {
        name: "ec2.interface_endpoints",
        doc: "The services of the VPC's own region that have an interface endpoint in the VPC \
              that can be used: ec2, ecr.api, ssm.",
        subjects: &["ec2.vpc"],
        reads: &[],
        looks_up: &[("ec2.vpc-endpoint", &["VpcEndpointType", "VpcId", "ServiceName", "State"])],
        returns: Vec::<String>::shape,
        answer: interface_endpoints,
    },
];

const IN_VPC: &[(&str, &[&str])] = &[
    ("ec2.subnet", &["VpcId"]),
    ("ec2.network-acl", &["VpcId"]),
    ("ec2.security-group", &["VpcId"]),
];

/// What stands in the place of a text: unknown with its gaps.
fn not_text(value: Option<&Value>) -> Value {
    match value {
        Some(Value::Unknown(gaps)) => Value::Unknown(gaps.clone()),
        _ => Value::Unknown(Gaps::NONE),
    }
}

/// The id of the VPC, or unknown.
fn vpc_of(subject: &Resource) -> Value {
    if subject.kind == Vpc::resource_type() {
        return Value::Text(subject.id.clone());
    }
    match subject.field("VpcId") {
        Some(text @ Value::Text(_)) => text.clone(),
        other => not_text(other),
    }
}

fn has_interface(subject: &Resource, vpc: &str, asking: &dyn Asking) -> Value {
    Occupied::of(asking, &subject.region).vpc(vpc).into_value()
}

fn untouched_default_vpc(subject: &Resource, asking: &dyn Asking) -> Value {
    let vpc = match vpc_of(subject) {
        Value::Text(vpc) => vpc,
        other => return other,
    };
    let is_default = if subject.kind == Vpc::resource_type() {
        default_of(subject)
    } else {
        // A default VPC is always the account's own, so what is not listed is none.
        let (all, hidden) = asking.all_in(Vpc::resource_type().name, &subject.region);
        match all.into_iter().find(|it| it.id == vpc) {
            Some(found) => default_of(found),
            None if hidden.is_empty() => Value::Bool(false),
            None => Value::Unknown(hidden),
        }
    };
    let gaps = match is_default {
        Value::Bool(true) => None,
        Value::Unknown(gaps) => Some(gaps),
        _ => return Value::Bool(false),
    };
    match (gaps, has_interface(subject, &vpc, asking)) {
        (_, Value::Bool(true)) => Value::Bool(false),
        (None, Value::Bool(false)) => Value::Bool(true),
        (Some(gaps), Value::Unknown(more)) => Value::Unknown(gaps.union(&more)),
        (Some(gaps), _) => Value::Unknown(gaps),
        (None, other) => other,
    }
}

fn default_of(vpc: &Resource) -> Value {
    match vpc.field("IsDefault") {
        Some(Value::Bool(is_default)) => Value::Bool(*is_default),
        other => not_text(other),
    }
}

fn group_in_use(subject: &Resource, asking: &dyn Asking) -> Value {
    Occupied::of(asking, &subject.region).group(&subject.id).into_value()
}

fn open_acl(subject: &Resource, _: &dyn Asking) -> Value {
    let Some(acl) = NetworkAcl::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let entries = match acl.entries {
        Fact::Known(entries) => entries,
        Fact::Absent => Vec::new(),
        Fact::Unknown(gaps) => return Value::Unknown(gaps),
    };
    let ranges = acl_traffic::openings(&entries).into_iter().map(|opening| OpenAclPorts {
        family: opening.family.name().to_owned(),
        protocol: opening.protocol.name().to_owned(),
        from_port: i64::from(opening.ports.0),
        to_port: i64::from(opening.ports.1),
        label: opening.label(),
        open: opening.open,
        rules: opening.rules,
    });
    ranges.collect::<Vec<_>>().into_value()
}

/// Whether a field names something else than the subject, which is seen without
/// reading the whole document.
fn is_of_another(resource: &Resource, field: &str, subject: &Resource) -> bool {
    matches!(resource.field(field), Some(Value::Text(id)) if *id != subject.id)
}

fn flow_logs(subject: &Resource, asking: &dyn Asking) -> Value {
    let (all, mut missing) = asking.all_in(FlowLog::resource_type().name, &subject.region);
    let mut items = Vec::new();
    for resource in all.into_iter().filter(|it| !is_of_another(it, "ResourceId", subject)) {
        let Some(log) = FlowLog::from_value(&resource.document) else { continue };
        match log.resource_id {
            Fact::Known(of) if *of == *subject.id => {}
            Fact::Unknown(gaps) => {
                missing = missing.union(&gaps);
                continue;
            }
            _ => continue,
        }
        items.push(VpcFlowLog {
            flow_log_id: resource.id.to_string(),
            flow_log_status: log.flow_log_status.decided(),
            traffic_type: log.traffic_type,
            deliver_logs_status: log.deliver_logs_status,
        });
    }
    Partial { items, missing }.into_value()
}

fn interface_endpoints(subject: &Resource, asking: &dyn Asking) -> Value {
    let (all, mut missing) = asking.all_in(VpcEndpoint::resource_type().name, &subject.region);
    let mut items = Vec::new();
    for resource in all.into_iter().filter(|it| !is_of_another(it, "VpcId", subject)) {
        let Some(endpoint) = VpcEndpoint::from_value(&resource.document) else { continue };
        let tests = [
            test(&endpoint.vpc_id, |vpc| *vpc == *subject.id),
            test(&endpoint.vpc_endpoint_type, |kind| kind == "Interface"),
            test(&endpoint.state, |state| state.eq_ignore_ascii_case("available")),
        ];
        if tests.contains(&Fact::Known(false)) {
            continue;
        }
        let unknown = tests.iter().find_map(|test| match test {
            Fact::Unknown(gaps) => Some(gaps),
            _ => None,
        });
        match (unknown, endpoint.service_name) {
            (Some(gaps), _) => missing = missing.union(gaps),
            (None, Fact::Unknown(gaps)) => missing = missing.union(&gaps),
            // `com.amazonaws.<region>.<service>`, in China with `cn.` in front.
            (None, Fact::Known(name)) => {
                let of_region = format!(".{}.", subject.region);
                items.extend(name.split_once(&of_region).map(|(_, service)| service.to_owned()));
            }
            (None, Fact::Absent) => {}
        }
    }
    Partial { items, missing }.into_value()
}

fn test(fact: &Fact<String>, holds: impl Fn(&String) -> bool) -> Fact<bool> {
    fact.as_ref().map(holds)
}
