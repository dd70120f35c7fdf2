//! A user or role with all its policies, made ready for questions on single actions.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::LazyLock;

use super::actions::Target;
use super::ast::{CompiledMatcher, Effect, Kind, Matcher, Policy, Statement, arn_parts};
use super::callers;
use super::classes::{ActionPatterns, Actions, Resources, statements};
use super::control;
use super::identity::{Holder, UNNAMED};
use super::keys::{self, kind_of};
use super::pattern::{Pattern, Style, Template};
use super::prepare::Cache;
use super::request::Caller;
use super::s3_parts::Part;
use super::solve::{Question, Solution, Witness, solve};
use super::world::{self, Path, Standing, World};

/// A holder made ready for questions.
pub(super) struct Bench<'a> {
    pub(super) holder: &'a Holder<'a>,
    pub(super) partition: String,
    pub(super) account: String,
    callers: Result<Vec<Caller>, String>,
    stranger: String,
    decided: Decider<'a>,
    /// For actions on resources that resource control policies act on.
    controlled: Option<Decider<'a>>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(holder: &'a Holder<'a>) -> Self {
        let own = holder.arn.as_deref().and_then(arn_parts);
        let partition = own
            .map_or_else(|| world::partition_of(&holder.policies), |arn| arn.partition.to_owned());
        let account = own
            .map(|arn| arn.account.to_owned())
            .or_else(|| holder.account.clone())
            .unwrap_or_else(|| mentioned_account(&holder.policies));
        let stranger = world::unmentioned_account(&holder.policies, Some(&account));
        let callers = match holder.arn.as_deref().and_then(Caller::parse) {
            Some(caller) => Ok(vec![caller]),
            None => callers::principals(&holder.policies, &partition, &account, UNNAMED),
        };
        // The layers that must each allow: identity policies, boundary, organisation.
        let mut layers = vec![holder.policies.clone()];
        if let Part::Known(Some(boundary)) = &holder.boundary {
            layers.push(vec![boundary]);
        }
        if let Part::Known(levels) = &holder.service_control {
            layers.extend(levels.iter().filter(|l| !l.is_empty()).cloned());
        }
        let controlled = match &holder.resource_control {
            Part::Known(controls) if !controls.is_empty() => {
                let mut layers = layers.clone();
                if let Some(first) = layers.first_mut() {
                    first.extend(controls);
                }
                Some(Decider::new(layers))
            }
            _ => None,
        };
        let decided = Decider::new(layers);
        Self { holder, partition, account, callers, stranger, decided, controlled }
    }

    /// What decides about an action.
    fn decider(&self, action: &str) -> &Decider<'a> {
        let service = action.split(':').next().unwrap_or_default();
        match &self.controlled {
            Some(controlled) if control::acts_on(service) => controlled,
            _ => &self.decided,
        }
    }

    fn worlds(
        &self,
        action: &str,
        standing: Standing,
        chosen: &BTreeMap<String, Option<String>>,
    ) -> Result<Vec<World>, String> {
        let callers = self.callers.as_ref().map_err(Clone::clone)?;
        let decider = self.decider(action);
        let mut chosen = chosen.clone();
        if let Some(region) = keys::only_region(action, &self.partition)
            && decider.asks_for_region
        {
            chosen.insert(REGION.to_owned(), Some(region.to_owned()));
        }
        Ok(decider
            .paths
            .iter()
            .flat_map(|path| callers.iter().map(move |caller| (path, caller)))
            .map(|(path, caller)| World {
                kind: kind_of(caller, Some(&self.account)),
                caller: caller.clone(),
                path: *path,
                standing,
                partition: self.partition.clone(),
                stranger: self.stranger.clone(),
                own_account: Some(self.account.clone()),
                now: self.holder.now.and_then(|s| s.checked_mul(1000)),
                chosen: chosen.clone(),
            })
            .collect())
    }

    /// Whether an action may be allowed on anything at all: a quick look before a question.
    pub(super) fn may_allow(&self, action: &str) -> bool {
        self.decider(action).may_allow(action)
    }

    /// What a look tells of an action on one resource: most roles are out of reach of most
    /// who may assume roles at all, and administrators reach them without a condition.
    pub(super) fn glance(&self, action: &str, resource: &str) -> Glance {
        match &self.controlled {
            Some(_) => Glance::Open,
            None => self.decided.glance(action, resource),
        }
    }

    /// Whether an action is allowed on some resource of this form.
    pub(super) fn allowed(
        &self,
        action: &str,
        form: &str,
        standing: Standing,
        chosen: &BTreeMap<String, Option<String>>,
        not_self: bool,
    ) -> Solution {
        let worlds = || self.worlds(action, standing, chosen);
        self.decider(action).ask(worlds, action, form, not_self)
    }

    /// Whether an action could be done if another policy allowed it: no Deny, and within
    /// boundary and organisation.
    pub(super) fn not_denied(&self, action: &str, form: &str, standing: Standing) -> bool {
        let decider = self.decider(action);
        if decider.never_denies(action) {
            return true;
        }
        let worlds = || self.worlds(action, standing, &BTreeMap::new());
        let answer = decider.unless_denied().ask(worlds, action, form, false);
        !matches!(answer, Solution::None(_))
    }

    /// The ARN of an IAM resource of the holder's account.
    pub(super) fn iam_arn(&self, class: &str, name: &str) -> String {
        format!("arn:{}:iam::{}:{class}/{name}", self.partition, self.account)
    }

    /// The conditions of the statement that a witness names.
    pub(super) fn conditions_of(&self, witness: &Witness) -> Vec<String> {
        let policy = self.holder.policies.get(witness.policy);
        let statement =
            policy.and_then(|p| p.statements.iter().find(|s| s.number == witness.statement));
        statement.map_or_else(Vec::new, |s| s.conditions.iter().map(ToString::to_string).collect())
    }
}

/// What a look at the statements tells of an action on a resource.
pub(super) enum Glance {
    /// No statement allows it.
    Never,
    /// This policy's statement allows it, whatever the request, and nothing stands against it.
    Always { policy: usize, statement: usize },
    /// It has to be worked out.
    Open,
}

/// The resources that a statement is about.
enum Reach {
    All,
    /// Those that match.
    These(CompiledMatcher),
    /// It depends on the request.
    Open,
}

impl Reach {
    fn of(statement: &Statement) -> Self {
        let Some(resources) = &statement.resources else { return Self::All };
        if resources.patterns.iter().any(|pattern| pattern.variables().next().is_some()) {
            return Self::Open;
        }
        Self::These(resources.compile(Style::Resource, &|_| None))
    }

    /// Whether it covers a resource, where that is certain.
    fn covers(&self, resource: &str) -> Option<bool> {
        match self {
            Self::All => Some(true),
            Self::These(resources) => Some(resources.matches(resource)),
            Self::Open => None,
        }
    }
}

type Classes = HashMap<(String, Vec<bool>), Rc<Resources>>;

/// The condition key of the region that a request is for.
const REGION: &str = "aws:requestedregion";

/// Layers of policies made ready for questions on single actions.
pub(super) struct Decider<'a> {
    layers: Vec<Vec<&'a Policy>>,
    compiled: ActionPatterns,
    cache: Cache<'a>,
    /// The ways of a request that the policies tell apart.
    paths: Vec<Path>,
    asks_for_region: bool,
    /// What is known of the actions that were asked about.
    actions: RefCell<HashMap<String, Rc<Actions>>>,
    /// The classes of resources by form and by the statements that matter.
    resources: RefCell<Classes>,
    /// What each statement is about.
    reaches: OnceCell<Vec<Reach>>,
    /// The same with another policy that allows everything.
    unless_denied: OnceCell<Box<Self>>,
}

impl<'a> Decider<'a> {
    pub(super) fn new(layers: Vec<Vec<&'a Policy>>) -> Self {
        let compiled = ActionPatterns::new(&layers);
        let policies: Vec<&Policy> = layers.iter().flatten().copied().collect();
        Self {
            paths: world::paths(&policies),
            asks_for_region: policies.iter().any(|p| p.asks_for(REGION)),
            layers,
            compiled,
            cache: Cache::default(),
            actions: RefCell::default(),
            resources: RefCell::default(),
            reaches: OnceCell::new(),
            unless_denied: OnceCell::new(),
        }
    }

    /// What is left if another policy allows everything: the Denies, the boundary and the
    /// organisation.
    fn unless_denied(&self) -> &Self {
        self.unless_denied.get_or_init(|| {
            let mut layers = self.layers.clone();
            if let Some(first) = layers.first_mut() {
                first.push(&EVERYTHING);
            }
            Box::new(Self::new(layers))
        })
    }

    /// Whether any statement allows the action on anything.
    fn may_allow(&self, action: &str) -> bool {
        let allows = |layer: usize, s: &Statement| layer == 0 && s.effect == Effect::Allow;
        // Many hold no policy at all.
        statements(&self.layers).any(|(layer, _, s)| allows(layer, s)) && {
            let actions = self.actions(action);
            let mut all = statements(&self.layers).enumerate();
            all.any(|(i, (layer, _, s))| allows(layer, s) && actions.concern(i))
        }
    }

    /// Whether there is nothing to find out: no layer beside the first has to allow, and no
    /// Deny is about the action.
    fn never_denies(&self, action: &str) -> bool {
        let actions = self.actions(action);
        let mut all = statements(&self.layers).enumerate();
        self.layers.len() == 1
            && !all.any(|(i, (_, _, s))| s.effect == Effect::Deny && actions.concern(i))
    }

    fn glance(&self, action: &str, resource: &str) -> Glance {
        let actions = self.actions(action);
        let all = || statements(&self.layers);
        let reaches = self.reaches.get_or_init(|| all().map(|(_, _, s)| Reach::of(s)).collect());
        let (mut first, mut plain) = (None, self.layers.len() == 1);
        for (index, ((layer, policy, s), reach)) in all().zip(reaches).enumerate() {
            let covers = if actions.concern(index) { reach.covers(resource) } else { Some(false) };
            if covers == Some(false) {
                continue;
            }
            let allows = s.effect == Effect::Allow;
            plain &= allows && covers == Some(true) && s.conditions.is_empty();
            if layer == 0 && allows {
                first = first.or(Some((policy, s.number)));
            }
        }
        match first {
            None => Glance::Never,
            Some((policy, statement)) if plain => Glance::Always { policy, statement },
            Some(_) => Glance::Open,
        }
    }

    /// Whether callers in these worlds may do an action on a resource of some form. The
    /// worlds are made if some statement allows the action on anything.
    pub(super) fn ask(
        &self,
        worlds: impl FnOnce() -> Result<Vec<World>, String>,
        action: &str,
        form: &str,
        not_self: bool,
    ) -> Solution {
        if !self.may_allow(action) {
            return Solution::None(BTreeSet::new());
        }
        let actions = self.actions(action);
        let worlds = match worlds() {
            Ok(worlds) => worlds,
            Err(why) => return Solution::Undecided(why),
        };
        solve(&Question {
            layers: &self.layers,
            controls_from: usize::MAX,
            worlds: &worlds,
            actions: &actions,
            resources: &self.resources(form, &actions),
            not_self,
            focus: None,
            cache: Some(&self.cache),
        })
    }

    fn actions(&self, action: &str) -> Rc<Actions> {
        if let Some(found) = self.actions.borrow().get(action) {
            return Rc::clone(found);
        }
        let found = Rc::new(Actions::only(&self.compiled, [action]));
        self.actions.borrow_mut().insert(action.to_owned(), Rc::clone(&found));
        found
    }

    fn resources(&self, form: &str, actions: &Actions) -> Rc<Resources> {
        let mark = (form.to_owned(), actions.concerned().to_vec());
        if let Some(found) = self.resources.borrow().get(&mark) {
            return Rc::clone(found);
        }
        let mut universe = Pattern::from_text(form, Style::Like);
        if arn_parts(form).is_some_and(|arn| arn.service == "iam") {
            // No name in IAM has a colon.
            universe = universe.without_colons();
        }
        let universes = vec![(Target::Any, universe)];
        let found = Rc::new(Resources::for_actions(&self.layers, universes, actions));
        self.resources.borrow_mut().insert(mark, Rc::clone(&found));
        found
    }
}

/// The first account that the policies' resources are in.
fn mentioned_account(policies: &[&Policy]) -> String {
    policies
        .iter()
        .flat_map(|p| &p.statements)
        .flat_map(|s| s.resources.iter().flat_map(|m| &m.patterns))
        .filter_map(|t| arn_parts(t.text()).map(|a| a.account.to_owned()))
        .find(|a| super::ast::is_account_id(a))
        .unwrap_or_else(|| "111122223333".to_owned())
}

/// A policy that allows everything, for asking what only Denies and limits leave.
static EVERYTHING: LazyLock<Policy> = LazyLock::new(|| {
    use super::ast::Version;
    use super::error::Position;
    let all = || Matcher { negated: false, patterns: vec![Template::new("*", false)] };
    Policy {
        kind: Kind::Identity,
        version: Version::V2012,
        id: None,
        statements: vec![Statement {
            number: 1,
            sid: None,
            effect: Effect::Allow,
            principals: None,
            actions: all(),
            resources: Some(all()),
            conditions: Vec::new(),
            at: Position { line: 1, column: 1 },
        }],
    }
});
