//! What rules may ask about the subnets of an instance.

use super::instance::{DbInstance, DbSubnet};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::ec2::network::{ROUTING, Routing};
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
    reads: &[("rds.db-instance", &["DBSubnetGroup"])],
    looks_up: &[ROUTING],
    returns: InternetRoutes::shape,
    answer: internet_routes,
}];

fn internet_routes(subject: &Resource, asking: &dyn Asking) -> Value {
    let group = DbInstance::from_value(&subject.document).map(|instance| instance.subnet_group);
    let group = match group.map_or(Decided::Unknown(Gaps::NONE), Fact::decided) {
        Decided::Known(group) => group,
        Decided::Unknown(gaps) => {
            let public = Decided::Unknown(gaps);
            return InternetRoutes { public, subnets: Vec::new() }.into_value();
        }
    };
    let routing = Routing::of(asking, &subject.region);
    let vpc = Fact::from_option(group.vpc).decided();
    let mut subnets = Vec::new();
    let mut states = Vec::new();
    for DbSubnet { id } in group.subnets {
        match routing.ways_out(&id, || vpc.clone()) {
            Decided::Known(ways) => {
                let open = ways.iter().filter(|way| way.everywhere);
                let told = open.map(|way| format!("{id} by {} to {}", way.table, way.gateway));
                subnets.extend(told);
            }
            Decided::Unknown(gaps) => states.push(Decided::Unknown(gaps)),
        }
    }
    states.push(Decided::Known(!subnets.is_empty()));
    InternetRoutes { public: Decided::any(&states, &Gaps::NONE), subnets }.into_value()
}
