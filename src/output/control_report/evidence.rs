//! What the history says of one scan, and what that is for each rule.

use crate::compliance::{Counts, Found, LeftOut, RuleFacts, Tally};
use crate::findings::{Finding, Suppression, Target, Use};
use crate::history::{self, History, HistoryError, RuleResult, ScanRecord, ScanStatus};
use crate::inventory::{Gap, Scope};
use crate::output::report::Findings;
use crate::rules::{Catalogue, CompiledRule};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// How many earlier scans a trend shows.
const TREND: usize = 11;

/// What the history says of one scan, and of those before it.
pub struct Evidence<'a> {
    /// The scan.
    pub scan: ScanRecord,
    /// Its findings.
    pub findings: Findings<'a>,
    /// The calls that got no answer.
    pub gaps: Vec<Gap>,
    /// The rules that judged, by the ids under which they first shipped.
    pub judged: BTreeSet<String>,
    /// How often each of them said what.
    pub results: Vec<RuleResult>,
    /// The suppressions that hide something here, or that are meant for this
    /// tenant.
    pub suppressions: Vec<Hiding>,
    /// The scans before it that came to their end, oldest first.
    pub earlier: Vec<Earlier>,
    /// A newer scan of the tenant that this report does not show.
    pub newer: Option<ScanRecord>,
}

/// A suppression, and what it hides.
#[derive(Clone, Debug)]
pub struct Hiding {
    /// The suppression.
    pub suppression: Suppression,
    /// Whether its last day was over.
    pub expired: bool,
    /// The fingerprints it hides, or would hide if it had not expired.
    pub findings: Vec<String>,
}

/// An earlier scan, for the trend.
#[derive(Debug)]
pub struct Earlier {
    /// The scan.
    pub scan: ScanRecord,
    judged: BTreeSet<String>,
    results: Vec<RuleResult>,
}

impl<'h> Evidence<'h> {
    /// Reads all of it; the findings when somebody looks.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn read(history: &'h History, scan: ScanRecord) -> Result<Self, HistoryError> {
        let id = scan.meta.id;
        let at = scan.as_of();
        let tenant = scan.meta.tenant.clone();
        let findings = Findings::of_scan(history, id, false)?;
        let suppressions = hiding(history, &tenant, &findings, at)?;
        let mut earlier = Vec::new();
        let mut newer = None;
        for other in history.scans(Some(&tenant))? {
            if other.meta.account_id != scan.meta.account_id || other.meta.id == id {
                continue;
            }
            if other.meta.started_at > scan.meta.started_at {
                newer.get_or_insert(other);
            } else if other.status == ScanStatus::Completed && earlier.len() < TREND {
                let (judged, results) =
                    (history.judging_rules(other.meta.id)?, history.results(other.meta.id)?);
                earlier.push(Earlier { scan: other, judged, results });
            }
        }
        earlier.reverse();
        let (judged, results) = (history.judging_rules(id)?, history.results(id)?);
        let gaps = history.gaps(id)?;
        Ok(Self { scan, findings, gaps, judged, results, suppressions, earlier, newer })
    }

    /// The options that left rules out of the scan, as given.
    pub fn rule_filters(&self) -> Vec<String> {
        rule_filters(&self.scan.meta.scope)
    }

    /// The findings of a rule, as they are read.
    pub fn findings_of<'a>(
        &'a self,
        rule: &'a RuleFacts<'_>,
    ) -> impl Iterator<Item = Result<Finding, HistoryError>> {
        rule.found.places.iter().flat_map(|places| self.findings.within(places.clone()))
    }

    /// What each rule of the catalogue says.
    ///
    /// # Errors
    /// The findings cannot be read.
    pub fn facts<'a>(
        &'a self,
        catalogue: &'a Catalogue,
    ) -> Result<Vec<RuleFacts<'a>>, HistoryError> {
        let mut tally = Tally::default();
        for finding in self.findings.iter() {
            tally.add(&finding?);
        }
        Ok(facts(catalogue, &self.scan, &self.judged, &self.results, tally.finish()))
    }
}

impl Earlier {
    /// What each rule of the catalogue said then, without its findings.
    pub fn facts<'a>(&'a self, catalogue: &'a Catalogue) -> Vec<RuleFacts<'a>> {
        facts(catalogue, &self.scan, &self.judged, &self.results, BTreeMap::new())
    }
}

/// Suppressions that hide nothing here are shown only if they are meant for
/// this tenant: another's are nobody's business.
fn hiding(
    history: &History,
    tenant: &str,
    findings: &Findings<'_>,
    at: Timestamp,
) -> Result<Vec<Hiding>, HistoryError> {
    let all = history.suppressions()?;
    let mut uses = all.uses(at);
    if !uses.is_empty() {
        for finding in findings.iter() {
            uses.add(&finding?);
        }
    }
    let here = |it: &Suppression| it.tenant.as_deref() == Some(tenant);
    Ok(uses
        .finish()
        .into_iter()
        .filter(|it| it.suppression.created_at <= at)
        .filter(|it| !it.findings.is_empty() || here(&it.suppression))
        .map(|Use { suppression, expired, findings }| Hiding { suppression, expired, findings })
        .collect())
}

impl Hiding {
    /// What it is meant for.
    pub fn target(&self) -> String {
        match &self.suppression.target {
            Target::Finding(fingerprint) => format!("finding {fingerprint}"),
            Target::Rule { uid, resource: None } => format!("rule {uid}"),
            Target::Rule { uid, resource: Some(glob) } => format!("rule {uid} on {glob}"),
        }
    }

    /// What it does: how much it hides, or that it does not.
    pub fn effect(&self) -> String {
        let findings = crate::output::text::count(self.findings.len() as u64, "finding");
        match (self.findings.is_empty(), self.expired) {
            (true, _) => "hides nothing".to_owned(),
            (false, true) => format!("expired; {findings} stand again"),
            (false, false) => format!("hides {findings}"),
        }
    }
}

/// What a scan says about each rule of the catalogue: those that judged, and
/// those that did not, with the reason.
fn facts<'a>(
    catalogue: &'a Catalogue,
    scan: &ScanRecord,
    judged: &BTreeSet<String>,
    results: &'a [RuleResult],
    mut found: BTreeMap<String, Found>,
) -> Vec<RuleFacts<'a>> {
    let mut counts: BTreeMap<&str, BTreeMap<&str, Counts>> = BTreeMap::new();
    for result in results {
        let regions = counts.entry(&result.rule_uid).or_default();
        let region = regions.entry(&result.region).or_default();
        region.add(result.outcome, result.count);
    }
    catalogue
        .rules()
        .iter()
        .map(|compiled| {
            let rule = &compiled.rule;
            RuleFacts {
                id: &rule.id,
                controls: &rule.controls,
                decidable: rule.decidable,
                left_out: left_out(compiled, scan, judged),
                counts: counts.remove(rule.uid.as_str()).unwrap_or_default(),
                found: found.remove(rule.uid.as_str()).unwrap_or_default(),
            }
        })
        .collect()
}

fn left_out(compiled: &CompiledRule, scan: &ScanRecord, judged: &BTreeSet<String>) -> Vec<LeftOut> {
    let rule = &compiled.rule;
    let scope = &scan.meta.scope;
    if !judged.contains(&rule.uid) {
        let named = |name: &String| *name == rule.id || *name == rule.uid;
        let known = |name: &String| named(name) || rule.aliases.contains(name);
        if !scope.rules_left_out.iter().any(known) {
            return vec![LeftOut::Newer];
        }
        let narrows_rules = |option: &&String| !option.starts_with("--region");
        return vec![LeftOut::Filter(
            scope.filters.iter().filter(narrows_rules).cloned().collect(),
        )];
    }
    let mut left_out = Vec::new();
    if scope.regions_chosen && looks_into_regions(compiled) {
        left_out.push(LeftOut::OtherRegions(scope.regions.clone()));
    }
    if scan.status != ScanStatus::Completed {
        left_out.push(LeftOut::Unfinished);
    }
    left_out
}

/// Of the options that narrowed a scan, those that narrowed its rules.
fn rule_filters(scope: &history::Scope) -> Vec<String> {
    scope.filters.iter().filter(|option| !option.starts_with("--region")).cloned().collect()
}

/// Whether a rule judges or looks up anything that has a region.
fn looks_into_regions(compiled: &CompiledRule) -> bool {
    let types = crate::services::types();
    let regional =
        |name: &str| types.iter().any(|kind| kind.name == name && kind.scope != Scope::Global);
    compiled.variants.iter().any(|variant| {
        variant.kind.scope != Scope::Global || variant.lookups.iter().any(|name| regional(name))
    })
}
