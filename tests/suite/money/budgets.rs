//! Budgets and rates end to end.

use super::*;
use littoral_router::config::limits::{RawBudget, RawRate, RawSpan};
use littoral_router::config::raw::RawConfig;
use littoral_tests::cluster::Seat;
use littoral_tests::scripted_engine::ScriptedEngine;
use std::path::Path;
use std::sync::Arc;
use tonic::Code;
use tonic_types::StatusExt as _;

/// A month's money for one of the questions, and too little for a second.
fn small_budget(_: &Path, raw: &mut RawConfig) {
    raw.budget = vec![
        toml::from_str::<RawBudget>(
            "name = 'month'\nevery = 'month'\nusd = 0.0015\nof = { tenant = 'each' }\n",
        )
        .expect("a budget"),
    ];
}

async fn cluster(cloud: &ScriptedCloud, adjust: fn(&Path, &mut RawConfig)) -> Cluster {
    Cluster::start(Plan { cloud: Some(cloud), adjust: Some(adjust), ..Plan::default() }).await
}

#[tokio::test]
async fn a_spent_budget_is_named_with_when_it_refills_and_nothing_more_leaves() {
    let cloud = willing_cloud().await;
    let cluster = cluster(&cloud, small_budget).await;
    assert_eq!(heard(&cluster).await.text(), WORDS.concat());
    let refused = heard(&cluster).await;
    assert_eq!(refused.failure(), (Code::ResourceExhausted, "BUDGET_EXCEEDED".into()));
    let status = refused.status.as_ref().expect("a status");
    let retry = status.get_details_retry_info().expect("when to try again").retry_delay;
    let month = std::time::Duration::from_secs(31 * 86_400);
    assert!(retry.is_some_and(|delay| delay <= month), "{retry:?}");
    assert!(status.message().contains("budget month"), "{}", status.message());
    assert_eq!(cloud.requests().len(), 1);

    let list = cluster.ledger().list_budgets(v1::ListBudgetsRequest {}).await.expect("budgets");
    let budgets = list.into_inner().budgets;
    let [budget] = &budgets[..] else { panic!("one budget: {budgets:?}") };
    let [account] = &budget.accounts[..] else { panic!("one account: {budget:?}") };
    assert_eq!(account.of["tenant"], "local");
    assert_eq!((account.spent, account.reserved, account.left), (750, 0, Some(750)));
}

#[tokio::test]
async fn past_a_budget_a_machine_of_ones_own_answers() {
    let cloud = willing_cloud().await;
    let mut cluster = cluster(&cloud, |home, raw| {
        small_budget(home, raw);
        raw.budget[0].usd = Some(0.0);
    })
    .await;
    let engine = Arc::new(ScriptedEngine::new("small", &WORDS));
    cluster.join(&Seat::own("laptop"), engine).await;
    let mut asked = question();
    let mode = v1::Mode::PreferInCloud.into();
    asked.hints.as_mut().expect("hints").mode = mode;
    let answer = ask(&mut cluster.chat(), asked).await;
    assert_eq!(answer.served().0, v1::Tier::Device);
    assert_eq!(cloud.connections(), 0);
    let rejected = &answer.decision().rejected;
    assert!(rejected.iter().any(|row| row.gate == "budget"), "{rejected:?}");
}

#[tokio::test]
async fn what_is_spent_survives_a_restart() {
    let cloud = willing_cloud().await;
    let mut cluster = cluster(&cloud, small_budget).await;
    assert_eq!(heard(&cluster).await.text(), WORDS.concat());
    cluster.restart().await;
    assert_eq!(heard(&cluster).await.failure().1, "BUDGET_EXCEEDED");
    let spent = usage(&cluster, &["model", "outcome"]).await;
    let [sum] = &spent[..] else { panic!("one sum: {spent:?}") };
    assert_eq!(sum.key, [CLOUD_MODEL, "ok"]);
    assert_eq!((sum.requests, sum.cost_usd_micros, sum.assumed_usd_micros), (1, 750, 0));
    assert!(sum.predicted_usd_micros > 0, "{sum:?}");
}

#[tokio::test]
async fn of_64_who_race_for_the_last_cents_as_many_are_answered_as_they_pay_for() {
    let cloud = willing_cloud().await;
    let cluster = Arc::new(
        cluster(&cloud, |home, raw| {
            small_budget(home, raw);
            raw.budget[0].usd = Some(0.01);
        })
        .await,
    );
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let cluster = Arc::clone(&cluster);
        clients.spawn(async move { heard(&cluster).await });
    }
    let answers = clients.join_all().await;
    let answered = answers.iter().filter(|answer| answer.status.is_none()).count() as u64;
    for refused in answers.iter().filter(|answer| answer.status.is_some()) {
        assert_eq!(refused.failure().1, "BUDGET_EXCEEDED");
    }
    // Each held 1,200 micro-dollars and a little while it ran, and took 750.
    assert!((8..=13).contains(&answered), "{answered} were answered");
    assert_eq!(cloud.requests().len() as u64, answered);
    let budgets = cluster.ledger().list_budgets(v1::ListBudgetsRequest {}).await.expect("budgets");
    let account = &budgets.into_inner().budgets[0].accounts[0];
    assert_eq!((account.spent, account.reserved), (answered * 750, 0));
}

#[tokio::test]
async fn a_provider_that_reports_more_than_it_can_have_used_is_an_overrun_and_told() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.usually(Behaviour::Answer(Answer::new(WORDS).with_usage(1_000, 900_000)));
    let cluster = cluster(&cloud, |home, raw| {
        small_budget(home, raw);
        raw.budget[0].usd = Some(0.1);
    })
    .await;
    heard(&cluster).await;
    assert_eq!(heard(&cluster).await.failure().1, "BUDGET_EXCEEDED");
    let budgets = cluster.ledger().list_budgets(v1::ListBudgetsRequest {}).await.expect("budgets");
    let account = &budgets.into_inner().budgets[0].accounts[0];
    assert_eq!((account.spent, account.left), (540_150, Some(0)));
    assert!(account.overrun > 500_000, "{account:?}");
}

fn rate(requests: u32, model: Option<&str>) -> RawRate {
    let of = littoral_router::config::limits::RawScope {
        user: Some("each".into()),
        model: model.map(Into::into),
        ..Default::default()
    };
    RawRate { name: "calm".into(), requests, every: RawSpan::Day, burst: None, of }
}

#[tokio::test]
async fn who_asks_too_often_is_told_how_long_to_wait() {
    let cloud = willing_cloud().await;
    let cluster = cluster(&cloud, |_, raw| raw.rate = vec![rate(2, None)]).await;
    for _ in 0..2 {
        assert_eq!(heard(&cluster).await.text(), WORDS.concat());
    }
    let refused = heard(&cluster).await;
    assert_eq!(refused.failure(), (Code::ResourceExhausted, "RATE_LIMITED".into()));
    let status = refused.status.expect("a status");
    let delay = status.get_details_retry_info().and_then(|retry| retry.retry_delay);
    assert!(delay.is_some_and(|delay| delay.as_secs() > 40_000), "{delay:?}");
    assert_eq!(cloud.requests().len(), 2);
}

#[tokio::test]
async fn a_rate_of_a_model_is_named_where_nobody_else_can_go_on() {
    let cloud = willing_cloud().await;
    let cluster = cluster(&cloud, |_, raw| raw.rate = vec![rate(1, Some("each"))]).await;
    assert_eq!(heard(&cluster).await.text(), WORDS.concat());
    assert_eq!(heard(&cluster).await.failure().1, "RATE_LIMITED");
    assert_eq!(cloud.requests().len(), 1);
}
