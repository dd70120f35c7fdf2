//! The classic failures of getting into an account, in words: what happened,
//! what the likely causes are, and the next command.

use super::error::CliError;
use crate::aws::{NoSuchRegion, SessionError, SessionErrorKind};

/// A session that could not be opened, as the error of a scan.
pub(super) fn wording(tenant: &str, error: &SessionError) -> CliError {
    let (what, hint) = words(error);
    CliError::failed(format!("cannot scan {tenant}: {what}")).hint(hint)
}

/// What happened, and what to do next.
pub(super) fn words(error: &SessionError) -> (String, String) {
    let role = error.role_arn.as_deref().unwrap_or("the role");
    let caller = error.caller_arn.as_deref().unwrap_or("your credentials");
    let says = format!("AWS says: {}", error.message);
    let (what, hint) = match &error.kind {
        SessionErrorKind::NoCredentials => (
            "Unable to locate credentials".to_owned(),
            "sign in (`aws sso login`), set AWS_PROFILE or AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY, or give the tenant a `profile`; a profile that is named has \
             to exist (`aws configure list-profiles`); then `cspm tenants check`",
        ),
        SessionErrorKind::AssumeRoleDenied => (
            format!("{caller} may not assume {role}. {says}"),
            "likely causes: the role's trust policy does not name your account; its external id \
             is another than the tenants file's; or your own policy lacks sts:AssumeRole on the \
             role. In the role's account, `aws iam get-role` shows the trust policy; then \
             `cspm tenants check`",
        ),
        SessionErrorKind::InvalidToken => (
            format!("AWS does not know these credentials. {says}"),
            "they may be mistyped, deleted, or of another partition; look with \
             `aws sts get-caller-identity`",
        ),
        SessionErrorKind::ExpiredToken => (
            format!("the credentials have expired. {says}"),
            "sign in again, for example with `aws sso login`",
        ),
        SessionErrorKind::WrongAccount { expected, found } => (
            format!(
                "these credentials are for account {found}, and the tenants file says {expected}"
            ),
            "correct account_id, or give the tenant the role or the profile of that account",
        ),
        SessionErrorKind::RegionDisabled => (
            format!("region {} is not enabled for the account. {says}", error.region),
            "set AWS_REGION to an enabled region, for example us-east-1",
        ),
        SessionErrorKind::Network => (
            format!("AWS cannot be reached ({}). {}", error.operation, error.message),
            "look at the network, at proxy settings and at AWS_ENDPOINT_URL",
        ),
        SessionErrorKind::Throttled => {
            (format!("AWS asked to slow down. {says}"), "scan again later")
        }
        SessionErrorKind::Other => {
            let code = error.code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
            (
                format!("{} failed{code}. {says}", error.operation),
                "if it goes on, `aws sts get-caller-identity` shows whether it is cspm or AWS",
            )
        }
    };
    (what, hint.to_owned())
}

/// What to do about a region that is none.
pub(super) fn region_meant(wrong: &NoSuchRegion) -> String {
    match &wrong.near {
        Some(near) => format!("did you mean {near}?"),
        None => "`aws ec2 describe-regions --all-regions` lists them".to_owned(),
    }
}
