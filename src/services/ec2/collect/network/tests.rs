//! The network's collectors, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{ACCOUNT, Answer, Collected, Request, Wire, ec2_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact, ResourceType, Value};
use crate::services::aws::Region;
use crate::services::ec2::network::{
    ClientVpnEndpoint, FlowLog, ManagedPrefixList, NetworkAcl, NetworkInterface, RouteTable,
    SecurityGroup, Subnet, TransitGateway, Vpc, VpcEndpoint, VpcPeeringConnection, VpnConnection,
};

const HERE: &str = "eu-west-1";

/// A list as EC2 sends it, and one entry of it.
struct List {
    operation: &'static str,
    kind: fn() -> &'static ResourceType,
    /// The element around the entries.
    set: &'static str,
    noun: &'static str,
    /// The most that is asked for; none where there are no pages.
    most: Option<&'static str>,
    /// With `{id}` in the place of its id.
    entry: &'static str,
    /// Without these the entry cannot be told from others.
    identity: &'static [&'static str],
    /// Without one of these a fact is not known: element, and field.
    always: &'static [(&'static str, &'static str)],
}

const LISTS: &[List] = &[
    List {
        operation: "DescribeSecurityGroups",
        kind: SecurityGroup::resource_type,
        set: "securityGroupInfo",
        noun: "security-group",
        most: Some("1000"),
        entry: "<groupId>{id}</groupId><ownerId>123456789012</ownerId><groupName>web</groupName>\
            <vpcId>vpc-1</vpcId><tagSet><item><key>team</key><value>a</value></item></tagSet>\
            <ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort>\
            <toPort>22</toPort><groups><item><userId>444455556666</userId>\
            <groupId>sg-9</groupId></item></groups><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp>\
            <description>all</description></item></ipRanges><ipv6Ranges><item>\
            <cidrIpv6>::/0</cidrIpv6></item></ipv6Ranges><prefixListIds><item>\
            <prefixListId>pl-1</prefixListId></item></prefixListIds></item></ipPermissions>\
            <ipPermissionsEgress/>",
        identity: &["groupId", "ownerId"],
        always: &[
            ("groupName", "GroupName"),
            ("vpcId", "VpcId"),
            ("ipPermissions", "IpPermissions"),
            ("ipPermissionsEgress", "IpPermissionsEgress"),
            ("ipProtocol", "IpPermissions"),
            ("groups", "IpPermissions"),
            ("ipRanges", "IpPermissions"),
            ("ipv6Ranges", "IpPermissions"),
            ("prefixListIds", "IpPermissions"),
            ("cidrIp", "IpPermissions"),
            ("cidrIpv6", "IpPermissions"),
            ("prefixListId", "IpPermissions"),
        ],
    },
    List {
        operation: "DescribeNetworkInterfaces",
        kind: NetworkInterface::resource_type,
        set: "networkInterfaceSet",
        noun: "network-interface",
        most: Some("1000"),
        entry: "<networkInterfaceId>{id}</networkInterfaceId><ownerId>123456789012</ownerId>\
            <vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId>\
            <interfaceType>interface</interfaceType><requesterManaged>false</requesterManaged>\
            <sourceDestCheck>true</sourceDestCheck><status>in-use</status><groupSet><item>\
            <groupId>sg-1</groupId><groupName>web</groupName></item></groupSet>\
            <attachment><status>attached</status><instanceId>i-1</instanceId></attachment>\
            <association><publicIp>198.51.100.7</publicIp></association>",
        identity: &["networkInterfaceId", "ownerId"],
        always: &[
            ("vpcId", "VpcId"),
            ("subnetId", "SubnetId"),
            ("interfaceType", "InterfaceType"),
            ("status", "Status"),
            ("requesterManaged", "RequesterManaged"),
            ("sourceDestCheck", "SourceDestCheck"),
            ("groupSet", "Groups"),
            ("groupId", "Groups"),
        ],
    },
    List {
        operation: "DescribeNetworkAcls",
        kind: NetworkAcl::resource_type,
        set: "networkAclSet",
        noun: "network-acl",
        most: Some("1000"),
        entry: "<networkAclId>{id}</networkAclId><ownerId>123456789012</ownerId>\
            <vpcId>vpc-1</vpcId><default>true</default><associationSet><item>\
            <networkAclAssociationId>a</networkAclAssociationId><subnetId>subnet-1</subnetId>\
            </item></associationSet><entrySet><item><ruleNumber>100</ruleNumber>\
            <protocol>6</protocol><ruleAction>allow</ruleAction><egress>false</egress>\
            <cidrBlock>0.0.0.0/0</cidrBlock><portRange><from>22</from><to>23</to></portRange>\
            </item></entrySet>",
        identity: &["networkAclId", "ownerId"],
        always: &[
            ("vpcId", "VpcId"),
            ("default", "IsDefault"),
            ("associationSet", "Associations"),
            ("subnetId", "Associations"),
            ("entrySet", "Entries"),
            ("ruleNumber", "Entries"),
            ("protocol", "Entries"),
            ("ruleAction", "Entries"),
            ("egress", "Entries"),
            ("cidrBlock", "Entries"),
            ("from", "Entries"),
            ("to", "Entries"),
        ],
    },
    List {
        operation: "DescribeVpcs",
        kind: Vpc::resource_type,
        set: "vpcSet",
        noun: "vpc",
        most: Some("1000"),
        entry: "<vpcId>{id}</vpcId><ownerId>123456789012</ownerId><isDefault>true</isDefault>\
            <state>available</state><cidrBlock>10.0.0.0/16</cidrBlock>",
        identity: &["vpcId", "ownerId"],
        always: &[("isDefault", "IsDefault"), ("state", "State"), ("cidrBlock", "CidrBlock")],
    },
    List {
        operation: "DescribeSubnets",
        kind: Subnet::resource_type,
        set: "subnetSet",
        noun: "subnet",
        most: Some("1000"),
        entry: "<subnetId>{id}</subnetId><ownerId>123456789012</ownerId><vpcId>vpc-1</vpcId>\
            <availabilityZone>eu-west-1a</availabilityZone>\
            <mapPublicIpOnLaunch>true</mapPublicIpOnLaunch><defaultForAz>false</defaultForAz>\
            <assignIpv6AddressOnCreation>false</assignIpv6AddressOnCreation>",
        identity: &["subnetId", "ownerId"],
        always: &[
            ("vpcId", "VpcId"),
            ("availabilityZone", "AvailabilityZone"),
            ("mapPublicIpOnLaunch", "MapPublicIpOnLaunch"),
            ("defaultForAz", "DefaultForAz"),
        ],
    },
    List {
        operation: "DescribeFlowLogs",
        kind: FlowLog::resource_type,
        set: "flowLogSet",
        noun: "vpc-flow-log",
        most: Some("1000"),
        entry: "<flowLogId>{id}</flowLogId><resourceId>vpc-1</resourceId>\
            <flowLogStatus>ACTIVE</flowLogStatus><trafficType>ALL</trafficType>\
            <deliverLogsStatus>FAILED</deliverLogsStatus>\
            <deliverLogsErrorMessage>Access error</deliverLogsErrorMessage>\
            <logDestinationType>s3</logDestinationType>",
        identity: &["flowLogId"],
        always: &[("resourceId", "ResourceId"), ("flowLogStatus", "FlowLogStatus")],
    },
    List {
        operation: "DescribeManagedPrefixLists",
        kind: ManagedPrefixList::resource_type,
        set: "prefixListSet",
        noun: "prefix-list",
        most: Some("100"),
        entry: "<prefixListId>{id}</prefixListId><addressFamily>IPv4</addressFamily>\
            <prefixListArn>arn:aws:ec2:eu-west-1:123456789012:prefix-list/{id}</prefixListArn>\
            <prefixListName>office</prefixListName><ownerId>123456789012</ownerId>",
        identity: &["prefixListId", "prefixListArn"],
        always: &[
            ("addressFamily", "AddressFamily"),
            ("prefixListName", "PrefixListName"),
            ("ownerId", "OwnerId"),
        ],
    },
    List {
        operation: "DescribeVpcEndpoints",
        kind: VpcEndpoint::resource_type,
        set: "vpcEndpointSet",
        noun: "vpc-endpoint",
        most: Some("1000"),
        entry: "<vpcEndpointId>{id}</vpcEndpointId><ownerId>123456789012</ownerId>\
            <vpcEndpointType>Interface</vpcEndpointType><vpcId>vpc-1</vpcId>\
            <serviceName>com.amazonaws.eu-west-1.ec2</serviceName><state>available</state>",
        identity: &["vpcEndpointId", "ownerId"],
        always: &[("vpcEndpointType", "VpcEndpointType"), ("vpcId", "VpcId"), ("state", "State")],
    },
    List {
        operation: "DescribeVpnConnections",
        kind: VpnConnection::resource_type,
        set: "vpnConnectionSet",
        noun: "vpn-connection",
        most: None,
        entry: "<vpnConnectionId>{id}</vpnConnectionId><state>available</state>\
            <customerGatewayConfiguration>&lt;pre_shared_key&gt;first-secret\
            </customerGatewayConfiguration><options><tunnelOptionSet><item>\
            <outsideIpAddress>198.51.100.1</outsideIpAddress>\
            <preSharedKey>second-secret</preSharedKey><ikeVersionSet><item>\
            <value>ikev2</value></item></ikeVersionSet><logOptions><cloudWatchLogOptions>\
            <logEnabled>true</logEnabled><logGroupArn>arn</logGroupArn></cloudWatchLogOptions>\
            </logOptions></item><item><outsideIpAddress>198.51.100.2</outsideIpAddress></item>\
            </tunnelOptionSet></options><vgwTelemetry><item>\
            <outsideIpAddress>198.51.100.1</outsideIpAddress><telemetry>1</telemetry>\
            <status>UP</status></item></vgwTelemetry>",
        identity: &["vpnConnectionId"],
        always: &[
            ("state", "State"),
            ("options", "Options"),
            ("value", "Options"),
            ("vgwTelemetry", "VgwTelemetry"),
            ("status", "VgwTelemetry"),
        ],
    },
    List {
        operation: "DescribeClientVpnEndpoints",
        kind: ClientVpnEndpoint::resource_type,
        set: "clientVpnEndpoint",
        noun: "client-vpn-endpoint",
        most: Some("1000"),
        entry: "<clientVpnEndpointId>{id}</clientVpnEndpointId>\
            <status><code>available</code></status><connectionLogOptions>\
            <Enabled>true</Enabled><CloudwatchLogGroup>vpn</CloudwatchLogGroup>\
            </connectionLogOptions>",
        identity: &["clientVpnEndpointId"],
        always: &[
            ("status", "Status"),
            ("code", "Status"),
            ("connectionLogOptions", "ConnectionLogOptions"),
            ("Enabled", "ConnectionLogOptions"),
        ],
    },
    List {
        operation: "DescribeRouteTables",
        kind: RouteTable::resource_type,
        set: "routeTableSet",
        noun: "route-table",
        most: Some("100"),
        entry: "<routeTableId>{id}</routeTableId><ownerId>123456789012</ownerId>\
            <vpcId>vpc-1</vpcId><routeSet><item><destinationCidrBlock>10.0.0.0/16\
            </destinationCidrBlock><gatewayId>local</gatewayId><origin>CreateRouteTable</origin>\
            </item><item><destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock>\
            <gatewayId>igw-1</gatewayId><state>blackhole</state></item>\
            <item><destinationPrefixListId>pl-1</destinationPrefixListId>\
            <gatewayId>vpce-1</gatewayId><state>active</state></item>\
            <item><destinationCidrBlock>10.1.0.0/16</destinationCidrBlock>\
            <vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><state>active</state></item>\
            </routeSet><associationSet><item><routeTableId>{id}</routeTableId><main>true</main>\
            </item></associationSet>",
        identity: &["routeTableId", "ownerId"],
        always: &[
            ("vpcId", "VpcId"),
            ("routeSet", "Routes"),
            ("state", "Routes"),
            ("associationSet", "Associations"),
            ("main", "Associations"),
        ],
    },
    List {
        operation: "DescribeVpcPeeringConnections",
        kind: VpcPeeringConnection::resource_type,
        set: "vpcPeeringConnectionSet",
        noun: "vpc-peering-connection",
        most: Some("1000"),
        entry: "<vpcPeeringConnectionId>{id}</vpcPeeringConnectionId>\
            <requesterVpcInfo><ownerId>123456789012</ownerId><vpcId>vpc-1</vpcId>\
            <cidrBlock>10.0.0.0/16</cidrBlock><cidrBlockSet><item><cidrBlock>10.0.0.0/16\
            </cidrBlock></item></cidrBlockSet></requesterVpcInfo><accepterVpcInfo>\
            <ownerId>444455556666</ownerId><vpcId>vpc-2</vpcId><cidrBlock>10.1.0.0/16</cidrBlock>\
            <ipv6CidrBlockSet><item><ipv6CidrBlock>2a05:d018:1::/56</ipv6CidrBlock></item>\
            </ipv6CidrBlockSet></accepterVpcInfo><status><code>active</code></status>",
        identity: &["vpcPeeringConnectionId"],
        always: &[
            ("requesterVpcInfo", "RequesterVpcInfo"),
            ("accepterVpcInfo", "AccepterVpcInfo"),
            ("ipv6CidrBlock", "AccepterVpcInfo"),
        ],
    },
    List {
        operation: "DescribeTransitGateways",
        kind: TransitGateway::resource_type,
        set: "transitGatewaySet",
        noun: "transit-gateway",
        most: Some("1000"),
        entry: "<transitGatewayId>{id}</transitGatewayId><ownerId>123456789012</ownerId>\
            <state>available</state><options>\
            <autoAcceptSharedAttachments>enable</autoAcceptSharedAttachments></options>",
        identity: &["transitGatewayId", "ownerId"],
        always: &[
            ("state", "State"),
            ("options", "Options"),
            ("autoAcceptSharedAttachments", "Options"),
        ],
    },
];

fn reply(operation: &str, body: &str) -> Answer {
    ok(&format!(
        "<{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
         <requestId>r</requestId>{body}</{operation}Response>"
    ))
}

fn page(list: &List, entries: &[String], next: Option<&str>) -> Answer {
    let items: String = entries.iter().map(|entry| format!("<item>{entry}</item>")).collect();
    let next = next.map_or_else(String::new, |next| format!("<nextToken>{next}</nextToken>"));
    reply(list.operation, &format!("<{0}>{items}</{0}>{next}", list.set))
}

fn ranges(cidrs: &[&str], next: Option<&str>) -> Answer {
    let items: String =
        cidrs.iter().map(|cidr| format!("<item><cidr>{cidr}</cidr></item>")).collect();
    let next = next.map_or_else(String::new, |next| format!("<nextToken>{next}</nextToken>"));
    reply("GetManagedPrefixListEntries", &format!("<entrySet>{items}</entrySet>{next}"))
}

/// One entry of each list, with the id `a`.
fn full(request: &Request) -> Option<Answer> {
    let operation = request.operation();
    if operation == "GetManagedPrefixListEntries" {
        return Some(ranges(&["10.0.0.0/8"], None));
    }
    let list = LISTS.iter().find(|list| list.operation == operation)?;
    Some(page(list, &[list.entry.replace("{id}", "a")], None))
}

async fn of(wire: &Wire, list: &List) -> Collected {
    wire.collect(Plan::everything([(list.kind)()]), &[HERE]).await
}

/// The same with another answer to an operation.
async fn but(list: &List, operation: &'static str, answer: Answer) -> Collected {
    let wire = Wire::start(move |request| {
        if request.operation() == operation { Some(answer.clone()) } else { full(request) }
    });
    of(&wire, list).await
}

fn list_of(kind: &ResourceType) -> &'static List {
    LISTS.iter().find(|list| (list.kind)() == kind).unwrap()
}

/// An entry without an element.
fn without(entry: &str, element: &str) -> String {
    let (start, end) = (format!("<{element}>"), format!("</{element}>"));
    match (entry.split_once(&start), entry.split_once(&format!("<{element}/>"))) {
        (Some((before, rest)), _) => {
            format!("{before}{}", rest.split_once(&end).unwrap().1)
        }
        (None, Some((before, after))) => format!("{before}{after}"),
        (None, None) => panic!("there is no {element}"),
    }
}

#[tokio::test]
async fn everything_is_read_with_one_call_for_each_list() {
    let wire = Wire::start(full);
    let kinds = LISTS.iter().map(|list| (list.kind)());
    let collected = wire.collect(Plan::everything(kinds), &[HERE]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    for list in LISTS {
        let name = (list.kind)().name;
        assert!(collected.missing(name, HERE).is_empty());
        let arn = format!("arn:aws:ec2:{HERE}:{ACCOUNT}:{}/a", list.noun);
        assert_eq!(collected.resource(name, "a").arn.as_ref(), arn);
        assert_eq!(wire.count(list.operation), 1, "{}", list.operation);
    }
    // GetCallerIdentity, the lists, and one prefix list.
    assert_eq!(wire.requests().len(), 1 + LISTS.len() + 1);

    let group: SecurityGroup = collected.document("ec2.security-group", "a");
    let permissions = known(group.ip_permissions);
    assert_eq!(permissions.len(), 1);
    let permission = permissions.first().unwrap();
    assert_eq!((permission.from_port, permission.to_port), (Some(22), Some(22)));
    assert_eq!(permission.ip_ranges.first().unwrap().cidr_ip, "0.0.0.0/0");
    assert_eq!(permission.ipv6_ranges.first().unwrap().cidr_ipv6, "::/0");
    assert_eq!(permission.prefix_list_ids.first().unwrap().prefix_list_id, "pl-1");
    assert_eq!(permission.user_id_group_pairs.first().unwrap().group_id.as_deref(), Some("sg-9"));
    assert!(known(group.ip_permissions_egress).is_empty());
    let Value::Map(tags) = &collected.resource("ec2.security-group", "a").tags else {
        panic!("tags are a map")
    };
    assert_eq!(tags.get("team"), Some(&Value::text("a")));

    let interface: NetworkInterface = collected.document("ec2.network-interface", "a");
    assert!(known(interface.source_dest_check));
    assert_eq!(known(interface.association).public_ip.as_deref(), Some("198.51.100.7"));
    let acl: NetworkAcl = collected.document("ec2.network-acl", "a");
    let entries = known(acl.entries);
    let ports = entries.first().unwrap().port_range.as_ref().unwrap();
    assert_eq!((ports.from, ports.to), (22, 23));
    let subnet: Subnet = collected.document("ec2.subnet", "a");
    assert!(known(subnet.map_public_ip_on_launch));
    let log: FlowLog = collected.document("ec2.flow-log", "a");
    assert_eq!(known(log.deliver_logs_status), "FAILED");
    let endpoint: VpcEndpoint = collected.document("ec2.vpc-endpoint", "a");
    assert_eq!(known(endpoint.state), "available");
    let table: RouteTable = collected.document("ec2.route-table", "a");
    let routes = known(table.routes);
    let [out, over] = routes.as_slice() else { panic!("two routes: {routes:?}") };
    assert_eq!((out.ipv6_cidr.as_deref(), out.gateway.as_deref()), (Some("::/0"), Some("igw-1")));
    assert_eq!((&out.peering, out.state.as_str()), (&None, "blackhole"));
    assert_eq!((over.cidr.as_deref(), &over.gateway), (Some("10.1.0.0/16"), &None));
    assert_eq!((over.peering.as_deref(), over.state.as_str()), (Some("pcx-1"), "active"));
    assert!(known(table.associations).first().unwrap().main);
    let peering: VpcPeeringConnection = collected.document("ec2.vpc-peering-connection", "a");
    let accepter = known(peering.accepter);
    assert_eq!((accepter.vpc_id.as_deref(), accepter.cidrs), (Some("vpc-2"), None));
    assert_eq!(accepter.ipv6_cidrs.unwrap().first().unwrap().cidr, "2a05:d018:1::/56");
    assert_eq!(known(peering.requester).cidrs.unwrap().first().unwrap().cidr, "10.0.0.0/16");
    let client: ClientVpnEndpoint = collected.document("ec2.client-vpn-endpoint", "a");
    assert!(known(client.connection_log_options).enabled);
    let gateway: TransitGateway = collected.document("ec2.transit-gateway", "a");
    assert_eq!(known(gateway.options).auto_accept_shared_attachments, "enable");
}

#[tokio::test]
async fn lists_are_read_page_by_page() {
    for list in LISTS.iter().filter(|list| list.most.is_some()) {
        let wire = Wire::start(|request| {
            let list = LISTS.iter().find(|list| list.operation == request.operation());
            let Some(list) = list else { return full(request) };
            let entry = |id| [list.entry.replace("{id}", id)];
            Some(match request.parameter("NextToken") {
                None => page(list, &entry("a"), Some("two")),
                Some("two") => page(list, &entry("b"), Some("three")),
                Some(_) => page(list, &[], None),
            })
        });
        let collected = of(&wire, list).await;
        let name = (list.kind)().name;
        assert_eq!(collected.ids(name), ["a", "b"]);
        assert!(collected.missing(name, HERE).is_empty());
        assert_eq!(wire.count(list.operation), 3);
        let sizes = wire.requests().into_iter().filter(|r| r.operation() == list.operation);
        for request in sizes {
            assert_eq!(request.parameter("MaxResults"), list.most);
        }
    }
}

#[tokio::test]
async fn a_list_that_breaks_half_way_is_not_whole() {
    for list in LISTS.iter().filter(|list| list.most.is_some()) {
        for (answer, class) in [
            (ec2_error(403, "UnauthorizedOperation", "no"), ErrorClass::AccessDenied),
            (page(list, &[], Some("two")), ErrorClass::Malformed),
        ] {
            let wire = Wire::start(move |request| match request.parameter("NextToken") {
                Some(_) => Some(answer.clone()),
                None if request.operation() == list.operation => {
                    Some(page(list, &[list.entry.replace("{id}", "a")], Some("two")))
                }
                None => full(request),
            });
            let collected = of(&wire, list).await;
            let name = (list.kind)().name;
            assert_eq!(collected.ids(name), ["a"]);
            let missing = collected.missing(name, HERE);
            let classes: Vec<_> = missing.iter().map(|gap| gap.class).collect();
            assert_eq!(classes, [class], "{}", list.operation);
        }
    }
}

#[tokio::test]
async fn a_list_that_is_refused_hides_its_type() {
    for list in LISTS {
        for (code, status, class) in [
            ("UnauthorizedOperation", 403, ErrorClass::AccessDenied),
            ("RequestLimitExceeded", 503, ErrorClass::Throttled),
            ("InternalError", 500, ErrorClass::ServerError),
        ] {
            let collected = but(list, list.operation, ec2_error(status, code, "no")).await;
            let name = (list.kind)().name;
            assert!(collected.ids(name).is_empty());
            let missing = collected.missing(name, HERE);
            let gap = missing.first().unwrap();
            let action = format!("ec2:{}", list.operation);
            assert_eq!((missing.len(), gap.class), (1, class), "{}", list.operation);
            assert_eq!(gap.iam_action, action);
            assert_eq!((gap.region.as_str(), gap.resource.as_deref()), (HERE, None));
        }
    }
}

#[tokio::test]
async fn a_reply_without_the_list_is_not_an_empty_one() {
    for list in LISTS {
        let collected = but(list, list.operation, reply(list.operation, "")).await;
        let missing = collected.missing((list.kind)().name, HERE);
        let classes: Vec<_> = missing.iter().map(|gap| gap.class).collect();
        assert_eq!(classes, [ErrorClass::Malformed], "{}", list.operation);
        let collected = but(list, list.operation, page(list, &[], None)).await;
        assert!(collected.missing((list.kind)().name, HERE).is_empty());
    }
}

#[tokio::test]
async fn an_entry_that_cannot_be_named_is_missing() {
    for list in LISTS {
        for element in list.identity {
            let entry = without(list.entry, element).replace("{id}", "a");
            let whole = list.entry.replace("{id}", "b");
            let collected = but(list, list.operation, page(list, &[entry, whole], None)).await;
            let name = (list.kind)().name;
            assert_eq!(collected.ids(name), ["b"], "{element}");
            let missing = collected.missing(name, HERE);
            let classes: Vec<_> = missing.iter().map(|gap| gap.class).collect();
            assert_eq!(classes, [ErrorClass::Malformed], "{element}");
        }
    }
}

#[tokio::test]
async fn a_member_that_is_missing_is_a_gap_and_hides_one_fact() {
    for list in LISTS {
        for (element, field) in list.always {
            let entry = without(list.entry, element).replace("{id}", "a");
            let collected = but(list, list.operation, page(list, &[entry], None)).await;
            let name = (list.kind)().name;
            assert!(collected.missing(name, HERE).is_empty(), "{element}");
            let resource = collected.resource(name, "a");
            let hidden: Vec<&str> = resource
                .kind
                .record
                .fields
                .iter()
                .map(|field| field.name)
                .filter(|name| matches!(resource.field(name), Some(Value::Unknown(_))))
                .collect();
            assert_eq!(hidden, [*field], "without {element}");
            let gaps: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap).collect();
            let gap = gaps.first().unwrap();
            assert_eq!((gaps.len(), gap.class), (1, ErrorClass::Malformed));
            assert_eq!(gap.operation, format!("ec2:{}", list.operation));
            assert_eq!(gap.resource.as_deref(), Some(resource.arn.as_ref()));
        }
    }
}

#[tokio::test]
async fn what_another_account_shares_keeps_its_owner() {
    for kind in [Vpc::resource_type(), Subnet::resource_type(), TransitGateway::resource_type()] {
        let list = list_of(kind);
        let entry = list.entry.replace("{id}", "a").replace(ACCOUNT, "444455556666");
        let collected = but(list, list.operation, page(list, &[entry], None)).await;
        let resource = collected.resource(kind.name, "a");
        assert_eq!(
            resource.arn.as_ref(),
            format!("arn:aws:ec2:{HERE}:444455556666:{}/a", list.noun)
        );
        assert_eq!(resource.field("OwnerId"), Some(&Value::text("444455556666")));
    }
}

#[tokio::test]
async fn ranges_of_prefix_lists_are_read_page_by_page_and_aws_s_own_are_not() {
    let list = list_of(ManagedPrefixList::resource_type());
    let wire = Wire::start(move |request| {
        Some(match (request.operation().as_str(), request.parameter("NextToken")) {
            ("DescribeManagedPrefixLists", _) => {
                let of_aws = list
                    .entry
                    .replace("{id}", "aws")
                    .replace("<ownerId>123456789012", "<ownerId>AWS");
                page(list, &[list.entry.replace("{id}", "a"), of_aws], None)
            }
            ("GetManagedPrefixListEntries", None) => {
                assert_eq!(request.parameter("PrefixListId"), Some("a"));
                assert_eq!(request.parameter("MaxResults"), Some("100"));
                ranges(&["0.0.0.0/1"], Some("more"))
            }
            ("GetManagedPrefixListEntries", Some(_)) => ranges(&["128.0.0.0/1"], None),
            _ => return None,
        })
    });
    let collected = of(&wire, list).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    let own: ManagedPrefixList = collected.document("ec2.managed-prefix-list", "a");
    let cidrs: Vec<String> = known(own.entries).into_iter().map(|entry| entry.cidr).collect();
    assert_eq!(cidrs, ["0.0.0.0/1", "128.0.0.0/1"]);
    let of_aws: ManagedPrefixList = collected.document("ec2.managed-prefix-list", "aws");
    assert_eq!(of_aws.entries, Fact::Absent);
    assert_eq!(wire.count("GetManagedPrefixListEntries"), 2);
}

#[tokio::test]
async fn ranges_that_cannot_be_read_hide_themselves_only() {
    let list = list_of(ManagedPrefixList::resource_type());
    let get = "GetManagedPrefixListEntries";
    for (answer, class) in [
        (ec2_error(403, "UnauthorizedOperation", "no"), ErrorClass::AccessDenied),
        (ec2_error(503, "RequestLimitExceeded", "slow down"), ErrorClass::Throttled),
        (reply(get, ""), ErrorClass::Malformed),
        (reply(get, "<entrySet><item/></entrySet>"), ErrorClass::Malformed),
        (ranges(&["10.0.0.0/8"], Some("again")), ErrorClass::Malformed),
    ] {
        let collected = but(list, get, answer).await;
        let found: ManagedPrefixList = collected.document("ec2.managed-prefix-list", "a");
        let gap = collected.why(&found.entries);
        assert_eq!(
            (gap.class, gap.iam_action.as_str()),
            (class, "ec2:GetManagedPrefixListEntries")
        );
        assert_eq!(known(found.owner_id), ACCOUNT);
        assert!(collected.missing("ec2.managed-prefix-list", HERE).is_empty());
    }
    let gone = ec2_error(400, "InvalidPrefixListID.NotFound", "gone");
    let collected = but(list, get, gone).await;
    assert!(collected.ids("ec2.managed-prefix-list").is_empty());
    assert!(collected.missing("ec2.managed-prefix-list", HERE).is_empty());
}

#[tokio::test]
async fn pre_shared_keys_are_not_kept() {
    let list = list_of(VpnConnection::resource_type());
    let wire = Wire::start(full);
    let collected = of(&wire, list).await;
    let resource = collected.resource("ec2.vpn-connection", "a");
    assert!(!format!("{resource:?}").contains("secret"));
    let vpn: VpnConnection = collected.document("ec2.vpn-connection", "a");
    let tunnels = known(vpn.options).tunnel_options.unwrap();
    let [first, second] = tunnels.as_slice() else { panic!("two tunnels") };
    let versions = first.ike_versions.as_ref().unwrap();
    assert_eq!(versions.first().unwrap().value, "ikev2");
    let log = first.log_options.as_ref().unwrap().cloud_watch_log_options.as_ref().unwrap();
    assert_eq!(log.log_enabled, Some(true));
    assert_eq!((&second.ike_versions, &second.log_options), (&None, &None));
    // It has no pages.
    let requests = wire.requests();
    let asked = requests.iter().find(|r| r.operation() == list.operation).unwrap();
    assert_eq!(asked.parameter("MaxResults"), None);
}

#[tokio::test]
async fn each_region_is_asked_for_what_the_plan_reads_and_no_more() {
    let wire = Wire::start(full);
    let plan = Plan::everything([Vpc::resource_type(), FlowLog::resource_type()]);
    let collected = wire.collect(plan, &["eu-west-1", "us-east-1"]).await;
    assert_eq!(collected.ids("ec2.vpc"), ["a", "a"]);
    for region in ["eu-west-1", "us-east-1"] {
        assert!(collected.missing("ec2.vpc", region).is_empty());
        assert!(collected.missing("ec2.flow-log", region).is_empty());
    }
    assert_eq!((wire.count("DescribeVpcs"), wire.count("DescribeFlowLogs")), (2, 2));
    assert_eq!(wire.requests().len(), 1 + 4);
}

#[tokio::test]
async fn block_public_access_is_a_fact_of_the_region() {
    let operation = "DescribeVpcBlockPublicAccessOptions";
    let options = |inside: &str| {
        let name = "vpcBlockPublicAccessOptions";
        reply(operation, &format!("<{name}>{inside}</{name}>"))
    };
    let read = async |answer: Answer| {
        let wire =
            Wire::start(move |request| (request.operation() == operation).then(|| answer.clone()));
        let collected = wire.collect(Plan::everything([Region::resource_type()]), &[HERE]).await;
        let region: Region = collected.document("aws.region", HERE);
        assert!(collected.missing("aws.region", HERE).is_empty());
        (collected, region.vpc_block_public_access)
    };
    let mode = "<internetGatewayBlockMode>block-ingress</internetGatewayBlockMode>";
    let state = "<state>update-complete</state>";
    let managed = "<managedBy>account</managedBy>";
    let (_, fact) = read(options(&format!("{mode}{state}{managed}"))).await;
    let found = known(fact);
    assert_eq!(found.internet_gateway_block_mode, "block-ingress");
    assert_eq!(
        (found.state.as_str(), found.managed_by.as_deref()),
        ("update-complete", Some("account"))
    );
    for (answer, class) in [
        (ec2_error(403, "UnauthorizedOperation", "no"), ErrorClass::AccessDenied),
        (ec2_error(503, "RequestLimitExceeded", "slow down"), ErrorClass::Throttled),
        (reply(operation, ""), ErrorClass::Malformed),
        (options(state), ErrorClass::Malformed),
        (options(mode), ErrorClass::Malformed),
    ] {
        let (collected, fact) = read(answer).await;
        assert_eq!(collected.why(&fact).class, class);
    }
}
