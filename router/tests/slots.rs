//! Every interleaving of requests that take and give back the places of a worker, tried by `loom` on the
//! very source that the registry is built of.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

mod atomic {
    pub use loom::sync::atomic::{AtomicU32, Ordering};
}
#[path = "../src/registry/reserved.rs"]
mod reserved;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicU32, Ordering};
use loom::thread;
use reserved::Reserved;

/// Takes a place if there is one, counts who is inside, and gives it back.
fn visit(places: &Reserved, inside: &AtomicU32, most: u32) -> bool {
    if !places.take() {
        return false;
    }
    let now = inside.fetch_add(1, Ordering::AcqRel) + 1;
    assert!(now <= most, "{now} requests share {most} places");
    inside.fetch_sub(1, Ordering::AcqRel);
    places.give_back();
    true
}

#[test]
fn no_two_requests_share_a_place_and_none_is_lost() {
    loom::model(|| {
        let places = Arc::new(Reserved::new(1));
        let inside = Arc::new(AtomicU32::new(0));
        let visitors: Vec<_> = (0..2)
            .map(|_| {
                let (places, inside) = (Arc::clone(&places), Arc::clone(&inside));
                thread::spawn(move || visit(&places, &inside, 1))
            })
            .collect();
        let here = visit(&places, &inside, 1);
        let served = visitors.into_iter().map(|one| one.join().unwrap());
        let served: Vec<bool> = served.collect();
        assert!(here || served.contains(&true), "somebody gets a place that is free");
        assert_eq!(places.taken(), 0);
        assert!(places.take(), "the place is free again");
    });
}

#[test]
fn a_place_that_is_taken_away_is_not_given_out_again() {
    loom::model(|| {
        let places = Arc::new(Reserved::new(2));
        assert!(places.take());
        let shrinker = {
            let places = Arc::clone(&places);
            thread::spawn(move || places.set_capacity(1))
        };
        let took = places.take();
        shrinker.join().unwrap();
        assert_eq!(places.taken(), 1 + u32::from(took));
        places.give_back();
        if took {
            places.give_back();
        }
        assert!(places.take() && !places.take(), "one place is left");
    });
}
