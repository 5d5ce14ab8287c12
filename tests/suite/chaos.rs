//! Everything at once: many clients, mixed classes, devices and clouds that break in every way the
//! tables know, on a schedule drawn from a seed. What must always hold is checked on what was recorded.
//!
//! `LITTORAL_CHAOS_REQUESTS` (200) and `LITTORAL_CHAOS_SEED` (1) choose a longer or another run; the
//! seed is printed. The schedule is the seed's, the interleaving is the machine's.

mod client;
mod fleet;

use client::{Fate, Heard};
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::{self, DataClass};
use littoral_tests::cloud::ScriptedCloud;
use littoral_tests::cluster::{Cluster, Plan};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use std::env;
use std::sync::Arc;
use tokio::task::JoinSet;

/// What every scripted target says, so that a whole answer is the same whoever wrote which part.
const WORDS: [&str; 6] = ["high ", "tide ", "and ", "low ", "tide ", "again"];
const CLIENTS: u64 = 16;

const POLICY: &str = "
version = 1
name = 'chaos'
default_alias = 'words'
[[alias]]
name = 'words'
models = ['tiny', 'cloud-model']
[[alias]]
name = 'real'
models = ['smollm2-135m-instruct']
";

fn setting(name: &str, otherwise: u64) -> u64 {
    match env::var(name) {
        Ok(value) => value.parse().unwrap_or_else(|_| panic!("{name}={value} is no number")),
        Err(_) => otherwise,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_breaks_when_nothing_leaks_repeats_or_gets_lost() {
    let seed = setting("LITTORAL_CHAOS_SEED", 1);
    let requests = setting("LITTORAL_CHAOS_REQUESTS", 200);
    println!("seed {seed}, {requests} requests");
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..requests * 4 {
        cloud.script(fleet::behaviour(&mut random));
    }
    let plan = Plan { cloud: Some(&cloud), policy: Some(POLICY), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let fleet = fleet::join(&mut cluster, seed).await;

    let mut clients = JoinSet::new();
    for index in 0..CLIENTS {
        let share = requests / CLIENTS + u64::from(index < requests % CLIENTS);
        let client = cluster.chat();
        clients.spawn(client::ask_away(
            client,
            index,
            share,
            StdRng::seed_from_u64(seed ^ ((index + 1) << 32)),
        ));
    }
    let heard: Vec<Heard> = clients.join_all().await.into_iter().flatten().collect();
    assert_eq!(heard.len() as u64, requests, "nobody was forgotten");

    for one in &heard {
        ended_once_and_well(one);
        on_record(&cluster, &cloud, one).await;
    }
    nothing_above_its_ceiling(&cloud);
    println!("{}", client::summary(&heard));
    assert!(heard.iter().any(|one| one.answer.status.is_some()), "something did fail");
    assert!(heard.iter().any(|one| failovers(one) > 0), "something was handed over");
    fleet.retire().await;
    cluster.wait_for_workers(|list| list.iter().all(|one| one.models[0].active == 0)).await;
    let permits = cluster.router.pipeline.in_flight.available_permits();
    assert_eq!(permits, 256, "every place in flight is free again");
}

/// One terminal event; the text of the last epoch without gap or repetition, and whole if it says so.
fn ended_once_and_well(one: &Heard) {
    let done = one.answer.events.iter().filter(|event| matches!(event, Event::Done(_))).count();
    let failed = usize::from(one.answer.status.is_some());
    let text = one.answer.text();
    if one.fate == Fate::Leaves {
        assert!(done + failed <= 1, "{}", one.id);
        return;
    }
    assert_eq!(done + failed, 1, "{}: {:?}", one.id, one.answer);
    if failed == 1 {
        let reason = one.answer.failure().1;
        let named = [
            "ATTEMPTS_FAILED",
            "DEADLINE_EXCEEDED",
            "EGRESS_DENIED",
            "SHED",
            "NO_READY_TARGET",
            "NO_CAPABLE_TARGET",
        ];
        assert!(named.contains(&reason.as_str()), "{}: {reason}", one.id);
        assert!(one.real || WORDS.concat().starts_with(&text), "{}: {text:?}", one.id);
        return;
    }
    if one.real {
        assert!(!text.is_empty(), "{}", one.id);
    } else {
        assert_eq!(text, WORDS.concat(), "{}", one.id);
    }
    let tier = one.answer.served().0;
    let highest = match one.class {
        DataClass::Public | DataClass::Internal => v1::Tier::Cloud,
        DataClass::Personal | DataClass::Unspecified => v1::Tier::Edge,
        DataClass::Restricted => v1::Tier::Device,
    };
    assert!(tier <= highest, "{}: {:?} was answered by {tier:?}", one.id, one.class);
}

/// The record tells the same story: the same end, as many failovers, the bytes the cloud received.
async fn on_record(cluster: &Cluster, cloud: &ScriptedCloud, one: &Heard) {
    let outcome = cluster.wait_for_outcome(&one.id).await;
    if one.fate != Fate::Leaves {
        let reason = one.answer.status.as_ref().map(|_| one.answer.failure().1);
        assert_eq!(outcome.reason, reason.unwrap_or_default(), "{}", one.id);
    }
    if one.fate == Fate::Stays {
        assert_eq!(outcome.failovers as usize, failovers(one), "{}", one.id);
    }
    let mark = one.mark.as_bytes();
    let contains = |body: &[u8]| body.windows(mark.len()).any(|window| window == mark);
    let requests = cloud.requests();
    let seen: usize =
        requests.iter().map(|one| one.body.len() * usize::from(contains(&one.body))).sum();
    let left = outcome.receipt.as_ref().expect("a receipt").egress_bytes;
    // Of a call that was cut off, bytes may have been handed over that nobody has read: a receipt
    // counts them, and never fewer than were read.
    let cut_off = ["CANCELLED", "DEADLINE_EXCEEDED"].contains(&outcome.reason.as_str());
    assert!(left == seen as u64 || (cut_off && left > seen as u64), "{}: {outcome:?}", one.id);
}

fn failovers(one: &Heard) -> usize {
    one.answer.events.iter().filter(|event| matches!(event, Event::Failover(_))).count()
}

fn nothing_above_its_ceiling(cloud: &ScriptedCloud) {
    for request in cloud.requests() {
        let body = String::from_utf8_lossy(&request.body);
        let local = [DataClass::Personal, DataClass::Restricted, DataClass::Unspecified];
        for class in local.map(client::mark_of) {
            assert!(!body.contains(&class), "a cloud received {class}");
        }
    }
}

/// Shared by the parts of the run.
type Shared<T> = Arc<std::sync::Mutex<T>>;
