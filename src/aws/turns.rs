//! Whose request goes out next: a bounded number in flight, handed out to the
//! accounts in turn, so that a large account does not keep a small one waiting.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// The turns of a process; clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Turns(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    free: usize,
    /// Who waits, by account, each in the order of arrival.
    waiting: BTreeMap<String, VecDeque<oneshot::Sender<Permit>>>,
    /// The account that had the last turn.
    last: String,
}

/// One request in flight; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    turns: Option<Turns>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(turns) = &self.turns {
            turns.give_back();
        }
    }
}

impl Turns {
    /// So many requests in flight, and at least one.
    pub(crate) fn new(in_flight: usize) -> Self {
        let state = State { free: in_flight.max(1), waiting: BTreeMap::new(), last: String::new() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Waits for a turn of this account.
    pub(crate) async fn take(&self, account: &str) -> Permit {
        loop {
            let waiting = {
                let mut state = self.locked();
                // Nobody waits while there is one free.
                if state.free > 0 {
                    state.free -= 1;
                    return Permit { turns: Some(self.clone()) };
                }
                let (sender, receiver) = oneshot::channel();
                match state.waiting.get_mut(account) {
                    Some(queue) => queue.push_back(sender),
                    None => {
                        state.waiting.insert(account.to_owned(), VecDeque::from([sender]));
                    }
                }
                receiver
            };
            // The sender is kept until it sends.
            if let Ok(permit) = waiting.await {
                return permit;
            }
        }
    }

    /// Gives a permit to whose turn it is, or keeps it.
    fn give_back(&self) {
        loop {
            let Some(next) = self.locked().next() else { return };
            let Err(mut unwanted) = next.send(Permit { turns: Some(self.clone()) }) else { return };
            // Whoever waited has gone; the next one gets another.
            unwanted.turns = None;
        }
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The first that waits in the account after the last one; if nobody
    /// waits, the permit is free.
    fn next(&mut self) -> Option<oneshot::Sender<Permit>> {
        let after = (Bound::Excluded(self.last.clone()), Bound::Unbounded);
        let account = self
            .waiting
            .range(after)
            .next()
            .or_else(|| self.waiting.first_key_value())
            .map(|(account, _)| account.clone());
        let Some(account) = account else {
            self.free += 1;
            return None;
        };
        let queue = self.waiting.get_mut(&account)?;
        let next = queue.pop_front();
        if queue.is_empty() {
            self.waiting.remove(&account);
        }
        self.last = account;
        next
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use tokio::task::JoinHandle;

    /// Waits for a turn, notes its account, and gives it back.
    fn wait(turns: &Turns, account: &str, order: &Arc<Mutex<Vec<String>>>) -> JoinHandle<()> {
        let (turns, account, order) = (turns.clone(), account.to_owned(), Arc::clone(order));
        tokio::spawn(async move {
            let _permit = turns.take(&account).await;
            order.lock().unwrap().push(account);
        })
    }

    #[tokio::test]
    async fn accounts_take_turns_however_many_requests_they_have() {
        let turns = Turns::new(1);
        let order = Arc::default();
        let first = turns.take("large").await;
        let mut tasks = Vec::new();
        for _ in 0..4 {
            tasks.push(wait(&turns, "large", &order));
        }
        tokio::task::yield_now().await;
        for account in ["small", "tiny", "small"] {
            tasks.push(wait(&turns, account, &order));
        }
        tokio::task::yield_now().await;
        drop(first);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(
            *order.lock().unwrap(),
            ["large", "small", "tiny", "large", "small", "large", "large"]
        );
    }

    #[tokio::test]
    async fn whoever_goes_away_takes_no_permit_along() {
        let turns = Turns::new(1);
        let order = Arc::default();
        let held = turns.take("a").await;
        let gone: Vec<_> = (0..3).map(|_| wait(&turns, "b", &order)).collect();
        let stays = wait(&turns, "c", &order);
        tokio::task::yield_now().await;
        for task in gone {
            task.abort();
            assert!(task.await.is_err());
        }
        drop(held);
        stays.await.unwrap();
        assert_eq!(*order.lock().unwrap(), ["c"]);
        assert_eq!(turns.locked().free, 1);
    }

    #[tokio::test]
    async fn a_permit_that_nobody_picks_up_comes_back() {
        let turns = Turns::new(1);
        let held = turns.take("a").await;
        let mut waiting = Box::pin(turns.take("b"));
        let polled = std::future::poll_fn(|context| {
            std::task::Poll::Ready(waiting.as_mut().poll(context).is_ready())
        });
        assert!(!polled.await);
        drop(held);
        assert_eq!(turns.locked().free, 0, "sent to b");
        drop(waiting);
        assert_eq!(turns.locked().free, 1);
    }

    #[tokio::test]
    async fn no_more_than_the_limit_at_a_time() {
        let turns = Turns::new(3);
        let held = [turns.take("a").await, turns.take("a").await, turns.take("b").await];
        assert_eq!(turns.locked().free, 0);
        drop(held);
        assert_eq!(turns.locked().free, 3);
    }
}
