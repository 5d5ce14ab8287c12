//! What clouds may cost and how they are left alone: budgets, rates, the ledger, breakers, repeats, hedges,
//! outages and being offline, through a router on a real socket.

mod budgets;
pub(crate) mod hedges;
mod killed;
mod ledger;
mod outage;
mod resting;

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_tests::ask::{Answer as Heard, ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, Plan};

const WORDS: [&str; 2] = ["ebb ", "and flood"];

/// A cloud that always answers, and says that it read 1,000 tokens and wrote 1,000: 750 micro-dollars.
async fn willing_cloud() -> ScriptedCloud {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.usually(Behaviour::Answer(Answer::new(WORDS).with_usage(1_000, 1_000)));
    cloud
}

/// A short question of which 2,000 tokens are wanted at most: about 1,200 micro-dollars.
fn question() -> v1::ChatRequest {
    let mut asked = prompt("what comes after the ebb", DataClass::Public);
    asked.max_output_tokens = Some(2_000);
    asked
}

async fn heard(cluster: &Cluster) -> Heard {
    ask(&mut cluster.chat(), question()).await
}

async fn usage(cluster: &Cluster, by: &[&str]) -> Vec<v1::UsageSum> {
    let request = v1::UsageRequest {
        by: by.iter().map(|name| (*name).to_owned()).collect(),
        ..v1::UsageRequest::default()
    };
    cluster.ledger().usage(request).await.expect("sums").into_inner().sums
}
