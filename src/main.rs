//! Tells how secure AWS accounts are. This file hands the process's
//! surroundings to the library, and its exit code back.

use cspm::cli::{Console, Environment, run};
use std::io::IsTerminal;
use std::process::ExitCode;

/// A scan makes millions of small things: with glibc's allocator a third of the
/// time goes into it.
#[cfg(all(feature = "jemalloc", not(target_env = "msvc")))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let (out, err) = (std::io::stdout(), std::io::stderr());
    let out_is_terminal = out.is_terminal();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let environment = Environment {
        args: std::env::args_os().collect(),
        var: |name| std::env::var_os(name),
        current_dir: std::env::current_dir().unwrap_or_default(),
        now: jiff::Timestamp::now,
        random: || uuid::Uuid::new_v4().as_u128(),
        input: Box::new(std::io::stdin()),
        console: Console {
            out_is_terminal,
            err_is_terminal: err.is_terminal(),
            width: terminal_size::terminal_size().map(|(width, _)| width.0),
            color: out_is_terminal && !no_color && !dumb,
            out: Box::new(out),
            err: Box::new(err),
        },
    };
    run(environment).into()
}
