//! Devices that sleep, and tokens that are renewed.

use crate::Stage;
use crate::router::*;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::{Renew, Sleep};
use littoral_worker::{WorkerControl, WorkerError};
use std::time::Duration;

async fn stage() -> (Stage, WorkerControl) {
    let control = WorkerControl::default();
    let given = control.clone();
    (Stage::start_with(|config| config.control = given).await, control)
}

fn announced(expected_ms: Option<u64>) -> Option<Up> {
    Some(Up::Sleep(Sleep { expected_ms }))
}

#[tokio::test]
async fn sleep_is_told_what_runs_ends_as_asleep_and_nothing_new_is_taken() {
    let (mut stage, control) = stage().await;
    let mut peer = stage.joined().await;
    let running = stage.begun(&mut peer).await;
    control.set_sleeping(Some(Duration::from_secs(90)));
    assert_eq!(peer.news().await, announced(Some(90_000)));
    assert_eq!(failure(peer.news().await), (1, "asleep".to_owned()));
    running.dropped().await;
    peer.assign(2, &question("y")).await;
    let (id, cause, _) = rejection(peer.news().await);
    assert_eq!((id, cause), (2, Cause::Draining));
    control.wake();
    peer.state().await;
    peer.assign(3, &question("z")).await;
    assert_eq!(peer.news().await, accept(3));
}

#[tokio::test]
async fn no_state_is_sent_between_sleep_and_waking_and_one_at_once_after() {
    let (mut stage, control) = stage().await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    // Much shorter than the sleep below; the router says nothing for longer than its lease.
    peer.welcome(200, 20).await;
    peer.state().await;
    control.set_sleeping(None);
    assert_eq!(peer.news().await, announced(None));
    let more = tokio::time::timeout(Duration::from_millis(400), peer.up.message()).await;
    assert!(more.is_err(), "it said {more:?} in its sleep");
    control.wake();
    assert!(matches!(peer.next().await, Some(Up::State(_))));
}

#[tokio::test]
async fn a_session_lost_in_sleep_is_dialled_again_after_waking() {
    let (mut stage, control) = stage().await;
    let mut peer = stage.joined().await;
    control.set_sleeping(None);
    assert_eq!(peer.news().await, announced(None));
    drop(peer);
    let early = tokio::time::timeout(Duration::from_millis(800), stage.router.session()).await;
    assert!(early.is_err(), "it dialled in its sleep");
    control.wake();
    stage.joined().await;
}

#[tokio::test]
async fn a_renewed_token_goes_up_in_the_session_and_into_the_next_hello() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "first\n").unwrap();
    let path = file.clone();
    let mut stage = Stage::start_with(|config| config.join_token_file = Some(path)).await;
    let mut peer = stage.router.session().await;
    assert_eq!(peer.hello().await.join_token, "first");
    peer.welcome(15_000, 5_000).await;
    std::fs::write(&file, "second\n").unwrap();
    let renew = Renew { join_token: "second".to_owned() };
    assert_eq!(peer.news().await, Some(Up::Renew(renew)));
    drop(peer);
    let mut peer = stage.router.session().await;
    assert_eq!(peer.hello().await.join_token, "second");
}

#[tokio::test]
async fn a_token_file_that_cannot_be_read_ends_the_worker_with_its_path() {
    let file = "no-such-folder/token";
    let stage = Stage::start_with(|config| config.join_token_file = Some(file.into())).await;
    let error = stage.ended().await.unwrap_err();
    assert!(matches!(error, WorkerError::Config { .. }), "{error:?}");
    let shown = error.to_string();
    assert!(shown.contains(file) && shown.contains("littoral token"), "{shown}");
}
