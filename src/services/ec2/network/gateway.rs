//! VPN connections, Client VPN endpoints and transit gateways.

use super::{DESCRIBE_CLIENT_VPN_ENDPOINTS, DESCRIBE_TRANSIT_GATEWAYS, DESCRIBE_VPN_CONNECTIONS};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

record! {
    /// How a tunnel does.
    pub struct VgwTelemetry {
        /// UP or DOWN.
        "Status" => status: String,
        /// Its address at AWS.
        "OutsideIpAddress" => outside_ip_address: Option<String>,
        /// Why.
        "StatusMessage" => status_message: Option<String>,
    }
}

record! {
    /// How a VPN connection was made. Its pre-shared keys are not kept.
    pub struct VpnConnectionOptions {
        /// Its tunnels.
        "TunnelOptions" => tunnel_options: Option<Vec<TunnelOption>>,
    }
}

record! {
    /// How a tunnel was made.
    pub struct TunnelOption {
        /// Its address at AWS.
        "OutsideIpAddress" => outside_ip_address: Option<String>,
        /// The versions of IKE that it accepts; absent if never set, then all.
        "IkeVersions" => ike_versions: Option<Vec<IkeVersionsListValue>>,
        /// Its log.
        "LogOptions" => log_options: Option<VpnTunnelLogOptions>,
    }
}

record! {
    /// A version of IKE.
    pub struct IkeVersionsListValue {
        /// ikev1 or ikev2.
        "Value" => value: String,
    }
}

record! {
    /// The log of a tunnel.
    pub struct VpnTunnelLogOptions {
        /// In CloudWatch Logs.
        "CloudWatchLogOptions" => cloud_watch_log_options: Option<CloudWatchLogOptions>,
    }
}

record! {
    /// A log in CloudWatch Logs.
    pub struct CloudWatchLogOptions {
        /// It is on.
        "LogEnabled" => log_enabled: Option<bool>,
        /// The log group.
        "LogGroupArn" => log_group_arn: Option<String>,
    }
}

document! {
    /// A Site-to-Site VPN connection.
    pub struct VpnConnection: "ec2.vpn-connection" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_VPN_CONNECTIONS]], tagged by [DESCRIBE_VPN_CONNECTIONS] {
        /// pending, available, deleting or deleted.
        "State" => always state: String = [DESCRIBE_VPN_CONNECTIONS],
        /// How its tunnels do.
        "VgwTelemetry" => always vgw_telemetry: Vec<VgwTelemetry> = [DESCRIBE_VPN_CONNECTIONS],
        /// How its tunnels were made.
        "Options" => always options: VpnConnectionOptions = [DESCRIBE_VPN_CONNECTIONS],
    }
}

record! {
    /// Where a Client VPN endpoint stands in its life.
    pub struct ClientVpnEndpointStatus {
        /// pending-associate, available, deleting, deleted or pending.
        "Code" => code: String,
    }
}

record! {
    /// The connection log of a Client VPN endpoint.
    pub struct ConnectionLogResponseOptions {
        /// It is on.
        "Enabled" => enabled: bool,
        /// The log group.
        "CloudwatchLogGroup" => cloudwatch_log_group: Option<String>,
    }
}

document! {
    /// A Client VPN endpoint.
    pub struct ClientVpnEndpoint: "ec2.client-vpn-endpoint" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_CLIENT_VPN_ENDPOINTS]], tagged by [DESCRIBE_CLIENT_VPN_ENDPOINTS] {
        /// Where it stands in its life.
        "Status" => always status: ClientVpnEndpointStatus = [DESCRIBE_CLIENT_VPN_ENDPOINTS],
        /// Its connection log.
        "ConnectionLogOptions" => always connection_log_options: ConnectionLogResponseOptions = [DESCRIBE_CLIENT_VPN_ENDPOINTS],
    }
}

record! {
    /// How a transit gateway was made.
    pub struct TransitGatewayOptions {
        /// enable or disable: attachments of other accounts are accepted by themselves.
        "AutoAcceptSharedAttachments" => auto_accept_shared_attachments: String,
    }
}

document! {
    /// A transit gateway: the account's own, or one that is shared with it.
    pub struct TransitGateway: "ec2.transit-gateway" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_TRANSIT_GATEWAYS]], tagged by [DESCRIBE_TRANSIT_GATEWAYS] {
        /// The account that owns it.
        "OwnerId" => always owner_id: String = [DESCRIBE_TRANSIT_GATEWAYS],
        /// pending, available, modifying, deleting or deleted.
        "State" => always state: String = [DESCRIBE_TRANSIT_GATEWAYS],
        /// How it was made.
        "Options" => always options: TransitGatewayOptions = [DESCRIBE_TRANSIT_GATEWAYS],
    }
}
