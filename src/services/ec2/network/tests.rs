//! Questions in a small account.
#![expect(clippy::panic, reason = "tests")]

use super::group_questions::OpenPorts;
use super::interface::GroupIdentifier;
use super::{
    FlowLog, ManagedPrefixList, NetworkInterface, SecurityGroup, Subnet, Vpc, VpcEndpoint,
};
use crate::inventory::{Fact, Resource, Shape, Value};
use crate::services::ec2::network::group::{IpPermission, PrefixListId};
use crate::services::ec2::network::prefix_list::PrefixListEntry;
use crate::services::testing::{ACCOUNT, World, ask, gaps};

const HERE: &str = "eu-west-1";
const INTERFACE: &str = "ec2.network-interface";

fn known(text: &str) -> Fact<String> {
    Fact::Known(text.to_owned())
}

fn vpc(is_default: Fact<bool>) -> Resource {
    let document = Vpc { owner_id: known(ACCOUNT), is_default, ..Vpc::not_collected() };
    Resource::new("vpc-1", "arn:vpc-1", HERE, document)
}

fn group() -> Resource {
    let document = SecurityGroup { vpc_id: known("vpc-1"), ..SecurityGroup::not_collected() };
    Resource::new("sg-1", "arn:sg-1", HERE, document)
}

fn interface(region: &str, vpc: Fact<String>) -> Resource {
    let groups = Fact::Known(vec![GroupIdentifier { group_id: "sg-1".to_owned() }]);
    let document = NetworkInterface { vpc_id: vpc, groups, ..NetworkInterface::not_collected() };
    Resource::new("eni-1", "arn:eni-1", region, document)
}

fn answer(question: &str, subject: &Resource, world: &World) -> Value {
    ask(question, subject, world).value
}

#[test]
fn who_owns_it() {
    let own = |owner: Fact<String>| {
        let document = Subnet { owner_id: owner, ..Subnet::not_collected() };
        let subnet = Resource::new("subnet-1", "arn:subnet-1", HERE, document);
        answer("ec2.own", &subnet, &World::default())
    };
    assert_eq!(own(known(ACCOUNT)), Value::Bool(true));
    assert_eq!(own(known("444455556666")), Value::Bool(false));
    assert_eq!(own(Fact::Unknown(gaps(&[3]))), Value::Unknown(gaps(&[3])));
}

#[test]
fn a_vpc_is_in_use_if_an_interface_is_in_it() {
    let vpc = vpc(Fact::Known(false));
    let ask = |world: &World| answer("ec2.vpc_in_use", &vpc, world);
    let seen = |region, vpc| World::of(vec![interface(region, vpc)]);
    assert_eq!(ask(&World::default()), Value::Bool(false));
    assert_eq!(ask(&seen(HERE, known("vpc-1"))), Value::Bool(true));
    assert_eq!(ask(&seen(HERE, known("vpc-2"))), Value::Bool(false));
    assert_eq!(ask(&seen("us-east-1", known("vpc-1"))), Value::Bool(false));
    assert_eq!(ask(&seen(HERE, Fact::Unknown(gaps(&[4])))), Value::Unknown(gaps(&[4])));
    let refused = World::default().hiding_in(INTERFACE, HERE, 5);
    assert_eq!(ask(&refused), Value::Unknown(gaps(&[5])));
    let elsewhere = World::default().hiding_in(INTERFACE, "us-east-1", 5);
    assert_eq!(ask(&elsewhere), Value::Bool(false));
    let half = seen(HERE, known("vpc-1")).hiding_in(INTERFACE, HERE, 5);
    assert_eq!(ask(&half), Value::Bool(true), "one is enough");
}

#[test]
fn the_vpc_that_aws_made_is_untouched_until_an_interface_is_in_it() {
    let asked = |is_default: Fact<bool>, hidden: bool, used: bool| {
        let vpc = vpc(is_default);
        let mut resources = vec![vpc.clone()];
        resources.extend(used.then(|| interface(HERE, known("vpc-1"))));
        let mut world = World::of(resources);
        if hidden {
            world = world.hiding_in(INTERFACE, HERE, 5);
        }
        let of_vpc = answer("ec2.untouched_default_vpc", &vpc, &world);
        let of_group = answer("ec2.untouched_default_vpc", &group(), &world);
        assert_eq!(of_vpc, of_group);
        of_vpc
    };
    let unknown = || Fact::Unknown(gaps(&[4]));
    assert_eq!(asked(Fact::Known(true), false, false), Value::Bool(true));
    assert_eq!(asked(Fact::Known(true), false, true), Value::Bool(false));
    assert_eq!(asked(Fact::Known(false), false, false), Value::Bool(false));
    assert_eq!(asked(Fact::Known(false), true, false), Value::Bool(false));
    assert_eq!(asked(Fact::Known(true), true, false), Value::Unknown(gaps(&[5])));
    assert_eq!(asked(Fact::Known(true), true, true), Value::Bool(false));
    assert_eq!(asked(unknown(), false, false), Value::Unknown(gaps(&[4])));
    assert_eq!(asked(unknown(), false, true), Value::Bool(false));
    assert_eq!(asked(unknown(), true, false), Value::Unknown(gaps(&[4, 5])));
    // The group's VPC is not listed.
    let ask = |world: &World| answer("ec2.untouched_default_vpc", &group(), world);
    assert_eq!(ask(&World::default()), Value::Bool(false));
    assert_eq!(ask(&World::default().hiding("ec2.vpc", 6)), Value::Unknown(gaps(&[6])));
    let elsewhere = World::default().hiding_in("ec2.vpc", "us-east-1", 6);
    assert_eq!(ask(&elsewhere), Value::Bool(false));
}

#[test]
fn a_group_is_in_use_if_an_interface_has_it() {
    let ask = |world: &World| answer("ec2.group_in_use", &group(), world);
    assert_eq!(ask(&World::default()), Value::Bool(false));
    assert_eq!(ask(&World::of(vec![interface(HERE, known("vpc-9"))])), Value::Bool(true));
    let mut hidden = NetworkInterface::not_collected();
    hidden.groups = Fact::Unknown(gaps(&[7]));
    let hidden = Resource::new("eni-2", "arn:eni-2", HERE, hidden);
    assert_eq!(ask(&World::of(vec![hidden.clone()])), Value::Unknown(gaps(&[7])));
    let both = World::of(vec![hidden, interface(HERE, known("vpc-9"))]);
    assert_eq!(ask(&both), Value::Bool(true));
}

#[test]
fn endpoints_are_known_as_far_as_they_are_read() {
    let endpoint = |service: Fact<String>, state: Fact<String>| {
        let document = VpcEndpoint {
            vpc_endpoint_type: known("Interface"),
            vpc_id: known("vpc-1"),
            service_name: service,
            state,
            ..VpcEndpoint::not_collected()
        };
        Resource::new("vpce-1", "arn:vpce-1", HERE, document)
    };
    let ask = |endpoints: Vec<Resource>| {
        let Value::List(list) =
            answer("ec2.interface_endpoints", &vpc(Fact::Known(false)), &World::of(endpoints))
        else {
            panic!("a list")
        };
        (list.items.clone(), list.missing.clone())
    };
    let ssm = || known("com.amazonaws.eu-west-1.ssm");
    assert_eq!(
        ask(vec![endpoint(ssm(), known("available"))]),
        (vec![Value::text("ssm")], gaps(&[]))
    );
    assert_eq!(ask(vec![endpoint(ssm(), known("deleting"))]), (vec![], gaps(&[])));
    assert_eq!(ask(vec![endpoint(ssm(), Fact::Unknown(gaps(&[8])))]), (vec![], gaps(&[8])));
    let hidden = Fact::Unknown(gaps(&[9]));
    assert_eq!(ask(vec![endpoint(hidden.clone(), known("available"))]), (vec![], gaps(&[9])));
    assert_eq!(ask(vec![endpoint(hidden, known("deleting"))]), (vec![], gaps(&[])));
    assert_eq!(ask(vec![endpoint(Fact::Absent, known("available"))]), (vec![], gaps(&[])));
}

#[test]
fn a_flow_log_of_something_unknown_may_be_the_vpc_s() {
    let mut log = FlowLog::not_collected();
    log.resource_id = Fact::Unknown(gaps(&[2]));
    let world = World::of(vec![Resource::new("fl-1", "arn:fl-1", HERE, log)]);
    let Value::List(list) = answer("ec2.flow_logs", &vpc(Fact::Known(false)), &world) else {
        panic!("a list")
    };
    assert_eq!((list.items.len(), list.missing.clone()), (0, gaps(&[2])));
}

#[test]
fn prefix_lists_of_the_group_s_region_count() {
    let permission = IpPermission {
        ip_protocol: "tcp".to_owned(),
        from_port: Some(22),
        to_port: Some(22),
        ip_ranges: Vec::new(),
        ipv6_ranges: Vec::new(),
        prefix_list_ids: vec![PrefixListId { prefix_list_id: "pl-1".to_owned() }],
        user_id_group_pairs: Vec::new(),
    };
    let document = SecurityGroup {
        ip_permissions: Fact::Known(vec![permission]),
        ..SecurityGroup::not_collected()
    };
    let group = Resource::new("sg-1", "arn:sg-1", HERE, document);
    let list = |region, owner, entries| {
        let document =
            ManagedPrefixList { owner_id: owner, entries, ..ManagedPrefixList::not_collected() };
        World::of(vec![Resource::new("pl-1", "arn:pl-1", region, document)])
    };
    let open = |world: &World| match ask("ec2.open_ports", &group, world).value {
        Value::List(list) => match list.items.first().and_then(OpenPorts::from_value) {
            Some(range) => range.open.into_value(),
            None => Value::Bool(false),
        },
        other => other,
    };
    let all = || Fact::Known(vec![PrefixListEntry { cidr: "0.0.0.0/0".to_owned() }]);
    assert_eq!(open(&list(HERE, known(ACCOUNT), all())), Value::Bool(true));
    assert_eq!(open(&list("us-east-1", known(ACCOUNT), all())), Value::Unknown(gaps(&[])));
    assert_eq!(open(&list(HERE, known("AWS"), Fact::Absent)), Value::Bool(false));
    let hidden = || Fact::Unknown(gaps(&[3]));
    assert_eq!(open(&list(HERE, known(ACCOUNT), hidden())), Value::Unknown(gaps(&[3])));
    let owner_hidden = list(HERE, Fact::Unknown(gaps(&[4])), Fact::Absent);
    assert_eq!(open(&owner_hidden), Value::Unknown(gaps(&[4])));
    assert_eq!(open(&list(HERE, Fact::Unknown(gaps(&[4])), all())), Value::Bool(true));
    let no_list = World::default().hiding_in("ec2.managed-prefix-list", HERE, 6);
    assert_eq!(open(&no_list), Value::Unknown(gaps(&[6])));
}
