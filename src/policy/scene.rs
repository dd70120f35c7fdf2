//! A resource or trust policy made ready for questions about its callers.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::actions::{self, Target};
use super::ast::{Effect, Kind, Policy, Principal, arn_parts};
use super::callers;
use super::classes::{ActionPatterns, Actions, Resources};
use super::control;
use super::exposure::Setting;
use super::oidc::{Issuer, address, issuer};
use super::pattern::{Pattern, Style};
use super::prepare::Cache;
use super::request::Caller;
use super::service::Service;
use super::solve::{Question, Solution, solve};
use super::world::{self, Path, Standing, World};

/// The most statements of a policy that are looked at: the largest resource policies that
/// AWS accepts, of 32 KiB, have half as many.
const MOST_STATEMENTS: usize = 1000;

/// The most Allows that may turn out undecided alone, in all questions about a policy.
const MOST_UNDECIDED_ALONE: usize = 4;

/// The actions that a policy, within others, tells apart. Nothing else about the policy
/// matters: policies that name the same actions in the same order may share it.
#[derive(Debug)]
pub struct ActionSpace {
    /// The known actions of the service.
    known: &'static [String],
    compiled: ActionPatterns,
    every: Result<Actions, String>,
}

impl ActionSpace {
    /// That of a policy by itself.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        Self::within(&[policy], &policy.kind)
    }

    /// What is the same of policies that may share it.
    #[must_use]
    pub fn key(policy: &Policy) -> String {
        let mut key = format!("{:?}", policy.kind);
        for statement in &policy.statements {
            key.push('\n');
            key.push_str(&statement.actions.describe().join("\t"));
        }
        key
    }

    fn within(policies: &[&Policy], kind: &Kind) -> Self {
        let layers = [policies.to_vec()];
        let compiled = ActionPatterns::new(&layers);
        let (known, every) = match kind {
            Kind::Trust => {
                let assume_role = actions::of_service("sts").get(..1).unwrap_or_default();
                let names = assume_role.iter().map(String::as_str);
                (assume_role, Ok(Actions::only(&compiled, names)))
            }
            Kind::Resource(service) => {
                let known = actions::of_service(service.prefix());
                (known, Actions::every(&layers, &compiled, known, service.prefix()))
            }
            Kind::Identity => (&[][..], Ok(Actions::only(&compiled, []))),
        };
        Self { known, compiled, every }
    }
}

/// A policy with what the decision needs beside it.
pub(super) struct Scene<'a> {
    pub(super) policy: &'a Policy,
    /// With the resource control policies that act on it.
    pub(super) policies: Vec<&'a Policy>,
    pub(super) setting: &'a Setting,
    pub(super) partition: String,
    /// An account that the policy does not mention.
    pub(super) stranger: String,
    /// The accounts of strangers that the policy tells apart.
    pub(super) strangers: Result<Vec<String>, String>,
    pub(super) own: Option<String>,
    /// The access point that every request comes through, if the policy is one's.
    pub(super) access_point: Option<String>,
    layers: Vec<Vec<&'a Policy>>,
    space: Arc<ActionSpace>,
    resources: Resources,
    paths: Vec<Path>,
    /// The users and roles of an account that the policy tells apart.
    pub(super) accounts: RefCell<BTreeMap<String, Result<Vec<Caller>, String>>>,
    stranger_worlds: OnceCell<Result<Vec<World>, String>>,
    /// How many more Allows may turn out undecided alone.
    pub(super) alone_left: Cell<usize>,
    cache: Cache<'a>,
}

impl<'a> Scene<'a> {
    /// With the actions that the policy tells apart by itself.
    pub(super) fn with_space(
        policy: &'a Policy,
        setting: &'a Setting,
        space: Arc<ActionSpace>,
    ) -> Self {
        Self::prepared(vec![policy], policy, setting, space)
    }

    /// Within resource control policies.
    pub(super) fn within(
        policy: &'a Policy,
        setting: &'a Setting,
        controls: &[&'a Policy],
    ) -> Self {
        let under_control = match &policy.kind {
            Kind::Resource(service) => control::acts_on(service.prefix()),
            Kind::Trust => control::acts_on("sts"),
            Kind::Identity => false,
        };
        let controls = if under_control { controls } else { &[] };
        let policies: Vec<&Policy> =
            std::iter::once(policy).chain(controls.iter().copied()).collect();
        let space = Arc::new(ActionSpace::within(&policies, &policy.kind));
        Self::prepared(policies, policy, setting, space)
    }

    fn prepared(
        policies: Vec<&'a Policy>,
        policy: &'a Policy,
        setting: &'a Setting,
        space: Arc<ActionSpace>,
    ) -> Self {
        let own = setting.account.clone().or_else(|| {
            let arn = arn_parts(setting.resource.as_deref()?)?;
            (!arn.account.is_empty()).then(|| arn.account.to_owned())
        });
        let partition = world::partition_of(&[policy]);
        let strangers = world::strangers_accounts(&policies, own.as_deref());
        let stranger = world::unmentioned_account(&policies, own.as_deref());
        let layers = vec![policies.clone()];
        let resources = Resources::new(&layers, universes(policy, setting, &partition));
        let paths = world::paths(&policies);
        Self {
            policy,
            policies,
            setting,
            partition,
            stranger,
            strangers,
            own,
            access_point: access_point(policy, setting),
            layers,
            space,
            accounts: RefCell::default(),
            stranger_worlds: OnceCell::new(),
            alone_left: Cell::new(MOST_UNDECIDED_ALONE),
            cache: Cache::default(),
            resources,
            paths,
        }
    }

    /// The known actions of the service, the most telling first.
    pub(super) fn actions(&self) -> &'static [String] {
        self.space.known
    }

    /// The ways to the resource that the policy tells apart.
    pub(super) fn paths(&self) -> Vec<Path> {
        self.paths.clone()
    }

    /// What to say of a policy with more statements than are looked at.
    pub(super) fn too_large(&self) -> Option<String> {
        let is_larger = self.policy.statements.len() > MOST_STATEMENTS;
        is_larger.then(|| format!("the policy has more than {MOST_STATEMENTS} statements"))
    }

    /// Whether callers in these worlds get through, by one statement or any.
    pub(super) fn ask(
        &self,
        worlds: &[World],
        actions: Option<Vec<String>>,
        focus: Option<usize>,
    ) -> Solution {
        if let Some(why) = self.too_large() {
            return Solution::Undecided(why);
        }
        let only =
            actions.map(|it| Actions::only(&self.space.compiled, it.iter().map(String::as_str)));
        let actions = match (&only, &self.space.every) {
            (Some(only), _) => only,
            (None, Ok(every)) => every,
            (None, Err(why)) => return Solution::Undecided(why.clone()),
        };
        let resources = &self.resources;
        let layers = &self.layers;
        let cache = Some(&self.cache);
        let controls_from = 1;
        solve(&Question {
            layers,
            controls_from,
            worlds,
            actions,
            resources,
            not_self: false,
            focus,
            cache,
        })
    }

    /// Whether a stranger gets through, with these actions or any, by one statement or any:
    /// all statements at once.
    pub(super) fn strangers_together(
        &self,
        actions: Option<Vec<String>>,
        focus: Option<usize>,
    ) -> Solution {
        let worlds = match self.stranger_worlds.get_or_init(|| callers::strangers(self)) {
            Ok(worlds) => worlds,
            Err(why) => return Solution::Undecided(why.clone()),
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
        let none = || Solution::None(BTreeSet::new());
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
        let answer = self.ask(&[world], actions, focus);
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
pub(super) fn merge(left: Solution, right: Solution) -> Solution {
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
    let mut containers = containers(policy, setting, service);
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

/// The resources that the policy can be attached to, as far as it names them.
pub(super) fn containers(policy: &Policy, setting: &Setting, service: &Service) -> Vec<String> {
    let mut containers: Vec<String> = setting.resource.iter().cloned().collect();
    if !containers.is_empty() {
        return containers;
    }
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
    containers
}

/// The access point that the policy belongs to, if it is one's and says which.
fn access_point(policy: &Policy, setting: &Setting) -> Option<String> {
    if policy.kind != Kind::Resource(Service::S3AccessPoint) {
        return None;
    }
    let mut containers = containers(policy, setting, &Service::S3AccessPoint);
    containers.pop().filter(|_| containers.is_empty())
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
