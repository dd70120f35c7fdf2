//! The suppressions file, and what is said about suppressions that do nothing.

use super::error::CliError;
use super::settings::Settings;
use super::suppress::actor;
use crate::findings::{
    FINGERPRINT_DIGITS, Suppression, Suppressions, Target, Use, is_fingerprint_prefix,
};
use crate::history::{History, ScanMeta};
use crate::output::finding::{can_be_hidden, is_standing};
use crate::output::text::count;
use crate::rules::Catalogue;
use crate::tenant::{EntryTarget, Problem, ProblemKind, SuppressionEntry, parse_suppressions};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A suppressions file that was read and found right.
pub(super) struct SuppressionFile {
    name: String,
    list: Vec<Suppression>,
}

impl SuppressionFile {
    /// The file that was named, else that of the tenants file, if any.
    ///
    /// # Errors
    /// All that is wrong with it, with line and column.
    pub(super) fn find(
        named: Option<&Path>,
        settings: &Settings,
    ) -> Result<Option<Self>, CliError> {
        if let Some(path) = named {
            return Self::read(path, path, settings).map(Some);
        }
        let Some((config, tenants)) = settings.tenants_if_any()? else { return Ok(None) };
        let Some(written) = tenants.defaults.suppressions else { return Ok(None) };
        let path = config.parent().map(|it| it.join(&written)).unwrap_or_default();
        Self::read(&path, Path::new(&written), settings).map(Some)
    }

    /// `written` names the file in the history: the same on every machine.
    fn read(path: &Path, written: &Path, settings: &Settings) -> Result<Self, CliError> {
        let text = fs::read_to_string(path).map_err(|e| CliError::file("read", path, &e))?;
        let entries = parse_suppressions(&text)
            .map_err(|problems| CliError::usage(problems.in_file(path)))?;
        let catalogue = settings.catalogue()?;
        let plain: PathBuf =
            written.components().filter(|part| *part != Component::CurDir).collect();
        let name = plain.display().to_string();
        let mut list = Vec::new();
        let mut problems = Vec::new();
        for entry in entries {
            match suppression(entry, &name, &catalogue, settings) {
                Ok(suppression) => list.push(suppression),
                Err(problem) => problems.push(format!("{}:{problem}", path.display())),
            }
        }
        if problems.is_empty() {
            Ok(Self { name, list })
        } else {
            Err(CliError::usage(problems.join("\n")))
        }
    }

    /// What the history calls it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// How many suppressions it has.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Makes its suppressions the ones that hold in a history; with `tenant`
    /// only those that concern that tenant.
    pub(super) fn sync(
        &self,
        history: &mut History,
        tenant: Option<&str>,
        settings: &Settings,
    ) -> Result<(), CliError> {
        let (now, random) = ((settings.environment.now)(), settings.environment.random);
        let concerns = |it: &&Suppression| {
            tenant.is_none() || it.tenant.is_none() || it.tenant.as_deref() == tenant
        };
        let list = self.list.iter().filter(concerns).cloned();
        let list = list.map(|it| Suppression { created_at: now, ..it }).collect();
        let id = || uuid::Builder::from_random_bytes(random().to_be_bytes()).into_uuid();
        Ok(history.sync_suppressions(&self.name, list, now, &actor(settings), id)?)
    }
}

fn suppression(
    entry: SuppressionEntry,
    file: &str,
    catalogue: &Catalogue,
    settings: &Settings,
) -> Result<Suppression, Problem> {
    let target = match &entry.target {
        EntryTarget::Finding(print) => {
            if print.len() != FINGERPRINT_DIGITS || !is_fingerprint_prefix(print) {
                let what = format!("`finding`: \"{}\" is not a whole id", print.escape_debug());
                let instead = "write all 32 digits, as `cspm findings show ID` prints them";
                return Err(entry.problem(ProblemKind::Malformed, what, instead.to_owned()));
            }
            Target::Finding(print.clone())
        }
        EntryTarget::Rule { rule, resource } => match catalogue.find(rule) {
            Some(found) => Target::Rule { uid: found.rule.uid.clone(), resource: resource.clone() },
            None => {
                let what = format!("`rule`: there is no rule \"{}\"", rule.escape_debug());
                let instead = match catalogue.near(rule).first() {
                    Some(near) => format!("write {near}; `cspm rules list` shows all rules"),
                    None => "write a rule's id; `cspm rules list` shows them".to_owned(),
                };
                return Err(entry.problem(ProblemKind::UnknownRule, what, instead));
            }
        },
    };
    let at = entry.at;
    let suppression = Suppression {
        id: format!("line {}", at.line),
        target,
        tenant: entry.tenant.clone(),
        reason: entry.reason.clone(),
        until: entry.until,
        owner: entry.owner.clone(),
        file: Some(file.to_owned()),
        created_at: (settings.environment.now)(),
        created_by: actor(settings),
        removed_at: None,
        removed_by: None,
    };
    match Suppressions::new(vec![suppression.clone()]) {
        Ok(_) => Ok(suppression),
        Err(error) => {
            let instead = "`*` stands for anything; write \\ before a special character".to_owned();
            Err(entry.problem(ProblemKind::Malformed, format!("`resource`: {error}"), instead))
        }
    }
}

/// Says which suppressions of the tenants that were scanned have expired, and
/// which hide nothing. What a scan did not look at says nothing about them.
pub(super) fn tell(
    history: &History,
    scans: &[&ScanMeta],
    settings: &mut Settings,
) -> Result<(), CliError> {
    let suppressions = history.suppressions()?;
    if suppressions.iter().all(|it| it.removed_at.is_some()) {
        return Ok(());
    }
    let catalogue = settings.catalogue()?;
    let now = (settings.environment.now)();
    let (mut uses, mut standing) = (suppressions.uses(now), suppressions.uses(now));
    history.each_finding(now, |finding| {
        if can_be_hidden(&finding) {
            uses.add(&finding);
        }
        if is_standing(&finding) {
            standing.add(&finding);
        }
    })?;
    for (used, standing) in uses.finish().iter().zip(standing.finish()) {
        let it = &used.suppression;
        let looked_at = scans.iter().any(|scan| {
            let judged = match &it.target {
                Target::Finding(_) => true,
                Target::Rule { uid, .. } => {
                    // A scan says which rules it left out by their ids of today.
                    let id = catalogue.find(uid).map_or(uid, |found| &found.rule.id);
                    !scan.scope.rules_left_out.contains(id)
                }
            };
            judged && it.tenant.as_ref().is_none_or(|tenant| *tenant == scan.tenant)
        });
        if let Some(said) = useless(used, standing.findings.len()).filter(|_| looked_at) {
            settings.environment.console.say(&said);
        }
    }
    Ok(())
}

/// What to say about a suppression that hides nothing; `stand` are the findings
/// it is meant for that stand now.
fn useless(used: &Use, stand: usize) -> Option<String> {
    let it = &used.suppression;
    let what = match &it.target {
        Target::Finding(print) => format!("finding {print}"),
        Target::Rule { uid, resource: None } => format!("rule {uid}"),
        Target::Rule { uid, resource: Some(glob) } => format!("rule {uid} on {glob}"),
    };
    let place = it.file.as_ref().map(|file| format!(" ({file})")).unwrap_or_default();
    let number = count(stand as u64, "finding");
    match (used.expired, used.findings.is_empty()) {
        (true, true) => Some(format!(
            "the suppression of {what}{place} expired on {}; it is not needed any more",
            it.until
        )),
        (true, false) if stand == 0 => None,
        (true, false) => Some(format!(
            "the suppression of {what}{place} expired on {}: {number} {} again",
            it.until,
            if stand == 1 { "counts" } else { "count" }
        )),
        (false, true) => Some(format!("the suppression of {what}{place} hides nothing")),
        (false, false) => None,
    }
}
