//! How fast an account may be asked: a token bucket for each account, region
//! and group of operations that AWS limits together.
//!
//! Where AWS documents a rate, half of it is left to production. Elsewhere
//! there is no limit until the service first throttles; from then on the rate
//! halves when it throttles and grows slowly while it does not.

use super::documented::Rate;
use std::time::{Duration, Instant};

/// Never slower than this: requests a second.
const SLOWEST: f64 = 0.5;
/// How much faster after each second without throttling: requests a second.
const STEP: f64 = 1.0;
/// Requests in flight are throttled together; that is one reason to slow down.
const ONE_DECREASE: Duration = Duration::from_secs(1);
/// What may be missing of a token after many additions.
const ROUNDING: f64 = 1e-6;

/// The pace of one account, region and group.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    rate: Option<Rate>,
    ceiling: Option<f64>,
    tokens: f64,
    at: Instant,
    decreased: Option<Instant>,
    sent: u32,
    sent_since: Instant,
    sent_per_second: f64,
}

impl Pace {
    /// A pace that begins at `rate` and never exceeds it; unlimited without.
    pub(crate) fn new(rate: Option<Rate>, now: Instant) -> Self {
        Self {
            rate,
            ceiling: rate.map(|rate| rate.per_second),
            tokens: rate.map_or(0.0, |rate| rate.burst),
            at: now,
            decreased: None,
            sent: 0,
            sent_since: now,
            sent_per_second: 0.0,
        }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// There is none yet: how long it takes at the present rate, which may
    /// change meanwhile.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let Some(rate) = self.rate else {
            self.count(now);
            return Ok(());
        };
        self.refill(rate, now);
        if self.tokens >= 1.0 - ROUNDING {
            self.tokens -= 1.0;
            self.count(now);
            Ok(())
        } else {
            Err(Duration::from_secs_f64((1.0 - self.tokens) / rate.per_second))
        }
    }

    /// The service throttled: half as fast.
    pub(crate) fn throttled(&mut self, now: Instant) {
        if self.decreased.is_some_and(|then| now.duration_since(then) < ONE_DECREASE) {
            return;
        }
        self.decreased = Some(now);
        let before = self
            .rate
            .map_or_else(|| self.sent_per_second.max(f64::from(self.sent)), |rate| rate.per_second);
        let slower = (before / 2.0).max(SLOWEST);
        self.rate = Some(Rate { per_second: slower, burst: 1.0_f64.max(slower / 10.0) });
        self.tokens = self.tokens.min(0.0);
        self.at = now;
    }

    /// The service answered: a little faster, if it had throttled before.
    pub(crate) fn answered(&mut self) {
        if self.decreased.is_none() {
            return;
        }
        if let Some(rate) = &mut self.rate {
            rate.per_second += STEP / rate.per_second.max(1.0);
            if let Some(ceiling) = self.ceiling {
                rate.per_second = rate.per_second.min(ceiling);
            }
        }
    }

    /// Requests a second at the moment; `None` is no limit.
    #[cfg(test)]
    pub(crate) fn per_second(&self) -> Option<f64> {
        self.rate.map(|rate| rate.per_second)
    }

    fn refill(&mut self, rate: Rate, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * rate.per_second).min(rate.burst);
        self.at = now;
    }

    /// Measures the rate at which requests went out before any limit was met.
    fn count(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.sent_since);
        if passed >= Duration::from_secs(1) {
            self.sent_per_second = f64::from(self.sent) / passed.as_secs_f64();
            self.sent = 0;
            self.sent_since = now;
        }
        self.sent = self.sent.saturating_add(1);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let mut pace = Pace::new(Some(Rate { per_second: 10.0, burst: 5.0 }), start);
        assert!((0..5).all(|_| pace.take(start).is_ok()));
        assert_eq!(pace.take(start), Err(Duration::from_millis(100)));
        assert!(pace.take(after(50)).is_err());
        assert_eq!(pace.take(after(100)), Ok(()));
        assert!(pace.take(after(100)).is_err());
        // No more than the burst is saved up.
        assert_eq!((0..9).filter(|_| pace.take(after(60_000)).is_ok()).count(), 5);
    }

    #[test]
    fn who_waits_waits_longer_once_the_service_throttles() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(Rate { per_second: 10.0, burst: 1.0 }), start);
        assert_eq!(pace.take(start), Ok(()));
        assert_eq!(pace.take(start), Err(Duration::from_millis(100)));
        pace.throttled(start);
        assert_eq!(pace.take(start), Err(Duration::from_millis(200)));
    }

    #[test]
    fn without_a_documented_rate_there_is_no_limit_until_the_service_throttles() {
        let start = Instant::now();
        let mut pace = Pace::new(None, start);
        for _ in 0..1000 {
            assert_eq!(pace.take(start), Ok(()));
        }
        pace.throttled(start);
        assert_eq!(pace.per_second(), Some(500.0));
        // What was in flight is throttled, too, and slows no further.
        pace.throttled(start + Duration::from_millis(10));
        assert_eq!(pace.per_second(), Some(500.0));
        pace.throttled(start + Duration::from_secs(2));
        assert_eq!(pace.per_second(), Some(250.0));
        for _ in 0..250 {
            pace.answered();
        }
        let after_a_second = pace.per_second().unwrap();
        assert!((250.5..=251.0).contains(&after_a_second), "{after_a_second}");
    }

    #[test]
    fn a_documented_rate_is_never_exceeded() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(Rate { per_second: 10.0, burst: 50.0 }), start);
        pace.throttled(start);
        assert_eq!(pace.per_second(), Some(5.0));
        for _ in 0..10_000 {
            pace.answered();
        }
        assert_eq!(pace.per_second(), Some(10.0));
    }

    #[test]
    fn it_never_stops_altogether() {
        let start = Instant::now();
        let mut pace = Pace::new(None, start);
        for second in 0..60 {
            pace.throttled(start + Duration::from_secs(second));
        }
        assert_eq!(pace.per_second(), Some(SLOWEST));
    }
}
