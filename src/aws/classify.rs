//! What an error means: first by the operation's own table, then by this one,
//! which is the same for all of AWS.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>,
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>, and for the
//! wording of refusals
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>.

use super::failure::{Failure, FailureKind};
use super::regions::default_regions;
use super::session::SessionErrorKind;
use crate::inventory::arn::partition_of_region;
use crate::inventory::{ErrorClass, Gap, Meaning, Operation};

/// Codes that refuse.
const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AllAccessDisabled",
    "AuthorizationError",
    "AuthorizationErrorException",
    "NotAuthorized",
    "UnauthorizedException",
    "UnauthorizedOperation",
];

/// Codes that say: the credentials have expired.
const EXPIRED: &[&str] =
    &["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

/// Codes that say: the credentials are not valid.
const INVALID: &[&str] = &[
    "AuthFailure",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSecurity",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Of those, the ones that a region answers that is not enabled for the account.
const INVALID_WHERE_DISABLED: &[&str] =
    &["AuthFailure", "InvalidClientTokenId", "InvalidToken", "UnrecognizedClientException"];

/// Codes that say: the region is not enabled.
const REGION: &[&str] = &["OptInRequired", "RegionDisabledException"];

/// Codes that ask to slow down.
const THROTTLED: &[&str] = &[
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

/// Codes that say: no answer in time.
const TIMED_OUT: &[&str] = &["RequestTimeout", "RequestTimeoutException"];

/// Codes that say: the service failed.
const FAILED: &[&str] = &[
    "InternalError",
    "InternalErrorException",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "InternalServiceError",
    "ServiceFailure",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "Unavailable",
];

/// What a failure of an operation means: there is none, or which class of gap.
pub fn meaning(operation: &Operation, region: &str, failure: &Failure) -> Meaning {
    if failure.kind == FailureKind::Service {
        let code = failure.code.as_deref().unwrap_or_default();
        if let Some(meaning) = operation.meaning_of(code, &failure.message) {
            return meaning;
        }
    }
    Meaning::Class(class(region, failure))
}

/// The gap of a failure, or `None` if it says that there is none.
pub fn classify(operation: &Operation, region: &str, failure: &Failure) -> Option<Gap> {
    match meaning(operation, region, failure) {
        Meaning::Absent => None,
        Meaning::Class(class) => {
            let mut gap = Gap::new(operation, region, class, &failure.message);
            gap.code.clone_from(&failure.code);
            Some(gap)
        }
    }
}

fn class(region: &str, failure: &Failure) -> ErrorClass {
    match failure.kind {
        FailureKind::Timeout => ErrorClass::Timeout,
        FailureKind::Network => ErrorClass::Network,
        FailureKind::Malformed => ErrorClass::Malformed,
        FailureKind::Request => ErrorClass::Other,
        FailureKind::NoCredentials => ErrorClass::InvalidToken,
        FailureKind::Credentials => match failure.session.as_ref().map(|error| &error.kind) {
            Some(SessionErrorKind::AssumeRoleDenied) => ErrorClass::AccessDenied,
            Some(SessionErrorKind::ExpiredToken) => ErrorClass::ExpiredToken,
            Some(SessionErrorKind::Network) => ErrorClass::Network,
            Some(SessionErrorKind::Throttled) => ErrorClass::Throttled,
            _ => ErrorClass::InvalidToken,
        },
        FailureKind::Service => class_of_error(region, failure),
    }
}

fn class_of_error(region: &str, failure: &Failure) -> ErrorClass {
    // EC2 and some others send `Client.` or `Server.` in front.
    let sent = failure.code.as_deref().unwrap_or_default();
    let code =
        sent.strip_prefix("Client.").or_else(|| sent.strip_prefix("Server.")).unwrap_or(sent);
    let one_of = |codes: &[&str]| codes.contains(&code);
    if one_of(DENIED) {
        return class_of_refusal(&failure.message);
    }
    if one_of(EXPIRED) {
        return ErrorClass::ExpiredToken;
    }
    if one_of(INVALID_WHERE_DISABLED) && may_be_disabled(region) {
        return ErrorClass::RegionDisabled;
    }
    if one_of(INVALID) {
        return ErrorClass::InvalidToken;
    }
    if one_of(REGION) {
        return ErrorClass::RegionDisabled;
    }
    if one_of(THROTTLED) || failure.status == Some(429) {
        return ErrorClass::Throttled;
    }
    if one_of(TIMED_OUT) {
        return ErrorClass::Timeout;
    }
    if one_of(FAILED) || failure.status.is_some_and(|status| status >= 500) {
        return ErrorClass::ServerError;
    }
    if code.is_empty() && failure.status == Some(403) {
        return ErrorClass::AccessDenied;
    }
    ErrorClass::Other
}

/// Who refused, by the words that AWS documents.
fn class_of_refusal(message: &str) -> ErrorClass {
    let says = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
    if says(&[
        "explicit deny in a service control policy",
        "no service control policy allows",
        "explicit deny in a resource control policy",
        "no resource control policy allows",
    ]) {
        ErrorClass::OrganizationDenied
    } else if says(&[
        "explicit deny in a resource-based policy",
        "no resource-based policy allows",
        "explicit deny in a VPC endpoint policy",
        "no VPC endpoint policy allows",
    ]) {
        ErrorClass::ResourcePolicyDenied
    } else {
        ErrorClass::AccessDenied
    }
}

/// Whether a region has to be enabled first: then it does not know a valid
/// session of the account.
fn may_be_disabled(region: &str) -> bool {
    region != crate::inventory::GLOBAL
        && !default_regions(partition_of_region(region)).contains(&region)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::ErrorEntry;

    static READ: Operation = Operation::new("s3", "GetBucketAcl", &["s3:GetBucketAcl"]);
    static MACIE: Operation =
        Operation::new("macie2", "GetMacieSession", &["macie2:GetMacieSession"]).with_errors(&[
            ErrorEntry {
                code: "AccessDeniedException",
                message: Some("Macie is not enabled"),
                means: Meaning::Class(ErrorClass::NotEnabled),
            },
            ErrorEntry { code: "NoSuchThing", message: None, means: Meaning::Absent },
        ]);

    fn sent(status: u16, code: &str, message: &str) -> Failure {
        Failure {
            kind: FailureKind::Service,
            status: Some(status),
            code: (!code.is_empty()).then(|| code.to_owned()),
            message: message.to_owned(),
            session: None,
        }
    }

    fn class_of(region: &str, failure: &Failure) -> ErrorClass {
        match meaning(&READ, region, failure) {
            Meaning::Class(class) => class,
            Meaning::Absent => ErrorClass::NotCollected,
        }
    }

    #[test]
    fn every_code_has_its_class_and_a_near_miss_has_not() {
        let tables: [(&[&str], ErrorClass); 7] = [
            (DENIED, ErrorClass::AccessDenied),
            (EXPIRED, ErrorClass::ExpiredToken),
            (INVALID, ErrorClass::InvalidToken),
            (REGION, ErrorClass::RegionDisabled),
            (THROTTLED, ErrorClass::Throttled),
            (TIMED_OUT, ErrorClass::Timeout),
            (FAILED, ErrorClass::ServerError),
        ];
        for (codes, class) in tables {
            for code in codes {
                assert_eq!(class_of("eu-west-1", &sent(400, code, "m")), class, "{code}");
                for miss in [format!("{code}X"), code.to_lowercase(), format!("No{code}")] {
                    let got = class_of("eu-west-1", &sent(400, &miss, "m"));
                    assert_eq!(got, ErrorClass::Other, "{miss}");
                }
            }
        }
    }

    #[test]
    fn a_refusal_is_told_apart_by_who_refused() {
        let who = "User: arn:aws:sts::123456789012:assumed-role/audit/cspm is not authorized to \
                   perform: s3:GetBucketAcl on resource: \"arn:aws:s3:::b\"";
        for (why, class) in [
            ("with an explicit deny in a service control policy", ErrorClass::OrganizationDenied),
            (
                "because no service control policy allows the s3:GetBucketAcl action",
                ErrorClass::OrganizationDenied,
            ),
            (
                "with an explicit deny in a resource control policy: arn:aws:organizations::1:x",
                ErrorClass::OrganizationDenied,
            ),
            ("with an explicit deny in a resource-based policy", ErrorClass::ResourcePolicyDenied),
            (
                "because no resource-based policy allows the kms:X action",
                ErrorClass::ResourcePolicyDenied,
            ),
            ("with an explicit deny in a VPC endpoint policy", ErrorClass::ResourcePolicyDenied),
            ("with an explicit deny in an identity-based policy", ErrorClass::AccessDenied),
            ("because no identity-based policy allows the action", ErrorClass::AccessDenied),
            ("because no permissions boundary allows the action", ErrorClass::AccessDenied),
            ("because no session policy allows the action", ErrorClass::AccessDenied),
            ("", ErrorClass::AccessDenied),
        ] {
            let message = format!("{who} {why}");
            assert_eq!(class_of("eu-west-1", &sent(403, "AccessDenied", &message)), class, "{why}");
        }
        // The same words under another code say nothing.
        let other = sent(400, "ValidationError", "explicit deny in a service control policy");
        assert_eq!(class_of("eu-west-1", &other), ErrorClass::Other);
    }

    #[test]
    fn the_operations_own_table_comes_first() {
        let not_enabled = sent(403, "AccessDeniedException", "Macie is not enabled.");
        assert_eq!(
            meaning(&MACIE, "eu-west-1", &not_enabled),
            Meaning::Class(ErrorClass::NotEnabled)
        );
        let refused = sent(403, "AccessDeniedException", "User: x is not authorized");
        assert_eq!(
            meaning(&MACIE, "eu-west-1", &refused),
            Meaning::Class(ErrorClass::AccessDenied)
        );
        let absent = sent(404, "NoSuchThing", "");
        assert_eq!(meaning(&MACIE, "eu-west-1", &absent), Meaning::Absent);
        assert_eq!(classify(&MACIE, "eu-west-1", &absent), None);
        assert_eq!(meaning(&READ, "eu-west-1", &absent), Meaning::Class(ErrorClass::Other));
    }

    #[test]
    fn a_status_speaks_where_there_is_no_code() {
        assert_eq!(class_of("eu-west-1", &sent(403, "", "")), ErrorClass::AccessDenied);
        assert_eq!(class_of("eu-west-1", &sent(401, "", "")), ErrorClass::Other);
        assert_eq!(class_of("eu-west-1", &sent(429, "", "")), ErrorClass::Throttled);
        assert_eq!(class_of("eu-west-1", &sent(500, "", "")), ErrorClass::ServerError);
        assert_eq!(class_of("eu-west-1", &sent(503, "SlowDown", "")), ErrorClass::Throttled);
        assert_eq!(class_of("eu-west-1", &sent(404, "", "")), ErrorClass::Other);
    }

    #[test]
    fn a_region_that_has_to_be_enabled_does_not_know_the_session() {
        let unknown = sent(403, "UnrecognizedClientException", "The security token is invalid.");
        assert_eq!(class_of("me-south-1", &unknown), ErrorClass::RegionDisabled);
        assert_eq!(class_of("eu-west-1", &unknown), ErrorClass::InvalidToken);
        assert_eq!(class_of("global", &unknown), ErrorClass::InvalidToken);
        let signature = sent(403, "SignatureDoesNotMatch", "m");
        assert_eq!(class_of("me-south-1", &signature), ErrorClass::InvalidToken);
    }

    #[test]
    fn ec2_writes_who_is_to_blame_in_front() {
        let refused = sent(403, "Client.UnauthorizedOperation", "You are not authorized.");
        assert_eq!(class_of("eu-west-1", &refused), ErrorClass::AccessDenied);
        let slow = sent(503, "Client.RequestLimitExceeded", "Request limit exceeded.");
        assert_eq!(class_of("eu-west-1", &slow), ErrorClass::Throttled);
    }

    #[test]
    fn a_gap_carries_code_and_message() {
        let gap = classify(&READ, "eu-west-1", &sent(403, "AccessDenied", "no"));
        let gap = gap.map(|gap| (gap.class, gap.code, gap.message, gap.iam_action));
        let expected = (
            ErrorClass::AccessDenied,
            Some("AccessDenied".to_owned()),
            "no".to_owned(),
            "s3:GetBucketAcl".to_owned(),
        );
        assert_eq!(gap, Some(expected));
    }
}
