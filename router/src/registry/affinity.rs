//! Which worker answered a conversation last: it may hold the conversation's cache.
//!
//! This is a hint where to look and not a fact: whether a cache is held is what the worker says in its
//! states. Two generations bound the memory: when the young one is full, the old one is forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Conversations of one generation.
const GENERATION: usize = 32_768;

/// The last worker of each conversation.
#[derive(Default)]
pub struct Affinity {
    young: BTreeMap<u64, Arc<str>>,
    old: BTreeMap<u64, Arc<str>>,
}

impl Affinity {
    /// A worker answered a conversation.
    pub fn answered(&mut self, session: u64, worker_id: &Arc<str>) {
        if self.young.len() >= GENERATION && !self.young.contains_key(&session) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(session, Arc::clone(worker_id));
    }

    /// Who answered a conversation last.
    #[must_use]
    pub fn holder(&self, session: u64) -> Option<Arc<str>> {
        self.young.get(&session).or_else(|| self.old.get(&session)).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_worker_is_remembered_and_memory_is_bounded() {
        let mut affinity = Affinity::default();
        let (a, b): (Arc<str>, Arc<str>) = ("a".into(), "b".into());
        affinity.answered(7, &a);
        affinity.answered(7, &b);
        assert_eq!(affinity.holder(7).as_deref(), Some("b"));
        for session in 0..GENERATION as u64 * 3 {
            affinity.answered(1_000 + session, &a);
        }
        assert_eq!(affinity.holder(7), None);
        assert!(affinity.young.len() + affinity.old.len() <= 2 * GENERATION);
        assert!(affinity.holder(1_000 + GENERATION as u64 * 3 - 1).is_some());
    }
}
