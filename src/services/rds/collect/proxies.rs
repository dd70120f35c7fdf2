//! Proxies.

use super::PAGE;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Gap, Resource};
use crate::services::pages::feed;
use crate::services::rds::DESCRIBE_DB_PROXIES;
use crate::services::rds::proxy::DbProxy;
use aws_sdk_rds::types;

/// Proxies of one region. Calls: ceil(proxies / 100).
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_DB_PROXIES, region: &region, about: None };
    let client = context.session().rds(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                client.describe_db_proxies().max_records(PAGE).set_marker(token.clone()).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.db_proxies, "DBProxies")?, reply.marker)))
    };
    let one = |proxy: &types::DbProxy| one(context, asked, proxy);
    feed(context, asked, DbProxy::resource_type(), page, one).await;
}

fn one(context: &Context, asked: Asked<'_>, sent: &types::DbProxy) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.db_proxy_name(), "DBProxyName")?;
    let arn = asked.text(sent.db_proxy_arn(), "DBProxyArn")?;
    let asked = Asked { about: Some(&arn), ..asked };
    let document = DbProxy {
        engine_family: context.member(asked.text(sent.engine_family(), "EngineFamily")),
        require_tls: context.member(asked.must(sent.require_tls, "RequireTLS")),
    };
    Ok(Resource::new(&id, &arn, asked.region, document))
}
