//! Rules: what is judged, and how. Pure.

mod catalogue;
mod compile;
mod examples;
mod expression;
mod judge;
mod load;
mod model;
mod place;
mod template;
mod verdict;
pub mod yaml;

pub use catalogue::Catalogue;
pub use compile::{CompiledRule, Variant, Vocabulary};
pub use examples::run_examples;
pub use expression::{ExpressionError, functions};
pub use judge::{hidden, judge};
pub use load::{RuleError, Source};
pub use model::{Category, Decidable, Evidence, FindingText, Fix, Rule, Severity, Status};
pub use template::{fill_command, placeholders};
pub use verdict::{Outcome, Subject, Verdict};

include!(concat!(env!("OUT_DIR"), "/rule_files.rs"));

/// The rules that are compiled in.
pub fn built_in() -> impl Iterator<Item = Source> {
    RULE_FILES.iter().map(|(path, text)| Source::new(path, text))
}

/// The frameworks that are compiled in, as (path, text).
pub fn built_in_frameworks() -> &'static [(&'static str, &'static str)] {
    FRAMEWORK_FILES
}

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod rule_tests {
    //! One test per rule file: its examples hold.

    use super::*;

    fn check(path: &str) {
        let kinds = crate::services::types();
        let questions = crate::services::questions();
        let vocabulary = Vocabulary { types: kinds, questions };
        let Some(source) = built_in().find(|source| source.path == path) else {
            panic!("{path} is not compiled in");
        };
        let catalogue = match Catalogue::load([source.clone()], vocabulary) {
            Ok(catalogue) => catalogue,
            Err(errors) => panic!("{}", lines(&errors)),
        };
        for rule in catalogue.rules() {
            if let Err(errors) = run_examples(&source, rule, vocabulary) {
                panic!("{}", lines(&errors));
            }
        }
    }

    fn lines(errors: &[RuleError]) -> String {
        errors.iter().map(|error| format!("{error}\n")).collect()
    }

    include!(concat!(env!("OUT_DIR"), "/rule_tests.rs"));
}
