//! A gate that only heeds what is new: against the scan before, or against a
//! baseline.

use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use crate::findings::{Baseline, BaselineScan, Known, stands};
use crate::history::{History, ScanRecord, ScanStatus};
use crate::output::report::{Findings, ScanReport};
use crate::output::text::count;
use crate::rules::Outcome;
use clap::Args;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Default, Args)]
pub(super) struct CompareArgs {
    /// Only heed failures that are new or back since the last completed scan
    /// of the account; without one, all are new
    #[arg(long, help_heading = "Exit code", conflicts_with = "baseline")]
    fail_on_new: bool,
    /// Only heed failures that are not in this file
    #[arg(long, value_name = "FILE", help_heading = "Exit code")]
    baseline: Option<PathBuf>,
    /// Write the failures that stand to this file, for --baseline
    #[arg(long, value_name = "FILE", help_heading = "Exit code")]
    write_baseline: Option<PathBuf>,
}

impl CompareArgs {
    /// Whether a baseline is written.
    pub(super) fn writes(&self) -> bool {
        self.write_baseline.is_some()
    }
}

/// What a run compares with, and the baseline that it writes.
pub(super) struct Comparison {
    with: With,
    out: Option<NewFile>,
}

enum With {
    Nothing,
    Previous,
    Baseline { path: PathBuf, baseline: Baseline },
}

/// A file that takes its place when it is whole: the baseline that is read and
/// the one that is written may be the same.
struct NewFile {
    path: PathBuf,
    beside: PathBuf,
    file: File,
}

impl Comparison {
    /// Reads the baseline, and opens the new one before anything is scanned.
    pub(super) fn open(args: &CompareArgs) -> Result<Self, CliError> {
        let with = match &args.baseline {
            Some(path) => With::Baseline { path: path.clone(), baseline: read(path)? },
            None if args.fail_on_new => With::Previous,
            None => With::Nothing,
        };
        let out = args.write_baseline.as_deref().map(NewFile::open).transpose()?;
        Ok(Self { with, out })
    }

    /// The failures of a scan that do not count; `None` if all do.
    pub(super) fn known(
        &self,
        scan: &ScanRecord,
        history: &History,
        settings: &mut Settings,
    ) -> Result<Option<Known>, CliError> {
        let console = &mut settings.environment.console;
        match &self.with {
            With::Nothing => Ok(None),
            With::Baseline { path, baseline } => {
                let account = &scan.meta.account_id;
                if !baseline.scans.iter().any(|it| it.account_id == *account) {
                    console.say(&format!(
                        "{} knows nothing of account {account} ({}): every failure there is new",
                        path.display(),
                        scan.meta.tenant
                    ));
                }
                Ok(Some(baseline.known()))
            }
            With::Previous => {
                let Some(previous) = history.previous_scan(scan.meta.id)? else {
                    console.say(&format!(
                        "{}: there is no completed scan before this one: every failure is new",
                        scan.meta.tenant
                    ));
                    return Ok(Some(Known::default()));
                };
                Ok(Some(since(&previous, scan, history)?))
            }
        }
    }

    /// Says how many failures the gate passed over.
    pub(super) fn tell(
        &self,
        reports: &[ScanReport<'_>],
        settings: &mut Settings,
    ) -> Result<(), CliError> {
        let with = match &self.with {
            With::Nothing => return Ok(()),
            With::Previous => "were there before".to_owned(),
            With::Baseline { path, .. } => format!("are in {}", path.display()),
        };
        let (mut fails, mut known) = (0_u64, 0_u64);
        for report in reports {
            for fail in report.findings.with(Outcome::Fail) {
                let fail = fail?;
                if stands(&fail) {
                    fails += 1;
                    known += u64::from(!report.heeds(&fail));
                }
            }
        }
        settings
            .environment
            .console
            .say(
                &format!("{}, of which {known} {with} and do not count", count(fails, "failure"),),
            );
        Ok(())
    }

    /// Writes the new baseline. One of a scan that did not come to its end
    /// would call old failures new.
    pub(super) fn write(
        &mut self,
        reports: &[ScanReport<'_>],
        settings: &mut Settings,
    ) -> Result<(), CliError> {
        let Some(out) = self.out.take() else { return Ok(()) };
        let whole = |report: &ScanReport<'_>| report.scan.status == ScanStatus::Completed;
        if reports.is_empty() || !reports.iter().all(whole) {
            settings.environment.console.say(&format!(
                "{} is not written: not every scan came to its end",
                out.path.display()
            ));
            return Ok(());
        }
        let scans = reports.iter().map(|report| BaselineScan {
            tenant: report.scan.meta.tenant.clone(),
            account_id: report.scan.meta.account_id.clone(),
            started_at: report.scan.meta.started_at,
            rules_digest: report.scan.meta.rules_digest.clone(),
        });
        let mut baseline =
            Baseline::new(env!("CARGO_PKG_VERSION"), (settings.environment.now)(), scans.collect());
        for finding in reports.iter().flat_map(|report| report.findings.iter()) {
            baseline.add(&finding?);
        }
        out.finish(&crate::cli::format::json(&baseline)?)
    }
}

fn read(path: &Path) -> Result<Baseline, CliError> {
    let text = fs::read_to_string(path).map_err(|error| CliError::file("read", path, &error))?;
    Baseline::parse(&text).map_err(|error| {
        CliError::usage(format!("the baseline {}: {error}", path.display()))
            .hint("`cspm scan --write-baseline FILE` writes a new one")
    })
}

/// What the scan before knew: its failures, and those that were known once and
/// only were out of its sight.
fn since(previous: &ScanRecord, scan: &ScanRecord, history: &History) -> Result<Known, CliError> {
    let mut known = Known::default();
    for finding in Findings::of_scan(history, previous.meta.id, false)?.iter() {
        let finding = finding?;
        if stands(&finding) {
            known.add(&finding);
        }
    }
    history.each_visible_again(previous, scan.meta.id, |finding| known.add(finding))?;
    Ok(known)
}

impl NewFile {
    fn open(path: &Path) -> Result<Self, CliError> {
        // It takes the place of what is there: of a file, never of a device.
        if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
            let what = format!("cannot write {}: it is not a file", path.display());
            return Err(CliError::usage(what));
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        let file = super::outputs::create_private(&beside)?;
        Ok(Self { path: path.to_owned(), beside, file })
    }

    fn finish(mut self, text: &str) -> Result<(), CliError> {
        self.file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_all())
            .and_then(|()| fs::rename(&self.beside, &self.path))
            .map_err(|error| CliError::file("write", &self.path, &error))
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // Renamed, or of no use.
        let _ = fs::remove_file(&self.beside);
    }
}
