//! What a request asks for: service, operation, account, region, parameters.

use super::http::Request;
use super::{cbor, routes};
use serde_json::Value;
use std::collections::BTreeMap;

/// How a service speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// Form in, XML out: IAM, RDS and others.
    Query,
    /// The same as EC2 speaks it.
    Ec2,
    /// Paths in, XML out: S3, S3 Control, CloudFront.
    RestXml,
    /// JSON in and out, the operation in a header.
    Json,
    /// Paths in, JSON out.
    RestJson,
    /// CBOR in and out, the operation in the path: CloudWatch.
    Cbor,
}

/// A call of AWS.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The service, as cspm calls it.
    pub(crate) service: &'static str,
    /// How it speaks.
    pub(crate) protocol: Protocol,
    /// The operation's name in AWS's API reference.
    pub(crate) operation: String,
    /// Whose credentials signed it.
    pub(crate) account: String,
    /// The region that was signed.
    pub(crate) region: String,
    /// Query, form, or the top of the JSON body.
    pub(crate) parameters: BTreeMap<String, String>,
    /// What the path names: a bucket, a detector, or a cluster and its node group
    /// with `/` between them.
    pub(crate) subject: String,
}

/// The service that a signature names: cspm's name for it, and its protocol.
/// Those that share one are told apart by their paths and versions.
const SERVICES: &[(&str, &str, Protocol)] = &[
    ("access-analyzer", "accessanalyzer", Protocol::RestJson),
    ("account", "account", Protocol::RestJson),
    ("apigateway", "apigateway", Protocol::RestJson),
    ("application-autoscaling", "application-autoscaling", Protocol::Json),
    ("backup", "backup", Protocol::RestJson),
    ("cloudfront", "cloudfront", Protocol::RestXml),
    ("cloudtrail", "cloudtrail", Protocol::Json),
    ("config", "config", Protocol::Json),
    ("dax", "dax", Protocol::Json),
    ("dynamodb", "dynamodb", Protocol::Json),
    ("ec2", "ec2", Protocol::Ec2),
    ("ecr", "ecr", Protocol::Json),
    ("eks", "eks", Protocol::RestJson),
    ("elasticfilesystem", "efs", Protocol::RestJson),
    ("elasticloadbalancing", "elbv2", Protocol::Query),
    ("events", "events", Protocol::Json),
    ("glacier", "glacier", Protocol::RestJson),
    ("guardduty", "guardduty", Protocol::RestJson),
    ("iam", "iam", Protocol::Query),
    ("inspector2", "inspector2", Protocol::RestJson),
    ("kms", "kms", Protocol::Json),
    ("lambda", "lambda", Protocol::RestJson),
    ("logs", "logs", Protocol::Json),
    ("macie2", "macie2", Protocol::RestJson),
    ("monitoring", "cloudwatch", Protocol::Cbor),
    ("organizations", "organizations", Protocol::Json),
    ("rds", "rds", Protocol::Query),
    ("s3", "s3", Protocol::RestXml),
    ("s3express", "s3", Protocol::RestXml),
    ("secretsmanager", "secretsmanager", Protocol::Json),
    ("securityhub", "securityhub", Protocol::RestJson),
    ("sns", "sns", Protocol::Query),
    ("sqs", "sqs", Protocol::Json),
    ("ssm", "ssm", Protocol::Json),
    ("sts", "sts", Protocol::Query),
    ("wafv2", "wafv2", Protocol::Json),
];

/// S3's operations on a bucket, by the key of the query.
const ON_BUCKET: &[(&str, &str)] = &[
    ("accelerate", "GetBucketAccelerateConfiguration"),
    ("acl", "GetBucketAcl"),
    ("cors", "GetBucketCors"),
    ("encryption", "GetBucketEncryption"),
    ("lifecycle", "GetBucketLifecycleConfiguration"),
    ("location", "GetBucketLocation"),
    ("logging", "GetBucketLogging"),
    ("notification", "GetBucketNotificationConfiguration"),
    ("object-lock", "GetObjectLockConfiguration"),
    ("ownershipControls", "GetBucketOwnershipControls"),
    ("policy", "GetBucketPolicy"),
    ("policyStatus", "GetBucketPolicyStatus"),
    ("publicAccessBlock", "GetPublicAccessBlock"),
    ("replication", "GetBucketReplication"),
    ("tagging", "GetBucketTagging"),
    ("versioning", "GetBucketVersioning"),
    ("website", "GetBucketWebsite"),
];

/// What begins the key id of an account's credentials; the account follows.
pub(crate) const ROLE_KEY: &str = "ASIALABX";
/// The same for keys of the operator.
pub(crate) const OWN_KEY: &str = "AKIALABX";

impl Call {
    /// Reads a request; `None` if it is not signed for a service that is known
    /// here.
    pub(crate) fn read(request: &Request) -> Option<Self> {
        let signature = request.header("authorization")?;
        let (_, scope) = signature.split_once("Credential=")?;
        let mut scope = scope.split(',').next()?.split('/');
        let (key, _date) = (scope.next()?, scope.next()?);
        let (region, signed) = (scope.next()?, scope.next()?);
        let account = key.strip_prefix(ROLE_KEY).or_else(|| key.strip_prefix(OWN_KEY))?;
        let (_, service, protocol) = SERVICES.iter().find(|(name, ..)| *name == signed)?;
        let service = match *service {
            "s3" if request.path.starts_with("/v20180820/") => "s3control",
            "apigateway" if request.path.starts_with("/v2/") => "apigatewayv2",
            service => service,
        };
        let mut call = Self {
            service,
            protocol: *protocol,
            operation: String::new(),
            account: account.to_owned(),
            region: region.to_owned(),
            parameters: pairs(&request.query),
            subject: String::new(),
        };
        match protocol {
            Protocol::Query | Protocol::Ec2 => {
                call.parameters.append(&mut pairs(std::str::from_utf8(&request.body).ok()?));
                call.operation = call.parameters.get("Action").cloned().unwrap_or_default();
            }
            Protocol::Json => {
                let target = request.header("x-amz-target").unwrap_or_default();
                call.operation = target.rsplit('.').next().unwrap_or_default().to_owned();
                call.take_json(&request.body);
            }
            Protocol::RestJson => {
                call.take_json(&request.body);
                call.rest(request);
            }
            Protocol::RestXml => call.rest(request),
            Protocol::Cbor => {
                call.take(cbor::read(&mut request.body.as_slice()));
                let operation = request.path.rsplit('/').next().unwrap_or_default();
                operation.clone_into(&mut call.operation);
            }
        }
        // Both versions of ELB have a path and a signature.
        if call.service == "elbv2" && call.parameter("Version") == Some("2012-06-01") {
            call.service = "elb";
        }
        Some(call)
    }

    /// `service:Operation`.
    pub(crate) fn id(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }

    /// A parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// A parameter that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.parameter(name)?.parse().ok()
    }

    /// The token of the page that is asked for, whatever it is called.
    pub(crate) fn token(&self) -> Option<&str> {
        [
            "NextToken",
            "nextToken",
            "Marker",
            "marker",
            "continuation-token",
            "position",
            "ExclusiveStartTableName",
        ]
        .iter()
        .find_map(|name| self.parameter(name))
        .filter(|token| !token.is_empty())
    }

    /// The values of a list of the query protocols: `Filter.member.1`,
    /// `InstanceId.1`.
    pub(crate) fn list<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.parameters
            .iter()
            .filter(move |(name, _)| name.starts_with(start))
            .map(|(_, value)| value.as_str())
    }

    /// What tells it from every other call, whenever it is made.
    pub(crate) fn key(&self) -> String {
        let mut key = format!("{} {} {} {}", self.id(), self.account, self.region, self.subject);
        for (name, value) in &self.parameters {
            key.push_str(&format!(" {name}={value}"));
        }
        key
    }

    fn take_json(&mut self, body: &[u8]) {
        self.take(serde_json::from_slice(body).ok());
    }

    fn take(&mut self, body: Option<Value>) {
        let Some(Value::Object(members)) = body else { return };
        for (name, value) in members {
            let text = match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            self.parameters.insert(name, text);
        }
    }

    fn rest(&mut self, request: &Request) {
        if self.service == "s3" {
            return self.s3(request);
        }
        match routes::find(self.service, &request.path) {
            Some((operation, subject)) => {
                operation.clone_into(&mut self.operation);
                self.subject = subject;
            }
            None => self.operation = format!("{} {}", request.method, request.path),
        }
    }

    fn s3(&mut self, request: &Request) {
        let bucket = request.path.trim_matches('/');
        bucket.clone_into(&mut self.subject);
        if bucket.ends_with("--x-s3") {
            self.service = "s3express";
        }
        let asked = ON_BUCKET.iter().find(|(key, _)| self.parameters.contains_key(*key));
        self.operation = match asked {
            _ if bucket.is_empty() => self.parameter("x-id").unwrap_or("ListBuckets").to_owned(),
            Some((_, operation)) => (*operation).to_owned(),
            None => format!("{} /{bucket}?{}", request.method, request.query),
        };
    }
}

/// Pairs of a query or form.
fn pairs(text: &str) -> BTreeMap<String, String> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// Without percent signs.
pub(crate) fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                let code = digit().zip(digit()).map(|(high, low)| high * 16 + low);
                out.extend(code.and_then(|code| u8::try_from(code).ok()));
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// With percent signs, as AWS sends policies.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
