//! Which of some actions a user or role may do.

use std::collections::BTreeMap;

use super::bench::Bench;
use super::identity::Holder;
use super::solve::{Solution, Witness};
use super::world::Standing;

/// Which actions are allowed, each with a request that shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedActions {
    /// Allowed, always or under a condition that the caller does not control.
    pub allowed: Vec<(String, Witness)>,
    /// Not decided, with the reason.
    pub undecided: Vec<(String, String)>,
}

/// Which of these actions all policies of a holder together allow on some resource of a
/// form (an ARN with wildcards).
#[must_use]
pub fn allowed_actions(holder: &Holder<'_>, actions: &[&str], form: &str) -> AllowedActions {
    let bench = Bench::new(holder);
    let mut answer = AllowedActions::default();
    for action in actions {
        let name = || (*action).to_owned();
        match bench.allowed(action, form, Standing::Loose, &BTreeMap::new(), false) {
            Solution::Found(witness) => answer.allowed.push((name(), *witness)),
            Solution::Undecided(why) => answer.undecided.push((name(), why)),
            Solution::None(_) => {}
        }
    }
    answer
}
