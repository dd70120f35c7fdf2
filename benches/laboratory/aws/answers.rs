//! Answers as data: what an operation lists or says, in JSON, and how each
//! protocol writes that.

use crate::account::Account;
use crate::call::{Call, Protocol};
use crate::cbor;
use crate::errors::{CBOR, bad_token, error};
use crate::http::Reply;
use serde_json::{Map, Value, json};

/// Whose call it is, and which.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The account.
    pub(super) account: &'a Account,
    /// The call.
    pub(super) call: &'a Call,
}

impl Place<'_> {
    /// An ARN in the call's region and account.
    pub(super) fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{rest}", self.call.region, self.account.id)
    }

    /// A parameter, or nothing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.call.parameter(name).unwrap_or_default()
    }

    /// The last part of what the path names.
    pub(super) fn last(&self) -> &str {
        self.call.subject.rsplit('/').next().unwrap_or_default()
    }

    /// Whether the call asks in the account's first region.
    pub(super) fn at_home(&self) -> bool {
        self.account.place(&self.call.region) == Some(0)
    }
}

/// The name of a resource, and the number in such a name.
pub(super) fn name(noun: &str, number: usize) -> String {
    format!("p0-{noun}{number:06}")
}

/// The number at the end of a name; 0 without.
pub(super) fn number_of(name: &str) -> usize {
    let digits = name.len().saturating_sub(6);
    name.get(digits..).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// How many entries a list has.
#[derive(Clone, Copy)]
pub(super) enum Total {
    /// The region's share of what the account has.
    Share(fn(&Account) -> usize),
    /// All of it, wherever one asks.
    All(fn(&Account) -> usize),
    /// That many, of each resource that one asks about.
    Each(usize),
    /// As many as the call names.
    Asked(fn(Place<'_>) -> usize),
}

/// A list that comes in pages.
pub(super) struct List {
    id: &'static str,
    list: &'static str,
    next: &'static str,
    size: &'static str,
    largest: usize,
    total: Total,
    entry: fn(Place<'_>, usize) -> Value,
    more: Option<&'static str>,
    is_sparse: bool,
    root: Option<&'static str>,
}

impl List {
    /// The operation; the members with the entries and with the next token; the
    /// parameter with the size of a page, and the largest page.
    pub(super) const fn new(
        id: &'static str,
        (list, next): (&'static str, &'static str),
        (size, largest): (&'static str, usize),
        total: Total,
        entry: fn(Place<'_>, usize) -> Value,
    ) -> Self {
        let (more, is_sparse, root) = (None, false, None);
        Self { id, list, next, size, largest, total, entry, more, is_sparse, root }
    }

    /// With a member that says whether there is more.
    pub(super) const fn more(self, more: &'static str) -> Self {
        Self { more: Some(more), ..self }
    }

    /// Left out where there are no entries.
    pub(super) const fn sparse(self) -> Self {
        Self { is_sparse: true, ..self }
    }

    /// Within this element.
    pub(super) const fn root(self, root: &'static str) -> Self {
        Self { root: Some(root), ..self }
    }

    fn page(&self, place: Place<'_>) -> Result<Value, Reply> {
        let Place { account, call } = place;
        let (total, is_shared) = match self.total {
            Total::Share(of) => (account.share(of(account), &call.region), true),
            Total::All(of) => (of(account), false),
            Total::Each(total) => (total, false),
            Total::Asked(of) => (of(place), false),
        };
        let page =
            account.page(call, total, self.size, self.largest).map_err(|_| bad_token(call))?;
        let numbers: Vec<usize> = match is_shared {
            true => account.numbers(&page, &call.region).collect(),
            false => page.range.clone().collect(),
        };
        let mut reply = Map::new();
        if let Some(more) = self.more {
            reply.insert(more.to_owned(), page.next.is_some().into());
        }
        if !(self.is_sparse && numbers.is_empty()) {
            let entries = numbers.into_iter().map(|number| (self.entry)(place, number));
            reply.insert(self.list.to_owned(), entries.collect());
        }
        if let Some(token) = page.next {
            reply.insert(self.next.to_owned(), token.into());
        }
        Ok(match self.root {
            Some(root) => json!({ root: reply }),
            None => Value::Object(reply),
        })
    }
}

/// Status, code and message of an error.
pub(super) type Refusal = (u16, &'static str, &'static str);

/// An answer without pages; `None` if the call asks for a list after all.
pub(super) type One = (&'static str, fn(Place<'_>) -> Result<Option<Value>, Refusal>);

/// The answer to a call, if one of the tables has it.
pub(super) fn answer(
    account: &Account,
    call: &Call,
    tables: &[(&[List], &[One])],
) -> Option<Reply> {
    let place = Place { account, call };
    let id = call.id();
    for (_, ones) in tables {
        match ones.iter().find(|(name, _)| *name == id).map(|(_, one)| one(place)) {
            Some(Ok(Some(value))) => return Some(written(call, &value)),
            Some(Err((status, code, message))) => return Some(error(call, status, code, message)),
            Some(Ok(None)) | None => {}
        }
    }
    let list = tables.iter().flat_map(|(lists, _)| *lists).find(|list| list.id == id)?;
    Some(match list.page(place) {
        Ok(value) => written(call, &value),
        Err(refused) => refused,
    })
}

fn written(call: &Call, value: &Value) -> Reply {
    match call.protocol {
        Protocol::Json | Protocol::RestJson => Reply::ok(value.to_string()),
        Protocol::Cbor => {
            let mut body = Vec::new();
            cbor::write(value, &mut body);
            Reply { status: 200, headers: CBOR.to_owned(), body }
        }
        Protocol::RestXml => Reply::ok(xml(call.service, value)),
        Protocol::Query | Protocol::Ec2 => {
            let (operation, result) = (&call.operation, xml(call.service, value));
            Reply::ok(format!(
                "<{operation}Response><{operation}Result>{result}</{operation}Result>\
                 <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\
                 </{operation}Response>"
            ))
        }
    }
}

/// The names of entries that are not called `member`: service, list, entry.
const ENTRIES: &[(&str, &str, &str)] = &[
    ("cloudfront", "Items", "DistributionSummary"),
    ("rds", "AttributeValues", "AttributeValue"),
    ("rds", "DBClusterMembers", "DBClusterMember"),
    ("rds", "DBClusterSnapshotAttributes", "DBClusterSnapshotAttribute"),
    ("rds", "DBClusterSnapshots", "DBClusterSnapshot"),
    ("rds", "DBClusters", "DBCluster"),
    ("rds", "DBEngineVersions", "DBEngineVersion"),
    ("rds", "DBInstances", "DBInstance"),
    ("rds", "DBParameterGroups", "DBParameterGroup"),
    ("rds", "DBSnapshotAttributes", "DBSnapshotAttribute"),
    ("rds", "DBSnapshots", "DBSnapshot"),
    ("rds", "EventCategoriesList", "EventCategory"),
    ("rds", "EventSubscriptionsList", "EventSubscription"),
    ("rds", "GlobalClusters", "GlobalClusterMember"),
    ("rds", "Parameters", "Parameter"),
    ("rds", "SourceIdsList", "SourceId"),
    ("rds", "Subnets", "Subnet"),
    ("rds", "TagList", "Tag"),
    ("s3", "Buckets", "Bucket"),
    ("s3control", "AccessPoints", "AccessPoint"),
    ("sns", "Attributes", "entry"),
];

/// The inside of an element.
fn xml(service: &str, value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let inner = match member {
                    Value::Array(items) => entries(service, name, items),
                    other => xml(service, other),
                };
                out.push_str(&format!("<{name}>{inner}</{name}>"));
            }
        }
        Value::String(text) => {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            out.push_str(&text);
        }
        Value::Array(items) => out.push_str(&entries(service, "", items)),
        Value::Null => {}
        other => out.push_str(&other.to_string()),
    }
    out
}

fn entries(service: &str, list: &str, items: &[Value]) -> String {
    let known = ENTRIES.iter().find(|(of, name, _)| *of == service && *name == list);
    let entry = known.map_or("member", |(.., entry)| *entry);
    items.iter().map(|item| format!("<{entry}>{}</{entry}>", xml(service, item))).collect()
}
