//! Tests of the policy language: AWS's documented examples by topic, and properties.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bounds;
mod docs;
mod docs_services;
mod evaluation;
mod grammar;
mod identity;
mod keys;
mod linters;
mod peers;
mod properties;
mod public;
mod s3;
mod services;
mod trust;

use super::*;

/// A resource policy of one statement for a bucket, with these further elements.
pub(super) fn bucket_statement(elements: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*",{elements}}}]}}"#
    )
}

/// The answers for a bucket policy, in account 111122223333.
pub(super) fn bucket(text: &str) -> Exposure {
    let policy = Policy::parse(text, Kind::Resource(Service::S3)).unwrap();
    let setting = Setting { account: Some("111122223333".to_owned()), ..Setting::default() };
    checked(&policy, &setting)
}

/// The answers for a policy, with the witness tried by the reference evaluator.
pub(super) fn checked(policy: &Policy, setting: &Setting) -> Exposure {
    let answer = exposure(policy, setting);
    assert_eq!(answer.witness.is_some(), answer.reachable == Answer::Yes);
    if let Some(witness) = &answer.witness {
        let outcome = simulate(policy, &witness.request);
        assert_eq!(outcome.decision, Decision::Allowed, "{witness:?}");
    }
    assert!(!answer.reasons.is_empty());
    answer
}
