//! When the fleet changes under a request: who has come since the decision goes on where everybody
//! the plan names is gone, under the same ceilings.

use super::{WORDS, hear, nothing_but_the_receipted_left};
use littoral_proto::v1::{self, DataClass};
use littoral_tests::ask::{Answer, prompt, read};
use littoral_tests::cloud::{Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;

/// Asks a device that falls silent after a word; lets `comes` join, then takes the device away.
async fn newcomer(class: DataClass, comes: Seat) -> (Answer, Cluster, ScriptedCloud) {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(Behaviour::answer(["leaked"]));
    let policy = "version = 1\nname = 'no cloud'\n[tiers]\norder = ['device', 'edge']\n";
    let plan = Plan { cloud: Some(&cloud), policy: Some(policy), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let silent = Arc::new(ScriptedEngine::new("tiny", &WORDS).silent_after(1));
    cluster.join(&Seat::own("old"), silent).await;
    let request = v1::ChatRequest { request_id: "cell".into(), ..prompt("my question", class) };
    let mut stream = cluster.chat().complete(request).await.expect("a stream").into_inner();
    let mut answer = Answer::default();
    hear(&mut stream, 1, &mut answer).await;
    let newcomer = Arc::new(ScriptedEngine::new("tiny", &WORDS));
    cluster.join_before_last(&comes, newcomer).await;
    cluster.lose_last_worker().await;
    let rest = tokio::time::timeout(PATIENCE, read(stream)).await.expect("an end in time");
    answer.events.extend(rest.events);
    answer.status = rest.status;
    (answer, cluster, cloud)
}

#[tokio::test]
async fn a_worker_that_joined_after_the_decision_goes_on_when_the_planned_one_dies() {
    for (class, comes, tier) in [
        (DataClass::Restricted, Seat::own("new"), v1::Tier::Device),
        (DataClass::Personal, Seat::shared("office"), v1::Tier::Edge),
    ] {
        let (answer, cluster, cloud) = newcomer(class, comes).await;
        assert_eq!(answer.text(), WORDS.concat(), "{class:?}");
        assert_eq!(answer.served().0, tier, "{class:?}");
        let Some(v1::decision::Outcome::Plan(plan)) = &answer.decision().outcome else {
            panic!("a plan is expected, not {:?}", answer.decision())
        };
        assert_eq!(plan.attempts.len(), 1, "the decision told is the one made");
        nothing_but_the_receipted_left(&cluster, &cloud, false, "a newcomer").await;
    }
}

#[tokio::test]
async fn a_newcomer_that_the_class_may_not_reach_is_no_help() {
    for comes in [Seat::shared("office"), Seat::of("bobs-laptop", "bob")] {
        let name = comes.worker_id.clone();
        let (answer, cluster, cloud) = newcomer(DataClass::Restricted, comes).await;
        assert_eq!(answer.failure().1, "ATTEMPTS_FAILED", "{name}");
        assert_eq!(answer.text(), WORDS[0], "{name}");
        nothing_but_the_receipted_left(&cluster, &cloud, false, &name).await;
    }
}
