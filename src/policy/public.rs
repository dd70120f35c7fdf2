//! "Public" as AWS defines it: a policy is public unless every Allow limits access to
//! fixed values of a principal or of certain condition keys. Denies play no part.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>

use ipnet::IpNet;

use super::ast::{Condition, Effect, Kind, Matcher, Policy, Principal, Statement, arn_parts};
use super::operators::{Set, StringTest, Test};
use super::pattern::Template;
use super::service::Service;
use super::values;

/// The keys whose fixed values make a policy non-public, as S3 lists them. EFS lists the
/// same but for access points; of keys, topics, queues and functions AWS Config says "fixed
/// values" and lists none.
const LIMITING_KEYS: &[&str] = &[
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalservicename",
    "aws:sourceip",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:userid",
];

/// The keys that DynamoDB trusts: addresses are not among them, sources and service
/// principals are.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html>
const TRUSTED_KEYS: &[&str] = &[
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:ec2instancesourcevpc",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
];

/// What AWS says of one service.
struct Definition {
    prefix: &'static str,
    /// The keys whose fixed values limit.
    limiting: &'static [&'static str],
    /// Keys of the service beside them, with the value they need (none: any fixed value).
    keys: &'static [(&'static str, Option<&'static str>)],
    /// Services that do not count as a fixed principal without a limit beside them.
    any_customers: &'static [&'static str],
}

/// A definition by the usual keys alone.
const fn usual(prefix: &'static str) -> Definition {
    by(prefix, &[])
}

/// A definition by the usual keys and those of the service.
const fn by(
    prefix: &'static str,
    keys: &'static [(&'static str, Option<&'static str>)],
) -> Definition {
    Definition { prefix, limiting: LIMITING_KEYS, keys, any_customers: &[] }
}

/// The services of whose policies AWS says when they are public, each with the page.
/// IAM Access Analyzer marks a finding of any of them as public or not
/// (`isPublic`): <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html>.
/// For others (vaults, event buses, APIs, search domains) AWS has no such word.
const DEFINITIONS: &[Definition] = &[
    // <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>
    by(
        "s3",
        &[
            ("s3:x-amz-server-side-encryption-aws-kms-key-id", None),
            ("s3:dataaccesspointarn", None),
            ("s3:dataaccesspointaccount", None),
        ],
    ),
    // Directory buckets, by Access Analyzer alone.
    usual("s3express"),
    // <https://docs.aws.amazon.com/config/latest/developerguide/sns-topic-no-public-access.html>
    usual("sns"),
    // <https://docs.aws.amazon.com/config/latest/developerguide/sqs-queue-no-public-access.html>
    usual("sqs"),
    // <https://docs.aws.amazon.com/config/latest/developerguide/kms-key-policy-no-public-access.html>;
    // the account by its own key: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account>
    by("kms", &[("kms:calleraccount", None)]),
    // <https://docs.aws.amazon.com/config/latest/developerguide/lambda-function-public-access-prohibited.html>,
    // also for calls from S3; URLs with authentication:
    // <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
    Definition {
        any_customers: &["s3.amazonaws.com"],
        ..by("lambda", &[("lambda:functionurlauthtype", Some("AWS_IAM"))])
    },
    // <https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html#what-is-a-public-policy>
    by("elasticfilesystem", &[("elasticfilesystem:accessedviamounttarget", Some("true"))]),
    // By Access Analyzer alone.
    usual("ecr"),
    // <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html>
    // (`BlockPublicPolicy`)
    usual("secretsmanager"),
    // Trust policies of roles, by Access Analyzer alone.
    usual("sts"),
    Definition {
        prefix: "dynamodb",
        limiting: TRUSTED_KEYS,
        keys: &[("aws:principalisawsservice", Some("true"))],
        any_customers: &[],
    },
];

/// The verdict on one Allow statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StatementVerdict {
    pub(super) number: usize,
    pub(super) public: bool,
    pub(super) reason: String,
}

/// The verdict on each Allow statement; `None` where AWS does not say what public means.
pub(super) fn verdicts(policy: &Policy) -> Option<Vec<StatementVerdict>> {
    let service = match &policy.kind {
        Kind::Resource(service) => service.clone(),
        Kind::Trust => Service::Other("sts".to_owned()),
        Kind::Identity => return None,
    };
    let definition = DEFINITIONS.iter().find(|d| d.prefix == service.prefix())?;
    let allows = policy.statements.iter().filter(|s| s.effect == Effect::Allow);
    Some(allows.map(|s| verdict(s, &service, definition)).collect())
}

fn verdict(statement: &Statement, service: &Service, definition: &Definition) -> StatementVerdict {
    let number = statement.number;
    let empty = |m: &Matcher| m.patterns.is_empty() && !m.negated;
    if empty(&statement.actions) || statement.resources.as_ref().is_some_and(empty) {
        let reason = format!("statement {number} names no action or no resource");
        return StatementVerdict { number, public: false, reason };
    }
    let Some(open) = open_principal(statement, service, definition) else {
        let reason = format!("statement {number} names fixed principals only");
        return StatementVerdict { number, public: false, reason };
    };
    let limit = statement.conditions.iter().find(|c| limits(c, service, definition));
    match limit {
        Some(condition) => StatementVerdict {
            number,
            public: false,
            reason: format!("statement {number} is limited by {condition}"),
        },
        None => StatementVerdict {
            number,
            public: true,
            reason: format!("statement {number} allows {open} without a limit to fixed values"),
        },
    }
}

/// How the statement names a principal that is not fixed, if it does.
fn open_principal(
    statement: &Statement,
    service: &Service,
    definition: &Definition,
) -> Option<String> {
    let principals = statement.principals.as_ref()?;
    if principals.negated {
        return Some("everyone but the principals of NotPrincipal".to_owned());
    }
    principals.list.iter().find_map(|p| match p {
        Principal::Anyone => Some("Principal *".to_owned()),
        // AWS's own example of a public bucket policy names graph.facebook.com.
        Principal::Federated(provider) if service.prefix() != "sts" || provider == "*" => {
            Some(format!("the federated principal {provider}"))
        }
        Principal::Federated(provider) => {
            let shared =
                super::oidc::issuer(super::oidc::address(provider)) == super::oidc::Issuer::Shared;
            (shared && !has_claim_limit(statement, provider))
                .then(|| format!("any identity of {provider}"))
        }
        Principal::Service(name) if definition.any_customers.contains(&name.as_str()) => {
            Some(format!("{name} on behalf of anybody"))
        }
        _ => None,
    })
}

/// Whether a condition on the provider's claims limits the statement to one holder.
fn has_claim_limit(statement: &Statement, provider: &str) -> bool {
    let of_one = |key: &str, value: &Template| {
        super::oidc::belongs_to_one(key, value.text(), false) == Some(true)
            || (super::oidc::session_names_holder(provider, key) && value.is_fixed())
    };
    statement
        .conditions
        .iter()
        .any(|c| positive(c) && !c.values.is_empty() && c.values.iter().all(|v| of_one(&c.key, v)))
}

fn limits(condition: &Condition, service: &Service, definition: &Definition) -> bool {
    let key = condition.key.to_ascii_lowercase();
    if condition.values.is_empty() || !positive(condition) {
        return false;
    }
    if let Some((_, needed)) = definition.keys.iter().find(|(k, _)| *k == key) {
        return match needed {
            Some(needed) => condition.values.iter().all(|v| v.text().eq_ignore_ascii_case(needed)),
            None if key == "s3:dataaccesspointarn" => {
                *service == Service::S3
                    && condition.values.iter().all(|v| is_fixed_access_point(v.text()))
            }
            None if key == "s3:dataaccesspointaccount" && *service == Service::S3AccessPoint => {
                condition.values.iter().all(Template::is_fixed)
            }
            None => condition.values.iter().all(Template::is_fixed),
        };
    }
    if !definition.limiting.contains(&key.as_str()) {
        return false;
    }
    condition.values.iter().all(|value| match key.as_str() {
        // As text, too: an address without a wildcard is a fixed value.
        "aws:sourceip" => values::parse_net(value.text()).is_some_and(is_narrow),
        "aws:userid" => value.is_fixed() && !is_role_session_id(value.text()),
        "aws:principalaccount" => value.is_fixed() && value.text() != "anonymous",
        _ => value.is_fixed(),
    })
}

/// Whether the condition can only hold for a request that has one of the values.
fn positive(condition: &Condition) -> bool {
    let operator = condition.operator;
    let compares = matches!(
        operator.test,
        Test::String(StringTest::Equals | StringTest::EqualsIgnoreCase | StringTest::Like)
            | Test::Arn
            | Test::IpAddress
            | Test::Bool
    );
    compares && !operator.negated && !operator.if_exists && operator.set != Some(Set::All)
}

/// At most a /8 of IPv4 or a /32 of IPv6, or private.
fn is_narrow(net: IpNet) -> bool {
    match net {
        IpNet::V4(v4) => {
            let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
            v4.prefix_len() >= 8
                || private
                    .iter()
                    .filter_map(|p| p.parse::<IpNet>().ok())
                    .any(|p| p.contains(&IpNet::V4(v4)))
        }
        IpNet::V6(v6) => v6.prefix_len() >= 32,
    }
}

/// `AROLEID:*`: a role's unique id with any session name.
fn is_role_session_id(text: &str) -> bool {
    text.starts_with("ARO") && text.contains(':')
}

/// A wildcard may stand in the access point's name only.
fn is_fixed_access_point(text: &str) -> bool {
    let fixed = |part: &str| !part.contains(['*', '?', '$']);
    arn_parts(text).is_some_and(|arn| {
        fixed(arn.partition)
            && fixed(arn.service)
            && fixed(arn.region)
            && fixed(arn.account)
            && arn.resource.strip_prefix("accesspoint/").is_some_and(|n| !n.contains('$'))
    })
}
