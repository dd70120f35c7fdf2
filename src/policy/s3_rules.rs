//! Further questions about a bucket policy: plain HTTP, and sensitive actions of other
//! accounts.

use super::actions::{self, Target};
use super::ast::{CompiledMatcher, Condition, Effect, Policy, Principal, Statement};
use super::attached::Attached;
use super::exposure::Answer;
use super::outside::{self, Outside, OutsideClass};
use super::partition;
use super::pattern::{Pattern, Style};
use super::s3_parts::Finding;

/// The actions of Security Hub control S3.6.
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-6>
pub const SENSITIVE_ACTIONS: [&str; 5] = [
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutEncryptionConfiguration",
    "s3:PutObjectAcl",
];

/// Whether the policy denies plain HTTP to everyone, for every action, on the bucket and
/// its objects, as s3-bucket-ssl-requests-only asks.
/// <https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html>
#[must_use]
pub fn tls_only(policy: Option<&Policy>, bucket_arn: &str) -> Finding {
    let Some(policy) = policy else {
        return Finding::new(Answer::No, "there is no bucket policy");
    };
    let denies: Vec<&Statement> = policy.statements.iter().filter(|s| denies_http(s)).collect();
    let compiled: Vec<(CompiledMatcher, Option<CompiledMatcher>)> = denies
        .iter()
        .map(|s| {
            let resources = s.resources.as_ref();
            (
                s.actions.compile(Style::Action, &|_| None),
                resources.map(|it| it.compile(Style::Resource, &|_| None)),
            )
        })
        .collect();
    let patterns: Vec<Pattern> = compiled.iter().flat_map(|it| it.0.patterns.clone()).collect();
    let universe = Pattern::from_text("s3:?*", Style::Action);
    let Ok(further) = partition::representatives(&patterns, &universe) else {
        return Finding::new(Answer::Unknown, "the actions overlap in too many ways");
    };
    let resources: Vec<Pattern> =
        compiled.iter().flat_map(|it| &it.1).flat_map(|it| it.patterns.clone()).collect();
    let universe = Pattern::from_text(&format!("{bucket_arn}/?*"), Style::Like);
    let Ok(objects) = partition::representatives(&resources, &universe) else {
        return Finding::new(Answer::Unknown, "the resources overlap in too many ways");
    };
    let bucket = bucket_arn.to_owned();
    for name in actions::of_service("s3").iter().chain(&further) {
        let target = actions::target(name);
        let on_bucket = (target != Target::Object).then_some(&bucket);
        let on_objects = objects.iter().filter(|_| target != Target::Container);
        for resource in on_bucket.into_iter().chain(on_objects) {
            let denied = compiled.iter().any(|(actions, resources)| {
                actions.matches(name) && resources.as_ref().is_none_or(|it| it.matches(resource))
            });
            if !denied {
                return Finding::new(
                    Answer::No,
                    format!("no Deny covers {name} on {resource} over plain HTTP"),
                );
            }
        }
    }
    let numbers: Vec<String> = denies.iter().map(|s| s.number.to_string()).collect();
    Finding::new(Answer::Yes, format!("plain HTTP is denied by statement {}", numbers.join(", ")))
}

/// A Deny for everyone whose conditions hold for every request over plain HTTP.
fn denies_http(statement: &Statement) -> bool {
    let everyone = statement
        .principals
        .as_ref()
        .is_some_and(|p| !p.negated && p.list.contains(&Principal::Anyone));
    let holds = |c: &Condition| {
        c.key.eq_ignore_ascii_case("aws:SecureTransport")
            && c.holds(&["false".to_owned()], &|_| None)
    };
    statement.effect == Effect::Deny && everyone && statement.conditions.iter().all(holds)
}

/// Principals of accounts that are not in `known` (nor the bucket's own) which can do one
/// of [`SENSITIVE_ACTIONS`].
#[must_use]
pub fn sensitive_cross_account(policy: &Attached, known: &[String]) -> Vec<Outside> {
    let scene = policy.scene();
    let sensitive: Vec<String> = SENSITIVE_ACTIONS.iter().map(|a| (*a).to_owned()).collect();
    outside::list_of(&scene, Some(&sensitive))
        .into_iter()
        .filter(|o| !matches!(o.class, OutsideClass::Service))
        .filter(|o| {
            let account =
                super::ast::arn_parts(&o.principal).map_or(o.principal.as_str(), |arn| arn.account);
            !known.iter().any(|k| k == account)
        })
        .collect()
}
