//! A replay holds sums and a few changes, and no requests.

use super::kept::at_home;
use super::requests::near;
use crate::replay::Replay;
use allocation_counter::measure;
use littoral_core::policy::Policy;
use std::sync::Arc;

/// Most bytes that were alive while so many requests were replayed.
fn most_bytes(requests: u64) -> u64 {
    let policies = (Arc::new(Policy::shipped()), Arc::new(near()));
    let info = measure(|| {
        let mut replay = Replay::new(policies.0, policies.1, 10);
        (0..requests).for_each(|number| replay.add(&at_home(number)));
        assert_eq!(replay.counts().changed, requests);
        assert_eq!(replay.summary().now.kept, requests);
    });
    info.bytes_max
}

#[test]
fn twenty_times_as_many_requests_need_no_more_memory() {
    let [few, many] = [1_000, 20_000].map(most_bytes);
    println!("at most {few} bytes for 1,000 requests, {many} for 20,000");
    assert!(many as f64 <= 1.05 * few as f64);
}
