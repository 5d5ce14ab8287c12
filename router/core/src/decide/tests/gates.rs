//! The gates behind the class, each with a target that passes and one that does not.

use super::*;

/// The gate and reason of the laptop's loss, with the cloud as the one that passes.
fn laptop_loses(facts: &Facts, change: impl FnOnce(&mut Pool)) -> (Gate, String) {
    let mut laptop = device_of("alice", vec![worker("laptop")]);
    change(&mut laptop);
    let decision = shipped(facts, vec![laptop, cloud()]);
    assert_eq!(route(&decision), ["openai"], "{decision:?}");
    let (_, gate, why) = losers(&decision)[0];
    (gate, why.to_owned())
}

fn laptop_is_in(change: impl FnOnce(&mut WorkerView)) -> bool {
    let mut pool = device_of("alice", vec![worker("laptop")]);
    change(&mut workers_of(&mut pool)[0]);
    route(&shipped(&asks(DataClass::Public), vec![pool, cloud()])).contains(&"laptop")
}

#[test]
fn every_missing_ability_is_named() {
    let mut facts = asks(DataClass::Public);
    facts.needs = Needs {
        tools: true,
        json_output: false,
        image: true,
        audio: true,
        logprobs: true,
        embeddings: false,
    };
    assert_eq!(
        laptop_loses(&facts, |pool| pool.model.abilities.logprobs = true),
        (Gate::Capability, "lacks tools, image input, audio input".into())
    );
}

#[test]
fn prompt_and_answer_must_fit_the_context() {
    let mut facts = asks(DataClass::Public);
    facts.prompt_tokens.tokens = 8_192;
    let why = "prompt 8192 + answer 1 over 8192 tokens of context";
    assert_eq!(laptop_loses(&facts, |_| {}), (Gate::Context, why.into()));
    facts.prompt_tokens = TokenCount { tokens: 8_000, estimated: true };
    facts.max_output_tokens = Some(193);
    let why = "prompt at most 8000 + answer 193 over 8192 tokens of context";
    assert_eq!(laptop_loses(&facts, |_| {}), (Gate::Context, why.into()));
    facts.max_output_tokens = Some(192);
    let fits = shipped(&facts, vec![device_of("alice", vec![worker("laptop")])]);
    assert_eq!(route(&fits), ["laptop"]);
}

#[test]
fn texts_for_vectors_are_no_prompt_that_has_to_fit_a_context_together() {
    let mut facts = asks(DataClass::Public);
    facts.prompt_tokens.tokens = 100_000;
    facts.needs.embeddings = true;
    let mut pool = device_of("alice", vec![worker("laptop")]);
    pool.model.abilities.embeddings = true;
    assert_eq!(route(&shipped(&facts, vec![pool])), ["laptop"]);
}

#[test]
fn a_provider_without_a_key_is_left_out() {
    let mut pool = cloud();
    cloud_of(&mut pool).configured = false;
    let decision =
        shipped(&asks(DataClass::Public), vec![pool, device_of("alice", vec![worker("laptop")])]);
    assert_eq!(
        losers(&decision),
        [("openai/gpt-4o-mini", Gate::Configured, "provider openai has no key")]
    );
}

#[test]
fn while_egress_is_off_no_cloud_is_planned_and_the_row_says_so() {
    let mut pool = cloud();
    cloud_of(&mut pool).egress_off = true;
    let decision =
        shipped(&asks(DataClass::Public), vec![pool, device_of("alice", vec![worker("laptop")])]);
    assert_eq!(route(&decision), ["laptop"]);
    assert_eq!(losers(&decision), [("openai/gpt-4o-mini", Gate::Egress, "egress is switched off")]);
}

#[test]
fn a_draining_worker_and_an_empty_pool_are_not_ready() {
    let facts = asks(DataClass::Public);
    let draining = laptop_loses(&facts, |pool| {
        workers_of(pool)[0].status = WorkerStatus::Draining;
    });
    assert_eq!(draining, (Gate::Ready, "is draining".into()));
    let empty = laptop_loses(&facts, |pool| workers_of(pool).clear());
    assert_eq!(empty, (Gate::Ready, "no worker is connected".into()));
}

#[test]
fn a_suspect_worker_is_used_only_if_nothing_else_is_left() {
    let mut late = worker("late");
    late.status = WorkerStatus::Suspect;
    let facts = asks(DataClass::Public);
    let behind =
        shipped(&facts, vec![device_of("alice", vec![late.clone()]), edge(vec![worker("box")])]);
    assert_eq!(route(&behind), ["box", "late"]);
    let in_pool = shipped(&facts, vec![device_of("alice", vec![late.clone(), worker("well")])]);
    assert_eq!(route(&in_pool), ["well"]);
    assert_eq!(in_pool.rejected[0].gate, Gate::Ready);
    assert_eq!(route(&shipped(&facts, vec![device_of("alice", vec![late])])), ["late"]);
}

#[test]
fn a_low_battery_takes_out_the_device_and_never_the_cloud() {
    let facts = asks(DataClass::Public);
    let low = laptop_loses(&facts, |pool| {
        workers_of(pool)[0].device.battery_fraction = Some(0.19);
    });
    assert_eq!(low, (Gate::Device, "battery at 19 % is below the floor of 20 %".into()));
    assert!(laptop_is_in(|w| w.device.battery_fraction = Some(0.2)));
    assert!(laptop_is_in(|w| {
        w.device.battery_fraction = Some(0.01);
        w.device.on_battery = Some(false);
    }));
}

#[test]
fn a_battery_of_unknown_charge_or_source_is_taken_for_the_worse() {
    assert!(!laptop_is_in(|w| w.device.battery_fraction = None));
    assert!(!laptop_is_in(|w| w.device.battery_fraction = Some(f64::NAN)));
    assert!(!laptop_is_in(|w| w.device.battery_fraction = Some(85.0)));
    assert!(!laptop_is_in(|w| {
        w.device.battery_fraction = Some(0.1);
        w.device.on_battery = None;
    }));
    assert!(laptop_is_in(|w| {
        w.device.battery_fraction = None;
        w.device.on_battery = None;
    }));
}

#[test]
fn heat_and_memory_take_a_device_out() {
    let facts = asks(DataClass::Public);
    let hot = laptop_loses(&facts, |p| workers_of(p)[0].device.thermal_fraction = Some(0.95));
    assert_eq!(hot, (Gate::Device, "heat at 95 % of the limit reaches the wall of 95 %".into()));
    assert!(!laptop_is_in(|w| w.device.thermal_fraction = Some(1e300)));
    let full = laptop_loses(&facts, |p| {
        workers_of(p)[0].device.memory_available_bytes = Some(127 << 20);
    });
    assert_eq!(full, (Gate::Device, "127 MiB of free memory is below the floor of 128 MiB".into()));
}

#[test]
fn a_device_without_readings_is_used_unless_the_policy_demands_them() {
    let mut silent = worker("silent");
    silent.device = DeviceState::default();
    let pools = vec![device_of("alice", vec![silent])];
    assert_eq!(route(&shipped(&asks(DataClass::Public), pools.clone())), ["silent"]);
    let strict = policy("[device]\nrequire_readings = true");
    let decision = decided(&strict, &asks(DataClass::Public), pools);
    assert_eq!(losers(&decision), [("silent", Gate::Device, "battery unknown")]);
}

#[test]
fn a_full_queue_takes_a_worker_out_and_a_place_in_it_does_not() {
    let facts = asks(DataClass::Public);
    let full = laptop_loses(&facts, |pool| {
        let worker = &mut workers_of(pool)[0];
        (worker.active, worker.queued) = (2, 8);
    });
    assert_eq!(full, (Gate::Queue, "all 2 slots taken, 8 of 8 queue places taken".into()));
    assert!(laptop_is_in(|w| (w.active, w.queued) = (2, 7)));
    assert!(laptop_is_in(|w| (w.active, w.queue_limit) = (1, 0)));
    assert!(!laptop_is_in(|w| w.slots = 0));
}

#[test]
fn a_known_prediction_past_the_deadline_loses_and_an_unknown_one_does_not() {
    let mut facts = asks(DataClass::Public);
    facts.hints.deadline_ms = Some(3_600);
    let slow = |pool: &mut Pool| workers_of(pool)[0].decode_tokens_per_s = Some(50.0);
    let why = "predicted end after 5.22 s, past the deadline of 3.60 s";
    assert_eq!(laptop_loses(&facts, slow), (Gate::Latency, why.into()));
    let mut unknown = device_of("alice", vec![worker("laptop")]);
    workers_of(&mut unknown)[0].decode_tokens_per_s = None;
    assert_eq!(route(&shipped(&facts, vec![unknown, cloud()])), ["laptop", "openai"]);
}

#[test]
fn a_first_token_later_than_wished_loses() {
    let mut facts = asks(DataClass::Public);
    facts.hints.ttft_target_ms = Some(1_000);
    let slow = |pool: &mut Pool| workers_of(pool)[0].prefill_tokens_per_s = Some(50.0);
    let why = "predicted first token 2.01 s over the 1.00 s ceiling";
    assert_eq!(laptop_loses(&facts, slow), (Gate::Latency, why.into()));
}

#[test]
fn under_a_cost_ceiling_an_unknown_price_loses() {
    let mut facts = asks(DataClass::Public);
    let mut priceless = cloud();
    cloud_of(&mut priceless).price = None;
    assert_eq!(route(&shipped(&facts, vec![priceless.clone()])), ["openai"]);
    facts.hints.max_cost_usd_micros = Some(168);
    let decision = shipped(&facts, vec![priceless]);
    assert_eq!(losers(&decision)[0].1, Gate::Cost);
    // 100 tokens at 0.15 and 256 at 0.60 micro-dollars a token are 168.6, rounded up.
    assert_eq!(
        losers(&shipped(&facts, vec![cloud()]))[0].2,
        "predicted cost 169 over the ceiling of 168 micro-dollars"
    );
    facts.hints.max_cost_usd_micros = Some(169);
    assert_eq!(route(&shipped(&facts, vec![cloud()])), ["openai"]);
}

#[test]
fn under_an_energy_ceiling_unknown_energy_loses() {
    let mut facts = asks(DataClass::Public);
    facts.hints.max_energy_joules = Some(76.7);
    let why = "predicted energy 76.8 J over the ceiling of 76.7 J";
    assert_eq!(laptop_loses(&facts, |_| {}), (Gate::Energy, why.into()));
    let silent = |pool: &mut Pool| workers_of(pool)[0].device.joules_per_token = None;
    let why = "energy unknown under a ceiling of 76.7 J";
    assert_eq!(laptop_loses(&facts, silent), (Gate::Energy, why.into()));
}

#[test]
fn where_a_quality_is_wanted_an_unknown_one_loses() {
    let mut facts = asks(DataClass::Public);
    facts.hints.min_quality = Some(0.61);
    let why = "quality 0.60 below the wanted 0.61";
    assert_eq!(laptop_loses(&facts, |_| {}), (Gate::Quality, why.into()));
    for unknown in [None, Some(f64::NAN), Some(1e300), Some(-1.0)] {
        let why = "quality unknown, 0.61 wanted";
        let lost = laptop_loses(&facts, |pool| pool.model.quality = unknown);
        assert_eq!(lost, (Gate::Quality, why.into()));
    }
}
