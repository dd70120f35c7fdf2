//! What rules may ask about security groups.

use super::SecurityGroup;
use super::group::IpPermission;
use super::group_traffic::{Listed, all_ports, open_ranges};
use super::prefix_list::{AWS_OWNER, ManagedPrefixList};
use crate::inventory::{Document, Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::{Asking, Decided, Question};
use std::collections::BTreeMap;

record! {
    /// Whether a security group opens every port to everybody on the internet.
    pub struct OpenToInternet {
        /// It does.
        "open" => open: Decided<bool>,
        /// What: `tcp 0-65535`.
        "ports" => ports: Vec<String>,
        /// The permissions that do, alone or together.
        "permissions" => permissions: Vec<OpenPermission>,
    }
}

record! {
    /// A range of ports that a security group opens to everybody on the internet.
    pub struct OpenPorts {
        /// IPv4 or IPv6.
        "family" => family: String,
        /// tcp or udp.
        "protocol" => protocol: String,
        /// The first port.
        "from_port" => from_port: i64,
        /// The last port.
        "to_port" => to_port: i64,
        /// How many ports it has.
        "count" => count: i64,
        /// `tcp 22`, `udp 0-65535`.
        "label" => label: String,
        /// It is open; not known where a prefix list was not read.
        "open" => open: Decided<bool>,
        /// The permissions that open it, alone or together.
        "permissions" => permissions: Vec<OpenPermission>,
    }
}

record! {
    /// One permission, without the security groups in it.
    pub struct OpenPermission {
        /// tcp, udp, a number, or -1 for all.
        "IpProtocol" => ip_protocol: String,
        /// The first port.
        "FromPort" => from_port: Option<i64>,
        /// The last port.
        "ToPort" => to_port: Option<i64>,
        /// IPv4 ranges, IPv6 ranges and prefix lists.
        "Ranges" => ranges: Vec<String>,
    }
}

const INGRESS: &[(&str, &[&str])] = &[("ec2.security-group", &["IpPermissions"])];
const EGRESS: &[(&str, &[&str])] = &[("ec2.security-group", &["IpPermissionsEgress"])];
const LISTS: &[(&str, &[&str])] = &[("ec2.managed-prefix-list", &["OwnerId", "Entries"])];
const GROUP: &[&str] = &["ec2.security-group"];

/// The questions about security groups.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "ec2.open_ports",
        doc: "The ranges of ports that the group opens to all IPv4 or to all IPv6 addresses. Ranges \
              and prefix lists of several permissions count together.",
        subjects: GROUP,
        reads: INGRESS,
        looks_up: LISTS,
        returns: Vec::<OpenPorts>::shape,
        answer: open_ports,
    },
    Question {
        name: "ec2.open_all_ports",
        doc: "Whether the group lets everybody in to every port of TCP, or every port of UDP.",
        subjects: GROUP,
        reads: INGRESS,
        looks_up: LISTS,
        returns: OpenToInternet::shape,
        answer: |group, asking| everything(group, asking, |group| group.ip_permissions),
    },
    Question {
        name: "ec2.open_egress",
        doc: "Whether the group lets traffic out to every address and to every port of TCP, or \
              every port of UDP.",
        subjects: GROUP,
        reads: EGRESS,
        looks_up: LISTS,
        returns: OpenToInternet::shape,
        answer: |group, asking| everything(group, asking, |group| group.ip_permissions_egress),
    },
];

type Direction = fn(SecurityGroup) -> Fact<Vec<IpPermission>>;

/// The permissions of one direction, or what stands in their place.
fn permissions(subject: &Resource, direction: Direction) -> Result<Vec<IpPermission>, Value> {
    match SecurityGroup::from_value(&subject.document).map(direction) {
        Some(Fact::Known(permissions)) => Ok(permissions),
        Some(Fact::Absent) => Ok(Vec::new()),
        Some(Fact::Unknown(gaps)) => Err(Value::Unknown(gaps)),
        None => Err(Value::Unknown(Gaps::NONE)),
    }
}

fn shown(permissions: &[IpPermission], positions: &[usize]) -> Vec<OpenPermission> {
    let found = positions.iter().filter_map(|position| permissions.get(*position));
    found.map(open_permission).collect()
}

fn open_ports(subject: &Resource, asking: &dyn Asking) -> Value {
    let permissions = match permissions(subject, |group| group.ip_permissions) {
        Ok(permissions) => permissions,
        Err(value) => return value,
    };
    let lists = Lists::of(&permissions, subject, asking);
    let ranges = open_ranges(&permissions, &|id| lists.get(id)).into_iter().map(|range| {
        let (from_port, to_port) = (i64::from(range.ports.0), i64::from(range.ports.1));
        OpenPorts {
            family: range.family.name().to_owned(),
            protocol: range.protocol.name().to_owned(),
            from_port,
            to_port,
            count: to_port - from_port + 1,
            label: range.label(),
            permissions: shown(&permissions, &range.permissions),
            open: range.unknown.map_or(Decided::Known(true), Decided::Unknown),
        }
    });
    ranges.collect::<Vec<_>>().into_value()
}

/// Whether a group lets everybody on the internet in to any port, and to which: for
/// other services' questions about what has the group.
pub(in crate::services) fn any_port_open(
    subject: &Resource,
    asking: &dyn Asking,
) -> (Decided<bool>, Vec<String>) {
    let permissions = match permissions(subject, |group| group.ip_permissions) {
        Ok(permissions) => permissions,
        Err(Value::Unknown(gaps)) => return (Decided::Unknown(gaps), Vec::new()),
        Err(_) => return (Decided::Unknown(Gaps::NONE), Vec::new()),
    };
    let lists = Lists::of(&permissions, subject, asking);
    let ranges = open_ranges(&permissions, &|id| lists.get(id));
    let mut ports: Vec<String> = Vec::new();
    for range in ranges.iter().filter(|range| range.unknown.is_none()) {
        let label = range.label();
        if !ports.contains(&label) {
            ports.push(label);
        }
    }
    let hidden = ranges.iter().filter_map(|range| range.unknown.as_ref());
    let hidden: Vec<&Gaps> = hidden.collect();
    let open = match (ports.is_empty(), hidden.is_empty()) {
        (false, _) => Decided::Known(true),
        (true, true) => Decided::Known(false),
        (true, false) => {
            Decided::Unknown(hidden.into_iter().fold(Gaps::NONE, |all, gaps| all.union(gaps)))
        }
    };
    (open, ports)
}

fn everything(subject: &Resource, asking: &dyn Asking, direction: Direction) -> Value {
    let permissions = match permissions(subject, direction) {
        Ok(permissions) => permissions,
        Err(value) => return value,
    };
    let lists = Lists::of(&permissions, subject, asking);
    let opening = all_ports(&permissions, &|id| lists.get(id));
    OpenToInternet {
        open: opening.open,
        ports: opening.ports,
        permissions: shown(&permissions, &opening.permissions),
    }
    .into_value()
}

fn open_permission(permission: &IpPermission) -> OpenPermission {
    let v4 = permission.ip_ranges.iter().map(|range| &range.cidr_ip);
    let v6 = permission.ipv6_ranges.iter().map(|range| &range.cidr_ipv6);
    let lists = permission.prefix_list_ids.iter().map(|list| &list.prefix_list_id);
    OpenPermission {
        ip_protocol: permission.ip_protocol.clone(),
        from_port: permission.from_port,
        to_port: permission.to_port,
        ranges: v4.chain(v6).chain(lists).cloned().collect(),
    }
}

/// The prefix lists of the group's region.
#[derive(Default)]
struct Lists {
    by_id: BTreeMap<String, ManagedPrefixList>,
    hidden: Gaps,
}

impl Lists {
    fn of(permissions: &[IpPermission], subject: &Resource, asking: &dyn Asking) -> Self {
        if permissions.iter().all(|permission| permission.prefix_list_ids.is_empty()) {
            return Self::default();
        }
        let kind = ManagedPrefixList::resource_type().name;
        let (lists, hidden) = asking.all_in(kind, &subject.region);
        let by_id = lists.into_iter().filter_map(|list| {
            Some((list.id.to_string(), ManagedPrefixList::from_value(&list.document)?))
        });
        Self { by_id: by_id.collect(), hidden }
    }

    fn get(&self, id: &str) -> Listed {
        let Some(list) = self.by_id.get(id) else { return Listed::Unknown(self.hidden.clone()) };
        match (&list.owner_id, &list.entries) {
            // Addresses of AWS's own services.
            (Fact::Known(owner), _) if owner == AWS_OWNER => Listed::Ranges(Vec::new()),
            (_, Fact::Known(entries)) => {
                Listed::Ranges(entries.iter().map(|entry| entry.cidr.clone()).collect())
            }
            (Fact::Unknown(gaps), Fact::Absent) | (_, Fact::Unknown(gaps)) => {
                Listed::Unknown(gaps.clone())
            }
            (_, Fact::Absent) => Listed::Unknown(Gaps::NONE),
        }
    }
}
