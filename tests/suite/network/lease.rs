//! A line that goes half open outlives no lease: the worker leaves the list, what it was running ends,
//! and once the line is mended it comes back by itself.

use super::far_worker::{FarWorker, of};
use super::listening::Listening;
use super::{WORDS, left_as_receipted};
use crate::tables::Moment;
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_router::config::raw::RawLimits;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::ScriptedCloud;
use littoral_tests::cluster::{Cluster, Plan};

async fn with_a_short_lease(cloud: &ScriptedCloud) -> Cluster {
    let limits = RawLimits { heartbeat_ms: 200, lease_ms: 600, ..RawLimits::default() };
    Cluster::start(Plan { cloud: Some(cloud), limits, ..Plan::default() }).await
}

#[tokio::test]
async fn a_worker_on_a_half_open_line_leaves_the_list_and_rejoins_once_it_is_mended() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = with_a_short_lease(&cloud).await;
    let far = FarWorker::join(&cluster, &WORDS).await;
    far.gate.open();
    let first = far.incarnation(&cluster).await;

    far.relay.go_half_open();
    cluster.wait_for_workers(|list| of(list).is_none()).await;
    let denied = ask(&mut cluster.chat(), prompt("my question", DataClass::Personal)).await;
    assert_eq!(denied.failure().1, "EGRESS_DENIED");
    left_as_receipted(&cluster, &cloud, &denied, false).await;

    far.relay.mend(cluster.router.address);
    far.wait_until_back(&cluster, first, true).await;
    let answer = ask(&mut cluster.chat(), prompt("my question", DataClass::Personal)).await;
    assert_eq!((answer.text(), answer.served().0), (WORDS.concat(), v1::Tier::Device));
    left_as_receipted(&cluster, &cloud, &answer, false).await;
}

#[tokio::test]
async fn a_request_on_a_half_open_line_ends_with_the_lease_where_nobody_else_may_go_on() {
    for moment in Moment::ALL {
        let cloud = ScriptedCloud::start().await.expect("a stand-in");
        let cluster = with_a_short_lease(&cloud).await;
        let far = FarWorker::join(&cluster, &WORDS).await;
        let request = prompt("my question", DataClass::Restricted);
        let mut listening = Listening::start(&cluster, request).await;
        far.gate.release(moment.words());
        listening.until(moment).await;
        far.relay.go_half_open();
        let answer = listening.until_the_end().await;
        assert_eq!(answer.failure().1, "ATTEMPTS_FAILED", "{moment:?}");
        let message = answer.status.as_ref().expect("a failure").message();
        assert!(message.contains("was silent for a whole lease"), "{moment:?}: {message}");
        left_as_receipted(&cluster, &cloud, &answer, false).await;
    }
}
