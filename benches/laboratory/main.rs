//! The latency laboratory: cspm against a server that answers as AWS would for
//! accounts of any size, with latency, throttling and faults; and the least
//! time that each scan could have taken. The server shares the machine with
//! the scanner.

mod account;
mod aws;
mod bound;
mod call;
mod cbor;
mod check;
mod compare;
mod errors;
mod fault;
mod faults;
mod hash;
mod http;
mod lab;
mod options;
mod paging;
mod rates;
mod record;
mod routes;
mod scanner;
mod scenarios;
mod server;
mod table;

use options::Options;
use scenarios::SCENARIOS;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            // Nobody is left to tell if this fails, too.
            let _said = writeln!(io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

/// Says whether nothing was wrong. A figure that was missed is not wrong.
fn run() -> Result<bool, lab::Failed> {
    let options = Options::read(std::env::args())?;
    let mut out = io::stdout();
    if options.list {
        for scenario in SCENARIOS {
            writeln!(out, "{:14} {}", scenario.name, scenario.about)?;
        }
        return Ok(true);
    }
    check::all().map_err(|wrong| format!("the laboratory itself is wrong: {wrong}"))?;
    let mut rows = Vec::new();
    let mut right = true;
    for scenario in SCENARIOS.iter().filter(|scenario| options.wants(scenario.name)) {
        writeln!(io::stderr(), "{}: {}", scenario.name, scenario.about)?;
        match (scenario.run)(scenario.name, &options) {
            Ok(row) => {
                right &= row.wrong.is_empty();
                rows.push(row);
            }
            Err(error) => {
                right = false;
                let mut row = table::Row::plain(scenario.name, scenario.about.to_owned());
                row.wrong.push(error.to_string());
                rows.push(row);
            }
        }
    }
    if rows.is_empty() {
        return Err("no scenario has such a name; --list names them".into());
    }
    out.write_all(table::text(&rows, options.trace).as_bytes())?;
    Ok(right)
}
