//! The ledger as people read it: over the wire and on the command line.

use super::*;
use littoral_tests::cluster::Seat;
use littoral_tests::process::{Home, Said};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

async fn run(cluster: &Cluster, words: &[&str]) -> Said {
    let home = Home::empty(BINARY);
    let url = cluster.url();
    let words = ["--router", &url].into_iter().chain(words.iter().copied());
    home.run(words).await
}

#[tokio::test]
async fn every_dispatch_is_in_it_whoever_answered_and_what_failed_too() {
    let cloud = willing_cloud().await;
    cloud.script(Behaviour::Refuse(littoral_tests::cloud::Refusal::new(400, "no")));
    let mut cluster = Cluster::start(Plan {
        cloud: Some(&cloud),
        adjust: Some(|_, raw| raw.usd_per_kwh = Some(0.25)),
        ..Plan::default()
    })
    .await;
    heard(&cluster).await;
    heard(&cluster).await;
    cluster.join(&Seat::own("laptop"), Arc::new(ScriptedEngine::new("small", &WORDS))).await;
    assert_eq!(heard(&cluster).await.served().0, v1::Tier::Device);

    let sums = usage(&cluster, &["tier", "outcome"]).await;
    let told: Vec<_> =
        sums.iter().map(|sum| (sum.key.join(" "), sum.dispatches, sum.cost_usd_micros)).collect();
    let (of, cost) = (|index: usize| told[index].0.as_str(), |index: usize| told[index].2);
    assert_eq!([of(0), of(1), of(2)], ["cloud invalid_request", "cloud ok", "device ok"]);
    assert_eq!((cost(0), cost(1)), (0, 750), "what was refused is not billed");
    let sent = cloud.requests().iter().map(|request| request.body.len() as u64).sum::<u64>();
    assert_eq!(sums.iter().map(|sum| sum.egress_bytes).sum::<u64>(), sent);
}

#[tokio::test]
async fn the_commands_show_it_as_a_table_as_csv_and_as_json() {
    let cloud = willing_cloud().await;
    let cluster = Cluster::start(Plan {
        cloud: Some(&cloud),
        adjust: Some(|_, raw| {
            let budget = "name = 'month'\nevery = 'month'\nusd = 1\nsoft_usd = 0.0001\n";
            raw.budget = vec![toml::from_str(budget).expect("a budget")];
        }),
        ..Plan::default()
    })
    .await;
    let none = run(&cluster, &["usage"]).await;
    assert!(none.err.contains("nothing was used since"), "{none:?}");
    heard(&cluster).await;

    let table = run(&cluster, &["usage", "--by", "tenant,model", "--since", "1h"]).await;
    for part in ["tenant", "local", CLOUD_MODEL, "1,000", "0.000750 USD"] {
        assert!(table.out.contains(part), "{part} in {}", table.out);
    }
    let csv = run(&cluster, &["usage", "--by", "model", "--csv"]).await;
    let lines: Vec<&str> = csv.out.lines().collect();
    assert!(lines[0].starts_with("model,requests,dispatches,prompt_tokens"), "{lines:?}");
    assert!(lines[1].starts_with(&format!("{CLOUD_MODEL},1,1,1000,0,1000")), "{lines:?}");
    let json = run(&cluster, &["usage", "--json"]).await;
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json["sums"][0]["cost_usd_micros"], 750);
    let wrong = run(&cluster, &["usage", "--by", "colour"]).await;
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("tenant, application"), "{wrong:?}");

    let budgets = run(&cluster, &["budgets"]).await;
    for part in ["month", "everybody", "0.000750 USD", "1.000000 USD"] {
        assert!(budgets.out.contains(part), "{part} in {}", budgets.out);
    }
}
