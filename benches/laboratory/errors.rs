//! Errors, as each protocol sends them.

use super::call::{Call, Protocol};
use super::cbor;
use super::http::Reply;
use serde_json::json;

/// What a reply in CBOR says that it is.
pub(crate) const CBOR: &str = "smithy-protocol: rpc-v2-cbor\r\nContent-Type: application/cbor\r\n";

/// An error of the service that was called.
pub(crate) fn error(call: &Call, status: u16, code: &str, message: &str) -> Reply {
    if call.protocol == Protocol::Cbor {
        let mut body = Vec::new();
        cbor::write(&json!({ "__type": code, "message": message }), &mut body);
        return Reply { status, headers: CBOR.to_owned(), body };
    }
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
        Protocol::RestXml if call.service != "s3" && call.service != "s3express" => (
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
        Protocol::Json | Protocol::Cbor => {
            (String::new(), json!({ "__type": code, "message": message }).to_string())
        }
        Protocol::RestJson => {
            (format!("x-amzn-errortype: {code}\r\n"), json!({ "message": message }).to_string())
        }
    };
    Reply { status, headers, body: body.into_bytes() }
}

/// What the service answers to too many requests.
pub(crate) fn throttled(call: &Call) -> Reply {
    let (status, code, message) = match (call.service, call.protocol) {
        ("ec2", _) => (503, "RequestLimitExceeded", "Request limit exceeded."),
        ("s3" | "s3control" | "s3express", _) => {
            (503, "SlowDown", "Please reduce your request rate.")
        }
        ("elb" | "elbv2", _) => (400, "ThrottlingException", "Rate exceeded"),
        (_, Protocol::Query) | ("cloudfront", _) => (400, "Throttling", "Rate exceeded"),
        ("organizations", _) => (400, "TooManyRequestsException", "Rate exceeded"),
        ("accessanalyzer" | "backup" | "efs" | "eks" | "glacier" | "inspector2" | "macie2", _) => {
            (429, "ThrottlingException", "Rate exceeded")
        }
        (_, Protocol::RestJson) => (429, "TooManyRequestsException", "Rate exceeded"),
        _ => (400, "ThrottlingException", "Rate exceeded"),
    };
    error(call, status, code, message)
}

/// The answer to a page that was never given out.
pub(crate) fn bad_token(call: &Call) -> Reply {
    error(call, 400, "InvalidNextToken", "The token is not valid.")
}
