//! Reports without names: account ids, ARNs and names are replaced by keyed
//! hashes before any format sees them. The same key gives the same
//! pseudonyms, so that reports can still be compared.
//!
//! What is not known to be harmless is replaced: a free text of AWS as a whole,
//! a value of the evidence unless it is a word of AWS or of a rule.

mod fixes;
mod hash;
mod title;
mod value;

use super::control_report::Evidence;
use super::report::ScanReport;
use crate::findings::{Finding, Suppression, Target};
use crate::history::{Changes, Life, ScanRecord, StepEvent};
use crate::inventory::Gap;
use crate::inventory::snapshot::Contents;
use crate::rules::Catalogue;
use crate::tenant::is_region_shaped;
pub use fixes::without_example_accounts;
use std::collections::BTreeSet;
use title::Titles;

/// In place of free text.
const TEXT: &str = "(redacted)";

/// How many hex digits a name's pseudonym has.
const DIGITS: usize = 16;

/// Replaces names under one key.
#[derive(Debug)]
pub struct Redactor {
    key: [u8; 32],
    titles: Titles,
    /// Words of AWS and of rules, which name nothing.
    words: BTreeSet<String>,
    /// Members of documents, which name nothing.
    members: BTreeSet<String>,
}

impl Redactor {
    /// A redactor; every byte of `secret` counts.
    pub fn new(secret: &[u8], catalogue: &Catalogue) -> Self {
        Self {
            key: hash::key(secret),
            titles: Titles::new(catalogue),
            words: value::words(catalogue),
            members: value::members(),
        }
    }

    /// A tenant, a resource, a person: anything with a name.
    pub fn name(&self, name: &str) -> String {
        if name.is_empty() {
            return String::new();
        }
        format!("x{}", hash::hex(&self.key, "name", name, DIGITS))
    }

    /// An account id. It does not look like one, so that nobody takes it for
    /// another account.
    pub fn account(&self, id: &str) -> String {
        match id {
            // AWS itself, in ARNs of its managed policies.
            "" | "aws" => id.to_owned(),
            id => format!("acct-{}", hash::hex(&self.key, "account", id, 12)),
        }
    }

    /// A finding's id: hashes of accounts and ARNs can be guessed, since there
    /// are few accounts.
    pub fn fingerprint(&self, print: &str) -> String {
        hash::hex(&self.key, "fingerprint", print, crate::findings::FINGERPRINT_DIGITS)
    }

    /// An ARN: partition, service, region and the kind of resource stay.
    pub fn arn(&self, arn: &str) -> String {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, resource] = parts.as_slice() else {
            return self.name(arn);
        };
        let known = |word: &str| word.is_empty() || is_region_shaped(word);
        let plain = |word: &str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if !plain(partition) || !known(region) || !value::is_service(service) {
            return self.name(arn);
        }
        if *account == "aws" && *service == "iam" {
            return arn.to_owned();
        }
        let resource = self.resource(service, resource);
        format!("arn:{partition}:{service}:{region}:{}:{resource}", self.account(account))
    }

    /// The last part of an ARN. Names between slashes get the pseudonyms that
    /// they have alone.
    fn resource(&self, service: &str, resource: &str) -> String {
        let (noun, rest) = match resource.split_once('/') {
            Some((noun, rest)) if service != "s3" && value::is_noun(noun) => (noun, rest),
            _ if value::is_noun(resource) && service != "s3" => return resource.to_owned(),
            _ => ("", resource),
        };
        let names = rest.split('/').map(|name| match name {
            "*" => name.to_owned(),
            name if noun == "region" && is_region_shaped(name) => name.to_owned(),
            name => self.name(name),
        });
        let names = names.collect::<Vec<_>>().join("/");
        if noun.is_empty() { names } else { format!("{noun}/{names}") }
    }

    /// What people call a resource: some are called by their ARN, the account
    /// by its id, a region by its name.
    fn id(&self, finding: &Finding) -> String {
        let id = &finding.resource_id;
        match finding.resource_type.as_str() {
            "aws.region" if is_region_shaped(id) => id.clone(),
            _ if *id == finding.account_id => self.account(id),
            _ if id.starts_with("arn:") => self.arn(id),
            _ => self.name(id),
        }
    }

    /// A finding, with all that it shows.
    pub fn finding(&self, finding: &Finding) -> Finding {
        let id = self.id(finding);
        let arn = self.arn(&finding.resource_arn);
        let kind = |key: &str| crate::services::type_named(key).is_some();
        let key = |key: &String| if kind(key) { key.clone() } else { self.text(key) };
        Finding {
            fingerprint: self.fingerprint(&finding.fingerprint),
            title: self.titles.without_names(finding, &id, &arn, |text| self.text(text)),
            tenant: self.name(&finding.tenant),
            account_id: self.account(&finding.account_id),
            key: finding.key.as_ref().map(key),
            evidence: self.map(&finding.evidence),
            gaps: finding.gaps.iter().map(|gap| self.gap(gap)).collect(),
            error: finding.error.as_ref().map(|_| TEXT.to_owned()),
            suppression: finding.suppression.clone(),
            resource_id: id,
            resource_arn: arn,
            ..finding.clone()
        }
    }

    /// A call that got no answer. What AWS said about it names the caller.
    pub fn gap(&self, gap: &Gap) -> Gap {
        Gap {
            resource: gap.resource.as_ref().map(|arn| self.arn(arn)),
            message: TEXT.to_owned(),
            ..gap.clone()
        }
    }

    /// A scan.
    pub fn scan(&self, scan: &ScanRecord) -> ScanRecord {
        let mut scan = scan.clone();
        let meta = &mut scan.meta;
        meta.tenant = self.name(&meta.tenant);
        meta.account_id = self.account(&meta.account_id);
        meta.caller = meta.caller.as_ref().map(|arn| self.arn(arn));
        if !matches!(meta.source.as_str(), "aws" | "the built-in demo") {
            meta.source = self.name(&meta.source);
        }
        meta.scope.regions_refused.values_mut().for_each(|why| TEXT.clone_into(why));
        scan.reason = scan.reason.map(|_| TEXT.to_owned());
        scan
    }

    /// A scan's report.
    pub fn report<'a>(&'a self, report: ScanReport<'a>) -> ScanReport<'a> {
        ScanReport {
            scan: self.scan(&report.scan),
            findings: report.findings.map(|it| self.finding(it)),
            gaps: report.gaps.iter().map(|gap| self.gap(gap)).collect(),
            known: report.known.map(|known| known.renamed(|it| self.fingerprint(it))),
        }
    }

    /// What a framework's report is made of.
    pub fn evidence<'a>(&'a self, mut evidence: Evidence<'a>) -> Evidence<'a> {
        evidence.scan = self.scan(&evidence.scan);
        evidence.findings = evidence.findings.map(|it| self.finding(it));
        evidence.gaps.iter_mut().for_each(|gap| *gap = self.gap(gap));
        for hiding in &mut evidence.suppressions {
            hiding.suppression = self.suppression(&hiding.suppression);
            hiding.findings.iter_mut().for_each(|print| *print = self.fingerprint(print));
        }
        for earlier in &mut evidence.earlier {
            earlier.scan = self.scan(&earlier.scan);
        }
        evidence.newer = evidence.newer.map(|scan| self.scan(&scan));
        evidence
    }

    /// A suppression.
    pub fn suppression(&self, suppression: &Suppression) -> Suppression {
        let name = |text: &Option<String>| text.as_ref().map(|text| self.name(text));
        Suppression {
            target: match &suppression.target {
                Target::Finding(print) => Target::Finding(self.fingerprint(print)),
                Target::Rule { uid, resource } => {
                    Target::Rule { uid: uid.clone(), resource: name(resource) }
                }
            },
            tenant: name(&suppression.tenant),
            reason: TEXT.to_owned(),
            owner: name(&suppression.owner),
            file: name(&suppression.file),
            created_by: self.name(&suppression.created_by),
            removed_by: name(&suppression.removed_by),
            ..suppression.clone()
        }
    }

    /// What is in a snapshot.
    pub fn contents(&self, contents: &Contents) -> Contents {
        let mut contents = contents.clone();
        contents.header.account = self.account(&contents.header.account);
        contents.header.caller = self.arn(&contents.header.caller);
        contents.gaps = contents.gaps.iter().map(|gap| self.gap(gap)).collect();
        contents
    }

    /// The life of a finding.
    pub fn life(&self, life: &Life) -> Life {
        let mut redacted = Life { finding: self.finding(&life.finding), steps: life.steps.clone() };
        for step in &mut redacted.steps {
            match &mut step.event {
                StepEvent::Seen { title, evidence, verdict, .. } => {
                    let seen = Finding {
                        title: std::mem::take(title),
                        verdict: *verdict,
                        ..life.finding.clone()
                    };
                    *title = self.finding(&seen).title;
                    *evidence = self.map(evidence);
                }
                StepEvent::Suppressed { by, owner, why, .. } => {
                    *by = self.name(by);
                    *owner = owner.as_ref().map(|owner| self.name(owner));
                    *why = TEXT.to_owned();
                }
                StepEvent::Unsuppressed { by, .. } => *by = by.as_ref().map(|by| self.name(by)),
                StepEvent::Gone { .. } => {}
            }
        }
        redacted
    }

    /// What changed between two scans, but for the findings.
    pub fn changes(&self, mut changes: Changes) -> Changes {
        changes.from = self.scan(&changes.from);
        changes.to = self.scan(&changes.to);
        changes
    }
}
