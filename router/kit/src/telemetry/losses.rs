//! How many spans no collector got, and why: a page with holes must say that it has some.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why a span was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The queue was full: the collector is slower than the spans come.
    QueueFull,
    /// The collector refused them, or did not answer in time.
    NotTaken,
    /// The process ended before they were out.
    AtTheEnd,
}

impl Lost {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::QueueFull, Self::NotTaken, Self::AtTheEnd];

    /// The name used in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::NotTaken => "not_taken",
            Self::AtTheEnd => "at_the_end",
        }
    }
}

/// The counts of a part.
#[derive(Debug, Default)]
pub struct Losses([AtomicU64; 3]);

impl Losses {
    /// So many more are lost.
    pub(super) fn add(&self, why: Lost, spans: usize) {
        self.0[why as usize].fetch_add(spans as u64, Ordering::Relaxed);
    }

    /// How many were lost for this reason.
    #[must_use]
    pub fn of(&self, why: Lost) -> u64 {
        self.0[why as usize].load(Ordering::Relaxed)
    }

    /// How many were lost.
    #[must_use]
    pub fn count(&self) -> u64 {
        Lost::ALL.into_iter().map(|why| self.of(why)).sum()
    }
}
