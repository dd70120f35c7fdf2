//! Classic Load Balancers.

use super::{PAGE, TAGGED_AT_ONCE};
use crate::aws::{Asked, Context, Reply, Requires};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::elb::{
    Attribute, CLASSIC_DESYNC, ClassicAttributes, ClassicListener, ClassicListenerDescription,
    ClassicLoadBalancer, ClassicPolicy, ClassicPolicyAttribute, ClassicSwitch, DESCRIBE_CLASSIC,
    DESCRIBE_CLASSIC_ATTRIBUTES, DESCRIBE_CLASSIC_POLICIES, DESCRIBE_CLASSIC_TAGS,
};
use crate::services::pages::Pages;
use aws_sdk_elasticloadbalancing::Client;
use aws_sdk_elasticloadbalancing::types;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Classic Load Balancers of one region. Calls: ceil(load balancers / 400),
/// ceil(load balancers / 20) for their tags, and 2 for each.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_CLASSIC, region: &region, about: None };
    let client = context.session().elb(&region);
    let mut pages = Pages::new(&context, asked);
    let mut known = Vec::new();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client.describe_load_balancers().page_size(PAGE).set_marker(pages.token()).send()
            })
            .await;
        let page = reply.read(|reply| {
            let all = asked.must(reply.load_balancer_descriptions, "LoadBalancerDescriptions")?;
            Ok((all, reply.next_marker))
        });
        for balancer in context.sample(pages.turn(page)) {
            match asked.must(balancer.load_balancer_name.clone(), "LoadBalancerName") {
                Ok(name) => known.push((name, balancer)),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    let mut tags = BTreeMap::new();
    let names: Vec<String> = known.iter().map(|(name, _)| name.clone()).collect();
    for names in names.chunks(TAGGED_AT_ONCE) {
        tags.extend(tags_of(&context, &client, &region, names).await);
    }
    let mut fan = context.fan_out();
    for (name, balancer) in known {
        let tags = tags.remove(&name).unwrap_or_else(Fact::not_collected);
        let (context, client) = (context.clone(), Arc::clone(&client));
        fan.add(one(context, client, region.clone(), name, balancer, tags)).await;
    }
    if fan.finish().await.is_ok() {
        pages.done(ClassicLoadBalancer::resource_type());
    }
}

/// The tags of up to twenty load balancers, by name.
async fn tags_of(
    context: &Context,
    client: &Client,
    region: &str,
    names: &[String],
) -> BTreeMap<String, Fact<BTreeMap<String, String>>> {
    let asked = Asked { operation: &DESCRIBE_CLASSIC_TAGS, region, about: None };
    let reply = context
        .ask(asked, || client.describe_tags().set_load_balancer_names(Some(names.to_vec())).send())
        .await
        .read(|reply| asked.must(reply.tag_descriptions, "TagDescriptions"));
    let of_all = match context.fact(reply) {
        Fact::Known(descriptions) => descriptions,
        Fact::Absent => Vec::new(),
        Fact::Unknown(gaps) => {
            return names.iter().map(|name| (name.clone(), Fact::Unknown(gaps.clone()))).collect();
        }
    };
    let read = |description: types::TagDescription| {
        let pairs = description.tags.into_iter().flatten();
        let pairs = pairs.map(|tag| (tag.key, tag.value.unwrap_or_default()));
        Some((description.load_balancer_name?, Fact::Known(pairs.collect())))
    };
    of_all.into_iter().filter_map(read).collect()
}

async fn one(
    context: Context,
    client: Arc<Client>,
    region: String,
    name: String,
    balancer: types::LoadBalancerDescription,
    tags: Fact<BTreeMap<String, String>>,
) {
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let arn =
        format!("arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{name}");
    let listed = Asked { operation: &DESCRIBE_CLASSIC, region: &region, about: Some(&arn) };
    let (attributes, policies) = tokio::join!(
        attributes(&context, &client, &region, &name, &arn),
        policies(&context, &client, &region, &name, &arn),
    );
    if attributes.failed_with(GONE) || policies.failed_with(GONE) {
        return;
    }
    let listeners = listed
        .must(balancer.listener_descriptions, "ListenerDescriptions")
        .and_then(|all| all.into_iter().map(|one| read_listener(listed, one)).collect());
    let document = ClassicLoadBalancer {
        scheme: Fact::from_option(balancer.scheme.filter(|scheme| !scheme.is_empty())),
        listeners: context.member(listeners),
        zones: context.member(listed.must(balancer.availability_zones, "AvailabilityZones")),
        attributes: context.fact(attributes),
        policies: context.fact(policies),
    };
    context.resource(Resource::new(&name, &arn, &region, document).with_tags(tags));
}

fn read_listener(
    asked: Asked<'_>,
    description: types::ListenerDescription,
) -> Result<ClassicListenerDescription, Box<Gap>> {
    let listener = asked.must(description.listener, "Listener")?;
    Ok(ClassicListenerDescription {
        listener: ClassicListener {
            protocol: asked.must_text(&listener.protocol, "Listener.Protocol")?.to_uppercase(),
            port: i64::from(listener.load_balancer_port),
            certificate: listener.ssl_certificate_id.filter(|id| !id.is_empty()),
        },
        // A listener without policies may come without the member.
        policy_names: description.policy_names.into_iter().flatten().collect(),
    })
}

async fn attributes(
    context: &Context,
    client: &Client,
    region: &str,
    name: &str,
    arn: &str,
) -> Reply<ClassicAttributes> {
    let asked = Asked { operation: &DESCRIBE_CLASSIC_ATTRIBUTES, region, about: Some(arn) };
    let reply = context
        .ask(asked, || {
            client
                .describe_load_balancer_attributes()
                .load_balancer_name(name)
                .customize()
                .interceptor(Requires(&["Enabled"]))
                .send()
        })
        .await;
    reply.read(|reply| {
        let all = asked.must(reply.load_balancer_attributes, "LoadBalancerAttributes")?;
        let cross_zone = asked.must(all.cross_zone_load_balancing, "CrossZoneLoadBalancing")?;
        let access_log = asked.must(all.access_log, "AccessLog")?;
        let connection_draining = asked.must(all.connection_draining, "ConnectionDraining")?;
        let mut additional = Vec::new();
        for attribute in all.additional_attributes.into_iter().flatten() {
            let key = asked.must(attribute.key, "AdditionalAttributes.Key")?;
            if key == CLASSIC_DESYNC {
                let value = asked.must(attribute.value, "AdditionalAttributes.Value")?;
                additional.push(Attribute { key, value });
            }
        }
        Ok(ClassicAttributes {
            cross_zone: ClassicSwitch { enabled: cross_zone.enabled },
            access_log: ClassicSwitch { enabled: access_log.enabled },
            connection_draining: ClassicSwitch { enabled: connection_draining.enabled },
            additional,
        })
    })
}

/// The kind of policy that is for TLS, and its attribute that rules read
/// (<https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html>).
const TLS: &str = "SSLNegotiationPolicyType";
const REFERENCE: &str = "Reference-Security-Policy";

async fn policies(
    context: &Context,
    client: &Client,
    region: &str,
    name: &str,
    arn: &str,
) -> Reply<Vec<ClassicPolicy>> {
    let asked = Asked { operation: &DESCRIBE_CLASSIC_POLICIES, region, about: Some(arn) };
    let reply = context
        .ask(asked, || client.describe_load_balancer_policies().load_balancer_name(name).send())
        .await;
    reply.read(|reply| {
        let all = asked.must(reply.policy_descriptions, "PolicyDescriptions")?;
        let mut policies = Vec::new();
        for policy in all.into_iter().filter(|one| one.policy_type_name.as_deref() == Some(TLS)) {
            let mut attributes = Vec::new();
            for attribute in policy.policy_attribute_descriptions.into_iter().flatten() {
                let name = asked.must(attribute.attribute_name, "AttributeName")?;
                if name == REFERENCE {
                    let value = asked.must(attribute.attribute_value, "AttributeValue")?;
                    attributes.push(ClassicPolicyAttribute { name, value });
                }
            }
            let name = asked.must(policy.policy_name, "PolicyName")?;
            policies.push(ClassicPolicy { name, attributes });
        }
        Ok(policies)
    })
}

/// What AWS says of one that was deleted since it was listed
/// (<https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeLoadBalancerAttributes.html>).
const GONE: &[&str] = &["LoadBalancerNotFound"];
