//! What rules may ask about routes.

use super::addresses::{Addresses, Family, parse};
use super::occupied::Occupied;
use super::prefix_list::ManagedPrefixList;
use super::route::{Route, RouteTable, VpcPeeringConnection, VpcPeeringConnectionVpcInfo};
use super::routing::Table;
use super::vpc::VpcEndpoint;
use super::{ROUTING, Routing};
use crate::inventory::{Fact, Gaps, Partial, Resource, Shape, Value};
use crate::record;
use crate::services::{Asking, Decided, Question};
use std::collections::{BTreeMap, BTreeSet};

record! {
    /// What a route table routes over peering connections.
    pub struct PeeringRoutes {
        /// It has such a route that is active.
        "peered" => peered: Decided<bool>,
        /// One of them leads to a whole range of the VPC on the other side.
        "wide" => wide: Decided<bool>,
        /// Those that do.
        "routes" => routes: Vec<String>,
        /// Why it cannot be said.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// A service that a VPC has a gateway endpoint for.
    pub struct GatewayEndpoint {
        /// s3 or dynamodb.
        "service" => service: String,
        /// Every subnet in use has a route to it.
        "reached" => reached: Decided<bool>,
        /// The subnets in use that have none.
        "without" => without: Vec<String>,
    }
}

/// The questions about routes.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "ec2.peering_routes",
        doc: "Whether an active route over a peering connection leads to a whole range of the VPC \
              on the other side, or to more.",
        subjects: &["ec2.route-table"],
        reads: &[("ec2.route-table", &["VpcId", "Routes"])],
        looks_up: &[
            ("ec2.vpc-peering-connection", &["RequesterVpcInfo", "AccepterVpcInfo"]),
            ("ec2.managed-prefix-list", &["Entries"]),
        ],
        returns: PeeringRoutes::shape,
        answer: peering_routes,
    },
    Question {
        name: "ec2.gateway_endpoints",
        doc: "The services that the VPC has a gateway endpoint for that can be used, and whether \
              every subnet with a network interface has a route to it.",
        subjects: &["ec2.vpc"],
        reads: &[],
        looks_up: &[
            (
                "ec2.vpc-endpoint",
                &["VpcEndpointType", "VpcId", "ServiceName", "State", "RouteTableIds"],
            ),
            ROUTING,
            ("ec2.network-interface", &["VpcId", "SubnetId"]),
        ],
        returns: Vec::<GatewayEndpoint>::shape,
        answer: gateway_endpoints,
    },
];

/// Whether a route leads to a whole range; unknown with its reason.
enum Width {
    Wide,
    Narrow,
    Unknown(Gaps, String),
}

fn peering_routes(subject: &Resource, asking: &dyn Asking) -> Value {
    let table = RouteTable::from_value(&subject.document);
    let (vpc, routes) = match table.map(|table| (table.vpc_id, table.routes)) {
        Some((Fact::Known(vpc), Fact::Known(routes))) => (vpc, routes),
        Some((Fact::Unknown(gaps), _) | (_, Fact::Unknown(gaps))) => return Value::Unknown(gaps),
        _ => return Value::Unknown(Gaps::NONE),
    };
    let active: Vec<(&Route, &str)> = routes
        .iter()
        .filter(|route| route.state == "active")
        .filter_map(|route| Some((route, route.peering.as_deref()?)))
        .collect();
    let mut answer = PeeringRoutes {
        peered: Decided::Known(!active.is_empty()),
        wide: Decided::Known(false),
        routes: Vec::new(),
        reasons: Vec::new(),
    };
    for (route, peering) in active {
        match width(subject, asking, &vpc, route, peering) {
            Width::Narrow => {}
            Width::Wide => {
                answer.wide = Decided::Known(true);
                answer.routes.push(format!("{} over {peering}", destination(route)));
            }
            Width::Unknown(gaps, reason) => {
                answer.reasons.push(reason);
                answer.wide = match answer.wide {
                    Decided::Known(true) => Decided::Known(true),
                    Decided::Known(false) => Decided::Unknown(gaps),
                    Decided::Unknown(more) => Decided::Unknown(more.union(&gaps)),
                };
            }
        }
    }
    answer.into_value()
}

/// The destination as it is written.
fn destination(route: &Route) -> &str {
    let written = route.cidr.as_ref().or(route.ipv6_cidr.as_ref()).or(route.prefix_list.as_ref());
    written.map_or("?", String::as_str)
}

fn width(
    subject: &Resource,
    asking: &dyn Asking,
    vpc: &str,
    route: &Route,
    peering: &str,
) -> Width {
    let to = match addresses_of(route, asking) {
        Ok(to) => to,
        Err((gaps, reason)) => return Width::Unknown(gaps, reason),
    };
    let (found, missing) = asking.find("ec2.vpc-peering-connection", peering);
    let not_seen = format!("{peering} was not seen");
    let Some(connection) = found.filter(|found| found.region == subject.region) else {
        return Width::Unknown(missing, not_seen);
    };
    let Some(connection) = VpcPeeringConnection::from_value(&connection.document) else {
        return Width::Unknown(Gaps::NONE, not_seen);
    };
    let other = match (connection.requester, connection.accepter) {
        (Fact::Known(requester), Fact::Known(accepter)) => {
            let is_own = requester.vpc_id.as_deref() == Some(vpc);
            if is_own { accepter } else { requester }
        }
        (Fact::Unknown(gaps), _) | (_, Fact::Unknown(gaps)) => {
            return Width::Unknown(gaps, not_seen);
        }
        _ => return Width::Unknown(Gaps::NONE, not_seen),
    };
    let ranges = ranges_of(&other);
    if ranges.is_empty() {
        let reason = format!("the ranges behind {peering} are not known");
        return Width::Unknown(Gaps::NONE, reason);
    }
    let covered = |(family, range): &(Family, Addresses)| {
        to.iter().any(|(of, addresses)| of == family && addresses.covers(range))
    };
    if ranges.iter().any(covered) { Width::Wide } else { Width::Narrow }
}

/// The addresses that a route leads to, by family.
fn addresses_of(
    route: &Route,
    asking: &dyn Asking,
) -> Result<Vec<(Family, Addresses)>, (Gaps, String)> {
    let unreadable = || (Gaps::NONE, format!("{} cannot be read", destination(route)));
    let Some(id) = &route.prefix_list else {
        return Ok(vec![parse(destination(route)).ok_or_else(unreadable)?]);
    };
    let (found, missing) = asking.find("ec2.managed-prefix-list", id);
    let list = found.and_then(|found| ManagedPrefixList::from_value(&found.document));
    let entries = match list.map(|list| list.entries) {
        Some(Fact::Known(entries)) => entries,
        Some(Fact::Unknown(gaps)) => return Err((gaps, format!("{id} was not read"))),
        Some(Fact::Absent) => return Err((Gaps::NONE, format!("{id} was not read"))),
        None => return Err((missing, format!("{id} was not seen"))),
    };
    let mut all = Vec::new();
    for family in Family::BOTH {
        let of_family = entries.iter().filter_map(|entry| parse(&entry.cidr));
        let sets = of_family.filter(|(of, _)| of == family).map(|(_, set)| set);
        all.push((*family, Addresses::union(sets)));
    }
    Ok(all)
}

fn ranges_of(side: &VpcPeeringConnectionVpcInfo) -> Vec<(Family, Addresses)> {
    let v4 = side.cidrs.iter().flatten().map(|block| &block.cidr).chain(&side.cidr);
    let v6 = side.ipv6_cidrs.iter().flatten().map(|block| &block.cidr);
    v4.chain(v6).filter_map(|range| parse(range)).collect()
}

fn gateway_endpoints(subject: &Resource, asking: &dyn Asking) -> Value {
    let (subnets, hidden_subnets) = Occupied::of(asking, &subject.region).subnets_of(&subject.id);
    let (all, mut missing) = asking.all_in("ec2.vpc-endpoint", &subject.region);
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for resource in all {
        let Some(endpoint) = VpcEndpoint::from_value(&resource.document) else { continue };
        let tests = [
            endpoint.vpc_id.as_ref().map(|vpc| *vpc == *subject.id),
            endpoint.vpc_endpoint_type.as_ref().map(|kind| kind == "Gateway"),
            endpoint.state.as_ref().map(|state| state.eq_ignore_ascii_case("available")),
        ];
        if tests.contains(&Fact::Known(false)) {
            continue;
        }
        let hidden = tests.iter().find_map(|test| match test {
            Fact::Unknown(gaps) => Some(gaps.clone()),
            _ => None,
        });
        match (hidden, endpoint.service_name, endpoint.route_tables) {
            (Some(gaps), _, _)
            | (None, Fact::Unknown(gaps), _)
            | (None, _, Fact::Unknown(gaps)) => {
                missing = missing.union(&gaps);
            }
            (None, Fact::Known(name), route_tables) => {
                let of_region = format!(".{}.", subject.region);
                let Some((_, service)) = name.split_once(&of_region) else { continue };
                let ids = match route_tables {
                    Fact::Known(ids) => ids,
                    _ => Vec::new(),
                };
                tables.entry(service.to_owned()).or_default().extend(ids);
            }
            (None, Fact::Absent, _) => {}
        }
    }
    let routing = Routing::of(asking, &subject.region);
    let vpc = || Decided::Known(subject.id.to_string());
    let subnets: Vec<(&str, Decided<&Table>)> =
        subnets.iter().map(|subnet| (subnet.as_str(), routing.table(subnet, vpc))).collect();
    let items = tables
        .into_iter()
        .map(|(service, tables)| reached(service, &tables, &subnets, &hidden_subnets, &missing));
    Partial { items: items.collect(), missing: missing.clone() }.into_value()
}

/// Whether all subnets reach a service. What hides endpoints may hide a route, too.
fn reached(
    service: String,
    tables: &BTreeSet<String>,
    subnets: &[(&str, Decided<&Table>)],
    hidden_subnets: &Gaps,
    hidden_endpoints: &Gaps,
) -> GatewayEndpoint {
    let mut without = Vec::new();
    let mut open = (!hidden_subnets.is_empty()).then(|| hidden_subnets.clone());
    for (subnet, table) in subnets {
        match table {
            Decided::Known(table) if tables.contains(&table.id) => {}
            Decided::Known(_) => without.push((*subnet).to_owned()),
            Decided::Unknown(gaps) => {
                open = Some(open.map_or_else(|| gaps.clone(), |all| all.union(gaps)));
            }
        }
    }
    let reached = if !without.is_empty() {
        match hidden_endpoints.is_empty() {
            true => Decided::Known(false),
            false => Decided::Unknown(hidden_endpoints.clone()),
        }
    } else {
        open.map_or(Decided::Known(true), Decided::Unknown)
    };
    GatewayEndpoint { service, reached, without }
}
