//! The statements of an identity policy that allow whole services.

use super::ast::{Effect, Matcher, Policy, Statement};
use super::identity::UNNAMED;
use super::pattern::Template;

/// A statement that allows every action of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceWildcard {
    /// The service's prefix; `*` for all services.
    pub service: String,
    /// The actions that it leaves out, as `NotAction` names them.
    pub except: Vec<String>,
    /// The statement's number.
    pub statement: usize,
    /// Whether it is for all resources, but for those that `NotResource` names.
    pub all_resources: bool,
}

impl std::fmt::Display for ServiceWildcard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.service.as_str(), self.except.as_slice()) {
            ("*", []) => f.write_str("*"),
            (service, []) => write!(f, "{service}:*"),
            (_, except) => write!(f, "all but {}", except.join(", ")),
        }
    }
}

/// The Allows of `service:*`, of `*`, and of all actions but some (`NotAction`): these
/// are all actions of every service that is not named.
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21>
#[must_use]
pub fn service_wildcards(policy: &Policy) -> Vec<ServiceWildcard> {
    let allows = policy.statements.iter().filter(|s| s.effect == Effect::Allow);
    allows.flat_map(wildcards_of).collect()
}

fn wildcards_of(statement: &Statement) -> Vec<ServiceWildcard> {
    let all_resources = statement.resources.as_ref().is_none_or(covers_all_resources);
    let found = |service: &str, except: Vec<String>| ServiceWildcard {
        service: service.to_ascii_lowercase(),
        except,
        statement: statement.number,
        all_resources,
    };
    let texts = || statement.actions.patterns.iter().map(Template::text);
    let stars = |text: &str| !text.is_empty() && text.bytes().all(|b| b == b'*');
    if statement.actions.negated {
        let leaves_nothing = texts().any(stars);
        return match leaves_nothing {
            true => Vec::new(),
            false => vec![found("*", texts().map(str::to_owned).collect())],
        };
    }
    texts()
        .filter_map(|text| {
            let (service, name) = text.split_once(':').unwrap_or(("*", text));
            stars(name).then(|| found(service, Vec::new()))
        })
        .collect()
}

/// Whether a resource element covers every resource that nobody has named: `*`, `arn:*`,
/// or all but some.
fn covers_all_resources(matcher: &Matcher) -> bool {
    let unheard_of = format!("arn:aws:unheard-of:{UNNAMED}:000000000000:{UNNAMED}");
    super::simulate::matches_resource(matcher, &unheard_of, &|_| None)
}
