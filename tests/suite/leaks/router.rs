//! The ways on which content could leave a running router, each tried with secrets.

use super::shapes::readable;
use super::{Planted, planted, seed};
use littoral_core::privacy::{Scanned, ScannedText, Searcher};
use littoral_core::prompt::Prompt;
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_router::detectors::{Detect, Detectors};
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Clouds before anything else.
const CLOUD_FIRST: &str =
    "version = 1\nname = 'cloud first'\n[tiers]\norder = ['cloud', 'edge', 'device']\n";

/// Each kind and each shape a few times, not each pair.
fn some(label: DataClass, every: usize) -> Vec<Planted> {
    planted(seed(), label).into_iter().step_by(every).collect()
}

fn never_readable(cloud: &ScriptedCloud, pair: &Planted) {
    for request in cloud.requests() {
        assert!(!readable(&request.body, &pair.secret), "seed {}: {}", seed(), pair.name);
    }
}

async fn nothing_leaves(cluster: &Cluster, cloud: &ScriptedCloud, pairs: Vec<Planted>) {
    for pair in pairs {
        let before = cloud.bytes_received();
        ask(&mut cluster.chat(), pair.request.clone()).await;
        never_readable(cloud, &pair);
        assert_eq!(cloud.bytes_received(), before, "seed {}: {}", seed(), pair.name);
    }
}

/// The cloud is there and takes what is clean, or a test in which nothing leaves shows nothing.
async fn clean_prompts_leave(cluster: &Cluster, cloud: &ScriptedCloud) {
    cloud.script(Behaviour::Answer(Answer::new(["fine"])));
    let answer = ask(&mut cluster.chat(), prompt("What is a tide?", DataClass::Unspecified)).await;
    assert_eq!(answer.served().0, v1::Tier::Cloud);
}

#[tokio::test]
async fn on_the_first_try() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    clean_prompts_leave(&cluster, &cloud).await;
    nothing_leaves(&cluster, &cloud, some(DataClass::Unspecified, 29)).await;
    nothing_leaves(&cluster, &cloud, some(DataClass::Public, 31)).await;
}

#[tokio::test]
async fn when_the_own_device_fails_and_a_cloud_stands_next_in_line() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let policy = Some(
        "version = 1\nname = 'stall'\n[deadlines]\nfirst_token_floor_ms = 50\nfirst_token_unknown_ms = 50\nstall_floor_ms = 50\nstall_unknown_ms = 50\n",
    );
    let plan = Plan { cloud: Some(&cloud), policy, ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let silent = ScriptedEngine::new("tiny", &["I ", "see "]).silent_after(1);
    cluster.join(&Seat::own("this-device"), Arc::new(silent)).await;
    for mut pair in some(DataClass::Unspecified, 307) {
        pair.request.hints.get_or_insert_default().deadline_ms = Some(2_000);
        nothing_leaves(&cluster, &cloud, vec![pair]).await;
    }
}

#[tokio::test]
async fn when_the_own_device_is_late_and_a_cloud_could_be_asked_beside_it() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let policy = Some(
        "version = 1\nname = 'hedged'\n[fallback]\nhedge = true\n[deadlines]\nfirst_token_floor_ms = 60000\nfirst_token_unknown_ms = 100\n",
    );
    let plan = Plan { cloud: Some(&cloud), policy, ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let silent = ScriptedEngine::new("tiny", &["I ", "see "]).silent_after(0);
    cluster.join(&Seat::own("this-device"), Arc::new(silent)).await;
    cloud.script(Behaviour::Answer(Answer::new(["fine"])));
    let answer = ask(&mut cluster.chat(), prompt("What is a tide?", DataClass::Unspecified)).await;
    assert_eq!(answer.served().0, v1::Tier::Cloud, "what is clean is asked of the cloud");
    for mut pair in some(DataClass::Unspecified, 307) {
        pair.request.hints.get_or_insert_default().deadline_ms = Some(1_500);
        nothing_leaves(&cluster, &cloud, vec![pair]).await;
    }
}

#[tokio::test]
async fn when_the_worker_dies_under_the_request() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let mut cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    for pair in some(DataClass::Unspecified, 613) {
        let engine = Arc::new(ScriptedEngine::new("tiny", &["I ", "see "]).silent_after(1));
        cluster.join(&Seat::own("this-device"), engine).await;
        let mut chat = cluster.chat();
        let request = pair.request.clone();
        let mut stream = chat.complete(request).await.expect("a stream").into_inner();
        let told = tokio::time::timeout(PATIENCE, stream.message()).await.expect("in time");
        assert!(told.expect("an event").is_some());
        cluster.lose_last_worker().await;
        let end = async { while let Ok(Some(_)) = stream.message().await {} };
        tokio::time::timeout(PATIENCE, end).await.expect("an end in time");
        never_readable(&cloud, &pair);
    }
    assert_eq!(cloud.bytes_received(), 0);
}

#[tokio::test]
async fn on_a_retry_at_another_cloud_and_under_a_policy_that_puts_clouds_first() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let plan = Plan { cloud: Some(&cloud), policy: Some(CLOUD_FIRST), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let engine = Arc::new(ScriptedEngine::new("tiny", &["here"]));
    cluster.join(&Seat::own("this-device"), Arc::clone(&engine) as _).await;
    cloud.script(Behaviour::server_error());
    let answer = ask(&mut cluster.chat(), prompt("What is a tide?", DataClass::Unspecified)).await;
    assert_eq!(answer.served().0, v1::Tier::Device, "the cloud failed, the device answered");
    for pair in some(DataClass::Unspecified, 211) {
        cloud.script(Behaviour::server_error());
        nothing_leaves(&cluster, &cloud, vec![pair]).await;
    }
}

#[tokio::test]
async fn while_the_policy_changes() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let plan = Plan { cloud: Some(&cloud), policy: Some(CLOUD_FIRST), ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    let other = "version = 1\nname = 'other'\n[tiers]\norder = ['cloud', 'device']\n";
    for (turn, pair) in some(DataClass::Public, 401).into_iter().enumerate() {
        let text = if turn % 2 == 0 { other } else { CLOUD_FIRST };
        let mut chat = cluster.chat();
        let asked = ask(&mut chat, pair.request.clone());
        let change = async {
            let present = v1::GetPolicyRequest::default();
            let present = cluster.policy().get(present).await.expect("a policy").into_inner();
            let source = v1::PolicySource { name: "policy.toml".into(), text: text.into() };
            let request = v1::ApplyPolicyRequest {
                sources: vec![source],
                etag: present.etag,
                note: String::new(),
            };
            cluster.policy().apply(request).await.expect("applied");
        };
        tokio::join!(asked, change);
        never_readable(&cloud, &pair);
    }
    assert_eq!(cloud.bytes_received(), 0);
}

/// Detectors that fail in one way.
enum Failing {
    Panic,
    /// Never answers while the test runs.
    Hang(Arc<(Mutex<bool>, Condvar)>),
}

impl Failing {
    fn fail(&self) {
        match self {
            Self::Panic => panic!("a detector that fails"),
            Self::Hang(over) => {
                let over_now = over.0.lock().expect("a lock");
                drop(over.1.wait_while(over_now, |over| !*over).expect("a lock"));
            }
        }
    }
}

impl Detect for Failing {
    fn prompt(&self, prompt: Arc<Prompt>) -> Scanned {
        self.fail();
        Searcher::shipped().expect("detectors").scan(prompt)
    }

    fn answer(&self, text: String) -> ScannedText {
        self.fail();
        Searcher::shipped().expect("detectors").answer(text)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_detectors_panic_or_hang_not_even_clean_prompts_leave() {
    let over = Arc::new((Mutex::new(false), Condvar::new()));
    for failing in [Failing::Panic, Failing::Hang(Arc::clone(&over))] {
        let cloud = ScriptedCloud::start().await.expect("a stand-in");
        let detectors = Detectors::of(Arc::new(failing)).within(Duration::from_millis(20));
        let plan = Plan { cloud: Some(&cloud), detectors: Some(detectors), ..Plan::default() };
        let mut cluster = Cluster::start(plan).await;
        for request in [
            prompt("What is a tide?", DataClass::Unspecified),
            prompt("What is a tide?", DataClass::Public),
        ] {
            let answer = ask(&mut cluster.chat(), request).await;
            assert_eq!(answer.failure().1, "DETECTOR_UNAVAILABLE");
        }
        nothing_leaves(&cluster, &cloud, some(DataClass::Public, 1_601)).await;
        assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0));
        // What stays here is answered here.
        let engine = Arc::new(ScriptedEngine::new("tiny", &["here"]));
        cluster.join(&Seat::own("this-device"), engine).await;
        let answer = ask(&mut cluster.chat(), prompt("a tide", DataClass::Unspecified)).await;
        assert_eq!(answer.served().0, v1::Tier::Device);
    }
    *over.0.lock().expect("a lock") = true;
    over.1.notify_all();
}
