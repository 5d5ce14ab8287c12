//! Clouds that are left alone for a while, and clouds that a budget has nothing left for.

use super::*;
use crate::budget::{Left, Room};
use crate::fleet::Resting;
use crate::reason::Reason;

/// A cloud that is cheap, quick and better than the laptop in everything but what `change` makes of it.
fn cloud_where(change: impl FnOnce(&mut CloudSite)) -> Pool {
    let mut pool = cloud();
    change(cloud_of(&mut pool));
    pool
}

fn refusal(facts: &Facts, pools: Vec<Pool>) -> Refusal {
    match shipped(facts, pools).outcome {
        Outcome::Refused(refusal) => refusal,
        Outcome::Planned(plan) => panic!("{plan:?}"),
    }
}

#[test]
fn what_rests_is_left_out_with_the_reason_and_the_time() {
    for (resting, why) in [
        (Resting::Offline { left_ms: 2_000 }, "no cloud can be reached; the next try is in 2.00 s"),
        (Resting::Failing { left_ms: 1_500 }, "it failed too often; the next try is in 1.50 s"),
        (Resting::Keys { left_ms: 500 }, "all its keys rest; the first is back in 0.50 s"),
    ] {
        let resting = cloud_where(|site| site.resting = Some(resting));
        let facts = asks(DataClass::Public);
        let decision = shipped(&facts, vec![resting.clone(), edge(vec![worker("box")])]);
        assert_eq!(route(&decision), ["box"]);
        assert_eq!(losers(&decision), [("openai/gpt-4o-mini", Gate::Breaker, why)]);
        let refusal = refusal(&facts, vec![resting]);
        assert_eq!(refusal.reason, Reason::NoReadyTarget, "{}", refusal.message);
        assert!(refusal.retry_after_ms.is_some_and(|ms| (500..=2_000).contains(&ms)));
    }
}

#[test]
fn what_is_slow_is_used_where_nobody_else_is_left() {
    let slow = || cloud_where(|site| site.resting = Some(Resting::Slow));
    let mut facts = asks(DataClass::Public);
    facts.hints.mode = Mode::PreferInCloud;
    let decision = shipped(&facts, vec![slow(), edge(vec![worker("box")])]);
    assert_eq!(route(&decision), ["box", "openai"]);
    let because = decision.plan().unwrap().attempts[1].because.as_ref().unwrap();
    assert_eq!(because.to_string(), "it answers far slower than is its habit");
    assert_eq!(route(&shipped(&facts, vec![slow()])), ["openai"]);
}

fn money(left: u64) -> Left {
    let room = Room { budget: "team".into(), left, refills_in_ms: 3_600_000 };
    Left { usd_micros: Some(room), ..Left::default() }
}

#[test]
fn a_budget_lets_through_what_certainly_fits_and_nothing_more() {
    let mut facts = asks(DataClass::Public);
    facts.prompt_bytes = 1_000;
    facts.max_output_tokens = Some(1_000);
    // 1,000 bytes at 0.15 dollars a million tokens and 1,000 tokens at 0.60: 750 micro-dollars.
    let with = |left| cloud_where(|site| site.left = money(left));
    assert_eq!(route(&shipped(&facts, vec![with(750)])), ["openai"]);
    let decision = shipped(&facts, vec![with(749), edge(vec![worker("box")])]);
    assert_eq!(route(&decision), ["box"]);
    let why = "budget team has 749 micro-dollars left, and it may take 750; it refills in 3600.0 s";
    assert_eq!(losers(&decision), [("openai/gpt-4o-mini", Gate::Budget, why)]);
    let refusal = refusal(&facts, vec![with(749)]);
    assert_eq!(refusal.reason, Reason::BudgetExceeded);
    assert_eq!(refusal.retry_after_ms, Some(3_600_000));
}

#[test]
fn tokens_are_counted_too_and_of_two_budgets_the_later_refill_is_told() {
    let mut facts = asks(DataClass::Public);
    facts.prompt_bytes = 100;
    facts.max_output_tokens = Some(20);
    let with = |tokens| {
        cloud_where(|site| {
            let room = Room { budget: "tokens".into(), left: tokens, refills_in_ms: 7_000 };
            site.left = Left { tokens: Some(room), ..money(1) };
        })
    };
    let told = |tokens| refusal(&facts, vec![with(tokens)]).retry_after_ms;
    assert_eq!((told(119), told(120)), (Some(3_600_000), Some(3_600_000)));
    let only_tokens = cloud_where(|site| {
        let room = Room { budget: "tokens".into(), left: 119, refills_in_ms: 7_000 };
        site.left = Left { tokens: Some(room), ..Left::default() };
    });
    assert_eq!(refusal(&facts, vec![only_tokens]).retry_after_ms, Some(7_000));
}

#[test]
fn without_a_price_nothing_is_spent_where_money_is_counted() {
    let unpriced = cloud_where(|site| {
        site.price = None;
        site.left = money(u64::MAX);
    });
    let refusal = refusal(&asks(DataClass::Public), vec![unpriced]);
    assert_eq!(refusal.reason, Reason::BudgetExceeded);
    let says = "budget team counts micro-dollars, and its price is unknown";
    assert!(refusal.message.contains(says), "{}", refusal.message);
}

#[test]
fn an_image_of_unknown_price_fits_no_ceiling_and_no_budget() {
    let mut facts = asks(DataClass::Public);
    (facts.images, facts.needs.image) = (1, true);
    assert_eq!(route(&shipped(&facts, vec![cloud()])), ["openai"]);
    facts.hints.max_cost_usd_micros = Some(1_000_000);
    let decision = shipped(&facts, vec![cloud()]);
    let why = "price unknown under a ceiling of 1000000 micro-dollars";
    assert_eq!(losers(&decision), [("openai/gpt-4o-mini", Gate::Cost, why)]);
}

#[test]
fn past_a_soft_limit_the_cheaper_one_is_taken() {
    let policy =
        policy("[tiers]\norder = ['cloud', 'edge', 'device']\nranking = 'objective_first'");
    let facts = asks(DataClass::Public);
    let pools = |over_soft| {
        let of = |provider: &str, factor: u64, first_token_ms| {
            let mut pool = cloud_where(|site| {
                site.provider = provider.into();
                site.price = Some(ModelPrice::of_tokens(150_000 * factor, 600_000 * factor));
                site.first_token_ms = Some(first_token_ms);
                site.left.over_soft = over_soft;
            });
            pool.id = format!("{provider}/gpt-4o-mini").into();
            pool
        };
        vec![of("cheap", 1, 900.0), of("dear", 4, 300.0)]
    };
    let first = |over_soft| {
        let decision = decide(&policy, &facts, &FleetView::of(pools(over_soft)), Duration::ZERO, 1);
        who(&decision.plan().unwrap().attempts[0]).to_owned()
    };
    assert_eq!((first(false).as_str(), first(true).as_str()), ("dear", "cheap"));
}
