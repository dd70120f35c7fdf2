//! Resource control policies: what an organization leaves of its resources' policies.
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>

use super::ast::{Effect, Policy};

/// The prefixes of the services whose resources they act on.
const SERVICES: [&str; 7] = ["aoss", "ecr", "kms", "s3", "secretsmanager", "sqs", "sts"];

/// Whether they act on the resources of the service with this prefix.
pub(super) fn acts_on(prefix: &str) -> bool {
    SERVICES.contains(&prefix)
}

/// A resource control policy as it limits. It grants nothing: AWS attaches one everywhere
/// that allows everything, and all others can only deny.
#[must_use]
pub fn resource_control(mut policy: Policy) -> Policy {
    policy.statements.retain(|s| s.effect == Effect::Deny);
    policy
}
