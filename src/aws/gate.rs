//! The gate: every request to AWS goes through it.
//!
//! It paces, bounds what is in flight, tries again, and counts. A request
//! waits here *before* it is built: so waiting counts against no timeout, no
//! signature grows old, and a request that is tried again waits its turn
//! like any other, without holding a permit meanwhile. The SDK's own retries
//! are switched off for that reason: its budget is shared over accounts, and
//! a retry of its own would pass by pace and permits.

use super::classify::meaning;
use super::documented::{self, Rate};
use super::failure::Failure;
use super::limits::Limits;
use super::pace::Pace;
use super::patience::Patience;
use super::stats::{OperationStats, Stats};
use super::turns::{Permit, Turns};
use crate::inventory::{ErrorClass, Meaning, Operation};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::collections::BTreeMap;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A request on its way, which leaves its answer where the caller finds it. It
/// is boxed: in a box it takes its ten or more kilobytes while it is in flight,
/// and not in all who wait for their turn.
type Sent<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// The longest pause between attempts.
const LONGEST_BACKOFF: Duration = Duration::from_secs(20);
/// What an account may spend on retries in a region of a service before it
/// has to earn them by answers, as in the SDK's standard mode.
const RETRY_BUDGET: u32 = 500;
const RETRY_COST: u32 = 5;
const TIMEOUT_COST: u32 = 10;

/// An account's group of operations in a region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Lane {
    account: String,
    region: String,
    group: String,
}

/// What answers: a service in a region, for one account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Endpoint {
    account: String,
    region: String,
    service: &'static str,
}

/// What is known of a lane. Who waits for its pace stands in line, and only
/// the first looks at the bucket: so a change of pace holds for all of them.
#[derive(Debug)]
struct LaneState {
    line: tokio::sync::Mutex<()>,
    pace: Mutex<Pace>,
    retry_budget: Mutex<u32>,
}

#[derive(Debug)]
struct Shared {
    limits: Limits,
    turns: Turns,
    total: Option<LaneState>,
    lanes: Mutex<BTreeMap<Lane, Arc<LaneState>>>,
    patience: Mutex<BTreeMap<Endpoint, Patience>>,
    stats: Mutex<BTreeMap<String, Stats>>,
    spread: AtomicU64,
}

/// The gate of a process; clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Shared>);

impl Gate {
    /// A gate with these limits.
    pub fn new(limits: Limits) -> Self {
        let now = Instant::now();
        let total = limits.max_rps.map(|per_second| {
            let per_second = per_second.max(0.01);
            LaneState::new(Some(Rate { per_second, burst: (per_second / 10.0).max(1.0) }), now)
        });
        Self(Arc::new(Shared {
            turns: Turns::new(limits.in_flight),
            limits,
            total,
            lanes: Mutex::default(),
            patience: Mutex::default(),
            stats: Mutex::default(),
            spread: AtomicU64::new(0),
        }))
    }

    /// Its limits.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// What was asked so far, over all accounts.
    pub fn stats(&self) -> Stats {
        let mut all = Stats::default();
        for stats in locked(&self.0.stats).values() {
            all.merge(stats);
        }
        all
    }

    /// What was asked so far of one account.
    pub fn stats_of(&self, account: &str) -> Stats {
        locked(&self.0.stats).get(account).cloned().unwrap_or_default()
    }

    /// So many accounts are scanned side by side from now on: each has its share
    /// of what is in flight.
    pub fn share(&self, accounts: usize) {
        self.0.turns.share(accounts);
    }

    /// Forgets the pace of an account; its counts are kept.
    pub fn close(&self, account: &str) {
        locked(&self.0.lanes).retain(|lane, _| lane.account != account);
        locked(&self.0.patience).retain(|endpoint, _| endpoint.account != account);
    }

    /// Makes a call: waits, sends, and tries again where that can help. `send`
    /// builds and sends one request. It must be safe to repeat.
    ///
    /// # Errors
    /// The last attempt's failure.
    pub async fn call<T, E, F, Fut>(
        &self,
        account: &str,
        region: &str,
        operation: &'static Operation,
        send: F,
    ) -> Result<T, Failure>
    where
        T: Send,
        F: Fn() -> Fut + Sync,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        E: ProvideErrorMetadata + Error + 'static,
    {
        self.run(account, region, operation, true, send).await
    }

    /// The same for a call that another call waits for (fresh credentials):
    /// it takes no permit, because those who wait may hold them all.
    pub(crate) async fn call_within<T, E, F, Fut>(
        &self,
        account: &str,
        region: &str,
        operation: &'static Operation,
        send: F,
    ) -> Result<T, Failure>
    where
        T: Send,
        F: Fn() -> Fut + Sync,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        E: ProvideErrorMetadata + Error + 'static,
    {
        self.run(account, region, operation, false, send).await
    }

    async fn run<T, E, F, Fut>(
        &self,
        account: &str,
        region: &str,
        operation: &'static Operation,
        bounded: bool,
        send: F,
    ) -> Result<T, Failure>
    where
        T: Send,
        F: Fn() -> Fut + Sync,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let answer = Mutex::new(None);
        let send = || -> Sent<'_> {
            let request = send();
            Box::pin(async {
                let reply = request.await.map_err(|error| Failure::from_sdk(&error))?;
                *locked(&answer) = Some(reply);
                Ok(())
            })
        };
        self.attempts(account, region, operation, bounded, &send).await?;
        let answer = locked(&answer).take();
        // Whoever is answered has left the answer here.
        answer.ok_or_else(Failure::timeout)
    }

    async fn attempts<'a>(
        &self,
        account: &str,
        region: &str,
        operation: &'static Operation,
        bounded: bool,
        send: &(dyn Fn() -> Sent<'a> + Sync),
    ) -> Result<(), Failure> {
        let endpoint = Endpoint {
            account: account.to_owned(),
            region: region.to_owned(),
            service: operation.service,
        };
        let lane = self.lane(account, region, operation);
        let lane_name = &format!("{} {region}", operation.service);
        let mut attempt: u32 = 1;
        loop {
            if !self.may_ask(&endpoint) {
                return Err(Failure::given_up(endpoint.service, region));
            }
            let began = Instant::now();
            lane.wait().await;
            let permit = self.turn(account, lane_name, bounded).await;
            let sent = Instant::now();
            let result = self.in_time(send()).await;
            drop(permit);
            let took = sent.elapsed();
            let failure = result.unwrap_or_else(|TookTooLong| Err(Failure::timeout())).err();
            let meaning = failure.as_ref().map(|failure| meaning(operation, region, failure));
            let class = match meaning {
                Some(Meaning::Class(class)) => Some(class),
                Some(Meaning::Absent) | None => None,
            };
            self.count(account, operation, attempt, class, took, sent.duration_since(began));
            self.notice(endpoint.clone(), class);
            let most = match class {
                Some(ErrorClass::Throttled) => self.0.limits.throttled_attempts,
                _ => self.0.limits.attempts,
            };
            let again = lane.settle(class) && attempt < most;
            match failure {
                None => return Ok(()),
                Some(failure) if !again => return Err(failure),
                Some(_) => {
                    tokio::time::sleep(self.pause(attempt)).await;
                    attempt += 1;
                }
            }
        }
    }

    /// Waits for a turn, and for the pace of all turns together. A call that
    /// another call waits for takes none.
    async fn turn(&self, account: &str, lane: &str, bounded: bool) -> Option<Permit> {
        let permit = if bounded { Some(self.0.turns.take(account, lane).await) } else { None };
        if let Some(total) = &self.0.total {
            total.wait().await;
        }
        permit
    }

    /// The last resort against a request that never ends: the SDK watches over
    /// connection and attempt, but not over everything around them.
    async fn in_time<T>(&self, request: impl Future<Output = T>) -> Result<T, TookTooLong> {
        let limit = self.0.limits.attempt_timeout.saturating_mul(3);
        tokio::time::timeout(limit, request).await.map_err(|_| TookTooLong)
    }

    fn lane(&self, account: &str, region: &str, operation: &Operation) -> Arc<LaneState> {
        let lane = Lane {
            account: account.to_owned(),
            region: documented::place(operation, region).to_owned(),
            group: documented::group(operation),
        };
        let mut lanes = locked(&self.0.lanes);
        let state = lanes.entry(lane).or_insert_with(|| {
            let rate = documented::rate(operation).map(Rate::half);
            Arc::new(LaneState::new(rate, Instant::now()))
        });
        Arc::clone(state)
    }

    /// Whether an endpoint is worth a request.
    fn may_ask(&self, endpoint: &Endpoint) -> bool {
        let mut patience = locked(&self.0.patience);
        patience.get_mut(endpoint).is_none_or(|patience| patience.may_ask(Instant::now()))
    }

    /// Takes into account that an endpoint answered, or did not.
    fn notice(&self, endpoint: Endpoint, class: Option<ErrorClass>) {
        let silent = matches!(class, Some(ErrorClass::Timeout | ErrorClass::Network));
        let mut all = locked(&self.0.patience);
        if silent {
            let longest = self.0.limits.attempt_timeout;
            let patience = all.entry(endpoint).or_insert_with(|| Patience::new(longest));
            patience.no_answer(Instant::now());
        } else {
            all.remove(&endpoint);
        }
    }

    fn count(
        &self,
        account: &str,
        operation: &Operation,
        attempt: u32,
        class: Option<ErrorClass>,
        took: Duration,
        waited: Duration,
    ) {
        let mut one = OperationStats {
            calls: u64::from(attempt == 1),
            attempts: 1,
            retries: u64::from(attempt > 1),
            throttled: u64::from(class == Some(ErrorClass::Throttled)),
            failed: BTreeMap::new(),
            time: took,
            waited,
        };
        if let Some(class) = class {
            one.failed.insert(class, 1);
        }
        let one = Stats { operations: BTreeMap::from([(operation.id(), one)]) };
        locked(&self.0.stats).entry(account.to_owned()).or_default().merge(&one);
    }

    /// The pause before the next attempt: doubling, and spread out so that
    /// those who failed together do not come back together.
    fn pause(&self, attempt: u32) -> Duration {
        let whole = self
            .0
            .limits
            .backoff
            .saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)))
            .min(LONGEST_BACKOFF);
        let step = self.0.spread.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        let share = u32::try_from(step >> 48).unwrap_or(0);
        whole / 2 + (whole / 2).saturating_mul(share) / 65_536
    }
}

impl LaneState {
    fn new(rate: Option<Rate>, now: Instant) -> Self {
        Self {
            line: tokio::sync::Mutex::default(),
            pace: Mutex::new(Pace::new(rate, now)),
            retry_budget: Mutex::new(RETRY_BUDGET),
        }
    }

    /// Waits for a token.
    async fn wait(&self) {
        let _first_in_line = self.line.lock().await;
        loop {
            let taken = locked(&self.pace).take(Instant::now());
            match taken {
                Ok(()) => return,
                Err(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    /// Takes an answer into account; says whether the account can afford to
    /// try again.
    fn settle(&self, class: Option<ErrorClass>) -> bool {
        let mut budget = locked(&self.retry_budget);
        let cost = match class {
            Some(ErrorClass::Throttled) => {
                locked(&self.pace).throttled(Instant::now());
                RETRY_COST
            }
            Some(ErrorClass::ServerError | ErrorClass::Network) => RETRY_COST,
            Some(ErrorClass::Timeout) => TIMEOUT_COST,
            _ => {
                locked(&self.pace).answered();
                *budget = (*budget + 1).min(RETRY_BUDGET);
                return false;
            }
        };
        match budget.checked_sub(cost) {
            Some(left) => {
                *budget = left;
                true
            }
            None => false,
        }
    }
}

/// A request that took longer than any may.
struct TookTooLong;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_spread() {
        let gate = Gate::new(Limits { backoff: Duration::from_secs(1), ..Limits::default() });
        let pauses: Vec<_> = (0..8).map(|_| gate.pause(3)).collect();
        assert!(pauses.iter().all(|p| (2.0..=4.0).contains(&p.as_secs_f64())), "{pauses:?}");
        let different: std::collections::BTreeSet<_> = pauses.iter().collect();
        assert_eq!(different.len(), 8);
        assert!(gate.pause(30) <= LONGEST_BACKOFF);
    }
}
