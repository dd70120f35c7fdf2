"""The network of an account; its truth is in `truth_network.rs`."""

from moto.ec2.models import ec2_backends

from accounts import story
from beyond_moto import say

EU, US = "eu-west-1", "us-east-1"
ALL = "0.0.0.0/0"


def permission(protocol, ports=None, v4=(), v6=(), lists=(), groups=()):
    result = {
        "IpProtocol": protocol,
        "IpRanges": [{"CidrIp": cidr} for cidr in v4],
        "Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in v6],
        "PrefixListIds": [{"PrefixListId": prefix_list} for prefix_list in lists],
        "UserIdGroupPairs": [{"GroupId": group} for group in groups],
    }
    if ports:
        result["FromPort"], result["ToPort"] = ports
    return result


class Network:
    def __init__(self, account):
        self.account, self.names, self.client_vpns = account, {}, []
        self.ec2 = account.client("ec2", EU)

    def named(self, name, found):
        self.names[found] = name
        return found

    def defaults(self, ec2, vpc, name):
        """Names what AWS makes with a VPC; answers its group and its ACL."""
        in_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
        [group] = ec2.describe_security_groups(Filters=in_vpc)["SecurityGroups"]
        [acl] = ec2.describe_network_acls(Filters=in_vpc)["NetworkAcls"]
        self.named(name, group["GroupId"])
        self.named(name, acl["NetworkAclId"])
        return group, acl

    def untouched(self, region):
        """The VPC that AWS makes with the account, without its subnets. (In
        moto they stay under its ACL.)"""
        ec2 = self.account.client("ec2", region)
        [vpc] = ec2.describe_vpcs()["Vpcs"]
        for subnet in ec2.describe_subnets()["Subnets"]:
            ec2.delete_subnet(SubnetId=subnet["SubnetId"])
        self.named(f"default-{region}", vpc["VpcId"])
        self.defaults(ec2, vpc["VpcId"], f"default-{region}")

    def vpc(self, name, block):
        vpc = self.ec2.create_vpc(CidrBlock=f"10.{block}.0.0/16")["Vpc"]["VpcId"]
        group, acl = self.defaults(self.ec2, vpc, f"{name}-default")
        return self.named(name, vpc), group, acl

    def subnet(self, name, vpc, block, public=False):
        subnet = self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{block}.0/24")
        subnet = subnet["Subnet"]["SubnetId"]
        self.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": public})
        return self.named(name, subnet)

    def group(self, name, vpc, *permissions):
        group = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)
        group = self.named(name, group["GroupId"])
        if permissions:
            self.ec2.authorize_security_group_ingress(
                GroupId=group, IpPermissions=list(permissions)
            )
        return group

    def closed(self, group, *allowed):
        """Takes the rule away that lets everything out."""
        self.ec2.revoke_security_group_egress(
            GroupId=group, IpPermissions=[permission("-1", v4=[ALL])]
        )
        if allowed:
            self.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=list(allowed))

    def interface(self, name, subnet, group):
        made = self.ec2.create_network_interface(SubnetId=subnet, Groups=[group])
        return self.named(name, made["NetworkInterface"]["NetworkInterfaceId"])

    def flow_log(self, vpc, traffic):
        made = self.ec2.create_flow_logs(
            ResourceType="VPC",
            ResourceIds=[vpc],
            TrafficType=traffic,
            LogDestinationType="s3",
            LogDestination=f"arn:aws:s3:::network-{self.account.account}",
        )
        assert not made["Unsuccessful"], made["Unsuccessful"]

    def endpoint(self, service, vpc, subnet):
        made = self.ec2.create_vpc_endpoint(
            VpcId=vpc,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{EU}.{service}",
            SubnetIds=[subnet],
        )["VpcEndpoint"]
        for interface in made["NetworkInterfaceIds"]:
            self.named(f"endpoint-{service}", interface)

    def prefix_list(self, name, cidr):
        made = self.ec2.create_managed_prefix_list(
            PrefixListName=name, MaxEntries=1, AddressFamily="IPv4", Entries=[{"Cidr": cidr}]
        )
        return made["PrefixList"]["PrefixListId"]

    def acl(self, name, vpc, *entries):
        acl = self.ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
        for number, action, protocol, ports in entries:
            self.ec2.create_network_acl_entry(
                NetworkAclId=acl,
                RuleNumber=number,
                RuleAction=action,
                Protocol=protocol,
                Egress=False,
                CidrBlock=ALL,
                PortRange={"From": ports[0], "To": ports[1]},
            )
        return self.named(name, acl)

    def vpn(self, name, status, versions, logs):
        """moto knows nothing of tunnels: they are written into its memory."""
        gateway = self.ec2.create_customer_gateway(BgpAsn=65000, PublicIp="198.51.100.1", Type="ipsec.1")
        other = self.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
        made = self.ec2.create_vpn_connection(
            CustomerGatewayId=gateway["CustomerGateway"]["CustomerGatewayId"],
            VpnGatewayId=other,
            Type="ipsec.1",
        )
        vpn = self.named(name, made["VpnConnection"]["VpnConnectionId"])
        memory = ec2_backends[self.account.account][EU].vpn_connections[vpn]
        memory.vgw_telemetry = [{"Status": "UP"}, {"Status": status}]
        tunnel = {
            "IkeVersions": [{"Value": version} for version in versions],
            "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": logs}},
        }
        memory.options = {"TunnelOptions": [tunnel, tunnel]}

    def transit_gateway(self, name, accepts):
        made = self.ec2.create_transit_gateway(Options={"AutoAcceptSharedAttachments": accepts})
        self.named(name, made["TransitGateway"]["TransitGatewayId"])

    def client_vpn(self, name, logs):
        found = f"cvpn-endpoint-{name}"
        endpoint = {
            "ClientVpnEndpointId": self.named(name, found),
            "Status": {"Code": "available"},
            "ConnectionLogOptions": {"Enabled": logs},
        }
        self.client_vpns.append(endpoint)
        operation = "DescribeClientVpnEndpoints"
        say(self.account.account, EU, operation, ClientVpnEndpoints=self.client_vpns)


@story
def network(account):
    """Something right and something wrong for every rule of the network;
    answers the names of what has only an id."""
    made = Network(account)
    made.untouched(EU)
    made.untouched(US)
    options = {"State": "update-complete", "InternetGatewayBlockMode": "block-ingress"}
    operation = "DescribeVpcBlockPublicAccessOptions"
    say(account.account, EU, operation, VpcBlockPublicAccessOptions=options)

    used, _, used_acl = made.vpc("used", 1)
    private = made.subnet("private", used, "1.1")
    made.subnet("public", used, "1.2", public=True)
    bare, _, _ = made.vpc("bare", 2)
    made.subnet("spare", bare, "2.1", public=True)
    quiet, quiet_group, _ = made.vpc("quiet", 3)
    inside = made.subnet("inside", quiet, "3.1")
    made.closed(quiet_group["GroupId"])

    account.s3.create_bucket(Bucket=f"network-{account.account}")
    made.flow_log(used, "ALL")
    made.flow_log(quiet, "REJECT")
    made.endpoint("ec2", used, private)
    made.endpoint("ssm", used, private)

    web = made.group("web", used, permission("tcp", (443, 443), [ALL], ["::/0"]))
    made.interface("plain", private, web)
    router = made.interface("router", private, web)
    made.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=router, SourceDestCheck={"Value": False}
    )
    made.interface("inside", inside, quiet_group["GroupId"])

    halves = ["0.0.0.0/1", "128.0.0.0/1"]
    office = made.prefix_list("office", "203.0.113.0/24")
    world = made.prefix_list("world", ALL)
    made.group("ssh", used, permission("tcp", (22, 22), [ALL]))
    made.group("halves", used, permission("tcp", (22, 22), halves))
    made.group("half", used, permission("tcp", (22, 22), halves[:1]))
    made.group("rdp6", used, permission("tcp", (3389, 3389), v6=["::/0"]))
    made.group("udp", used, permission("udp", (22, 22), [ALL]))
    made.group("all", used, permission("-1", v4=[ALL]))
    made.group("around", used, permission("tcp", (20, 25), [ALL]))
    made.group("cifs", used, permission("tcp", (445, 445), [ALL]))
    made.group("office", used, permission("tcp", (22, 22), lists=[office]))
    made.group("world", used, permission("tcp", (22, 22), lists=[world]))
    made.group("ping", used, permission("icmp", (-1, -1), [ALL]))
    made.group("members", used, permission("-1", groups=[web]))
    tight = made.group("tight", used)
    made.closed(tight, permission("tcp", (443, 443), [ALL]))

    made.acl("stray", used, (100, "allow", "6", (22, 22)))
    locked = made.acl(
        "locked",
        used,
        (90, "deny", "6", (3389, 3389)),
        (100, "allow", "6", (1024, 65535)),
    )
    # moto answers with the list as it is now.
    acls = made.ec2.describe_network_acls(NetworkAclIds=[used_acl["NetworkAclId"]])
    for association in acls["NetworkAcls"][0]["Associations"]:
        if association["SubnetId"] == private:
            made.ec2.replace_network_acl_association(
                AssociationId=association["NetworkAclAssociationId"], NetworkAclId=locked
            )

    made.vpn("twofold", "UP", ["ikev2"], True)
    made.vpn("onefold", "DOWN", ["ikev1", "ikev2"], False)
    made.transit_gateway("asking", "disable")
    made.transit_gateway("trusting", "enable")
    made.client_vpn("logged", True)
    made.client_vpn("silent", False)
    return made.names
