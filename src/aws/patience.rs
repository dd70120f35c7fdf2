//! How long an endpoint that answers nothing is asked. Without an end to it,
//! every single call to a dead endpoint would wait for its timeout.

use std::time::{Duration, Instant};

/// So many requests without an answer are a reason to stop asking.
const ENOUGH: u32 = 8;

/// An endpoint that did not answer lately.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    longest: Duration,
    unanswered: u32,
    since: Option<Instant>,
    /// When the next request may look whether it answers again.
    look_again: Option<Instant>,
}

impl Patience {
    /// Patience that ends when nothing was answered for `longest`.
    pub(crate) fn new(longest: Duration) -> Self {
        Self { longest, unanswered: 0, since: None, look_again: None }
    }

    /// A request got no answer.
    pub(crate) fn no_answer(&mut self, now: Instant) {
        self.unanswered = self.unanswered.saturating_add(1);
        let since = *self.since.get_or_insert(now);
        // The first of them was sent before it failed: what failed at once
        // after a long wait shows the same.
        if self.unanswered >= ENOUGH && now.duration_since(since) >= self.longest {
            self.look_again.get_or_insert(now + self.longest);
        }
    }

    /// Whether a request is worth sending. Once patience has ended, one is, now
    /// and then, to see whether the endpoint answers again.
    pub(crate) fn may_ask(&mut self, now: Instant) -> bool {
        match self.look_again {
            None => true,
            Some(at) if now < at => false,
            Some(_) => {
                self.look_again = Some(now + self.longest);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn it_ends_after_enough_requests_and_a_long_time() {
        let start = Instant::now();
        let mut patience = Patience::new(MINUTE);
        for _ in 0..100 {
            patience.no_answer(start);
        }
        assert!(patience.may_ask(start), "many at once may be one moment of the network");
        patience.no_answer(start + MINUTE);
        assert!(!patience.may_ask(start + MINUTE));

        let mut patience = Patience::new(MINUTE);
        for n in 0..ENOUGH - 1 {
            patience.no_answer(start + MINUTE * n);
        }
        assert!(patience.may_ask(start + MINUTE * ENOUGH), "few may be odd calls");
    }

    #[test]
    fn it_looks_again_now_and_then() {
        let start = Instant::now();
        let mut patience = Patience::new(MINUTE);
        for n in 0..ENOUGH {
            patience.no_answer(start + MINUTE * n);
        }
        let ended = start + MINUTE * (ENOUGH - 1);
        assert!(!patience.may_ask(ended));
        assert!(patience.may_ask(ended + MINUTE));
        assert!(!patience.may_ask(ended + MINUTE), "one of them");
        assert!(patience.may_ask(ended + MINUTE * 2));
    }
}
