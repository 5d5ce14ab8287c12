//! What holds in every order of events. A failing history is printed whole, shrunk to
//! its essence: it is its own seed.

use super::world::{Offset, Step, World};
use super::*;
use proptest::prelude::*;

fn any_attempt() -> impl Strategy<Value = Attempt> {
    let limit = prop_oneof![Just(0), 1..3_000_u64];
    let predicted = prop_oneof![Just(None), (0.0..2_000.0).prop_map(Some), Just(Some(f64::NAN))];
    (0..3_usize, any::<bool>(), limit.clone(), limit, predicted).prop_map(
        |(tier, accepts_prefix, first_token_ms, stall_ms, predicted_ms)| {
            let tier = Tier::ALL[tier];
            let place = match tier {
                Tier::Cloud => Place::Cloud { provider: "c".into() },
                Tier::Device | Tier::Edge => {
                    Place::Worker { worker_id: "w".into(), incarnation: 1 }
                }
            };
            let predicted = Prediction { first_token_ms: predicted_ms, ..Default::default() };
            let limits = Limits { first_token_ms, stall_ms, output_tokens: 256 };
            Attempt { limits, predicted, ..attempt("p", tier, place, accepts_prefix) }
        },
    )
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let deadline_ms = prop_oneof![1 => Just(0), 4 => 1..5_000_u64, 5 => 5_000..200_000_u64];
    let hedge_after_ms = prop::option::of(0..2_500_u64);
    (prop::collection::vec(any_attempt(), 0..5), deadline_ms, hedge_after_ms).prop_map(
        |(attempts, deadline_ms, hedge_after_ms)| Plan {
            attempts,
            deadline_ms,
            hedge_after_ms,
            meanwhile: None,
        },
    )
}

fn any_options() -> impl Strategy<Value = FlightOptions> {
    let limit = prop_oneof![1 => 0..20_usize, 4 => Just(10_000)];
    (prop::bool::weighted(0.85), any::<bool>(), limit).prop_map(
        |(failover, can_reset, prefix_bytes_limit)| FlightOptions {
            failover,
            can_reset,
            prefix_bytes_limit,
            more_attempts_limit: 2,
            seed: 7,
            waited: Duration::ZERO,
        },
    )
}

fn any_step() -> impl Strategy<Value = Step> {
    let back = || prop_oneof![9 => Just(0_u32), 1 => 1..3_u32];
    let channel = prop_oneof![8 => Just(Channel::Content), 1 => Just(Channel::Reasoning), 1 => Just(Channel::Refusal)];
    let offset = prop_oneof![
        6 => Just(Offset::Right),
        3 => Just(Offset::Unstated),
        1 => prop_oneof![Just(1), Just(u64::MAX), 0..5_u64].prop_map(Offset::OffBy),
    ];
    let text = prop::sample::select(vec!["", "a", "two words", "é", "日本", "\u{1f30a}", "\r\n"]);
    let blame = prop::sample::select(vec![
        Blame::Client,
        Blame::Target,
        Blame::Target,
        Blame::Network,
        Blame::Network,
        Blame::Gate,
        Blame::Limit,
        Blame::Router,
    ]);
    let kind = prop::sample::select(vec!["test", "overloaded", "rate_limited", "auth"]);
    let retry = prop_oneof![3 => Just(None), 1 => (0..9_000_u64).prop_map(Some)];
    prop_oneof![
        20 => (back(), channel, offset, text)
            .prop_map(|(back, channel, offset, text)| Step::Text { back, channel, offset, text }),
        6 => (0..1_500_u64).prop_map(|ms| Step::Wait { ms }),
        4 => Just(Step::WaitForWake),
        8 => Just(Step::Timer),
        3 => back().prop_map(|back| Step::Accepted { back }),
        6 => (back(), 0..600_u32, 0..600_u32)
            .prop_map(|(back, done, of)| Step::Progress { back, done, of }),
        1 => (back(), prop::sample::select(vec!["", "{"]))
            .prop_map(|(back, arguments)| Step::Fragment { back, arguments }),
        1 => back().prop_map(|back| Step::Finished { back }),
        10 => (back(), blame, kind, retry).prop_map(|(back, blame, kind, retry_after_ms)| {
            Step::Failed { back, blame, kind, retry_after_ms }
        }),
        1 => prop::sample::select(vec![Step::ClientGone, Step::Shutdown]),
        1 => Just(Step::EgressCut),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// The world judges every action: one end, and nothing after it; each dispatch ends once; the
    /// client shows exactly what was generated; only attempts of the plan are dispatched, no cloud
    /// after egress was cut, nothing after the client has gone; two run only while neither has said
    /// anything; the wake-up lies in the future.
    #[test]
    fn every_history_keeps_the_promises_of_the_flight(
        plan in any_plan(),
        options in any_options(),
        arrival_ms in 0..10_000_u64,
        steps in prop::collection::vec(any_step(), 0..60),
    ) {
        let mut world = World::start(plan, options, ms(arrival_ms));
        for step in &steps {
            world.step(step);
        }
    }

    /// Whatever happened, a flight that hears nothing more ends, by its deadline, after no more
    /// wake-ups than it has dispatches to give up, pauses to end, a rival to start and a deadline to
    /// see.
    #[test]
    fn a_flight_that_hears_nothing_more_ends_by_its_deadline(
        plan in any_plan(),
        options in any_options(),
        steps in prop::collection::vec(any_step(), 0..20),
    ) {
        let deadline = ms(plan.deadline_ms);
        let most_wakes = plan.attempts.len() as u32 * crate::flight::MAX_DISPATCHES_PER_ATTEMPT * 2 + 2;
        let mut world = World::start(plan, options, Duration::ZERO);
        for step in &steps {
            world.step(step);
        }
        let heard_until = world.now();
        let wakes = world.run_out();
        prop_assert!(wakes.is_some_and(|wakes| wakes <= most_wakes), "{wakes:?} wake-ups");
        prop_assert!(world.now() <= deadline.max(heard_until));
    }

    /// The machine has no hidden input: the same history gives the same actions.
    #[test]
    fn the_same_history_gives_the_same_actions(
        plan in any_plan(),
        options in any_options(),
        steps in prop::collection::vec(any_step(), 0..30),
    ) {
        let run = || {
            let mut world = World::start(plan.clone(), options, Duration::ZERO);
            steps.iter().for_each(|step| world.step(step));
            world.run_out();
            world.end
        };
        prop_assert_eq!(run(), run());
    }
}
