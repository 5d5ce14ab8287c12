//! What a worker tells of its speed, its energy and its device.

use crate::Stage;
use crate::router::*;
use littoral_engine::{Finish, GenerationEvent, Timings, Usage};
use littoral_proto::v1::State;
use littoral_proto::v1::finished::Completed;
use littoral_worker::{DeviceSource, WorkerConfig, WorkerError};
use std::path::Path;

/// Runs one request and returns its end.
async fn served(stage: &mut Stage, peer: &mut Peer) -> Completed {
    peer.assign(1, &question("x")).await;
    assert_eq!(peer.news().await, accept(1));
    let started = stage.engine.started().await;
    started.send(GenerationEvent::Prefill { done: 100, of: 100 }).await;
    peer.news().await;
    let usage = Usage { prompt_tokens: 110, cached_prompt_tokens: 10, completion_tokens: 11 };
    let timings = Timings {
        prefill_ms: 1_000.0,
        prefill_run_ms: 1_000.0,
        decode_run_ms: 2_000.0,
        decode_steps: 10,
        ..Timings::default()
    };
    started.send(GenerationEvent::Finished { finish: Finish::Stop, usage, timings }).await;
    completed(peer.news().await).1
}

#[tokio::test]
async fn the_speed_of_finished_requests_is_told_without_their_cached_tokens() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    served(&mut stage, &mut peer).await;
    let state = peer.state_with(|state| state.models[0].decode_tokens_per_s.is_some()).await;
    assert_eq!(state.models[0].prefill_tokens_per_s, Some(100.0));
    assert_eq!(state.models[0].decode_tokens_per_s, Some(5.0));
    // It is the machine's and not the session's.
    drop(peer);
    let mut peer = stage.joined().await;
    assert_eq!(peer.state().await.models[0].decode_tokens_per_s, Some(5.0));
}

#[tokio::test]
async fn a_machine_without_a_meter_estimates_by_its_class_and_says_so() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let energy = served(&mut stage, &mut peer).await.energy.unwrap();
    assert!(energy.estimated);
    assert!(energy.prefill_joules > Some(0.0) && energy.decode_joules > Some(0.0), "{energy:?}");
    let known = |state: &State| state.models[0].joules_per_token.is_some();
    let model = peer.state_with(known).await.models.remove(0);
    assert!(model.joules_estimated);
    assert_eq!(model.joules_per_token, energy.decode_joules.map(|joules| joules / 11.0));
    assert_eq!(model.joules_per_prompt_token, energy.prefill_joules.map(|joules| joules / 100.0));
}

#[tokio::test]
async fn where_neither_a_meter_nor_the_class_tells_there_is_no_energy() {
    let mut stage = Stage::start_with(|config| config.device_class = "robot".to_owned()).await;
    let mut peer = stage.joined().await;
    assert_eq!(served(&mut stage, &mut peer).await.energy, None);
    let set = |config: &mut WorkerConfig| {
        config.device_class = "robot".to_owned();
        config.assumed_watts = Some(12.0);
    };
    let mut stage = Stage::start_with(set).await;
    let mut peer = stage.joined().await;
    assert!(served(&mut stage, &mut peer).await.energy.is_some_and(|energy| energy.estimated));
}

fn recording(folder: &Path, text: &str) -> DeviceSource {
    let path = folder.join("device.toml");
    std::fs::write(&path, text).unwrap();
    DeviceSource::Recorded(path)
}

#[tokio::test]
async fn a_recorded_device_is_told_as_it_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[[moment]]\nseconds = 0\nbattery_fraction = 0.25\non_battery = false\n\
                [[moment]]\nseconds = 0.5\nbattery_fraction = 0.125\non_battery = true\n";
    let source = recording(folder.path(), text);
    let mut stage = Stage::start_with(|config| config.device = source).await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    peer.welcome(120_000, 60_000).await;
    let unplugged = |state: &State| {
        state.device.as_ref().is_some_and(|device| {
            device.on_battery == Some(true) && device.battery_fraction == Some(0.125)
        })
    };
    peer.state_with(unplugged).await;
}

#[tokio::test]
async fn a_recording_that_makes_no_sense_ends_the_worker_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let source = recording(folder.path(), "[[moment]]\nbatery = 1\n");
    let stage = Stage::start_with(|config| config.device = source).await;
    let error = stage.ended().await.unwrap_err();
    assert!(matches!(error, WorkerError::Recording { .. }), "{error:?}");
    let shown = error.to_string();
    assert!(shown.contains("device.toml") && shown.contains("batery"), "{shown}");
}
