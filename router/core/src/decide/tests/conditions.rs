//! The same request, and a device in one state after another: where it goes, and why not elsewhere.

use super::*;
use crate::estimate::Estimate;
use crate::fleet::Learned;

/// What is believed of the ordinary worker, with a share of its usual speed where it is throttled.
fn learned(throttled: Option<f64>) -> Option<Learned> {
    let estimate = |ms: f64| Estimate::within_factor(ms, 1.5).unwrap();
    Some(Learned {
        first_token_ms: estimate(120.0),
        gap_ms: estimate(10.0),
        slow_gap_ms: None,
        joules_per_token: None,
        throttled,
    })
}

/// One state of Alice's laptop, where her request then goes, and what is said of the laptop.
struct Case {
    state: &'static str,
    laptop: fn(&mut WorkerView),
    route: &'static [&'static str],
    why: &'static str,
}

const CASES: [Case; 13] = [
    Case { state: "fresh", laptop: |_| {}, route: &["laptop", "box", "openai"], why: "" },
    Case {
        state: "throttled",
        laptop: |worker| worker.learned = learned(Some(0.31)),
        route: &["box", "openai", "laptop"],
        why: "it decodes far below its own usual speed",
    },
    Case {
        state: "nearly empty battery",
        laptop: |worker| worker.device.battery_fraction = Some(0.06),
        route: &["box", "openai"],
        why: "battery at 6 % is below the floor of 20 %",
    },
    Case {
        state: "metered network",
        laptop: |worker| worker.device.metered_network = Some(true),
        route: &["laptop", "box"],
        why: "the asker's own device is on a metered network",
    },
    Case {
        state: "full memory",
        laptop: |worker| worker.device.memory_available_bytes = Some(64 << 20),
        route: &["box", "openai"],
        why: "64 MiB of free memory is below the floor of 128 MiB",
    },
    Case {
        state: "swapping",
        laptop: |worker| worker.device.memory_pressure = Some(0.7),
        route: &["box", "openai"],
        why: "its tasks wait for memory 70 % of the time, 40 % at most",
    },
    Case {
        state: "hot",
        laptop: |worker| worker.device.thermal_fraction = Some(0.99),
        route: &["box", "openai"],
        why: "heat at 99 % of the limit reaches the wall of 95 %",
    },
    Case {
        state: "joining",
        laptop: |worker| worker.status = WorkerStatus::Joining,
        route: &["box", "openai"],
        why: "has just joined, and its state is unknown",
    },
    Case {
        state: "asleep",
        laptop: |worker| worker.status = WorkerStatus::Sleeping,
        route: &["box", "openai"],
        why: "sleeps, as it had announced",
    },
    Case {
        state: "late",
        laptop: |worker| worker.status = WorkerStatus::Suspect,
        route: &["box", "openai", "laptop"],
        why: "its heartbeat is late",
    },
    Case {
        state: "model does not fit",
        laptop: |worker| {
            let (load_ms, harm_ms, fits) = (Some(900.0), 0.0, false);
            worker.residency = Residency::Loadable { load_ms, harm_ms, fits };
        },
        route: &["box", "openai"],
        why: "the model is on its disk and does not fit into memory",
    },
    Case {
        state: "model on disk, half a minute away",
        laptop: |worker| {
            let (load_ms, harm_ms, fits) = (Some(30_000.0), 0.0, true);
            worker.residency = Residency::Loadable { load_ms, harm_ms, fits };
        },
        route: &["box", "laptop", "openai"],
        why: "its model has to be loaded first",
    },
    Case {
        state: "slots and queue taken",
        laptop: |worker| (worker.active, worker.queued) = (2, 8),
        route: &["box", "openai"],
        why: "all 2 slots taken, 8 of 8 queue places taken",
    },
];

#[test]
fn the_same_request_goes_where_the_state_of_the_device_sends_it() {
    for Case { state, laptop, route: expected, why } in CASES {
        let mut pools = everybody();
        let worker = &mut workers_of(&mut pools[0])[0];
        worker.learned = learned(None);
        laptop(worker);
        let decision = shipped(&asks(DataClass::Internal), pools);
        assert_eq!(route(&decision), expected, "{state}: {}", explain_text(&decision));
        assert!(explain_text(&decision).contains(why), "{state}: {}", explain_text(&decision));
    }
}

#[test]
fn a_model_on_disk_answers_later_by_its_load_and_by_what_has_to_go_for_it() {
    let mut pools = everybody();
    let (load_ms, harm_ms, fits) = (Some(3_000.0), 500.0, true);
    workers_of(&mut pools[0])[0].residency = Residency::Loadable { load_ms, harm_ms, fits };
    let decision = shipped(&asks(DataClass::Internal), pools);
    let laptop = plan_of(&decision).attempts.iter().find(|attempt| who(attempt) == "laptop");
    let first = laptop.and_then(|laptop| laptop.predicted.first_token_ms);
    // 1 ms away, 100 ms of prefill, 10 ms of decode.
    assert_eq!(first, Some(3_611.0));
    assert!(explain_text(&decision).contains("has to be loaded first"), "{decision:?}");
}

#[test]
fn a_throttled_worker_answers_where_nobody_else_is_left_and_where_nobody_waits() {
    let throttled = || {
        let mut pool = device_of("alice", vec![worker("laptop")]);
        workers_of(&mut pool)[0].learned = learned(Some(0.4));
        pool
    };
    let decision = shipped(&asks(DataClass::Restricted), vec![throttled()]);
    assert_eq!(route(&decision), ["laptop"]);
    let patient = policy("[objective]\nfirst_token_usd_micros_per_s = 0.0\n");
    let decision = decided(&patient, &asks(DataClass::Internal), vec![throttled(), cloud()]);
    assert_eq!(route(&decision)[0], "laptop");
}

#[test]
fn of_a_pool_the_worker_that_holds_the_conversation_is_always_drawn_and_taken_while_it_is_free() {
    let mut workers: Vec<WorkerView> = (0..12).map(|at| worker(&format!("w{at:02}"))).collect();
    workers[7].held_tokens = 90;
    for seed in 0..200 {
        let fleet = FleetView::of(vec![edge(workers.clone())]);
        let facts = asks(DataClass::Internal);
        let decision = decide(&Policy::shipped(), &facts, &fleet, Duration::ZERO, seed);
        assert_eq!(route(&decision)[0], "w07");
    }
    // Its queue would cost more than the prefill that it saves.
    (workers[7].active, workers[7].queued) = (2, 4);
    let fleet = FleetView::of(vec![edge(workers)]);
    let decision =
        decide(&Policy::shipped(), &asks(DataClass::Internal), &fleet, Duration::ZERO, 3);
    assert_ne!(route(&decision)[0], "w07");
}

#[test]
fn a_metered_worker_answers_its_owner_only() {
    let mut pools = everybody();
    workers_of(&mut pools[1])[0].device.metered_network = Some(true);
    let decision = shipped(&asks(DataClass::Internal), pools);
    assert_eq!(route(&decision), ["laptop", "openai"]);
    let row = losers(&decision).into_iter().find(|(who, ..)| *who == "box");
    assert_eq!(
        row,
        Some(("box", Gate::Device, "its network is metered and it is not the asker's own"))
    );
}

#[test]
fn a_low_battery_and_a_cloud_have_nothing_to_do_with_each_other() {
    let mut pools = everybody();
    workers_of(&mut pools[0])[0].device.battery_fraction = Some(0.01);
    let decision = shipped(&asks(DataClass::Internal), pools);
    assert!(route(&decision).contains(&"openai"));
}

/// Alice's laptop has the model on its disk; her office's box has it in memory and is slow.
fn on_disk_beside_a_slow_box(residency: Residency) -> Decision {
    let mut pools = everybody();
    pools.retain(|pool| matches!(pool.site, Site::Workers(_)));
    workers_of(&mut pools[0])[0].residency = residency;
    let slow = &mut workers_of(&mut pools[1])[0];
    (slow.decode_tokens_per_s, slow.learned) = (Some(10.0), None);
    shipped(&asks(DataClass::Internal), pools)
}

#[test]
fn a_model_that_would_have_answered_sooner_may_be_loaded_while_another_answers() {
    let (load_ms, harm_ms) = (Some(60_000.0), 500.0);
    let decision = on_disk_beside_a_slow_box(Residency::Loadable { load_ms, harm_ms, fits: true });
    assert_eq!(route(&decision)[0], "box", "{}", explain_text(&decision));
    let plan = plan_of(&decision);
    let total = |at: usize| plan.attempts[at].predicted.total_ms.unwrap();
    let laptop = plan.attempts.iter().position(|attempt| who(attempt) == "laptop").unwrap();
    let meanwhile = plan.meanwhile.as_ref().unwrap();
    assert_eq!(
        (&*meanwhile.worker_id, meanwhile.load_ms, meanwhile.harm_ms),
        ("laptop", 60_000.0, 500.0)
    );
    assert_eq!(meanwhile.saves_ms, total(0) - (total(laptop) - 60_500.0));
    let text = explain_text(&decision);
    assert!(text.contains("may be loaded on laptop: it would answer"), "{text}");
}

#[test]
fn a_load_never_lets_a_cloud_overtake_a_device_whatever_the_order_of_tiers() {
    let (load_ms, harm_ms, fits) = (Some(30_000.0), 0.0, true);
    for (order, expected) in [
        ("'device', 'edge', 'cloud'", &["box", "laptop", "openai"][..]),
        ("'edge', 'device', 'cloud'", &["box", "laptop", "openai"]),
        ("'device', 'cloud', 'edge'", &["laptop", "openai", "box"]),
        ("'device', 'cloud'", &["laptop", "openai"]),
        ("'cloud', 'device', 'edge'", &["openai", "laptop", "box"]),
        ("'device'", &["laptop"]),
    ] {
        let mut pools = everybody();
        workers_of(&mut pools[0])[0].residency = Residency::Loadable { load_ms, harm_ms, fits };
        let policy = policy(&format!("[tiers]\norder = [{order}]\n"));
        let decision = decided(&policy, &asks(DataClass::Internal), pools);
        assert_eq!(route(&decision), expected, "{order}: {}", explain_text(&decision));
    }
}

#[test]
fn nothing_is_loaded_meanwhile_that_does_not_fit_has_never_loaded_or_is_there() {
    let loadable = |load_ms, fits| Residency::Loadable { load_ms, harm_ms: 0.0, fits };
    for residency in [
        Residency::Resident,
        Residency::Loading { left_ms: Some(60_000.0) },
        loadable(Some(60_000.0), false),
        loadable(None, true),
        // It is chosen, so it is loaded anyway.
        loadable(Some(1.0), true),
    ] {
        let decision = on_disk_beside_a_slow_box(residency);
        assert_eq!(plan_of(&decision).meanwhile, None, "{residency:?}");
    }
}

#[test]
fn energy_without_a_counter_behind_it_is_marked() {
    let mut pools = everybody();
    let decision = shipped(&asks(DataClass::Internal), pools.clone());
    assert!(!plan_of(&decision).attempts[0].predicted.energy_estimated);
    assert!(!explain_text(&decision).contains("(estimated)"));
    workers_of(&mut pools[0])[0].device.joules_estimated = true;
    let decision = shipped(&asks(DataClass::Internal), pools);
    assert!(plan_of(&decision).attempts[0].predicted.energy_estimated);
    assert!(explain_text(&decision).contains("J (estimated)"), "{}", explain_text(&decision));
}
