//! The terminal: the only place that knows whether there is one.

use crate::output::Layout;
use crate::output::text::safe;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// What the program was started with, all of it handed in by `main`.
pub struct Environment {
    /// The arguments, the program's name first.
    pub args: Vec<OsString>,
    /// Environment variables.
    pub var: fn(&str) -> Option<OsString>,
    /// The working directory.
    pub current_dir: PathBuf,
    /// Standard input.
    pub input: Box<dyn Read + Send>,
    /// The terminal, or what stands in its place.
    pub console: Console,
    /// The clock.
    pub now: fn() -> jiff::Timestamp,
    /// Randomness.
    pub random: fn() -> u128,
}

impl Environment {
    /// An environment variable that is set, not empty, and text.
    pub fn text(&self, name: &str) -> Option<String> {
        (self.var)(name).and_then(|value| value.into_string().ok()).filter(|v| !v.is_empty())
    }
}

/// Standard output and error.
pub struct Console {
    /// Data.
    pub out: Box<dyn Write + Send>,
    /// Everything else.
    pub err: Box<dyn Write + Send>,
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub err_is_terminal: bool,
    /// The terminal's width in columns.
    pub width: Option<u16>,
    /// Whether colours are wanted on standard output.
    pub color: bool,
}

impl Console {
    /// Writes data.
    ///
    /// # Errors
    /// It cannot be written, for one because the reader has gone.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Where data is written that is too long to be held.
    pub fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// Writes a message for people. That standard error is closed is no
    /// reason to stop.
    pub fn say(&mut self, text: &str) {
        let text = safe(text);
        let _ = writeln!(self.err, "{text}");
    }

    /// Says what went wrong, and what to do next.
    pub fn complain(&mut self, error: &super::CliError) {
        self.say(&format!("error: {}", error.what));
        if let Some(hint) = &error.hint {
            self.say(&format!("hint: {hint}"));
        }
    }

    /// How to lay out data for people: the terminal's width, else 120 columns.
    pub fn layout(&self) -> Layout {
        Layout { columns: self.width.unwrap_or(120), color: self.color }
    }
}
