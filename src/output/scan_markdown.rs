//! A scan and lists of findings for documents and pull requests.

use super::markdown::{code, escaped, table};
use super::report::{ScanReport, view};
use super::scan_table::{SHORT, advice, because};
use super::text::count;
use crate::findings::{Finding, FindingStatus};
use crate::history::ScanStatus;
use crate::rules::{Catalogue, Outcome, Severity};

/// The report of one scan.
pub fn scan(report: &ScanReport, catalogue: &Catalogue) -> String {
    let meta = &report.scan.meta;
    let mut text = format!(
        "# Scan of {}\n\nAccount {}, {}, {}, read at {} by cspm {}.\n",
        escaped(&meta.tenant),
        meta.account_id,
        count(meta.scope.regions.len() as u64, "region"),
        count(report.scan.rules, "rule"),
        meta.observed_at.strftime("%F %H:%M UTC"),
        escaped(&meta.version),
    );
    if report.scan.status != ScanStatus::Completed {
        let reason = report.scan.reason.as_deref().unwrap_or("the scan did not end");
        let status = report.scan.status.as_str();
        text.push_str(&format!("\n**{status}**: {}\n", escaped(reason)));
    }
    let summary = report.summary();
    let rows = Severity::WORST_FIRST
        .into_iter()
        .map(|severity| vec![severity.to_string(), summary.fails(severity).to_string()]);
    text.push_str(&format!("\n{}", table(&["Failed", "Number"], rows)));
    let rows = Outcome::ALL.into_iter().map(|outcome| {
        vec![outcome.as_str().replace('_', " "), summary.verdicts(outcome).to_string()]
    });
    text.push_str(&format!("\n{}", table(&["Verdict", "Number"], rows)));
    if let Some(score) = summary.score {
        let coverage = summary.coverage.map_or("-".to_owned(), |share| format!("{share:.0} %"));
        text.push_str(&format!("\nScore: {score:.1} of 100 (decided: {coverage})\n"));
    }
    let suppressed = |it: &&Finding| it.status == Some(FindingStatus::Suppressed);
    let fails: Vec<&Finding> = report.with(Outcome::Fail).collect();
    let open: Vec<&Finding> = fails.iter().copied().filter(|it| !suppressed(it)).collect();
    if open.is_empty() {
        text.push_str("\nNothing failed.\n");
    }
    section(&mut text, "Failed", &open, catalogue);
    let hidden: Vec<&Finding> = fails.into_iter().filter(|it| suppressed(it)).collect();
    section(&mut text, "Suppressed", &hidden, catalogue);
    for (title, outcome) in [
        ("Not known", Outcome::Unknown),
        ("Rules at fault", Outcome::Error),
        ("Passed", Outcome::Pass),
    ] {
        section(&mut text, title, &report.with(outcome).collect::<Vec<_>>(), catalogue);
    }
    text
}

/// A list of findings.
pub fn list(findings: &[Finding], catalogue: &Catalogue) -> String {
    let mut text = format!("# {}\n", count(findings.len() as u64, "finding"));
    let table = rows(&findings.iter().collect::<Vec<_>>(), catalogue, true);
    if !table.is_empty() {
        text.push_str(&format!("\n{table}"));
    }
    text
}

fn section(text: &mut String, title: &str, findings: &[&Finding], catalogue: &Catalogue) {
    if !findings.is_empty() {
        text.push_str(&format!("\n## {title}\n\n{}", rows(findings, catalogue, false)));
    }
}

fn rows(findings: &[&Finding], catalogue: &Catalogue, standing: bool) -> String {
    let why = findings.iter().any(|it| !it.gaps.is_empty() || it.error.is_some());
    let mut head = vec!["Severity", "Finding", "Resource", "Region", "Rule"];
    if standing {
        head.extend(["Tenant", "Status"]);
    }
    if why {
        head.push("Why it is not known");
    }
    head.push("Id");
    let rows = findings.iter().map(|finding| {
        let seen = view(finding, catalogue);
        let mut cells = vec![
            finding.severity.to_string(),
            escaped(seen.title),
            code(&finding.resource_id),
            escaped(&finding.region),
            escaped(seen.rule_id),
        ];
        if standing {
            let status = finding.status.map_or("", |status| status.as_str()).replace('_', " ");
            let verdict = finding.verdict.as_str();
            let fails = finding.verdict == Outcome::Fail;
            cells.push(escaped(&finding.tenant));
            cells.push(if fails { status } else { format!("{status}, {verdict}") });
        }
        if why {
            cells.push(reasons(finding));
        }
        cells.push(code(&finding.fingerprint.chars().take(SHORT).collect::<String>()));
        cells
    });
    table(&head, rows)
}

fn reasons(finding: &Finding) -> String {
    let gaps = finding.gaps.iter().map(|gap| {
        let (why, what) = (because(gap.class), advice(gap.class, &gap.iam_action));
        format!("{}: {why}; {}", code(&gap.operation), escaped(&what))
    });
    gaps.chain(finding.error.as_deref().map(escaped)).collect::<Vec<_>>().join("<br>")
}
