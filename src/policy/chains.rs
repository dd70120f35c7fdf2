//! The links of a chain of roles: who can assume which.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::ast::{Effect, Policy, Principal, Statement, arn_parts};
use super::bench::{Bench, Decider, Glance};
use super::identity::Holder;
use super::keys::kind_of;
use super::request::Caller;
use super::s3_parts::Part;
use super::simulate::{matches_action, matches_principal};
use super::solve::{Solution, Witness};
use super::world::{self, Standing, World};

/// The longest chain that is followed.
pub const MAX_DEPTH: usize = 5;

/// A role that can be a link.
#[derive(Debug, Clone)]
pub struct Role<'a> {
    /// Its ARN.
    pub arn: &'a str,
    /// Its trust policy.
    pub trust: &'a Policy,
    /// The resource control policies that act on it.
    pub resource_control: Part<Vec<&'a Policy>>,
    /// The time of the question in seconds since 1970; without it any time is possible.
    pub now: Option<i64>,
}

/// One step of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Who assumes.
    pub from: String,
    /// The role that is assumed.
    pub to: String,
    /// The statement of the trust policy that admits the caller.
    pub trust_statement: usize,
    /// The caller's policy (its place in the list) and statement that allow sts:AssumeRole;
    /// none where the trust policy alone is enough.
    pub identity_statement: Option<(usize, usize)>,
    /// Whether a condition outside the caller's control is in the way.
    pub conditional: bool,
}

/// A principal that may assume roles, made ready to be asked about many of them.
pub struct Assuming<'a> {
    bench: Bench<'a>,
    arn: &'a str,
    caller: Caller,
    admitted: RefCell<Admitted>,
}

/// What trust policies say of a caller: by policy, the role's account, time, and whether only
/// statements that name the caller count.
type Admitted =
    HashMap<(*const Policy, String, Option<i64>, bool), Result<Option<(usize, bool)>, String>>;

impl<'a> Assuming<'a> {
    /// The principal, if it is one: its `arn` must be a user's or a role's.
    #[must_use]
    pub fn new(holder: &'a Holder<'a>) -> Option<Self> {
        let arn = holder.arn.as_deref()?;
        let caller = Caller::parse(arn)?;
        Some(Self { bench: Bench::new(holder), arn, caller, admitted: RefCell::default() })
    }

    /// How it can assume a role, if it can. In one account a trust policy that names the
    /// principal is enough; otherwise its own policies have to allow it too. A permissions
    /// boundary always limits it.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
    ///
    /// # Errors
    /// It is not decided; why.
    pub fn assume(&self, role: &Role<'a>) -> Result<Option<Link>, String> {
        let to = role.arn;
        let (Some(here), Some(there)) = (arn_parts(self.arn), arn_parts(to)) else {
            return Ok(None);
        };
        if to == self.arn {
            return Ok(None);
        }
        // Who is named needs no permission of its own: so those statements come first.
        let same_account = here.account == there.account;
        let named = if same_account { self.admitted(role, true)? } else { None };
        let found = match named {
            Some((statement, conditional)) => {
                self.limit(to).map(|limited| (statement, conditional | limited, None))
            }
            None => self.allowed_and_admitted(role)?,
        };
        let Some((trust_statement, mut conditional, identity_statement)) = found else {
            return Ok(None);
        };
        // What was not read may be in the way.
        let holder = self.bench.holder;
        conditional |= holder.boundary == Part::Unknown || !holder.unread.is_empty();
        let (from, to) = (self.arn.to_owned(), to.to_owned());
        Ok(Some(Link { from, to, trust_statement, identity_statement, conditional }))
    }

    /// Whether only under a condition no Deny and no boundary stops it; none if never.
    fn limit(&self, to: &str) -> Option<bool> {
        if self.bench.not_denied(ACTION, to, Standing::Strict) {
            return Some(false);
        }
        self.bench.not_denied(ACTION, to, Standing::Loose).then_some(true)
    }

    /// The statements of the trust policy and of the own policies that let it, with whether
    /// only under a condition. The own policies come first: they are ready, the trust policy
    /// is not.
    fn allowed_and_admitted(&self, role: &Role<'a>) -> Result<Option<Found>, String> {
        let Some((own, limited)) = self.allowed(role.arn)? else { return Ok(None) };
        let trust = self.admitted(role, false)?;
        Ok(trust.map(|(statement, conditional)| (statement, conditional | limited, Some(own))))
    }

    /// The own policy and statement that allow it, and whether only under a condition.
    fn allowed(&self, to: &str) -> Result<Option<Own>, String> {
        match self.bench.glance(ACTION, to) {
            Glance::Never => return Ok(None),
            Glance::Always { policy, statement } => return Ok(Some(((policy, statement), false))),
            Glance::Open => {}
        }
        let none = BTreeMap::new();
        let own = by_standing(|standing| self.bench.allowed(ACTION, to, standing, &none, false))?;
        Ok(own.map(|(own, limited)| ((own.policy, own.statement), limited)))
    }

    /// As [`admits`], once for all roles of an account that share a trust policy: nothing else
    /// of a role is asked for.
    fn admitted(&self, role: &Role<'a>, named: bool) -> Result<Option<(usize, bool)>, String> {
        let account = arn_parts(role.arn).map_or("", |arn| arn.account).to_owned();
        if is_controlled(role) {
            return admits(&self.caller, role, named);
        }
        let mark = (std::ptr::from_ref(role.trust), account, role.now, named);
        if let Some(found) = self.admitted.borrow().get(&mark) {
            return found.clone();
        }
        let found = admits(&self.caller, role, named);
        self.admitted.borrow_mut().insert(mark, found.clone());
        found
    }
}

/// The statement of the trust policy, whether only under a condition, and the own policy and
/// statement.
type Found = (usize, bool, Option<(usize, usize)>);

/// The own policy and statement, and whether only under a condition.
type Own = ((usize, usize), bool);

const ACTION: &str = "sts:AssumeRole";

/// A request that is allowed, and whether only under a condition.
fn by_standing(ask: impl Fn(Standing) -> Solution) -> Result<Option<(Box<Witness>, bool)>, String> {
    for (standing, conditional) in [(Standing::Strict, false), (Standing::Loose, true)] {
        match ask(standing) {
            Solution::Found(witness) => return Ok(Some((witness, conditional))),
            Solution::Undecided(why) => return Err(why),
            Solution::None(_) => {}
        }
    }
    Ok(None)
}

/// The statement of the trust policy that admits the caller, and whether only under a
/// condition; only those that name the caller itself, not its account, if asked for.
fn admits(caller: &Caller, role: &Role<'_>, named: bool) -> Result<Option<(usize, bool)>, String> {
    let admits = |s: &Statement| {
        s.effect == Effect::Allow && matches_principal(s, caller) && (!named || names(s, caller))
    };
    let mut admitting = role.trust.statements.iter().filter(|s| admits(s));
    let Some(first) = admitting.find(|s| matches_action(&s.actions, ACTION)) else {
        return Ok(None);
    };
    if is_free(first) && !may_deny(role) {
        return Ok(Some((first.number, false)));
    }
    let mut trust = role.trust.clone();
    trust.statements.retain(|s| s.effect == Effect::Deny || admits(s));
    let found = by_standing(|standing| ask_trust(caller, role, &trust, standing))?;
    Ok(found.map(|(witness, conditional)| (witness.statement, conditional)))
}

/// Whether a statement asks for nothing beside its principals and actions.
fn is_free(statement: &Statement) -> bool {
    statement.conditions.is_empty() && statement.resources.is_none()
}

/// Whether resource control policies act on it.
fn is_controlled(role: &Role<'_>) -> bool {
    matches!(&role.resource_control, Part::Known(list) if !list.is_empty())
}

/// Whether something may stand against a statement of the trust policy.
fn may_deny(role: &Role<'_>) -> bool {
    is_controlled(role) || role.trust.statements.iter().any(|s| s.effect == Effect::Deny)
}

/// Whether a statement names the caller, and not only its account.
fn names(statement: &Statement, caller: &Caller) -> bool {
    let arns = [caller.principal_arn(), caller.session_arn()];
    statement.principals.iter().flat_map(|p| &p.list).any(|p| match p {
        Principal::Arn(arn) => arns.iter().flatten().any(|own| own == arn),
        Principal::Anyone => true,
        _ => false,
    })
}

fn ask_trust(caller: &Caller, role: &Role<'_>, trust: &Policy, standing: Standing) -> Solution {
    let mut policies = vec![trust];
    if let Part::Known(controls) = &role.resource_control {
        policies.extend(controls);
    }
    let arn = arn_parts(role.arn);
    let worlds: Vec<World> = world::paths(&policies)
        .into_iter()
        .map(|path| World {
            kind: kind_of(caller, caller.account()),
            caller: caller.clone(),
            path,
            standing,
            partition: arn.map_or_else(String::new, |a| a.partition.to_owned()),
            stranger: String::new(),
            own_account: arn.map(|a| a.account.to_owned()),
            now: role.now.and_then(|s| s.checked_mul(1000)),
            chosen: BTreeMap::new(),
        })
        .collect();
    Decider::new(vec![policies]).ask(|| Ok(worlds), ACTION, role.arn, false)
}
