//! VPN connections, Client VPN endpoints and transit gateways.

use super::super::pages::{arn, feed, tags};
use super::PAGE;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::network::gateway::{
    ClientVpnEndpoint, ClientVpnEndpointStatus, CloudWatchLogOptions, ConnectionLogResponseOptions,
    IkeVersionsListValue, TransitGateway, TransitGatewayOptions, TunnelOption, VgwTelemetry,
    VpnConnection, VpnConnectionOptions, VpnTunnelLogOptions,
};
use crate::services::ec2::network::{
    DESCRIBE_CLIENT_VPN_ENDPOINTS, DESCRIBE_TRANSIT_GATEWAYS, DESCRIBE_VPN_CONNECTIONS,
};
use aws_sdk_ec2::types;

/// The VPN connections of one region: a list without pages. It holds
/// pre-shared keys, of which nothing is kept.
pub(super) async fn vpn_connections(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_VPN_CONNECTIONS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |_| async move {
        let reply = context.ask(asked, || client.describe_vpn_connections().send()).await;
        reply.read(|reply| Ok((asked.must(reply.vpn_connections, "VpnConnections")?, None)))
    };
    feed(context, asked, VpnConnection::resource_type(), page, |vpn| one_vpn(context, asked, vpn))
        .await;
}

fn one_vpn(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::VpnConnection,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.vpn_connection_id(), "VpnConnectionId")?;
    let arn = arn(context, asked.region, context.session().account(), "vpn-connection", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let state = sent.state.as_ref().map(types::VpnState::as_str);
    let document = VpnConnection {
        state: context.member(asked.text(state, "State")),
        vgw_telemetry: context.member(telemetry(asked, sent)),
        options: context.member(options(asked, sent)),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}

fn telemetry(asked: Asked<'_>, sent: &types::VpnConnection) -> Result<Vec<VgwTelemetry>, Box<Gap>> {
    let tunnels = asked.must(sent.vgw_telemetry.as_ref(), "VgwTelemetry")?.iter();
    tunnels
        .map(|tunnel| {
            let status = tunnel.status.as_ref().map(types::TelemetryStatus::as_str);
            Ok(VgwTelemetry {
                status: asked.text(status, "VgwTelemetry.Status")?,
                outside_ip_address: tunnel.outside_ip_address.clone(),
                status_message: tunnel.status_message.clone(),
            })
        })
        .collect()
}

fn options(
    asked: Asked<'_>,
    sent: &types::VpnConnection,
) -> Result<VpnConnectionOptions, Box<Gap>> {
    let options = asked.must(sent.options.as_ref(), "Options")?;
    let tunnels = options.tunnel_options.as_ref().map(|tunnels| {
        tunnels.iter().map(|tunnel| one_tunnel(asked, tunnel)).collect::<Result<_, _>>()
    });
    Ok(VpnConnectionOptions { tunnel_options: tunnels.transpose()? })
}

fn one_tunnel(asked: Asked<'_>, sent: &types::TunnelOption) -> Result<TunnelOption, Box<Gap>> {
    let versions = sent.ike_versions.as_ref().map(|versions| {
        let read = versions.iter().map(|version| {
            let value = asked.text(version.value(), "IkeVersions.Value")?;
            Ok(IkeVersionsListValue { value })
        });
        read.collect::<Result<_, Box<Gap>>>()
    });
    let log_options = sent.log_options.as_ref().map(|log| VpnTunnelLogOptions {
        cloud_watch_log_options: log.cloud_watch_log_options.as_ref().map(|log| {
            CloudWatchLogOptions {
                log_enabled: log.log_enabled,
                log_group_arn: log.log_group_arn.clone(),
            }
        }),
    });
    Ok(TunnelOption {
        outside_ip_address: sent.outside_ip_address.clone(),
        ike_versions: versions.transpose()?,
        log_options,
    })
}

/// The Client VPN endpoints of one region.
pub(super) async fn client_vpn_endpoints(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_CLIENT_VPN_ENDPOINTS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client
                    .describe_client_vpn_endpoints()
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            })
            .await;
        reply.read(|reply| {
            Ok((asked.must(reply.client_vpn_endpoints, "ClientVpnEndpoints")?, reply.next_token))
        })
    };
    feed(context, asked, ClientVpnEndpoint::resource_type(), page, |endpoint| {
        one_client_vpn(context, asked, endpoint)
    })
    .await;
}

fn one_client_vpn(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::ClientVpnEndpoint,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.client_vpn_endpoint_id(), "ClientVpnEndpointId")?;
    let arn = arn(context, asked.region, context.session().account(), "client-vpn-endpoint", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let code = sent.status.as_ref().and_then(|status| status.code.as_ref());
    let code = asked.text(code.map(types::ClientVpnEndpointStatusCode::as_str), "Status.Code");
    let log = sent.connection_log_options.as_ref();
    let enabled = asked.must(log.and_then(|log| log.enabled), "ConnectionLogOptions.Enabled");
    let document = ClientVpnEndpoint {
        status: context.member(code.map(|code| ClientVpnEndpointStatus { code })),
        connection_log_options: context.member(enabled.map(|enabled| {
            let cloudwatch_log_group = log.and_then(|log| log.cloudwatch_log_group.clone());
            ConnectionLogResponseOptions { enabled, cloudwatch_log_group }
        })),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}

/// The transit gateways of one region.
pub(super) async fn transit_gateways(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_TRANSIT_GATEWAYS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_transit_gateways().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| {
            Ok((asked.must(reply.transit_gateways, "TransitGateways")?, reply.next_token))
        })
    };
    feed(context, asked, TransitGateway::resource_type(), page, |gateway| {
        one_transit_gateway(context, asked, gateway)
    })
    .await;
}

fn one_transit_gateway(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::TransitGateway,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.transit_gateway_id(), "TransitGatewayId")?;
    let owner = asked.text(sent.owner_id(), "OwnerId")?;
    let arn = arn(context, asked.region, &owner, "transit-gateway", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let state = sent.state.as_ref().map(types::TransitGatewayState::as_str);
    let accepts = sent.options.as_ref().and_then(|o| o.auto_accept_shared_attachments.as_ref());
    let accepts = accepts.map(types::AutoAcceptSharedAttachmentsValue::as_str);
    let accepts = asked.text(accepts, "Options.AutoAcceptSharedAttachments");
    let document = TransitGateway {
        owner_id: Fact::Known(owner),
        state: context.member(asked.text(state, "State")),
        options: context.member(
            accepts
                .map(|accepts| TransitGatewayOptions { auto_accept_shared_attachments: accepts }),
        ),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}
