//! Values by a pair of names, bounded: the one unused for longest makes room.
//!
//! The names stand in two levels, so that a look-up borrows them and copies nothing. To find the
//! oldest, all entries are read; that happens only when a name comes up for the first time in a full
//! store, and names come from join tokens and configuration, not from requests.

use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Clone, Debug)]
pub(super) struct Recent<T> {
    entries: BTreeMap<String, BTreeMap<String, Entry<T>>>,
    held: usize,
    most: usize,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    value: T,
    used: Duration,
}

impl<T> Recent<T> {
    /// A store of at most `most` values, at least one.
    pub(super) fn new(most: usize) -> Self {
        Self { entries: BTreeMap::new(), held: 0, most: most.max(1) }
    }

    pub(super) const fn len(&self) -> usize {
        self.held
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
            entry.used = entry.used.max(now);
            change(&mut entry.value);
            return;
        }
        if self.held >= self.most {
            self.drop_oldest();
        }
        let mut value = make();
        change(&mut value);
        let entries = self.entries.entry(first.to_owned()).or_default();
        entries.insert(second.to_owned(), Entry { value, used: now });
        self.held += 1;
    }

    fn drop_oldest(&mut self) {
        let all = self.entries.iter().flat_map(|(first, entries)| {
            entries.iter().map(move |(second, entry)| (entry.used, first, second))
        });
        let Some((_, first, second)) = all.min() else { return };
        let (first, second) = (first.clone(), second.clone());
        if let Some(entries) = self.entries.get_mut(&first) {
            if entries.remove(&second).is_some() {
                self.held = self.held.saturating_sub(1);
            }
            if entries.is_empty() {
                self.entries.remove(&first);
            }
        }
    }
}
