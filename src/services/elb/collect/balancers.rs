//! Application, Network and Gateway Load Balancers.

use super::{PAGE, TAGGED_AT_ONCE, listeners};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Document, Fact, Gap, Gaps, Resource};
use crate::services::elb::{
    ATTRIBUTES, Attribute, AvailabilityZone, DESCRIBE_LISTENERS, DESCRIBE_LOAD_BALANCER_ATTRIBUTES,
    DESCRIBE_LOAD_BALANCERS, DESCRIBE_TAGS, GET_WEB_ACL_FOR_RESOURCE, Listener, LoadBalancer,
    WebAcl,
};
use crate::services::pages::Pages;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the tasks of one region share.
struct Place {
    context: Context,
    client: Arc<Client>,
    region: String,
    /// What may hide listeners.
    hidden: Mutex<Gaps>,
}

/// Load balancers of one region, and their listeners. Calls: ceil(load
/// balancers / 400), ceil(load balancers / 20) for their tags, and for each 1,
/// 1 more if it is for HTTP, and those of [`listeners`].
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_LOAD_BALANCERS, region: &region, about: None };
    let client = context.session().elbv2(&region);
    let mut pages = Pages::new(&context, asked);
    let mut known = Vec::new();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client.describe_load_balancers().page_size(PAGE).set_marker(pages.token()).send()
            })
            .await;
        let page = reply.read(|reply| {
            Ok((asked.must(reply.load_balancers, "LoadBalancers")?, reply.next_marker))
        });
        for balancer in context.sample(pages.turn(page)) {
            match asked.must(balancer.load_balancer_arn.clone(), "LoadBalancerArn") {
                Ok(arn) => known.push((arn, balancer)),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    let reads_balancers = context.plan().reads(LoadBalancer::resource_type());
    let mut tags = BTreeMap::new();
    if reads_balancers {
        let arns: Vec<String> = known.iter().map(|(arn, _)| arn.clone()).collect();
        for arns in arns.chunks(TAGGED_AT_ONCE) {
            tags.extend(tags_of(&context, &client, &region, arns).await);
        }
    }
    let place = Arc::new(Place {
        context: context.clone(),
        client,
        region: region.clone(),
        hidden: Mutex::default(),
    });
    let mut fan = context.fan_out();
    for (arn, balancer) in known {
        let tags = tags.remove(&arn).unwrap_or_else(Fact::not_collected);
        fan.add(one(Arc::clone(&place), arn, balancer, tags)).await;
    }
    if fan.finish().await.is_err() {
        return;
    }
    if context.plan().reads(Listener::resource_type()) && context.wants(&DESCRIBE_LISTENERS) {
        let hidden = place.hidden.lock().unwrap_or_else(PoisonError::into_inner).clone();
        context.done(Listener::resource_type(), &region, hidden.union(pages.missing()));
    }
    if reads_balancers {
        pages.done(LoadBalancer::resource_type());
    }
}

/// The tags of up to twenty load balancers, by ARN.
async fn tags_of(
    context: &Context,
    client: &Client,
    region: &str,
    arns: &[String],
) -> BTreeMap<String, Fact<BTreeMap<String, String>>> {
    let asked = Asked { operation: &DESCRIBE_TAGS, region, about: None };
    let reply = context
        .ask(asked, || client.describe_tags().set_resource_arns(Some(arns.to_vec())).send())
        .await
        .read(|reply| asked.must(reply.tag_descriptions, "TagDescriptions"));
    let of_all = match context.fact(reply) {
        Fact::Known(descriptions) => descriptions,
        Fact::Absent => Vec::new(),
        Fact::Unknown(gaps) => {
            return arns.iter().map(|arn| (arn.clone(), Fact::Unknown(gaps.clone()))).collect();
        }
    };
    let read = |description: types::TagDescription| {
        let pairs = description.tags.into_iter().flatten();
        let pairs = pairs.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())));
        Some((description.resource_arn?, Fact::Known(pairs.collect())))
    };
    of_all.into_iter().filter_map(read).collect()
}

async fn one(
    place: Arc<Place>,
    arn: String,
    balancer: types::LoadBalancer,
    tags: Fact<BTreeMap<String, String>>,
) {
    let Place { context, client, region, hidden } = &*place;
    let name = balancer.load_balancer_name.clone().unwrap_or_else(|| arn.clone());
    let (feeds, feeds_listeners) = (
        context.plan().reads(LoadBalancer::resource_type()),
        context.plan().reads(Listener::resource_type()),
    );
    tokio::join!(
        async {
            if feeds {
                resource(&place, &arn, &name, balancer, tags).await;
            }
        },
        async {
            if feeds_listeners {
                let gaps = listeners::of_balancer(context, client, region, &arn, &name).await;
                let mut hidden = hidden.lock().unwrap_or_else(PoisonError::into_inner);
                *hidden = hidden.union(&gaps);
            }
        },
    );
}

async fn resource(
    place: &Place,
    arn: &str,
    name: &str,
    balancer: types::LoadBalancer,
    tags: Fact<BTreeMap<String, String>>,
) {
    let Place { context, client, region, .. } = place;
    let listed = Asked { operation: &DESCRIBE_LOAD_BALANCERS, region, about: Some(arn) };
    let kind = balancer.r#type.map(|kind| kind.as_str().to_owned());
    let for_http = kind.as_deref() == Some("application");
    let (attributes, web_acl) = tokio::join!(attributes(context, client, region, arn), async {
        if for_http { web_acl(context, region, arn).await } else { Reply::Absent }
    });
    if attributes.failed_with(GONE) || web_acl.failed_with(GONE) {
        return;
    }
    let zones = listed.must(balancer.availability_zones, "AvailabilityZones").and_then(|zones| {
        let read = |zone: types::AvailabilityZone| {
            let zone_name = listed.must(zone.zone_name, "AvailabilityZones.ZoneName")?;
            Ok(AvailabilityZone { zone_name })
        };
        zones.into_iter().map(read).collect::<Result<Vec<_>, Box<Gap>>>()
    });
    let document = LoadBalancer {
        kind: context.member(listed.must(kind, "Type")),
        scheme: Fact::from_option(balancer.scheme.map(|scheme| scheme.as_str().to_owned())),
        zones: context.member(zones),
        attributes: context.fact(attributes),
        web_acl: context.fact(web_acl),
    };
    context.resource(Resource::new(name, arn, region, document).with_tags(tags));
}

async fn attributes(
    context: &Context,
    client: &Client,
    region: &str,
    arn: &str,
) -> Reply<Vec<Attribute>> {
    let operation = &DESCRIBE_LOAD_BALANCER_ATTRIBUTES;
    let asked = Asked { operation, region, about: Some(arn) };
    let reply = context
        .ask(asked, || client.describe_load_balancer_attributes().load_balancer_arn(arn).send())
        .await;
    reply.read(|reply| {
        let mut kept = Vec::new();
        for attribute in asked.must(reply.attributes, "Attributes")? {
            let key = asked.must(attribute.key, "Attributes.Key")?;
            if ATTRIBUTES.contains(&key.as_str()) {
                let value = asked.must(attribute.value, "Attributes.Value")?;
                kept.push(Attribute { key, value });
            }
        }
        Ok(kept)
    })
}

async fn web_acl(context: &Context, region: &str, arn: &str) -> Reply<WebAcl> {
    let asked = Asked { operation: &GET_WEB_ACL_FOR_RESOURCE, region, about: Some(arn) };
    let client = context.session().wafv2(region);
    let reply =
        context.ask(asked, || client.get_web_acl_for_resource().resource_arn(arn).send()).await;
    reply.read_optional(|reply| {
        let Some(acl) = reply.web_acl else { return Ok(None) };
        Ok(Some(WebAcl { arn: asked.must_text(&acl.arn, "WebACL.ARN")? }))
    })
}

/// What AWS says of one that was deleted since it was listed
/// (<https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancerAttributes.html>).
pub(super) const GONE: &[&str] = &["LoadBalancerNotFound", "WAFNonexistentItemException"];
