//! `--redact`: whether names are replaced, and under which key.

use super::error::CliError;
use super::settings::Settings;
use crate::findings::Use;
use crate::history::{Changes, History, HistoryError, Life, ScanRecord};
use crate::inventory::snapshot::Contents;
use crate::output::control_report::Evidence;
use crate::output::joined::Joined;
use crate::output::redact::Redactor;
use crate::output::report::{Findings, ScanReport};
use crate::rules::Catalogue;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The environment variable with the key.
const VARIABLE: &str = "CSPM_REDACT_KEY";

/// The file with the key, in the user's data folder.
const FILE: &str = "redact.key";

/// A shorter key can be tried out.
const SHORTEST: usize = 16;

/// What is done with names before anything is printed.
pub(super) enum Redaction {
    /// Nothing.
    Off,
    /// They are replaced.
    On(Box<Redactor>),
}

impl Settings {
    /// As `--redact` says.
    ///
    /// # Errors
    /// There is no key, and none can be made.
    pub(super) fn redaction(&self, catalogue: &Catalogue) -> Result<Redaction, CliError> {
        if !self.redact {
            return Ok(Redaction::Off);
        }
        let key = self.redaction_key()?;
        Ok(Redaction::On(Box::new(Redactor::new(key.as_bytes(), catalogue))))
    }

    /// For commands that cannot do without names.
    pub(super) fn refuse_redaction(&self, command: &str) -> Result<(), CliError> {
        if self.redact {
            return Err(CliError::usage(format!("`cspm {command}` cannot leave names out"))
                .hint("leave --redact out"));
        }
        Ok(())
    }

    fn redaction_key(&self) -> Result<String, CliError> {
        if let Some(key) = self.environment.text(VARIABLE) {
            return long_enough(key, &format!("${VARIABLE}"));
        }
        let path = self.data_file(FILE).ok_or_else(|| {
            CliError::usage("there is no folder for the key of --redact: $HOME is not set")
                .hint(format!("put a key of {SHORTEST} characters or more into ${VARIABLE}"))
        })?;
        match fs::read_to_string(&path) {
            Ok(key) => long_enough(key.trim().to_owned(), &path.display().to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let random = self.environment.random;
                let key = format!("{:032x}{:032x}", random(), random());
                create(&path, &key).map_err(|error| CliError::file("write", &path, &error))?;
                Ok(key)
            }
            Err(error) => Err(CliError::file("read", &path, &error)),
        }
    }
}

fn long_enough(key: String, place: &str) -> Result<String, CliError> {
    if key.chars().count() < SHORTEST {
        return Err(CliError::usage(format!("the key in {place} is too short"))
            .hint(format!("use {SHORTEST} characters or more that nobody can guess")));
    }
    Ok(key)
}

/// A file that only its owner may read, and that was not there before.
fn create(path: &Path, key: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(format!("{key}\n").as_bytes())?;
    file.sync_all()
}

impl Redaction {
    pub(super) fn reports<'a>(&'a self, reports: Vec<ScanReport<'a>>) -> Vec<ScanReport<'a>> {
        match self {
            Self::Off => reports,
            Self::On(redactor) => reports.into_iter().map(|it| redactor.report(it)).collect(),
        }
    }

    pub(super) fn findings<'a>(&'a self, findings: Findings<'a>) -> Findings<'a> {
        match self {
            Self::Off => findings,
            Self::On(redactor) => findings.map(|it| redactor.finding(it)),
        }
    }

    pub(super) fn joined<'a>(&'a self, findings: Joined<'a>) -> Joined<'a> {
        match self {
            Self::Off => findings,
            Self::On(redactor) => findings.map(|it| redactor.finding(it)),
        }
    }

    pub(super) fn scans(&self, scans: Vec<ScanRecord>) -> Vec<ScanRecord> {
        match self {
            Self::Off => scans,
            Self::On(redactor) => scans.iter().map(|it| redactor.scan(it)).collect(),
        }
    }

    pub(super) fn evidence<'a>(&'a self, evidence: Vec<Evidence<'a>>) -> Vec<Evidence<'a>> {
        match self {
            Self::Off => evidence,
            Self::On(redactor) => evidence.into_iter().map(|it| redactor.evidence(it)).collect(),
        }
    }

    pub(super) fn life(&self, life: Life) -> Life {
        match self {
            Self::Off => life,
            Self::On(redactor) => redactor.life(&life),
        }
    }

    pub(super) fn changes(&self, changes: Changes) -> Changes {
        match self {
            Self::Off => changes,
            Self::On(redactor) => redactor.changes(changes),
        }
    }

    pub(super) fn contents(&self, contents: Contents) -> Contents {
        match self {
            Self::Off => contents,
            Self::On(redactor) => redactor.contents(&contents),
        }
    }

    pub(super) fn uses(&self, uses: Vec<Use>) -> Vec<Use> {
        match self {
            Self::Off => uses,
            Self::On(redactor) => uses
                .into_iter()
                .map(|used| Use {
                    suppression: redactor.suppression(&used.suppression),
                    expired: used.expired,
                    findings: used.findings.iter().map(|it| redactor.fingerprint(it)).collect(),
                })
                .collect(),
        }
    }

    /// A name that stands alone, such as that of a tenant.
    pub(super) fn name(&self, name: &str) -> String {
        match self {
            Self::Off => name.to_owned(),
            Self::On(redactor) => redactor.name(name),
        }
    }

    /// The finding whose id begins with `prefix`: as the history has it, or as
    /// a redacted report says it.
    pub(super) fn fingerprint(
        &self,
        history: &History,
        prefix: &str,
        now: jiff::Timestamp,
    ) -> Result<String, HistoryError> {
        let found = history.fingerprint(prefix);
        let (Self::On(redactor), Err(error)) = (self, &found) else { return found };
        if !matches!(error, HistoryError::Finding(_)) || prefix.is_empty() {
            return found;
        }
        let mut meant = Vec::new();
        history.each_finding(now, |finding| {
            if redactor.fingerprint(&finding.fingerprint).starts_with(prefix) {
                meant.push(finding.fingerprint);
            }
        })?;
        match meant.as_slice() {
            [one] => Ok(one.clone()),
            _ => found,
        }
    }
}
