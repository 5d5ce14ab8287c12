//! A machine keeps account of its work, its charge and its heat between two events.

use super::*;
use crate::scenario::{Battery, Network, Thermal};
use proptest::prelude::*;

fn kind() -> Machines {
    Machines {
        name: "m".into(),
        count: 1,
        owned: false,
        lent_as: None,
        model: "m".into(),
        quality: None,
        context_tokens: 8_192,
        accepts_prefix: true,
        device_class: None,
        accelerator: None,
        slots: 2,
        queue_limit: 4,
        kv_tokens: None,
        prefill_tokens_per_s: 100.0,
        decode_tokens_per_s: 10.0,
        slowdown: 1.0,
        spread: 0.0,
        joules_per_token: Some(2.0),
        joules_per_prompt_token: 0.5,
        load_s: 3.0,
        unloads_after_s: None,
        battery: None,
        thermal: None,
        awake: None,
        network: Network::default(),
    }
}

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn one(serial: u32) -> Waiting {
    Waiting { trip: 0, serial, read: 100, write: 10 }
}

fn machine(kind: &Machines) -> Machine {
    Machine::new(0, kind, &mut Draws::new(1, 1))
}

/// Milliseconds, rounded.
fn ms(at: Option<Duration>) -> u128 {
    (at.unwrap() + Duration::from_micros(500)).as_millis()
}

#[test]
fn requests_that_run_together_share_the_machine_and_the_first_token_is_told_to_the_moment() {
    let kind = kind();
    let mut machine = machine(&kind);
    machine.begin(&kind, one(1), s(0));
    assert_eq!(ms(machine.next_at(&kind)), 2_000);
    // Half of the first is done; both run at half speed from here on.
    machine.begin(&kind, one(2), s(1));
    assert_eq!(ms(machine.next_at(&kind)), 3_000);
    machine.advance(&kind, s(3));
    assert_eq!(machine.finished(), Some(0));
    assert_eq!(ms(machine.active[0].first_at), 1_200, "0.1 of work at half speed");
    let spent = machine.stop(&kind, 0, s(3));
    assert_eq!((spent.written, spent.joules), (10.0, 10.0 * 2.0 + 100.0 * 0.5));
    // The other has one second of its work left, alone again.
    assert_eq!(ms(machine.next_at(&kind)), 4_000);
}

#[test]
fn slots_that_do_not_slow_each_other_down_finish_as_if_alone() {
    let kind = Machines { slowdown: 0.0, ..kind() };
    let mut machine = machine(&kind);
    machine.begin(&kind, one(1), s(0));
    machine.begin(&kind, one(2), s(1));
    assert_eq!(ms(machine.next_at(&kind)), 2_000);
    assert_eq!(machine.active[1].sharers, 2);
}

#[test]
fn a_request_that_is_stopped_half_way_took_what_it_had_read_and_written() {
    let kind = kind();
    let mut machine = machine(&kind);
    machine.begin(&kind, one(1), s(0));
    let spent = machine.stop(&kind, 0, Duration::from_millis(1_350));
    assert_eq!((spent.read, spent.written), (100.0, 3.0));
    machine.begin(&kind, one(2), s(2));
    let spent = machine.stop(&kind, 0, Duration::from_millis(2_500));
    assert!((spent.read - 50.0).abs() < 1e-6 && spent.written == 0.0, "{spent:?}");
}

#[test]
fn a_model_that_was_not_used_is_loaded_first() {
    let kind = Machines { unloads_after_s: Some(60.0), ..kind() };
    let mut machine = machine(&kind);
    assert!(machine.is_cold(&kind, s(0)));
    machine.begin(&kind, one(1), s(0));
    assert_eq!(ms(machine.next_at(&kind)), 5_000);
    machine.stop(&kind, 0, s(5));
    assert!(!machine.is_cold(&kind, s(65)) && machine.is_cold(&kind, s(66)));
}

#[test]
fn memory_for_tokens_holds_a_second_request_back_and_never_a_lone_one() {
    let kind = Machines { kv_tokens: Some(150), ..kind() };
    let mut machine = machine(&kind);
    assert!(machine.has_room(&kind, &Waiting { read: 1_000, ..one(1) }));
    machine.begin(&kind, one(1), s(0));
    assert!(!machine.has_room(&kind, &one(2)));
    assert!(machine.has_room(&kind, &Waiting { read: 30, ..one(2) }));
}

#[test]
fn a_machine_that_works_for_long_slows_down_and_recovers() {
    let thermal =
        Thermal { heating_per_s: 0.02, cooling_per_s: 0.02, throttles_at: 0.5, slowest: 0.25 };
    let kind = Machines { thermal: Some(thermal), ..kind() };
    let mut machine = machine(&kind);
    machine.begin(&kind, Waiting { write: 10_000, ..one(1) }, s(0));
    machine.advance(&kind, s(30));
    // 1 - e^-0.6
    assert!((machine.heat() - 0.4512).abs() < 1e-4, "{}", machine.heat());
    machine.turn(&kind);
    let (cool, rate) = (machine.moment_of(machine.active[0].end), machine.rate);
    assert_eq!(rate, 1.0);
    for second in 31..300 {
        machine.advance(&kind, s(second));
        machine.turn(&kind);
    }
    assert!(machine.rate < 0.27 && machine.moment_of(machine.active[0].end) > cool * 3);
    machine.stop(&kind, 0, s(300));
    machine.advance(&kind, s(500));
    assert!(machine.heat() < 0.02);
}

proptest! {
    #[test]
    fn every_joule_of_a_battery_is_accounted_for(
        seed: u64, capacity in 10.0_f64..1e6, base in 0.0_f64..50.0, charger in 0.0_f64..100.0,
        from in 0.0_f64..24.0, to in 0.0_f64..24.0,
        steps in prop::collection::vec((0_u64..200_000, 0.0_f64..5_000.0), 1..30),
    ) {
        let battery = Battery {
            capacity_joules: capacity, start: (0.2, 0.9), base_watts: base, charger_watts: charger,
            plugged: (from, to), always_plugged: 0.1,
        };
        let mut charge = Charge::new(Some(&battery), &mut Draws::new(seed, 1));
        let (before, mut now) = (charge.joules, Duration::ZERO);
        for (seconds, joules) in steps {
            now += s(seconds);
            charge.advance(&battery, 3_600.0, now);
            charge.draw(joules, Some(&battery));
            prop_assert!((0.0..=capacity * (1.0 + 1e-9)).contains(&charge.joules));
        }
        let left = before + charge.given + charge.missing - charge.base - charge.models;
        let scale = capacity + charge.base + charge.models;
        prop_assert!((left - charge.joules).abs() < 1e-9 * scale, "{charge:?} {left}");
        prop_assert!((charge.base - base * now.as_secs_f64()).abs() < 1e-6 * scale);
    }

    #[test]
    fn a_machine_is_out_of_reach_for_the_share_of_time_that_was_stated(seed: u64) {
        let coverage = Coverage { seed, machine: 7, stretches: (300.0, 60.0) };
        let out = (0..36_000).filter(|at| coverage.lost_since(s(*at)).is_some()).count();
        prop_assert!((5_400..6_600).contains(&out), "{out}");
        // Whoever is out of reach at a moment went out at the loss that was foretold before.
        let next = coverage.next_loss(s(5_000));
        prop_assert!(next > s(5_000));
        let soon = next + Duration::from_millis(1);
        prop_assert_eq!(coverage.lost_since(soon), Some(next));
    }
}
