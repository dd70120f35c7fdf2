//! A small HTTP server on the loopback that answers as AWS documents, for
//! tests at the wire. Bounded: it ends when it is dropped.

use super::credentials::{Aws, Login};
use super::limits::Limits;
use super::session::Session;
use super::{Context, Plan, Regions};
use crate::inventory::{Fact, Gap, GapId, GapTable, Gaps, Resource, ResourceType, Shape, Sink};
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub(crate) const ACCOUNT: &str = "123456789012";

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    /// Query and form together, decoded.
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    /// The operation: the target of the JSON protocol or `Action` of the query
    /// protocol, else by path.
    pub(crate) fn operation(&self) -> String {
        if let Some(target) = self.headers.get("x-amz-target") {
            return target.rsplit('.').next().unwrap_or(target).to_owned();
        }
        if let Some(action) = self.parameters.get("Action") {
            return action.clone();
        }
        if let Some(rest) = self.path.strip_prefix("/v20180820/") {
            let mut parts = rest.split('/').skip(1);
            return match (rest.split('/').next(), parts.next(), parts.next()) {
                (Some("configuration"), _, _) => "GetAccountPublicAccessBlock",
                (Some("mrap"), _, _) => "ListMultiRegionAccessPoints",
                (_, None, _) => "ListAccessPoints",
                (_, Some(_), None) => "GetAccessPoint",
                (_, Some(_), Some("policyStatus")) => "GetAccessPointPolicyStatus",
                (_, Some(_), Some(_)) => "GetAccessPointPolicy",
            }
            .to_owned();
        }
        if let Some((_, name)) = self.path.split_once("/operation/") {
            return name.to_owned();
        }
        match self.path.as_str() {
            "/" if self.parameter("x-id") == Some("ListDirectoryBuckets") => {
                return "ListDirectoryBuckets".to_owned();
            }
            "/" => return "ListBuckets".to_owned(),
            "/analyzer" => return "ListAnalyzers".to_owned(),
            "/detector" => return "ListDetectors".to_owned(),
            "/getContactInformation" => return "GetContactInformation".to_owned(),
            "/getAlternateContact" => return "GetAlternateContact".to_owned(),
            path if path.starts_with("/detector/") => return "GetDetector".to_owned(),
            _ => {}
        }
        let by_key = [
            ("policy", "GetBucketPolicy"),
            ("policyStatus", "GetBucketPolicyStatus"),
            ("acl", "GetBucketAcl"),
            ("ownershipControls", "GetBucketOwnershipControls"),
            ("publicAccessBlock", "GetPublicAccessBlock"),
            ("encryption", "GetBucketEncryption"),
            ("versioning", "GetBucketVersioning"),
            ("logging", "GetBucketLogging"),
            ("lifecycle", "GetBucketLifecycleConfiguration"),
            ("tagging", "GetBucketTagging"),
            ("object-lock", "GetObjectLockConfiguration"),
        ];
        let found = by_key.iter().find(|(key, _)| self.parameters.contains_key(*key));
        found.map_or_else(|| self.path.clone(), |(_, name)| (*name).to_owned())
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// The region in the signature.
    pub(crate) fn region(&self) -> &str {
        let scope = self.headers.get("authorization").map(String::as_str).unwrap_or_default();
        scope.split('/').nth(2).unwrap_or_default()
    }
}

/// What the server does.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Replies.
    Reply(u16, String),
    /// Replies in CBOR.
    Cbor(u16, Vec<u8>),
    /// Closes the connection without a reply.
    Reset,
    /// Promises more than it sends, and closes.
    Half(String),
    /// Says nothing for a while.
    Stall,
}

/// A reply with success.
pub(crate) fn ok(body: &str) -> Answer {
    Answer::Reply(200, body.to_owned())
}

/// An error as S3 sends it.
pub(crate) fn s3_error(status: u16, code: &str, message: &str) -> Answer {
    let body = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    Answer::Reply(status, body)
}

/// An error as the query protocol of IAM and STS sends it.
pub(crate) fn query_error(status: u16, code: &str, message: &str) -> Answer {
    Answer::Reply(
        status,
        format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
        ),
    )
}

/// An error as the JSON protocols send it.
pub(crate) fn json_error(status: u16, code: &str, message: &str) -> Answer {
    Answer::Reply(status, serde_json::json!({ "__type": code, "message": message }).to_string())
}

/// A reply as CloudWatch sends it: CBOR
/// (<https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>). An
/// error has its code in `__type`.
pub(crate) fn cbor(status: u16, body: &serde_json::Value) -> Answer {
    let mut bytes = Vec::new();
    write_cbor(body, &mut bytes);
    Answer::Cbor(status, bytes)
}

fn write_cbor(value: &serde_json::Value, out: &mut Vec<u8>) {
    use serde_json::Value;
    let mut head = |kind: u8, length: usize| {
        out.push(kind << 5 | 26);
        out.extend(u32::try_from(length).unwrap().to_be_bytes());
    };
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(value) => out.push(if *value { 0xf5 } else { 0xf4 }),
        Value::Number(number) => head(0, usize::try_from(number.as_u64().unwrap()).unwrap()),
        Value::String(text) => {
            head(3, text.len());
            out.extend(text.as_bytes());
        }
        Value::Array(items) => {
            head(4, items.len());
            items.iter().for_each(|item| write_cbor(item, out));
        }
        Value::Object(members) => {
            head(5, members.len());
            for (name, member) in members {
                write_cbor(&Value::String(name.clone()), out);
                write_cbor(member, out);
            }
        }
    }
}

/// An error as EC2 sends it.
pub(crate) fn ec2_error(status: u16, code: &str, message: &str) -> Answer {
    Answer::Reply(
        status,
        format!(
            "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>\
             </Errors><RequestID>r</RequestID></Response>"
        ),
    )
}

/// A result of the query protocol.
pub(crate) fn query(operation: &str, result: &str) -> Answer {
    ok(&format!(
        "<{operation}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
         <{operation}Result>{result}</{operation}Result>\
         <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{operation}Response>"
    ))
}

/// Who the caller is.
pub(crate) fn caller(account: &str, arn: &str) -> Answer {
    query(
        "GetCallerIdentity",
        &format!("<Arn>{arn}</Arn><UserId>AIDA</UserId><Account>{account}</Account>"),
    )
}

type Script = dyn Fn(&Request) -> Option<Answer> + Send + Sync;

struct State {
    script: Box<Script>,
    requests: Mutex<Vec<Request>>,
    stop: AtomicBool,
}

/// The server.
pub(crate) struct Wire {
    address: SocketAddr,
    state: Arc<State>,
}

impl Wire {
    /// Answers each request by `script`; what it does not know is answered
    /// with 400 `NotScripted`, and GetCallerIdentity with a user of [`ACCOUNT`].
    pub(crate) fn start(
        script: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            script: Box::new(script),
            requests: Mutex::default(),
            stop: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stop.load(Ordering::SeqCst) {
                    break;
                }
                let (Ok(stream), shared) = (stream, Arc::clone(&shared)) else { continue };
                std::thread::spawn(move || serve(&stream, &shared));
            }
        });
        Self { address, state }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often an operation was asked.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.requests().iter().filter(|request| request.operation() == operation).count()
    }

    /// A process that talks to this server, with pauses and timeouts for tests.
    pub(crate) async fn aws(&self) -> Aws {
        let aws = Aws::new(Limits {
            attempts: 3,
            throttled_attempts: 4,
            backoff: Duration::from_millis(1),
            attempt_timeout: Duration::from_millis(1500),
            ..Limits::default()
        });
        let keys =
            Credentials::new("AKIAFIXTUREFIXTURE00", "fixture-secret-key", None, None, "fixture");
        let base = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(self.endpoint())
            .credentials_provider(keys)
            .load()
            .await;
        aws.set_base(base).await;
        aws
    }

    /// A session without a role.
    pub(crate) async fn session(&self) -> Arc<Session> {
        let login = Login {
            account_id: ACCOUNT.to_owned(),
            role_arn: None,
            external_id: None,
            profile: None,
        };
        Arc::new(Session::open(&self.aws().await, &login).await.unwrap())
    }

    /// Collects a plan, and what came of it.
    pub(crate) async fn collect(&self, plan: Plan, regions: &[&str]) -> Collected {
        let regions = Regions {
            read: regions.iter().map(|region| (*region).to_owned()).collect(),
            ..Regions::default()
        };
        self.collect_in(plan, regions).await
    }

    /// Collects what AWS makes on demand without waiting long for it.
    pub(crate) async fn collect_impatiently(&self, plan: Plan) -> Collected {
        self.collect_for(plan, Regions::default(), Duration::from_millis(50)).await
    }

    /// The same with other regions.
    pub(crate) async fn collect_in(&self, plan: Plan, regions: Regions) -> Collected {
        self.collect_for(plan, regions, Duration::from_secs(20)).await
    }

    async fn collect_for(&self, plan: Plan, regions: Regions, patience: Duration) -> Collected {
        let recorder = Arc::new(Recorder::default());
        let sink: Arc<dyn Sink> = recorder.clone();
        let context =
            Context::new(self.session().await, sink, regions, plan).with_patience(patience);
        crate::services::collect::collect_all(&context).await;
        drop(context);
        recorder.collected()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is to stop.
        let _woken = TcpStream::connect(self.address);
    }
}

fn serve(stream: &TcpStream, state: &State) {
    let _bounded = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let mut reader = BufReader::new(stream);
    let Some(request) = read_request(&mut reader) else { return };
    let answer = (state.script)(&request).unwrap_or_else(|| {
        if request.operation() == "GetCallerIdentity" {
            caller(ACCOUNT, &format!("arn:aws:iam::{ACCOUNT}:user/auditor"))
        } else {
            let what = request.operation();
            Answer::Reply(
                400,
                format!("<Error><Code>NotScripted</Code><Message>{what}</Message></Error>"),
            )
        }
    });
    state.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    let mut out = stream;
    let _sent = match answer {
        Answer::Reply(status, body) => write!(
            out,
            "HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        ),
        Answer::Cbor(status, body) => {
            let head = format!(
                "HTTP/1.1 {status} X\r\nContent-Type: application/cbor\r\n\
                 smithy-protocol: rpc-v2-cbor\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n",
                body.len()
            );
            out.write_all(head.as_bytes()).and_then(|()| out.write_all(&body))
        }
        Answer::Half(body) => write!(
            out,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len() + 100
        ),
        Answer::Reset => Ok(()),
        Answer::Stall => {
            std::thread::sleep(Duration::from_secs(4));
            Ok(())
        }
    };
}

fn read_request(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut first = line.split_whitespace();
    let target = first.nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut parameters = BTreeMap::new();
    // What is no text is CBOR, whose texts can be found all the same.
    let body = String::from_utf8_lossy(&body).into_owned();
    for text in [query, &body] {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = super::decoded(value).unwrap_or_default();
            parameters.insert(name.to_owned(), plain);
        }
    }
    Some(Request { path: path.to_owned(), headers, parameters, body })
}

/// A sink that keeps everything.
#[derive(Default)]
pub(crate) struct Recorder {
    state: Mutex<Collected>,
}

impl Recorder {
    pub(crate) fn collected(&self) -> Collected {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Sink for Recorder {
    fn resource(&self, resource: Resource) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).resources.push(resource);
    }

    fn gap(&self, gap: Gap) -> GapId {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).gaps.number(gap)
    }

    fn done(&self, kind: &'static ResourceType, region: &str, missing: Gaps) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done.push((kind.name, region.to_owned(), missing));
    }
}

/// The value of a fact that is known.
pub(crate) fn known<T: std::fmt::Debug>(fact: Fact<T>) -> T {
    match fact {
        Fact::Known(value) => value,
        other => panic!("{other:?} is not known"),
    }
}

/// What a sink was fed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collected {
    pub(crate) resources: Vec<Resource>,
    pub(crate) gaps: GapTable,
    pub(crate) done: Vec<(&'static str, String, Gaps)>,
}

impl Collected {
    /// The ids of a type's resources, in order.
    pub(crate) fn ids(&self, kind: &str) -> Vec<&str> {
        let of_kind = self.resources.iter().filter(|resource| resource.kind.name == kind);
        let mut ids: Vec<_> = of_kind.map(|resource| resource.id.as_ref()).collect();
        ids.sort_unstable();
        ids
    }

    /// A resource's document.
    pub(crate) fn document<D: Shape>(&self, kind: &str, id: &str) -> D {
        D::from_value(&self.resource(kind, id).document).unwrap()
    }

    pub(crate) fn resource(&self, kind: &str, id: &str) -> &Resource {
        let mut found =
            self.resources.iter().filter(|r| r.kind.name == kind && r.id.as_ref() == id);
        let first = found.next().unwrap();
        assert!(found.next().is_none(), "{kind} {id} was fed twice");
        first
    }

    /// The gaps behind numbers.
    pub(crate) fn gaps_of(&self, gaps: &Gaps) -> Vec<&Gap> {
        gaps.iter().map(|id| self.gaps.get(id).unwrap()).collect()
    }

    /// The one gap that hides a fact.
    pub(crate) fn why<T: std::fmt::Debug>(&self, fact: &Fact<T>) -> &Gap {
        let Fact::Unknown(gaps) = fact else { panic!("{fact:?} is not unknown") };
        let gaps = self.gaps_of(gaps);
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        gaps.first().unwrap()
    }

    /// What may hide more of a type; it has to be done exactly once.
    pub(crate) fn missing(&self, kind: &str, region: &str) -> Vec<&Gap> {
        let done: Vec<_> =
            self.done.iter().filter(|(name, place, _)| *name == kind && place == region).collect();
        assert_eq!(done.len(), 1, "{kind} in {region}: {:?}", self.done);
        self.gaps_of(&done.first().unwrap().2)
    }
}
