//! Reads buckets, directory buckets, access points and Multi-Region Access Points.

mod access_points;
mod bucket;
mod buckets;
mod directory_buckets;
mod multi_region;
#[cfg(test)]
mod tests;

use super::{AccessPoint, Bucket, DirectoryBucket, MultiRegionAccessPoint, PublicAccessBlock};
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Gap};

/// Feeds `s3.bucket`, `s3.access-point`, `s3.directory-bucket` and
/// `s3.multi-region-access-point`. Calls: ceil(buckets / 10,000), then up to 11
/// for each bucket; in each region ceil(access points / 1000), then up to 3 for
/// each access point (the status of a policy only if there is one); in each
/// region that has directory buckets ceil(n / 1000) and one for each of them;
/// ceil(Multi-Region Access Points / 100). An endpoint whose list does not name
/// the buckets' regions is asked once more for each region.
pub async fn collect(context: Context) {
    let plan = context.plan();
    let mut fan = context.fan_out();
    if plan.reads(Bucket::resource_type()) {
        fan.add(buckets::collect(context.clone())).await;
    }
    if plan.reads(AccessPoint::resource_type()) {
        for region in &context.regions().read {
            fan.add(access_points::collect(context.clone(), region.clone())).await;
        }
    }
    if plan.reads(DirectoryBucket::resource_type()) {
        for region in &context.regions().read {
            fan.add(directory_buckets::collect(context.clone(), region.clone())).await;
        }
    }
    if plan.reads(MultiRegionAccessPoint::resource_type()) {
        fan.add(multi_region::collect(context.clone())).await;
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

/// The four switches. S3 always sends all of them.
pub(crate) fn public_access_block(
    asked: Asked<'_>,
    block_public_acls: Option<bool>,
    ignore_public_acls: Option<bool>,
    block_public_policy: Option<bool>,
    restrict_public_buckets: Option<bool>,
) -> Result<PublicAccessBlock, Box<Gap>> {
    Ok(PublicAccessBlock {
        block_public_acls: asked.must(block_public_acls, "BlockPublicAcls")?,
        ignore_public_acls: asked.must(ignore_public_acls, "IgnorePublicAcls")?,
        block_public_policy: asked.must(block_public_policy, "BlockPublicPolicy")?,
        restrict_public_buckets: asked.must(restrict_public_buckets, "RestrictPublicBuckets")?,
    })
}
