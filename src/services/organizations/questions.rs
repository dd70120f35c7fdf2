//! What rules may ask about an organization.

use super::Organization;
use super::delegation::{PolicyDelegation, policy_delegation};
use super::guardrails::{Guardrails, guardrails};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::services::{Asking, Question};

/// The questions about organizations.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "organizations.is_management",
        doc: "Whether the account that is judged is the organization's management account.",
        subjects: &["organizations.organization"],
        reads: &[("organizations.organization", &["MasterAccountId"])],
        looks_up: &[],
        returns: bool::shape,
        answer: is_management,
    },
    Question {
        name: "organizations.guardrails",
        doc: "Which active member accounts no service or resource control policy limits: neither \
              one of their own nor one of a unit or root above them.",
        subjects: &["organizations.organization"],
        reads: &[(
            "organizations.organization",
            &["MasterAccountId", "OrganizationalUnits", "Accounts", "Policies"],
        )],
        looks_up: &[],
        returns: Guardrails::shape,
        answer: guardrails,
    },
    Question {
        name: "organizations.policy_delegation",
        doc: "Whether the organization's own policy lets a member account change and attach \
              policies.",
        subjects: &["organizations.organization"],
        reads: &[("organizations.organization", &["ResourcePolicy"])],
        looks_up: &[],
        returns: PolicyDelegation::shape,
        answer: policy_delegation,
    },
];

fn is_management(subject: &Resource, asking: &dyn Asking) -> Value {
    let organization = Organization::from_value(&subject.document);
    match organization.map(|organization| organization.management_account) {
        Some(Fact::Known(account)) => Value::Bool(account == asking.account()),
        Some(Fact::Unknown(gaps)) => Value::Unknown(gaps),
        Some(Fact::Absent) | None => Value::Unknown(Gaps::NONE),
    }
}
