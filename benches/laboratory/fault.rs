//! What goes wrong on demand: by operation and probability, and always the
//! same for the same seed, whatever the order of the calls.

use super::call::{Call, Protocol};
use super::errors::error;
use super::hash::Hash;
use super::http::Reply;
use super::paging;
use std::time::Duration;

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The service refuses.
    Denied,
    /// The service fails with status 500.
    ServerError,
    /// The connection is closed without a reply.
    Reset,
    /// The reply comes, but late.
    Slow(Duration),
    /// There is no reply, and the connection stays open.
    Stuck,
    /// The reply is not what it says it is.
    Malformed,
    /// The reply is empty, with success.
    Empty,
    /// The connection is closed half-way through the reply.
    Truncated,
    /// The reply ends half-way, and says that this is all.
    Cut,
    /// Every page but the first fails with status 500.
    Page,
}

/// What fails, and how often.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// How.
    pub(crate) kind: Kind,
    /// The operation, as `service:Name`; none for every one but those of STS.
    pub(crate) operation: Option<String>,
    /// Which share of the calls, from 0 to 1.
    pub(crate) share: f64,
    /// Chooses which ones.
    pub(crate) seed: u64,
}

/// What becomes of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is sent.
    Whole(Reply),
    /// It is sent after a pause.
    Late(Reply, Duration),
    /// Half of it is sent.
    Half(Reply),
    /// Nothing is sent, and the connection is closed.
    Nothing,
    /// Nothing is sent, ever.
    Silence,
}

impl Fault {
    /// Whether it hits a call. A call that is tried again is hit again.
    pub(crate) fn hits(&self, call: &Call) -> bool {
        let chosen = match &self.operation {
            Some(operation) => call.id() == *operation,
            None => call.service != "sts",
        };
        let page = paging::number(&call.id(), call.token());
        chosen
            && (self.kind != Kind::Page || page > 1)
            && Hash::default().number(self.seed).text(&call.key()).share() < self.share
    }

    /// What becomes of the reply to a call that is hit.
    pub(crate) fn spoil(&self, call: &Call, reply: Reply) -> Outcome {
        match self.kind {
            Kind::Denied => Outcome::Whole(denied(call)),
            Kind::ServerError | Kind::Page => Outcome::Whole(failed(call)),
            Kind::Reset => Outcome::Nothing,
            Kind::Stuck => Outcome::Silence,
            Kind::Slow(pause) => Outcome::Late(reply, pause),
            Kind::Malformed => {
                let body: &[u8] = match call.protocol {
                    Protocol::Json | Protocol::RestJson => b"{\"a\": [1, }",
                    // A map of two, with one name in it.
                    Protocol::Cbor => b"\xa2\x61a",
                    _ => b"<a><b></a>",
                };
                let body = body.to_vec();
                Outcome::Whole(Reply { status: 200, body, ..reply })
            }
            Kind::Empty => Outcome::Whole(Reply { status: 200, ..Reply::default() }),
            Kind::Truncated => Outcome::Half(reply),
            Kind::Cut => {
                let half = reply.body.len() / 2;
                let body = reply.body.get(..half).unwrap_or_default().to_vec();
                Outcome::Whole(Reply { body, ..reply })
            }
        }
    }
}

fn denied(call: &Call) -> Reply {
    let (status, code) = match (call.protocol, call.service) {
        (Protocol::Ec2, _) => (403, "UnauthorizedOperation"),
        (Protocol::Query | Protocol::RestXml, _) => (403, "AccessDenied"),
        (Protocol::Json | Protocol::Cbor, _) => (400, "AccessDeniedException"),
        (Protocol::RestJson, _) => (403, "AccessDeniedException"),
    };
    let message = format!(
        "User: arn:aws:sts::{}:assumed-role/CspmScan/cspm is not authorized to perform: {} because \
         no identity-based policy allows the action",
        call.account,
        call.id()
    );
    error(call, status, code, &message)
}

fn failed(call: &Call) -> Reply {
    let code = match (call.protocol, call.service) {
        (Protocol::Query, _) => "ServiceFailure",
        (Protocol::Ec2 | Protocol::RestXml, _) => "InternalError",
        (_, "guardduty") => "InternalServerErrorException",
        (Protocol::RestJson, _) => "InternalServerException",
        (Protocol::Json | Protocol::Cbor, _) => "InternalFailure",
    };
    error(call, 500, code, "We encountered an internal error. Please try again.")
}
