//! Whether a user or role may do one of some actions: for other services'
//! questions about what runs with a role.

use super::holder::{Gathered, everything};
use crate::inventory::Resource;
use crate::policy;
use crate::services::{Asking, Decided, Witness};

/// What a user or role may do of what was asked.
pub(in crate::services) struct Allowed {
    /// It may do one of the actions, always or under a condition.
    pub(in crate::services) allowed: Decided<bool>,
    /// Each action that it may do, with the policy and statement that allow it.
    pub(in crate::services) allows: Vec<String>,
    /// A request that shows the first of them.
    pub(in crate::services) witness: Option<Witness>,
    /// What was not read, or not decided.
    pub(in crate::services) reasons: Vec<String>,
}

/// Whether all policies of a user or role together, within its permissions
/// boundary, allow one of these actions on some resource of this form. None for
/// what is no user and no role.
pub(in crate::services) fn allowed(
    subject: &Resource,
    asking: &dyn Asking,
    actions: &[&str],
    form: &str,
) -> Option<Allowed> {
    let gathered = Gathered::of(subject, asking)?;
    let found = policy::allowed_actions(&gathered.at_most(everything()), actions, form);
    let complete = gathered.is_complete();
    let mut reasons = if complete { Vec::new() } else { gathered.unread() };
    reasons.extend(found.undecided.iter().map(|(action, why)| format!("{action}: {why}")));
    let decided = match (found.allowed.is_empty(), complete) {
        // Nothing more than was read could allow less.
        (true, _) if found.undecided.is_empty() => Decided::Known(false),
        (false, true) => Decided::Known(true),
        _ => Decided::Unknown(gathered.gaps()),
    };
    let shown = || found.allowed.iter().filter(|_| complete);
    Some(Allowed {
        allowed: decided,
        allows: shown()
            .map(|(action, witness)| {
                let label = gathered.label(witness.policy);
                format!("{action}: {label}, statement {}", witness.statement)
            })
            .collect(),
        witness: shown().next().map(|(_, witness)| Witness::from(witness)),
        reasons,
    })
}
