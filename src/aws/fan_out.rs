//! The one way to do many things side by side.

use std::future::Future;
use tokio::task::JoinSet;

/// Tasks of a fan-out that ended in a panic: what they were to feed is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{tasks} tasks broke off")]
pub struct Broken {
    /// How many.
    pub tasks: usize,
}

/// A bounded stream of tasks. A task begins as soon as there is room, whatever
/// the others do: there are no barriers, and results go to the sink from
/// within the tasks. How many requests are in flight is the gate's business;
/// the bound here is on memory. Dropped, it stops all its tasks.
#[derive(Debug)]
pub struct FanOut {
    tasks: JoinSet<()>,
    limit: usize,
    broken: usize,
}

impl FanOut {
    /// At most `limit` tasks at a time, and at least one.
    pub fn new(limit: usize) -> Self {
        Self { tasks: JoinSet::new(), limit: limit.max(1), broken: 0 }
    }

    /// Begins a task, after waiting for room.
    pub async fn add(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        while self.tasks.len() >= self.limit {
            self.one_ends().await;
        }
        self.tasks.spawn(task);
    }

    /// Waits for all tasks.
    ///
    /// # Errors
    /// Some tasks broke off.
    pub async fn finish(mut self) -> Result<(), Broken> {
        while !self.tasks.is_empty() {
            self.one_ends().await;
        }
        if self.broken == 0 { Ok(()) } else { Err(Broken { tasks: self.broken }) }
    }

    async fn one_ends(&mut self) {
        if let Some(Err(_)) = self.tasks.join_next().await {
            self.broken += 1;
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[tokio::test]
    async fn never_more_than_the_limit_at_a_time() {
        let now = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let mut fan = FanOut::new(3);
        for _ in 0..20 {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            fan.add(async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                now.fetch_sub(1, Ordering::SeqCst);
            })
            .await;
        }
        fan.finish().await.unwrap();
        assert!(most.load(Ordering::SeqCst) <= 3);
    }

    #[tokio::test]
    async fn a_task_that_breaks_off_is_reported_and_stops_nobody() {
        let done = Arc::new(AtomicUsize::new(0));
        let mut fan = FanOut::new(2);
        for n in 0..6 {
            let done = Arc::clone(&done);
            fan.add(async move {
                assert!(n != 3, "this one breaks off");
                done.fetch_add(1, Ordering::SeqCst);
            })
            .await;
        }
        assert_eq!(fan.finish().await, Err(Broken { tasks: 1 }));
        assert_eq!(done.load(Ordering::SeqCst), 5);
    }

    #[tokio::test]
    async fn dropping_it_stops_its_tasks() {
        let (held, ended) = tokio::sync::oneshot::channel::<()>();
        let mut fan = FanOut::new(2);
        fan.add(async move {
            let _held = held;
            tokio::time::sleep(Duration::from_secs(3600)).await;
        })
        .await;
        tokio::task::yield_now().await;
        drop(fan);
        assert!(ended.await.is_err());
    }
}
