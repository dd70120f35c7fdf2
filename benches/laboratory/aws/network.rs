//! EC2: the network.

use super::ec2::{Text, page, page_of_region, tags};
use super::{CREATED, gateways};
use crate::account::Account;
use crate::call::Call;

/// Protocol, ports and range.
type Rule = (&'static str, Option<(u16, u16)>, &'static str);

/// What security groups let in, in turn.
const RULES: [Rule; 8] = [
    ("tcp", Some((22, 22)), "0.0.0.0/0"),
    ("tcp", Some((3389, 3389)), "0.0.0.0/0"),
    ("tcp", Some((3306, 3306)), "0.0.0.0/0"),
    ("-1", None, "0.0.0.0/0"),
    ("tcp", Some((443, 443)), "0.0.0.0/0"),
    ("tcp", Some((22, 22)), "10.0.0.0/8"),
    ("tcp", Some((0, 65535)), "0.0.0.0/0"),
    ("tcp", Some((22, 22)), "::/0"),
];

const OPEN_EGRESS: &str = "<ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><groups/>\
    <ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges><ipv6Ranges/><prefixListIds/>\
    </item></ipPermissionsEgress>";

pub(super) fn answer(account: &Account, call: &Call) -> Text {
    let shape = &account.shape;
    Some(match call.operation.as_str() {
        "DescribeVpcs" => page_of_region(account, call, "vpcSet", shape.vpcs, |n| vpc(account, n)),
        "DescribeSubnets" => {
            page_of_region(account, call, "subnetSet", shape.vpcs * 2, |n| subnet(account, call, n))
        }
        "DescribeSecurityGroups" => security_groups(account, call),
        "DescribeNetworkAcls" => {
            page_of_region(account, call, "networkAclSet", shape.vpcs, |n| acl(account, n))
        }
        "DescribeNetworkInterfaces" => {
            page(account, call, "networkInterfaceSet", shape.instances, |n| {
                interface(account, call, n)
            })
        }
        "DescribeFlowLogs" => {
            page_of_region(account, call, "flowLogSet", 1, |n| flow_log(account, n))
        }
        "DescribeRouteTables" => {
            page_of_region(account, call, "routeTableSet", shape.vpcs, |n| route_table(account, n))
        }
        "DescribeManagedPrefixLists"
        | "GetManagedPrefixListEntries"
        | "DescribeVpcEndpoints"
        | "DescribeVpnConnections"
        | "DescribeClientVpnEndpoints"
        | "DescribeTransitGateways" => {
            return gateways::answer(account, call);
        }
        "DescribeInternetGateways" => Ok("<internetGatewaySet/>".to_owned()),
        "DescribeAddresses" => Ok("<addressesSet/>".to_owned()),
        "DescribeVpcPeeringConnections" => Ok("<vpcPeeringConnectionSet/>".to_owned()),
        "DescribeVpcBlockPublicAccessOptions" => Ok(format!(
            "<vpcBlockPublicAccessOptions><awsAccountId>{}</awsAccountId>\
             <awsRegion>{}</awsRegion><state>default-state</state>\
             <internetGatewayBlockMode>off</internetGatewayBlockMode>\
             <managedBy>account</managedBy><exclusionsAllowed>allowed</exclusionsAllowed>\
             </vpcBlockPublicAccessOptions>",
            account.id, call.region
        )),
        _ => return None,
    })
}

fn vpc(account: &Account, number: usize) -> String {
    let second = number / account.regions();
    format!(
        "<item><vpcId>{id}</vpcId><ownerId>{owner}</ownerId><state>available</state>\
         <cidrBlock>10.{second}.0.0/16</cidrBlock><cidrBlockAssociationSet><item>\
         <cidrBlock>10.{second}.0.0/16</cidrBlock><associationId>vpc-cidr-assoc-1</associationId>\
         <cidrBlockState><state>associated</state></cidrBlockState></item>\
         </cidrBlockAssociationSet><dhcpOptionsId>dopt-1</dhcpOptionsId>{tags}\
         <instanceTenancy>default</instanceTenancy><isDefault>{default}</isDefault></item>",
        id = account.id_of("vpc", number),
        owner = account.id,
        tags = tags("p0-vpc"),
        default = second == 0
    )
}

fn subnet(account: &Account, call: &Call, number: usize) -> String {
    let regions = account.regions();
    let at = number / regions;
    let id = account.id_of("subnet", number);
    format!(
        "<item><subnetId>{id}</subnetId><subnetArn>arn:aws:ec2:{region}:{owner}:subnet/{id}\
         </subnetArn><state>available</state><ownerId>{owner}</ownerId><vpcId>{vpc}</vpcId>\
         <cidrBlock>10.{second}.{third}.0/20</cidrBlock>\
         <availableIpAddressCount>4091</availableIpAddressCount>\
         <availabilityZone>{region}a</availabilityZone><defaultForAz>false</defaultForAz>\
         <mapPublicIpOnLaunch>{public}</mapPublicIpOnLaunch>\
         <assignIpv6AddressOnCreation>false</assignIpv6AddressOnCreation>\
         <ipv6CidrBlockAssociationSet/></item>",
        region = call.region,
        owner = account.id,
        vpc = account.id_of("vpc", number % regions + at / 2 * regions),
        second = at / 2,
        third = at % 2 * 16,
        public = at.is_multiple_of(2)
    )
}

/// The VPCs' default groups, then the others.
fn security_groups(account: &Account, call: &Call) -> Result<String, crate::paging::BadToken> {
    let regions = account.regions();
    let defaults = account.shape.vpcs * regions;
    page(
        account,
        call,
        "securityGroupInfo",
        defaults + account.shape.security_groups,
        |at| match at.checked_sub(defaults) {
            None => group(account, call, ("sgd", at), at, "default", String::new()),
            Some(number) => {
                let vpc = number % regions;
                let name = format!("p0-sg{number:05}");
                let permissions = match number % 16 {
                    9 if vpc < account.shape.rare => gateways::permission(account, vpc),
                    _ => permission(number / regions),
                };
                group(account, call, ("sg", number), vpc, &name, permissions)
            }
        },
    )
}

fn permission(number: usize) -> String {
    let Some((protocol, ports, cidr)) = RULES.get(number % RULES.len()) else {
        return String::new();
    };
    let ports = ports
        .map(|(from, to)| format!("<fromPort>{from}</fromPort><toPort>{to}</toPort>"))
        .unwrap_or_default();
    let ranges = match cidr.contains(':') {
        true => {
            format!("<ipRanges/><ipv6Ranges><item><cidrIpv6>{cidr}</cidrIpv6></item></ipv6Ranges>")
        }
        false => {
            format!("<ipRanges><item><cidrIp>{cidr}</cidrIp></item></ipRanges><ipv6Ranges/>")
        }
    };
    format!(
        "<item><ipProtocol>{protocol}</ipProtocol>{ports}<groups/>{ranges}<prefixListIds/></item>"
    )
}

fn group(
    account: &Account,
    call: &Call,
    (prefix, number): (&str, usize),
    vpc: usize,
    name: &str,
    permissions: String,
) -> String {
    let id = account.id_of(prefix, number).replace("sgd-", "sg-");
    format!(
        "<item><ownerId>{owner}</ownerId><groupId>{id}</groupId><groupName>{name}</groupName>\
         <groupDescription>x</groupDescription><vpcId>{vpc}</vpcId>\
         <securityGroupArn>arn:aws:ec2:{region}:{owner}:security-group/{id}</securityGroupArn>\
         <ipPermissions>{permissions}</ipPermissions>{OPEN_EGRESS}</item>",
        owner = account.id,
        vpc = account.id_of("vpc", vpc),
        region = call.region
    )
}

fn acl(account: &Account, number: usize) -> String {
    let regions = account.regions();
    let (place, at) = (number % regions, number / regions);
    let vpc = account.id_of("vpc", number);
    let id = account.id_of("acl", number);
    let associations = [place + at * 2 * regions, place + (at * 2 + 1) * regions];
    let associations = super::list("associationSet", associations, |subnet| {
        format!(
            "<item><networkAclAssociationId>aclassoc-{subnet:08x}</networkAclAssociationId>\
             <networkAclId>{id}</networkAclId><subnetId>{}</subnetId></item>",
            account.id_of("subnet", subnet)
        )
    });
    let entries = [
        (100, "allow", false),
        (32767, "deny", false),
        (100, "allow", true),
        (32767, "deny", true),
    ];
    let entries = super::list("entrySet", entries, |(rule, action, egress)| {
        format!(
            "<item><ruleNumber>{rule}</ruleNumber><protocol>-1</protocol>\
             <ruleAction>{action}</ruleAction><egress>{egress}</egress>\
             <cidrBlock>0.0.0.0/0</cidrBlock></item>"
        )
    });
    format!(
        "<item><networkAclId>{id}</networkAclId><vpcId>{vpc}</vpcId><default>true</default>\
         {entries}{associations}<tagSet/><ownerId>{}</ownerId></item>",
        account.id
    )
}

fn interface(account: &Account, call: &Call, number: usize) -> String {
    let place = account.place(&call.region).unwrap_or(0);
    let address = format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
    format!(
        "<item><networkInterfaceId>{id}</networkInterfaceId><subnetId>{subnet}</subnetId>\
         <vpcId>{vpc}</vpcId><availabilityZone>{region}a</availabilityZone><description/>\
         <ownerId>{owner}</ownerId><requesterManaged>false</requesterManaged>\
         <status>in-use</status><macAddress>02:00:00:00:00:01</macAddress>\
         <privateIpAddress>{address}</privateIpAddress><sourceDestCheck>true</sourceDestCheck>\
         <groupSet><item><groupId>{group}</groupId><groupName>p0-sg</groupName></item></groupSet>\
         <attachment><attachmentId>eni-attach-1</attachmentId><instanceId>{instance}</instanceId>\
         <instanceOwnerId>{owner}</instanceOwnerId><deviceIndex>0</deviceIndex>\
         <status>attached</status><attachTime>{CREATED}</attachTime>\
         <deleteOnTermination>true</deleteOnTermination></attachment><tagSet/>\
         <privateIpAddressesSet><item><privateIpAddress>{address}</privateIpAddress>\
         <primary>true</primary></item></privateIpAddressesSet><ipv6AddressesSet/>\
         <interfaceType>interface</interfaceType></item>",
        id = account.id_of("eni", number),
        subnet = account.id_of("subnet", place),
        vpc = account.id_of("vpc", place),
        region = call.region,
        owner = account.id,
        group = account.id_of("sg", number % account.shape.security_groups.max(1)),
        instance = account.id_of("i", number)
    )
}

fn flow_log(account: &Account, number: usize) -> String {
    format!(
        "<item><creationTime>{CREATED}</creationTime>\
         <deliverLogsStatus>SUCCESS</deliverLogsStatus><flowLogId>{id}</flowLogId>\
         <flowLogStatus>ACTIVE</flowLogStatus><logGroupName>flow</logGroupName>\
         <resourceId>{vpc}</resourceId><trafficType>REJECT</trafficType>\
         <logDestinationType>cloud-watch-logs</logDestinationType></item>",
        id = account.id_of("fl", number),
        vpc = account.id_of("vpc", number)
    )
}

fn route_table(account: &Account, number: usize) -> String {
    format!(
        "<item><routeTableId>{id}</routeTableId><vpcId>{vpc}</vpcId><ownerId>{owner}</ownerId>\
         <routeSet><item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock>\
         <gatewayId>local</gatewayId><state>active</state><origin>CreateRouteTable</origin></item>\
         </routeSet><associationSet><item><main>true</main></item></associationSet>\
         <propagatingVgwSet/><tagSet/></item>",
        id = account.id_of("rtb", number),
        vpc = account.id_of("vpc", number),
        owner = account.id
    )
}
