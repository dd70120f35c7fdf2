//! What rules may ask about identities and their policies. Everything that a
//! policy decides is asked of [`crate::policy`].

use super::escalation::escalation;
use super::federation::{Federation, federation};
use super::holder::{Gathered, parse};
use super::initial_keys::{ActiveKey, active_keys};
use super::inline::permissive_inline;
use super::provider::is_provider_role;
use super::trust;
use super::{AttachedPolicy, Group, ManagedPolicy, Role, User};
use crate::inventory::{Fact, Gaps, Partial, Resource, Shape, Value};
use crate::policy::{self, Admin, AdminAnswer, Policy};
use crate::record;
use crate::services::{Asking, Decided, Question, Witness};
use std::collections::HashMap;

record! {
    /// Whether someone or something is administrator.
    pub struct Administrator {
        /// It is, always or under a condition.
        "admin" => admin: Decided<bool>,
        /// It is only under a condition that the caller does not control.
        "conditional" => conditional: Decided<bool>,
        /// What allows it: the policy and the statement.
        "allows" => allows: Vec<String>,
        /// The conditions of that statement.
        "conditions" => conditions: Vec<String>,
        /// A request that shows it.
        "witness" => witness: Option<Witness>,
        /// What decided, what limits, or what was not read.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// Inline policies that allow far too much.
    pub struct PermissiveInline {
        /// There is one.
        "permissive" => permissive: Decided<bool>,
        /// All of them have conditions.
        "conditional" => conditional: Decided<bool>,
        /// Which, and what each allows.
        "policies" => policies: Vec<String>,
        /// A request that shows it.
        "witness" => witness: Option<Witness>,
        /// Their conditions.
        "conditions" => conditions: Vec<String>,
        /// What could not be read.
        "unread" => unread: Vec<String>,
    }
}

record! {
    /// Statements that allow all actions of a service.
    pub struct WildcardActions {
        /// There is one.
        "wildcard" => wildcard: Decided<bool>,
        /// What they allow.
        "allows" => allows: Vec<String>,
        /// Why it cannot be said.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// Whether a user or role can raise its own privileges.
    pub struct Escalation {
        /// It can, always or under a condition.
        "escalates" => escalates: Decided<bool>,
        /// It can only under a condition that it does not control.
        "conditional" => conditional: Decided<bool>,
        /// Each way: its name, its actions, and the statements that allow them.
        "steps" => steps: Vec<String>,
        /// The conditions of these statements.
        "conditions" => conditions: Vec<String>,
        /// A request that shows the first way.
        "witness" => witness: Option<Witness>,
        /// What was not decided, and what was not seen.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// Who may assume a role.
    pub struct OpenTrust {
        /// Any AWS account may.
        "open" => open: Decided<bool>,
        /// A request of such an account.
        "witness" => witness: Option<Witness>,
        /// What decided.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// How a trust policy limits one kind of outsider.
    pub struct TrustLimits {
        /// The trust policy lets in someone of this kind.
        "concerned" => concerned: Decided<bool>,
        /// All of them are limited.
        "limited" => limited: Decided<bool>,
        /// Who is not.
        "principals" => principals: Vec<String>,
        /// A request of one of them.
        "witness" => witness: Option<Witness>,
        /// Which statement, and what is missing.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// How a trust policy limits the issuers of EKS clusters.
    pub struct ClusterTrust {
        /// The trust policy names the issuer of a cluster.
        "concerned" => concerned: Decided<bool>,
        /// Whom it lets in: one `service account` or several by name, `several` that
        /// fit a pattern, or every one of the `cluster`.
        "subject" => subject: Decided<String>,
        /// The audience is limited, here or by the provider.
        "audience" => audience: Decided<bool>,
        /// The issuers.
        "issuers" => issuers: Vec<String>,
        /// Which statement, and what is missing.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// To whom a policy is attached.
    pub struct Attachments {
        /// All users, groups and roles.
        "identities" => identities: Partial<String>,
        /// Those that can be changed in this account.
        "changeable" => changeable: Partial<String>,
    }
}

const USER: (&str, &[&str]) = (
    "iam.user",
    &["UserPolicyList", "AttachedManagedPolicies", "GroupList", "PermissionsBoundary"],
);
const ROLE: (&str, &[&str]) =
    ("iam.role", &["RolePolicyList", "AttachedManagedPolicies", "PermissionsBoundary"]);
const GROUP: (&str, &[&str]) = ("iam.group", &["GroupPolicyList", "AttachedManagedPolicies"]);
const TRUST: &[(&str, &[&str])] = &[("iam.role", &["AssumeRolePolicyDocument"])];
const ATTACHED: &[(&str, &[&str])] = &[
    ("iam.user", &["AttachedManagedPolicies"]),
    ("iam.group", &["AttachedManagedPolicies"]),
    ("iam.role", &["AttachedManagedPolicies", "Path", "AssumeRolePolicyDocument"]),
];
const DEFAULT_VERSION: (&str, &[&str]) = ("iam.policy", &["PolicyVersion"]);

/// The questions about identities and policies.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "iam.admin",
        doc: "Whether all policies of a user (its groups' too) or role together, within its \
              permissions boundary, make it administrator-equivalent.",
        subjects: &["iam.user", "iam.role"],
        reads: &[USER, ROLE],
        looks_up: &[GROUP, DEFAULT_VERSION],
        returns: Administrator::shape,
        answer: admin,
    },
    Question {
        name: "iam.policy_admin",
        doc: "Whether a managed policy by itself allows everything on everything.",
        subjects: &["iam.policy"],
        reads: &[DEFAULT_VERSION],
        looks_up: &[],
        returns: Administrator::shape,
        answer: policy_admin,
    },
    Question {
        name: "iam.service_wildcard",
        doc: "Whether a managed policy has an Allow of all actions of a service, or an Allow with \
              NotAction; on what and under which conditions does not matter.",
        subjects: &["iam.policy"],
        reads: &[DEFAULT_VERSION],
        looks_up: &[],
        returns: WildcardActions::shape,
        answer: service_wildcard,
    },
    Question {
        name: "iam.permissive_inline",
        doc: "Whether an inline policy allows everything, or a whole service, on all resources.",
        subjects: &["iam.user", "iam.group", "iam.role"],
        reads: &[
            ("iam.user", &["UserPolicyList"]),
            ("iam.group", &["GroupPolicyList"]),
            ("iam.role", &["RolePolicyList"]),
        ],
        looks_up: &[],
        returns: PermissiveInline::shape,
        answer: permissive_inline,
    },
    Question {
        name: "iam.trust",
        doc: "Whether a role's trust policy lets any AWS account assume it.",
        subjects: &["iam.role"],
        reads: TRUST,
        looks_up: &[],
        returns: OpenTrust::shape,
        answer: trust::open,
    },
    Question {
        name: "iam.trust_accounts",
        doc: "Whether every other account that a role's trust policy lets in as a whole has to \
              send an external id; accounts that the tenants file calls known aside.",
        subjects: &["iam.role"],
        reads: TRUST,
        looks_up: &[],
        returns: TrustLimits::shape,
        answer: trust::accounts,
    },
    Question {
        name: "iam.trust_federation",
        doc: "Whether a role's trust policy limits every OIDC and SAML provider so that no \
              stranger can meet the limit; issuers of EKS clusters aside.",
        subjects: &["iam.role"],
        reads: TRUST,
        looks_up: &[("iam.oidc-provider", &["ClientIDList"])],
        returns: TrustLimits::shape,
        answer: trust::federation,
    },
    Question {
        name: "iam.trust_services",
        doc: "Whether a role's trust policy limits for whom an AWS service may use the role, for \
              services that send the source.",
        subjects: &["iam.role"],
        reads: TRUST,
        looks_up: &[],
        returns: TrustLimits::shape,
        answer: trust::services,
    },
    Question {
        name: "iam.trust_clusters",
        doc: "Whether a role's trust policy limits the issuers of EKS clusters to service accounts \
              and to an audience.",
        subjects: &["iam.role"],
        reads: TRUST,
        looks_up: &[("iam.oidc-provider", &["ClientIDList"])],
        returns: ClusterTrust::shape,
        answer: trust::clusters,
    },
    Question {
        name: "iam.escalation",
        doc: "Whether a user or role can raise its own privileges by the policies that it holds, \
              or reach an administrator over roles that it can assume.",
        subjects: &["iam.user", "iam.role"],
        reads: &[USER, ROLE],
        looks_up: &[
            GROUP,
            DEFAULT_VERSION,
            (
                "iam.role",
                &[
                    "AssumeRolePolicyDocument",
                    "RolePolicyList",
                    "AttachedManagedPolicies",
                    "PermissionsBoundary",
                ],
            ),
        ],
        returns: Escalation::shape,
        answer: escalation,
    },
    Question {
        name: "iam.provider_role",
        doc: "Whether a role was put here by AWS or the organization and cannot be changed here: \
              service-linked, of IAM Identity Center, or managed from another account. No user is.",
        subjects: &["iam.user", "iam.role"],
        reads: &[("iam.role", &["Path", "AssumeRolePolicyDocument"])],
        looks_up: &[],
        returns: bool::shape,
        answer: |subject, asking| is_provider_role(subject, asking.account()).into_value(),
    },
    Question {
        name: "iam.active_keys",
        doc: "The active access keys of a user, and how long after the user each was made.",
        subjects: &["iam.user"],
        reads: &[("iam.user", &["CredentialReport"])],
        looks_up: &[],
        returns: Vec::<ActiveKey>::shape,
        answer: active_keys,
    },
    Question {
        name: "iam.federation",
        doc: "Through which identity providers people can sign in, and which IAM users have a \
              console password.",
        subjects: &["aws.account"],
        reads: &[],
        looks_up: &[
            ("iam.user", &["CredentialReport"]),
            ("iam.saml-provider", &[]),
            ("iam.oidc-provider", &["Url"]),
        ],
        returns: Federation::shape,
        answer: federation,
    },
    Question {
        name: "iam.attached_to",
        doc: "To which users, groups and roles a managed policy is attached.",
        subjects: &["iam.policy"],
        reads: &[],
        looks_up: ATTACHED,
        returns: Attachments::shape,
        answer: attached_to,
    },
    Question {
        name: "iam.cloudshell_access",
        doc: "To which users, groups and roles AWSCloudShellFullAccess is attached.",
        subjects: &["aws.account"],
        reads: &[],
        looks_up: ATTACHED,
        returns: Attachments::shape,
        answer: cloudshell_access,
    },
];

/// Answers `iam.admin`, for those who ask on behalf of what carries a role.
pub(in crate::services) fn admin(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(gathered) = Gathered::of(subject, asking) else { return Value::Unknown(Gaps::NONE) };
    let (answer, gaps) = gathered.decide();
    administrator(answer, gaps, |policy| gathered.label(policy))
}

fn policy_admin(subject: &Resource, _: &dyn Asking) -> Value {
    match default_version(subject) {
        Ok(policy) => administrator(policy::full_admin(&policy), Gaps::NONE, |_| &subject.id),
        Err((gaps, reasons)) => {
            let admin = Admin::Unknown;
            let answer = AdminAnswer { admin, witness: None, conditions: Vec::new(), reasons };
            administrator(answer, gaps, |_| &subject.id)
        }
    }
}

fn administrator<'a>(
    answer: AdminAnswer,
    gaps: Gaps,
    label: impl FnOnce(usize) -> &'a str,
) -> Value {
    let (admin, conditional) = match answer.admin {
        Admin::Yes => (Decided::Known(true), Decided::Known(false)),
        Admin::Conditional => (Decided::Known(true), Decided::Known(true)),
        Admin::No => (Decided::Known(false), Decided::Known(false)),
        Admin::Unknown => (Decided::Unknown(gaps.clone()), Decided::Unknown(gaps)),
    };
    let witness = answer.witness;
    let allows =
        witness.as_ref().map(|w| format!("{}, statement {}", label(w.policy), w.statement));
    Administrator {
        admin,
        conditional,
        allows: allows.into_iter().collect(),
        conditions: answer.conditions,
        witness: witness.as_ref().map(Witness::from),
        reasons: answer.reasons,
    }
    .into_value()
}

/// The policy in force, or what hides it.
fn default_version(subject: &Resource) -> Result<Policy, (Gaps, Vec<String>)> {
    let policy = ManagedPolicy::from_value(&subject.document);
    match policy.map(|policy| policy.default_version) {
        Some(Fact::Known(version)) => {
            let label = format!("policy {}", subject.id);
            parse(&version.document, &label).map_err(|error| (Gaps::NONE, vec![error]))
        }
        Some(Fact::Unknown(gaps)) => Err((gaps, Vec::new())),
        Some(Fact::Absent) | None => Err((Gaps::NONE, Vec::new())),
    }
}

fn service_wildcard(subject: &Resource, _: &dyn Asking) -> Value {
    let answer = match default_version(subject) {
        Ok(policy) => {
            let allows: Vec<String> = policy::service_wildcards(&policy)
                .into_iter()
                .map(|found| format!("{found} (statement {})", found.statement))
                .collect();
            let wildcard = Decided::Known(!allows.is_empty());
            WildcardActions { wildcard, allows, reasons: Vec::new() }
        }
        Err((gaps, reasons)) => {
            WildcardActions { wildcard: Decided::Unknown(gaps), allows: Vec::new(), reasons }
        }
    };
    answer.into_value()
}

fn attached_to(subject: &Resource, asking: &dyn Asking) -> Value {
    let all = asking.memo().of("", || AttachedTo::read(asking));
    all.answer(all.by_policy.get(subject.arn.as_ref()).cloned().unwrap_or_default())
}

/// The resource in the ARN of AWS's policy, whatever the partition
/// (<https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCloudShellFullAccess.html>).
const CLOUDSHELL: [&str; 4] = ["iam", "", "aws", "policy/AWSCloudShellFullAccess"];

fn cloudshell_access(_: &Resource, asking: &dyn Asking) -> Value {
    let all = asking.memo().of("", || AttachedTo::read(asking));
    let found = all.by_policy.iter().find(|(arn, _)| arn.splitn(6, ':').skip(2).eq(CLOUDSHELL));
    all.answer(found.map(|(_, of)| of.clone()).unwrap_or_default())
}

/// Who has which managed policy.
struct AttachedTo {
    /// By the policy's ARN.
    by_policy: HashMap<String, Identities>,
    /// What may hide more of them.
    missing: Gaps,
}

#[derive(Clone, Default)]
struct Identities {
    identities: Vec<String>,
    changeable: Vec<String>,
}

impl AttachedTo {
    fn answer(&self, of: Identities) -> Value {
        let partial = |items| Partial { items, missing: self.missing.clone() };
        Attachments { identities: partial(of.identities), changeable: partial(of.changeable) }
            .into_value()
    }

    fn read(asking: &dyn Asking) -> Self {
        let mut all = Self { by_policy: HashMap::new(), missing: Gaps::NONE };
        for (kind, noun) in [("iam.user", "user"), ("iam.group", "group"), ("iam.role", "role")] {
            let (resources, missing) = asking.all(kind);
            all.missing = all.missing.union(&missing);
            for resource in resources {
                let attached = match attached_policies(resource) {
                    Fact::Known(attached) => attached,
                    Fact::Absent => continue,
                    Fact::Unknown(gaps) => {
                        all.missing = all.missing.union(&gaps);
                        continue;
                    }
                };
                let provided = kind == "iam.role"
                    && is_provider_role(resource, asking.account()) == Decided::Known(true);
                for policy in attached {
                    let name = format!("{noun}/{}", resource.id);
                    let of = all.by_policy.entry(policy.arn).or_default();
                    if !provided {
                        of.changeable.push(name.clone());
                    }
                    of.identities.push(name);
                }
            }
        }
        all
    }
}

fn attached_policies(resource: &Resource) -> Fact<Vec<AttachedPolicy>> {
    let attached = match resource.kind.name {
        "iam.user" => User::from_value(&resource.document).map(|user| user.attached_policies),
        "iam.group" => Group::from_value(&resource.document).map(|group| group.attached_policies),
        _ => Role::from_value(&resource.document).map(|role| role.attached_policies),
    };
    attached.unwrap_or(Fact::Unknown(Gaps::NONE))
}
