//! Limits, refills, alerts, slabs and what a crash leaves.

mod calendar;
mod crashes;
mod interleavings;
mod slabs;

use super::*;

const DAY_MS: u64 = 86_400_000;
/// 2026-01-15T12:00:00Z, a Thursday.
const NOON: u64 = 1_768_478_400_000;

const fn who<'a>(tenant: &'a str, user: &'a str) -> Spender<'a> {
    Spender { tenant, user, application: "chat", model: "gpt" }
}

const ANN: Spender<'static> = who("acme", "ann");

const fn cost(usd_micros: u64) -> Cost {
    Cost { usd_micros: Some(usd_micros), tokens: 0 }
}

fn budget(name: &str, hard: u64) -> Budget {
    Budget {
        name: name.into(),
        scope: Scope::default(),
        unit: Unit::UsdMicros,
        period: Period::Day,
        hard: Some(hard),
        soft: None,
        alert_percent: Vec::new(),
    }
}

fn only(budget: Budget) -> Budgets {
    Budgets::new(vec![budget]).unwrap()
}

/// Reserves, sends and settles at once.
fn spend(budgets: &mut Budgets, who: &Spender<'_>, usd_micros: u64, unix_ms: u64) -> Settlement {
    let held = budgets.reserve(who, cost(usd_micros), unix_ms).unwrap();
    let (sent, _) = budgets.send(held);
    budgets.settle(sent, cost(usd_micros))
}

fn left(budgets: &Budgets, who: &Spender<'_>, unix_ms: u64) -> Option<u64> {
    budgets.left(who, unix_ms).usd_micros.map(|room| room.left)
}

fn told(settlement: &Settlement) -> Vec<Threshold> {
    settlement.alerts.iter().map(|alert| alert.threshold).collect()
}

#[test]
fn what_is_held_is_not_there_for_others_until_it_is_settled() {
    let mut budgets = only(budget("day", 100));
    let held = budgets.reserve(&ANN, cost(80), NOON).unwrap();
    assert!(budgets.reserve(&ANN, cost(21), NOON).is_err());
    let (sent, _) = budgets.send(held);
    assert_eq!(budgets.settle(sent, cost(30)).overruns, []);
    assert_eq!(left(&budgets, &ANN, NOON), Some(70));
    let held = budgets.reserve(&ANN, cost(70), NOON).unwrap();
    budgets.release(held);
    assert_eq!(left(&budgets, &ANN, NOON), Some(70));
    assert_eq!(budgets.outstanding(), 0);
}

#[test]
fn a_refusal_names_the_budget_and_when_it_refills() {
    let scope = Scope { tenant: Over::Each, ..Scope::default() };
    let mut budgets = only(Budget { scope, ..budget("team", 100) });
    spend(&mut budgets, &ANN, 60, NOON);
    let _held = budgets.reserve(&ANN, cost(30), NOON).unwrap();
    let refused = budgets.reserve(&ANN, cost(11), NOON).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "budget `team` of tenant acme allows 100 micro-dollars a day: 60 are spent and 30 reserved, \
         and this may take 11; it refills at 2026-01-16T00:00:00Z"
    );
    assert_eq!(budgets.check(&ANN, cost(11), NOON), Err(refused));
    assert_eq!(budgets.check(&ANN, cost(10), NOON), Ok(()));
    let never = budgets.check(&ANN, cost(101), NOON).unwrap_err().to_string();
    assert!(never.ends_with("may take 101; ask for fewer tokens or raise the limit"), "{never}");
}

#[test]
fn of_two_exceeded_budgets_the_one_that_refills_last_is_named() {
    let month = Budget { period: Period::Month, ..budget("month", 10) };
    let minute = Budget { period: Period::Minute, ..budget("minute", 10) };
    for budgets in [[month.clone(), minute.clone()], [minute, month]] {
        let mut budgets = Budgets::new(budgets.to_vec()).unwrap();
        spend(&mut budgets, &ANN, 10, NOON);
        let Err(Refused::Exceeded(exceeded)) = budgets.check(&ANN, cost(1), NOON) else { panic!() };
        assert_eq!(&*exceeded.budget, "month");
    }
}

#[test]
fn a_refusal_of_one_budget_takes_nothing_from_another() {
    let mut budgets = Budgets::new(vec![budget("wide", 100), budget("narrow", 10)]).unwrap();
    assert!(budgets.reserve(&ANN, cost(11), NOON).is_err());
    assert!(budgets.cut(&ANN, cost(11), NOON).is_err());
    assert!(budgets.accounts().all(|(_, account)| *account == Account::default()));
    assert_eq!(left(&budgets, &ANN, NOON), Some(10));
}

#[test]
fn a_period_refills_and_a_late_settlement_counts_where_it_was_reserved() {
    let mut budgets = only(budget("day", 100));
    let held = budgets.reserve(&ANN, cost(100), NOON).unwrap();
    let (sent, _) = budgets.send(held);
    assert_eq!(left(&budgets, &ANN, NOON), Some(0));
    assert_eq!(left(&budgets, &ANN, NOON + DAY_MS), Some(100));
    let held = budgets.reserve(&ANN, cost(100), NOON + DAY_MS).unwrap();
    let _ = budgets.settle(sent, cost(100));
    assert_eq!(left(&budgets, &ANN, NOON + DAY_MS), Some(0));
    budgets.release(held);
    assert_eq!(left(&budgets, &ANN, NOON + DAY_MS), Some(100));
}

#[test]
fn a_clock_that_goes_back_refills_nothing() {
    let mut budgets = only(budget("day", 100));
    spend(&mut budgets, &ANN, 100, NOON);
    let held = budgets.reserve(&ANN, cost(100), NOON + DAY_MS).unwrap();
    assert!(budgets.reserve(&ANN, cost(1), NOON).is_err());
    budgets.release(held);
    assert_eq!(left(&budgets, &ANN, NOON), Some(100));
}

#[test]
fn accounts_that_are_over_are_let_go_of() {
    let each = Scope { user: Over::Each, ..Scope::default() };
    let mut budgets = only(Budget { scope: each, ..budget("day", 100) });
    let late = budgets.reserve(&ANN, cost(1), NOON).unwrap();
    for user in 0..100 {
        spend(&mut budgets, &who("acme", &user.to_string()), 1, NOON);
    }
    spend(&mut budgets, &who("acme", "zoe"), 1, NOON + DAY_MS);
    assert_eq!(budgets.accounts().count(), 2, "zoe's and the one that is not settled");
    budgets.release(late);
    spend(&mut budgets, &who("acme", "zoe"), 1, NOON + DAY_MS + 60_000);
    assert_eq!(budgets.accounts().count(), 1);
}

#[test]
fn each_name_has_its_own_account_and_users_are_those_of_a_tenant() {
    let each = Scope { user: Over::Each, ..Scope::default() };
    let globex = Scope { tenant: Over::Only("globex".into()), ..Scope::default() };
    let budgets = vec![
        Budget { scope: each, ..budget("a user", 10) },
        Budget { scope: globex, ..budget("globex", 15) },
    ];
    let mut budgets = Budgets::new(budgets).unwrap();
    spend(&mut budgets, &ANN, 10, NOON);
    assert_eq!(left(&budgets, &ANN, NOON), Some(0));
    assert_eq!(left(&budgets, &who("acme", "bob"), NOON), Some(10));
    spend(&mut budgets, &who("globex", "ann"), 10, NOON);
    assert_eq!(left(&budgets, &who("globex", "bob"), NOON), Some(5));
}

#[test]
fn a_threshold_is_told_once_a_period() {
    let alerting = Budget { soft: Some(70), alert_percent: vec![50, 50, 90], ..budget("day", 100) };
    let mut budgets = only(alerting);
    assert_eq!(told(&spend(&mut budgets, &ANN, 49, NOON)), []);
    assert!(!budgets.left(&ANN, NOON).over_soft);
    assert_eq!(told(&spend(&mut budgets, &ANN, 1, NOON)), [Threshold::Percent(50)]);
    let both = spend(&mut budgets, &ANN, 45, NOON);
    assert_eq!(told(&both), [Threshold::Soft, Threshold::Percent(90)]);
    assert_eq!((both.alerts[1].spent, both.alerts[1].at), (95, 90));
    assert!(budgets.left(&ANN, NOON).over_soft);
    assert_eq!(told(&spend(&mut budgets, &ANN, 5, NOON)), []);
    let tomorrow = spend(&mut budgets, &ANN, 60, NOON + DAY_MS);
    assert_eq!(told(&tomorrow), [Threshold::Percent(50)]);
}

#[test]
fn a_soft_limit_alone_refuses_nobody() {
    let soft = Budget { hard: None, soft: Some(10), alert_percent: vec![50], ..budget("s", 0) };
    let mut budgets = only(soft);
    let settlement = spend(&mut budgets, &ANN, 1_000, NOON);
    assert_eq!(told(&settlement), [Threshold::Percent(50), Threshold::Soft]);
    assert_eq!(budgets.left(&ANN, NOON).usd_micros, None);
    assert!(budgets.check(&ANN, cost(u64::MAX / 2), NOON).is_ok());
}

#[test]
fn a_soft_limit_alone_refuses_nobody_for_what_is_unknown_and_holds_nothing_for_it() {
    let soft = |name, unit| Budget { hard: None, soft: Some(10), unit, ..budget(name, 0) };
    let rules = vec![soft("money", Unit::UsdMicros), soft("tokens", Unit::Tokens)];
    let mut budgets = Budgets::new(rules).unwrap();
    let unknown = Cost { usd_micros: None, tokens: u64::MAX };
    let first = budgets.reserve(&ANN, unknown, NOON).unwrap();
    let second = budgets.reserve(&ANN, unknown, NOON).unwrap();
    assert!(!budgets.left(&ANN, NOON).over_soft);
    let (first, _) = budgets.send(first);
    let (second, _) = budgets.send(second);
    drop(budgets.settle(first, Cost { usd_micros: None, tokens: 12 }));
    drop(budgets.assume(second));
    let spent: Vec<_> = budgets.accounts().map(|(_, account)| account.spent()).collect();
    assert_eq!(spent, [0, 12], "what is reported counts");
    assert!(budgets.left(&ANN, NOON).over_soft);
    assert!(budgets.check(&ANN, unknown, NOON).is_ok());
}

#[test]
fn money_and_tokens_are_counted_apart_and_unknown_money_is_refused_only_where_it_counts() {
    let tokens = Budget { unit: Unit::Tokens, ..budget("tokens", 100) };
    let mut counted = only(tokens.clone());
    let unknown = Cost { usd_micros: None, tokens: 60 };
    let held = counted.reserve(&ANN, unknown, NOON).unwrap();
    assert_eq!(counted.left(&ANN, NOON).tokens.map(|room| room.left), Some(40));
    counted.release(held);
    let both = Budgets::new(vec![tokens, budget("money", 100)]).unwrap();
    assert_eq!(
        both.check(&ANN, unknown, NOON).unwrap_err().to_string(),
        "budget `money` counts money and the price of gpt is unknown; state its price, or choose a \
         model whose price is known"
    );
}

#[test]
fn a_report_beyond_the_reservation_is_an_overrun_that_is_told_and_leaves_less() {
    let mut budgets = only(Budget { alert_percent: vec![100], ..budget("day", 100) });
    let held = budgets.reserve(&ANN, cost(40), NOON).unwrap();
    let (sent, _) = budgets.send(held);
    let settlement = budgets.settle(sent, cost(150));
    let overrun = &settlement.overruns[0];
    assert_eq!((overrun.reserved, overrun.reported), (40, 150));
    assert_eq!(told(&settlement), [Threshold::Percent(100)]);
    let (_, account) = budgets.accounts().next().unwrap();
    assert_eq!((account.settled, account.overrun, account.spent()), (40, 110, 150));
    assert_eq!(left(&budgets, &ANN, NOON), Some(0));
}

#[test]
fn an_edit_keeps_what_is_spent_and_two_budgets_of_one_name_change_nothing() {
    let mut budgets = only(budget("day", 100));
    spend(&mut budgets, &ANN, 60, NOON);
    budgets.replace(vec![budget("day", 50), budget("other", 10)]).unwrap();
    assert_eq!(left(&budgets, &ANN, NOON), Some(0));
    let twice = budgets.replace(vec![budget("x", 1), budget("x", 2)]).unwrap_err();
    assert_eq!(twice.to_string(), "there are two budgets named `x`; rename one of them");
    budgets.replace(vec![budget("day", 200)]).unwrap();
    assert_eq!(left(&budgets, &ANN, NOON), Some(140));
}
