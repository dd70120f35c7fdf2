//! EC2: which half answers, and what both need.

use super::{compute, network};
use crate::account::{Account, NOT_ENABLED};
use crate::call::Call;
use crate::errors::bad_token;
use crate::http::Reply;
use crate::paging::BadToken;

pub(super) fn answer(account: &Account, call: &Call) -> Option<Reply> {
    let text = match call.operation.as_str() {
        "DescribeRegions" => Ok(regions(account)),
        _ => compute::answer(account, call).or_else(|| network::answer(account, call))?,
    };
    let operation = &call.operation;
    Some(text.map_or_else(
        |_: BadToken| bad_token(call),
        |text| {
            Reply::ok(format!(
                "<{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
                 <requestId>r</requestId>{text}</{operation}Response>"
            ))
        },
    ))
}

/// The two halves' answers: the inside of the reply.
pub(super) type Text = Option<Result<String, BadToken>>;

/// A page of what `total` of the account hold: the share of the region.
pub(super) fn page(
    account: &Account,
    call: &Call,
    list: &str,
    total: usize,
    item: impl Fn(usize) -> String,
) -> Result<String, BadToken> {
    let page = account.page(call, account.share(total, &call.region), "MaxResults", 1000)?;
    let mut out = format!("<{list}>");
    for number in account.numbers(&page, &call.region) {
        out.push_str(&item(number));
    }
    out.push_str(&format!("</{list}>{}", next(page.next.as_deref())));
    Ok(out)
}

/// A page of what every region has `count` of.
pub(super) fn page_of_region(
    account: &Account,
    call: &Call,
    list: &str,
    count: usize,
    item: impl Fn(usize) -> String,
) -> Result<String, BadToken> {
    page(account, call, list, count * account.regions(), item)
}

fn next(token: Option<&str>) -> String {
    token.map(|token| format!("<nextToken>{token}</nextToken>")).unwrap_or_default()
}

/// One tag, `Name`.
pub(super) fn tags(name: &str) -> String {
    format!("<tagSet><item><key>Name</key><value>{name}</value></item></tagSet>")
}

fn regions(account: &Account) -> String {
    let enabled = account.shape.regions.iter().map(|name| (*name, "opt-in-not-required"));
    let not = NOT_ENABLED.iter().map(|name| (*name, "not-opted-in"));
    super::list("regionInfo", enabled.chain(not), |(name, status)| {
        format!(
            "<item><regionName>{name}</regionName>\
             <regionEndpoint>ec2.{name}.amazonaws.com</regionEndpoint>\
             <optInStatus>{status}</optInStatus></item>"
        )
    })
}
