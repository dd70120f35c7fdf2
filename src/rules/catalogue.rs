//! The catalogue: all rules, compiled.

use super::compile::{CompiledRule, Vocabulary, compile};
use super::load::{RuleError, Source, load};
use super::model::{Fix, Severity};
use super::parameter::{NotSet, set};
use crate::tenant::ParameterValue;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::num::NonZero;
use std::sync::Arc;

/// All rules, ordered by id. Clones share the rules that neither changes.
#[derive(Clone, Debug)]
pub struct Catalogue {
    rules: Vec<Arc<CompiledRule>>,
}

impl Catalogue {
    /// Reads and compiles rule files.
    ///
    /// # Errors
    /// Everything that is wrong with any of them, in the order of the files.
    pub fn load(
        sources: impl IntoIterator<Item = Source>,
        vocabulary: Vocabulary<'_>,
    ) -> Result<Self, Vec<RuleError>> {
        let (catalogue, errors) = Self::load_right(sources, vocabulary);
        if errors.is_empty() { Ok(catalogue) } else { Err(errors) }
    }

    /// Reads and compiles rule files: the rules that are right, and everything
    /// that is wrong with the others.
    pub fn load_right(
        sources: impl IntoIterator<Item = Source>,
        vocabulary: Vocabulary<'_>,
    ) -> (Self, Vec<RuleError>) {
        let mut errors = Vec::new();
        let mut by_id: BTreeMap<String, CompiledRule> = BTreeMap::new();
        for (path, compiled) in compile_all(sources.into_iter().collect(), vocabulary) {
            match compiled {
                Ok(rule) => {
                    let id = rule.rule.id.clone();
                    match by_id.entry(id) {
                        Entry::Vacant(free) => {
                            free.insert(rule);
                        }
                        Entry::Occupied(other) => errors.push(RuleError {
                            path,
                            line: 1,
                            column: 1,
                            message: format!("there is another rule `{}`", other.key()),
                            hint: format!("it is in {}", other.get().path),
                        }),
                    }
                }
                Err(error) => errors.push(error),
            }
        }
        errors.extend(clashes(&by_id));
        (Self { rules: by_id.into_values().map(Arc::new).collect() }, errors)
    }

    /// The rules, ordered by id.
    pub fn rules(&self) -> &[Arc<CompiledRule>] {
        &self.rules
    }

    /// A rule by id, uid or alias.
    pub fn find(&self, name: &str) -> Option<&CompiledRule> {
        let by_id = self.rules.iter().find(|compiled| compiled.rule.id == name);
        let found = by_id.or_else(|| {
            self.rules.iter().find(|compiled| {
                compiled.rule.uid == name || compiled.rule.aliases.iter().any(|a| a == name)
            })
        });
        found.map(Arc::as_ref)
    }

    /// Gives a rule another severity; its wordings never stay above it. The
    /// rule's id, or `None` if there is no such rule.
    pub fn set_severity(&mut self, name: &str, severity: Severity) -> Option<String> {
        let id = self.find(name)?.rule.id.clone();
        let compiled = self.rules.iter_mut().find(|compiled| compiled.rule.id == id)?;
        let compiled = Arc::make_mut(compiled);
        compiled.rule.severity = severity;
        let wordings = compiled.variants.iter_mut().flat_map(|variant| &mut variant.wordings);
        for wording in wordings {
            wording.severity = wording.severity.map(|own| own.min(severity));
        }
        Some(id)
    }

    /// The same rules with other words in their fixes.
    #[must_use]
    pub fn with_fixes(mut self, change: impl Fn(&mut Fix)) -> Self {
        for compiled in &mut self.rules {
            change(&mut Arc::make_mut(compiled).rule.fix);
        }
        self
    }

    /// Sets a parameter of a rule: the rule's id.
    ///
    /// # Errors
    /// There is no such rule or parameter, or the value does not fit.
    pub fn set_parameter(
        &mut self,
        name: &str,
        parameter: &str,
        value: ParameterValue,
    ) -> Result<String, NotSet> {
        let id = self.find(name).ok_or(NotSet::NoRule)?.rule.id.clone();
        let compiled = self.rules.iter_mut().find(|compiled| compiled.rule.id == id);
        let compiled = compiled.ok_or(NotSet::NoRule)?;
        let parameters = set(&compiled.rule.parameters, parameter, value)?;
        Arc::make_mut(compiled).set_parameters(parameters);
        Ok(id)
    }

    /// Ids and aliases that look like `name`, nearest first.
    pub fn near(&self, name: &str) -> Vec<&str> {
        let wanted = name.to_lowercase();
        let names = self.rules.iter().flat_map(|compiled| {
            let aliases = compiled.rule.aliases.iter().map(String::as_str);
            aliases.chain([compiled.rule.id.as_str()])
        });
        let mut near: Vec<(usize, &str)> = names
            .map(|name| (name.to_lowercase(), name))
            .map(|(plain, name)| (strsim::damerau_levenshtein(&plain, &wanted), plain, name))
            .filter(|(distance, plain, _)| *distance <= wanted.len() / 3 || plain.contains(&wanted))
            .map(|(distance, _, name)| (distance, name))
            .collect();
        near.sort_unstable();
        near.into_iter().map(|(_, id)| id).take(3).collect()
    }

    /// SHA-256 over the digests of the rules, in hex: what judged.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for compiled in &self.rules {
            hash.update(compiled.rule.id.as_bytes());
            hash.update([0]);
            hash.update(compiled.rule.digest.as_bytes());
            hash.update([0]);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The same catalogue with only the rules that `keep` chooses.
    #[must_use]
    pub fn filtered(mut self, keep: impl Fn(&CompiledRule) -> bool) -> Self {
        self.rules.retain(|compiled| keep(compiled));
        self
    }
}

/// A rule file's path, and what came of it.
type Compiled = (String, Result<CompiledRule, RuleError>);

/// Compiles every source, side by side on all cores, in their order: hundreds
/// of rules are compiled before each command that needs them.
fn compile_all(sources: Vec<Source>, vocabulary: Vocabulary<'_>) -> Vec<Compiled> {
    let one = |source: &Source| {
        let compiled = load(source.clone()).and_then(|loaded| compile(loaded, vocabulary));
        (source.path.clone(), compiled)
    };
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let share = sources.len().div_ceil(cores).max(LEAST_SHARE);
    let (mine, others) = sources.split_at(share.min(sources.len()));
    std::thread::scope(|scope| {
        let others: Vec<_> = others
            .chunks(share)
            .map(|share| (share, scope.spawn(|| share.iter().map(one).collect::<Vec<_>>())))
            .collect();
        let mut all: Vec<Compiled> = mine.iter().map(one).collect();
        for (share, thread) in others {
            // A thread that broke off is not missed: its share is done here.
            let compiled = thread.join().unwrap_or_else(|_| share.iter().map(one).collect());
            all.extend(compiled);
        }
        all
    })
}

/// More threads than this take longer to start than they save.
const MOST_THREADS: usize = 8;
/// So few rules are not worth a thread.
const LEAST_SHARE: usize = 16;

/// Names that mean two rules.
fn clashes(by_id: &BTreeMap<String, CompiledRule>) -> Vec<RuleError> {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let mut errors = Vec::new();
    for (id, compiled) in by_id {
        let rule = &compiled.rule;
        let mut names: Vec<&str> = rule.aliases.iter().map(String::as_str).collect();
        names.push(&rule.uid);
        names.push(id);
        names.sort_unstable();
        names.dedup();
        for name in names {
            if let Some(other) = owners.insert(name, id) {
                errors.push(RuleError {
                    path: compiled.path.clone(),
                    line: 1,
                    column: 1,
                    message: format!("`{name}` is also a name of `{other}`"),
                    hint: String::new(),
                });
            }
        }
    }
    errors
}
