//! The AWS services: one folder each with its documents and operations
//! (`mod.rs`), the questions that rules may ask (`questions.rs`), and the
//! collector (`collect.rs`, feature `aws`).

pub mod accessanalyzer;
pub mod account;
mod answer;
pub mod apigateway;
mod attached;
pub mod aws;
pub mod backup;
pub mod cloudfront;
pub mod cloudtrail;
pub mod cloudwatch;
#[cfg(feature = "aws")]
pub mod collect;
pub mod config;
pub mod dax;
pub mod dynamodb;
pub mod ec2;
pub mod ecr;
pub mod efs;
pub mod eks;
pub mod elb;
pub mod eventbridge;
pub mod exposure;
pub mod glacier;
pub mod guardduty;
pub mod iam;
pub mod inspector;
pub mod kms;
pub mod lambda;
pub mod macie;
mod memo;
pub mod organizations;
#[cfg(feature = "aws")]
mod pages;
mod question;
pub mod rds;
pub mod s3;
pub mod secrets;
pub mod secretsmanager;
pub mod securityhub;
pub mod sns;
pub mod sqs;
pub mod ssm;
#[cfg(test)]
mod testing;

pub use crate::inventory::Decided;
pub use answer::Witness;
pub use memo::Memo;
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
        apigateway::service(),
        aws::service(),
        backup::service(),
        cloudfront::service(),
        cloudtrail::service(),
        cloudwatch::service(),
        dax::service(),
        dynamodb::service(),
        ec2::service(),
        ecr::service(),
        efs::service(),
        eks::service(),
        elb::service(),
        eventbridge::service(),
        glacier::service(),
        guardduty::service(),
        iam::service(),
        kms::service(),
        lambda::service(),
        organizations::service(),
        rds::service(),
        s3::service(),
        secretsmanager::service(),
        sns::service(),
        sqs::service(),
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
