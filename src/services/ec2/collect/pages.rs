//! Lists of EC2: what its entries have in common.

use crate::aws::Context;
use crate::inventory::Fact;
use aws_sdk_ec2::types::Tag;
use std::collections::BTreeMap;

pub(super) use crate::services::pages::{Pages, feed};

/// The ARN of something in EC2
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html>).
pub(super) fn arn(context: &Context, region: &str, owner: &str, noun: &str, id: &str) -> String {
    format!("arn:{}:ec2:{region}:{owner}:{noun}/{id}", context.session().partition())
}

/// Tags. EC2 leaves them out where there are none.
pub(super) fn tags(sent: Option<&Vec<Tag>>) -> Fact<BTreeMap<String, String>> {
    Fact::from_option(sent).map(|tags| {
        let pairs = tags
            .iter()
            .filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default())));
        pairs.collect()
    })
}
