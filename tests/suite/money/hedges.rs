//! A second cloud beside one that is late.

use super::*;
use littoral_kit::telemetry::RawTelemetry;
use littoral_router::config::raw::{RawConfig, RawModel, RawProvider};

const POLICY: &str = "version = 1\nname = 'hedged'\n[fallback]\nhedge = true\n\
    [deadlines]\nfirst_token_unknown_ms = 60000\nfirst_token_floor_ms = 60000\n";

/// What else is said in a configuration.
type More = fn(&mut RawConfig);

/// A router with two clouds of one model: the second is so dear that it always comes second.
async fn two_clouds(first: &ScriptedCloud, second: &ScriptedCloud) -> Cluster {
    two_clouds_with(first, second, |_| ()).await
}

/// The same, with more said in the configuration.
async fn two_clouds_with(first: &ScriptedCloud, second: &ScriptedCloud, more: More) -> Cluster {
    two_clouds_that_tell(first, second, more, RawTelemetry::default()).await
}

/// The same, where it is told of.
pub(crate) async fn two_clouds_that_tell(
    first: &ScriptedCloud,
    second: &ScriptedCloud,
    more: More,
    telemetry: RawTelemetry,
) -> Cluster {
    static SECOND: std::sync::Mutex<Option<(String, More)>> = std::sync::Mutex::new(None);
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _turn = TURN.lock().await;
    *SECOND.lock().expect("an address") = Some((second.base_url(), more));
    Cluster::start(Plan {
        cloud: Some(first),
        policy: Some(POLICY),
        telemetry,
        adjust: Some(|_, raw| {
            let (base_url, more) = SECOND.lock().expect("a lock").clone().expect("an address");
            let one = &raw.provider[0].model[0];
            let model = RawModel {
                name: one.name.clone(),
                price: Vec::new(),
                region: None,
                input_usd_micros_per_mtok: Some(100_000_000),
                output_usd_micros_per_mtok: Some(300_000_000),
                ..*one
            };
            raw.provider.push(RawProvider {
                name: "spare".into(),
                base_url,
                base_url_env: None,
                api_key_env: None,
                api_key_file: Some("cloud.key".into()),
                model: vec![model],
                ..RawProvider::openai()
            });
            more(raw);
        }),
        ..Plan::default()
    })
    .await
}

#[tokio::test]
async fn the_other_one_answers_the_late_one_is_cancelled_and_both_are_in_the_ledger() {
    let (late, quick) = (willing_cloud().await, willing_cloud().await);
    late.usually(Behaviour::HangBeforeHeaders);
    let cluster = two_clouds(&late, &quick).await;
    let answer = heard(&cluster).await;
    assert_eq!(answer.text(), WORDS.concat());
    assert_eq!(answer.served().1, format!("spare/{CLOUD_MODEL}"));
    late.wait_for_abandoned(1).await.expect("the late one is cancelled");
    assert_eq!((late.requests().len(), quick.requests().len()), (1, 1));

    let sums = usage(&cluster, &["provider", "outcome"]).await;
    let told: Vec<_> = sums.iter().map(|sum| sum.key.join(" ")).collect();
    assert_eq!(told, ["spare ok", "stand-in beaten"]);
    assert_eq!(sums[0].cost_usd_micros, 400_000);
    assert!(sums[1].assumed_usd_micros > 1_000, "at most what it can have cost: {:?}", sums[1]);
    let held = answer.done().receipt.as_ref().expect("a receipt").holdings.len();
    assert_eq!(held, 3, "the router and both clouds");
}

#[tokio::test]
async fn hedges_stay_a_share_of_the_traffic() {
    let (late, quick) = (willing_cloud().await, willing_cloud().await);
    let cluster = two_clouds(&late, &quick).await;
    late.usually(Behaviour::HangBeforeHeaders);
    assert_eq!(heard(&cluster).await.text(), WORDS.concat());
    // One is there at once; what comes with time does not fill many within this test.
    let mut asked = question();
    asked.hints.as_mut().expect("hints").deadline_ms = Some(3_000);
    asked.max_output_tokens = Some(24);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (mut chat, asked) = (cluster.chat(), asked.clone());
        all.spawn(async move { ask(&mut chat, asked).await });
    }
    for answer in all.join_all().await {
        assert_eq!(answer.text(), WORDS.concat(), "who gets no rival fails over");
    }
    let sums = usage(&cluster, &["outcome"]).await;
    let beaten = sums.iter().find(|sum| sum.key == ["beaten"]).map_or(0, |sum| sum.dispatches);
    assert!((1..=5).contains(&beaten), "{beaten} of 11 had a hedge: {sums:?}");
}

#[tokio::test]
async fn a_rival_that_a_budget_does_not_pay_for_is_not_started() {
    let (late, quick) = (willing_cloud().await, willing_cloud().await);
    late.usually(Behaviour::HangBeforeHeaders);
    let cluster = two_clouds_with(&late, &quick, |raw| {
        let budget = "name = 'all'\nevery = 'month'\nusd = 0.01\n";
        raw.budget = vec![toml::from_str(budget).expect("a budget")];
    })
    .await;
    let mut asked = question();
    asked.hints.as_mut().expect("hints").deadline_ms = Some(3_000);
    asked.max_output_tokens = Some(24);
    let answer = ask(&mut cluster.chat(), asked).await;
    assert!(answer.status.is_some(), "the late one was all that the budget pays for");
    assert_eq!((late.requests().len(), quick.connections()), (1, 0));
}

#[tokio::test]
async fn a_request_that_forbids_it_has_no_rival() {
    let (late, quick) = (willing_cloud().await, willing_cloud().await);
    late.usually(Behaviour::HangBeforeHeaders);
    let cluster = two_clouds(&late, &quick).await;
    let mut asked = question();
    let hints = asked.hints.as_mut().expect("hints");
    (hints.allow_hedge, hints.deadline_ms) = (Some(false), Some(2_000));
    asked.max_output_tokens = Some(24);
    let answer = ask(&mut cluster.chat(), asked).await;
    assert_eq!(answer.text(), WORDS.concat());
    let sums = usage(&cluster, &["provider", "outcome"]).await;
    let told: Vec<_> = sums.iter().map(|sum| sum.key.join(" ")).collect();
    // It was given up first, and only then did the other one begin.
    assert_eq!(told, ["spare ok", "stand-in first_token_timeout"]);
}
