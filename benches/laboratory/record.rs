//! What the server saw.

use super::call::Call;
use super::hash::Hash;
use super::rates::{Rate, Throttling, documented, limit};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// Counts of one operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Requests.
    pub(crate) requests: u64,
    /// Requests that were throttled.
    pub(crate) throttled: u64,
    /// Requests that a fault hit.
    pub(crate) faults: u64,
    /// Requests that had failed before.
    pub(crate) retries: u64,
    /// When the first and the last came, since the server began.
    pub(crate) first: Duration,
    /// The last.
    pub(crate) last: Duration,
}

/// What is limited together: account, region, group of operations.
pub(crate) type Lane = (String, String, String);

/// What the server saw.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    began: Instant,
    /// By operation.
    pub(crate) operations: BTreeMap<String, Counts>,
    /// Answered requests by lane, and the lane's rate: documented limits, and
    /// with [`Throttling::Hidden`] the assumed ones.
    pub(crate) lanes: BTreeMap<Lane, (Rate, bool, u64)>,
    /// The number of the last page that was asked for, or for operations
    /// without pages 1, by account and operation.
    pub(crate) pages: BTreeMap<String, BTreeMap<String, u64>>,
    /// How often an account had a credential report made.
    pub(crate) reports: BTreeMap<String, u64>,
    /// What nobody here can answer, and how often it was asked.
    pub(crate) unknown: BTreeMap<String, u64>,
    /// Requests being answered, now and at most.
    pub(crate) in_flight: (u64, u64),
    failed: HashMap<u64, u32>,
}

impl Record {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            operations: BTreeMap::new(),
            lanes: BTreeMap::new(),
            pages: BTreeMap::new(),
            reports: BTreeMap::new(),
            unknown: BTreeMap::new(),
            in_flight: (0, 0),
            failed: HashMap::new(),
        }
    }

    /// A request came.
    pub(crate) fn arrives(&mut self, call: &Call, page: u64) {
        let since = self.began.elapsed();
        let counts = self.operations.entry(call.id()).or_default();
        if counts.requests == 0 {
            counts.first = since;
        }
        counts.requests += 1;
        counts.last = since;
        if let Some(left) = self.failed.get_mut(&key(call))
            && *left > 0
        {
            *left -= 1;
            counts.retries += 1;
        }
        let deepest =
            self.pages.entry(call.account.clone()).or_default().entry(call.id()).or_default();
        *deepest = (*deepest).max(page);
        self.in_flight.0 += 1;
        self.in_flight.1 = self.in_flight.1.max(self.in_flight.0);
    }

    /// A request was throttled.
    pub(crate) fn throttles(&mut self, call: &Call) {
        self.operations.entry(call.id()).or_default().throttled += 1;
        *self.failed.entry(key(call)).or_default() += 1;
    }

    /// A fault hit a request.
    pub(crate) fn fails(&mut self, call: &Call) {
        self.operations.entry(call.id()).or_default().faults += 1;
        *self.failed.entry(key(call)).or_default() += 1;
    }

    /// A request is answered.
    pub(crate) fn answers(&mut self, call: &Call, throttling: Throttling) {
        let assumed =
            limit(throttling, call).map(|limit| (limit.group, limit.rate, limit.documented));
        let known = documented(call).map(|(group, rate)| (group, rate, true));
        if let Some((group, rate, documented)) = assumed.or(known) {
            let lane = (call.account.clone(), call.region.clone(), group);
            self.lanes.entry(lane).or_insert((rate, documented, 0)).2 += 1;
        }
    }

    /// A reply was sent.
    pub(crate) fn leaves(&mut self) {
        self.in_flight.0 = self.in_flight.0.saturating_sub(1);
    }

    /// Requests over all operations.
    pub(crate) fn requests(&self) -> u64 {
        self.operations.values().map(|counts| counts.requests).sum()
    }

    /// Throttled requests.
    pub(crate) fn throttled(&self) -> u64 {
        self.operations.values().map(|counts| counts.throttled).sum()
    }

    /// Requests sent again.
    pub(crate) fn retries(&self) -> u64 {
        self.operations.values().map(|counts| counts.retries).sum()
    }
}

fn key(call: &Call) -> u64 {
    Hash::default().text(&call.key()).value()
}
