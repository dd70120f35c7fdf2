//! The JSON of a scan. Frozen: a change of meaning is a new schema.

use super::report::{Findings, ScanReport, views};
use crate::findings::Summary;
use crate::inventory::{ErrorClass, Gap};
use crate::rules::Catalogue;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// The version of this format.
pub const SCHEMA: &str = "cspm-scan/1";

/// One document: one or several scans.
#[derive(Serialize)]
pub struct ScanDocument<'a> {
    schema: &'static str,
    scans: Vec<ScanItem<'a>>,
}

#[derive(Serialize)]
struct ScanItem<'a> {
    scan: ScanHead<'a>,
    summary: Summary,
    findings: Listed<'a>,
    gaps: Vec<GapItem<'a>>,
}

/// Findings that are read while they are written.
struct Listed<'a> {
    findings: &'a Findings<'a>,
    catalogue: &'a Catalogue,
}

#[derive(Debug, Serialize)]
struct ScanHead<'a> {
    id: String,
    tenant: &'a str,
    account_id: &'a str,
    partition: &'a str,
    caller: Option<&'a str>,
    status: &'static str,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    regions: &'a [String],
    rules: u64,
    rules_digest: &'a str,
    version: &'a str,
    api_calls: u64,
}

/// A gap, every key present.
#[derive(Debug, Serialize)]
pub struct GapItem<'a> {
    operation: &'a str,
    iam_action: &'a str,
    region: &'a str,
    resource: Option<&'a str>,
    class: ErrorClass,
    code: Option<&'a str>,
    message: &'a str,
}

impl<'a> ScanDocument<'a> {
    /// The reports in the order given.
    pub fn new(reports: &'a [ScanReport<'a>], catalogue: &'a Catalogue) -> Self {
        let scans = reports.iter().map(|report| ScanItem::new(report, catalogue)).collect();
        Self { schema: SCHEMA, scans }
    }
}

impl<'a> ScanItem<'a> {
    fn new(report: &'a ScanReport<'a>, catalogue: &'a Catalogue) -> Self {
        let scan = &report.scan;
        Self {
            scan: ScanHead {
                id: scan.meta.id.to_string(),
                tenant: &scan.meta.tenant,
                account_id: &scan.meta.account_id,
                partition: &scan.meta.partition,
                caller: scan.meta.caller.as_deref(),
                status: scan.status.as_str(),
                started_at: scan.meta.started_at,
                finished_at: scan.finished_at,
                regions: &scan.meta.scope.regions,
                rules: scan.rules,
                rules_digest: &scan.meta.rules_digest,
                version: &scan.meta.version,
                api_calls: scan.api_calls,
            },
            summary: report.summary(),
            findings: Listed { findings: &report.findings, catalogue },
            gaps: report.gaps.iter().map(GapItem::new).collect(),
        }
    }
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        views(self.findings.iter(), self.findings.len(), self.catalogue, serializer)
    }
}

impl<'a> GapItem<'a> {
    /// The gap as the machine formats print it.
    pub fn new(gap: &'a Gap) -> Self {
        Self {
            operation: &gap.operation,
            iam_action: &gap.iam_action,
            region: &gap.region,
            resource: gap.resource.as_deref(),
            class: gap.class,
            code: gap.code.as_deref(),
            message: &gap.message,
        }
    }
}
