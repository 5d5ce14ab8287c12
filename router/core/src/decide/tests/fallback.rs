//! Order, draws, predictions and limits of a plan.

use super::*;
use crate::decide::explain_text;

fn limits_of(decision: &Decision) -> Vec<(u64, u64)> {
    let limits = |attempt: &Attempt| (attempt.limits.first_token_ms, attempt.limits.stall_ms);
    plan_of(decision).attempts.iter().map(limits).collect()
}

#[test]
fn a_prediction_is_prefill_decode_queue_and_round_trip() {
    let mut pool = device_of("alice", vec![worker("laptop")]);
    workers_of(&mut pool)[0].slots = 1;
    let facts = asks(DataClass::Public);
    let idle = plan_of(&shipped(&facts, vec![pool.clone()])).attempts[0].predicted;
    // 1 ms away, 100 tokens at 1,000/s read, the first of 256 tokens at 100/s written.
    assert_eq!(idle.first_token_ms, Some(1.0 + 100.0 + 10.0));
    assert_eq!(idle.total_ms, Some(111.0 + 255.0 * 10.0));
    assert_eq!(idle.energy_joules, Some(0.3 * 256.0));
    assert_eq!((idle.output_tokens, idle.cost_usd_micros), (256, Some(0)));
    (workers_of(&mut pool)[0].active, workers_of(&mut pool)[0].queued) = (1, 1);
    let busy = plan_of(&shipped(&facts, vec![pool])).attempts[0].predicted;
    // The running and the waiting request are taken to be like this one: 2.66 s each.
    assert_eq!(busy.first_token_ms, Some(111.0 + 2.0 * 2_660.0));
}

#[test]
fn requests_side_by_side_share_the_decode_rate() {
    let mut pool = device_of("alice", vec![worker("laptop")]);
    workers_of(&mut pool)[0].active = 1;
    let shared = plan_of(&shipped(&asks(DataClass::Public), vec![pool])).attempts[0].predicted;
    assert_eq!(shared.total_ms, Some(1.0 + 100.0 + 256.0 * 20.0));
}

#[test]
fn an_answer_is_bounded_by_the_request_else_the_policy_and_always_by_the_context() {
    let mut facts = asks(DataClass::Public);
    let mut pool = device_of("alice", vec![worker("laptop")]);
    for (asked, context, bound) in [
        (Some(4_000), 8_192, 4_000),
        (None, 8_192, 1_024),
        (None, 600, 500),
        (None, 101, 1),
        (Some(500), 600, 500),
    ] {
        facts.max_output_tokens = asked;
        pool.model.context_tokens = context;
        let decision = shipped(&facts, vec![pool.clone()]);
        assert_eq!(plan_of(&decision).attempts[0].limits.output_tokens, bound, "{asked:?}");
    }
}

#[test]
fn the_expected_answer_is_never_longer_than_the_request_allows() {
    let mut facts = asks(DataClass::Public);
    for (bound, expected) in [(Some(16), 16), (Some(4_000), 256), (None, 256)] {
        facts.max_output_tokens = bound;
        let decision = shipped(&facts, everybody());
        assert_eq!(plan_of(&decision).attempts[0].predicted.output_tokens, expected);
    }
}

#[test]
fn what_is_unknown_stays_unknown_in_the_prediction() {
    let mut pool = device_of("alice", vec![worker("laptop")]);
    workers_of(&mut pool)[0].prefill_tokens_per_s = None;
    workers_of(&mut pool)[0].device.joules_per_token = Some(f64::INFINITY);
    let predicted = plan_of(&shipped(&asks(DataClass::Public), vec![pool])).attempts[0].predicted;
    assert_eq!((predicted.first_token_ms, predicted.total_ms), (None, None));
    assert_eq!(predicted.energy_joules, None);
}

#[test]
fn a_first_token_is_waited_for_thrice_as_long_as_predicted_or_two_seconds() {
    let mut pools = everybody();
    workers_of(&mut pools[1])[0].prefill_tokens_per_s = Some(100.0);
    let decision = shipped(&asks(DataClass::Public), pools);
    // 3 × 111 ms is below the floor; 3 × (1 + 1,000 + 10) ms is above; ten gaps of 10 ms and of
    // 12.5 ms are below the floor of a second.
    assert_eq!(limits_of(&decision), [(2_000, 1_000), (3_033, 1_000), (2_000, 1_000)]);
}

#[test]
fn a_silence_is_a_stall_after_ten_gaps_of_the_targets_own() {
    let mut pools = everybody();
    workers_of(&mut pools[0])[0].decode_tokens_per_s = Some(4.0);
    let decision = shipped(&asks(DataClass::Public), pools);
    assert_eq!(limits_of(&decision)[0], (2_000, 2_500));
}

#[test]
fn a_target_without_rivals_is_waited_for_until_the_deadline() {
    let facts = asks(DataClass::Public);
    let alone = shipped(&facts, vec![device_of("alice", vec![worker("laptop")])]);
    assert_eq!(limits_of(&alone), [(120_000, 1_000)]);
    let mut no_failover = asks(DataClass::Public);
    no_failover.hints.allow_failover = Some(false);
    no_failover.hints.deadline_ms = Some(9_000);
    assert_eq!(limits_of(&shipped(&no_failover, everybody())), [(9_000, 1_000)]);
}

#[test]
fn without_predictions_the_limits_are_the_policys_for_the_unknown() {
    let mut pools = everybody();
    workers_of(&mut pools[0])[0].decode_tokens_per_s = None;
    assert_eq!(limits_of(&shipped(&asks(DataClass::Public), pools))[0], (10_000, 10_000));
}

#[test]
fn no_limit_outlives_the_deadline() {
    let mut facts = asks(DataClass::Public);
    facts.hints.deadline_ms = Some(5_000);
    let mut pools = everybody();
    workers_of(&mut pools[0])[0].decode_tokens_per_s = None;
    let decision = shipped(&facts, pools);
    assert_eq!(plan_of(&decision).deadline_ms, 5_000);
    // The quickest of the others needs 2.661 s to its end.
    assert_eq!(limits_of(&decision)[0], (2_339, 5_000));
}

#[test]
fn an_attempt_keeps_time_back_for_the_quickest_behind_it_but_may_bring_its_own_first_token() {
    let mut facts = asks(DataClass::Public);
    facts.hints.deadline_ms = Some(3_000);
    let decision = shipped(&facts, everybody());
    let limits: Vec<u64> = limits_of(&decision).iter().map(|limits| limits.0).collect();
    assert_eq!(limits, [339, 2_000], "the cloud behind both is too slow to be waited for");
    facts.hints.deadline_ms = Some(2_700);
    let limits = limits_of(&shipped(&facts, everybody()))[0];
    assert_eq!(limits.0, 111, "no attempt is given up before its own first token is due");
}

#[test]
fn the_policy_cuts_a_deadline_that_is_too_late() {
    let mut facts = asks(DataClass::Public);
    facts.hints.deadline_ms = Some(u64::MAX);
    let decision = shipped(&facts, everybody());
    assert_eq!(plan_of(&decision).deadline_ms, 600_000);
    assert!(
        decision
            .notes
            .iter()
            .any(|note| note.to_string() == "the policy cuts the deadline to 600000 ms")
    );
}

#[test]
fn a_request_can_forbid_failover_and_cannot_allow_it() {
    let mut facts = asks(DataClass::Public);
    facts.hints.allow_failover = Some(false);
    let forbidden = shipped(&facts, everybody());
    assert_eq!(route(&forbidden), ["laptop"]);
    let why = "failover is off and acme/alice/smollm2 was better";
    assert_eq!(losers(&forbidden)[0], ("box", Gate::Failover, why));
    facts.hints.allow_failover = Some(true);
    let off = decided(&policy("[fallback]\nfailover = false"), &facts, everybody());
    assert_eq!(route(&off), ["laptop"]);
}

#[test]
fn a_plan_is_no_longer_than_the_policy_allows() {
    let policy = policy("[fallback]\nmax_attempts = 2");
    let decision = decided(&policy, &asks(DataClass::Public), everybody());
    assert_eq!(route(&decision), ["laptop", "box"]);
    let why = "better candidates fill the plan of 2";
    assert_eq!(losers(&decision), [("openai/gpt-4o-mini", Gate::PlanLength, why)]);
}

#[test]
fn a_pool_gives_a_plan_two_workers_so_that_one_can_die() {
    let workers = ["a", "b", "c"].map(worker).to_vec();
    let decision = shipped(&asks(DataClass::Public), vec![device_of("alice", workers), cloud()]);
    let route = route(&decision);
    assert_eq!(route.len(), 3);
    assert_ne!(route[0], route[1]);
    assert_eq!(route[2], "openai");
}

#[test]
fn of_two_workers_the_one_with_the_shorter_wait_is_taken() {
    let mut busy = worker("a-busy");
    (busy.active, busy.queued) = (2, 3);
    for seed in 0..64 {
        let pools = vec![device_of("alice", vec![busy.clone(), worker("b-idle")])];
        let facts = asks(DataClass::Public);
        let decision =
            decide(&Policy::shipped(), &facts, &FleetView::of(pools), Duration::ZERO, seed);
        assert_eq!(route(&decision), ["b-idle", "a-busy"], "seed {seed}");
    }
}

#[test]
fn of_two_workers_the_one_with_the_better_score_is_taken_though_it_is_busy() {
    let mut slow = worker("slow");
    slow.decode_tokens_per_s = Some(50.0);
    let mut busy = worker("busy");
    (busy.slots, busy.active) = (1, 1);
    busy.decode_tokens_per_s = Some(900.0);
    let decision = shipped(&asks(DataClass::Public), vec![device_of("alice", vec![busy, slow])]);
    assert_eq!(route(&decision), ["busy", "slow"]);
    let scores: Vec<f64> = plan_of(&decision).attempts.iter().map(|a| a.score).collect();
    assert!(scores[0] < scores[1], "{scores:?}");
}

#[test]
fn the_order_in_which_workers_are_listed_does_not_matter() {
    let mut workers: Vec<WorkerView> = (0..8).map(|n| worker(&format!("w{n}"))).collect();
    let facts = asks(DataClass::Public);
    for seed in 0..32 {
        let decide_with = |workers: &[WorkerView]| {
            let fleet = FleetView::of(vec![device_of("alice", workers.to_vec())]);
            decide(&Policy::shipped(), &facts, &fleet, Duration::ZERO, seed)
        };
        let before = decide_with(&workers);
        workers.rotate_left(3);
        assert_eq!(before, decide_with(&workers), "seed {seed}");
    }
}

#[test]
fn an_unknown_first_token_is_taken_to_come_at_the_deadline() {
    let policy = policy("[objective]\ntotal_usd_micros_per_s = 0.0");
    let mut silent = edge(vec![worker("silent")]);
    silent.id = "acme/lab/silent".into();
    workers_of(&mut silent)[0].prefill_tokens_per_s = None;
    let pools = vec![silent, edge(vec![worker("honest")])];
    let decision = decided(&policy, &asks(DataClass::Public), pools);
    assert_eq!(route(&decision), ["honest", "silent"]);
    let scores: Vec<f64> = plan_of(&decision).attempts.iter().map(|a| a.score).collect();
    // 120 s at 5,556 micro-dollars, less the 0.111 s that the honest one takes.
    assert!((scores[1] - scores[0] - 119.889 * 5_556.0).abs() < 1e-6, "{scores:?}");
}

#[test]
fn an_unknown_end_is_taken_to_come_at_the_deadline() {
    let policy = policy("[objective]\nfirst_token_usd_micros_per_s = 0.0");
    let mut silent = cloud();
    silent.id = "a-silent/gpt".into();
    cloud_of(&mut silent).decode_tokens_per_s = None;
    let decision = decided(&policy, &asks(DataClass::Public), vec![silent, cloud()]);
    assert_eq!(plan_of(&decision).attempts[0].target.pool.as_ref(), "openai/gpt-4o-mini");
    let scores: Vec<f64> = plan_of(&decision).attempts.iter().map(|a| a.score).collect();
    // 120 s at 556 micro-dollars, less 0.4 s and 255 tokens at 80 a second.
    assert!((scores[1] - scores[0] - (120.0 - 3.5875) * 556.0).abs() < 1e-6, "{scores:?}");
}

#[test]
fn seeds_spread_requests_over_workers_that_are_alike() {
    let workers: Vec<WorkerView> = (0..8).map(|n| worker(&format!("w{n}"))).collect();
    let fleet = FleetView::of(vec![device_of("alice", workers)]);
    let facts = asks(DataClass::Public);
    let mut firsts = std::collections::BTreeMap::new();
    for seed in 0..8_000 {
        let decision = decide(&Policy::shipped(), &facts, &fleet, Duration::ZERO, seed);
        *firsts.entry(route(&decision)[0].to_owned()).or_insert(0) += 1;
    }
    // 8,000 draws of 1 in 8: standard deviation 30.
    assert!(firsts.values().all(|count| (850..1_150).contains(count)), "{firsts:?}");
}

#[test]
fn pools_that_are_equal_take_turns_by_the_seed() {
    let twin = |id: &str| Pool { id: id.into(), ..cloud() };
    let fleet = FleetView::of(vec![twin("a/m"), twin("b/m")]);
    let facts = asks(DataClass::Public);
    let first = |seed| {
        let decision = decide(&Policy::shipped(), &facts, &fleet, Duration::ZERO, seed);
        plan_of(&decision).attempts[0].target.pool.clone()
    };
    let a = (0..1_000).filter(|seed| &*first(*seed) == "a/m").count();
    assert!((420..580).contains(&a), "{a} of 1000");
}

#[test]
fn who_reports_nonsense_does_not_beat_who_reports_the_truth() {
    for nonsense in [f64::NAN, f64::INFINITY, f64::MAX, -5.0, 0.0] {
        let mut liar = edge(vec![worker("liar")]);
        liar.id = "acme/lab/a-liar".into();
        liar.model.quality = Some(nonsense);
        let view = &mut workers_of(&mut liar)[0];
        view.prefill_tokens_per_s = Some(nonsense);
        view.decode_tokens_per_s = Some(nonsense);
        view.round_trip_ms = Some(nonsense);
        view.device.joules_per_token = Some(nonsense);
        let decision = shipped(&asks(DataClass::Public), vec![liar, edge(vec![worker("honest")])]);
        assert_eq!(route(&decision), ["honest", "liar"], "{nonsense}");
        assert!(plan_of(&decision).attempts.iter().all(|attempt| attempt.score.is_finite()));
        assert!(!explain_text(&decision).contains("NaN"));
    }
}

#[test]
fn a_worker_of_a_huge_pool_that_fails_is_counted_where_it_is_not_named() {
    let tired = |n: u32| {
        let mut worker = worker(&format!("w{n:04}"));
        worker.device.battery_fraction = Some(0.05);
        worker
    };
    let pools = vec![device_of("alice", (0..1_000).map(tired).collect()), cloud()];
    let decision = shipped(&asks(DataClass::Public), pools);
    assert_eq!(decision.rejected.len(), 9);
    let summary = decision.rejected.iter().find(|row| row.worker_id.is_none()).unwrap();
    assert_eq!(
        summary.reason(),
        "and 992 more workers; the one that came furthest: battery at 5 % is below the floor of 20 %"
    );
}
