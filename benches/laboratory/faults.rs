//! Calls that fail: what depended on them is unknown, and nothing else changes.

use super::account::Shape;
use super::compare::Verdicts;
use super::fault::{Fault, Kind};
use super::lab::{Failed, scan};
use super::options::Options;
use super::rates::Throttling;
use super::scenarios::{one, scan_has, tenant};
use super::server::Conditions;
use super::table::Row;
use std::fs;
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Which share of the calls is hit, where not one operation is.
const SHARE: f64 = 0.2;
/// How often the account is read again without faults: the same comes out.
const AGAIN: usize = 4;
/// The most differences that are printed of one run.
const MOST: usize = 5;

/// A scan with calls that are never answered has to end by itself after this,
/// and within [`LEEWAY`].
const TIMEOUT: Duration = Duration::from_secs(10);
const LEEWAY: Duration = Duration::from_secs(10);

/// A trial that has not begun by then is not made, and that is said.
const LONGEST: Duration = Duration::from_secs(20 * 60);

/// By name: every kind but those that hit one operation at a time.
const KINDS: [(&str, Kind, f64); 9] = [
    ("denied", Kind::Denied, SHARE),
    ("500", Kind::ServerError, SHARE),
    ("reset", Kind::Reset, SHARE),
    ("slow", Kind::Slow(Duration::from_millis(1500)), SHARE),
    ("malformed", Kind::Malformed, SHARE),
    ("empty", Kind::Empty, SHARE),
    ("truncated", Kind::Truncated, SHARE),
    ("cut", Kind::Cut, SHARE),
    ("page", Kind::Page, 1.0),
];

/// Every kind of fault with several seeds, and every operation alone.
pub(crate) fn all(name: &str, options: &Options) -> Result<Row, Failed> {
    let began = Instant::now();
    let (clean, operations) = verdicts(None, options)?;
    let mut row = Row::plain(name, format!("{} verdicts without faults", clean.len()));
    for again in 1..=AGAIN {
        let found = clean.against(&verdicts(None, options)?.0);
        let others = found.unknown + found.hidden + found.wrong.len();
        if others > 0 {
            row.wrong.push(format!("no fault, run {again}: {others} verdicts are others"));
            row.wrong.extend(found.wrong.into_iter().take(MOST));
        }
    }
    if let Some((what, operation)) = &options.fault {
        let known = KINDS.iter().find(|(name, ..)| name == what);
        let (_, kind, share) = known.ok_or(format!("there is no fault {what}"))?;
        let share = if operation.is_some() { 1.0 } else { *share };
        let fault = Fault { kind: *kind, operation: operation.clone(), share, seed: 1 };
        judge(&mut row, what, fault, &clean, options)?;
        return Ok(row);
    }
    if scan_has("--timeout")? {
        let fault = Fault { kind: Kind::Stuck, operation: None, share: 0.05, seed: 1 };
        let began = Instant::now();
        judge(&mut row, "stuck", fault, &clean, options)?;
        if began.elapsed() > TIMEOUT + LEEWAY {
            row.wrong.push(format!("stuck: ended only after {:?}", began.elapsed()));
        }
    }
    let trials = trials(&operations, options);
    for (number, (what, fault)) in trials.iter().enumerate() {
        if began.elapsed() > LONGEST {
            let left = trials.len() - number;
            let minutes = LONGEST.as_secs() / 60;
            row.notes.push(format!("{left} trials were not made: {minutes} minutes were over"));
            break;
        }
        judge(&mut row, what, fault.clone(), &clean, options)?;
    }
    Ok(row)
}

/// Every kind of fault, then every operation alone, then other calls that are
/// hit: what matters most comes first.
fn trials(operations: &[String], options: &Options) -> Vec<(String, Fault)> {
    let seeds = if options.small { 1 } else { 3 };
    let of_kinds = |seed: u64| {
        KINDS.into_iter().map(move |(what, kind, share)| {
            let fault = Fault { kind, operation: None, share, seed };
            (format!("{what}, seed {seed}"), fault)
        })
    };
    let mut trials: Vec<(String, Fault)> = of_kinds(1).collect();
    for operation in operations {
        for (what, kind) in [("denied", Kind::Denied), ("empty", Kind::Empty)] {
            let fault = Fault { kind, operation: Some(operation.clone()), share: 1.0, seed: 0 };
            trials.push((format!("{what}: {operation}"), fault));
        }
    }
    trials.extend((2..=seeds).flat_map(of_kinds));
    trials
}

fn judge(
    row: &mut Row,
    what: &str,
    fault: Fault,
    clean: &Verdicts,
    options: &Options,
) -> Result<(), Failed> {
    let slow = matches!(fault.kind, Kind::Slow(_));
    let after = match verdicts(Some(fault), options) {
        Ok((after, _)) => after,
        Err(error) => {
            row.wrong.push(format!("{what}: {error}"));
            return Ok(());
        }
    };
    let found = clean.against(&after);
    let note = format!("{what}: {} unknown, {} hidden", found.unknown, found.hidden);
    writeln!(io::stderr(), "{note}, {} wrong", found.wrong.len())?;
    row.notes.push(note);
    let more = found.wrong.len().saturating_sub(MOST);
    row.wrong.extend(found.wrong.into_iter().take(MOST).map(|wrong| format!("{what}: {wrong}")));
    if more > 0 {
        row.wrong.push(format!("{what}: {more} more"));
    }
    if slow && found.unknown + found.hidden > 0 {
        row.wrong.push(format!("{what}: a slow answer is an answer"));
    }
    Ok(())
}

/// Verdicts of a small account, and what was asked.
fn verdicts(fault: Option<Fault>, options: &Options) -> Result<(Verdicts, Vec<String>), Failed> {
    let shape = Shape {
        user_groups: 3,
        roles: 8,
        policies: 4,
        access_points: 3,
        volumes: 7,
        snapshots: 16,
        images: 3,
        templates: 3,
        rare: 3,
        common: 5,
        others: 5,
        log_groups: 5,
        page: 2,
        ..Shape::seeded(14, 2)
    };
    let mut options = Options { small: false, ..options.clone() };
    if fault.as_ref().is_some_and(|fault| fault.kind == Kind::Stuck) {
        options.scan.push(format!("--timeout={}s", TIMEOUT.as_secs()));
    }
    let conditions =
        Conditions { latency: Duration::from_millis(1), throttling: Throttling::Off, fault };
    let args =
        ["--tenant", &tenant(), "--format", "json", "--show-passed", "--output", "result.json"];
    let (measured, home) = scan(&[one(shape, &options)], conditions, &args, &options)?;
    let verdicts = Verdicts::read(&fs::read_to_string(home.path("result.json"))?)?;
    let asked = measured.record.operations.into_keys().filter(|name| !name.starts_with("sts:"));
    Ok((verdicts, asked.collect()))
}
