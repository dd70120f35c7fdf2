//! Where a snapshot lies: in a file, in S3, or on standard input.

use super::error::CliError;
use super::settings::Settings;
use crate::inventory::snapshot::SnapshotError;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What begins a zstd stream
/// (<https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1>).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// What begins the name of an object in S3.
const S3: &str = "s3://";

/// Where a snapshot lies.
pub(super) enum SnapshotPlace {
    File(PathBuf),
    S3 {
        bucket: String,
        key: String,
    },
    /// Can be read once.
    Stdin(Mutex<Option<Box<dyn Read + Send>>>),
}

impl SnapshotPlace {
    /// `-`, `s3://BUCKET/KEY`, or a path.
    ///
    /// # Errors
    /// An address of S3 without bucket or key, or standard input a second time.
    pub(super) fn new(name: &Path, settings: &mut Settings) -> Result<Self, CliError> {
        let Some(text) = name.to_str() else { return Ok(Self::File(name.to_owned())) };
        if text == "-" {
            if settings.input_taken {
                return Err(CliError::usage("only one snapshot can come from standard input"));
            }
            settings.input_taken = true;
            let input = std::mem::replace(&mut settings.environment.input, Box::new(io::empty()));
            return Ok(Self::Stdin(Mutex::new(Some(input))));
        }
        let Some(address) = text.strip_prefix(S3) else { return Ok(Self::File(name.to_owned())) };
        match address.split_once('/') {
            Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
                Ok(Self::S3 { bucket: bucket.to_owned(), key: key.to_owned() })
            }
            _ => {
                Err(CliError::usage(format!("`{text}` names no object"))
                    .hint("write s3://BUCKET/KEY"))
            }
        }
    }

    /// That of a tenant: a path is relative to the folder of the tenants file.
    pub(super) fn of_tenant(
        name: &Path,
        config: &Path,
        settings: &mut Settings,
    ) -> Result<Self, CliError> {
        Ok(match Self::new(name, settings)? {
            Self::File(path) => {
                Self::File(config.parent().map_or_else(|| path.clone(), |it| it.join(&path)))
            }
            other => other,
        })
    }

    /// Opens it, compressed or not, whatever its name says.
    ///
    /// # Errors
    /// It cannot be had.
    pub(super) fn open(&self) -> Result<Box<dyn BufRead>, SnapshotError> {
        match self {
            Self::File(path) => plain(File::open(path)?),
            Self::S3 { bucket, key } => plain(object(bucket, key)?),
            Self::Stdin(input) => {
                let input = input.lock().unwrap_or_else(PoisonError::into_inner).take();
                plain(input.unwrap_or_else(|| Box::new(io::empty())))
            }
        }
    }
}

impl fmt::Display for SnapshotPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::S3 { bucket, key } => write!(f, "{S3}{bucket}/{key}"),
            Self::Stdin(_) => f.write_str("standard input"),
        }
    }
}

fn plain(input: impl Read + 'static) -> Result<Box<dyn BufRead>, SnapshotError> {
    let mut input = BufReader::new(input);
    // A pipe may give its first bytes one by one.
    let mut begin = Vec::new();
    input.by_ref().take(ZSTD_MAGIC.len() as u64).read_to_end(&mut begin)?;
    let packed = begin == ZSTD_MAGIC;
    let whole = io::Cursor::new(begin).chain(input);
    if packed {
        return Ok(Box::new(BufReader::new(zstd::Decoder::with_buffer(whole)?)));
    }
    Ok(Box::new(whole))
}

#[cfg(not(feature = "aws"))]
fn object(_bucket: &str, _key: &str) -> Result<io::Empty, SnapshotError> {
    Err(SnapshotError::Fetch {
        message: "this build of cspm has no AWS".to_owned(),
        hint: "`cargo build --release` builds with AWS; snapshots in files work without".to_owned(),
        missing: true,
    })
}

#[cfg(feature = "aws")]
fn object(bucket: &str, key: &str) -> Result<crate::aws::ObjectReader, SnapshotError> {
    use crate::aws::{ObjectErrorKind, ObjectReader};
    ObjectReader::open(bucket, key).map_err(|error| {
        let hint = match error.kind {
            ObjectErrorKind::NoCredentials => {
                "sign in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and \
                 AWS_SECRET_ACCESS_KEY"
            }
            ObjectErrorKind::Credentials => "sign in again, for example with `aws sso login`",
            ObjectErrorKind::NoSuchBucket => "correct the bucket's name",
            ObjectErrorKind::NoSuchKey => "correct the key; `aws s3 ls` shows what is there",
            ObjectErrorKind::Denied => {
                "allow s3:GetObject on it, and kms:Decrypt if a key of yours encrypts it; without \
                 s3:ListBucket AWS also denies what is not there"
            }
            ObjectErrorKind::Network => {
                "look at the network, at proxy settings and at AWS_ENDPOINT_URL"
            }
            ObjectErrorKind::Other => "look with `aws s3 cp`",
        };
        let missing =
            matches!(error.kind, ObjectErrorKind::NoSuchBucket | ObjectErrorKind::NoSuchKey);
        SnapshotError::Fetch { message: error.to_string(), hint: hint.to_owned(), missing }
    })
}
