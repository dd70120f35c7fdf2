//! The classic failures of getting into an account, in words: what happened,
//! what the likely causes are, and the next command.

use super::error::CliError;
use crate::aws::{SessionError, SessionErrorKind};

/// Words for a session that could not be opened.
pub(super) fn wording(tenant: &str, error: &SessionError) -> CliError {
    let role = error.role_arn.as_deref().unwrap_or("the role");
    let caller = error.caller_arn.as_deref().unwrap_or("your credentials");
    let says = format!("AWS says: {}", error.message);
    match &error.kind {
        SessionErrorKind::NoCredentials => {
            CliError::failed(format!("cannot scan {tenant}: Unable to locate credentials")).hint(
                "sign in (`aws sso login`), set AWS_PROFILE or AWS_ACCESS_KEY_ID and \
                     AWS_SECRET_ACCESS_KEY, or give the tenant a `profile`; then \
                     `cspm tenants check`",
            )
        }
        SessionErrorKind::AssumeRoleDenied => CliError::failed(format!(
            "cannot scan {tenant}: {caller} may not assume {role}. {says}"
        ))
        .hint(
            "likely causes: the role's trust policy does not name your account; its external id \
             is another than the tenants file's; or your own policy lacks sts:AssumeRole on the \
             role. `cspm tenants check` tries them",
        ),
        SessionErrorKind::InvalidToken => CliError::failed(format!(
            "cannot scan {tenant}: AWS does not know these credentials. {says}"
        ))
        .hint(
            "they may be mistyped, deleted, or of another partition; look with \
             `aws sts get-caller-identity`",
        ),
        SessionErrorKind::ExpiredToken => {
            CliError::failed(format!("cannot scan {tenant}: the credentials have expired. {says}"))
                .hint("sign in again, for example with `aws sso login`")
        }
        SessionErrorKind::WrongAccount { expected, found } => CliError::failed(format!(
            "cannot scan {tenant}: these credentials are for account {found}, and the tenants \
             file says {expected}"
        ))
        .hint("correct account_id, or give the tenant the role or the profile of that account"),
        SessionErrorKind::RegionDisabled => CliError::failed(format!(
            "cannot scan {tenant}: region {} is not enabled for the account. {says}",
            error.region
        ))
        .hint("set AWS_REGION to an enabled region, for example us-east-1"),
        SessionErrorKind::Network => CliError::failed(format!(
            "cannot scan {tenant}: AWS cannot be reached ({}). {}",
            error.operation, error.message
        ))
        .hint("look at the network, at proxy settings and at AWS_ENDPOINT_URL"),
        SessionErrorKind::Throttled => {
            CliError::failed(format!("cannot scan {tenant}: AWS asked to slow down. {says}"))
                .hint("scan again later")
        }
        SessionErrorKind::Other => {
            let code = error.code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
            CliError::failed(format!(
                "cannot scan {tenant}: {} failed{code}. {says}",
                error.operation
            ))
            .hint("`cspm tenants check` tries it step by step")
        }
    }
}
