//! What rules may ask about security groups.

use super::SecurityGroup;
use super::addresses::Family;
use super::group::IpPermission;
use super::group_traffic::{Asked, Listed, opening};
use super::ports;
use super::prefix_list::{AWS_OWNER, ManagedPrefixList};
use crate::inventory::{Document, Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::{Asking, Decided, Question};
use std::collections::BTreeMap;

record! {
    /// What a security group opens to everybody on the internet.
    pub struct OpenToInternet {
        /// It opens something of what is asked about.
        "open" => open: Decided<bool>,
        /// What: `tcp 22`, `udp 0-65535`.
        "ports" => ports: Vec<String>,
        /// The permissions that do, alone or together.
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
        name: "ec2.open_admin_ports_ipv4",
        doc: "Whether the group lets all IPv4 addresses in to port 22 or 3389, by TCP or UDP. \
              Ranges and prefix lists of several permissions count together.",
        subjects: GROUP,
        reads: INGRESS,
        looks_up: LISTS,
        returns: OpenToInternet::shape,
        answer: |group, asking| ingress(group, asking, &[Family::V4], Asked::Ports(ports::ADMIN)),
    },
    Question {
        name: "ec2.open_admin_ports_ipv6",
        doc: "The same for all IPv6 addresses.",
        subjects: GROUP,
        reads: INGRESS,
        looks_up: LISTS,
        returns: OpenToInternet::shape,
        answer: |group, asking| ingress(group, asking, &[Family::V6], Asked::Ports(ports::ADMIN)),
    },
    Question {
        name: "ec2.open_cifs",
        doc: "Whether the group lets everybody in to port 445.",
        subjects: GROUP,
        reads: INGRESS,
        looks_up: LISTS,
        returns: OpenToInternet::shape,
        answer: |group, asking| ingress(group, asking, Family::BOTH, Asked::Ports(ports::CIFS)),
    },
    Question {
        name: "ec2.open_unauthorised_ports",
        doc: "Whether the group lets everybody in to another port than TCP 80 and 443.",
        subjects: GROUP,
        reads: INGRESS,
        looks_up: LISTS,
        returns: OpenToInternet::shape,
        answer: |group, asking| ingress(group, asking, Family::BOTH, Asked::Unauthorised),
    },
    Question {
        name: "ec2.open_high_risk_ports",
        doc: "Whether the group lets everybody in to a port that AWS calls one of high risk.",
        subjects: GROUP,
        reads: INGRESS,
        looks_up: LISTS,
        returns: OpenToInternet::shape,
        answer: |group, asking| {
            ingress(group, asking, Family::BOTH, Asked::Ports(ports::HIGH_RISK))
        },
    },
    Question {
        name: "ec2.open_all_ports",
        doc: "Whether the group lets everybody in to every port of TCP, or every port of UDP.",
        subjects: GROUP,
        reads: INGRESS,
        looks_up: LISTS,
        returns: OpenToInternet::shape,
        answer: |group, asking| ingress(group, asking, Family::BOTH, Asked::Everything),
    },
    Question {
        name: "ec2.open_egress",
        doc: "Whether the group lets traffic out to every address and to every port of TCP, or \
              every port of UDP.",
        subjects: GROUP,
        reads: EGRESS,
        looks_up: LISTS,
        returns: OpenToInternet::shape,
        answer: |group, asking| {
            answer(
                group,
                asking,
                |group| group.ip_permissions_egress,
                Family::BOTH,
                Asked::Everything,
            )
        },
    },
];

/// Whether a group lets everybody on the internet in to any port, and to which: for
/// other services' questions about what has the group.
pub(in crate::services) fn any_port_open(
    subject: &Resource,
    asking: &dyn Asking,
) -> (Decided<bool>, Vec<String>) {
    match ingress(subject, asking, Family::BOTH, Asked::Anything) {
        Value::Unknown(gaps) => (Decided::Unknown(gaps), Vec::new()),
        answer => match OpenToInternet::from_value(&answer) {
            Some(answer) => (answer.open, answer.ports),
            None => (Decided::Unknown(Gaps::NONE), Vec::new()),
        },
    }
}

fn ingress(subject: &Resource, asking: &dyn Asking, families: &[Family], asked: Asked) -> Value {
    answer(subject, asking, |group| group.ip_permissions, families, asked)
}

fn answer(
    subject: &Resource,
    asking: &dyn Asking,
    permissions: fn(SecurityGroup) -> Fact<Vec<IpPermission>>,
    families: &[Family],
    asked: Asked,
) -> Value {
    let Some(group) = SecurityGroup::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let permissions = match permissions(group) {
        Fact::Known(permissions) => permissions,
        Fact::Absent => Vec::new(),
        Fact::Unknown(gaps) => return Value::Unknown(gaps),
    };
    let lists = Lists::of(&permissions, subject, asking);
    let opening = opening(&permissions, families, asked, &|id| lists.get(id));
    let shown = opening.permissions.iter().filter_map(|position| permissions.get(*position));
    OpenToInternet {
        open: opening.open,
        ports: opening.ports,
        permissions: shown.map(open_permission).collect(),
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
