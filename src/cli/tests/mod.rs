//! Commands as people give them, on the built-in account.

mod ci_formats;
mod formats;
mod founding;
mod gate;
mod mistakes;
mod redaction;
mod reports;
mod rules;
mod snapshots;
mod suppressions_file;
mod tenants_apart;

use super::{Console, Environment, Exit, run};
use crate::scan::DEMO_SNAPSHOT;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// What a command printed, and how it ended.
struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.err))
    }

    /// The rows of a CSV text, each by column.
    fn csv(&self) -> Vec<std::collections::BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_reader(self.out.as_bytes());
        reader.deserialize().map(Result::unwrap).collect()
    }
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Captured {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A folder with a history of its own.
struct Lab {
    folder: tempfile::TempDir,
}

impl Lab {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, command: &str) -> Ran {
        self.run_args(&command.split_whitespace().collect::<Vec<_>>())
    }

    fn run_args(&self, args: &[&str]) -> Ran {
        let db = self.path("history.db");
        self.run_plain(&[&["--db", db.to_str().unwrap()], args].concat())
    }

    /// Without naming the history.
    fn run_plain(&self, args: &[&str]) -> Ran {
        self.run_with(args, b"")
    }

    /// The same with something on standard input.
    fn run_with(&self, args: &[&str], input: &[u8]) -> Ran {
        self.run_at(args, input, None)
    }

    /// The same on a terminal of so many columns, if any.
    fn run_at(&self, args: &[&str], input: &[u8], terminal: Option<u16>) -> Ran {
        let (out, err) = (Captured::default(), Captured::default());
        let mut all: Vec<std::ffi::OsString> = vec!["cspm".into()];
        all.extend(args.iter().map(Into::into));
        let exit = run(Environment {
            args: all,
            input: Box::new(io::Cursor::new(input.to_vec())),
            var: |name| (name == "CSPM_REDACT_KEY").then(|| "a key that nobody knows".into()),
            current_dir: self.folder.path().to_owned(),
            console: Console {
                out: Box::new(out.clone()),
                err: Box::new(err.clone()),
                out_is_terminal: terminal.is_some(),
                err_is_terminal: terminal.is_some(),
                width: Some(terminal.unwrap_or(120)),
                color: terminal.is_some(),
            },
            now,
            random: || uuid::Uuid::new_v4().as_u128(),
        });
        Ran { exit, out: out.text(), err: err.text() }
    }

    /// The demo as a snapshot.
    fn demo(&self) -> PathBuf {
        let path = self.path("demo.jsonl");
        std::fs::write(&path, DEMO_SNAPSHOT).unwrap();
        path
    }

    /// The demo with one of its names replaced, as a snapshot.
    fn demo_with(&self, name: &str, other: &str, file: &str) -> PathBuf {
        let other = serde_json::to_string(other).unwrap();
        let path = self.path(file);
        let text = DEMO_SNAPSHOT.replace(name, other.trim_matches('"'));
        assert_ne!(text, DEMO_SNAPSHOT);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn scan_snapshot(&self, path: &Path) -> Ran {
        self.run_args(&["scan", "--snapshot", path.to_str().unwrap(), "--format", "json"])
    }
}

/// A clock that goes on by a second whenever it is read.
fn now() -> jiff::Timestamp {
    static SECONDS: AtomicI64 = AtomicI64::new(1_800_000_000);
    jiff::Timestamp::from_second(SECONDS.fetch_add(1, Ordering::Relaxed)).unwrap()
}
