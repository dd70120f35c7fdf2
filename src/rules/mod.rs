//! Rules: what is judged, and how. Pure.

mod catalogue;
mod check;
mod compile;
mod examples;
mod expression;
mod judge;
mod load;
mod model;
mod parameter;
mod place;
mod skeleton;
mod template;
mod verdict;
pub mod yaml;

pub use crate::tenant::ParameterValue;
pub use catalogue::Catalogue;
pub use check::{Checked, ControlFault, Controls, Surroundings, check, check_all, test_all};
pub use compile::{CompiledRule, Variant, Vocabulary};
pub use examples::{ExampleName, example_names, run_examples};
pub use expression::{ExpressionError, functions};
pub use judge::{hidden, judge};
pub use load::{RuleError, Source};
pub use model::{Category, Decidable, Evidence, FindingText, Fix, Rule, Severity, Status};
pub use parameter::{DoesNotFit, NotSet, Parameter, ParameterType};
pub use skeleton::{NewRule, skeleton};
pub use template::{fill_command, placeholders};
pub use verdict::{Outcome, Subject, Verdict};

include!(concat!(env!("OUT_DIR"), "/rule_files.rs"));

/// The rules that are compiled in.
pub fn built_in() -> impl Iterator<Item = Source> {
    RULE_FILES.iter().map(|(path, text)| Source::built_in(path, text))
}

/// The frameworks that are compiled in, as (path, text).
pub fn built_in_frameworks() -> &'static [(&'static str, &'static str)] {
    FRAMEWORK_FILES
}

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod rule_tests {
    //! One test per rule file: all that `cspm rules check` asks holds.

    use super::*;
    use crate::compliance::Frameworks;
    use std::sync::LazyLock;

    static FRAMEWORKS: LazyLock<Frameworks> = LazyLock::new(|| {
        Frameworks::load(built_in_frameworks()).unwrap_or_else(|error| panic!("{error}"))
    });

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
            let controls = |named: &Controls| crate::compliance::control_faults(&FRAMEWORKS, named);
            let exists =
                |id: &str| built_in().any(|source| source.path.ends_with(&format!("/{id}.yaml")));
            let around = Surroundings { vocabulary, controls: &controls, exists: &exists };
            let errors = super::check(&source, rule, around);
            assert!(errors.is_empty(), "{}", lines(&errors));
            assert!(rule.rule.since.is_some(), "{path} does not say since when it is there");
        }
    }

    fn lines(errors: &[RuleError]) -> String {
        errors.iter().map(|error| format!("{error}\n")).collect()
    }

    include!(concat!(env!("OUT_DIR"), "/rule_tests.rs"));
}
