//! Hello, Welcome, heartbeats, and what a worker does when it is not let in.

use crate::{Stage, soon};
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::{Goodbye, LeaseAck, State};
use littoral_worker::{DeviceSource, WorkerConfig, WorkerError};
use std::time::{Duration, Instant};
use tonic::Status;

/// Sessions that a worker with little patience may begin before one is welcomed in time.
const MOST_DIALS: usize = 20;

#[tokio::test]
async fn the_hello_tells_the_name_the_token_and_the_models() {
    let mut stage = Stage::start().await;
    let mut peer = stage.router.session().await;
    let hello = peer.hello().await;
    assert_eq!((hello.worker_id.as_str(), hello.device_class.as_str()), ("desk", "pc"));
    assert_eq!(hello.join_token, "join-t0ken");
    assert_eq!(hello.models.len(), 1);
    assert_eq!((hello.models[0].name.as_str(), hello.models[0].slots), ("m", 2));
    assert_eq!(hello.version, env!("CARGO_PKG_VERSION"));
    let year_2020_ms = 1_577_836_800_000;
    assert!(hello.incarnation > year_2020_ms);
}

#[tokio::test]
async fn heartbeats_come_at_the_routers_pace_and_echo_its_last_lease_ack() {
    let mut stage = Stage::start().await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    let welcomed = Instant::now();
    peer.welcome(15_000, 30).await;
    let first = peer.state().await;
    assert_eq!((first.lease_ack_seq, first.held_ms), (0, 0));
    assert!(first.device.is_some_and(|device| device.battery_fraction.is_none()));
    assert_eq!(first.models[0].name, "m");
    for _ in 0..3 {
        peer.state().await;
    }
    assert!(welcomed.elapsed() >= Duration::from_millis(3 * 30), "{:?}", welcomed.elapsed());
    peer.send(Down::LeaseAck(LeaseAck { seq: 7 })).await;
    let echo = peer.state_with(|state| state.lease_ack_seq == 7).await;
    assert!(echo.held_ms <= 1000, "{}", echo.held_ms);
    // A number that is held longer says so, or the round trip would seem to grow.
    let later = peer.state().await;
    assert_eq!(later.lease_ack_seq, 7);
    assert!(later.held_ms >= echo.held_ms + 20, "{} {}", later.held_ms, echo.held_ms);
}

#[tokio::test]
async fn a_pulled_plug_is_told_at_once() {
    let root = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = root.path().join("sys/class/power_supply").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    file("BAT0/type", "Battery");
    file("BAT0/status", "Charging");
    let mut stage = Stage::start_with(|config| {
        config.device = DeviceSource::System(root.path().to_owned());
    })
    .await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    // Longer than the bound of any wait here.
    peer.welcome(120_000, 60_000).await;
    let on_battery = |state: &State| state.device.as_ref().and_then(|device| device.on_battery);
    assert_eq!(on_battery(&peer.state().await), Some(false));
    file("BAT0/status", "Discharging");
    peer.state_with(|state| on_battery(state) == Some(true)).await;
}

#[tokio::test]
async fn a_token_the_router_does_not_take_ends_the_worker_with_the_reason_and_the_way_out() {
    let stage = Stage::start().await;
    stage.router.refuse(Status::unauthenticated("the join token expired on 2026-01-02"));
    let error = stage.ended().await.unwrap_err();
    assert!(matches!(error, WorkerError::Unauthenticated { .. }), "{error:?}");
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("expired on 2026-01-02") && shown.contains("littoral token"), "{shown}");
    assert!(!shown.contains("t0ken"), "{shown}");
}

#[tokio::test]
async fn a_token_that_expires_in_mid_session_ends_the_worker_too() {
    let mut stage = Stage::start().await;
    let peer = stage.joined().await;
    peer.down.send(Err(Status::unauthenticated("the join token expired"))).await.unwrap();
    assert!(matches!(stage.ended().await, Err(WorkerError::Unauthenticated { .. })));
}

#[tokio::test]
async fn an_address_where_no_router_is_ends_the_worker() {
    let stage = Stage::start().await;
    stage.router.refuse(Status::unimplemented(""));
    assert!(matches!(stage.ended().await, Err(WorkerError::NoRouter { .. })));
}

#[tokio::test]
async fn a_configuration_that_cannot_work_is_refused_before_dialling() {
    let stage = Stage::start_with(|config: &mut WorkerConfig| {
        config.router = "nowhere".to_owned();
        config.device_class = "toaster".to_owned();
    })
    .await;
    let error = stage.ended().await.unwrap_err().to_string();
    assert!(error.contains("nowhere") && error.contains("toaster"), "{error}");
}

#[tokio::test]
async fn after_a_lost_session_the_worker_dials_again_with_a_larger_incarnation() {
    let mut stage = Stage::start().await;
    let mut peer = stage.router.session().await;
    let first = peer.hello().await.incarnation;
    drop(peer);
    let mut peer = stage.router.session().await;
    assert!(peer.hello().await.incarnation > first);
}

#[tokio::test]
async fn an_unavailable_router_is_dialled_again() {
    let mut stage = Stage::start().await;
    stage.joined().await.down.send(Err(Status::unavailable("restarting"))).await.unwrap();
    stage.joined().await;
}

#[tokio::test]
async fn goodbye_says_when_to_come_back() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let said = Instant::now();
    let reason = "the router restarts".to_owned();
    peer.send(Down::Goodbye(Goodbye { reason, retry_after_ms: Some(700) })).await;
    stage.router.session().await.hello().await;
    assert!(said.elapsed() >= Duration::from_millis(900), "{:?}", said.elapsed());
}

#[tokio::test]
async fn a_goodbye_without_a_time_to_come_back_is_final_and_tells_why() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let reason = "another process has joined".to_owned();
    peer.send(Down::Goodbye(Goodbye { reason: reason.clone(), retry_after_ms: None })).await;
    let error = stage.ended().await.expect_err("it must not dial again");
    assert!(
        matches!(&error, WorkerError::Refused { reason: told, .. } if *told == reason),
        "{error}"
    );
}

#[tokio::test]
async fn a_router_that_never_welcomes_is_given_up_and_dialled_again() {
    let mut stage =
        Stage::start_with(|config| config.link.welcome = Duration::from_millis(250)).await;
    let mut silent = stage.router.session().await;
    silent.hello().await;
    silent.ended().await;
    // Where this machine is slower than that limit for a while, it is given up again, and dialled again.
    for _ in 0..MOST_DIALS {
        let mut peer = stage.router.session().await;
        let greeted = matches!(peer.next().await, Some(Up::Hello(_)));
        if greeted && peer.try_welcome(15_000, 5_000).await {
            let state = |message| if let Up::State(state) = message { Some(state) } else { None };
            if let Some(state) = peer.first("a State", state).await {
                return assert_eq!(state.models[0].active, 0, "a session starts with nothing");
            }
        }
    }
    panic!("dialled {MOST_DIALS} times, and welcomed in time never");
}

#[tokio::test]
async fn terms_that_make_no_sense_are_not_accepted() {
    let mut stage = Stage::start().await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    peer.welcome(1_000, 1_000).await;
    assert_eq!(peer.next().await, None);
    stage.joined().await;
}

#[tokio::test]
async fn a_router_that_falls_silent_is_given_up_at_the_end_of_the_lease() {
    let mut stage = Stage::start().await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    let welcomed = Instant::now();
    peer.welcome(120, 40).await;
    peer.ended().await;
    assert!(welcomed.elapsed() >= Duration::from_millis(120));
    stage.joined().await;
}

#[tokio::test]
async fn a_router_that_acknowledges_is_kept_for_longer_than_a_lease() {
    let mut stage = Stage::start().await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    peer.welcome(400, 40).await;
    for seq in 1..20 {
        peer.state_with(|state| state.lease_ack_seq == seq - 1).await;
        peer.send(Down::LeaseAck(LeaseAck { seq })).await;
    }
    peer.state_with(|state| state.lease_ack_seq == 19).await;
}

#[tokio::test]
async fn nobody_at_the_address_is_no_error_and_the_wait_can_be_ended() {
    let stage = Stage::start_with(|config| config.router = "http://127.0.0.1:1".to_owned()).await;
    stage.shutdown.lame_duck.cancel();
    soon("the worker's end", stage.worker).await.unwrap().unwrap();
}
