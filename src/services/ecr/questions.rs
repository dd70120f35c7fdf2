//! What rules may ask about repositories.

use super::Repository;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{Pattern, Style};
use crate::services::exposure::{PolicyExposure, exposure};
use crate::services::{Decided, Question};

/// The questions about repositories.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "ecr.scanned",
        doc: "Whether images of the repository are scanned when they are pushed or continuously, \
              by the registry's rules or the repository's own setting.",
        subjects: &["ecr.repository"],
        reads: &[("ecr.repository", &["imageScanningConfiguration", "scanningConfiguration"])],
        looks_up: &[],
        returns: bool::shape,
        answer: |subject, _| scanned(subject),
    },
    Question {
        name: "ecr.exposure",
        doc: "Whether the repository's policy lets in anybody whom it does not name.",
        subjects: &["ecr.repository"],
        reads: &[("ecr.repository", &["policyText"])],
        looks_up: &[],
        returns: PolicyExposure::shape,
        answer: |subject, asking| {
            let repository = Repository::from_value(&subject.document);
            let policy = repository.map(|repository| repository.policy);
            exposure(policy.as_ref(), "ecr", subject, asking)
        },
    },
];

fn scanned(subject: &Resource) -> Value {
    let Some(repository) = Repository::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let by_itself = repository.image_scanning.map(|own| own.scan_on_push).decided_or(false);
    let (enhanced, by_rules) = match repository.registry_scanning {
        Fact::Known(registry) => {
            let mut rules = registry.rules.iter().filter(|rule| rule.frequency != "MANUAL");
            let scans = rules
                .any(|rule| rule.filters.iter().any(|filter| selects(&filter.filter, &subject.id)));
            (registry.kind == "ENHANCED", Decided::Known(scans))
        }
        Fact::Absent => (false, Decided::Known(false)),
        Fact::Unknown(gaps) => (false, Decided::Unknown(gaps)),
    };
    // Under enhanced scanning the repository's own setting counts for nothing
    // (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html).
    match (enhanced, by_itself, by_rules) {
        (true, _, by_rules) => by_rules.into_value(),
        // The registry may scan in the enhanced way.
        (false, Decided::Known(true), Decided::Unknown(gaps)) => Value::Unknown(gaps),
        (false, by_itself, by_rules) => {
            Decided::any([&by_itself, &by_rules], &Gaps::NONE).into_value()
        }
    }
}

/// Whether a scanning filter selects a repository: with a wildcard it has to match
/// the whole name, without one it only has to be in the name
/// (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html>).
fn selects(filter: &str, name: &str) -> bool {
    if filter.contains('*') {
        Pattern::from_text(filter, Style::Like).matches(name)
    } else {
        name.contains(filter)
    }
}
