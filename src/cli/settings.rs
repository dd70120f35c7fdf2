//! What commands share: the tenants file, the rules, the history file.

use super::console::Environment;
use super::error::CliError;
use super::rule_files;
use crate::compliance::Frameworks;
use crate::output::redact::without_example_accounts;
use crate::rules::{
    Catalogue, CompiledRule, ExampleName, NotSet, ParameterValue, Rule, Severity, Source,
    Vocabulary, built_in, built_in_frameworks, example_names,
};
use crate::services;
use crate::tenant::{self, Candidates, NoConfigFile, Tenants};
use clap::Args;
use globset::{GlobBuilder, GlobMatcher};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

/// What every command gets.
pub(super) struct Settings {
    pub(super) environment: Environment,
    pub(super) config: Option<PathBuf>,
    pub(super) db: Option<PathBuf>,
    pub(super) rules_dir: Option<PathBuf>,
    pub(super) redact: bool,
    /// Whether somebody reads standard input already.
    pub(super) input_taken: bool,
}

/// Which rules to take.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct RuleFilter {
    /// Only rules whose id or alias matches; may be repeated
    #[arg(long = "rule", value_name = "GLOB", help_heading = "Which rules")]
    pub(super) rules: Vec<String>,
    /// Only rules of this service; may be repeated
    #[arg(long = "service", value_name = "SERVICE", help_heading = "Which rules")]
    pub(super) services: Vec<String>,
    /// Only rules that look at a control of this framework
    #[arg(long, value_name = "ID", help_heading = "Which rules")]
    pub(super) framework: Option<String>,
    /// Only rules of this severity or worse
    #[arg(long, value_name = "SEVERITY", value_parser = severity, help_heading = "Which rules")]
    pub(super) severity: Option<Severity>,
}

/// What the tenants file says of every scan. What it changed of the rules is
/// by rule id.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides {
    /// Severities.
    pub(super) severities: BTreeMap<String, Severity>,
    /// Parameters, by name.
    pub(super) parameters: BTreeMap<String, BTreeMap<String, ParameterValue>>,
    /// The known accounts of `[defaults]`, for what is no tenant of the file.
    pub(super) known_accounts: Vec<String>,
}

/// A severity on the command line, in either case.
pub(super) fn severity(word: &str) -> Result<Severity, String> {
    Severity::parse(&word.to_ascii_lowercase())
        .ok_or_else(|| "one of critical, high, medium, low, info".to_owned())
}

impl RuleFilter {
    /// The rules that it chooses. A filter that chooses nothing is an error:
    /// a scan without rules would look clean.
    pub(super) fn apply(&self, catalogue: Catalogue) -> Result<Catalogue, CliError> {
        let globs = globs(&self.rules, &catalogue)?;
        services_exist(&self.services, &catalogue)?;
        // Read only if asked for: it takes as long as the rules do.
        let all = self.framework.as_ref().map(|_| frameworks()).transpose()?;
        let framework = match (&all, self.framework.as_deref()) {
            (Some(all), Some(id)) => Some(all.get(id)?),
            _ => None,
        };
        let serves = |rule: &Rule| {
            framework.is_none_or(|framework| {
                let mut controls = framework.controls.iter();
                controls.any(|control| framework.looks_at(control, &rule.id, &rule.controls))
            })
        };
        if let Some(framework) = framework
            && !catalogue.rules().iter().any(|compiled| serves(&compiled.rule))
        {
            let what = format!("no rule looks at a control of {}", framework.id);
            return Err(CliError::usage(what)
                .hint("`cspm frameworks list` says how many controls have a check"));
        }
        let chosen = catalogue.filtered(|compiled| {
            (globs.is_empty() || globs.iter().any(|matcher| matches(compiled, matcher)))
                && serves(&compiled.rule)
                && (self.services.is_empty() || self.services.contains(&compiled.rule.service))
                && self.severity.is_none_or(|least| compiled.rule.severity >= least)
        });
        if chosen.rules().is_empty() {
            return Err(CliError::usage("no rule is left by these filters")
                .hint("`cspm rules list` takes the same filters"));
        }
        Ok(chosen)
    }
}

/// Patterns of rules, each of which matches one.
pub(super) fn globs(
    patterns: &[String],
    catalogue: &Catalogue,
) -> Result<Vec<GlobMatcher>, CliError> {
    let mut globs = Vec::new();
    for pattern in patterns {
        let matcher = matcher(pattern)?;
        if !catalogue.rules().iter().any(|compiled| matches(compiled, &matcher)) {
            let near = catalogue.near(pattern);
            let error = CliError::usage(format!("no rule matches `{pattern}`"));
            return Err(if near.is_empty() {
                error.hint("`cspm rules list` shows the rules")
            } else {
                error.hint(format!("did you mean {}?", near.join(", ")))
            });
        }
        globs.push(matcher);
    }
    Ok(globs)
}

/// An error for a service without rules.
pub(super) fn services_exist(services: &[String], catalogue: &Catalogue) -> Result<(), CliError> {
    let known: BTreeSet<&str> =
        catalogue.rules().iter().map(|compiled| compiled.rule.service.as_str()).collect();
    match services.iter().find(|service| !known.contains(service.as_str())) {
        None => Ok(()),
        Some(service) => {
            let known: Vec<&str> = known.into_iter().collect();
            Err(CliError::usage(format!("there is no rule of service `{service}`"))
                .hint(format!("there are {}", known.join(", "))))
        }
    }
}

/// What rules may refer to.
pub(super) fn vocabulary() -> Vocabulary<'static> {
    Vocabulary { types: services::types(), questions: services::questions() }
}

/// The frameworks that are compiled in, read once.
pub(super) fn frameworks() -> Result<&'static Frameworks, CliError> {
    static BUILT_IN: OnceLock<Frameworks> = OnceLock::new();
    if let Some(frameworks) = BUILT_IN.get() {
        return Ok(frameworks);
    }
    let read = Frameworks::load(built_in_frameworks());
    let frameworks = read.map_err(|error| CliError::failed(error.to_string()))?;
    Ok(BUILT_IN.get_or_init(|| frameworks))
}

fn matcher(glob: &str) -> Result<GlobMatcher, CliError> {
    GlobBuilder::new(glob)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| CliError::usage(format!("`{glob}` is not a pattern: {error}")))
}

/// Whether a rule has a name that matches.
pub(super) fn matches(compiled: &CompiledRule, matcher: &GlobMatcher) -> bool {
    let rule = &compiled.rule;
    matcher.is_match(&rule.id)
        || matcher.is_match(&rule.uid)
        || rule.aliases.iter().any(|alias| matcher.is_match(alias))
}

impl Settings {
    /// The rules that are compiled in, and those of `--rules-dir`.
    pub(super) fn catalogue(&self) -> Result<Catalogue, CliError> {
        let all = self.whole_catalogue()?;
        Ok(if self.redact { without_example_accounts(all) } else { all })
    }

    fn whole_catalogue(&self) -> Result<Catalogue, CliError> {
        // Read once: some commands ask for the rules more than once.
        static BUILT_IN: OnceLock<Catalogue> = OnceLock::new();
        let load = |sources: Vec<Source>| {
            Catalogue::load(sources, vocabulary()).map_err(|errors| CliError::rules(&errors))
        };
        if self.rules_dir.is_some() {
            return load(self.sources()?);
        }
        if let Some(catalogue) = BUILT_IN.get() {
            return Ok(catalogue.clone());
        }
        let catalogue = load(self.sources()?)?;
        Ok(BUILT_IN.get_or_init(|| catalogue).clone())
    }

    /// The files of those rules.
    pub(super) fn sources(&self) -> Result<Vec<Source>, CliError> {
        let mut sources: Vec<Source> = built_in().collect();
        if let Some(folder) = &self.rules_dir {
            sources.extend(rule_files::read(folder)?);
        }
        Ok(sources)
    }

    /// The names of a rule's examples.
    pub(super) fn examples(&self, rule: &CompiledRule) -> Result<Vec<ExampleName>, CliError> {
        let sources = self.sources()?;
        let source = sources.iter().find(|source| source.path == rule.path);
        Ok(source.map(example_names).unwrap_or_default())
    }

    /// A rule by id or alias; near misses are suggested.
    pub(super) fn rule<'c>(
        &self,
        catalogue: &'c Catalogue,
        name: &str,
    ) -> Result<&'c CompiledRule, CliError> {
        catalogue.find(name).ok_or_else(|| {
            let near = catalogue.near(name);
            let error = CliError::usage(format!("there is no rule `{name}`"));
            if near.is_empty() {
                error.hint("`cspm rules list` shows the rules")
            } else {
                error.hint(format!("did you mean {}?", near.join(", ")))
            }
        })
    }

    /// Where the tenants file is looked for.
    pub(super) fn candidates(&self) -> Candidates {
        Candidates {
            flag: self.config.clone(),
            environment: (self.environment.var)("CSPM_CONFIG"),
            user: tenant::user_config_file(self.environment.var),
        }
    }

    /// The tenants file: its path and what is in it.
    pub(super) fn tenants(&self) -> Result<(PathBuf, Tenants), CliError> {
        let file = self
            .candidates()
            .find(|path| path.exists())
            .map_err(|error| CliError::usage(error.to_string()))?;
        let text = fs::read_to_string(&file.path)
            .map_err(|error| CliError::file("read", &file.path, &error))?;
        let tenants = tenant::parse(&text)
            .map_err(|problems| CliError::usage(problems.in_file(&file.path)))?;
        Ok((file.path, tenants))
    }

    /// The tenants file, if there is one.
    pub(super) fn tenants_if_any(&self) -> Result<Option<(PathBuf, Tenants)>, CliError> {
        match self.candidates().find(|path| path.exists()) {
            Err(NoConfigFile::Nowhere(_)) => Ok(None),
            _ => self.tenants().map(Some),
        }
    }

    /// Applies the severities and parameters of the tenants file, if there is
    /// one; says which it changed.
    pub(super) fn apply_overrides(&self, catalogue: &mut Catalogue) -> Result<Overrides, CliError> {
        let mut changed = Overrides::default();
        let Some((path, tenants)) = self.tenants_if_any()? else { return Ok(changed) };
        changed.known_accounts =
            tenants.defaults.known_accounts.iter().map(ToString::to_string).collect();
        let mut problems = Vec::new();
        for wanted in &tenants.severities {
            match catalogue.set_severity(&wanted.rule, wanted.severity) {
                Some(id) => {
                    changed.severities.insert(id, wanted.severity);
                }
                None => {
                    let near = catalogue.near(&wanted.rule);
                    problems.push(wanted.unknown_rule(near.first().copied()));
                }
            }
        }
        for wanted in &tenants.parameters {
            let (rule, name) = (&wanted.rule, &wanted.parameter);
            match catalogue.set_parameter(rule, name, wanted.value.clone()) {
                Ok(id) => {
                    let of_rule = changed.parameters.entry(id).or_default();
                    of_rule.insert(name.clone(), wanted.value.clone());
                }
                Err(NotSet::NoRule) => {
                    let near = catalogue.near(rule);
                    problems.push(wanted.unknown_rule(near.first().copied()));
                }
                Err(NotSet::NoParameter(known)) => {
                    let known: Vec<&str> = known.iter().map(String::as_str).collect();
                    problems.push(wanted.unknown_parameter(&known));
                }
                Err(NotSet::DoesNotFit(fault)) => {
                    problems.push(wanted.does_not_fit(&fault.why, &fault.instead));
                }
            }
        }
        if problems.is_empty() {
            return Ok(changed);
        }
        problems.sort_by_key(|problem| problem.at);
        problems.dedup();
        let lines: Vec<String> =
            problems.iter().map(|problem| format!("{}:{problem}", path.display())).collect();
        Err(CliError::usage(lines.join("\n")))
    }
}
