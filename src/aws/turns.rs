//! Whose request goes out next: a bounded number in flight, handed out to the
//! accounts in turn, so that a large account does not keep a small one waiting;
//! and within an account to its lanes in turn, so that a short chain of calls
//! does not stand behind the thousands of another service. Where several
//! accounts are scanned side by side, one whose endpoints answer nothing cannot
//! hold all requests in flight: some are left to those that have less than their
//! share.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// One in so many requests in flight is left to accounts that have less than
/// their share.
const LEFT: usize = 8;

/// The turns of a process; clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Turns(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    all: usize,
    free: usize,
    /// How many accounts are scanned side by side.
    accounts: usize,
    /// How many requests each account has in flight; none that has none.
    held: BTreeMap<String, usize>,
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

    /// Lets the first queue after the last one that may take its turn; it says
    /// whether it is empty now.
    fn next<U>(
        &mut self,
        may: impl Fn(&str) -> bool,
        take: impl FnOnce(&mut T) -> (Option<U>, bool),
    ) -> Option<(String, U)> {
        let last = self.last.as_str();
        let after = self.queues.range::<str, _>((Bound::Excluded(last), Bound::Unbounded));
        let before = self.queues.range::<str, _>((Bound::Unbounded, Bound::Included(last)));
        let name = after.chain(before).map(|(name, _)| name).find(|name| may(name))?.clone();
        let (taken, empty) = take(self.queues.get_mut(&name)?);
        if empty {
            self.queues.remove(&name);
        }
        self.last.clone_from(&name);
        Some((name, taken?))
    }
}

/// One request in flight; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    turns: Option<Turns>,
    account: String,
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(turns) = self.turns.take() {
            turns.locked().take_back(&self.account);
            turns.hand_out();
        }
    }
}

impl Turns {
    /// So many requests in flight, and at least one.
    pub(crate) fn new(in_flight: usize) -> Self {
        let all = in_flight.max(1);
        Self(Arc::new(Mutex::new(State {
            all,
            free: all,
            accounts: 1,
            held: BTreeMap::new(),
            waiting: Round::default(),
        })))
    }

    /// So many accounts are scanned side by side from now on.
    pub(crate) fn share(&self, accounts: usize) {
        self.locked().accounts = accounts.max(1);
        self.hand_out();
    }

    /// Waits for a turn of this lane of the account.
    pub(crate) async fn take(&self, account: &str, lane: &str) -> Permit {
        loop {
            let waiting = {
                let mut state = self.locked();
                // Nobody waits who may have one.
                if state.may(account) {
                    state.lend(account);
                    return self.permit(account.to_owned());
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

    fn permit(&self, account: String) -> Permit {
        Permit { turns: Some(self.clone()), account }
    }

    /// Gives what is free to those whose turn it is.
    fn hand_out(&self) {
        loop {
            let Some((account, next)) = self.locked().next() else { return };
            if let Err(mut unwanted) = next.send(self.permit(account)) {
                // Whoever waited has gone; the next one gets it.
                unwanted.turns = None;
                self.locked().take_back(&unwanted.account);
            }
        }
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether an account may have one more.
    fn may(&self, account: &str) -> bool {
        may(self.all, self.free, self.accounts, self.held.get(account).copied().unwrap_or(0))
    }

    fn lend(&mut self, account: &str) {
        self.free -= 1;
        *self.held.entry(account.to_owned()).or_default() += 1;
    }

    fn take_back(&mut self, account: &str) {
        self.free += 1;
        if let Some(held) = self.held.get_mut(account) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(account);
            }
        }
    }

    /// Lends a permit to the first that waits in the lane after the last one, of
    /// the account after the last one that may have it.
    fn next(&mut self) -> Option<(String, oneshot::Sender<Permit>)> {
        let Self { all, free, accounts, held, waiting } = self;
        let (account, next) = waiting.next(
            |account| may(*all, *free, *accounts, held.get(account).copied().unwrap_or(0)),
            |lanes| {
                let next = lanes.next(|_| true, |queue| (queue.pop_front(), queue.is_empty()));
                (next.map(|(_, next)| next), lanes.queues.is_empty())
            },
        )?;
        self.lend(&account);
        Some((account, next))
    }
}

/// Whether an account that holds so many may have one more of those that are
/// free: any, or those that are left to accounts below their share.
fn may(all: usize, free: usize, accounts: usize, held: usize) -> bool {
    let left = if accounts > 1 { all / LEFT } else { 0 };
    let share = (all / accounts).max(1);
    free > left || (free > 0 && held < share)
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
    async fn an_account_without_answers_leaves_some_to_the_others() {
        let turns = Turns::new(64);
        turns.share(3);
        let stuck = |account: &'static str| {
            let turns = turns.clone();
            tokio::spawn(async move {
                let _permit = turns.take(account, "iam").await;
                std::future::pending::<()>().await;
            })
        };
        let requests: Vec<_> = (0..100).flat_map(|_| ["stuck", "stuck too"]).map(stuck).collect();
        tokio::task::yield_now().await;
        for _ in 0..1000 {
            let permit = turns.take("good", "s3").await;
            tokio::task::yield_now().await;
            drop(permit);
        }
        assert_eq!(turns.locked().free, 64 / LEFT);
        turns.share(1);
        tokio::task::yield_now().await;
        assert_eq!(turns.locked().free, 0, "nobody else is scanned: all may be used");
        for request in requests {
            request.abort();
            assert!(request.await.is_err());
        }
        let state = turns.locked();
        assert_eq!((state.free, state.held.len()), (64, 0));
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
