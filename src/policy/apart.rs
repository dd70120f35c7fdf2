//! Whether a stranger gets through, where the statements together tell too much apart.

use std::collections::BTreeSet;

use super::ast::{Effect, Kind, Statement};
use super::exposure::Setting;
use super::scene::{Scene, containers, merge};
use super::service::Service;
use super::solve::Solution;

impl Scene<'_> {
    /// Whether a stranger gets through, with these actions or any, by one statement or any.
    pub(super) fn strangers(&self, actions: Option<Vec<String>>, focus: Option<usize>) -> Solution {
        const MOST_RESOURCES: usize = 8;
        if let Some(why) = self.too_large() {
            return Solution::Undecided(why);
        }
        let together = self.strangers_together(actions.clone(), focus);
        if !matches!(together, Solution::Undecided(_)) {
            return together;
        }
        let settings = self.settings();
        if settings.len() > MOST_RESOURCES || self.alone_left.get() == 0 {
            return together;
        }
        self.strangers_apart(&settings, actions.as_ref(), focus)
    }

    /// The same, Allow by Allow: what one of them lets through beside all Denies, all of
    /// them let through, and nothing else. Alone they overlap in fewer ways.
    fn strangers_apart(
        &self,
        settings: &[Setting],
        actions: Option<&Vec<String>>,
        focus: Option<usize>,
    ) -> Solution {
        let is_part = |s: &&Statement| {
            s.effect == Effect::Allow && focus.is_none_or(|number| number == s.number)
        };
        let controls = self.policies.get(1..).unwrap_or_default();
        let mut answer = Solution::None(BTreeSet::new());
        for allow in self.policy.statements.iter().filter(is_part) {
            let mut part = self.policy.clone();
            part.statements.retain(|s| s.effect == Effect::Deny || s.number == allow.number);
            for setting in settings {
                let mut scene = Scene::within(&part, setting, controls);
                scene.own.clone_from(&self.own);
                scene.stranger.clone_from(&self.stranger);
                scene.strangers.clone_from(&self.strangers);
                let alone = scene.strangers_alone(actions);
                if matches!(alone, Solution::Undecided(_)) {
                    self.alone_left.set(self.alone_left.get().saturating_sub(1));
                }
                answer = merge(answer, alone);
                if matches!(answer, Solution::Found(_)) || self.alone_left.get() == 0 {
                    return answer;
                }
            }
        }
        answer
    }

    /// With all actions at once or, if they overlap in too many ways, with the known ones:
    /// a request that gets through is one all the same.
    fn strangers_alone(&self, actions: Option<&Vec<String>>) -> Solution {
        let answer = self.strangers_together(actions.cloned(), None);
        let known = || self.strangers_together(Some(self.actions().to_vec()), None);
        match (&answer, actions) {
            (Solution::Undecided(_), None) => match known() {
                Solution::Found(witness) => Solution::Found(witness),
                _ => answer,
            },
            _ => answer,
        }
    }

    /// The resources that the whole policy can be attached to, one by one.
    fn settings(&self) -> Vec<Setting> {
        let found = match &self.policy.kind {
            Kind::Resource(service @ (Service::S3 | Service::S3AccessPoint)) => {
                containers(self.policy, self.setting, service)
            }
            _ => Vec::new(),
        };
        if found.is_empty() {
            return vec![self.setting.clone()];
        }
        let on = |resource: String| Setting { resource: Some(resource), ..self.setting.clone() };
        found.into_iter().map(on).collect()
    }
}
