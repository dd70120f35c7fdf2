//! What questions work out once for all subjects of an account.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Intermediate results of questions about one account: a policy that many
/// identities share is parsed once, not once for each of them. Everything in
/// it follows from the resources around, which do not change while a question
/// may look at them.
#[derive(Default)]
pub struct Memo {
    kept: Mutex<Results>,
    lately: Mutex<Results>,
}

type Results = HashMap<(TypeId, String), Arc<dyn Any + Send + Sync>>;

/// How many results that were not worth keeping for good are kept.
const LATELY: usize = 512;

impl Memo {
    /// The result of this type under this key; `work` makes it if it is not
    /// there yet. Two that come at the same moment may both make it.
    pub fn of<T: Send + Sync + 'static>(&self, key: &str, work: impl FnOnce() -> T) -> Arc<T> {
        known(&self.kept, key).unwrap_or_else(|| keep(&self.kept, key, work(), usize::MAX))
    }

    /// The same for keys of which an account may have as many as resources:
    /// only some hundreds are kept.
    pub fn lately<T: Send + Sync + 'static>(&self, key: &str, work: impl FnOnce() -> T) -> Arc<T> {
        known(&self.lately, key).unwrap_or_else(|| keep(&self.lately, key, work(), LATELY))
    }
}

fn known<T: Send + Sync + 'static>(results: &Mutex<Results>, key: &str) -> Option<Arc<T>> {
    let found = locked(results).get(&(TypeId::of::<T>(), key.to_owned())).cloned();
    found.and_then(|found| found.downcast().ok())
}

fn keep<T: Send + Sync + 'static>(
    results: &Mutex<Results>,
    key: &str,
    made: T,
    most: usize,
) -> Arc<T> {
    let made = Arc::new(made);
    let mut results = locked(results);
    if results.len() >= most {
        results.clear();
    }
    let same = Arc::clone(&made) as Arc<dyn Any + Send + Sync>;
    results.insert((TypeId::of::<T>(), key.to_owned()), same);
    made
}

fn locked(results: &Mutex<Results>) -> MutexGuard<'_, Results> {
    results.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Clone for Memo {
    /// A clone begins empty: what is around it may be changed.
    fn clone(&self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_once_for_each_key_and_type() {
        let memo = Memo::default();
        assert_eq!(*memo.of("a", || 1_u8), 1);
        assert_eq!(*memo.of("a", || 2_u8), 1);
        assert_eq!(*memo.of("b", || 3_u8), 3);
        assert_eq!(*memo.of("a", || 4_u16), 4);
    }

    #[test]
    fn what_was_asked_lately_is_bounded() {
        let memo = Memo::default();
        assert_eq!(*memo.lately("a", || 1_u8), 1);
        assert_eq!(*memo.lately("a", || 2_u8), 1);
        for number in 0..2 * LATELY {
            memo.lately(&number.to_string(), || number);
            assert!(locked(&memo.lately).len() <= LATELY);
        }
        assert_eq!(*memo.lately("a", || 3_u8), 3);
    }

    #[test]
    fn work_may_ask_for_other_work() {
        let memo = Memo::default();
        assert_eq!(*memo.of("sum", || 1 + *memo.of("part", || 2_u8)), 3);
    }
}
