//! The AWS services: one folder each with its documents and operations
//! (`mod.rs`), the questions that rules may ask (`questions.rs`), and the
//! collector (`collect.rs`, feature `aws`).

pub mod accessanalyzer;
pub mod account;
mod answer;
pub mod aws;
pub mod cloudtrail;
#[cfg(feature = "aws")]
pub mod collect;
pub mod config;
pub mod ec2;
pub mod guardduty;
pub mod iam;
pub mod organizations;
mod question;
pub mod s3;
pub mod secrets;
pub mod ssm;
#[cfg(test)]
mod testing;

pub use crate::inventory::Decided;
pub use answer::Witness;
pub use question::{Asking, Question};

use crate::inventory::ResourceType;
use std::sync::LazyLock;

/// One service as the rest of the program sees it.
pub struct Service {
    /// Its folder, and the first part of its types' names.
    pub name: &'static str,
    /// Its types of resources.
    pub types: Vec<&'static ResourceType>,
    /// The questions that rules may ask about them.
    pub questions: &'static [Question],
}

/// Every service. To add one: a folder, and one line here.
pub static SERVICES: LazyLock<Vec<Service>> = LazyLock::new(|| {
    vec![
        aws::service(),
        cloudtrail::service(),
        ec2::service(),
        guardduty::service(),
        iam::service(),
        organizations::service(),
        s3::service(),
        ssm::service(),
    ]
});

/// Every type of resource, in the order of the register.
pub fn types() -> &'static [&'static ResourceType] {
    static TYPES: LazyLock<Vec<&'static ResourceType>> = LazyLock::new(|| {
        SERVICES.iter().flat_map(|service| service.types.iter().copied()).collect()
    });
    &TYPES
}

/// Every question, in the order of the register.
pub fn questions() -> &'static [&'static Question] {
    static QUESTIONS: LazyLock<Vec<&'static Question>> =
        LazyLock::new(|| SERVICES.iter().flat_map(|service| service.questions).collect());
    &QUESTIONS
}

/// A type by its name.
pub fn type_named(name: &str) -> Option<&'static ResourceType> {
    types().iter().find(|kind| kind.name == name).copied()
}
