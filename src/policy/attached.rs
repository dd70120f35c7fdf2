//! A policy on its resource. What it comes to there is worked out when it is first
//! asked for, and once for all who ask.

use std::sync::{Arc, OnceLock};

use super::ast::Policy;
use super::exposure::{Answer, Exposure, Setting, exposure_in, open_through_access_point, witness};
use super::scene::{ActionSpace, Scene};
use super::solve::Witness;

/// A resource policy where it is attached.
#[derive(Debug)]
pub struct Attached {
    policy: Policy,
    setting: Setting,
    space: Arc<ActionSpace>,
    exposure: OnceLock<Exposure>,
    reads: OnceLock<Option<Witness>>,
    writes: OnceLock<Option<Witness>>,
    delegates: OnceLock<Answer>,
    delegates_reads: OnceLock<Answer>,
    delegates_writes: OnceLock<Answer>,
}

impl Attached {
    /// A policy on the resource of the setting.
    #[must_use]
    pub fn new(policy: Policy, setting: Setting) -> Self {
        let space = Arc::new(ActionSpace::of(&policy));
        Self::with_space(policy, setting, space)
    }

    /// The same with the actions that a policy with the same [`ActionSpace::key`] tells apart.
    #[must_use]
    pub fn with_space(policy: Policy, setting: Setting, space: Arc<ActionSpace>) -> Self {
        Self {
            policy,
            setting,
            space,
            exposure: OnceLock::new(),
            reads: OnceLock::new(),
            writes: OnceLock::new(),
            delegates: OnceLock::new(),
            delegates_reads: OnceLock::new(),
            delegates_writes: OnceLock::new(),
        }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The policy made ready for a question.
    pub(super) fn scene(&self) -> Scene<'_> {
        Scene::with_space(&self.policy, &self.setting, Arc::clone(&self.space))
    }

    /// Who gets through it.
    #[must_use]
    pub fn exposure(&self) -> &Exposure {
        self.exposure.get_or_init(|| exposure_in(&self.scene()))
    }

    /// A request of a stranger that gets through and reads, or writes.
    pub(super) fn witness(&self, writes: bool) -> Option<&Witness> {
        let kept = if writes { &self.writes } else { &self.reads };
        kept.get_or_init(|| witness(&self.scene(), writes)).as_ref()
    }

    /// Whether this policy of a bucket lets strangers in through the access point, or
    /// through any: to read or to write, if one is asked for.
    pub(super) fn delegates(&self, point: Option<&str>, writes: Option<bool>) -> Answer {
        let ask = || open_through_access_point(&self.scene(), point, writes);
        match (point, writes) {
            (Some(_), _) => ask(),
            (None, None) => *self.delegates.get_or_init(ask),
            (None, Some(false)) => *self.delegates_reads.get_or_init(ask),
            (None, Some(true)) => *self.delegates_writes.get_or_init(ask),
        }
    }
}

/// The same policy in the same place.
impl PartialEq for Attached {
    fn eq(&self, other: &Self) -> bool {
        (&self.policy, &self.setting) == (&other.policy, &other.setting)
    }
}

impl Eq for Attached {}
