//! Errors, as each protocol sends them.

use super::call::{Call, Protocol};
use super::http::Reply;
use serde_json::json;

/// An error of the service that was called.
pub(crate) fn error(call: &Call, status: u16, code: &str, message: &str) -> Reply {
    let (headers, body) = match call.protocol {
        Protocol::Query => (
            String::new(),
            format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
                 <Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
            ),
        ),
        Protocol::Ec2 => (
            String::new(),
            format!(
                "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message>\
                 </Error></Errors><RequestID>r</RequestID></Response>"
            ),
        ),
        Protocol::RestXml if call.service == "s3control" => (
            String::new(),
            format!(
                "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error>\
                 <RequestId>r</RequestId></ErrorResponse>"
            ),
        ),
        Protocol::RestXml => (
            String::new(),
            format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"),
        ),
        Protocol::Json => {
            (String::new(), json!({ "__type": code, "message": message }).to_string())
        }
        Protocol::RestJson => {
            (format!("x-amzn-errortype: {code}\r\n"), json!({ "message": message }).to_string())
        }
    };
    Reply { status, headers, body }
}

/// What the service answers to too many requests.
pub(crate) fn throttled(call: &Call) -> Reply {
    let (status, code, message) = match (call.service, call.protocol) {
        ("ec2", _) => (503, "RequestLimitExceeded", "Request limit exceeded."),
        ("s3" | "s3control", _) => (503, "SlowDown", "Please reduce your request rate."),
        ("iam" | "sts", _) => (400, "Throttling", "Rate exceeded"),
        ("organizations", _) => (400, "TooManyRequestsException", "Rate exceeded"),
        ("accessanalyzer", _) => (429, "ThrottlingException", "Rate exceeded"),
        (_, Protocol::RestJson) => (429, "TooManyRequestsException", "Rate exceeded"),
        _ => (400, "ThrottlingException", "Rate exceeded"),
    };
    error(call, status, code, message)
}

/// The answer to a page that was never given out.
pub(crate) fn bad_token(call: &Call) -> Reply {
    error(call, 400, "InvalidNextToken", "The token is not valid.")
}
