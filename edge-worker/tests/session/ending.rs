//! Drain, shutdown, and their bounds.

use crate::Stage;
use crate::router::*;
use littoral_engine::Finish;
use littoral_proto::v1::DrainOrder;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use std::time::Duration;

async fn says_it_drains(peer: &mut Peer) {
    let notice = peer.news().await;
    assert!(matches!(&notice, Some(Up::Drain(drain)) if !drain.reason.is_empty()), "{notice:?}");
}

#[tokio::test]
async fn a_drained_worker_finishes_what_runs_takes_nothing_new_and_ends() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let started = stage.begun(&mut peer).await;
    peer.send(Down::Drain(DrainOrder {})).await;
    says_it_drains(&mut peer).await;
    peer.assign(2, &question("y")).await;
    assert_eq!(rejection(peer.news().await).1, Cause::Draining);
    started.text("done").await;
    assert_eq!(peer.news().await, text(1, 0, "done"));
    started.finish(Finish::Stop).await;
    assert_eq!(completed(peer.news().await).0, 1);
    stage.ends(peer).await;
}

#[tokio::test]
async fn an_orderly_shutdown_is_a_drain() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let started = stage.begun(&mut peer).await;
    stage.shutdown.lame_duck.cancel();
    says_it_drains(&mut peer).await;
    started.finish(Finish::Stop).await;
    assert_eq!(completed(peer.news().await).0, 1);
    stage.ends(peer).await;
}

#[tokio::test]
async fn an_idle_worker_ends_as_soon_as_it_is_drained() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    peer.send(Down::Drain(DrainOrder {})).await;
    says_it_drains(&mut peer).await;
    stage.ends(peer).await;
}

#[tokio::test]
async fn at_the_hard_bound_of_a_drain_what_still_runs_is_told_as_failed() {
    let mut stage =
        Stage::start_with(|config| config.drain_limit = Duration::from_millis(50)).await;
    let mut peer = stage.joined().await;
    let stuck = stage.begun(&mut peer).await;
    peer.send(Down::Drain(DrainOrder {})).await;
    says_it_drains(&mut peer).await;
    assert_eq!(failure(peer.news().await), (1, "stopping".to_owned()));
    stuck.dropped().await;
    stage.ends(peer).await;
}

#[tokio::test]
async fn a_hard_stop_ends_at_once_and_says_so_to_the_router() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let stuck = stage.begun(&mut peer).await;
    stage.shutdown.hard.cancel();
    assert_eq!(failure(peer.news().await), (1, "stopping".to_owned()));
    stuck.dropped().await;
    stage.ends(peer).await;
}

#[tokio::test]
async fn a_router_that_does_not_close_its_side_cannot_hold_the_worker() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    stage.shutdown.lame_duck.cancel();
    says_it_drains(&mut peer).await;
    // The router keeps its side open; the worker ends all the same.
    stage.ended().await.unwrap();
    assert_eq!(peer.news().await, None);
}

#[tokio::test]
async fn a_drained_worker_whose_router_is_lost_does_not_dial_again() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let orphan = stage.begun(&mut peer).await;
    peer.send(Down::Drain(DrainOrder {})).await;
    says_it_drains(&mut peer).await;
    drop(peer);
    orphan.dropped().await;
    stage.ended().await.unwrap();
}
