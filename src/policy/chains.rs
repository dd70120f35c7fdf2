//! Chains of roles: from a principal over roles that it can assume to more power.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::ast::{Effect, Policy, Principal, Statement, arn_parts};
use super::classes::ActionPatterns;
use super::identity::{Admin, Bench, Holder, admin, ask};
use super::keys::kind_of;
use super::request::Caller;
use super::s3_parts::Part;
use super::simulate::matches_principal;
use super::solve::Solution;
use super::world::{self, Standing, World};

/// The longest chain that is followed.
pub const MAX_DEPTH: usize = 5;

/// A role that can be a link.
#[derive(Debug, Clone)]
pub struct Role<'a> {
    /// The role with its policies; its `arn` must be set.
    pub holder: Holder<'a>,
    /// Its trust policy.
    pub trust: &'a Policy,
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

/// A chain that ends in an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The steps in order.
    pub links: Vec<Link>,
    /// Whether the last role is administrator-equivalent, or only conditionally.
    pub reaches: Admin,
}

/// Roles with the steps between them, worked out once for all principals.
pub struct RoleGraph<'a> {
    roles: Vec<Role<'a>>,
    admin: Vec<Admin>,
    steps: RefCell<BTreeMap<usize, Steps>>,
}

/// The roles that a principal can assume, by their place in the list.
type Steps = Rc<Vec<(usize, Link)>>;

impl<'a> RoleGraph<'a> {
    /// Judges each role once.
    #[must_use]
    pub fn new(roles: Vec<Role<'a>>) -> Self {
        let admin = roles.iter().map(|r| admin(&r.holder).admin).collect();
        Self { roles, admin, steps: RefCell::default() }
    }

    /// The shortest chain from `start` to each administrator-equivalent role, up to
    /// [`MAX_DEPTH`] steps.
    #[must_use]
    pub fn chains(&self, start: &Holder<'_>) -> Vec<Chain> {
        let mut found = Vec::new();
        let is_start = |r: &Role<'_>| r.holder.arn.is_some() && r.holder.arn == start.arn;
        let mut seen: BTreeSet<usize> =
            self.roles.iter().enumerate().filter(|(_, r)| is_start(r)).map(|(i, _)| i).collect();
        let first = Rc::new(self.steps_of(start));
        let mut queue: VecDeque<(Steps, Vec<Link>)> = VecDeque::from([(first, Vec::new())]);
        while let Some((steps, links)) = queue.pop_front() {
            for (index, link) in steps.iter() {
                if !seen.insert(*index) {
                    continue;
                }
                let mut longer = links.clone();
                longer.push(link.clone());
                let reaches = self.admin.get(*index).copied().unwrap_or(Admin::Unknown);
                if matches!(reaches, Admin::Yes | Admin::Conditional) {
                    found.push(Chain { links: longer.clone(), reaches });
                }
                if longer.len() < MAX_DEPTH {
                    queue.push_back((self.steps_of_role(*index), longer));
                }
            }
        }
        found
    }

    fn steps_of_role(&self, index: usize) -> Steps {
        if let Some(steps) = self.steps.borrow().get(&index) {
            return Rc::clone(steps);
        }
        let steps = self.roles.get(index).map(|r| self.steps_of(&r.holder)).unwrap_or_default();
        let steps = Rc::new(steps);
        self.steps.borrow_mut().insert(index, Rc::clone(&steps));
        steps
    }

    fn steps_of(&self, from: &Holder<'_>) -> Vec<(usize, Link)> {
        let bench = Bench::new(from);
        self.roles
            .iter()
            .enumerate()
            .filter_map(|(index, role)| Some((index, step(&bench, role)?)))
            .collect()
    }
}

/// Whether a principal can assume a role, and by which statements. In one account a trust
/// policy that names the principal is enough; otherwise its own policies have to allow it
/// too. A permissions boundary always limits it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
#[must_use]
pub fn assume(from: &Holder<'_>, role: &Role<'_>) -> Option<Link> {
    step(&Bench::new(from), role)
}

fn step(bench: &Bench<'_>, role: &Role<'_>) -> Option<Link> {
    const ACTION: &str = "sts:AssumeRole";
    let from = bench.holder;
    let from_arn = from.arn.clone()?;
    let to = role.holder.arn.clone()?;
    let caller = Caller::parse(&from_arn)?;
    let admits = |s: &Statement| s.effect == Effect::Allow && matches_principal(s, &caller);
    if from_arn == to || !role.trust.statements.iter().any(admits) {
        return None;
    }
    let (here, there) = (arn_parts(&from_arn)?, arn_parts(&to)?);
    let mut found = None;
    for (standing, conditional) in [(Standing::Strict, false), (Standing::Loose, true)] {
        let Solution::Found(witness) = ask_trust(&caller, role, &to, standing) else { continue };
        found = Some((witness, conditional));
        break;
    }
    let (witness, mut conditional) = found?;
    let statement = role.trust.statements.iter().find(|s| s.number == witness.statement)?;
    let names = statement.principals.iter().flat_map(|p| &p.list).any(|p| match p {
        Principal::Arn(arn) => *arn == from_arn || caller.session_arn().as_ref() == Some(arn),
        Principal::Anyone => true,
        _ => false,
    });
    let mut identity_statement = None;
    if here.account == there.account && names {
        if !bench.not_denied(ACTION, &to) {
            return None;
        }
    } else {
        let none = BTreeMap::new();
        let (statement, limited) =
            [(Standing::Strict, false), (Standing::Loose, true)].into_iter().find_map(
                |(standing, limited)| match bench.allowed(ACTION, &to, standing, &none, false) {
                    Solution::Found(w) => Some(((w.policy, w.statement), limited)),
                    _ => None,
                },
            )?;
        identity_statement = Some(statement);
        conditional |= limited;
    }
    // What was not read may be in the way.
    conditional |= from.boundary == Part::Unknown || !from.unread.is_empty();
    Some(Link {
        from: from_arn,
        to,
        trust_statement: witness.statement,
        identity_statement,
        conditional,
    })
}

fn ask_trust(caller: &Caller, role: &Role<'_>, to: &str, standing: Standing) -> Solution {
    let account = arn_parts(to).map(|a| a.account.to_owned());
    let worlds = world::paths(&[role.trust])
        .into_iter()
        .map(|path| World {
            kind: kind_of(caller, caller.account()),
            caller: caller.clone(),
            path,
            standing,
            partition: arn_parts(to).map_or_else(String::new, |a| a.partition.to_owned()),
            stranger: String::new(),
            own_account: account.clone(),
            now: role.holder.now.and_then(|s| s.checked_mul(1000)),
            chosen: BTreeMap::new(),
        })
        .collect();
    let layers = [vec![role.trust]];
    ask(&layers, &ActionPatterns::new(&layers), worlds, "sts:AssumeRole", to, false)
}
