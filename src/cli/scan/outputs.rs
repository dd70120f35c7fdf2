//! Where results go. Opened before the scan starts: a path that cannot be
//! written fails in a second, not after an hour.

use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use crate::output::Layout;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// How files are laid out: 120 columns and no colours.
pub(in crate::cli) const FILE: Layout = Layout { columns: 120, color: false };

/// The level of compression: the default of zstd.
const LEVEL: i32 = 3;

pub(in crate::cli) struct Outputs {
    report: Option<(PathBuf, File)>,
    snapshot: Option<Box<dyn Write + Send>>,
}

impl Outputs {
    pub(in crate::cli) fn open(
        report: Option<&Path>,
        snapshot: Option<&Path>,
    ) -> Result<Self, CliError> {
        let report = match report {
            Some(path) => Some((path.to_owned(), create_private(path)?)),
            None => None,
        };
        let snapshot = match snapshot {
            Some(path) => Some(compressed(path, create_private(path)?)?),
            None => None,
        };
        Ok(Self { report, snapshot })
    }

    /// Where the snapshot goes; once.
    pub(in crate::cli) fn snapshot(&mut self) -> Option<Box<dyn Write + Send>> {
        self.snapshot.take()
    }

    /// As a file, or as the terminal wants it.
    pub(in crate::cli) fn layout(&self, settings: &Settings) -> Layout {
        match self.report {
            Some(_) => FILE,
            None => settings.environment.console.layout(),
        }
    }

    pub(in crate::cli) fn write(
        &mut self,
        text: &str,
        settings: &mut Settings,
    ) -> Result<(), CliError> {
        match &mut self.report {
            Some((path, file)) => file
                .write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(|error| CliError::file("write", path, &error)),
            None => Ok(settings.environment.console.print(text)?),
        }
    }
}

/// A file that only its owner may read: findings are nobody else's business.
pub(super) fn create_private(path: &Path) -> Result<File, CliError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| CliError::file("write", path, &error))
}

fn compressed(path: &Path, file: File) -> Result<Box<dyn Write + Send>, CliError> {
    let buffered = BufWriter::new(file);
    if path.extension().is_none_or(|extension| extension != "zst") {
        return Ok(Box::new(buffered));
    }
    let encoder = zstd::Encoder::new(buffered, LEVEL)
        .map_err(|error| CliError::file("write", path, &error))?;
    Ok(Box::new(Compressed { encoder: Some(encoder) }))
}

/// Ends the compressed stream when it is flushed: a snapshot is flushed once,
/// behind its trailer.
struct Compressed<W: Write> {
    encoder: Option<zstd::Encoder<'static, W>>,
}

impl<W: Write> Write for Compressed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.encoder {
            Some(encoder) => encoder.write(bytes),
            None => Err(io::Error::other("the stream has ended")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.encoder.take() {
            Some(encoder) => encoder.finish()?.flush(),
            None => Ok(()),
        }
    }
}
