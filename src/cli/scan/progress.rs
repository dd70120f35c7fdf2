//! Progress on standard error: a line that is redrawn, and nothing at all
//! where there is no terminal.

use crate::cli::console::Console;
use crate::rules::Outcome;
use crate::scan::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How often the line is redrawn.
const TICK: Duration = Duration::from_millis(120);

pub(super) fn progress(console: &Console) -> Arc<dyn Progress> {
    if !console.err_is_terminal {
        return Arc::new(Quiet);
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    Arc::new(Line { bar, verdicts: AtomicU64::new(0), fails: AtomicU64::new(0) })
}

struct Quiet;

impl Progress for Quiet {
    fn phase(&self, _what: &str) {}

    fn judged(&self, _outcome: Outcome) {}
}

struct Line {
    bar: ProgressBar,
    verdicts: AtomicU64,
    fails: AtomicU64,
}

impl Progress for Line {
    fn phase(&self, what: &str) {
        if what.is_empty() {
            self.bar.finish_and_clear();
        } else {
            self.bar.set_prefix(what.to_owned());
        }
    }

    fn judged(&self, outcome: Outcome) {
        let verdicts = self.verdicts.fetch_add(1, Ordering::Relaxed) + 1;
        let fails = self.fails.fetch_add(u64::from(outcome == Outcome::Fail), Ordering::Relaxed);
        if verdicts.is_multiple_of(64) {
            self.bar.set_message(format!("{verdicts} verdicts, {fails} failed"));
        }
    }
}
