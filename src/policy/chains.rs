//! The links of a chain of roles: who can assume which.

use std::collections::BTreeMap;

use super::ast::{Effect, Policy, Principal, Statement, arn_parts};
use super::bench::{Bench, Decider};
use super::identity::Holder;
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

/// Whether a principal can assume a role, and by which statements. In one account a trust
/// policy that names the principal is enough; otherwise its own policies have to allow it
/// too. A permissions boundary always limits it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
#[must_use]
pub fn assume(from: &Holder<'_>, role: &Role<'_>) -> Option<Link> {
    const ACTION: &str = "sts:AssumeRole";
    let bench = Bench::new(from);
    let from_arn = from.arn.clone()?;
    let to = role.holder.arn.clone()?;
    let caller = Caller::parse(&from_arn)?;
    if from_arn == to {
        return None;
    }
    let (here, there) = (arn_parts(&from_arn)?, arn_parts(&to)?);
    let same_account = here.account == there.account;
    // Who is named needs no permission of its own: so those statements come first.
    let (found, named) = match same_account.then(|| admits(&caller, role, &to, true)).flatten() {
        Some(found) => (found, true),
        None => (admits(&caller, role, &to, false)?, false),
    };
    let (trust_statement, mut conditional) = found;
    let mut identity_statement = None;
    if named {
        if !bench.not_denied(ACTION, &to, Standing::Strict) {
            conditional = true;
            if !bench.not_denied(ACTION, &to, Standing::Loose) {
                return None;
            }
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
    Some(Link { from: from_arn, to, trust_statement, identity_statement, conditional })
}

/// The statement of the trust policy that admits the caller, and whether only under a
/// condition; only those that name the caller itself, not its account, if asked for.
fn admits(caller: &Caller, role: &Role<'_>, to: &str, named: bool) -> Option<(usize, bool)> {
    let admits = |s: &Statement| {
        s.effect == Effect::Allow && matches_principal(s, caller) && (!named || names(s, caller))
    };
    if !role.trust.statements.iter().any(admits) {
        return None;
    }
    let mut trust = role.trust.clone();
    trust.statements.retain(|s| s.effect == Effect::Deny || admits(s));
    [(Standing::Strict, false), (Standing::Loose, true)].into_iter().find_map(
        |(standing, conditional)| match ask_trust(caller, role, &trust, to, standing) {
            Solution::Found(witness) => Some((witness.statement, conditional)),
            _ => None,
        },
    )
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

fn ask_trust(
    caller: &Caller,
    role: &Role<'_>,
    trust: &Policy,
    to: &str,
    standing: Standing,
) -> Solution {
    let mut policies = vec![trust];
    if let Part::Known(controls) = &role.holder.resource_control {
        policies.extend(controls);
    }
    let arn = arn_parts(to);
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
            now: role.holder.now.and_then(|s| s.checked_mul(1000)),
            chosen: BTreeMap::new(),
        })
        .collect();
    Decider::new(vec![policies]).ask(&worlds, "sts:AssumeRole", to, false)
}
