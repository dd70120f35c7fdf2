//! Who outside the account gets through a resource or trust policy.

use super::actions::{self, Target};
use super::ast::{Effect, Kind, Policy, Principal, Statement, arn_parts};
use super::callers;
use super::classes::{ActionPatterns, Actions, Resources};
use super::outside::{self, Outside};
use super::pattern::{Pattern, Style};
use super::prepare::Cache;
use super::public;
use super::service::Service;
use super::solve::{Question, Solution, Witness, solve};
use super::world::{self, Path, Standing, World};

/// Yes, no, or it cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It cannot be said; the reasons say why.
    Unknown,
}

impl Answer {
    /// `yes`, `no` or `unknown`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    /// Kleene's or.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::Unknown,
        }
    }

    /// Kleene's and.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    /// Kleene's not.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Answer {
    fn from(flag: bool) -> Self {
        if flag { Self::Yes } else { Self::No }
    }
}

/// What is known beside the policy itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting {
    /// The account that the resource is in. Without it no named account counts as own.
    pub account: Option<String>,
    /// The ARN of the resource that the policy is attached to.
    pub resource: Option<String>,
    /// The time of the question in seconds since 1970; without it any time is possible.
    pub now: Option<i64>,
}

/// The answers about one resource or trust policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Whether AWS calls the policy public. Unknown where AWS does not say what that means
    /// for the service.
    pub public: Answer,
    /// Whether what AWS calls public includes an action that writes.
    pub public_write: Answer,
    /// Whether what AWS calls public includes an action that reads.
    pub public_read: Answer,
    /// Whether an anonymous caller, or one from an account that the policy does not name,
    /// gets through. Denies are considered; limits that a caller can meet are not.
    pub reachable: Answer,
    /// Everyone outside the account who gets through, the named ones, too.
    pub outside: Vec<Outside>,
    /// A request of a stranger that gets through, if one does.
    pub witness: Option<Witness>,
    /// What decided, or what limits.
    pub reasons: Vec<String>,
}

/// Decides a resource or trust policy. An identity policy has no principals: all is "no".
#[must_use]
pub fn exposure(policy: &Policy, setting: &Setting) -> Exposure {
    let scene = Scene::new(policy, setting);
    let mut reasons = Vec::new();
    let verdicts = public::verdicts(policy);
    let (public, public_read, public_write) = match &verdicts {
        None => {
            reasons.push("AWS does not define public for this kind of policy".to_owned());
            (Answer::Unknown, Answer::Unknown, Answer::Unknown)
        }
        Some(verdicts) => {
            let public: Vec<usize> =
                verdicts.iter().filter(|v| v.public).map(|v| v.number).collect();
            reasons.extend(verdicts.iter().map(|v| v.reason.clone()));
            let among = |writes: bool| {
                let mut statements =
                    policy.statements.iter().filter(|s| public.contains(&s.number));
                Answer::from(statements.any(|s| has_action(&scene, s, writes)))
            };
            (Answer::from(!public.is_empty()), among(false), among(true))
        }
    };
    let (reachable, witness) = match scene.strangers(None, None) {
        Solution::Found(witness) => {
            reasons.push(format!(
                "statement {} lets {} through",
                witness.statement, witness.request.caller
            ));
            (Answer::Yes, Some(*witness))
        }
        Solution::None(limits) => {
            if limits.is_empty() {
                reasons.push("no Allow names anyone but fixed principals".to_owned());
            }
            reasons.extend(limits);
            (Answer::No, None)
        }
        Solution::Undecided(why) => {
            reasons.push(format!("not decided: {why}"));
            (Answer::Unknown, None)
        }
    };
    let outside = outside::list(&scene);
    let mut seen = std::collections::BTreeSet::new();
    reasons.retain(|r| seen.insert(r.clone()));
    Exposure { public, public_write, public_read, reachable, outside, witness, reasons }
}

/// A request of a stranger that gets through with an action that reads, or writes.
pub(super) fn witness(policy: &Policy, setting: &Setting, writes: bool) -> Option<Witness> {
    let scene = Scene::new(policy, setting);
    let actions = scene.actions.iter().filter(|a| actions::writes(a) == writes).cloned().collect();
    match scene.strangers(Some(actions), None) {
        Solution::Found(witness) => Some(*witness),
        _ => None,
    }
}

/// Whether a bucket policy lets strangers in through this access point of the account, or
/// through any: with an action that reads or writes, if one is asked for.
pub(super) fn open_through_access_point(
    policy: &Policy,
    setting: &Setting,
    arn: Option<String>,
    writes: Option<bool>,
) -> Answer {
    let scene = Scene::new(policy, setting);
    let only = writes.map(|writes| {
        scene.actions.iter().filter(|a| actions::writes(a) == writes).cloned().collect()
    });
    let Ok(mut worlds) = callers::strangers(&scene) else { return Answer::Unknown };
    for world in &mut worlds {
        let mut set = |key: &str, value: Option<String>| {
            world.chosen.insert(key.to_owned(), value);
        };
        let parts = arn.as_deref().and_then(arn_parts);
        let account = parts.map(|a| a.account.to_owned()).or_else(|| setting.account.clone());
        if let Some(account) = account {
            set("s3:dataaccesspointaccount", Some(account));
        }
        if let Some(arn) = &arn {
            set("s3:dataaccesspointarn", Some(arn.clone()));
        } else {
            world.standing = Standing::Named;
        }
        set("s3:accesspointnetworkorigin", Some("Internet".to_owned()));
    }
    match scene.ask(worlds, only, None) {
        Solution::Found(_) => Answer::Yes,
        Solution::None(_) => Answer::No,
        Solution::Undecided(_) => Answer::Unknown,
    }
}

/// Whether a statement allows an action of the kind, leaving Denies aside.
fn has_action(scene: &Scene<'_>, statement: &Statement, writes: bool) -> bool {
    let named = scene.actions.iter().cloned().chain(
        statement
            .actions
            .patterns
            .iter()
            .filter(|t| t.is_fixed() && !statement.actions.negated)
            .map(|t| t.text().to_owned()),
    );
    let mut all = named.filter(|a| super::simulate::matches_action(&statement.actions, a));
    all.any(|a| actions::writes(&a) == writes)
}

/// A policy with what the decision needs beside it.
pub(super) struct Scene<'a> {
    pub(super) policy: &'a Policy,
    pub(super) setting: &'a Setting,
    pub(super) partition: String,
    pub(super) stranger: String,
    pub(super) own: Option<String>,
    pub(super) actions: Vec<String>,
    layers: Vec<Vec<&'a Policy>>,
    compiled: ActionPatterns,
    every_action: Result<Actions, String>,
    resources: Result<Resources, String>,
    paths: Vec<Path>,
    cache: Cache<'a>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(policy: &'a Policy, setting: &'a Setting) -> Self {
        let own = setting.account.clone().or_else(|| {
            let arn = arn_parts(setting.resource.as_deref()?)?;
            (!arn.account.is_empty()).then(|| arn.account.to_owned())
        });
        let partition = world::partition_of(&[policy]);
        let stranger = world::unmentioned_account(&[policy], own.as_deref());
        let layers = vec![vec![policy]];
        let compiled = ActionPatterns::new(&layers);
        let (actions, every_action) = match &policy.kind {
            Kind::Trust => {
                let names = vec!["sts:AssumeRole".to_owned()];
                (names.clone(), Ok(Actions::only(&compiled, names)))
            }
            Kind::Resource(service) => {
                let known = actions::of_service(service.prefix());
                let every = Actions::every(&layers, &compiled, &known, service.prefix());
                (known, every)
            }
            Kind::Identity => (Vec::new(), Ok(Actions::only(&compiled, Vec::new()))),
        };
        let resources = Resources::new(&layers, universes(policy, setting, &partition));
        let paths = world::paths(&[policy]);
        Self {
            policy,
            setting,
            partition,
            stranger,
            own,
            actions,
            layers,
            compiled,
            every_action,
            cache: Cache::default(),
            resources,
            paths,
        }
    }

    /// The ways to the resource that the policy tells apart.
    pub(super) fn paths(&self) -> Vec<Path> {
        self.paths.clone()
    }

    /// Whether callers in these worlds get through, by one statement or any.
    pub(super) fn ask(
        &self,
        worlds: Vec<World>,
        actions: Option<Vec<String>>,
        focus: Option<usize>,
    ) -> Solution {
        let only = actions.map(|names| Actions::only(&self.compiled, names));
        let (actions, resources) = match (&only, &self.every_action, &self.resources) {
            (_, _, Err(why)) | (None, Err(why), _) => return Solution::Undecided(why.clone()),
            (Some(only), _, Ok(resources)) => (only, resources),
            (None, Ok(every), Ok(resources)) => (every, resources),
        };
        let layers = &self.layers;
        let cache = Some(&self.cache);
        solve(&Question { layers, worlds, actions, resources, not_self: false, focus, cache })
    }

    /// Whether a stranger gets through, with these actions or any, by one statement or any.
    pub(super) fn strangers(&self, actions: Option<Vec<String>>, focus: Option<usize>) -> Solution {
        let worlds = match callers::strangers(self) {
            Ok(worlds) => worlds,
            Err(why) => return Solution::Undecided(why),
        };
        let mut answer = self.ask(worlds, actions.clone(), focus);
        for provider in self.providers(focus) {
            if matches!(answer, Solution::Found(_)) {
                break;
            }
            answer = merge(answer, self.federated_strangers(&provider, actions.as_ref(), focus));
        }
        answer
    }

    fn federated_strangers(
        &self,
        provider: &str,
        actions: Option<&Vec<String>>,
        focus: Option<usize>,
    ) -> Solution {
        use super::oidc::{Issuer, address, issuer};
        let none = || Solution::None(std::collections::BTreeSet::new());
        let who = issuer(address(provider));
        if provider.contains(":saml-provider/") || who == Issuer::Tenant {
            return none();
        }
        let mut world = callers::federated(self, provider, Standing::Stranger);
        // A guest of an identity pool is anybody, whoever the pool belongs to.
        if provider == "cognito-identity.amazonaws.com" && self.asks_for_guests(focus) {
            world.standing = Standing::Named;
            let key = format!("{provider}:amr");
            world.chosen.insert(key, Some("unauthenticated".to_owned()));
        }
        let actions = self.federated_actions(provider).or_else(|| actions.cloned());
        let answer = self.ask(vec![world], actions, focus);
        match answer {
            Solution::Found(_) if who == Issuer::NotKnown && provider != "*" => {
                Solution::Undecided(format!(
                    "whether strangers can get a token from {provider} is not known here"
                ))
            }
            other => other,
        }
    }

    fn asks_for_guests(&self, focus: Option<usize>) -> bool {
        let allows = self
            .policy
            .statements
            .iter()
            .filter(|s| s.effect == Effect::Allow && focus.is_none_or(|n| n == s.number));
        allows.flat_map(|s| &s.conditions).any(|c| {
            c.key.eq_ignore_ascii_case("cognito-identity.amazonaws.com:amr")
                && c.holds(&["unauthenticated".to_owned()], &|_| None)
        })
    }

    /// The actions by which a federated identity gets in: for a role only these.
    pub(super) fn federated_actions(&self, provider: &str) -> Option<Vec<String>> {
        let name = if provider.contains(":saml-provider/") {
            "sts:AssumeRoleWithSAML"
        } else {
            "sts:AssumeRoleWithWebIdentity"
        };
        (self.policy.kind == Kind::Trust).then(|| vec![name.to_owned()])
    }

    fn providers(&self, focus: Option<usize>) -> Vec<String> {
        let mut found: Vec<String> = self
            .policy
            .statements
            .iter()
            .filter(|s| s.effect == Effect::Allow && focus.is_none_or(|n| n == s.number))
            .flat_map(|s| s.principals.iter().flat_map(|p| &p.list))
            .filter_map(|p| match p {
                Principal::Federated(provider) => Some(provider.clone()),
                _ => None,
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

/// Found wins, then undecided; limits add up.
fn merge(left: Solution, right: Solution) -> Solution {
    match (left, right) {
        (Solution::Found(w), _) | (_, Solution::Found(w)) => Solution::Found(w),
        (Solution::Undecided(why), _) | (_, Solution::Undecided(why)) => Solution::Undecided(why),
        (Solution::None(mut a), Solution::None(b)) => {
            a.extend(b);
            Solution::None(a)
        }
    }
}

/// The resources that the policy can be about.
fn universes(policy: &Policy, setting: &Setting, partition: &str) -> Vec<(Target, Pattern)> {
    let like = |text: &str| Pattern::from_text(text, Style::Like);
    let service = match &policy.kind {
        Kind::Trust => {
            let arn = setting
                .resource
                .clone()
                .unwrap_or_else(|| format!("arn:{partition}:iam::111122223333:role/role"));
            return vec![(Target::Any, like(&arn))];
        }
        Kind::Identity => return vec![(Target::Any, like("*"))],
        Kind::Resource(service) => service,
    };
    let mut containers: Vec<String> = setting.resource.iter().cloned().collect();
    if containers.is_empty() {
        let texts = policy
            .statements
            .iter()
            .flat_map(|s| s.resources.iter().flat_map(|m| &m.patterns))
            .map(super::pattern::Template::text);
        for text in texts {
            let container = match service {
                Service::S3 => text.split('/').next().unwrap_or(text).to_owned(),
                Service::S3AccessPoint => text.split("/object").next().unwrap_or(text).to_owned(),
                Service::Other(_) => text.to_owned(),
            };
            if !container.contains(['*', '?', '$'])
                && arn_parts(&container).is_some_and(|a| a.service == service.prefix())
                && !containers.contains(&container)
            {
                containers.push(container);
            }
        }
    }
    match service {
        Service::S3 => {
            if containers.is_empty() {
                containers.push(format!("arn:{partition}:s3:::bucket"));
            }
            pairs(&containers, "/?*")
        }
        Service::S3AccessPoint => {
            if containers.is_empty() {
                containers
                    .push(format!("arn:{partition}:s3:us-east-1:111122223333:accesspoint/ap"));
            }
            pairs(&containers, "/object/?*")
        }
        Service::Other(prefix) => {
            if setting.resource.is_some() {
                let mut found = pairs(&containers, "/?*");
                for (target, _) in &mut found {
                    *target = Target::Any;
                }
                found.extend(containers.iter().map(|c| (Target::Any, like(&format!("{c}:?*")))));
                return found;
            }
            let form = format!("arn:{partition}:{prefix}:us-east-1:111122223333:?*");
            containers
                .iter()
                .map(|c| (Target::Any, like(c)))
                .chain([
                    (Target::Any, like(&form)),
                    (Target::Any, like(&format!("arn:{partition}:{prefix}:?*:?*:?*"))),
                ])
                .collect()
        }
    }
}

fn pairs(containers: &[String], inner: &str) -> Vec<(Target, Pattern)> {
    let like = |text: &str| Pattern::from_text(text, Style::Like);
    containers
        .iter()
        .flat_map(|c| {
            [(Target::Container, like(c)), (Target::Object, like(&format!("{c}{inner}")))]
        })
        .collect()
}
