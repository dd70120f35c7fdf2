//! Does a role let in callers that do not know its external id?

use super::classify::meaning;
use super::credentials::{ASSUME_ROLE, Aws, ExternalId, Login};
use super::session::{SessionError, home_of, own_config, role_request};
use crate::inventory::{ErrorClass, Meaning};

/// What AWS said to one attempt that should fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Refused, as it should be.
    Refused,
    /// Let in: the role does not check the external id.
    LetIn,
    /// Neither: the attempt failed for another reason.
    Unknown(Box<SessionError>),
}

/// How a role treats callers without its external id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Without any external id.
    pub without: Refusal,
    /// With a wrong one.
    pub wrong: Refusal,
}

impl Probe {
    /// Tries the role of `login` without an external id and with `wrong`. Says
    /// something only if the role was assumed with the right one before. The
    /// credentials of an attempt that is let in are dropped unused. Calls: 2.
    /// `None` if `login` has no role.
    pub async fn run(aws: &Aws, login: &Login, wrong: &ExternalId) -> Option<Self> {
        let role_arn = login.role_arn.as_deref()?;
        let base = aws.base(login.profile.as_deref()).await;
        let home = home_of(&base, Some(role_arn));
        let own = own_config(base, &home);
        let attempt = async |external_id: Option<ExternalId>| {
            let login = Login { external_id, ..login.clone() };
            let request = role_request(aws.gate(), &own, &login, role_arn, &home, None);
            match request.send().await {
                Ok(_) => Refusal::LetIn,
                Err(failure) => match meaning(&ASSUME_ROLE, &home, &failure) {
                    Meaning::Class(
                        ErrorClass::AccessDenied
                        | ErrorClass::OrganizationDenied
                        | ErrorClass::ResourcePolicyDenied,
                    ) => Refusal::Refused,
                    _ => Refusal::Unknown(Box::new(
                        SessionError::from_failure(&failure, &ASSUME_ROLE, &home).of_role(role_arn),
                    )),
                },
            }
        };
        Some(Self { without: attempt(None).await, wrong: attempt(Some(wrong.clone())).await })
    }
}
