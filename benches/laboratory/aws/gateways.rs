//! EC2: prefix lists, endpoints, VPNs and transit gateways.

use super::CREATED;
use super::ec2::{Text, page};
use crate::account::Account;
use crate::call::Call;

pub(super) fn answer(account: &Account, call: &Call) -> Text {
    let rare = account.shape.rare;
    let of = |list: &str, item: fn(&Account, &Call, usize) -> String| {
        page(account, call, list, rare, |number| item(account, call, number))
    };
    Some(match call.operation.as_str() {
        "DescribeManagedPrefixLists" => {
            // One of AWS's own in each region, then the account's.
            let regions = account.regions();
            page(account, call, "prefixListSet", regions + rare, |at| {
                match at.checked_sub(regions) {
                    None => prefix_list(call, "pl-00000001", "aws", "AWS"),
                    Some(number) => {
                        prefix_list(call, &account.id_of("pl", number), &account.id, &account.id)
                    }
                }
            })
        }
        "GetManagedPrefixListEntries" => {
            let cidrs = ["10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1"];
            let found = account.page(call, cidrs.len(), "MaxResults", 100);
            found.map(|found| {
                let on_page = cidrs.get(found.range).unwrap_or_default();
                let entries = super::list("entrySet", on_page, |cidr| {
                    format!("<item><cidr>{cidr}</cidr></item>")
                });
                let next = found.next.map(|token| format!("<nextToken>{token}</nextToken>"));
                format!("{entries}{}", next.unwrap_or_default())
            })
        }
        "DescribeVpcEndpoints" => of("vpcEndpointSet", endpoint),
        "DescribeVpnConnections" => of("vpnConnectionSet", connection),
        "DescribeClientVpnEndpoints" => of("clientVpnEndpoint", client_endpoint),
        "DescribeTransitGateways" => of("transitGatewaySet", transit_gateway),
        _ => return None,
    })
}

/// What a security group lets in by the account's first prefix list in the
/// region at that place.
pub(super) fn permission(account: &Account, place: usize) -> String {
    format!(
        "<item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><groups/>\
         <ipRanges/><ipv6Ranges/><prefixListIds><item><prefixListId>{}</prefixListId></item>\
         </prefixListIds></item>",
        account.id_of("pl", place)
    )
}

fn prefix_list(call: &Call, id: &str, account: &str, owner: &str) -> String {
    format!(
        "<item><prefixListId>{id}</prefixListId><addressFamily>IPv4</addressFamily>\
         <state>create-complete</state><prefixListArn>arn:aws:ec2:{region}:{account}:prefix-list/\
         {id}</prefixListArn><prefixListName>p0-{id}</prefixListName><maxEntries>10</maxEntries>\
         <version>1</version><tagSet/><ownerId>{owner}</ownerId></item>",
        region = call.region
    )
}

fn endpoint(account: &Account, call: &Call, number: usize) -> String {
    format!(
        "<item><vpcEndpointId>{id}</vpcEndpointId><vpcEndpointType>Gateway</vpcEndpointType>\
         <vpcId>{vpc}</vpcId><serviceName>com.amazonaws.{region}.s3</serviceName>\
         <state>available</state><policyDocument>{{}}</policyDocument><routeTableIdSet/>\
         <subnetIdSet/><groupSet/><privateDnsEnabled>false</privateDnsEnabled>\
         <requesterManaged>false</requesterManaged><networkInterfaceIdSet/><dnsEntrySet/>\
         <creationTimestamp>{CREATED}</creationTimestamp><tagSet/><ownerId>{owner}</ownerId></item>",
        id = account.id_of("vpce", number),
        vpc = account.id_of("vpc", number % account.regions()),
        region = call.region,
        owner = account.id
    )
}

fn connection(account: &Account, _call: &Call, number: usize) -> String {
    let tunnel = |address: &str, status: &str| {
        (
            format!(
                "<item><outsideIpAddress>{address}</outsideIpAddress>\
                 <ikeVersionSet><item><value>ikev2</value></item></ikeVersionSet>\
                 <logOptions><cloudWatchLogOptions><logEnabled>false</logEnabled>\
                 </cloudWatchLogOptions></logOptions></item>"
            ),
            format!(
                "<item><acceptedRouteCount>0</acceptedRouteCount>\
                 <lastStatusChange>{CREATED}</lastStatusChange>\
                 <outsideIpAddress>{address}</outsideIpAddress><status>{status}</status>\
                 <statusMessage/></item>"
            ),
        )
    };
    let ((one, first), (other, second)) = (tunnel("192.0.2.1", "UP"), tunnel("192.0.2.2", "DOWN"));
    format!(
        "<item><vpnConnectionId>{id}</vpnConnectionId><state>available</state>\
         <customerGatewayId>cgw-1</customerGatewayId><type>ipsec.1</type>\
         <vpnGatewayId>vgw-1</vpnGatewayId><category>VPN</category><options>\
         <staticRoutesOnly>false</staticRoutesOnly><tunnelOptionSet>{one}{other}</tunnelOptionSet>\
         </options><routes/><tagSet/><vgwTelemetry>{first}{second}</vgwTelemetry></item>",
        id = account.id_of("vpn", number)
    )
}

fn client_endpoint(account: &Account, _call: &Call, number: usize) -> String {
    format!(
        "<item><clientVpnEndpointId>{id}</clientVpnEndpointId><description/>\
         <status><code>available</code></status><creationTime>{CREATED}</creationTime>\
         <clientCidrBlock>172.16.0.0/16</clientCidrBlock><splitTunnel>false</splitTunnel>\
         <vpnProtocol>openvpn</vpnProtocol><transportProtocol>udp</transportProtocol>\
         <vpnPort>443</vpnPort><authenticationOptions/><connectionLogOptions>\
         <Enabled>false</Enabled></connectionLogOptions><tagSet/></item>",
        id = account.id_of("cvpn-endpoint", number)
    )
}

fn transit_gateway(account: &Account, call: &Call, number: usize) -> String {
    let id = account.id_of("tgw", number);
    format!(
        "<item><transitGatewayId>{id}</transitGatewayId><transitGatewayArn>arn:aws:ec2:{region}:\
         {owner}:transit-gateway/{id}</transitGatewayArn><state>available</state>\
         <ownerId>{owner}</ownerId><description/><creationTime>{CREATED}</creationTime><options>\
         <amazonSideAsn>64512</amazonSideAsn>\
         <autoAcceptSharedAttachments>enable</autoAcceptSharedAttachments>\
         <defaultRouteTableAssociation>enable</defaultRouteTableAssociation>\
         <defaultRouteTablePropagation>enable</defaultRouteTablePropagation>\
         <vpnEcmpSupport>enable</vpnEcmpSupport><dnsSupport>enable</dnsSupport>\
         <multicastSupport>disable</multicastSupport></options><tagSet/></item>",
        region = call.region,
        owner = account.id
    )
}
