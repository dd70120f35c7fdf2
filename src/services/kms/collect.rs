//! Reads keys.

#[cfg(test)]
mod tests;

use super::{
    DESCRIBE_KEY, GET_KEY_POLICY, GET_KEY_ROTATION_STATUS, Grant, Key, LIST_GRANTS, LIST_KEYS,
};
use crate::aws::{Asked, Context, Reply, RequiresMembers, timestamp, without_external_ids};
use crate::inventory::{Document, Fact, Gap, Operation, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::{Pages, whole};
use aws_sdk_kms::Client;
use aws_sdk_kms::types::KeyMetadata;
use jiff::Timestamp;

/// The most keys that one page holds.
const KEYS: i32 = 1000;
/// The most grants that one page holds.
const GRANTS: i32 = 100;

/// Feeds `kms.key`. Calls in each region: ceil(keys / 1000), 1 for each key, and
/// for each key that AWS does not manage 2 + ceil(grants / 100) more; the one
/// about rotation only where the key can rotate.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &LIST_KEYS, region: &region, about: None };
    let client = context.session().kms(&region);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let token = pages.token();
        let reply = context
            .ask(asked, || client.list_keys().limit(KEYS).set_marker(token.clone()).send())
            .await
            .read(|reply| {
                let next = asked.next(reply.truncated, reply.next_marker)?;
                Ok((asked.must(reply.keys, "Keys")?, next))
            });
        for key in context.sample(pages.turn(reply)) {
            let named = asked
                .must(key.key_id, "KeyId")
                .and_then(|id| Ok((id, asked.must(key.key_arn, "KeyArn")?)));
            match named {
                Ok((id, arn)) => {
                    let (context, client) = (context.clone(), client.clone());
                    let region = region.clone();
                    fan.add(async move { one(&context, &client, &region, &id, &arn).await }).await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Key::resource_type());
    }
}

/// What DescribeKey says, as far as it is kept.
struct Described {
    manager: Result<String, Box<Gap>>,
    state: Result<String, Box<Gap>>,
    spec: Result<String, Box<Gap>>,
    origin: Result<String, Box<Gap>>,
    deletion: Option<Timestamp>,
}

impl Described {
    fn read(asked: Asked<'_>, key: KeyMetadata) -> Self {
        Self {
            manager: asked.text(key.key_manager.as_ref().map(|it| it.as_str()), "KeyManager"),
            state: asked.text(key.key_state.as_ref().map(|it| it.as_str()), "KeyState"),
            spec: asked.text(key.key_spec.as_ref().map(|it| it.as_str()), "KeySpec"),
            origin: asked.text(key.origin.as_ref().map(|it| it.as_str()), "Origin"),
            deletion: key.deletion_date.as_ref().and_then(timestamp),
        }
    }
}

/// Whether rotation can be asked about, as far as that is known.
fn can_rotate(described: &Reply<Described>) -> bool {
    let Reply::Known(key) = described else { return true };
    let other = |member: &Result<String, Box<Gap>>, than: &str| {
        member.as_ref().is_ok_and(|value| value != than)
    };
    !other(&key.spec, "SYMMETRIC_DEFAULT") && !other(&key.origin, "AWS_KMS")
}

async fn one(context: &Context, client: &Client, region: &str, id: &str, arn: &str) {
    let about = |operation: &'static Operation| Asked { operation, region, about: Some(arn) };
    let asked = about(&DESCRIBE_KEY);
    let described = context
        .ask(asked, || client.describe_key().key_id(id).send())
        .await
        .read(|reply| Ok(Described::read(asked, asked.must(reply.key_metadata, "KeyMetadata")?)));
    let of_aws = matches!(
        &described,
        Reply::Known(key) if key.manager.as_ref().is_ok_and(|manager| manager == "AWS")
    );
    let (policy, rotation, grants) = if of_aws {
        (Reply::NotWanted, Reply::NotWanted, Reply::NotWanted)
    } else {
        tokio::join!(
            policy(context, client, about(&GET_KEY_POLICY), id),
            async {
                if can_rotate(&described) {
                    rotation(context, client, about(&GET_KEY_ROTATION_STATUS), id).await
                } else {
                    Reply::Absent
                }
            },
            grants(context, client, about(&LIST_GRANTS), id),
        )
    };
    if described.failed_with(GONE)
        || policy.failed_with(GONE)
        || rotation.failed_with(GONE)
        || grants.failed_with(GONE)
    {
        return;
    }
    let rotation = context.fact(rotation);
    let (rotation, rotation_period) = match rotation {
        Fact::Known((on, period)) => (Fact::Known(on), Fact::from_option(period)),
        Fact::Absent => (Fact::Absent, Fact::Absent),
        Fact::Unknown(gaps) => (Fact::Unknown(gaps.clone()), Fact::Unknown(gaps)),
    };
    let mut document = Key {
        policy: context.fact(policy),
        rotation,
        rotation_period,
        grants: context.fact(grants),
        ..Key::not_collected()
    };
    match context.fact(described) {
        Fact::Known(key) => {
            document.manager = context.member(key.manager);
            document.state = context.member(key.state);
            document.spec = context.member(key.spec);
            document.origin = context.member(key.origin);
            document.deletion_date = Fact::from_option(key.deletion);
        }
        Fact::Absent => {}
        Fact::Unknown(gaps) => {
            document.manager = Fact::Unknown(gaps.clone());
            document.state = Fact::Unknown(gaps.clone());
            document.spec = Fact::Unknown(gaps.clone());
            document.origin = Fact::Unknown(gaps.clone());
            document.deletion_date = Fact::Unknown(gaps);
        }
    }
    context.resource(Resource::new(id, arn, region, document));
}

async fn policy(context: &Context, client: &Client, asked: Asked<'_>, id: &str) -> Reply<String> {
    // The only name that there is.
    let reply = context
        .ask(asked, || client.get_key_policy().key_id(id).policy_name("default").send())
        .await;
    reply.read(|reply| {
        let text = asked.must(reply.policy, "Policy")?;
        without_external_ids(&text)
            .ok_or_else(|| asked.malformed("the policy is not a JSON document"))
    })
}

async fn rotation(
    context: &Context,
    client: &Client,
    asked: Asked<'_>,
    id: &str,
) -> Reply<(bool, Option<i64>)> {
    let reply = context
        .ask(asked, || {
            client
                .get_key_rotation_status()
                .key_id(id)
                .customize()
                .interceptor(RequiresMembers(&["KeyRotationEnabled"]))
                .send()
        })
        .await;
    reply.read(|reply| {
        Ok((reply.key_rotation_enabled, reply.rotation_period_in_days.map(i64::from)))
    })
}

/// All grants of a key, or a gap: half a list does not say that there is none.
async fn grants(
    context: &Context,
    client: &Client,
    asked: Asked<'_>,
    id: &str,
) -> Reply<Vec<Grant>> {
    whole(asked, |marker| async move {
        let reply = context
            .ask(asked, || {
                client.list_grants().key_id(id).limit(GRANTS).set_marker(marker.clone()).send()
            })
            .await;
        reply.read(|reply| {
            let grants = asked.must(reply.grants, "Grants")?.into_iter();
            let read = grants.map(|grant| {
                Ok(Grant {
                    id: asked.must(grant.grant_id, "Grants.GrantId")?,
                    grantee: grant.grantee_principal,
                    grantee_service: grant.grantee_service_principal,
                    operations: grant
                        .operations
                        .map(|all| all.iter().map(|one| one.as_str().to_owned()).collect()),
                })
            });
            let grants = read.collect::<Result<_, Box<Gap>>>()?;
            Ok((grants, asked.next(reply.truncated, reply.next_marker)?))
        })
    })
    .await
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["NotFoundException"];
