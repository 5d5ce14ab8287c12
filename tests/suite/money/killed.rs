//! The router's process is killed as `kill -9` does, again and again, while it spends: what was
//! acknowledged is counted, the limit holds, and nothing stays reserved.

use super::*;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_proto::v1::ledger_service_client::LedgerServiceClient;
use littoral_tests::process::Home;
use littoral_tests::serving::{self, serve};
use tokio::task::JoinSet;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");
/// Kills in an ordinary run; `LITTORAL_KILLS` asks for another number.
const KILLS: u32 = 8;
/// The limit, in micro-dollars.
const LIMIT: u64 = 500_000;
/// What an answer costs, in micro-dollars.
const EACH: u64 = 750;

fn kills() -> u32 {
    let asked = std::env::var("LITTORAL_KILLS").ok();
    asked.map_or(KILLS, |kills| kills.parse().expect("LITTORAL_KILLS is a number"))
}

fn home(cloud: &ScriptedCloud) -> Home {
    let usd = LIMIT as f64 / 1e6;
    let budget = format!("[[budget]]\nname = 'month'\nevery = 'month'\nusd = {usd}\n");
    let price = "input_usd_micros_per_mtok = 150000\noutput_usd_micros_per_mtok = 600000\n";
    serving::home(BINARY, cloud, &budget, price)
}

/// Asks many at once and kills the router when some were answered. Returns how many were.
async fn round(home: &Home) -> u64 {
    let (mut process, channel) = serve(home).await;
    let mut asking = JoinSet::new();
    for _ in 0..12 {
        let mut chat = ChatServiceClient::new(channel.clone());
        asking.spawn(async move { ask(&mut chat, question()).await });
    }
    let mut answered = 0;
    let is_done = |answer: &Heard| answer.status.is_none();
    while answered < 4
        && let Some(answer) = asking.join_next().await
    {
        answered += u64::from(is_done(&answer.expect("a request")));
    }
    process.kill().await;
    let rest = asking.join_all().await;
    answered + rest.iter().filter(|answer| is_done(answer)).count() as u64
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_however_often_the_router_is_killed() {
    let cloud = willing_cloud().await;
    let home = home(&cloud);
    let mut answered = 0;
    for _ in 0..kills() {
        answered += round(&home).await;
    }
    let (_process, channel) = serve(&home).await;
    let mut ledger = LedgerServiceClient::new(channel);
    let list = ledger.list_budgets(v1::ListBudgetsRequest {}).await.expect("budgets");
    let account = list.into_inner().budgets[0].accounts[0].clone();
    let request = v1::UsageRequest::default();
    let sums = ledger.usage(request).await.expect("sums").into_inner().sums;
    let sent = cloud.requests().len() as u64;
    println!(
        "{} kills: {answered} answers were acknowledged, {sent} requests reached the provider, {} \
         micro-dollars are spent of {LIMIT}, {} dispatches are in the ledger",
        kills(),
        account.spent,
        sums[0].dispatches
    );
    assert!(account.spent >= answered * EACH, "{account:?} for {answered} answers");
    assert!(account.spent <= LIMIT, "{account:?}");
    assert_eq!(account.reserved, 0, "nothing stays reserved");
    assert!(sums[0].dispatches >= sent, "whatever was sent is in the ledger: {sums:?} of {sent}");
}
