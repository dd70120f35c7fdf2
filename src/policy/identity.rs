//! What a user or role may do by all its policies together: administrator-equivalent?
//!
//! A principal is administrator-equivalent if it may do what no list names (an action
//! nobody has heard of, on a resource nobody has named) and can grant itself the rest, or
//! if it may grant anything to anybody ([`GRANTS`], all of them, on any resource).

use std::collections::BTreeMap;

use super::ast::Policy;
use super::bench::Bench;
use super::s3_parts::Part;
use super::solve::{Solution, Witness};
use super::world::Standing;

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
pub(super) const UNNAMED: &str = "any-name-at-all";

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
        match is_admin(&bench, standing, by_grants) {
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

type Shown = (Witness, String);

/// A witness and why, or the limits; an error if undecided.
fn is_admin(
    bench: &Bench<'_>,
    standing: Standing,
    by_grants: bool,
) -> Result<Result<Shown, Vec<String>>, String> {
    let none = BTreeMap::new();
    let mut limits = Vec::new();
    let mut held = Vec::new();
    for (action, class) in GRANTS {
        let form = bench.iam_arn(class, UNNAMED);
        match bench.allowed(action, &form, standing, &none, false) {
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
    let form = format!("arn:{}:unheard-of:::{UNNAMED}", bench.partition);
    match bench.allowed("unheard-of:Anything", &form, standing, &none, false) {
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
