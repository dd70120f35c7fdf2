//! VPC Block Public Access, a fact of the region.

use crate::aws::{Asked, Context, Reply};
use crate::services::ec2::network::{
    DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS, VpcBlockPublicAccessOptions,
};

/// One call, if it is part of the plan.
pub(crate) async fn vpc_block_public_access(
    context: &Context,
    region: &str,
) -> Reply<VpcBlockPublicAccessOptions> {
    let operation = &DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS;
    let asked = Asked { operation, region, about: None };
    let client = context.session().ec2(region);
    let reply =
        context.ask(asked, || client.describe_vpc_block_public_access_options().send()).await;
    reply.read(|reply| {
        let options =
            asked.must(reply.vpc_block_public_access_options, "VpcBlockPublicAccessOptions")?;
        let mode = asked.must(options.internet_gateway_block_mode, "InternetGatewayBlockMode")?;
        let state = asked.must(options.state, "State")?;
        Ok(VpcBlockPublicAccessOptions {
            internet_gateway_block_mode: mode.as_str().to_owned(),
            state: state.as_str().to_owned(),
            managed_by: options.managed_by.map(|by| by.as_str().to_owned()),
            exclusions_allowed: options.exclusions_allowed.map(|e| e.as_str().to_owned()),
        })
    })
}
