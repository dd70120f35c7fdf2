//! The root user: named by the credential report alone.

use super::report::Report;
use crate::aws::Context;
use crate::inventory::{Document, ErrorClass, Fact, GLOBAL, Gap, Gaps, Resource};
use crate::services::iam::{GET_CREDENTIAL_REPORT, RootUser};

/// Feeds the root user. Every report of AWS has a row for it, so that one
/// without says nothing of it.
pub(super) fn feed(context: &Context, report: Option<&Report>) {
    let kind = RootUser::resource_type();
    if !context.plan().reads(kind) {
        return;
    }
    let missing = match report {
        None => return,
        Some(Report { root: Some(row), .. }) => {
            let document = RootUser { credential_report: Fact::Known(row.facts.clone()) };
            context.resource(Resource::new("root", &row.arn, GLOBAL, document));
            Gaps::NONE
        }
        Some(Report { root: None, missing, .. }) if missing.is_empty() => {
            let message = "the credential report has no row for the root user";
            let gap = Gap::new(&GET_CREDENTIAL_REPORT, GLOBAL, ErrorClass::Malformed, message);
            context.gap(gap)
        }
        Some(Report { root: None, missing, .. }) => missing.clone(),
    };
    context.done(kind, GLOBAL, missing);
}
