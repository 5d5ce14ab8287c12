//! Who goes, who stays, and what can never be.

use super::*;
use proptest::prelude::*;

fn model(name: &str, bytes: u64, uses_per_s: f64) -> Resident {
    let (pinned, busy, load_ms) = (false, false, 1_000.0);
    Resident { name: name.into(), bytes, pinned, busy, load_ms, uses_per_s }
}

fn names(room: &Room) -> Vec<&str> {
    room.evict.iter().map(|name| &**name).collect()
}

#[test]
fn nobody_goes_where_there_is_room_or_no_budget() {
    let held = [model("a", 60, 1.0)];
    assert_eq!(make_room(Some(100), &held, 40), Ok(Room::default()));
    assert_eq!(make_room(None, &held, u64::MAX), Ok(Room::default()));
}

#[test]
fn the_least_missed_goes_first() {
    let held = [model("often", 50, 1.0), model("never", 50, 0.0)];
    let room = make_room(Some(100), &held, 30).unwrap();
    assert_eq!((names(&room), room.harm_ms), (vec!["never"], 0.0));
    let room = make_room(Some(100), &held, 60).unwrap();
    assert_eq!((names(&room), room.harm_ms), (vec!["never", "often"], 1_000.0));
}

#[test]
fn a_small_model_stays_where_a_large_one_goes_anyway() {
    let held = [model("small", 10, 0.0), model("large", 80, 0.001)];
    let room = make_room(Some(100), &held, 85).unwrap();
    assert_eq!(names(&room), ["large"]);
}

#[test]
fn pinned_and_busy_models_never_go() {
    let pinned = Resident { pinned: true, ..model("pinned", 50, 0.0) };
    let busy = Resident { busy: true, ..model("busy", 40, 0.0) };
    let held = [pinned, busy, model("idle", 10, 9.0)];
    assert_eq!(names(&make_room(Some(100), &held, 10).unwrap()), ["idle"]);
    let error = make_room(Some(100), &held, 11).unwrap_err();
    assert_eq!(error, WillNotFit::Held { needed: 11, free: 10, held: 90, budget: 100 });
    let error = make_room(Some(100), &held, 101).unwrap_err();
    assert_eq!(error, WillNotFit::TooLarge { needed: 101, budget: 100 });
}

#[test]
fn a_load_is_worth_it_when_its_uses_save_more_than_it_costs() {
    assert!(worth_loading(300.0, 0.1, 4_000.0, 0.0));
    assert!(!worth_loading(300.0, 0.02, 4_000.0, 0.0));
    assert!(!worth_loading(300.0, 0.1, 4_000.0, 14_001.0));
    assert!(!worth_loading(f64::NAN, 1.0, 1.0, 0.0));
}

prop_compose! {
    fn any_model()(
        name in "[a-z]{1,4}", bytes in 0_u64..100, pinned: bool, busy: bool,
        load_ms in prop_oneof![Just(f64::NAN), 0.0..1e5], uses_per_s in 0.0..10.0,
    ) -> Resident {
        Resident { name: name.into(), bytes, pinned: pinned && busy, busy, load_ms, uses_per_s }
    }
}

proptest! {
    /// What is planned fits, takes nobody who must stay, and nobody in vain; what is refused could not
    /// have fitted.
    #[test]
    fn a_plan_fits_and_takes_nobody_in_vain(
        held in proptest::collection::vec(any_model(), 0..12),
        budget in 0_u64..600,
        needed in 0_u64..300,
    ) {
        // Names tell models apart.
        let held: Vec<Resident> = held.into_iter().enumerate()
            .map(|(at, model)| Resident { name: format!("{at}{}", model.name).into(), ..model })
            .collect();
        let used: u64 = held.iter().map(|model| model.bytes).sum();
        let movable: u64 = held.iter().filter(|m| !m.pinned && !m.busy).map(|m| m.bytes).sum();
        match make_room(Some(budget), &held, needed) {
            Ok(room) => {
                let gone: Vec<&Resident> =
                    held.iter().filter(|model| room.evict.contains(&model.name)).collect();
                prop_assert_eq!(gone.len(), room.evict.len());
                prop_assert!(gone.iter().all(|model| !model.pinned && !model.busy));
                let freed: u64 = gone.iter().map(|model| model.bytes).sum();
                let over = (used + needed).saturating_sub(budget);
                prop_assert!(freed >= over);
                prop_assert!(gone.iter().all(|model| freed - model.bytes < over));
                prop_assert!(room.harm_ms.is_finite() && room.harm_ms >= 0.0);
            }
            Err(_) => prop_assert!(needed > budget || used - movable + needed > budget),
        }
    }

    /// A larger budget never refuses what a smaller one took, nor takes more away.
    #[test]
    fn more_memory_never_hurts(
        held in proptest::collection::vec(any_model(), 0..8),
        budget in 0_u64..600,
        more in 0_u64..600,
        needed in 0_u64..300,
    ) {
        if make_room(Some(budget), &held, needed).is_ok() {
            prop_assert!(make_room(Some(budget + more), &held, needed).is_ok());
        }
    }
}
