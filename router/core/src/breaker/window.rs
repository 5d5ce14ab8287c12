//! Calls of the last seconds, counted in buckets: what leaves the window leaves it a bucket at a time.

use std::time::Duration;

const BUCKETS: usize = 10;

/// Calls that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub calls: u32,
    pub failed: u32,
    pub slow: u32,
}

/// The last seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    bucket_ns: u128,
    buckets: [Seen; BUCKETS],
    newest: u128,
}

impl Window {
    /// An empty window of this length.
    pub fn new(length: Duration) -> Self {
        let bucket_ns = (length.as_nanos() / BUCKETS as u128).max(1);
        Self { bucket_ns, buckets: [Seen::default(); BUCKETS], newest: 0 }
    }

    /// Counts a call that ended at `now`, and says what the window holds. A moment before the newest
    /// counts as that.
    pub fn count(&mut self, failed: bool, slow: bool, now: Duration) -> Seen {
        let place = now.as_nanos() / self.bucket_ns;
        let passed = place.saturating_sub(self.newest).min(BUCKETS as u128);
        let passed = usize::try_from(passed).unwrap_or(BUCKETS);
        self.newest = self.newest.max(place);
        self.buckets.rotate_right(passed);
        self.buckets.iter_mut().take(passed).for_each(|bucket| *bucket = Seen::default());
        if let Some(newest) = self.buckets.first_mut() {
            add(newest, Seen { calls: 1, failed: u32::from(failed), slow: u32::from(slow) });
        }
        self.buckets.iter().fold(Seen::default(), |mut sum, bucket| {
            add(&mut sum, *bucket);
            sum
        })
    }
}

const fn add(to: &mut Seen, more: Seen) {
    to.calls = to.calls.saturating_add(more.calls);
    to.failed = to.failed.saturating_add(more.failed);
    to.slow = to.slow.saturating_add(more.slow);
}
