//! What rules may ask about functions. What a policy decides is asked of
//! [`crate::policy`].

use super::runtimes::{Deprecation, deprecation};
use super::{Function, FunctionUrlConfig};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{
    self, Answer, Effect, Kind, OutsideClass, Pattern, Policy, Setting, Statement, Style,
};
use crate::record;
use crate::services::ec2::network::Subnet;
use crate::services::{Asking, Decided, Question, Witness};
use jiff::Timestamp;
use std::collections::BTreeSet;

record! {
    /// Who gets through a function's policy.
    pub struct FunctionExposure {
        /// AWS calls the policy public, or a stranger gets through.
        "open" => open: Decided<bool>,
        /// A stranger gets through.
        "reachable" => reachable: Decided<bool>,
        /// Amazon S3 may call it for buckets of any account.
        "any_bucket" => any_bucket: Decided<bool>,
        /// A request of a stranger that gets through.
        "witness" => witness: Option<Witness>,
        /// What decided, what limits, or what was not known.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// Whether a function's URLs ask who calls.
    pub struct FunctionUrls {
        /// One of them does not, and the policy lets strangers in.
        "open" => open: Decided<bool>,
        /// One of them does not; the policy aside.
        "unauthenticated" => unauthenticated: Decided<bool>,
        /// Those that do not.
        "urls" => urls: Vec<String>,
        /// A request of a stranger that gets through.
        "witness" => witness: Option<Witness>,
        /// What decided, what limits, or what was not known.
        "reasons" => reasons: Vec<String>,
    }
}

/// The questions about functions.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "lambda.exposure",
        doc: "Whether the function's policy is public in AWS's sense, or lets strangers through, \
              and whether it lets Amazon S3 call for buckets of any account.",
        subjects: &["lambda.function"],
        reads: &[("lambda.function", &["Policy"])],
        looks_up: &[],
        returns: FunctionExposure::shape,
        answer: exposure,
    },
    Question {
        name: "lambda.urls",
        doc: "Whether a URL of the function or of an alias does not ask who calls, and whether the \
              policy behind it lets strangers in.",
        subjects: &["lambda.function"],
        reads: &[("lambda.function", &["FunctionUrlConfigs", "Policy"])],
        looks_up: &[],
        returns: FunctionUrls::shape,
        answer: urls,
    },
    Question {
        name: "lambda.runtime_ends",
        doc: "When the function's runtime is deprecated, by AWS's tables; a day far off if no day \
              is set. Unknown for a runtime that is not in them.",
        subjects: &["lambda.function"],
        reads: &[("lambda.function", &["Runtime"])],
        looks_up: &[],
        returns: Timestamp::shape,
        answer: |subject, _| runtime_ends(subject),
    },
    Question {
        name: "lambda.zones",
        doc: "The Availability Zones of the function's subnets.",
        subjects: &["lambda.function"],
        reads: &[("lambda.function", &["VpcConfig"])],
        looks_up: &[("ec2.subnet", &["AvailabilityZone"])],
        returns: Vec::<String>::shape,
        answer: zones,
    },
];

fn setting(subject: &Resource, asking: &dyn Asking) -> Setting {
    Setting {
        account: Some(asking.account().to_owned()),
        resource: Some(subject.arn.to_string()),
        now: Some(asking.now().as_second()),
    }
}

fn decided(answer: Answer) -> Decided<bool> {
    match answer {
        Answer::Yes => Decided::Known(true),
        Answer::No => Decided::Known(false),
        Answer::Unknown => Decided::Unknown(Gaps::NONE),
    }
}

/// A policy that was read; none if there is none; else what hides it.
fn parsed(text: &Fact<String>) -> Result<Option<Policy>, (Gaps, Vec<String>)> {
    match text {
        Fact::Absent => Ok(None),
        Fact::Unknown(gaps) => Err((gaps.clone(), Vec::new())),
        Fact::Known(text) => {
            let kind = Kind::Resource(policy::Service::from_prefix("lambda"));
            let error = |error| (Gaps::NONE, vec![format!("the policy cannot be read: {error}")]);
            Policy::parse(text, kind).map(Some).map_err(error)
        }
    }
}

fn exposure(subject: &Resource, asking: &dyn Asking) -> Value {
    let function = Function::from_value(&subject.document);
    let Some(text) = function.map(|function| function.policy) else {
        return Value::Unknown(Gaps::NONE);
    };
    let answer = match parsed(&text) {
        Ok(None) => FunctionExposure {
            open: Decided::Known(false),
            reachable: Decided::Known(false),
            any_bucket: Decided::Known(false),
            witness: None,
            reasons: vec!["there is no policy".to_owned()],
        },
        Ok(Some(policy)) => {
            let exposure = policy::exposure(&policy, &setting(subject, asking));
            let services = exposure.outside.iter().filter(|o| o.class == OutsideClass::Service);
            let any_bucket = services.filter(|o| o.principal == S3).any(|o| {
                policy.statements.iter().any(|s| s.number == o.statement && !names_account(s))
            });
            FunctionExposure {
                open: decided(exposure.public.or(exposure.reachable)),
                reachable: decided(exposure.reachable),
                any_bucket: Decided::Known(any_bucket),
                witness: exposure.witness.as_ref().map(Witness::from),
                reasons: exposure.reasons,
            }
        }
        Err((gaps, reasons)) => FunctionExposure {
            open: Decided::Unknown(gaps.clone()),
            reachable: Decided::Unknown(gaps.clone()),
            any_bucket: Decided::Unknown(gaps),
            witness: None,
            reasons,
        },
    };
    answer.into_value()
}

/// Amazon S3 as a principal.
const S3: &str = "s3.amazonaws.com";

/// Whether a condition names the account or the organization of the bucket. Its
/// ARN does not: whoever makes a bucket of that name later has it
/// (<https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html#lambda-1>).
fn names_account(statement: &Statement) -> bool {
    let keys = ["aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];
    statement.conditions.iter().any(|condition| {
        keys.contains(&condition.key.to_ascii_lowercase().as_str())
            && condition.asks_for_a_value()
            && condition.values.iter().all(|value| !value.text().starts_with('*'))
    })
}

/// What calls by URL need.
const INVOKE_URL: &str = "lambda:InvokeFunctionUrl";

fn urls(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(function) = Function::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let urls = match function.urls {
        Fact::Known(urls) => urls,
        Fact::Unknown(gaps) => return Value::Unknown(gaps),
        Fact::Absent => return Value::Unknown(Gaps::NONE),
    };
    let open_urls: Vec<&FunctionUrlConfig> =
        urls.iter().filter(|url| url.auth_type != "AWS_IAM").collect();
    let mut states = Vec::new();
    let mut witness = None;
    let mut reasons = Vec::new();
    for url in &open_urls {
        // A URL of an alias is guarded by the alias's policy.
        let of_function = *url.function_arn == *subject.arn;
        let text = if of_function { &function.policy } else { &url.policy };
        match parsed(text) {
            Ok(None) => {
                reasons.push(format!("{}: there is no policy", url.url));
                states.push(Decided::Known(false));
            }
            Ok(Some(mut policy)) => {
                policy.statements.retain(|s| s.effect == Effect::Deny || is_about_urls(s));
                let setting = Setting {
                    resource: Some(url.function_arn.clone()),
                    ..setting(subject, asking)
                };
                let exposure = policy::exposure(&policy, &setting);
                reasons.extend(exposure.reasons);
                states.push(decided(exposure.reachable));
                witness = witness.or(exposure.witness);
            }
            Err((gaps, why)) => {
                reasons.extend(why);
                states.push(Decided::Unknown(gaps));
            }
        }
    }
    FunctionUrls {
        open: Decided::any(&states, &Gaps::NONE),
        unauthenticated: Decided::Known(!open_urls.is_empty()),
        urls: open_urls.iter().map(|url| url.url.clone()).collect(),
        witness: witness.as_ref().map(Witness::from),
        reasons,
    }
    .into_value()
}

/// Whether a statement is about calls by URL.
fn is_about_urls(statement: &Statement) -> bool {
    let patterns = statement.actions.patterns.iter();
    let matches = patterns
        .map(|pattern| Pattern::from_text(pattern.text(), Style::Action))
        .any(|pattern| pattern.matches(INVOKE_URL));
    matches != statement.actions.negated
}

/// Stands for a day that is not set.
const FAR_OFF: &str = "9999-01-01T00:00:00Z";

fn runtime_ends(subject: &Resource) -> Value {
    let function = Function::from_value(&subject.document);
    match function.map(|function| function.runtime) {
        Some(Fact::Known(runtime)) => match deprecation(&runtime) {
            Some(Deprecation::On(day)) => Value::Time(day),
            Some(Deprecation::NotScheduled) => {
                FAR_OFF.parse().map_or(Value::Unknown(Gaps::NONE), Value::Time)
            }
            None => Value::Unknown(Gaps::NONE),
        },
        Some(Fact::Unknown(gaps)) => Value::Unknown(gaps),
        Some(Fact::Absent) | None => Value::Unknown(Gaps::NONE),
    }
}

fn zones(subject: &Resource, asking: &dyn Asking) -> Value {
    let function = Function::from_value(&subject.document);
    let subnets = match function.map(|function| function.vpc_config) {
        Some(Fact::Known(config)) => config.subnet_ids,
        Some(Fact::Absent) => Vec::new(),
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        None => return Value::Unknown(Gaps::NONE),
    };
    let mut zones = BTreeSet::new();
    for id in subnets {
        let (found, missing) = asking.find("ec2.subnet", &id);
        match found.and_then(|found| Subnet::from_value(&found.document)).map(|s| s.zone) {
            Some(Fact::Known(zone)) => {
                zones.insert(zone);
            }
            Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
            Some(Fact::Absent) => return Value::Unknown(Gaps::NONE),
            None => return Value::Unknown(missing),
        }
    }
    zones.into_iter().collect::<Vec<_>>().into_value()
}
