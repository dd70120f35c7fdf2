//! Answers that no example of a rule can show.
#![expect(clippy::panic, reason = "tests")]

use super::cluster::{DbCluster, DbClusterMember};
use super::events::EventSubscription;
use super::instance::{DbInstance, DbParameterGroupStatus, DbSubnet, DbSubnetGroup};
use super::parameters::{
    DbClusterParameterGroup, DbParameterGroup, Parameter, SERVER_AUDIT_EVENTS, SERVER_AUDIT_LOGGING,
};
use super::snapshot::DbSnapshot;
use crate::inventory::{Fact, Gaps, Resource, Value};
use crate::services::aws::Region;
use crate::services::ec2::network::RouteTable;
use crate::services::ec2::network::route::{Route, RouteTableAssociation};
use crate::services::testing::{ACCOUNT, World, ask, gaps};

const HERE: &str = "eu-west-1";

fn instance(engine: &str, groups: &[&str]) -> Resource {
    let group = |name: &&str| DbParameterGroupStatus {
        name: (*name).to_owned(),
        apply_status: "in-sync".to_owned(),
    };
    let document = DbInstance {
        engine: Fact::Known(engine.to_owned()),
        engine_version: Fact::Known("11".to_owned()),
        parameter_groups: Fact::Known(groups.iter().map(group).collect()),
        ..DbInstance::not_collected()
    };
    Resource::new("shop", "arn:aws:rds:eu-west-1:111122223333:db:shop", HERE, document)
}

fn group(name: &str, parameters: Fact<Vec<Parameter>>) -> Resource {
    let arn = format!("arn:aws:rds:{HERE}:{ACCOUNT}:pg:{name}");
    Resource::new(name, &arn, HERE, DbParameterGroup { parameters })
}

fn parameter(name: &str, value: &str) -> Parameter {
    Parameter { name: name.to_owned(), value: Some(value.to_owned()) }
}

#[test]
fn every_group_of_an_instance_has_to_force_tls() {
    let on = || Fact::Known(vec![parameter("rds.force_ssl", "1")]);
    let off = || Fact::Known(vec![parameter("rds.force_ssl", "0")]);
    let hidden = || Fact::Unknown(gaps(&[4]));
    for (groups, expected) in [
        (vec![group("a", on()), group("b", on())], Value::Bool(true)),
        (vec![group("a", on()), group("b", off())], Value::Bool(false)),
        (vec![group("a", hidden()), group("b", off())], Value::Bool(false)),
        (vec![group("a", hidden()), group("b", on())], Value::Unknown(gaps(&[4]))),
        (vec![group("a", on()), group("b", Fact::Known(Vec::new()))], Value::Bool(false)),
    ] {
        let answer = ask("rds.forces_tls", &instance("postgres", &["a", "b"]), &World::of(groups));
        assert_eq!(answer.member("forced"), expected);
        assert_eq!(answer.texts("reasons").len(), 2);
    }
    let nowhere = World::default().hiding("rds.db-parameter-group", 7);
    let answer = ask("rds.forces_tls", &instance("postgres", &["a"]), &nowhere);
    assert_eq!(answer.member("forced"), Value::Unknown(gaps(&[7])));
    let answer = ask("rds.forces_tls", &instance("postgres", &[]), &World::default());
    assert_eq!(answer.member("forced"), Value::Bool(false));
    let answer = ask("rds.forces_tls", &instance("oracle-ee", &["a"]), &World::default());
    assert_eq!(answer.member("supported"), Value::Bool(false));
    let answer = ask("rds.forces_tls", &instance("mariadb", &["a"]), &World::default());
    assert_eq!(answer.member("supported"), Value::Unknown(Gaps::NONE), "a version of one number");
}

#[test]
fn an_audit_log_that_is_half_known_may_still_be_off() {
    let cluster = |members: Fact<Vec<DbClusterMember>>| {
        let document = DbCluster {
            parameter_group: Fact::Known("own".to_owned()),
            members,
            ..DbCluster::not_collected()
        };
        Resource::new("orders", "arn:aws:rds:eu-west-1:111122223333:cluster:orders", HERE, document)
    };
    let own = |logging: &str| {
        let parameters = Fact::Known(vec![
            parameter(SERVER_AUDIT_LOGGING, logging),
            parameter(SERVER_AUDIT_EVENTS, "CONNECT"),
        ]);
        let arn = format!("arn:aws:rds:{HERE}:{ACCOUNT}:cluster-pg:own");
        World::of(vec![Resource::new("own", &arn, HERE, DbClusterParameterGroup { parameters })])
    };
    let hidden = || Fact::Unknown(gaps(&[3]));
    let member = |status: Option<&str>| {
        Fact::Known(vec![DbClusterMember {
            instance: "one".to_owned(),
            parameter_group_status: status.map(str::to_owned),
        }])
    };
    for (subject, world, expected) in [
        (cluster(hidden()), own("1"), Value::Unknown(gaps(&[3]))),
        (cluster(hidden()), own("0"), Value::Bool(false)),
        (cluster(member(None)), own("1"), Value::Bool(true)),
        (cluster(member(Some("applying"))), World::default(), Value::Bool(false)),
        (
            cluster(member(Some("in-sync"))),
            World::default().hiding("rds.db-cluster-parameter-group", 5),
            Value::Unknown(gaps(&[5])),
        ),
    ] {
        assert_eq!(ask("rds.audit_logging", &subject, &world).member("on"), expected);
    }
}

#[test]
fn a_subnet_without_a_route_table_is_not_known_unless_another_is_open() {
    let table = |subnet: &str, open: bool| {
        let route = Route {
            cidr: Some("0.0.0.0/0".to_owned()),
            ipv6_cidr: None,
            prefix_list: None,
            gateway: Some("igw-1".to_owned()),
            peering: None,
            state: "active".to_owned(),
        };
        let document = RouteTable {
            vpc_id: Fact::Known("vpc-1".to_owned()),
            routes: Fact::Known(Vec::from_iter(open.then_some(route))),
            associations: Fact::Known(vec![RouteTableAssociation {
                main: false,
                subnet: Some(subnet.to_owned()),
            }]),
            ..RouteTable::not_collected()
        };
        Resource::new(subnet, &format!("arn:rtb-{subnet}"), HERE, document)
    };
    let subject = |group: Fact<DbSubnetGroup>| {
        let document = DbInstance { subnet_group: group, ..DbInstance::not_collected() };
        Resource::new("shop", "arn:aws:rds:eu-west-1:111122223333:db:shop", HERE, document)
    };
    let subnets = || ["a", "b"].map(|id| DbSubnet { id: id.to_owned() }).to_vec();
    let group = |vpc: Option<&str>| {
        Fact::Known(DbSubnetGroup { vpc: vpc.map(str::to_owned), subnets: subnets() })
    };
    let hiding = |world: World| world.hiding_in("ec2.route-table", HERE, 6);
    for (world, expected) in [
        (World::of(vec![table("a", true)]), Value::Bool(true)),
        (hiding(World::of(vec![table("a", true)])), Value::Bool(true)),
        (World::of(vec![table("a", false)]), Value::Unknown(Gaps::NONE)),
        (World::of(vec![table("a", false), table("b", false)]), Value::Bool(false)),
        (hiding(World::of(vec![table("a", false)])), Value::Unknown(gaps(&[6]))),
        (hiding(World::default()), Value::Unknown(gaps(&[6]))),
        (World::default(), Value::Unknown(Gaps::NONE)),
    ] {
        for vpc in [Some("vpc-1"), None] {
            let answer = ask("rds.internet_routes", &subject(group(vpc)), &world);
            assert_eq!(answer.member("public"), expected);
        }
    }
    let hidden = subject(Fact::Unknown(gaps(&[7])));
    let answer = ask("rds.internet_routes", &hidden, &World::of(vec![table("a", true)]));
    assert_eq!(answer.member("public"), Value::Unknown(gaps(&[7])));
}

fn region() -> Resource {
    let arn = "arn:aws:account::111122223333:region/eu-west-1";
    Resource::new(HERE, arn, HERE, Region::not_collected())
}

fn subscription(change: impl FnOnce(&mut EventSubscription)) -> Resource {
    let mut document = EventSubscription {
        enabled: Fact::Known(true),
        status: Fact::Known("active".to_owned()),
        source_type: Fact::Known("db-cluster".to_owned()),
        source_ids: Fact::Absent,
        categories: Fact::Known(vec!["failure".to_owned()]),
    };
    change(&mut document);
    Resource::new("s", "arn:aws:rds:eu-west-1:111122223333:es:s", HERE, document)
}

#[test]
fn what_is_hidden_of_a_subscription_hides_its_categories() {
    let hide: [fn(&mut EventSubscription); 5] = [
        |it| it.enabled = Fact::Unknown(gaps(&[2])),
        |it| it.status = Fact::Unknown(gaps(&[2])),
        |it| it.source_type = Fact::Unknown(gaps(&[2])),
        |it| it.source_ids = Fact::Unknown(gaps(&[2])),
        |it| it.categories = Fact::Unknown(gaps(&[2])),
    ];
    for change in hide {
        let world = World::of(vec![subscription(change)]);
        let answer = ask("rds.event_coverage", &region(), &world);
        let Value::List(list) = answer.member("clusters") else { panic!("no list") };
        assert!(list.items.is_empty());
        assert_eq!(list.missing, gaps(&[2]));
    }
    // What is surely not about clusters, or off, hides nothing.
    for change in [
        (|it| {
            it.source_type = Fact::Known("db-instance".to_owned());
            it.enabled = Fact::Unknown(gaps(&[2]));
        }) as fn(&mut EventSubscription),
        |it| {
            it.enabled = Fact::Known(false);
            it.status = Fact::Unknown(gaps(&[2]));
        },
    ] {
        let answer = ask("rds.event_coverage", &region(), &World::of(vec![subscription(change)]));
        assert_eq!(answer.member("clusters"), Value::list(Vec::new()));
    }
}

#[test]
fn a_list_that_is_hidden_here_may_hold_a_database() {
    let world = World::default().hiding_in("rds.db-cluster", "us-east-1", 1);
    assert_eq!(ask("rds.has_clusters", &region(), &world).value, Value::Bool(false));
    let world = World::default().hiding_in("rds.db-cluster", HERE, 1);
    assert_eq!(ask("rds.has_clusters", &region(), &world).value, Value::Unknown(gaps(&[1])));
    let hidden = subscription(|it| it.source_type = Fact::Unknown(gaps(&[2])));
    let answer = ask("rds.has_security_group_events", &region(), &World::of(vec![hidden]));
    assert_eq!(answer.value, Value::Unknown(gaps(&[2])));
}

#[test]
fn a_snapshot_that_says_nothing_of_sharing_is_not_known() {
    let document =
        DbSnapshot { attributes: Fact::Unknown(gaps(&[9])), ..DbSnapshot::not_collected() };
    let arn = "arn:aws:rds:eu-west-1:111122223333:snapshot:s";
    let answer =
        ask("rds.snapshot_sharing", &Resource::new("s", arn, HERE, document), &World::default());
    assert_eq!(answer.member("public"), Value::Unknown(gaps(&[9])));
    assert_eq!(answer.member("outside"), Value::Unknown(gaps(&[9])));
}
