//! One object of S3, read as it comes: for snapshots that lie there. Calls: 1,
//! or 2 if the bucket is in another region than the operator's own.

use super::classify::meaning;
use super::credentials::Aws;
use super::endpoint::needs_path_style;
use super::failure::{Failure, FailureKind};
use super::limits::Limits;
use super::session::{home_of, own_config};
use crate::inventory::{ErrorClass, Meaning, Operation};
use aws_config::Region;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_runtime_api::client::result::SdkError;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};
use tokio::runtime::Runtime;

/// Reads an object. Needs `s3:GetObject` on it; no rule needs this call.
static GET_OBJECT: Operation = Operation::new("s3", "GetObject", &["s3:GetObject"]);

/// The gate's name for calls that belong to no tenant.
const NO_ACCOUNT: &str = "";

/// Why an object cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectErrorKind {
    /// The SDK's chain found no credentials.
    NoCredentials,
    /// The credentials are not valid, or no longer.
    Credentials,
    /// There is no such bucket.
    NoSuchBucket,
    /// There is no such key in the bucket.
    NoSuchKey,
    /// AWS denies it; also what is not there, without `s3:ListBucket`.
    Denied,
    /// No connection, or no answer in time.
    Network,
    /// Anything else.
    Other,
}

/// An object cannot be read. Never holds a credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ObjectError {
    /// Why.
    pub kind: ObjectErrorKind,
    /// What AWS says, or we.
    pub message: String,
}

impl ObjectError {
    fn new(failure: &Failure, region: &str) -> Self {
        let kind = match (failure.kind, failure.code.as_deref()) {
            (FailureKind::NoCredentials, _) => ObjectErrorKind::NoCredentials,
            (FailureKind::Credentials, _) => ObjectErrorKind::Credentials,
            (_, Some("NoSuchKey")) => ObjectErrorKind::NoSuchKey,
            (_, Some("NoSuchBucket")) => ObjectErrorKind::NoSuchBucket,
            _ => match meaning(&GET_OBJECT, region, failure) {
                Meaning::Class(
                    ErrorClass::AccessDenied
                    | ErrorClass::OrganizationDenied
                    | ErrorClass::ResourcePolicyDenied,
                ) => ObjectErrorKind::Denied,
                Meaning::Class(ErrorClass::ExpiredToken | ErrorClass::InvalidToken) => {
                    ObjectErrorKind::Credentials
                }
                Meaning::Class(ErrorClass::Network | ErrorClass::Timeout) => {
                    ObjectErrorKind::Network
                }
                _ => ObjectErrorKind::Other,
            },
        };
        let code = failure.code.as_deref().map(|code| format!("{code}: ")).unwrap_or_default();
        Self { kind, message: format!("{code}{}", failure.message) }
    }
}

/// An object on its way.
pub struct ObjectReader {
    runtime: Runtime,
    body: ByteStream,
    chunk: io::Cursor<Vec<u8>>,
}

impl ObjectReader {
    /// Asks for an object with the default credentials. Not to be called from
    /// a task: it blocks.
    ///
    /// # Errors
    /// AWS does not give it.
    pub fn open(bucket: &str, key: &str) -> Result<Self, ObjectError> {
        Self::open_with(|| async { Aws::new(Limits::default()) }, bucket, key)
    }

    fn open_with<F: Future<Output = Aws>>(
        aws: impl FnOnce() -> F,
        bucket: &str,
        key: &str,
    ) -> Result<Self, ObjectError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| ObjectError {
            kind: ObjectErrorKind::Other,
            message: error.to_string(),
        })?;
        let body = runtime.block_on(async { get(&aws().await, bucket, key).await })?;
        Ok(Self { runtime, body, chunk: io::Cursor::default() })
    }
}

impl Read for ObjectReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.chunk.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            match self.runtime.block_on(self.body.next()) {
                Some(Ok(chunk)) => self.chunk = io::Cursor::new(chunk.to_vec()),
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => return Ok(0),
            }
        }
    }
}

async fn get(aws: &Aws, bucket: &str, key: &str) -> Result<ByteStream, ObjectError> {
    let base = aws.base(None).await;
    let home = home_of(&base, None);
    match try_in(aws, &home, bucket, key).await {
        Ok(body) => Ok(body),
        // S3 says where the bucket is:
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
        Err((_, Some(region))) if region != home => {
            let second = try_in(aws, &region, bucket, key).await;
            second.map_err(|(failure, _)| ObjectError::new(&failure, &region))
        }
        Err((failure, _)) => Err(ObjectError::new(&failure, &home)),
    }
}

/// One try; of a failure also the region that the reply named.
async fn try_in(
    aws: &Aws,
    region: &str,
    bucket: &str,
    key: &str,
) -> Result<ByteStream, (Failure, Option<String>)> {
    let config = own_config(aws.base(None).await, region);
    let path_style = needs_path_style(&config);
    let config = aws_sdk_s3::config::Builder::from(&config)
        .region(Region::new(region.to_owned()))
        .force_path_style(path_style);
    let client = aws_sdk_s3::Client::from_conf(config.build());
    let elsewhere = Mutex::new(None);
    let reply = aws
        .gate()
        .call(NO_ACCOUNT, region, &GET_OBJECT, || async {
            let reply = client.get_object().bucket(bucket).key(key).send().await;
            if let Err(SdkError::ServiceError(error)) = &reply {
                let named = error.raw().headers().get("x-amz-bucket-region").map(str::to_owned);
                *elsewhere.lock().unwrap_or_else(PoisonError::into_inner) = named;
            }
            reply
        })
        .await;
    let elsewhere = elsewhere.into_inner().unwrap_or_else(PoisonError::into_inner);
    reply.map(|reply| reply.body).map_err(|failure| (failure, elsewhere))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::aws::wire::{Answer, Wire, ok, s3_error};

    /// What comes of an object for which the server answers so.
    fn read(answer: Answer) -> Result<io::Result<String>, ObjectError> {
        let wire = Wire::start(move |request| {
            let path = request.path.as_str();
            (path == "/snapshots/acme/x.jsonl").then(|| answer.clone())
        });
        let opened = ObjectReader::open_with(|| wire.aws(), "snapshots", "acme/x.jsonl");
        opened.map(|mut reader| {
            let mut text = String::new();
            reader.read_to_string(&mut text).map(|_| text)
        })
    }

    #[test]
    fn an_object_is_read_to_its_end() {
        let long = "a line of a snapshot\n".repeat(20_000);
        assert_eq!(read(ok(&long)).unwrap().unwrap(), long);
        let cut = read(Answer::Half(long)).unwrap();
        assert!(cut.is_err(), "half an object is none");
    }

    #[test]
    fn each_failure_has_its_kind() {
        for (status, code, kind) in [
            (404, "NoSuchKey", ObjectErrorKind::NoSuchKey),
            (404, "NoSuchBucket", ObjectErrorKind::NoSuchBucket),
            (403, "AccessDenied", ObjectErrorKind::Denied),
            (400, "ExpiredToken", ObjectErrorKind::Credentials),
            (403, "InvalidAccessKeyId", ObjectErrorKind::Credentials),
            (418, "Teapot", ObjectErrorKind::Other),
        ] {
            let error = read(s3_error(status, code, "no")).unwrap_err();
            assert_eq!(error.kind, kind, "{code}: {error}");
            assert!(error.message.starts_with(code), "{error}");
        }
    }
}
