//! A count of what a search does, so that tests can tell how it grows with the text: a count is the same each
//! time, and the clock is not. Outside of tests nothing is counted.
//!
//! A step is a byte that is looked at, written or compared, a state of an automaton that is gone on from, or a
//! match that is judged.

#[cfg(test)]
std::thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts steps.
#[cfg(test)]
pub(super) fn add(steps: usize) {
    STEPS.set(STEPS.get() + steps);
}

/// Counts nothing.
#[cfg(not(test))]
pub(super) const fn add(_: usize) {}

/// Steps since this was last asked.
#[cfg(test)]
pub(super) fn taken() -> usize {
    STEPS.replace(0)
}
