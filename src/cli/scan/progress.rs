//! Progress on standard error: a line that is redrawn, and nothing at all
//! where there is no terminal.

use crate::cli::console::Console;
use crate::rules::Outcome;
use crate::scan::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often the line is redrawn.
const TICK: Duration = Duration::from_millis(120);
/// How many tenants are named at once.
const NAMED: usize = 3;

/// One line for all tenants of a run. Clones are the same line.
#[derive(Clone)]
pub(super) struct Board(Option<Arc<Line>>);

struct Line {
    bar: ProgressBar,
    tenants: u64,
    ended: AtomicU64,
    verdicts: AtomicU64,
    fails: AtomicU64,
    phases: Mutex<BTreeMap<String, String>>,
}

impl Board {
    /// A line for so many tenants; none where there is no terminal.
    pub(super) fn new(console: &Console, tenants: usize) -> Self {
        if !console.err_is_terminal {
            return Self(None);
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self(Some(Arc::new(Line {
            bar,
            tenants: tenants as u64,
            ended: AtomicU64::new(0),
            verdicts: AtomicU64::new(0),
            fails: AtomicU64::new(0),
            phases: Mutex::default(),
        })))
    }

    /// Progress of one tenant.
    pub(super) fn tenant(&self, name: &str) -> Arc<dyn Progress> {
        match &self.0 {
            Some(line) => Arc::new(OfTenant { line: Arc::clone(line), name: name.to_owned() }),
            None => Arc::new(Quiet),
        }
    }

    /// One tenant came to its end.
    pub(super) fn one_ended(&self) {
        if let Some(line) = &self.0 {
            line.ended.fetch_add(1, Ordering::Relaxed);
            line.draw();
        }
    }

    /// Takes the line away.
    pub(super) fn close(&self) {
        if let Some(line) = &self.0 {
            line.bar.finish_and_clear();
        }
    }
}

impl Line {
    fn draw(&self) {
        let phases = self.phases.lock().unwrap_or_else(PoisonError::into_inner);
        let prefix = if self.tenants > 1 {
            let named: Vec<&str> = phases.keys().take(NAMED).map(String::as_str).collect();
            let more = if phases.len() > NAMED { ", ..." } else { "" };
            let ended = self.ended.load(Ordering::Relaxed);
            format!("{ended} of {} tenants, now {}{more}", self.tenants, named.join(", "))
        } else {
            phases.values().next().cloned().unwrap_or_default()
        };
        self.bar.set_prefix(prefix);
    }
}

struct Quiet;

impl Progress for Quiet {
    fn phase(&self, _what: &str) {}

    fn judged(&self, _outcome: Outcome) {}
}

struct OfTenant {
    line: Arc<Line>,
    name: String,
}

impl Progress for OfTenant {
    fn phase(&self, what: &str) {
        let mut phases = self.line.phases.lock().unwrap_or_else(PoisonError::into_inner);
        if what.is_empty() {
            phases.remove(&self.name);
        } else {
            phases.insert(self.name.clone(), what.to_owned());
        }
        drop(phases);
        self.line.draw();
    }

    fn judged(&self, outcome: Outcome) {
        let line = &self.line;
        let verdicts = line.verdicts.fetch_add(1, Ordering::Relaxed) + 1;
        let fails = line.fails.fetch_add(u64::from(outcome == Outcome::Fail), Ordering::Relaxed);
        if verdicts.is_multiple_of(64) {
            line.bar.set_message(format!("{verdicts} verdicts, {fails} failed"));
        }
    }
}
