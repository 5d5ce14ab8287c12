//! Turns, places, and nobody forgotten.

use super::*;
use futures_util::FutureExt as _;
use littoral_core::fair::Places;

fn room() -> Arc<Room> {
    let places = Places { all: 4, tenant: 3 };
    Arc::new(Room::new(RoomLimits { places, wait: Duration::from_secs(1) }))
}

fn join(room: &Arc<Room>, pool: &str, tenant: &str) -> Result<Seat, Full> {
    let joined = room.join(&pool.into(), tenant, Priority::Normal, 10, Duration::ZERO);
    joined.map(|(seat, _)| seat)
}

fn called(seat: &mut Seat) -> bool {
    seat.turn().now_or_never().is_some()
}

#[test]
fn one_turn_at_a_time_in_each_lane() {
    let room = room();
    let mut first = join(&room, "p", "a").unwrap();
    let mut second = join(&room, "p", "a").unwrap();
    let mut elsewhere = join(&room, "q", "a").unwrap();
    room.kick();
    room.kick();
    assert!(called(&mut first) && !called(&mut second) && called(&mut elsewhere));
    // It found something: the lane goes on by itself.
    drop(first);
    assert!(called(&mut second));
}

#[test]
fn who_finds_nothing_keeps_its_place() {
    let room = room();
    let mut first = join(&room, "p", "a").unwrap();
    let mut second = join(&room, "p", "a").unwrap();
    room.kick();
    assert!(called(&mut first));
    first.back();
    room.kick();
    assert!(called(&mut first) && !called(&mut second));
}

#[test]
fn a_turn_that_nobody_takes_passes_on() {
    let room = room();
    let first = join(&room, "p", "a").unwrap();
    let mut second = join(&room, "p", "a").unwrap();
    room.kick();
    drop(first);
    assert!(called(&mut second));
    drop(second);
    assert!(room.is_empty());
}

#[test]
fn tenants_take_turns() {
    let room = room();
    let mut flood: Vec<Seat> = (0..3).map(|_| join(&room, "p", "flood").unwrap()).collect();
    let mut calm = join(&room, "p", "calm").unwrap();
    assert_eq!(join(&room, "p", "flood").err(), Some(Full::All));
    room.kick();
    assert!(called(&mut flood[0]));
    drop(flood.remove(0));
    // The flood's quantum covers several small requests; the calm tenant is next within them.
    let mut before = 0;
    for seat in &mut flood {
        before += usize::from(called(seat));
    }
    drop(flood);
    assert!(before <= 2 && called(&mut calm));
}

#[test]
fn a_tenant_has_its_own_bound() {
    let room = room();
    let _seats: Vec<Seat> = (0..3).map(|_| join(&room, "p", "a").unwrap()).collect();
    assert_eq!(join(&room, "p", "a").err(), Some(Full::Tenant));
    assert!(join(&room, "p", "b").is_ok());
}
