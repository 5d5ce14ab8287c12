//! Labels of the sessions that were asked for lately, in bounded number.
//!
//! Two generations: what is used moves into the young one; when that is full it becomes the old one,
//! and what nobody asked for in between is forgotten. That is close to "least recently used" for the
//! price of two maps.

use super::SessionDigest;
use littoral_core::class::DataClass;
use parking_lot::Mutex;
use std::collections::HashMap;

/// Most sessions of a generation; twice as many are remembered at most, of about 150 bytes each.
const GENERATION: usize = 5_000;

type Key = (String, SessionDigest);
type Labels = HashMap<Key, Option<DataClass>>;

/// What is remembered.
#[derive(Debug, Default)]
pub(in crate::store) struct Memory(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: Labels,
    old: Labels,
}

impl Memory {
    /// The label of a session, where it is remembered: the inner `None` is a session without one.
    pub fn recall(&self, principal_key: &str, session: SessionDigest) -> Option<Option<DataClass>> {
        let key = (principal_key.to_owned(), session);
        let mut generations = self.0.lock();
        if let Some(label) = generations.young.get(&key) {
            return Some(*label);
        }
        let label = generations.old.remove(&key)?;
        generations.keep(key, label);
        Some(label)
    }

    /// Remembers what the file has.
    pub fn remember(
        &self,
        principal_key: String,
        session: SessionDigest,
        label: Option<DataClass>,
    ) {
        let key = (principal_key, session);
        let mut generations = self.0.lock();
        generations.old.remove(&key);
        generations.keep(key, label);
    }
}

impl Generations {
    fn keep(&mut self, key: Key, label: Option<DataClass>) {
        if self.young.len() >= GENERATION && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(number: usize) -> SessionDigest {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&(number as u64).to_be_bytes());
        digest
    }

    #[test]
    fn what_is_used_stays_and_what_is_remembered_is_bounded() {
        let memory = Memory::default();
        memory.remember("p".into(), session(0), Some(DataClass::Restricted));
        for number in 1..4 * GENERATION {
            memory.remember("p".into(), session(number), None);
            assert_eq!(memory.recall("p", session(0)), Some(Some(DataClass::Restricted)));
            let generations = memory.0.lock();
            assert!(generations.young.len() <= GENERATION);
            assert!(generations.old.len() <= GENERATION);
        }
        assert_eq!(memory.recall("p", session(1)), None, "long unused");
        assert_eq!(memory.recall("p", session(4 * GENERATION - 1)), Some(None));
        assert_eq!(memory.recall("q", session(0)), None, "another asker's");
    }
}
