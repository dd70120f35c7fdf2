//! A proxy before moto that counts calls and lets chosen ones fail, as AWS
//! does.

use super::moto::Moto;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What happens to a call.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// 403, in the words of the service.
    Denied,
    /// An error of the service: status, code, message.
    Error(u16, &'static str, &'static str),
    /// This reply in place of moto's.
    Reply(String),
    /// The connection is closed without a reply.
    Reset,
    /// No reply until the proxy ends.
    Hang,
}

/// Which call, and what happens to it.
struct Rule {
    /// `service:Operation`, `service:*`, or `*`.
    operation: String,
    /// Only if the path or body has this.
    about: String,
    /// How many more times; `None` for ever.
    left: Option<usize>,
    /// `None` lets it through, whatever later rules say.
    fault: Option<Fault>,
}

impl Rule {
    fn names(&self, operation: &str) -> bool {
        match self.operation.strip_suffix('*') {
            Some(beginning) => operation.starts_with(beginning),
            None => self.operation == operation,
        }
    }
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    calls: BTreeMap<String, usize>,
    hanging: usize,
}

struct Shared {
    upstream: String,
    state: Mutex<State>,
    changed: Condvar,
    over: AtomicBool,
}

/// A running proxy.
pub(crate) struct Proxy {
    /// Where it listens.
    pub(crate) address: String,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Starts a proxy before `moto`.
    pub(crate) fn before(moto: &Moto) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            upstream: moto.address.clone(),
            state: Mutex::default(),
            changed: Condvar::new(),
            over: AtomicBool::new(false),
        });
        let proxy = Self { address, shared: Arc::clone(&shared) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.over.load(Ordering::SeqCst) {
                    break;
                }
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(&shared, stream));
            }
        });
        proxy
    }

    /// Lets every call of an operation fail.
    pub(crate) fn fail(&self, operation: &str, fault: Fault) -> &Self {
        self.add(operation, "", None, Some(fault))
    }

    /// Lets calls of an operation fail whose path or body has `about`.
    pub(crate) fn fail_about(&self, operation: &str, about: &str, fault: Fault) -> &Self {
        self.add(operation, about, None, Some(fault))
    }

    /// Lets the next `times` calls of an operation fail.
    pub(crate) fn fail_times(&self, operation: &str, times: usize, fault: Fault) -> &Self {
        self.add(operation, "", Some(times), Some(fault))
    }

    /// Lets calls through whose path or body has `about`, whatever rules
    /// follow.
    pub(crate) fn pass_about(&self, operation: &str, about: &str) -> &Self {
        self.add(operation, about, None, None)
    }

    fn add(
        &self,
        operation: &str,
        about: &str,
        left: Option<usize>,
        fault: Option<Fault>,
    ) -> &Self {
        let (operation, about) = (operation.to_owned(), about.to_owned());
        self.state().rules.push(Rule { operation, about, left, fault });
        self
    }

    /// Calls so far, by operation.
    pub(crate) fn calls(&self) -> BTreeMap<String, usize> {
        self.state().calls.clone()
    }

    /// Waits until a call hangs.
    pub(crate) fn wait_until_one_hangs(&self) {
        let mut state = self.state();
        while state.hanging == 0 {
            let (next, late) = self
                .shared
                .changed
                .wait_timeout(state, Duration::from_secs(120))
                .unwrap_or_else(PoisonError::into_inner);
            assert!(!late.timed_out(), "no call came to the operation that hangs");
            state = next;
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        self.shared.changed.notify_all();
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect(&self.address);
    }
}

/// A request as it came.
struct Request {
    head: Vec<u8>,
    method: String,
    target: String,
    service: String,
    /// The operation, where a header names it: services that speak JSON.
    named: Option<String>,
    body: Vec<u8>,
}

fn serve(shared: &Shared, stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    while let Ok(Some(request)) = read(&mut reader) {
        let operation = operation(&request);
        let fault = {
            let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
            *state.calls.entry(operation.clone()).or_default() += 1;
            let body = String::from_utf8_lossy(&request.body).into_owned();
            let rule = state.rules.iter_mut().find(|rule| {
                rule.names(&operation)
                    && (request.target.contains(&rule.about) || body.contains(&rule.about))
                    && rule.left != Some(0)
            });
            rule.and_then(|rule| {
                rule.left = rule.left.map(|left| left - 1);
                rule.fault.clone()
            })
        };
        let reply = match fault {
            None => forward(&shared.upstream, &request).unwrap_or_default(),
            Some(Fault::Reset) => return,
            Some(Fault::Hang) => {
                let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.hanging += 1;
                shared.changed.notify_all();
                while !shared.over.load(Ordering::SeqCst) {
                    state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                return;
            }
            Some(Fault::Denied) => denied(&request, &operation),
            Some(Fault::Error(status, code, message)) => {
                error_reply(&request, status, code, message)
            }
            Some(Fault::Reply(body)) => http(200, &body),
        };
        if reply.is_empty() || writer.write_all(&reply).is_err() {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    let (mut length, mut service, mut named) = (0, String::new(), None);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line == "\r\n" {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if lower.starts_with("authorization:") {
            // Credential=ID/DATE/REGION/SERVICE/aws4_request
            service = line.split('/').nth(3).unwrap_or_default().to_owned();
        }
        if lower.starts_with("x-amz-target:") {
            // X-Amz-Target: AWSOrganizationsV20161128.ListAccounts
            named = line.trim_end().rsplit('.').next().map(str::to_owned);
        }
        if !lower.starts_with("connection:") {
            head.extend_from_slice(line.as_bytes());
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let first = String::from_utf8_lossy(&head);
    let mut words = first.split_whitespace();
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default().to_owned();
    drop(first);
    let named = named.or_else(|| named_by_path(&service, &target));
    // Names of the CLI, where requests are signed with others.
    match service.as_str() {
        "access-analyzer" => "accessanalyzer".clone_into(&mut service),
        "elasticfilesystem" => "efs".clone_into(&mut service),
        _ => {}
    }
    Ok(Some(Request { head, method, target, service, named, body }))
}

/// The operation of a service that answers JSON by path.
fn named_by_path(service: &str, target: &str) -> Option<String> {
    let path = target.split('?').next().unwrap_or(target);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let name = match (service, parts.as_slice()) {
        ("access-analyzer", ["analyzer"]) => "ListAnalyzers",
        ("account", ["getAlternateContact"]) => "GetAlternateContact",
        ("backup", ["resources"]) => "ListProtectedResources",
        ("elasticfilesystem", [_, "access-points"]) => "DescribeAccessPoints",
        ("elasticfilesystem", [_, "file-systems"]) => "DescribeFileSystems",
        ("elasticfilesystem", [_, "file-systems", _, "backup-policy"]) => "DescribeBackupPolicy",
        ("elasticfilesystem", [_, "file-systems", _, "policy"]) => "DescribeFileSystemPolicy",
        ("elasticfilesystem", [_, "mount-targets"]) => "DescribeMountTargets",
        ("guardduty", ["detector"]) => "ListDetectors",
        ("guardduty", ["detector", _]) => "GetDetector",
        _ => return None,
    };
    Some(name.to_owned())
}

fn forward(upstream: &str, request: &Request) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(upstream)?;
    stream.write_all(&request.head)?;
    stream.write_all(b"Connection: close\r\n\r\n")?;
    stream.write_all(&request.body)?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    // The client's connection stays open. Not all replies are text.
    let closing = b"Connection: close\r\n";
    if let Some(at) = reply.windows(closing.len()).position(|part| part == closing) {
        reply.drain(at..at + closing.len());
    }
    Ok(reply)
}

/// The name of the operation: `iam:GetAccountSummary`, `s3:GetBucketAcl`.
fn operation(request: &Request) -> String {
    if let Some(name) = &request.named {
        return format!("{}:{name}", request.service);
    }
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    if request.service != "s3" {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let action = body.split('&').find_map(|pair| pair.strip_prefix("Action="));
        return format!("{}:{}", request.service, action.unwrap_or("?"));
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let has = |key: &str| query.split('&').any(|pair| pair.split('=').next() == Some(key));
    let name = match parts.as_slice() {
        ["v20180820", "configuration", "publicAccessBlock"] => "s3control:GetPublicAccessBlock",
        ["v20180820", "accesspoint"] => "s3control:ListAccessPoints",
        ["v20180820", "accesspoint", _] => "s3control:GetAccessPoint",
        ["v20180820", "accesspoint", _, "policy"] => "s3control:GetAccessPointPolicy",
        ["v20180820", "accesspoint", _, "policyStatus"] => "s3control:GetAccessPointPolicyStatus",
        [] => "s3:ListBuckets",
        [_] if has("acl") => "s3:GetBucketAcl",
        [_] if has("policy") => "s3:GetBucketPolicy",
        [_] if has("policyStatus") => "s3:GetBucketPolicyStatus",
        [_] if has("publicAccessBlock") => "s3:GetPublicAccessBlock",
        [_] if has("encryption") => "s3:GetBucketEncryption",
        [_] if has("versioning") => "s3:GetBucketVersioning",
        [_] if has("logging") => "s3:GetBucketLogging",
        [_] if has("lifecycle") => "s3:GetBucketLifecycleConfiguration",
        [_] if has("ownershipControls") => "s3:GetBucketOwnershipControls",
        [_] if has("tagging") => "s3:GetBucketTagging",
        _ => return format!("s3:? {} {}", request.method, request.target),
    };
    name.to_owned()
}

fn denied(request: &Request, operation: &str) -> Vec<u8> {
    let who = "arn:aws:sts::222233334444:assumed-role/CspmScan/cspm";
    let message = format!(
        "User: {who} is not authorized to perform: {operation} because no identity-based policy \
         allows the {operation} action"
    );
    match request.service.as_str() {
        "ec2" => error_reply(
            request,
            403,
            "UnauthorizedOperation",
            &format!("You are not authorized to perform this operation. {message}"),
        ),
        _ if request.named.is_some() => {
            error_reply(request, 400, "AccessDeniedException", &message)
        }
        _ => error_reply(request, 403, "AccessDenied", &message),
    }
}

fn error_reply(request: &Request, status: u16, code: &str, message: &str) -> Vec<u8> {
    if request.named.is_some() {
        let body = serde_json::json!({ "__type": code, "message": message }).to_string();
        let length = body.len();
        let kind = "application/x-amz-json-1.1";
        return format!(
            "HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes();
    }
    let error = format!("<Error><Code>{code}</Code><Message>{message}</Message>");
    let id = "<RequestId>11111111-2222-3333-4444-555555555555</RequestId>";
    let body = match request.service.as_str() {
        // The form of S3; S3 Control wraps it, and its clients read both.
        "s3" => format!("{error}{id}<HostId>host</HostId></Error>"),
        "ec2" => format!(
            "<Response><Errors>{error}</Error></Errors>\
             <RequestID>11111111-2222-3333-4444-555555555555</RequestID></Response>"
        ),
        _ => format!("<ErrorResponse>{error}<Type>Sender</Type></Error>{id}</ErrorResponse>"),
    };
    http(status, &body)
}

fn http(status: u16, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n\
         <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}",
        body.len() + "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".len()
    )
    .into_bytes()
}
