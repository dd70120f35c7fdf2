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
    all: Mutex<HashMap<(TypeId, String), Result>>,
    latest: Mutex<HashMap<TypeId, (String, Result)>>,
}

/// A result of some type.
type Result = Arc<dyn Any + Send + Sync>;

impl Memo {
    /// The result of this type under this key; `work` makes it if it is not
    /// there yet. Two that come at the same moment may both make it.
    pub fn of<T: Send + Sync + 'static>(&self, key: &str, work: impl FnOnce() -> T) -> Arc<T> {
        let key = (TypeId::of::<T>(), key.to_owned());
        let known = locked(&self.all).get(&key).cloned();
        if let Some(known) = known.and_then(|known| known.downcast::<T>().ok()) {
            return known;
        }
        let made = Arc::new(work());
        let kept = Arc::clone(&made) as Result;
        locked(&self.all).insert(key, kept);
        made
    }

    /// The same, but only the latest result of its type is kept: for what
    /// several questions about one subject share, and the next subject does not.
    pub fn latest<T: Send + Sync + 'static>(&self, key: &str, work: impl FnOnce() -> T) -> Arc<T> {
        let kind = TypeId::of::<T>();
        let known = locked(&self.latest).get(&kind).filter(|(of, _)| of == key).cloned();
        if let Some(known) = known.and_then(|(_, known)| known.downcast::<T>().ok()) {
            return known;
        }
        let made = Arc::new(work());
        let kept = Arc::clone(&made) as Result;
        locked(&self.latest).insert(kind, (key.to_owned(), kept));
        made
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn only_the_latest_of_a_type_is_kept() {
        let memo = Memo::default();
        assert_eq!(*memo.latest("a", || 1_u8), 1);
        assert_eq!(*memo.latest("b", || 2_u16), 2, "another type");
        assert_eq!(*memo.latest("a", || 3_u8), 1);
        assert_eq!(*memo.latest("b", || 4_u8), 4);
        assert_eq!(*memo.latest("a", || 5_u8), 5);
    }

    #[test]
    fn work_may_ask_for_other_work() {
        let memo = Memo::default();
        assert_eq!(*memo.of("sum", || 1 + *memo.of("part", || 2_u8)), 3);
    }
}
