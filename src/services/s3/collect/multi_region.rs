//! Multi-Region Access Points: one list for the whole account.

use super::public_access_block;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, GLOBAL, Gap, Gaps, Resource};
use crate::services::pages::Pages;
use crate::services::s3::{LIST_MULTI_REGION_ACCESS_POINTS, MultiRegionAccessPoint};
use aws_sdk_s3control::types::MultiRegionAccessPointReport;

/// Requests about all of them go to this region
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html>).
const REGION: &str = "us-west-2";

/// The only partition that has them.
const PARTITION: &str = "aws";

/// The most that one page holds.
const PAGE: i32 = 100;

/// All Multi-Region Access Points.
pub(super) async fn collect(context: Context) {
    let kind = MultiRegionAccessPoint::resource_type();
    if context.session().partition() != PARTITION {
        context.done(kind, GLOBAL, Gaps::NONE);
        return;
    }
    let asked = Asked { operation: &LIST_MULTI_REGION_ACCESS_POINTS, region: REGION, about: None };
    let client = context.session().s3control(REGION);
    let account = context.session().account();
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .list_multi_region_access_points()
                    .account_id(account)
                    .max_results(PAGE)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            let points = asked.must(reply.access_points, "AccessPoints")?;
            Ok((points, reply.next_token))
        });
        for point in context.sample(pages.turn(page)) {
            match one(&context, asked, point) {
                Ok(resource) => context.resource(resource),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    pages.done_in(kind, GLOBAL);
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    point: MultiRegionAccessPointReport,
) -> Result<Resource, Box<Gap>> {
    // The ARN has the alias, which is unique; the name is not.
    let alias = asked.must(point.alias, "Alias")?;
    let session = context.session();
    let (partition, account) = (session.partition(), session.account());
    let arn = format!("arn:{partition}:s3::{account}:accesspoint/{alias}");
    let asked = Asked { about: Some(&arn), ..asked };
    let status = asked.must(point.status, "Status").map(|status| status.as_str().to_owned());
    let document = MultiRegionAccessPoint {
        name: context.member(asked.must(point.name, "Name")),
        status: context.member(status),
        public_access_block: match point.public_access_block {
            None => Fact::Absent,
            Some(block) => context.member(public_access_block(
                asked,
                block.block_public_acls,
                block.ignore_public_acls,
                block.block_public_policy,
                block.restrict_public_buckets,
            )),
        },
    };
    Ok(Resource::new(&alias, &arn, GLOBAL, document))
}
