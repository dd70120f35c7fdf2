//! Where results go. Opened before the scan starts: a path that cannot be
//! written fails in a second, not after an hour.

use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use crate::output::Layout;
use crate::output::report::OutputError;
use crate::scan::DEMO_SNAPSHOT;
use serde::Serialize;
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

    /// Writes the demo as the snapshot: AWS answers nothing there.
    pub(in crate::cli) fn save_demo(&mut self, path: &Path) -> Result<(), CliError> {
        let Some(mut snapshot) = self.snapshot.take() else { return Ok(()) };
        snapshot
            .write_all(DEMO_SNAPSHOT.as_bytes())
            .and_then(|()| snapshot.flush())
            .map_err(|error| CliError::file("write", path, &error))
    }

    /// As a file, or as the terminal wants it.
    pub(in crate::cli) fn layout(&self, settings: &Settings) -> Layout {
        match self.report {
            Some(_) => FILE,
            None => settings.environment.console.layout(),
        }
    }

    /// Lets `write` write the result.
    pub(in crate::cli) fn write(
        &mut self,
        settings: &mut Settings,
        write: impl FnOnce(&mut dyn Write) -> Result<(), OutputError>,
    ) -> Result<(), CliError> {
        match &mut self.report {
            Some((path, file)) => write_file(path, file, write),
            None => {
                let mut out = BufWriter::new(settings.environment.console.out());
                write(&mut out)?;
                Ok(out.flush()?)
            }
        }
    }
}

/// Waits until a file is on the disk. What is no file, as /dev/null, cannot be
/// waited for.
pub(super) fn settle(file: &File) -> io::Result<()> {
    if file.metadata()?.is_file() { file.sync_all() } else { Ok(()) }
}

/// Lets `write` write a whole file.
pub(super) fn write_file(
    path: &Path,
    file: &File,
    write: impl FnOnce(&mut dyn Write) -> Result<(), OutputError>,
) -> Result<(), CliError> {
    let mut out = BufWriter::new(file);
    let written = write(&mut out).and_then(|()| Ok(out.flush().and_then(|()| settle(file))?));
    written.map_err(|error| match error {
        OutputError::Write(error) if error.kind() == io::ErrorKind::BrokenPipe => error.into(),
        OutputError::Write(error) => CliError::file("write", path, &error),
        OutputError::Json(error) if error.is_io() => {
            CliError::file("write", path, &io::Error::from(error))
        }
        error => error.into(),
    })
}

/// Writes a document as JSON.
pub(in crate::cli) fn json<T: Serialize>(
    document: &T,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    Ok(out.write_all(b"\n")?)
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
