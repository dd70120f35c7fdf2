//! The gate: every request to AWS goes through it.
//!
//! It paces, bounds what is in flight, tries again, and counts. A request
//! waits here *before* it is built: so waiting counts against no timeout, no
//! signature grows old, and a request that is tried again waits its turn
//! like any other, without holding a permit meanwhile. The SDK's own retries
//! are switched off for that reason: its budget is shared over accounts, and
//! a retry of its own would pass by pace and permits.

use super::classify::meaning;
use super::failure::Failure;
use super::pace::{Pace, Rate, group, polite_rate};
use super::stats::{OperationStats, Stats};
use crate::inventory::{ErrorClass, Meaning, Operation};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::collections::BTreeMap;
use std::error::Error;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// What a process asks of AWS at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Requests in flight, over all accounts.
    pub in_flight: usize,
    /// Requests a second, over all accounts; `None` is no limit.
    pub max_rps: Option<f64>,
    /// How often a call is tried at most.
    pub attempts: u32,
    /// The pause before the second attempt; it doubles with each further one.
    pub backoff: Duration,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long one request may take.
    pub attempt_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            in_flight: 64,
            max_rps: None,
            attempts: 4,
            backoff: Duration::from_millis(400),
            connect_timeout: Duration::from_secs(5),
            attempt_timeout: Duration::from_secs(60),
        }
    }
}

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

#[derive(Debug)]
struct LaneState {
    pace: Pace,
    retry_budget: u32,
}

#[derive(Debug)]
struct Shared {
    limits: Limits,
    permits: Semaphore,
    total: Mutex<Option<Pace>>,
    lanes: Mutex<BTreeMap<Lane, LaneState>>,
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
            Pace::new(Some(Rate { per_second, burst: (per_second / 10.0).max(1.0) }), now)
        });
        Self(Arc::new(Shared {
            permits: Semaphore::new(limits.in_flight.clamp(1, Semaphore::MAX_PERMITS)),
            limits,
            total: Mutex::new(total),
            lanes: Mutex::default(),
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

    /// Forgets the pace of an account; its counts are kept.
    pub fn close(&self, account: &str) {
        locked(&self.0.lanes).retain(|lane, _| lane.account != account);
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
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
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
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
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
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let lane = Lane {
            account: account.to_owned(),
            region: region.to_owned(),
            group: group(operation),
        };
        let mut attempt: u32 = 1;
        loop {
            let began = Instant::now();
            self.wait_for_pace(&lane, operation).await;
            let permit = if bounded { self.0.permits.acquire().await.ok() } else { None };
            let sent = Instant::now();
            let result = send().await;
            drop(permit);
            let took = sent.elapsed();
            let failure = result.as_ref().err().map(Failure::from_sdk);
            let meaning = failure.as_ref().map(|failure| meaning(operation, region, failure));
            let class = match meaning {
                Some(Meaning::Class(class)) => Some(class),
                Some(Meaning::Absent) | None => None,
            };
            self.count(account, operation, attempt, class, took, sent.duration_since(began));
            let again = self.settle(&lane, operation, class) && attempt < self.0.limits.attempts;
            match (result, failure) {
                (Ok(reply), _) => return Ok(reply),
                (Err(_), Some(_)) if again => {
                    tokio::time::sleep(self.pause(attempt)).await;
                    attempt += 1;
                }
                (Err(_), Some(failure)) => return Err(failure),
                (Err(error), None) => return Err(Failure::from_sdk(&error)),
            }
        }
    }

    async fn wait_for_pace(&self, lane: &Lane, operation: &Operation) {
        let wait = self.with_lane(lane, operation, |state, now| state.pace.reserve(now));
        let total = locked(&self.0.total).as_mut().map(|pace| pace.reserve(Instant::now()));
        let wait = wait.max(total.unwrap_or_default());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Takes an answer into account; says whether the account can afford to
    /// try again.
    fn settle(&self, lane: &Lane, operation: &Operation, class: Option<ErrorClass>) -> bool {
        self.with_lane(lane, operation, |state, now| {
            let cost = match class {
                Some(ErrorClass::Throttled) => {
                    state.pace.throttled(now);
                    RETRY_COST
                }
                Some(ErrorClass::ServerError | ErrorClass::Network) => RETRY_COST,
                Some(ErrorClass::Timeout) => TIMEOUT_COST,
                _ => {
                    state.pace.answered();
                    state.retry_budget = (state.retry_budget + 1).min(RETRY_BUDGET);
                    return false;
                }
            };
            match state.retry_budget.checked_sub(cost) {
                Some(left) => {
                    state.retry_budget = left;
                    true
                }
                None => false,
            }
        })
    }

    fn with_lane<R>(
        &self,
        lane: &Lane,
        operation: &Operation,
        act: impl FnOnce(&mut LaneState, Instant) -> R,
    ) -> R {
        let now = Instant::now();
        let mut lanes = locked(&self.0.lanes);
        if let Some(state) = lanes.get_mut(lane) {
            return act(state, now);
        }
        let state = lanes.entry(lane.clone()).or_insert_with(|| LaneState {
            pace: Pace::new(polite_rate(operation), now),
            retry_budget: RETRY_BUDGET,
        });
        act(state, now)
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
