//! A crowd of which only a drawn part is looked at, and those whom the part may miss.

use super::*;
use crate::fleet::sample;
use crate::record::{Record, Seen};
use std::cell::RefCell;

/// Decides over a crowd in which the last few are not full; returns the record, and how much was looked at.
fn decided_over(crowd: usize, free: usize, lot: u64) -> (Record, Vec<Seen>) {
    let looks = RefCell::new(Vec::new());
    let fleet = |seen: Seen| {
        looks.borrow_mut().push(seen);
        let drawn = sample(crowd, seen.most(), lot);
        let unseen = u32::try_from(crowd - drawn.len()).unwrap();
        let one = |at: usize| {
            let mut one = worker(&format!("w{at:05}"));
            if at < crowd - free {
                (one.active, one.queued) = (one.slots, one.queue_limit);
            }
            one
        };
        let mut pool = edge(drawn.into_iter().map(one).collect());
        let Site::Workers(site) = &mut pool.site else { panic!("workers") };
        site.unseen = unseen;
        FleetView::of(vec![pool])
    };
    let facts = asks(DataClass::Personal);
    let record = Record::decide_over(&Policy::shipped(), &facts, fleet, Duration::ZERO, lot);
    (record, looks.take())
}

#[test]
fn a_part_that_has_somebody_is_all_that_is_looked_at() {
    let (record, looks) = decided_over(5_000, 5_000, 1);
    assert_eq!(looks, [Seen::Drawn]);
    assert!(record.decision.plan().is_some());
}

#[test]
fn where_few_can_answer_more_are_looked_at_and_everybody_where_that_finds_nobody() {
    let mut depths = [0; 3];
    for lot in 0..40 {
        let (record, looks) = decided_over(5_000, 50, lot);
        assert!(record.decision.plan().is_some(), "lot {lot}");
        assert_eq!(looks, [Seen::Drawn, Seen::Wider, Seen::Everyone][..looks.len()]);
        depths[looks.len() - 1] += 1;
    }
    assert!(depths[1] > depths[0] && depths[1] > depths[2], "{depths:?}");
    let (record, looks) = decided_over(5_000, 1, 1);
    assert_eq!(looks, [Seen::Drawn, Seen::Wider, Seen::Everyone]);
    let first = &record.decision.plan().unwrap().attempts[0];
    assert_eq!(who(first), "w04999");
}

#[test]
fn a_network_that_one_of_the_own_devices_calls_free_is_free_when_the_record_is_replayed() {
    let on = |metered| {
        let device = DeviceState { metered_network: Some(metered), ..worker("it").device };
        vec![WorkerView { device, ..worker("it") }]
    };
    let mut sighted = vec![device_of("alice", on(true)), cloud()];
    sighted.iter_mut().for_each(|pool| pool.model.abilities.image = true);
    // It cannot see, so its row in the record needs none of its workers.
    let mut desktop = device_of("alice", on(false));
    desktop.id = "acme/alice/other".into();
    let fleet = FleetView::of([sighted, vec![desktop]].concat());
    let mut asked = asks(DataClass::Internal);
    asked.needs.image = true;
    let record = Record::decide(&Policy::shipped(), &asked, &fleet, Duration::ZERO, 1);
    assert!(route(&record.decision).contains(&"openai"), "no network of the asker's costs money");
    assert_eq!(record.replay(&Policy::shipped()), Ok(()));
}

#[test]
fn what_was_looked_at_is_enough_to_decide_again() {
    for free in [0, 1, 100, 5_000] {
        let (record, _) = decided_over(5_000, free, 7);
        assert_eq!(record.replay(&Policy::shipped()), Ok(()), "{free}");
    }
}
