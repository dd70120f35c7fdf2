//! Access points, region by region.

use super::public_access_block;
use crate::aws::{Asked, Context, Reply, without_external_ids};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::pages::Pages;
use crate::services::s3::{
    AccessPoint, GET_ACCESS_POINT, GET_ACCESS_POINT_POLICY, GET_ACCESS_POINT_POLICY_STATUS,
    LIST_ACCESS_POINTS, PolicyStatus, VpcConfiguration,
};
use aws_sdk_s3control::Client;

/// Access points of one region.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &LIST_ACCESS_POINTS, region: &region, about: None };
    let client = context.session().s3control(&region);
    let account = context.session().account().to_owned();
    let mut fan = context.fan_out();
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .list_access_points()
                    .account_id(&account)
                    .max_results(1000)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let points = asked.must(reply.access_point_list, "AccessPointList")?;
            Ok((points, reply.next_token))
        });
        for point in context.sample(pages.turn(page)) {
            match identity(&context, asked, &point) {
                // An emulator lists the access points of all regions in each.
                Ok((_, arn)) if arn.split(':').nth(3) != Some(&region) => {}
                Ok((name, arn)) => {
                    let (context, client) = (context.clone(), client.clone());
                    let region = region.clone();
                    let task =
                        async move { one(&context, &client, &region, &name, &arn, &point).await };
                    fan.add(task).await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(AccessPoint::resource_type());
    }
}

fn identity(
    context: &Context,
    asked: Asked<'_>,
    point: &aws_sdk_s3control::types::AccessPoint,
) -> Result<(String, String), Box<Gap>> {
    let name = asked.must_text(&point.name, "Name")?;
    let session = context.session();
    let arn = point.access_point_arn.clone().unwrap_or_else(|| {
        let (partition, account) = (session.partition(), session.account());
        format!("arn:{partition}:s3:{}:{account}:accesspoint/{name}", asked.region)
    });
    Ok((name, arn))
}

async fn one(
    context: &Context,
    client: &Client,
    region: &str,
    name: &str,
    arn: &str,
    point: &aws_sdk_s3control::types::AccessPoint,
) {
    let account = context.session().account();
    let details = Asked { operation: &GET_ACCESS_POINT, region, about: Some(arn) };
    let block = async {
        let reply = context
            .ask(details, || client.get_access_point().account_id(account).name(name).send())
            .await;
        reply.read_optional(|reply| match reply.public_access_block_configuration {
            None => Ok(None),
            Some(block) => public_access_block(
                details,
                block.block_public_acls,
                block.ignore_public_acls,
                block.block_public_policy,
                block.restrict_public_buckets,
            )
            .map(Some),
        })
    };
    let (block, (policy, status)) =
        tokio::join!(block, policy_and_status(context, client, region, name, arn));
    if block.failed_with(GONE) || policy.failed_with(GONE) || status.failed_with(GONE) {
        return;
    }
    let listed = Asked { operation: &LIST_ACCESS_POINTS, region, about: Some(arn) };
    let document = AccessPoint {
        bucket: context.member(listed.must_text(&point.bucket, "Bucket")),
        bucket_account: Fact::from_option(point.bucket_account_id.clone()),
        network_origin: context
            .member(listed.must_text(point.network_origin.as_str(), "NetworkOrigin")),
        vpc: match &point.vpc_configuration {
            None => Fact::Absent,
            Some(vpc) => context.member(
                listed
                    .must_text(&vpc.vpc_id, "VpcConfiguration.VpcId")
                    .map(|vpc_id| VpcConfiguration { vpc_id }),
            ),
        },
        public_access_block: context.fact(block),
        policy: context.fact(policy),
        policy_status: context.fact(status),
    };
    context.resource(Resource::new(name, arn, region, document));
}

/// The status says nothing new where there is no policy.
async fn policy_and_status(
    context: &Context,
    client: &Client,
    region: &str,
    name: &str,
    arn: &str,
) -> (Reply<String>, Reply<PolicyStatus>) {
    let account = context.session().account();
    let asked = Asked { operation: &GET_ACCESS_POINT_POLICY, region, about: Some(arn) };
    let reply = context
        .ask(asked, || client.get_access_point_policy().account_id(account).name(name).send())
        .await;
    let policy = reply.read(|reply| {
        let text = asked.must(reply.policy, "Policy")?;
        without_external_ids(&text)
            .ok_or_else(|| asked.malformed("the policy is not a JSON document"))
    });
    if matches!(policy, Reply::Absent) && context.wants(&GET_ACCESS_POINT_POLICY_STATUS) {
        return (policy, Reply::Absent);
    }
    let asked = Asked { operation: &GET_ACCESS_POINT_POLICY_STATUS, region, about: Some(arn) };
    let reply = context
        .ask(asked, || {
            client.get_access_point_policy_status().account_id(account).name(name).send()
        })
        .await;
    let status = match reply {
        Reply::Known(reply) => match reply.policy_status {
            Some(status) => Reply::Known(PolicyStatus { is_public: status.is_public }),
            // Only an emulator says nothing: as if it had not been asked.
            None => Reply::NotWanted,
        },
        Reply::Absent => Reply::Absent,
        Reply::NotWanted => Reply::NotWanted,
        Reply::Gap(gap) => Reply::Gap(gap),
    };
    (policy, status)
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["NoSuchAccessPoint"];
