//! The listeners of a load balancer.

use super::PAGE;
use super::balancers::GONE;
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Fact, Gap, Gaps, Resource};
use crate::services::elb::{
    Action, DESCRIBE_LISTENERS, DESCRIBE_RULES, Listener, RedirectConfig, Rule,
};
use crate::services::pages::{Pages, whole};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types;

/// Feeds the listeners of a load balancer, and says what may hide more. Calls:
/// ceil(listeners / 400), and ceil(rules / 400) for each that is for plain HTTP.
pub(super) async fn of_balancer(
    context: &Context,
    client: &Client,
    region: &str,
    balancer: &str,
    name: &str,
) -> Gaps {
    let asked = Asked { operation: &DESCRIBE_LISTENERS, region, about: Some(balancer) };
    let mut pages = Pages::new(context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_listeners()
                    .load_balancer_arn(balancer)
                    .page_size(PAGE)
                    .set_marker(pages.token())
                    .send()
            })
            .await;
        if reply.failed_with(GONE) {
            return Gaps::NONE;
        }
        let page =
            reply.read(|reply| Ok((asked.must(reply.listeners, "Listeners")?, reply.next_marker)));
        for listener in context.sample(pages.turn(page)) {
            if let Err(gap) = one(context, client, asked, name, listener).await {
                pages.hide(gap);
            }
        }
    }
    pages.missing().clone()
}

async fn one(
    context: &Context,
    client: &Client,
    asked: Asked<'_>,
    name: &str,
    listener: types::Listener,
) -> Result<(), Box<Gap>> {
    let arn = asked.must(listener.listener_arn, "ListenerArn")?;
    let about = Asked { about: Some(&arn), ..asked };
    let protocol = listener.protocol.map(|protocol| protocol.as_str().to_owned());
    let rules = if protocol.as_deref() == Some("HTTP") {
        rules(context, client, asked.region, &arn).await
    } else {
        Reply::Absent
    };
    if rules.failed_with(&["ListenerNotFound"]) {
        return Ok(());
    }
    let actions = about
        .must(listener.default_actions, "DefaultActions")
        .and_then(|actions| read_actions(about, actions));
    let document = Listener {
        load_balancer: context.member(about.must(listener.load_balancer_arn, "LoadBalancerArn")),
        port: Fact::from_option(listener.port.map(i64::from)),
        protocol: Fact::from_option(protocol),
        ssl_policy: Fact::from_option(listener.ssl_policy.filter(|policy| !policy.is_empty())),
        default_actions: context.member(actions),
        rules: context.fact(rules),
    };
    let id = match listener.port {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    };
    context.resource(Resource::new(&id, &arn, asked.region, document));
    Ok(())
}

/// All pages, or a gap: half a list of rules answers nothing.
async fn rules(context: &Context, client: &Client, region: &str, arn: &str) -> Reply<Vec<Rule>> {
    let asked = Asked { operation: &DESCRIBE_RULES, region, about: Some(arn) };
    whole(asked, |marker| async move {
        let reply = context
            .ask(asked, || {
                client
                    .describe_rules()
                    .listener_arn(arn)
                    .page_size(PAGE)
                    .set_marker(marker.clone())
                    .send()
            })
            .await;
        reply.read(|reply| {
            let read = asked.must(reply.rules, "Rules")?.into_iter().map(|rule| {
                let actions = asked.must(rule.actions, "Rules.Actions")?;
                Ok(Rule { actions: read_actions(asked, actions)? })
            });
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_marker))
        })
    })
    .await
}

fn read_actions(asked: Asked<'_>, actions: Vec<types::Action>) -> Result<Vec<Action>, Box<Gap>> {
    let read = |action: types::Action| {
        let kind = asked.must(action.r#type, "Actions.Type")?;
        Ok(Action {
            kind: kind.as_str().to_owned(),
            redirect: action.redirect_config.map(|to| RedirectConfig { protocol: to.protocol }),
        })
    };
    actions.into_iter().map(read).collect()
}
