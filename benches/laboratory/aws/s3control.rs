//! S3 Control: the account's block, and access points.

use super::{CREATED, list, s3};
use crate::account::Account;
use crate::call::Call;
use crate::errors::{bad_token, error};
use crate::http::Reply;

const XMLNS: &str = "xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\"";
const BLOCK: &str = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
    <IgnorePublicAcls>false</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>\
    <RestrictPublicBuckets>false</RestrictPublicBuckets></PublicAccessBlockConfiguration>";

pub(super) fn answer(account: &Account, call: &Call) -> Option<Reply> {
    let text = match call.operation.as_str() {
        "GetPublicAccessBlock" => return Some(Reply::ok(BLOCK.to_owned())),
        "ListAccessPoints" => {
            let total = account.share(account.shape.access_points, &call.region);
            let Ok(page) = account.page(call, total, "maxResults", 1000) else {
                return Some(bad_token(call));
            };
            let found = list("AccessPointList", account.numbers(&page, &call.region), |number| {
                format!("<AccessPoint>{}</AccessPoint>", summary(account, call, number))
            });
            let next = page.next.map(|token| format!("<NextToken>{token}</NextToken>"));
            format!("{found}{}", next.unwrap_or_default())
        }
        "GetAccessPoint" => {
            let number = number_of(&call.subject)?;
            let summary = summary(account, call, number);
            format!("{summary}{BLOCK}<CreationDate>{CREATED}</CreationDate>")
        }
        "GetAccessPointPolicy" | "GetAccessPointPolicyStatus" => {
            let message = "The specified accesspoint policy does not exist";
            return Some(error(call, 404, "NoSuchAccessPointPolicy", message));
        }
        _ => return None,
    };
    let operation = &call.operation;
    Some(Reply::ok(format!("<{operation}Result {XMLNS}>{text}</{operation}Result>")))
}

fn number_of(name: &str) -> Option<usize> {
    name.strip_prefix("p0-point-")?.parse().ok()
}

fn summary(account: &Account, call: &Call, number: usize) -> String {
    format!(
        "<Name>p0-point-{number:05}</Name><NetworkOrigin>Internet</NetworkOrigin>\
         <Bucket>{bucket}</Bucket><AccessPointArn>arn:aws:s3:{region}:{id}:accesspoint/\
         p0-point-{number:05}</AccessPointArn><Alias>p0-point-{number:05}-s3alias</Alias>\
         <BucketAccountId>{id}</BucketAccountId>",
        bucket = s3::name_of(account, number % account.shape.buckets.max(1)),
        region = call.region,
        id = account.id
    )
}
