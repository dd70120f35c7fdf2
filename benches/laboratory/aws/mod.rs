//! What AWS answers, service by service: shapes of its API reference, looked at
//! in recorded answers of moto.

mod answers;
mod compute;
mod data;
mod ec2;
mod eks;
mod gateways;
mod governance;
pub(crate) mod iam;
mod json;
mod network;
mod organization;
mod rds;
mod s3;
mod s3control;
mod services;
mod sts;

use super::account::Account;
use super::call::Call;
use super::http::Reply;
use std::collections::BTreeMap;

/// The moment at which everything was made.
pub(super) const CREATED: &str = "2026-03-04T05:06:07.000Z";

/// The answer to a call; `None` if nobody here knows the operation.
pub(super) fn answer(
    account: &Account,
    all: &BTreeMap<String, Account>,
    call: &Call,
) -> Option<Reply> {
    let tables = [
        (data::LISTS, data::ONES),
        (eks::LISTS, eks::ONES),
        (&[][..], governance::ONES),
        (rds::LISTS, rds::ONES),
        (services::LISTS, services::ONES),
    ];
    let in_tables = answers::answer(account, call, &tables);
    in_tables.or_else(|| match call.service {
        "sts" => sts::answer(account, call),
        "iam" => iam::answer(account, call),
        "s3" => s3::answer(account, call),
        "s3control" => s3control::answer(account, call),
        "ec2" => ec2::answer(account, call),
        "organizations" => organization::answer(account, all, call),
        _ => json::answer(account, call),
    })
}

/// Each item in the element `item`, within `list`; an empty list is there, too.
pub(super) fn list<T>(
    list: &str,
    items: impl IntoIterator<Item = T>,
    item: impl Fn(T) -> String,
) -> String {
    let mut out = format!("<{list}>");
    for one in items {
        out.push_str(&item(one));
    }
    out.push_str(&format!("</{list}>"));
    out
}
