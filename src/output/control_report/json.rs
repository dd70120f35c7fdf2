//! The JSON of a framework's report. Frozen: a change of meaning is a new
//! schema.
//!
//! One account: `cspm-report/1`. Several: `cspm-reports/1`, which joins the
//! controls and carries the account's documents whole under `reports`.

use super::{ControlReport, Evidence, Part, is_suppressed, title};
use crate::compliance::{ControlResult, JoinedControl, RuleFacts, RuleResult, Summary};
use crate::findings::Finding;
use crate::output::scan_json::GapItem;
use crate::rules::{Outcome, ParameterValue, Severity};
use jiff::Timestamp;
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// The version of the document of one account.
pub const SCHEMA: &str = "cspm-report/1";
/// The version of the document of several accounts.
pub const SCHEMA_OF_SEVERAL: &str = "cspm-reports/1";

/// The document: of one account or of several.
#[derive(Serialize)]
#[serde(untagged)]
pub enum ReportDocument<'a> {
    /// Of one account.
    One(Box<AccountDocument<'a>>),
    /// Of several.
    Several(SeveralDocument<'a>),
}

/// One account.
#[derive(Serialize)]
pub struct AccountDocument<'a> {
    schema: &'static str,
    framework: &'a str,
    framework_version: &'a str,
    scope: ScopeItem<'a>,
    controls: Vec<ControlItem<'a>>,
    summary: Option<&'a Summary>,
}

/// Several accounts: each control's joined status, then each account.
#[derive(Serialize)]
pub struct SeveralDocument<'a> {
    schema: &'static str,
    framework: &'a str,
    framework_version: &'a str,
    controls: Vec<JoinedItem<'a>>,
    summary: Option<&'a Summary>,
    reports: Vec<AccountDocument<'a>>,
}

/// What was looked at, and what was not.
#[derive(Debug, Serialize)]
struct ScopeItem<'a> {
    tenant: &'a str,
    account_id: &'a str,
    partition: &'a str,
    caller: Option<&'a str>,
    scan: String,
    status: &'static str,
    reason: Option<&'a str>,
    source: &'a str,
    observed_at: Timestamp,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    version: &'a str,
    rules: u64,
    rules_digest: &'a str,
    regions: &'a [String],
    regions_chosen: bool,
    regions_skipped: &'a BTreeMap<String, String>,
    regions_refused: &'a BTreeMap<String, String>,
    filters: &'a [String],
    rules_left_out: &'a [String],
    severity_overrides: BTreeMap<&'a str, &'static str>,
    parameter_overrides: &'a BTreeMap<String, BTreeMap<String, ParameterValue>>,
    suppressions: Vec<SuppressionItem<'a>>,
    gaps: Vec<GapItem<'a>>,
    newer_scan: Option<NewerItem<'a>>,
}

#[derive(Debug, Serialize)]
struct SuppressionItem<'a> {
    id: &'a str,
    target: String,
    reason: &'a str,
    owner: Option<&'a str>,
    until: String,
    expired: bool,
    findings: &'a [String],
}

/// A newer scan that the report does not show.
#[derive(Debug, Serialize)]
struct NewerItem<'a> {
    scan: String,
    status: &'static str,
    started_at: Timestamp,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct ControlItem<'a> {
    id: &'a str,
    title: &'a str,
    status: &'static str,
    rules: Vec<RuleItem<'a>>,
    judged: u64,
    passed: u64,
    failed: u64,
    unknown: u64,
    not_applicable: u64,
}

#[derive(Debug, Serialize)]
struct JoinedItem<'a> {
    id: &'a str,
    title: &'a str,
    status: &'static str,
    judged: u64,
    passed: u64,
    failed: u64,
    unknown: u64,
    not_applicable: u64,
}

/// One rule under a control: its numbers, and what it found.
#[derive(Serialize)]
struct RuleItem<'a> {
    id: &'a str,
    status: &'static str,
    /// False where another rule of its group was enough.
    needed: bool,
    left_out: Vec<String>,
    passed: u64,
    failed: u64,
    unknown: u64,
    errors: u64,
    not_applicable: u64,
    findings: Listed<'a>,
}

/// What a rule found: read while it is written.
struct Listed<'a> {
    evidence: &'a Evidence<'a>,
    rule: &'a RuleFacts<'a>,
}

#[derive(Debug, Serialize)]
struct FindingItem<'a> {
    fingerprint: &'a str,
    verdict: Outcome,
    severity: &'static str,
    title: &'a str,
    region: &'a str,
    resource_id: &'a str,
    suppressed: bool,
    unknown_because: Vec<String>,
}

impl<'a> ReportDocument<'a> {
    /// The document of a report.
    pub fn new(report: &'a ControlReport<'a>) -> Self {
        let mut reports: Vec<AccountDocument<'a>> =
            report.parts.iter().map(|part| AccountDocument::new(report, part)).collect();
        match &report.joined {
            None if reports.len() == 1 => {
                // The one that is there.
                let only = reports.pop().map(Box::new);
                only.map_or_else(|| Self::several(report, Vec::new()), Self::One)
            }
            _ => Self::several(report, reports),
        }
    }

    fn several(report: &'a ControlReport<'a>, reports: Vec<AccountDocument<'a>>) -> Self {
        let joined = report.joined.as_ref();
        Self::Several(SeveralDocument {
            schema: SCHEMA_OF_SEVERAL,
            framework: &report.framework.id,
            framework_version: &report.framework.version,
            controls: joined.iter().flat_map(|it| &it.controls).map(JoinedItem::new).collect(),
            summary: joined.and_then(|joined| joined.summary.as_ref()),
            reports,
        })
    }
}

impl<'a> AccountDocument<'a> {
    fn new(report: &'a ControlReport<'a>, part: &'a Part<'a>) -> Self {
        Self {
            schema: SCHEMA,
            framework: &report.framework.id,
            framework_version: &report.framework.version,
            scope: ScopeItem::new(part),
            controls: part
                .assessment
                .controls
                .iter()
                .map(|it| ControlItem::new(it, part))
                .collect(),
            summary: part.assessment.summary.as_ref(),
        }
    }
}

impl<'a> ScopeItem<'a> {
    fn new(part: &'a Part<'a>) -> Self {
        let evidence = part.evidence;
        let scan = &evidence.scan;
        let (meta, scope) = (&scan.meta, &scan.meta.scope);
        Self {
            tenant: &meta.tenant,
            account_id: &meta.account_id,
            partition: &meta.partition,
            caller: meta.caller.as_deref(),
            scan: meta.id.to_string(),
            status: scan.status.as_str(),
            reason: scan.reason.as_deref(),
            source: &meta.source,
            observed_at: meta.observed_at,
            started_at: meta.started_at,
            finished_at: scan.finished_at,
            version: &meta.version,
            rules: scan.rules,
            rules_digest: &meta.rules_digest,
            regions: &scope.regions,
            regions_chosen: scope.regions_chosen,
            regions_skipped: &scope.regions_skipped,
            regions_refused: &scope.regions_refused,
            filters: &scope.filters,
            rules_left_out: &scope.rules_left_out,
            severity_overrides: scope
                .severity_overrides
                .iter()
                .map(|(rule, severity): (&String, &Severity)| (&**rule, severity.in_capitals()))
                .collect(),
            parameter_overrides: &scope.parameter_overrides,
            suppressions: evidence
                .suppressions
                .iter()
                .map(|hiding| SuppressionItem {
                    id: &hiding.suppression.id,
                    target: hiding.target(),
                    reason: &hiding.suppression.reason,
                    owner: hiding.suppression.owner.as_deref(),
                    until: hiding.suppression.until.to_string(),
                    expired: hiding.expired,
                    findings: &hiding.findings,
                })
                .collect(),
            gaps: evidence.gaps.iter().map(GapItem::new).collect(),
            newer_scan: evidence.newer.as_ref().map(|newer| NewerItem {
                scan: newer.meta.id.to_string(),
                status: newer.status.as_str(),
                started_at: newer.meta.started_at,
                reason: newer.reason.as_deref(),
            }),
        }
    }
}

impl<'a> ControlItem<'a> {
    fn new(result: &'a ControlResult<'a>, part: &'a Part<'a>) -> Self {
        let rules = result.rules.iter();
        Self {
            id: &result.control.id,
            title: &result.control.title,
            status: result.status.as_str(),
            rules: rules.map(|rule| RuleItem::new(rule, part.evidence)).collect(),
            judged: result.judged,
            passed: result.passed,
            failed: result.failed,
            unknown: result.unknown,
            not_applicable: result.not_applicable,
        }
    }
}

impl<'a> JoinedItem<'a> {
    fn new(joined: &JoinedControl<'a>) -> Self {
        Self {
            id: &joined.control.id,
            title: &joined.control.title,
            status: joined.status.as_str(),
            judged: joined.judged,
            passed: joined.passed,
            failed: joined.failed,
            unknown: joined.unknown,
            not_applicable: joined.not_applicable,
        }
    }
}

impl<'a> RuleItem<'a> {
    fn new(rule: &'a RuleResult<'a>, evidence: &'a Evidence<'a>) -> Self {
        let total = rule.facts.total();
        Self {
            id: rule.facts.id,
            status: rule.status.as_str(),
            needed: rule.needed,
            left_out: rule.facts.left_out.iter().map(ToString::to_string).collect(),
            passed: total.pass,
            failed: total.fail,
            unknown: total.unknown,
            errors: total.error,
            not_applicable: total.not_applicable,
            findings: Listed { evidence, rule: rule.facts },
        }
    }
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for finding in self.evidence.findings_of(self.rule) {
            let finding = finding.map_err(S::Error::custom)?;
            list.serialize_element(&FindingItem::new(&finding))?;
        }
        list.end()
    }
}

impl<'a> FindingItem<'a> {
    fn new(finding: &'a Finding) -> Self {
        Self {
            fingerprint: &finding.fingerprint,
            verdict: finding.verdict,
            severity: finding.severity.in_capitals(),
            title: title(finding),
            region: &finding.region,
            resource_id: &finding.resource_id,
            suppressed: is_suppressed(finding),
            unknown_because: finding.gaps.iter().map(super::call).collect(),
        }
    }
}
