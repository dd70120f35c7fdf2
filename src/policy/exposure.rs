//! Who outside the account gets through a resource or trust policy.

use super::actions;
use super::ast::{Effect, Policy, Principal, Statement, arn_parts};
use super::callers;
use super::outside::{self, Outside};
use super::pattern::Style;
use super::public;
use super::scene::Scene;
use super::solve::{Solution, Witness};
use super::world::Standing;

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
    /// Whether what AWS calls public includes an action that writes, by AWS's access
    /// levels: any but "Read" and "List", so that to decrypt with a key and to subscribe to
    /// a topic count, too.
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
    exposure_within(policy, setting, &[])
}

/// The same within the resource control policies of the resource's organization. AWS's
/// word "public" does not know them.
#[must_use]
pub fn exposure_within(policy: &Policy, setting: &Setting, controls: &[&Policy]) -> Exposure {
    exposure_in(&Scene::within(policy, setting, controls))
}

pub(super) fn exposure_in(scene: &Scene<'_>) -> Exposure {
    let policy = scene.policy;
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
                Answer::from(statements.any(|s| has_action(scene, s, writes)))
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
                let anyone = policy.statements.iter().any(names_anyone);
                reasons.push(
                    match anyone {
                        true => "no request that an Allow for everybody describes can be made",
                        false => "no Allow names anyone but fixed principals",
                    }
                    .to_owned(),
                );
            }
            reasons.extend(limits);
            (Answer::No, None)
        }
        Solution::Undecided(why) => {
            reasons.push(format!("not decided: {why}"));
            (Answer::Unknown, None)
        }
    };
    let outside = outside::list(scene);
    let mut seen = std::collections::BTreeSet::new();
    reasons.retain(|r| seen.insert(r.clone()));
    Exposure { public, public_write, public_read, reachable, outside, witness, reasons }
}

/// A request of a stranger that gets through with an action that reads, or writes.
pub(super) fn witness(scene: &Scene<'_>, writes: bool) -> Option<Witness> {
    let actions =
        scene.actions().iter().filter(|a| actions::writes(a) == writes).cloned().collect();
    match scene.strangers(Some(actions), None) {
        Solution::Found(witness) => Some(*witness),
        _ => None,
    }
}

/// Whether a bucket policy lets strangers in through this access point of the account, or
/// through any: with an action that reads or writes, if one is asked for.
pub(super) fn open_through_access_point(
    scene: &Scene<'_>,
    arn: Option<&str>,
    writes: Option<bool>,
) -> Answer {
    let only = writes.map(|writes| {
        scene.actions().iter().filter(|a| actions::writes(a) == writes).cloned().collect()
    });
    let Ok(mut worlds) = callers::strangers(scene) else { return Answer::Unknown };
    for world in &mut worlds {
        let mut set = |key: &str, value: Option<String>| {
            world.chosen.insert(key.to_owned(), value);
        };
        let parts = arn.and_then(arn_parts);
        let account = parts.map(|a| a.account.to_owned()).or_else(|| scene.setting.account.clone());
        if let Some(account) = account {
            set("s3:dataaccesspointaccount", Some(account));
        }
        if let Some(arn) = arn {
            set("s3:dataaccesspointarn", Some(arn.to_owned()));
        } else {
            world.standing = Standing::Named;
        }
        set("s3:accesspointnetworkorigin", Some("Internet".to_owned()));
    }
    match scene.ask(&worlds, only, None) {
        Solution::Found(_) => Answer::Yes,
        Solution::None(_) => Answer::No,
        Solution::Undecided(_) => Answer::Unknown,
    }
}

/// Whether an Allow is for everybody.
fn names_anyone(statement: &Statement) -> bool {
    statement.effect == Effect::Allow
        && statement.principals.as_ref().is_some_and(|principals| {
            principals.list.contains(&Principal::Anyone) != principals.negated
        })
}

/// Whether a statement allows an action of the kind, leaving Denies aside.
fn has_action(scene: &Scene<'_>, statement: &Statement, writes: bool) -> bool {
    let of_kind = |name: &str| actions::writes(name) == writes;
    if statement.actions.negated {
        let mut known = scene.actions().iter();
        return known.any(|a| super::simulate::matches_action(&statement.actions, a) && of_kind(a));
    }
    statement.actions.patterns.iter().any(|template| {
        let Some(pattern) = template.compile(Style::Action, &|_| None) else { return false };
        let known: Vec<&String> = scene.actions().iter().filter(|a| pattern.matches(a)).collect();
        // Of what is in no table the first word of its name has to tell.
        let unknown = || of_kind(template.text().trim_end_matches(['*', '?']));
        known.iter().any(|a| of_kind(a)) || (known.is_empty() && unknown())
    })
}
