//! Whose request goes out next: a bounded number in flight, handed out to the
//! accounts in turn, so that a large account does not keep a small one waiting;
//! and within an account to its lanes in turn, so that a short chain of calls
//! does not stand behind the thousands of another service.

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
    /// Who waits, by account and lane, each in the order of arrival.
    waiting: Round<Round<VecDeque<oneshot::Sender<Permit>>>>,
}

/// Queues that take turns, by name.
#[derive(Debug)]
struct Round<T> {
    queues: BTreeMap<String, T>,
    /// The one that had the last turn.
    last: String,
}

impl<T> Default for Round<T> {
    fn default() -> Self {
        Self { queues: BTreeMap::new(), last: String::new() }
    }
}

impl<T: Default> Round<T> {
    fn queue(&mut self, name: &str) -> &mut T {
        self.queues.entry(name.to_owned()).or_default()
    }

    /// Lets the queue after the last one take its turn; it says whether it is
    /// empty now.
    fn next<U>(&mut self, take: impl FnOnce(&mut T) -> (Option<U>, bool)) -> Option<U> {
        let after = (Bound::Excluded(self.last.clone()), Bound::Unbounded);
        let next = self.queues.range(after).next();
        let name = next.or_else(|| self.queues.first_key_value())?.0.clone();
        let (taken, empty) = take(self.queues.get_mut(&name)?);
        if empty {
            self.queues.remove(&name);
        }
        self.last = name;
        taken
    }
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
        let state = State { free: in_flight.max(1), waiting: Round::default() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Waits for a turn of this lane of the account.
    pub(crate) async fn take(&self, account: &str, lane: &str) -> Permit {
        loop {
            let waiting = {
                let mut state = self.locked();
                // Nobody waits while there is one free.
                if state.free > 0 {
                    state.free -= 1;
                    return Permit { turns: Some(self.clone()) };
                }
                let (sender, receiver) = oneshot::channel();
                state.waiting.queue(account).queue(lane).push_back(sender);
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
    /// The first that waits in the lane after the last one, of the account after
    /// the last one; if nobody waits, the permit is free.
    fn next(&mut self) -> Option<oneshot::Sender<Permit>> {
        let next = self.waiting.next(|lanes| {
            let next = lanes.next(|queue| (queue.pop_front(), queue.is_empty()));
            (next, lanes.queues.is_empty())
        });
        if next.is_none() {
            self.free += 1;
        }
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
            let _permit = turns.take(&account, "iam").await;
            order.lock().unwrap().push(account);
        })
    }

    #[tokio::test]
    async fn accounts_take_turns_however_many_requests_they_have() {
        let turns = Turns::new(1);
        let order = Arc::default();
        let first = turns.take("large", "iam").await;
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
    async fn a_short_chain_does_not_stand_behind_a_long_queue() {
        let turns = Turns::new(1);
        let order: Arc<Mutex<Vec<&str>>> = Arc::default();
        let first = turns.take("a", "s3").await;
        let mut tasks = Vec::new();
        for lane in ["s3", "s3", "s3", "iam", "iam"] {
            let (turns, order) = (turns.clone(), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _permit = turns.take("a", lane).await;
                order.lock().unwrap().push(lane);
            }));
            tokio::task::yield_now().await;
        }
        drop(first);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), ["iam", "s3", "iam", "s3", "s3"]);
    }

    #[tokio::test]
    async fn whoever_goes_away_takes_no_permit_along() {
        let turns = Turns::new(1);
        let order = Arc::default();
        let held = turns.take("a", "iam").await;
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
        let held = turns.take("a", "iam").await;
        let mut waiting = Box::pin(turns.take("b", "iam"));
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
        let held = [
            turns.take("a", "iam").await,
            turns.take("a", "iam").await,
            turns.take("b", "iam").await,
        ];
        assert_eq!(turns.locked().free, 0);
        drop(held);
        assert_eq!(turns.locked().free, 3);
    }
}
