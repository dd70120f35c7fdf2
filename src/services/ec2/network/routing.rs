//! Which route table serves a subnet, and whether it leads to the internet.

use super::RouteTable;
use super::route::Route;
use crate::inventory::{Document, Gaps, Shape};
use crate::services::{Asking, Decided};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What [`Routing`] looks up, for the declarations of questions.
pub(in crate::services) const ROUTING: (&str, &[&str]) =
    ("ec2.route-table", &["VpcId", "Routes", "Associations"]);

/// The route tables of a region, by what they serve.
#[derive(Default)]
pub(in crate::services) struct Routing {
    /// By the subnets that have a table of their own.
    own: BTreeMap<String, Arc<Table>>,
    /// The main one of each VPC.
    main: BTreeMap<String, Arc<Table>>,
    /// What may hide tables of any VPC of the region.
    hidden: Gaps,
    /// VPCs with a table of which nobody knows what it serves, and why.
    hidden_in: BTreeMap<String, Gaps>,
}

/// A route table.
pub(in crate::services) struct Table {
    /// Its id.
    pub(in crate::services) id: String,
    routes: Decided<Vec<Route>>,
}

/// A way from a subnet to the internet.
pub(in crate::services) struct WayOut<'a> {
    /// The id of the route table.
    pub(in crate::services) table: &'a str,
    /// The internet gateway.
    pub(in crate::services) gateway: &'a str,
    /// It leads to all IPv4 or all IPv6 addresses.
    pub(in crate::services) everywhere: bool,
}

impl Routing {
    /// Of a region.
    pub(in crate::services) fn of(asking: &dyn Asking, region: &str) -> Arc<Self> {
        asking.memo().of(region, || Self::read(asking, region))
    }

    fn read(asking: &dyn Asking, region: &str) -> Self {
        let (resources, hidden) = asking.all_in(RouteTable::resource_type().name, region);
        let mut all = Self { hidden, ..Self::default() };
        for resource in resources {
            let Some(document) = RouteTable::from_value(&resource.document) else { continue };
            let id = resource.id.to_string();
            let table = Arc::new(Table { id, routes: document.routes.decided() });
            match (document.vpc_id.decided(), document.associations.decided()) {
                (Decided::Known(vpc), Decided::Known(associations)) => {
                    for association in associations {
                        if association.main {
                            all.main.insert(vpc.clone(), Arc::clone(&table));
                        }
                        let table = Arc::clone(&table);
                        all.own.extend(association.subnet.map(|subnet| (subnet, table)));
                    }
                }
                (Decided::Known(vpc), Decided::Unknown(gaps)) => {
                    let hidden = all.hidden_in.entry(vpc).or_default();
                    *hidden = hidden.union(&gaps);
                }
                (Decided::Unknown(gaps), _) => all.hidden = all.hidden.union(&gaps),
            }
        }
        all
    }

    /// The route table of a subnet: its own, else the VPC's main one
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html>).
    /// Not decided if it may be one that was not seen.
    pub(in crate::services) fn table(
        &self,
        subnet: &str,
        vpc: impl FnOnce() -> Decided<String>,
    ) -> Decided<&Table> {
        if let Some(table) = self.own.get(subnet) {
            return Decided::Known(table);
        }
        let vpc = match vpc() {
            Decided::Known(vpc) => vpc,
            Decided::Unknown(gaps) => return Decided::Unknown(gaps.union(&self.hidden)),
        };
        match (self.main.get(&vpc), self.hidden_in.get(&vpc)) {
            (Some(table), None) if self.hidden.is_empty() => Decided::Known(table),
            (_, None) => Decided::Unknown(self.hidden.clone()),
            (_, Some(gaps)) => Decided::Unknown(self.hidden.union(gaps)),
        }
    }

    /// The routes of a subnet to internet gateways, but for those that AWS calls
    /// blackholes: their gateway is gone
    /// (<https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html>).
    pub(in crate::services) fn ways_out(
        &self,
        subnet: &str,
        vpc: impl FnOnce() -> Decided<String>,
    ) -> Decided<Vec<WayOut<'_>>> {
        let table = match self.table(subnet, vpc) {
            Decided::Known(table) => table,
            Decided::Unknown(gaps) => return Decided::Unknown(gaps),
        };
        let routes = match &table.routes {
            Decided::Known(routes) => routes.iter().filter(|route| route.state != "blackhole"),
            Decided::Unknown(gaps) => return Decided::Unknown(gaps.clone()),
        };
        let ways = routes.filter_map(|route| {
            let everywhere = route.cidr.as_deref() == Some("0.0.0.0/0")
                || route.ipv6_cidr.as_deref() == Some("::/0");
            Some(WayOut { table: &table.id, gateway: route.gateway.as_deref()?, everywhere })
        });
        Decided::Known(ways.collect())
    }
}

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod tests {
    use super::*;
    use crate::inventory::{Fact, Resource};
    use crate::services::ec2::network::route::RouteTableAssociation;
    use crate::services::testing::{World, gaps};

    const HERE: &str = "eu-west-1";

    fn own(subnet: &str) -> RouteTableAssociation {
        RouteTableAssociation { main: false, subnet: Some(subnet.to_owned()) }
    }

    fn main() -> RouteTableAssociation {
        RouteTableAssociation { main: true, subnet: None }
    }

    fn route(cidr: &str, gateway: Option<&str>, state: &str) -> Route {
        Route {
            cidr: Some(cidr.to_owned()),
            ipv6_cidr: None,
            prefix_list: None,
            gateway: gateway.map(str::to_owned),
            peering: gateway.is_none().then(|| "pcx-1".to_owned()),
            state: state.to_owned(),
        }
    }

    /// A table of `vpc-1`.
    fn table(id: &str, serves: RouteTableAssociation, routes: Vec<Route>) -> Resource {
        changed(id, serves, |table| table.routes = Fact::Known(routes))
    }

    fn changed(
        id: &str,
        serves: RouteTableAssociation,
        change: impl FnOnce(&mut RouteTable),
    ) -> Resource {
        let mut document = RouteTable {
            vpc_id: Fact::Known("vpc-1".to_owned()),
            routes: Fact::Known(Vec::new()),
            associations: Fact::Known(vec![serves]),
            ..RouteTable::not_collected()
        };
        change(&mut document);
        Resource::new(id, &format!("arn:{id}"), HERE, document)
    }

    fn in_vpc(vpc: &str) -> impl FnOnce() -> Decided<String> {
        move || Decided::Known(vpc.to_owned())
    }

    /// The table of a subnet.
    fn table_of(world: &World, subnet: &str, vpc: &str) -> Decided<String> {
        match Routing::of(world, HERE).table(subnet, in_vpc(vpc)) {
            Decided::Known(table) => Decided::Known(table.id.clone()),
            Decided::Unknown(gaps) => Decided::Unknown(gaps),
        }
    }

    /// Where a subnet of `vpc-1` leads.
    fn ways(world: &World, subnet: &str) -> Decided<Vec<String>> {
        match Routing::of(world, HERE).ways_out(subnet, in_vpc("vpc-1")) {
            Decided::Known(ways) => {
                let told = ways.iter().map(|way| {
                    format!(
                        "{} {}{}",
                        way.table,
                        way.gateway,
                        if way.everywhere { " all" } else { "" }
                    )
                });
                Decided::Known(told.collect())
            }
            Decided::Unknown(gaps) => Decided::Unknown(gaps),
        }
    }

    fn known(id: &str) -> Decided<String> {
        Decided::Known(id.to_owned())
    }

    #[test]
    fn a_subnet_has_its_own_table_or_the_main_one_of_its_vpc() {
        let tables = || vec![table("rtb-1", own("a"), vec![]), table("rtb-2", main(), vec![])];
        let world = World::of(tables());
        assert_eq!(table_of(&world, "a", "vpc-1"), known("rtb-1"));
        assert_eq!(table_of(&world, "b", "vpc-1"), known("rtb-2"));
        assert_eq!(table_of(&world, "b", "vpc-2"), Decided::Unknown(Gaps::NONE), "not seen");
        let elsewhere = World::of(tables()).hiding_in("ec2.route-table", "us-east-1", 1);
        assert_eq!(table_of(&elsewhere, "b", "vpc-1"), known("rtb-2"));
        let half = World::of(tables()).hiding_in("ec2.route-table", HERE, 1);
        assert_eq!(table_of(&half, "a", "vpc-1"), known("rtb-1"));
        assert_eq!(table_of(&half, "b", "vpc-1"), Decided::Unknown(gaps(&[1])), "may have its own");
    }

    #[test]
    fn a_table_of_which_little_is_known_may_be_the_subnet_s_own() {
        let with = |change: fn(&mut RouteTable)| {
            World::of(vec![table("rtb-1", main(), vec![]), changed("rtb-2", own("a"), change)])
        };
        let serves = with(|table| table.associations = Fact::Unknown(gaps(&[2])));
        assert_eq!(table_of(&serves, "b", "vpc-1"), Decided::Unknown(gaps(&[2])));
        assert_eq!(table_of(&serves, "b", "vpc-2"), Decided::Unknown(Gaps::NONE), "of another VPC");
        let vpc = with(|table| table.vpc_id = Fact::Unknown(gaps(&[3])));
        assert_eq!(table_of(&vpc, "b", "vpc-1"), Decided::Unknown(gaps(&[3])));
        assert_eq!(table_of(&vpc, "b", "vpc-2"), Decided::Unknown(gaps(&[3])));
    }

    #[test]
    fn the_vpc_matters_only_where_the_subnet_has_no_table_of_its_own() {
        let world =
            World::of(vec![table("rtb-1", own("a"), vec![]), table("rtb-2", main(), vec![])]);
        let routing = Routing::of(&world, HERE);
        let hidden = || Decided::Unknown(gaps(&[4]));
        assert!(matches!(routing.table("a", hidden), Decided::Known(_)));
        let Decided::Unknown(why) = routing.table("b", hidden) else { panic!("decided") };
        assert_eq!(why, gaps(&[4]));
    }

    #[test]
    fn only_routes_to_gateways_that_are_there_lead_out() {
        let routes = vec![
            route("0.0.0.0/0", Some("igw-1"), "active"),
            route("198.51.100.0/24", Some("igw-2"), "active"),
            route("203.0.113.0/24", Some("igw-3"), "blackhole"),
            route("10.1.0.0/16", None, "active"),
        ];
        let hidden = changed("rtb-2", own("b"), |table| table.routes = Fact::Unknown(gaps(&[5])));
        let world = World::of(vec![table("rtb-1", own("a"), routes), hidden]);
        let expected = ["rtb-1 igw-1 all", "rtb-1 igw-2"].map(str::to_owned).to_vec();
        assert_eq!(ways(&world, "a"), Decided::Known(expected));
        assert_eq!(ways(&world, "b"), Decided::Unknown(gaps(&[5])));
        assert_eq!(ways(&world, "c"), Decided::Unknown(Gaps::NONE));
        let six = Route {
            cidr: None,
            ipv6_cidr: Some("::/0".to_owned()),
            ..route("", Some("igw-1"), "active")
        };
        let world = World::of(vec![table("rtb-1", own("a"), vec![six])]);
        assert_eq!(ways(&world, "a"), Decided::Known(vec!["rtb-1 igw-1 all".to_owned()]));
    }
}
