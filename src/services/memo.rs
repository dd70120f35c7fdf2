//! What questions work out once for all subjects of an account.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Intermediate results of questions about one account: a policy that many
/// identities share is parsed once, not once for each of them. Everything in
/// it follows from the resources around, which do not change while a question
/// may look at them.
#[derive(Default)]
pub struct Memo(Mutex<HashMap<(TypeId, String), Arc<dyn Any + Send + Sync>>>);

impl Memo {
    /// The result of this type under this key; `work` makes it if it is not
    /// there yet. Two that come at the same moment may both make it.
    pub fn of<T: Send + Sync + 'static>(&self, key: &str, work: impl FnOnce() -> T) -> Arc<T> {
        let key = (TypeId::of::<T>(), key.to_owned());
        let known = self.locked().get(&key).cloned();
        if let Some(known) = known.and_then(|known| known.downcast::<T>().ok()) {
            return known;
        }
        let made = Arc::new(work());
        let kept = Arc::clone(&made) as Arc<dyn Any + Send + Sync>;
        self.locked().insert(key, kept);
        made
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<(TypeId, String), Arc<dyn Any + Send + Sync>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    fn work_may_ask_for_other_work() {
        let memo = Memo::default();
        assert_eq!(*memo.of("sum", || 1 + *memo.of("part", || 2_u8)), 3);
    }
}
