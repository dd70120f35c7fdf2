//! One scan in the laboratory, from the server's start to the verdicts.

use super::account::Account;
use super::bound::{Bound, Terms};
use super::call::OWN_KEY;
use super::options::Options;
use super::record::Record;
use super::scanner::{Home, Ran};
use super::server::{Conditions, Server};
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::num::NonZero;
use std::thread::available_parallelism;
use std::time::Duration;

/// Anything that keeps the laboratory from measuring.
pub(crate) type Failed = Box<dyn Error>;

/// No scan may take longer.
const LONGEST: Duration = Duration::from_secs(1800);
/// The account whose credentials the scanner starts from.
pub(crate) const OPERATOR: &str = "111111111111";

/// What happened in one scan.
pub(crate) struct Measured {
    /// The child.
    pub(crate) ran: Ran,
    /// The server.
    pub(crate) record: Record,
    /// The lower bound.
    pub(crate) bound: Bound,
    /// Of every call.
    pub(crate) latency: Duration,
    /// Verdicts over all scans, by kind.
    pub(crate) verdicts: BTreeMap<String, u64>,
    /// How scans ended, by status.
    pub(crate) statuses: BTreeMap<String, u64>,
}

impl Measured {
    /// Verdicts of all kinds.
    pub(crate) fn judged(&self) -> u64 {
        self.verdicts.values().sum()
    }

    /// Wall time over the lower bound.
    pub(crate) fn ratio(&self) -> f64 {
        self.ran.wall.as_secs_f64() / self.bound.least().as_secs_f64().max(1e-9)
    }
}

/// Requests that the scanner has in flight at most. The scanner's own number is
/// out of sight in a laboratory that is built without AWS.
pub(crate) fn permits() -> usize {
    const PERMITS: usize = 64;
    #[cfg(feature = "aws")]
    assert_eq!(PERMITS, cspm::aws::Limits::default().in_flight);
    PERMITS
}

/// Cores of this machine.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// A home whose tenants are these accounts, each read through a role.
pub(crate) fn home(
    server: &Server,
    accounts: &[Account],
    options: &Options,
) -> Result<Home, Failed> {
    let key = format!("{OWN_KEY}{OPERATOR}");
    let home = Home::new(&server.endpoint(), &key, options.keep.as_deref())?;
    let mut tenants = String::new();
    for account in accounts.iter().filter(|account| account.id != OPERATOR) {
        tenants.push_str(&format!(
            "[[tenant]]\nname = \"t{id}\"\naccount_id = \"{id}\"\n\
             role_arn = \"arn:aws:iam::{id}:role/CspmScan\"\nexternal_id = \"laboratory-{id}\"\n\n",
            id = account.id
        ));
    }
    home.write("tenants.toml", &tenants)?;
    Ok(home)
}

/// The operator's account, with nothing in it.
pub(crate) fn operator() -> Account {
    let shape = super::account::Shape::seeded(0, 1);
    Account { id: OPERATOR.to_owned(), shape }
}

/// Scans accounts, and measures.
pub(crate) fn scan(
    accounts: &[Account],
    conditions: Conditions,
    args: &[&str],
    options: &Options,
) -> Result<(Measured, Home), Failed> {
    let latency = conditions.latency;
    let mut all = accounts.to_vec();
    all.push(operator());
    let server = Server::start(all, conditions)?;
    let home = home(&server, accounts, options)?;
    let mut full: Vec<String> = ["scan", "--fail-on", "none"].map(str::to_owned).to_vec();
    full.extend(args.iter().map(|arg| (*arg).to_owned()));
    full.extend(options.scan.iter().cloned());
    let ran = home.run(&full, LONGEST)?;
    let record = server.record();
    // 130: it was ended by --timeout, and says so.
    if ![0, 130].contains(&ran.code) && accounts.len() == 1 {
        return Err(format!("cspm {full:?} ended with {}: {}", ran.code, ran.said).into());
    }
    let terms = Terms { latency, permits: permits(), cpu: ran.cpu, cores: cores() };
    let bound = Bound::new(&record, terms);
    let (verdicts, statuses) = verdicts(&home)?;
    Ok((Measured { ran, record, bound, latency, verdicts, statuses }, home))
}

type Counts = BTreeMap<String, u64>;

/// Verdicts and statuses of all scans in the history.
pub(crate) fn verdicts(home: &Home) -> Result<(Counts, Counts), Failed> {
    let args = ["history", "--format", "json"].map(str::to_owned);
    let ran = home.run(&args, Duration::from_secs(60))?;
    if ran.code != 0 {
        return Err(format!("cspm history ended with {}: {}", ran.code, ran.said).into());
    }
    let document: Value = serde_json::from_str(&home.printed()?)?;
    let (mut verdicts, mut statuses) = (BTreeMap::new(), BTreeMap::new());
    for scan in document.get("scans").and_then(Value::as_array).into_iter().flatten() {
        if let Some(status) = scan.get("status").and_then(Value::as_str) {
            *statuses.entry(status.to_owned()).or_default() += 1;
        }
        let by = scan.pointer("/summary/by_verdict").and_then(Value::as_object);
        for (verdict, count) in by.into_iter().flatten() {
            *verdicts.entry(verdict.clone()).or_default() += count.as_u64().unwrap_or(0);
        }
    }
    Ok((verdicts, statuses))
}
