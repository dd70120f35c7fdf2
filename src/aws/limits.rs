//! How much is asked at most, and how patiently.

use std::time::Duration;

/// What a process asks of AWS at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Requests in flight, over all accounts.
    pub in_flight: usize,
    /// Requests a second, over all accounts; `None` is no limit.
    pub max_rps: Option<f64>,
    /// How often a call is tried at most.
    pub attempts: u32,
    /// The same for a call that is throttled: slower each time.
    pub throttled_attempts: u32,
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
            throttled_attempts: 8,
            backoff: Duration::from_millis(400),
            connect_timeout: Duration::from_secs(5),
            attempt_timeout: Duration::from_secs(60),
        }
    }
}
