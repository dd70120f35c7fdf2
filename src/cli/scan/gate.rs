//! The exit code of a scan.

use crate::cli::exit::Exit;
use crate::history::HistoryError;
use crate::output::report::ScanReport;
use crate::rules::{Outcome, Severity};
use std::fmt;
use std::str::FromStr;

/// From which severity on a failure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailOn {
    /// Never.
    None,
    /// At or above.
    Severity(Severity),
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let word = word.to_ascii_lowercase();
        if word == "none" {
            return Ok(Self::None);
        }
        Severity::parse(&word)
            .map(Self::Severity)
            .ok_or_else(|| "one of critical, high, medium, low, info, none".to_owned())
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Severity(severity) => severity.fmt(f),
        }
    }
}

/// What a completed scan ends with: the worst failure at or above the
/// threshold that is not known; else 3 if a rule there is unknown or in error; else 0.
///
/// # Errors
/// The findings cannot be read.
pub(super) fn judge_exit(
    report: &ScanReport<'_>,
    fail_on: FailOn,
    allow_unknown: bool,
) -> Result<Exit, HistoryError> {
    let FailOn::Severity(threshold) = fail_on else { return Ok(Exit::Ok) };
    let mut worst = None;
    let mut undecided = false;
    for finding in report.findings.iter() {
        let finding = finding?;
        if finding.severity < threshold || !report.heeds(&finding) {
            continue;
        }
        match finding.verdict {
            Outcome::Fail => worst = worst.max(Some(finding.severity)),
            Outcome::Unknown => undecided |= !allow_unknown,
            Outcome::Error => undecided = true,
            Outcome::Pass | Outcome::NotApplicable => {}
        }
    }
    Ok(match worst {
        Some(severity) => Exit::Findings(severity),
        None if undecided => Exit::Undecided,
        None => Exit::Ok,
    })
}
