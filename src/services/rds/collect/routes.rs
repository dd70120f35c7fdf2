//! The route tables of a region, read when the first instance needs them.

use super::text;
use crate::aws::{Asked, Context, Paging, Reply};
use crate::inventory::{Fact, Gap};
use crate::services::ec2::network::DESCRIBE_ROUTE_TABLES;
use crate::services::rds::instance::{DbRoute, DbRouteTable, DbRouteTableAssociation};
use aws_sdk_ec2::types;
use std::collections::BTreeSet;

/// The most that one page holds.
const PAGE: i32 = 100;

/// A route table with its VPC.
struct Table {
    vpc: String,
    table: DbRouteTable,
}

/// The route tables of a region; nobody has asked for them yet.
#[derive(Default)]
pub(super) struct Routes(Option<Fact<Vec<Table>>>);

impl Routes {
    /// The route tables of an instance's VPC, with what uses them of its subnets.
    pub(super) async fn of(
        &mut self,
        context: &Context,
        region: &str,
        instance: &aws_sdk_rds::types::DbInstance,
    ) -> Fact<Vec<DbRouteTable>> {
        if !context.wants(&DESCRIBE_ROUTE_TABLES) {
            return Fact::not_collected();
        }
        let Some(group) = instance.db_subnet_group() else { return Fact::Absent };
        if self.0.is_none() {
            self.0 = Some(context.fact(read(context, region).await));
        }
        let subnets: BTreeSet<&str> =
            group.subnets().iter().filter_map(|subnet| subnet.subnet_identifier()).collect();
        let tables = match &self.0 {
            Some(Fact::Known(tables)) => tables,
            Some(Fact::Unknown(gaps)) => return Fact::Unknown(gaps.clone()),
            Some(Fact::Absent) | None => return Fact::Absent,
        };
        let here = tables.iter().filter(|table| Some(table.vpc.as_str()) == group.vpc_id());
        Fact::Known(here.map(|table| part(&table.table, &subnets)).collect())
    }
}

fn part(table: &DbRouteTable, subnets: &BTreeSet<&str>) -> DbRouteTable {
    let concerns = |it: &&DbRouteTableAssociation| {
        it.main || it.subnet.as_deref().is_some_and(|subnet| subnets.contains(subnet))
    };
    DbRouteTable {
        id: table.id.clone(),
        associations: table.associations.iter().filter(concerns).cloned().collect(),
        routes: table.routes.clone(),
    }
}

/// All pages, or a gap: a subnet may have any table of its VPC.
async fn read(context: &Context, region: &str) -> Reply<Vec<Table>> {
    let asked = Asked { operation: &DESCRIBE_ROUTE_TABLES, region, about: None };
    let client = context.session().ec2(region);
    let mut tables = Vec::new();
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked, || {
                client
                    .describe_route_tables()
                    .max_results(PAGE)
                    .set_next_token(paging.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let sent = asked.must(reply.route_tables, "RouteTables")?;
            let read = sent.iter().map(|table| one(asked, table));
            Ok((read.collect::<Result<Vec<_>, Box<Gap>>>()?, reply.next_token))
        });
        let (page, next) = match page {
            Reply::Known(page) => page,
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        };
        tables.extend(page);
        match paging.turn(false, next) {
            Ok(true) => {}
            Ok(false) => return Reply::Known(tables),
            Err(error) => return Reply::Gap(asked.malformed(error)),
        }
    }
}

fn one(asked: Asked<'_>, sent: &types::RouteTable) -> Result<Table, Box<Gap>> {
    let associations = asked.must(sent.associations.as_ref(), "Associations")?.iter();
    let associations = associations.map(|association| {
        Ok(DbRouteTableAssociation {
            main: asked.must(association.main, "Associations.Main")?,
            subnet: association.subnet_id.clone(),
        })
    });
    let routes = asked.must(sent.routes.as_ref(), "Routes")?.iter().filter_map(|route| {
        let gateway = route.gateway_id().filter(|gateway| gateway.starts_with("igw-"))?;
        Some(DbRoute {
            cidr: route.destination_cidr_block.clone(),
            ipv6_cidr: route.destination_ipv6_cidr_block.clone(),
            gateway: gateway.to_owned(),
            state: route.state.as_ref().map(|state| state.as_str().to_owned()),
        })
    });
    Ok(Table {
        vpc: text(asked, sent.vpc_id(), "VpcId")?,
        table: DbRouteTable {
            id: text(asked, sent.route_table_id(), "RouteTableId")?,
            associations: associations.collect::<Result<_, Box<Gap>>>()?,
            routes: routes.collect(),
        },
    })
}
