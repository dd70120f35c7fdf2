//! Users: named by two reports, each of which may be missing.

use super::confirm::Since;
use super::details::{self, Details};
use super::report::{Report, Row};
use crate::aws::{Asked, Context};
use crate::inventory::{Document, ErrorClass, Fact, GLOBAL, Gap, Gaps, Resource};
use crate::services::iam::{GET_ACCOUNT_AUTHORIZATION_DETAILS, GET_CREDENTIAL_REPORT, User};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Feeds the users that either report names.
///
/// A user that only the credential report names, while the details were read
/// to their end, was deleted since the report was made, and is left out.
pub(super) fn feed(context: &Context, details: Option<Details>, report: Option<Report>) {
    let kind = User::resource_type();
    if !context.plan().reads(kind) {
        return;
    }
    let mut missing = Vec::new();
    let mut rows = BTreeMap::new();
    let without_row = match report {
        None => Fact::<()>::not_collected(),
        Some(report) => {
            rows = report.rows;
            missing.push(report.missing.clone());
            if report.missing.is_empty() { Fact::Absent } else { Fact::Unknown(report.missing) }
        }
    };
    let details_of_others = match details {
        None => Some(Gaps::NONE),
        Some(details) => {
            let mut hidden = details.missing.clone();
            for detail in &details.users {
                let asked = Asked {
                    operation: &GET_ACCOUNT_AUTHORIZATION_DETAILS,
                    region: GLOBAL,
                    about: None,
                };
                let (name, arn) = match (&detail.user_name, &detail.arn) {
                    (Some(name), Some(arn)) => (name, arn),
                    _ => {
                        let gap = asked.malformed("the reply has a user without name or ARN");
                        hidden = hidden.union(&context.gap(gap));
                        continue;
                    }
                };
                let (mut document, tags) = details::user(context, arn, detail);
                let row = rows
                    .remove(name)
                    .filter(|row| row.arn == *arn && is_same(&document.create_date, row.created));
                fill_since(&mut document, Since::default());
                match (row, &without_row) {
                    (Some(row), _) => fill(&mut document, row),
                    (None, Fact::Unknown(gaps)) => {
                        document.credential_report = Fact::Unknown(gaps.clone());
                    }
                    (None, _) => {
                        document.credential_report = Fact::Unknown(not_yet_in_report(context, arn));
                    }
                }
                let resource = Resource::new(name, arn, GLOBAL, document);
                context.resource(resource.with_tags(tags));
            }
            missing.push(hidden.clone());
            if hidden.is_empty() { None } else { Some(hidden) }
        }
    };
    if let Some(hidden) = details_of_others {
        for (name, row) in rows {
            feed_row(context, &name, row, &hidden);
        }
    }
    // Each report alone names all users: only what neither lists is missing.
    let hides_more = if missing.iter().any(Gaps::is_empty) {
        Gaps::NONE
    } else {
        missing.iter().fold(Gaps::NONE, |all, gaps| all.union(gaps))
    };
    if !missing.is_empty() {
        context.done(kind, GLOBAL, hides_more);
    }
}

/// What the report says of its user, and what was asked since.
fn fill(document: &mut User, row: Row) {
    document.credential_report = Fact::Known(row.facts);
    fill_since(document, row.since);
}

fn fill_since(document: &mut User, since: Since) {
    document.mfa_devices = since.mfa_devices;
    document.access_keys = since.access_keys;
}

/// The gap of a user without a row.
fn not_yet_in_report(context: &Context, arn: &str) -> Gaps {
    let message = "the credential report does not have this user yet: it can be four hours old";
    let gap = Gap::new(&GET_CREDENTIAL_REPORT, GLOBAL, ErrorClass::Other, message);
    context.gap(gap.about(arn))
}

/// A user who was deleted and made again has the old one's row until the next
/// report.
fn is_same(created: &Fact<Timestamp>, in_report: Option<Timestamp>) -> bool {
    match (created, in_report) {
        (Fact::Known(created), Some(in_report)) => {
            created.as_second().abs_diff(in_report.as_second()) <= 1
        }
        _ => true,
    }
}

/// A user that only the report names. `hidden` hides the rest; without it, the
/// rest was not asked for.
fn feed_row(context: &Context, name: &str, row: Row, hidden: &Gaps) {
    let mut document = User::not_collected();
    let mut tags = Fact::not_collected();
    if !hidden.is_empty() {
        document.path = Fact::Unknown(hidden.clone());
        document.create_date = Fact::Unknown(hidden.clone());
        document.inline_policies = Fact::Unknown(hidden.clone());
        document.attached_policies = Fact::Unknown(hidden.clone());
        document.groups = Fact::Unknown(hidden.clone());
        document.permissions_boundary = Fact::Unknown(hidden.clone());
        tags = Fact::Unknown(hidden.clone());
    }
    let arn = row.arn.clone();
    fill(&mut document, row);
    context.resource(Resource::new(name, &arn, GLOBAL, document).with_tags(tags));
}
