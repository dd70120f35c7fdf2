//! Suppressions: what they hide, and which are of no use.

use super::Layout;
use super::scan_table::SHORT;
use super::table::{Tone, table};
use crate::findings::{Target, Use};
use serde::Serialize;

/// The version of the JSON of `suppress list`.
pub const SCHEMA: &str = "cspm-suppressions/1";

/// The JSON of `suppress list`.
#[derive(Debug, Serialize)]
pub struct SuppressionsDocument<'a> {
    schema: &'static str,
    suppressions: Vec<SuppressionItem<'a>>,
}

#[derive(Debug, Serialize)]
struct SuppressionItem<'a> {
    id: &'a str,
    finding: Option<&'a str>,
    rule: Option<&'a str>,
    resource: Option<&'a str>,
    tenant: Option<&'a str>,
    reason: &'a str,
    until: String,
    owner: Option<&'a str>,
    created_by: &'a str,
    expired: bool,
    hides: &'a [String],
}

impl<'a> SuppressionsDocument<'a> {
    /// The suppressions in the order given.
    pub fn new(uses: &'a [Use]) -> Self {
        let suppressions = uses
            .iter()
            .map(|used| {
                let (finding, rule, resource) = match &used.suppression.target {
                    Target::Finding(print) => (Some(print.as_str()), None, None),
                    Target::Rule { uid, resource } => {
                        (None, Some(uid.as_str()), resource.as_deref())
                    }
                };
                SuppressionItem {
                    id: &used.suppression.id,
                    finding,
                    rule,
                    resource,
                    tenant: used.suppression.tenant.as_deref(),
                    reason: &used.suppression.reason,
                    until: used.suppression.until.to_string(),
                    owner: used.suppression.owner.as_deref(),
                    created_by: &used.suppression.created_by,
                    expired: used.expired,
                    hides: &used.findings,
                }
            })
            .collect();
        Self { schema: SCHEMA, suppressions }
    }
}

/// The suppressions as a table.
pub fn list(uses: &[Use], layout: Layout) -> String {
    let rows = uses
        .iter()
        .map(|used| {
            let target = match &used.suppression.target {
                Target::Finding(print) => print.chars().take(SHORT).collect(),
                Target::Rule { uid, resource: None } => uid.clone(),
                Target::Rule { uid, resource: Some(glob) } => format!("{uid} on {glob}"),
            };
            let state = match (used.expired, used.findings.len()) {
                (true, _) => "expired".to_owned(),
                (false, 0) => "unused".to_owned(),
                (false, hides) => format!("hides {hides}"),
            };
            vec![
                (used.suppression.id.chars().take(SHORT).collect(), Tone::Dim),
                (target, Tone::Plain),
                (used.suppression.tenant.clone().unwrap_or_else(|| "all".to_owned()), Tone::Plain),
                (used.suppression.until.to_string(), Tone::Plain),
                (state, if used.expired { Tone::Unknown } else { Tone::Plain }),
                (used.suppression.owner.clone().unwrap_or_default(), Tone::Plain),
                (used.suppression.reason.clone(), Tone::Plain),
            ]
        })
        .collect();
    table(&["ID", "WHAT", "TENANT", "UNTIL", "STATE", "OWNER", "REASON"], rows, layout)
}
