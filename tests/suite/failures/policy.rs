//! When the policy is swapped while a request runs: what was tightened holds for the very next
//! dispatch, what was loosened is for new requests.

use super::{AT_ONCE, CLOUD_WORDS, WORDS, nothing_but_the_receipted_left};
use crate::tables::Moment;
use futures_util::StreamExt as _;
use littoral_core::policy::{Policy, RawPolicy};
use littoral_proto::v1::{self, DataClass};
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// What the operator swaps in.
#[derive(Clone, Copy, Debug)]
enum Swap {
    /// No tier but the device.
    DeviceOnly,
    /// Nothing changes but the name.
    Renamed,
    /// Restricted content may reach the organisation's edge.
    Loosened,
}

impl Swap {
    fn policy(self) -> Policy {
        let body = match self {
            Self::DeviceOnly => "name = 'device only'\n[tiers]\norder = ['device']",
            Self::Renamed => "name = 'another name'",
            Self::Loosened => {
                "name = 'loose'\n[ceilings]\nrestricted = 'edge'\nrestricted_edge = true"
            }
        };
        let raw: RawPolicy = toml::from_str(&format!("version = 1\n{body}")).expect("a policy");
        Policy::compile(raw).expect("a policy without problems")
    }
}

/// Who goes on after the device has died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GoesOn {
    Edge,
    Cloud,
    Nobody,
}

use DataClass::{Personal, Public, Restricted};
use GoesOn::{Cloud, Edge, Nobody};
use Swap::{DeviceOnly, Loosened, Renamed};

/// swap, class, edge machine there (a cloud always is), who goes on.
#[rustfmt::skip]
const ROWS: [(Swap, DataClass, bool, GoesOn); 12] = [
    (DeviceOnly, Public,     true,  Nobody),
    (DeviceOnly, Public,     false, Nobody),
    (DeviceOnly, Personal,   true,  Nobody),
    (DeviceOnly, Restricted, true,  Nobody),
    (Renamed,    Public,     true,  Edge),
    (Renamed,    Public,     false, Cloud),
    (Renamed,    Personal,   true,  Edge),
    (Renamed,    Restricted, true,  Nobody),
    (Loosened,   Public,     false, Cloud),
    (Loosened,   Personal,   true,  Edge),
    (Loosened,   Restricted, true,  Nobody),
    (Loosened,   Restricted, false, Nobody),
];

#[tokio::test]
async fn a_policy_swapped_in_mid_request_can_only_tighten_it() {
    let cells = ROWS.into_iter().flat_map(|row| Moment::ALL.map(|moment| (row, moment)));
    futures_util::stream::iter(cells)
        .for_each_concurrent(AT_ONCE, |(row, moment)| check(row, moment))
        .await;
}

async fn check((swap, class, edge, goes_on): (Swap, DataClass, bool, GoesOn), moment: Moment) {
    let name = format!("{swap:?} {class:?} edge {edge} {moment:?}");
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(Behaviour::Answer(Answer::new(CLOUD_WORDS)));
    let mut cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    if edge {
        let office = Arc::new(ScriptedEngine::new("tiny", &WORDS));
        cluster.join(&Seat::shared("office"), office).await;
    }
    let engine = ScriptedEngine::new("tiny", &WORDS).silent_after(moment.words());
    cluster.join(&Seat::own("this-device"), Arc::new(engine)).await;
    let running = ask_for(&cluster, "cell", class);
    let busy = |one: &v1::WorkerSummary| one.models[0].active == 1;
    cluster.wait_for_workers(|list| list.iter().any(busy)).await;
    cluster.router.pipeline.policy.store(Arc::new(swap.policy()));
    cluster.lose_last_worker().await;

    let answer = running.await.expect("an end");
    match goes_on {
        Edge => assert_eq!(answer.text(), WORDS.concat(), "{name}"),
        Cloud => assert_eq!(answer.text(), CLOUD_WORDS.concat(), "{name}"),
        Nobody => assert_eq!(answer.failure().1, "ATTEMPTS_FAILED", "{name}"),
    }
    nothing_but_the_receipted_left(&cluster, &cloud, goes_on == Cloud, &name).await;
    if matches!(swap, Loosened) && class == Restricted && edge {
        let anew = ask(&mut cluster.chat(), prompt("my question", class)).await;
        assert_eq!(anew.served().0, v1::Tier::Edge, "{name}: a new request may");
    }
}

fn ask_for(
    cluster: &Cluster,
    id: &str,
    class: DataClass,
) -> JoinHandle<littoral_tests::ask::Answer> {
    let mut client = cluster.chat();
    let request = v1::ChatRequest { request_id: id.into(), ..prompt("my question", class) };
    tokio::spawn(async move { ask(&mut client, request).await })
}
