//! The callers that a policy can tell apart, as worlds to try.

use std::collections::BTreeMap;

use super::ast::{Condition, Kind, Policy};
use super::keys::kind_of;
use super::partition;
use super::pattern::{Pattern, Style};
use super::request::Caller;
use super::scene::Scene;
use super::world::{Path, Standing, World};

/// Services that answer unsigned requests, too, beside function URLs.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
const UNSIGNED: [&str; 7] =
    ["s3", "sqs", "sns", "execute-api", "elasticfilesystem", "es", "mediastore"];

/// The most callers of one account that are tried; the policy that tells more apart is
/// undecided.
const MOST: usize = 256;

/// Every kind of stranger: anonymous, users and roles of an account that the policy does
/// not mention, and a service on behalf of such an account.
pub(super) fn strangers(scene: &Scene<'_>) -> Result<Vec<World>, String> {
    let prefix = match &scene.policy.kind {
        Kind::Resource(service) => service.prefix(),
        Kind::Trust => "sts",
        Kind::Identity => return Ok(Vec::new()),
    };
    let accounts = scene.strangers.as_ref().map_err(Clone::clone)?;
    let unsigned = UNSIGNED.contains(&prefix) || (prefix == "lambda" && has_url(scene.policy));
    let mut worlds = Vec::new();
    for path in scene.paths() {
        for account in accounts {
            let mut callers = Vec::new();
            if unsigned {
                callers.push(world(scene, Caller::Anonymous, path, Standing::Stranger));
            }
            callers.extend(of_account(scene, account, path, Standing::Stranger)?);
            worlds.extend(callers.into_iter().map(|w| World { stranger: account.clone(), ..w }));
        }
    }
    if scene.policy.kind != Kind::Trust {
        let service = Caller::Service(source_service(scene));
        worlds.extend(accounts.iter().map(|account| World {
            stranger: account.clone(),
            ..world(scene, service.clone(), Path::Internet, Standing::Stranger)
        }));
    }
    Ok(worlds)
}

/// Whether the policy of a function is about its URL: all other calls are signed.
/// <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
fn has_url(policy: &Policy) -> bool {
    let named = |s: &super::ast::Statement| {
        let mut names = s.actions.patterns.iter().map(super::pattern::Template::text);
        names.any(|name| name.eq_ignore_ascii_case("lambda:InvokeFunctionUrl"))
    };
    policy.asks_for("lambda:FunctionUrlAuthType")
        || policy.asks_for("lambda:InvokedViaFunctionUrl")
        || policy.statements.iter().any(named)
}

/// Users and roles of one account, with names for every way the policy tells them apart.
pub(super) fn of_account(
    scene: &Scene<'_>,
    account: &str,
    path: Path,
    standing: Standing,
) -> Result<Vec<World>, String> {
    let known = scene.accounts.borrow().get(account).cloned();
    let callers = known.unwrap_or_else(|| {
        let found = principals(&scene.policies, &scene.partition, account, "stranger");
        scene.accounts.borrow_mut().insert(account.to_owned(), found.clone());
        found
    });
    Ok(callers?.into_iter().map(|c| world(scene, c, path, standing)).collect())
}

/// Users and roles of one account as callers, the plain one by this name.
pub(super) fn principals(
    policies: &[&Policy],
    partition: &str,
    account: &str,
    name: &str,
) -> Result<Vec<Caller>, String> {
    let conditions = || policies.iter().flat_map(|p| &p.statements).flat_map(|s| &s.conditions);
    let arns = patterns(conditions(), &["aws:principalarn"]);
    let names = patterns(conditions(), &["aws:username"]);
    let types = patterns(conditions(), &["aws:principaltype"]);
    let too_many = |_| "the names of principals overlap in more ways than are tried out".to_owned();
    let root = format!("arn:{partition}:iam::{account}");
    let texts = |patterns: &[Pattern], form: &str| {
        let universe = Pattern::from_text(form, Style::Like);
        partition::representatives(patterns, &universe).map_err(too_many)
    };
    let mut callers = vec![Caller::User(format!("{root}:user/{name}"))];
    let role = |arn: String| Caller::RoleSession { role: arn, session: "session".to_owned() };
    callers.push(role(format!("{root}:role/{name}")));
    if !arns.is_empty() {
        callers.extend(texts(&arns, &format!("{root}:user/?*"))?.into_iter().map(Caller::User));
        callers.extend(texts(&arns, &format!("{root}:role/?*"))?.into_iter().map(role));
    }
    if !arns.is_empty() || !types.is_empty() {
        callers.push(Caller::Root(account.to_owned()));
    }
    if !types.is_empty() {
        let of_session = format!("arn:{partition}:sts::{account}:federated-user/{name}");
        callers.push(Caller::FederatedUser(of_session));
    }
    if !names.is_empty() {
        let found = texts(&names, "?*")?;
        callers.extend(found.iter().map(|n| Caller::User(format!("{root}:user/{n}"))));
    }
    if callers.len() > MOST {
        return Err(format!("the policy tells more than {MOST} principals of one account apart"));
    }
    Ok(callers)
}

/// An identity of a provider, before STS.
pub(super) fn federated(scene: &Scene<'_>, provider: &str, standing: Standing) -> World {
    world(scene, Caller::Federated(provider.to_owned()), Path::Internet, standing)
}

/// A caller in its surroundings.
pub(super) fn world(scene: &Scene<'_>, caller: Caller, path: Path, standing: Standing) -> World {
    World {
        kind: kind_of(&caller, scene.own.as_deref()),
        caller,
        path,
        standing,
        partition: scene.partition.clone(),
        stranger: scene.stranger.clone(),
        own_account: scene.own.clone(),
        now: scene.setting.now.and_then(|s| s.checked_mul(1000)),
        chosen: of_access_point(scene),
    }
}

/// What the keys say that tell of the access point, where there is only one.
fn of_access_point(scene: &Scene<'_>) -> BTreeMap<String, Option<String>> {
    let Some(arn) = &scene.access_point else { return BTreeMap::new() };
    let account = super::ast::arn_parts(arn).map(|a| a.account.to_owned());
    let asked = |key: &str| scene.policies.iter().any(|p| p.asks_for(key));
    [("s3:dataaccesspointarn", Some(arn.clone())), ("s3:dataaccesspointaccount", account)]
        .into_iter()
        .filter(|(key, _)| asked(key))
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// The text patterns of the conditions on these keys.
fn patterns<'a>(conditions: impl Iterator<Item = &'a Condition>, keys: &[&str]) -> Vec<Pattern> {
    conditions
        .filter(|c| keys.contains(&c.key.to_ascii_lowercase().as_str()))
        .flat_map(|c| {
            let style = c.operator.test.style();
            c.values.iter().filter_map(move |v| v.compile(style?, &|_| None))
        })
        .collect()
}

/// A service on behalf of strangers: the one whose resources the policy asks for in
/// `aws:SourceArn`, or one that calls this kind of resource, but none that the policy names.
fn source_service(scene: &Scene<'_>) -> String {
    let statements = || scene.policies.iter().flat_map(|p| &p.statements);
    let sources = statements()
        .flat_map(|s| &s.conditions)
        .filter(|c| c.key.eq_ignore_ascii_case("aws:SourceArn"))
        .flat_map(|c| &c.values)
        .filter_map(|v| super::ast::arn_parts(v.text()).map(|a| a.service.to_owned()))
        .filter(|s| !s.is_empty() && !s.contains(['*', '?', '$']));
    let is_named = |service: &String| {
        statements().any(|s| {
            let values = s.conditions.iter().flat_map(|c| &c.values);
            s.principals.iter().flat_map(|p| &p.list).any(|p| p.to_string() == *service)
                || values.into_iter().any(|v| v.text() == service)
        })
    };
    let usual = match &scene.policy.kind {
        Kind::Resource(service) if service.prefix() == "s3" => ["cloudfront", "cloudtrail"],
        _ => ["s3", "sns"],
    };
    sources
        .chain(usual.into_iter().chain(["events", "cloudwatch"]).map(str::to_owned))
        .map(|name| format!("{name}.amazonaws.com"))
        .find(|service| !is_named(service))
        .unwrap_or_else(|| "another-service.amazonaws.com".to_owned())
}
