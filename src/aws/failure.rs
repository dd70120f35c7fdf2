//! What is left of an SDK error: enough to classify it and to tell people.

use super::reply::CutShort;
use super::session::SessionError;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;

/// How a call failed, before anything is said about what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The service answered with an error.
    Service,
    /// No answer in time.
    Timeout,
    /// The connection could not be made, or broke.
    Network,
    /// An answer came that cannot be read.
    Malformed,
    /// Nobody had credentials to sign with.
    NoCredentials,
    /// Credentials could not be had, or not be refreshed.
    Credentials,
    /// The request could not be built.
    Request,
}

/// A call that got no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// How it failed.
    pub kind: FailureKind,
    /// The HTTP status, if a reply came.
    pub status: Option<u16>,
    /// The service's error code, if it sent one.
    pub code: Option<String>,
    /// The service's message, or ours. Never a credential.
    pub message: String,
    /// Why a session's credentials could not be had or refreshed.
    pub session: Option<Box<SessionError>>,
}

impl Failure {
    /// A reply that does not have the documented shape.
    pub fn malformed(message: &str) -> Self {
        Self {
            kind: FailureKind::Malformed,
            status: None,
            code: None,
            message: message.to_owned(),
            session: None,
        }
    }

    /// No answer in time.
    pub(crate) fn timeout() -> Self {
        Self { kind: FailureKind::Timeout, ..Self::malformed("no answer in time") }
    }

    /// Nobody was asked, because nothing was answered for a long time.
    pub(crate) fn given_up(service: &str, region: &str) -> Self {
        let message =
            format!("not asked: {service} in {region} has answered nothing for a long time before");
        Self { kind: FailureKind::Timeout, ..Self::malformed(&message) }
    }

    /// What is left of an SDK error.
    pub fn from_sdk<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let session = in_chain::<SessionError>(error).map(|found| Box::new(found.clone()));
        let plain = |kind, message: String| Self {
            kind,
            status: None,
            code: None,
            message,
            session: session.clone(),
        };
        match error {
            SdkError::ServiceError(service) => {
                let status = service.raw().status().as_u16();
                let meta = service.err().meta();
                if (200..300).contains(&status) {
                    let message = format!("the reply cannot be read: {}", innermost(service.err()));
                    return Self {
                        status: Some(status),
                        ..plain(FailureKind::Malformed, presentable(&message))
                    };
                }
                // S3 Control's errors are wrapped by its model, and not always on
                // the wire; the SDK reads only the one form.
                let body = service.raw().body().bytes().and_then(|b| std::str::from_utf8(b).ok());
                let sent = |element: &str| body.and_then(|body| text_of(body, element));
                let code = meta.code().map(str::to_owned).or_else(|| sent("Code"));
                let message = meta
                    .message()
                    .map(str::to_owned)
                    .or_else(|| sent("Message"))
                    .filter(|text| !text.trim().is_empty())
                    .map_or_else(|| format!("HTTP status {status}"), |text| presentable(&text));
                Self { status: Some(status), code, ..plain(FailureKind::Service, message) }
            }
            SdkError::ResponseError(response) => {
                let kind = if in_chain::<CutShort>(error).is_some() {
                    FailureKind::Malformed
                } else {
                    FailureKind::Network
                };
                Self {
                    status: Some(response.raw().status().as_u16()),
                    ..plain(kind, presentable(&innermost(error)))
                }
            }
            SdkError::TimeoutError(_) => {
                plain(FailureKind::Timeout, "no answer in time".to_owned())
            }
            SdkError::DispatchFailure(dispatch) => {
                let credentials = in_chain::<CredentialsError>(error);
                let kind = if session.is_some() {
                    FailureKind::Credentials
                } else if let Some(CredentialsError::CredentialsNotLoaded(_)) = credentials {
                    FailureKind::NoCredentials
                } else if credentials.is_some() {
                    FailureKind::Credentials
                } else if dispatch.is_timeout() {
                    FailureKind::Timeout
                } else if dispatch.is_user() {
                    FailureKind::Request
                } else {
                    FailureKind::Network
                };
                plain(kind, presentable(&innermost(error)))
            }
            other => plain(FailureKind::Request, presentable(&innermost(other))),
        }
    }
}

/// The text of the first element of a name.
fn text_of(body: &str, element: &str) -> Option<String> {
    let (_, after) = body.split_once(&format!("<{element}>"))?;
    let (text, _) = after.split_once(&format!("</{element}>"))?;
    (!text.contains('<')).then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The first error of a type among an error and its causes.
pub(crate) fn in_chain<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The message of the last cause: the SDK's outer errors say only "dispatch
/// failure" and the like.
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}

/// A service's message as it may be shown and kept: one line, without the
/// parts that quote the request with its token, and not endless.
pub(crate) fn presentable(message: &str) -> String {
    const QUOTES: [&str; 3] =
        ["The Canonical String", "The String-to-Sign", "Encoded authorization failure message"];
    const LONGEST: usize = 600;
    let end = QUOTES.iter().filter_map(|quote| message.find(quote)).min().unwrap_or(message.len());
    let kept = message.get(..end).unwrap_or(message);
    let line = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let mut short: String = line.chars().take(LONGEST).collect();
    short.push_str("...");
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_lose_what_quotes_the_request() {
        let message = "The request signature we calculated does not match.\n\nThe Canonical String \
                       for this request should have been\nx-amz-security-token:SECRET";
        assert_eq!(presentable(message), "The request signature we calculated does not match.");
        let encoded = "You are not authorized. Encoded authorization failure message: abcdef";
        assert_eq!(presentable(encoded), "You are not authorized.");
    }

    #[test]
    fn codes_are_found_in_either_form() {
        for body in [
            "<Error><Code>NoSuchX</Code></Error>",
            "<ErrorResponse><Error><Code> NoSuchX\n</Code></Error></ErrorResponse>",
        ] {
            assert_eq!(text_of(body, "Code").as_deref(), Some("NoSuchX"));
        }
        for body in ["<html>500</html>", "<Code></Code>", "<Code><b/></Code>", "<Code>X"] {
            assert_eq!(text_of(body, "Code"), None, "{body}");
        }
    }

    #[test]
    fn messages_are_one_line_and_end() {
        assert_eq!(presentable(" a\n b\t c "), "a b c");
        assert_eq!(presentable(&"x".repeat(5000)).len(), 603);
    }
}
