//! "Public" as AWS defines it: a policy is public unless every Allow limits access to
//! fixed values of a principal or of certain condition keys. Denies play no part.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>

use ipnet::IpNet;

use super::ast::{Condition, Effect, Kind, Policy, Principal, Statement, arn_parts};
use super::operators::{Set, StringTest, Test};
use super::pattern::Template;
use super::service::Service;
use super::values;

/// The keys whose fixed values make a policy non-public, as S3 lists them; other services
/// say less of them, and EFS the same.
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
}

/// A definition by the usual keys and those of the service.
const fn by(
    prefix: &'static str,
    keys: &'static [(&'static str, Option<&'static str>)],
) -> Definition {
    Definition { prefix, limiting: LIMITING_KEYS, keys }
}

/// The services for which AWS says what public means, in their own documentation, the
/// Security Hub controls or IAM Access Analyzer's findings for external access.
/// <https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html>
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html#lambda-1>
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-5>
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html>
const DEFINITIONS: &[Definition] = &[
    by(
        "s3",
        &[
            ("s3:x-amz-server-side-encryption-aws-kms-key-id", None),
            ("s3:dataaccesspointarn", None),
            ("s3:dataaccesspointaccount", None),
        ],
    ),
    by("sns", &[]),
    by("sqs", &[]),
    by("kms", &[("kms:calleraccount", None)]),
    by("lambda", &[("lambda:functionurlauthtype", Some("AWS_IAM"))]),
    by("elasticfilesystem", &[("elasticfilesystem:accessedviamounttarget", Some("true"))]),
    by("ecr", &[]),
    by("secretsmanager", &[]),
    by("sts", &[]),
    Definition {
        prefix: "dynamodb",
        limiting: TRUSTED_KEYS,
        keys: &[("aws:principalisawsservice", Some("true"))],
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
    let Some(open) = open_principal(statement, service) else {
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
fn open_principal(statement: &Statement, service: &Service) -> Option<String> {
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
            (shared && !has_claim_limit(statement)).then(|| format!("any identity of {provider}"))
        }
        _ => None,
    })
}

/// Whether a condition on the provider's claims limits the statement to one holder.
fn has_claim_limit(statement: &Statement) -> bool {
    statement.conditions.iter().any(|c| {
        positive(c)
            && !c.values.is_empty()
            && c.values
                .iter()
                .all(|v| super::oidc::belongs_to_one(&c.key, v.text(), false) == Some(true))
    })
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
        "aws:sourceip" => {
            condition.operator.test == Test::IpAddress
                && values::parse_net(value.text()).is_some_and(is_narrow)
        }
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
