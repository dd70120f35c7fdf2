//! Chains of roles: from a principal over roles that it can assume to more power.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::ast::{Policy, Principal, arn_parts};
use super::identity::{Admin, Bench, Holder, admin, ask};
use super::keys::kind_of;
use super::request::Caller;
use super::s3::Part;
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

/// The shortest chain from `start` to each administrator-equivalent role among `roles`, up
/// to [`MAX_DEPTH`] steps.
#[must_use]
pub fn chains(start: &Holder<'_>, roles: &[Role<'_>]) -> Vec<Chain> {
    let mut found = Vec::new();
    let mut seen: BTreeSet<&str> = start.arn.as_deref().into_iter().collect();
    let mut queue: VecDeque<(&Holder<'_>, Vec<Link>)> = VecDeque::from([(start, Vec::new())]);
    while let Some((from, links)) = queue.pop_front() {
        if links.len() >= MAX_DEPTH {
            continue;
        }
        for role in roles {
            let Some(arn) = role.holder.arn.as_deref() else { continue };
            if seen.contains(arn) {
                continue;
            }
            let Some(link) = assume(from, role) else { continue };
            seen.insert(arn);
            let mut longer = links.clone();
            longer.push(link);
            let reaches = admin(&role.holder).admin;
            if matches!(reaches, Admin::Yes | Admin::Conditional) {
                found.push(Chain { links: longer.clone(), reaches });
            }
            queue.push_back((&role.holder, longer));
        }
    }
    found
}

/// Whether a principal can assume a role, and by which statements. In one account a trust
/// policy that names the principal is enough; otherwise its own policies have to allow it
/// too. A permissions boundary always limits it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
#[must_use]
pub fn assume(from: &Holder<'_>, role: &Role<'_>) -> Option<Link> {
    const ACTION: &str = "sts:AssumeRole";
    let from_arn = from.arn.clone()?;
    let to = role.holder.arn.clone()?;
    let caller = Caller::parse(&from_arn)?;
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
        Principal::Arn(arn) => {
            *arn == from_arn || caller.session_arn().as_ref() == Some(arn)
        }
        Principal::Anyone => true,
        _ => false,
    });
    let bench = Bench::new(from);
    let enough = here.account == there.account && names;
    let mut identity_statement = None;
    if enough {
        if !bench.not_denied(ACTION, &to) {
            return None;
        }
    } else {
        let none = BTreeMap::new();
        let (statement, limited) = [(Standing::Strict, false), (Standing::Loose, true)]
            .into_iter()
            .find_map(|(standing, limited)| {
                match bench.allowed(ACTION, &to, standing, &none, false) {
                    Solution::Found(w) => Some(((w.policy, w.statement), limited)),
                    _ => None,
                }
            })?;
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
    ask(&[vec![role.trust]], worlds, "sts:AssumeRole", to, false)
}
