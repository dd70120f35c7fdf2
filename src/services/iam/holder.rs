//! A user or role with all policies that decide about it, gathered from the
//! inventory for [`crate::policy`].

use super::{AttachedPolicy, Group, InlinePolicy, ManagedPolicy, PermissionsBoundary, Role, User};
use crate::inventory::{Fact, Gaps, Resource, Shape};
use crate::policy::{self, Admin, AdminAnswer, Kind, Part, Policy};
use crate::services::Asking;
use std::sync::{Arc, LazyLock};

/// Allows everything: what a policy that was not read can at most do.
const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

/// Why a policy could not be read.
#[derive(Clone, Debug)]
enum Unread {
    /// Its text is no policy.
    Malformed(String),
    /// Its text is not there; the gaps that hide it.
    Hidden(Gaps),
}

/// Reads the text of a policy that is attached to an identity or a boundary.
pub(super) fn parse(text: &str, label: &str) -> Result<Policy, String> {
    Policy::parse(text, Kind::Identity).map_err(|error| format!("{label} cannot be read: {error}"))
}

fn read(text: &str) -> Result<Arc<Policy>, Unread> {
    let parsed = Policy::parse(text, Kind::Identity);
    parsed.map(Arc::new).map_err(|error| Unread::Malformed(error.to_string()))
}

/// Everything that decides what a user or role may do.
pub(super) struct Gathered<'a> {
    subject: &'a Resource,
    asking: &'a dyn Asking,
    /// The policies that could be read, with what people call each.
    policies: Vec<(String, Arc<Policy>)>,
    boundary: Part<Option<Arc<Policy>>>,
    /// What could not be read, and why.
    unread: Vec<String>,
    /// The gaps behind policies that could not be read.
    gaps: Gaps,
    /// The gaps behind the boundary.
    boundary_gaps: Gaps,
    /// The ARNs of the managed policies that are attached to it or its groups.
    attached: Vec<String>,
    /// The ARNs of its groups.
    groups: Vec<String>,
}

impl<'a> Gathered<'a> {
    /// Gathers for a user or a role; none for anything else.
    pub(super) fn of(subject: &'a Resource, asking: &'a dyn Asking) -> Option<Self> {
        match subject.kind.name {
            "iam.user" => Self::of_user(subject, asking),
            "iam.role" => Self::of_role(subject, asking),
            _ => None,
        }
    }

    /// Gathers for a user: its own policies and those of its groups.
    fn of_user(subject: &'a Resource, asking: &'a dyn Asking) -> Option<Self> {
        let user = User::from_value(&subject.document)?;
        let mut gathered = Self::new(subject, asking);
        gathered.inline(&user.inline_policies, "");
        gathered.attached(&user.attached_policies, "");
        match user.groups {
            Fact::Known(names) => names.iter().for_each(|name| gathered.group(name)),
            Fact::Absent => {}
            Fact::Unknown(gaps) => gathered.hidden("its groups", &gaps),
        }
        gathered.limit(&user.permissions_boundary);
        Some(gathered)
    }

    /// Gathers for a role.
    fn of_role(subject: &'a Resource, asking: &'a dyn Asking) -> Option<Self> {
        let role = Role::from_value(&subject.document)?;
        let mut gathered = Self::new(subject, asking);
        gathered.inline(&role.inline_policies, "");
        gathered.attached(&role.attached_policies, "");
        gathered.limit(&role.permissions_boundary);
        Some(gathered)
    }

    fn new(subject: &'a Resource, asking: &'a dyn Asking) -> Self {
        Self {
            subject,
            asking,
            policies: Vec::new(),
            boundary: Part::Known(None),
            unread: Vec::new(),
            gaps: Gaps::NONE,
            boundary_gaps: Gaps::NONE,
            attached: Vec::new(),
            groups: Vec::new(),
        }
    }

    fn hidden(&mut self, what: &str, gaps: &Gaps) {
        self.unread.push(format!("{what} could not be read"));
        self.gaps = self.gaps.union(gaps);
    }

    fn add(&mut self, policy: Result<Arc<Policy>, Unread>, label: String) {
        match policy {
            Ok(policy) => self.policies.push((label, policy)),
            Err(Unread::Malformed(error)) => {
                self.unread.push(format!("{label} cannot be read: {error}"));
            }
            Err(Unread::Hidden(gaps)) => self.hidden(&label, &gaps),
        }
    }

    fn inline(&mut self, fact: &Fact<Vec<InlinePolicy>>, of: &str) {
        match fact {
            Fact::Known(policies) => {
                for policy in policies {
                    let label = format!("inline policy {}{of}", policy.name);
                    let text = &policy.document;
                    let Inline(read) = &*self.asking.memo().lately(text, || Inline(read(text)));
                    self.add(read.clone(), label);
                }
            }
            Fact::Absent => {}
            Fact::Unknown(gaps) => self.hidden(&format!("inline policies{of}"), gaps),
        }
    }

    fn attached(&mut self, fact: &Fact<Vec<AttachedPolicy>>, of: &str) {
        match fact {
            Fact::Known(policies) => {
                for policy in policies {
                    let label = format!("policy {}{of}", policy.name);
                    self.attached.push(policy.arn.clone());
                    self.add(managed(self.asking, &policy.arn), label);
                }
            }
            Fact::Absent => {}
            Fact::Unknown(gaps) => self.hidden(&format!("attached policies{of}"), gaps),
        }
    }

    fn group(&mut self, name: &str) {
        let (found, missing) = self.asking.find("iam.group", name);
        self.groups.extend(found.map(|group| group.arn.to_string()));
        match found.and_then(|group| Group::from_value(&group.document)) {
            Some(group) => {
                let of = format!(" of group {name}");
                self.inline(&group.inline_policies, &of);
                self.attached(&group.attached_policies, &of);
            }
            None => self.hidden(&format!("group {name}"), &missing),
        }
    }

    fn limit(&mut self, fact: &Fact<PermissionsBoundary>) {
        let boundary = match fact {
            Fact::Known(boundary) => boundary,
            Fact::Absent => return,
            Fact::Unknown(gaps) => {
                self.boundary = Part::Unknown;
                self.boundary_gaps = gaps.clone();
                return;
            }
        };
        self.boundary = match managed(self.asking, &boundary.arn) {
            Ok(policy) => Part::Known(Some(policy)),
            Err(Unread::Malformed(error)) => {
                self.unread.push(format!("the permissions boundary cannot be read: {error}"));
                Part::Unknown
            }
            Err(Unread::Hidden(gaps)) => {
                self.boundary_gaps = gaps;
                Part::Unknown
            }
        };
    }

    /// The user's or role's ARN.
    pub(super) fn arn(&self) -> &str {
        &self.subject.arn
    }

    /// The same, decided once for all who can become this role.
    pub(super) fn decided_once(&self) -> Arc<(AdminAnswer, Gaps)> {
        self.asking.memo().of(self.arn(), || self.decide())
    }

    /// What the policies that were read allow, with what was not read.
    pub(super) fn decide(&self) -> (AdminAnswer, Gaps) {
        let mut answer = policy::admin(&self.at_most(everything()));
        if self.is_complete() {
            return (answer, Gaps::NONE);
        }
        if answer.admin != Admin::No {
            answer = AdminAnswer {
                admin: Admin::Unknown,
                witness: None,
                conditions: Vec::new(),
                reasons: self.unread(),
            };
        }
        (answer, self.gaps())
    }

    /// Whether everything that decides was read.
    pub(super) fn is_complete(&self) -> bool {
        self.unread.is_empty() && self.boundary != Part::Unknown
    }

    /// What was not read, in words.
    pub(super) fn unread(&self) -> Vec<String> {
        let mut unread = self.unread.clone();
        if self.boundary == Part::Unknown {
            unread.push("the permissions boundary could not be read".to_owned());
        }
        unread
    }

    /// The gaps behind it.
    pub(super) fn gaps(&self) -> Gaps {
        self.gaps.union(&self.boundary_gaps)
    }

    /// The policies that were read.
    pub(super) fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.iter().map(|(_, policy)| policy.as_ref())
    }

    /// The holder with the most that it may be able to do: whatever was not read allows
    /// at most everything, and limits nothing. Exact if everything was read.
    pub(super) fn at_most<'p>(&'p self, everything: Option<&'p Policy>) -> policy::Holder<'p> {
        let complete = self.unread.is_empty();
        let mut policies: Vec<&Policy> = self.policies().collect();
        if !complete {
            policies.extend(everything);
        }
        policy::Holder {
            arn: Some(self.subject.arn.to_string()),
            account: Some(self.asking.account().to_owned()),
            policies,
            unread: Vec::new(),
            boundary: match &self.boundary {
                Part::Known(policy) => Part::Known(policy.as_deref()),
                Part::Unknown => Part::Known(None),
            },
            service_control: Part::Unknown,
            resource_control: Part::Unknown,
            attached: complete.then(|| self.attached.clone()),
            groups: complete.then(|| self.groups.clone()),
            now: Some(self.asking.now().as_second()),
        }
    }

    /// What people call a policy, by its place.
    pub(super) fn label(&self, policy: usize) -> &str {
        self.policies.get(policy).map_or("a policy", |(label, _)| label)
    }
}

/// What a policy that was not read can at most allow.
pub(super) fn everything() -> Option<&'static Policy> {
    static PARSED: LazyLock<Option<Policy>> =
        LazyLock::new(|| Policy::parse(EVERYTHING, Kind::Identity).ok());
    PARSED.as_ref()
}

/// An inline policy: one text often stands with many.
struct Inline(Result<Arc<Policy>, Unread>);

/// A managed policy's default version, parsed once for all who hold it; or the
/// gaps that hide it, none if it is not in a complete list.
fn managed(asking: &dyn Asking, arn: &str) -> Result<Arc<Policy>, Unread> {
    struct Managed(Result<Arc<Policy>, Unread>);
    let managed = asking.memo().of(arn, || {
        let (found, missing) = asking.find("iam.policy", arn);
        let policy = found.and_then(|policy| ManagedPolicy::from_value(&policy.document));
        Managed(match policy.map(|policy| policy.default_version) {
            Some(Fact::Known(version)) => read(&version.document),
            Some(Fact::Unknown(gaps)) => Err(Unread::Hidden(gaps)),
            Some(Fact::Absent) => Err(Unread::Hidden(Gaps::NONE)),
            None => Err(Unread::Hidden(missing)),
        })
    });
    managed.0.clone()
}
