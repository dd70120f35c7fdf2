//! What a user or role may do by all its policies together: administrator-equivalent?
//!
//! A principal is administrator-equivalent if it may do what no list names (an action
//! nobody has heard of, on a resource nobody has named) and can grant itself the rest, or
//! if it may grant anything to anybody ([`GRANTS`], all of them, on any resource).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::actions::Target;
use super::ast::{Effect, Kind, Matcher, Policy, Statement, arn_parts};
use super::callers;
use super::classes::{ActionPatterns, Actions, Resources, statements};
use super::control;
use super::keys::{self, kind_of};
use super::pattern::{Pattern, Style, Template};
use super::prepare::Cache;
use super::request::Caller;
use super::s3_parts::Part;
use super::solve::{Question, Solution, Witness, solve};
use super::world::{self, Standing, World};

/// The actions that give permissions, with the resource each acts on.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html>
pub const GRANTS: [(&str, &str); 7] = [
    ("iam:AttachRolePolicy", "role"),
    ("iam:AttachUserPolicy", "user"),
    ("iam:AttachGroupPolicy", "group"),
    ("iam:PutRolePolicy", "role"),
    ("iam:PutUserPolicy", "user"),
    ("iam:PutGroupPolicy", "group"),
    ("iam:CreatePolicyVersion", "policy"),
];

/// A name that stands for all that a policy does not mention.
const UNNAMED: &str = "any-name-at-all";

/// A user or role with all that decides about it.
#[derive(Debug, Clone)]
pub struct Holder<'a> {
    /// Its ARN; without it any user or role of the account.
    pub arn: Option<String>,
    /// Its account.
    pub account: Option<String>,
    /// Attached, inline and the groups' policies, in an order the caller knows.
    pub policies: Vec<&'a Policy>,
    /// Names of policies that could not be read.
    pub unread: Vec<String>,
    /// The permissions boundary.
    pub boundary: Part<Option<&'a Policy>>,
    /// Service control policies, level by level; each level must allow.
    pub service_control: Part<Vec<Vec<&'a Policy>>>,
    /// Resource control policies (see [`resource_control`](super::resource_control)).
    pub resource_control: Part<Vec<&'a Policy>>,
    /// The customer-managed policies attached to it or its groups, by ARN, if known.
    pub attached: Option<Vec<String>>,
    /// Its groups, by ARN, if known.
    pub groups: Option<Vec<String>>,
    /// The time of the question in seconds since 1970.
    pub now: Option<i64>,
}

impl<'a> Holder<'a> {
    /// A single policy, whoever it is attached to.
    #[must_use]
    pub fn of_policy(policy: &'a Policy, account: Option<String>, now: Option<i64>) -> Self {
        Self {
            arn: None,
            account,
            policies: vec![policy],
            unread: Vec::new(),
            boundary: Part::Known(None),
            service_control: Part::Unknown,
            resource_control: Part::Unknown,
            attached: None,
            groups: None,
            now,
        }
    }
}

impl Holder<'_> {
    /// What is not known of the organization's policies, in words.
    #[must_use]
    pub fn organization_not_seen(&self) -> Option<&'static str> {
        let service = self.service_control == Part::Unknown;
        match (service, self.resource_control == Part::Unknown) {
            (true, true) => Some("organization policies not seen"),
            (true, false) => Some("service control policies not seen"),
            (false, true) => Some("resource control policies not seen"),
            (false, false) => None,
        }
    }
}

/// Whether a principal is administrator-equivalent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Admin {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Where a condition holds that the caller does not control.
    Conditional,
    /// It cannot be said.
    Unknown,
}

impl Admin {
    /// `yes`, `no`, `conditional` or `unknown`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Conditional => "conditional",
            Self::Unknown => "unknown",
        }
    }
}

/// The answer, and what decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminAnswer {
    /// The answer.
    pub admin: Admin,
    /// One request that shows the power, with the policy (its place in the list) and the
    /// statement that allow it.
    pub witness: Option<Witness>,
    /// The conditions of that statement, as text: evidence for "conditional".
    pub conditions: Vec<String>,
    /// What decided, what limits, what was not seen.
    pub reasons: Vec<String>,
}

/// Whether all policies of a user or role together make it administrator-equivalent.
#[must_use]
pub fn admin(holder: &Holder<'_>) -> AdminAnswer {
    judge(holder, true)
}

/// Whether a single policy allows everything: any action on any resource.
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-1>
#[must_use]
pub fn full_admin(policy: &Policy) -> AdminAnswer {
    judge(&Holder::of_policy(policy, None, None), false)
}

fn judge(holder: &Holder<'_>, by_grants: bool) -> AdminAnswer {
    let bench = Bench::new(holder);
    let mut reasons = Vec::new();
    let mut answer = None;
    for (standing, admin) in [(Standing::Strict, Admin::Yes), (Standing::Loose, Admin::Conditional)]
    {
        match bench.is_admin(standing, by_grants) {
            Ok(Ok((witness, why))) => {
                reasons.push(why);
                answer = Some((admin, Some(witness)));
                break;
            }
            Ok(Err(limits)) => {
                if standing == Standing::Loose {
                    reasons.extend(limits);
                    answer = Some((Admin::No, None));
                }
            }
            Err(why) => {
                reasons.push(format!("not decided: {why}"));
                answer = Some((Admin::Unknown, None));
                break;
            }
        }
    }
    let (mut admin, witness) = answer.unwrap_or((Admin::Unknown, None));
    if !holder.unread.is_empty() {
        reasons.push(format!("policies that were not read: {}", holder.unread.join(", ")));
        admin = Admin::Unknown;
    }
    if holder.boundary == Part::Unknown && admin != Admin::No {
        reasons.push("the permissions boundary was not read".to_owned());
        admin = Admin::Unknown;
    }
    reasons.extend(holder.organization_not_seen().map(str::to_owned));
    let conditions = witness.as_ref().map(|w| bench.conditions_of(w)).unwrap_or_default();
    AdminAnswer { admin, witness, conditions, reasons }
}

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

type Shown = (Witness, String);

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
        const REGION: &str = "aws:requestedregion";
        let callers = self.callers.clone()?;
        let layers = &self.decider(action).layers;
        let policies: Vec<&Policy> = layers.iter().flatten().copied().collect();
        let mut chosen = chosen.clone();
        if let Some(region) = keys::only_region(action, &self.partition)
            && policies.iter().any(|p| p.asks_for(REGION))
        {
            chosen.insert(REGION.to_owned(), Some(region.to_owned()));
        }
        Ok(world::paths(&policies)
            .into_iter()
            .flat_map(|path| callers.iter().map(move |c| (path, c.clone())))
            .map(|(path, caller)| World {
                kind: kind_of(&caller, Some(&self.account)),
                caller,
                path,
                standing,
                partition: self.partition.clone(),
                stranger: self.stranger.clone(),
                own_account: Some(self.account.clone()),
                now: self.holder.now.and_then(|s| s.checked_mul(1000)),
                chosen: chosen.clone(),
            })
            .collect())
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
        match self.worlds(action, standing, chosen) {
            Ok(worlds) => self.decider(action).ask(worlds, action, form, not_self),
            Err(why) => Solution::Undecided(why),
        }
    }

    /// Whether an action could be done if another policy allowed it: no Deny, and within
    /// boundary and organisation.
    pub(super) fn not_denied(&self, action: &str, form: &str, standing: Standing) -> bool {
        let everything = allow_everything();
        let Ok(worlds) = self.worlds(action, standing, &BTreeMap::new()) else { return true };
        let mut layers: Vec<Vec<&Policy>> = self.decider(action).layers.clone();
        if let Some(first) = layers.first_mut() {
            first.push(&everything);
        }
        let answer = Decider::new(layers).ask(worlds, action, form, false);
        !matches!(answer, Solution::None(_))
    }

    /// A witness and why, or the limits; an error if undecided.
    fn is_admin(
        &self,
        standing: Standing,
        by_grants: bool,
    ) -> Result<Result<Shown, Vec<String>>, String> {
        let none = BTreeMap::new();
        let mut limits = Vec::new();
        let mut held = Vec::new();
        for (action, class) in GRANTS {
            let form = self.iam_arn(class, UNNAMED);
            match self.allowed(action, &form, standing, &none, false) {
                Solution::Found(witness) => held.push(*witness),
                Solution::None(why) => {
                    if why.is_empty() {
                        limits.push(format!("{action} on any {class} is not allowed"));
                    }
                    limits.extend(why.into_iter().map(|w| format!("{action}: {w}")));
                }
                Solution::Undecided(why) => return Err(why),
            }
        }
        let complete = held.len() == GRANTS.len();
        let Some(witness) = held.into_iter().next() else { return Ok(Err(limits)) };
        if complete && by_grants {
            let why = "may give any permission to any user, group and role".to_owned();
            return Ok(Ok((witness, why)));
        }
        let form = format!("arn:{}:unheard-of:::{UNNAMED}", self.partition);
        match self.allowed("unheard-of:Anything", &form, standing, &none, false) {
            Solution::Found(_) => {
                let why = format!("may do anything, {} among it", witness.request.action);
                Ok(Ok((witness, why)))
            }
            Solution::Undecided(why) => Err(why),
            Solution::None(why) => {
                limits.extend(why);
                limits.push("only listed actions or resources are allowed".to_owned());
                Ok(Err(limits))
            }
        }
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

type Classes = HashMap<(String, Vec<bool>), Rc<Result<Resources, String>>>;

/// Layers of policies made ready for questions on single actions.
pub(super) struct Decider<'a> {
    layers: Vec<Vec<&'a Policy>>,
    compiled: ActionPatterns,
    cache: Cache<'a>,
    /// The classes of resources by form and by the statements that matter.
    resources: RefCell<Classes>,
}

impl<'a> Decider<'a> {
    pub(super) fn new(layers: Vec<Vec<&'a Policy>>) -> Self {
        let compiled = ActionPatterns::new(&layers);
        Self { layers, compiled, cache: Cache::default(), resources: RefCell::default() }
    }

    /// Whether callers in these worlds may do an action on a resource of some form.
    pub(super) fn ask(
        &self,
        worlds: Vec<World>,
        action: &str,
        form: &str,
        not_self: bool,
    ) -> Solution {
        let layers = &self.layers;
        let actions = Actions::only(&self.compiled, vec![action.to_owned()]);
        let allowed = statements(layers).enumerate().any(|(i, (layer, _, s))| {
            layer == 0 && s.effect == Effect::Allow && actions.concern(i)
        });
        if !allowed {
            return Solution::None(BTreeSet::new());
        }
        match &*self.resources(form, &actions) {
            Ok(resources) => solve(&Question {
                layers,
                controls_from: usize::MAX,
                worlds,
                actions: &actions,
                resources,
                not_self,
                focus: None,
                cache: Some(&self.cache),
            }),
            Err(why) => Solution::Undecided(why.clone()),
        }
    }

    fn resources(&self, form: &str, actions: &Actions) -> Rc<Result<Resources, String>> {
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
fn allow_everything() -> Policy {
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
}

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
