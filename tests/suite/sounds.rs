//! A sound is content that nobody here has listened to: it goes where its class and a model's ears let
//! it, and nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_router::config::raw::RawConfig;
use littoral_tests::ask::{Answer as Heard, ask, prompt};
use littoral_tests::cloud::{Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::path::Path;
use std::sync::Arc;
use tonic::Code;

/// The application that asks may label a sound below what is made of it.
const TRUSTING: &str = "version = 1\nname = \"trusting\"\n[[rule]]\nname = \"they have listened\"\n\
                        for = { application = \"local\" }\nlower_label = true\n";
const TAG: &[u8] = b"ID3\x04\0\0 the tide at noon";

fn hears(_: &Path, raw: &mut RawConfig) {
    for provider in &mut raw.provider {
        provider.model.iter_mut().for_each(|model| model.audio = true);
    }
}

fn with_sound(class: DataClass, data: &[u8], format: v1::AudioFormat) -> v1::ChatRequest {
    let mut request = prompt("who sings", class);
    let sound = v1::Audio { data: data.to_vec(), format: format.into() };
    let content = Some(v1::part::Content::Audio(sound));
    request.messages[0].parts.push(v1::Part { content, ..v1::Part::default() });
    request
}

fn public() -> v1::ChatRequest {
    with_sound(DataClass::Public, TAG, v1::AudioFormat::Mp3)
}

fn message(heard: &Heard) -> &str {
    heard.status.as_ref().expect("a failure").message()
}

async fn cloud() -> ScriptedCloud {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(Behaviour::answer(["Nobody."]));
    cloud
}

#[tokio::test]
async fn a_sound_goes_to_no_cloud_whatever_its_label() {
    let cloud = cloud().await;
    let plan = Plan { cloud: Some(&cloud), adjust: Some(hears), ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    for class in [DataClass::Public, DataClass::Unspecified] {
        let request = with_sound(class, TAG, v1::AudioFormat::Mp3);
        let heard = ask(&mut cluster.chat(), request).await;
        assert_eq!(heard.failure().1, "EGRESS_DENIED", "{}", message(&heard));
        let facts = cluster.facts_of(&heard.routed().request_id).await;
        assert!(facts.needs_audio && !facts.needs_image);
        assert_eq!(facts.found.get("AUDIO"), Some(&1), "{:?}", facts.found);
    }
    assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0));
}

#[tokio::test]
async fn a_sound_that_somebody_may_label_goes_to_a_model_that_hears_byte_for_byte() {
    let cloud = cloud().await;
    let (policy, adjust) = (Some(TRUSTING), Some(hears as fn(&Path, &mut RawConfig)));
    let plan = Plan { cloud: Some(&cloud), policy, adjust, ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    let heard = ask(&mut cluster.chat(), public()).await;
    assert_eq!(heard.text(), "Nobody.", "{:?}", heard.status);
    let sent = cloud.requests()[0].json();
    let part = &sent["messages"][0]["content"][1];
    assert_eq!(
        (&part["type"], &part["input_audio"]["format"]),
        (&"input_audio".into(), &"mp3".into())
    );
    assert_eq!(
        STANDARD.decode(part["input_audio"]["data"].as_str().expect("a text")).expect("base64"),
        TAG
    );
}

#[tokio::test]
async fn a_model_that_does_not_hear_is_named_and_nothing_is_sent() {
    let cloud = cloud().await;
    let plan = Plan { cloud: Some(&cloud), policy: Some(TRUSTING), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let engine = Arc::new(ScriptedEngine::new("tiny", &["leaked"]));
    cluster.join(&Seat::own("this-device"), Arc::clone(&engine) as _).await;
    let heard = ask(&mut cluster.chat(), public()).await;
    assert_eq!(heard.failure().1, "NO_CAPABLE_TARGET", "{}", message(&heard));
    assert!(message(&heard).contains("lacks audio input"), "{}", message(&heard));
    assert_eq!((cloud.bytes_received(), cloud.connections(), engine.started()), (0, 0, 0));
}

#[tokio::test]
async fn what_is_no_sound_is_refused_by_its_field_and_without_a_word_of_it() {
    let cluster = Cluster::start(Plan::default()).await;
    let cases = [
        (b"a secret".as_slice(), v1::AudioFormat::Wav, "messages[0].parts[1].audio.data"),
        (b"", v1::AudioFormat::Mp3, "messages[0].parts[1].audio.data"),
        (TAG, v1::AudioFormat::Unspecified, "messages[0].parts[1].audio.format"),
    ];
    for (data, format, path) in cases {
        let heard = ask(&mut cluster.chat(), with_sound(DataClass::Public, data, format)).await;
        assert_eq!(heard.failure().0, Code::InvalidArgument);
        let status = heard.status.as_ref().expect("a failure");
        let told = format!("{} {}", status.message(), String::from_utf8_lossy(status.details()));
        assert!(told.contains(path) && !told.contains("secret"), "{told}");
    }
}
