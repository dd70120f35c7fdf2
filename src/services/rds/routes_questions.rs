//! What rules may ask about the subnets of an instance.

use super::instance::{DbInstance, DbRoute, DbRouteTable};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::{Asking, Decided, Question};

record! {
    /// Whether an instance may be placed where a route leads to the internet.
    pub struct InternetRoutes {
        /// One of its subnets has a default route to an internet gateway.
        "public" => public: Decided<bool>,
        /// Those subnets, each with the route.
        "subnets" => subnets: Vec<String>,
    }
}

/// The questions.
pub(super) const QUESTIONS: &[Question] = &[Question {
    name: "rds.internet_routes",
    doc: "Whether a subnet of the instance's subnet group has a default route to an internet \
          gateway: by its own route table, or by the main one of the VPC if it has none.",
    subjects: &["rds.db-instance"],
    reads: &[("rds.db-instance", &["DBSubnetGroup", "RouteTables"])],
    looks_up: &[],
    returns: InternetRoutes::shape,
    answer: internet_routes,
}];

fn internet_routes(subject: &Resource, _: &dyn Asking) -> Value {
    let Some(instance) = DbInstance::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let undecided =
        |gaps| InternetRoutes { public: Decided::Unknown(gaps), subnets: Vec::new() }.into_value();
    let (group, tables) = match (instance.subnet_group, instance.route_tables) {
        (Fact::Known(group), Fact::Known(tables)) => (group, tables),
        (Fact::Unknown(gaps), _) | (_, Fact::Unknown(gaps)) => return undecided(gaps),
        _ => return undecided(Gaps::NONE),
    };
    let mut subnets = Vec::new();
    let mut found_all = true;
    for subnet in &group.subnets {
        match table_of(&subnet.id, &tables) {
            Some(table) => subnets.extend(
                table
                    .routes
                    .iter()
                    .filter(|it| is_open(it))
                    .map(|it| format!("{} by {} to {}", subnet.id, table.id, it.gateway)),
            ),
            None => found_all = false,
        }
    }
    let public = match (subnets.is_empty(), found_all) {
        (false, _) => Decided::Known(true),
        (true, true) => Decided::Known(false),
        // A subnet without any table was not seen, so nothing is known of it.
        (true, false) => Decided::Unknown(Gaps::NONE),
    };
    InternetRoutes { public, subnets }.into_value()
}

fn table_of<'a>(subnet: &str, tables: &'a [DbRouteTable]) -> Option<&'a DbRouteTable> {
    let own = |table: &&DbRouteTable| {
        table.associations.iter().any(|it| it.subnet.as_deref() == Some(subnet))
    };
    let main = |table: &&DbRouteTable| table.associations.iter().any(|it| it.main);
    tables.iter().find(own).or_else(|| tables.iter().find(main))
}

/// A default route that is not a dead end.
fn is_open(route: &DbRoute) -> bool {
    let everywhere =
        route.cidr.as_deref() == Some("0.0.0.0/0") || route.ipv6_cidr.as_deref() == Some("::/0");
    everywhere && route.state.as_deref() != Some("blackhole")
}
