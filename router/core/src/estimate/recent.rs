//! Values by a pair of names, bounded: the one unused for longest makes room.
//!
//! The names stand in two levels, so that a look-up borrows them and copies nothing. Beside them all pairs
//! stand in the order of their last use: in a fleet that is larger than the store nearly every decision
//! meets somebody new.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Debug)]
pub(super) struct Recent<T> {
    entries: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Entry<T>>>,
    /// By last use, then by name.
    order: BTreeSet<(Duration, Pair)>,
    most: usize,
}

/// A pair of names.
type Pair = (Arc<str>, Arc<str>);

#[derive(Clone, Debug)]
struct Entry<T> {
    value: T,
    used: Duration,
    names: Pair,
}

impl<T> Recent<T> {
    /// A store of at most `most` values, at least one.
    pub(super) fn new(most: usize) -> Self {
        Self { entries: BTreeMap::new(), order: BTreeSet::new(), most: most.max(1) }
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn get(&self, first: &str, second: &str) -> Option<&T> {
        self.entries.get(first)?.get(second).map(|entry| &entry.value)
    }

    /// Changes the value of a pair of names, made first where there is none.
    pub(super) fn change(
        &mut self,
        (first, second): (&str, &str),
        now: Duration,
        make: impl FnOnce() -> T,
        change: impl FnOnce(&mut T),
    ) {
        let found = self.entries.get_mut(first).and_then(|entries| entries.get_mut(second));
        if let Some(entry) = found {
            if now > entry.used {
                self.order.remove(&(entry.used, entry.names.clone()));
                self.order.insert((now, entry.names.clone()));
                entry.used = now;
            }
            change(&mut entry.value);
            return;
        }
        if self.order.len() >= self.most {
            self.drop_oldest();
        }
        let mut value = make();
        change(&mut value);
        let names: Pair = (first.into(), second.into());
        self.order.insert((now, names.clone()));
        let entries = self.entries.entry(Arc::clone(&names.0)).or_default();
        entries.insert(Arc::clone(&names.1), Entry { value, used: now, names });
    }

    fn drop_oldest(&mut self) {
        let Some((_, (first, second))) = self.order.pop_first() else { return };
        if let Some(entries) = self.entries.get_mut(&first) {
            entries.remove(&second);
            if entries.is_empty() {
                self.entries.remove(&first);
            }
        }
    }
}
