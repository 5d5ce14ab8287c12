//! Three tiny decoders against a numpy forward pass that shares no code with their graphs.

use littoral_engine::decoder::Decoder;
use littoral_engine::kv::KvMode;
use littoral_engine::sampling::arg_max;
use littoral_engine::{ChatFormat, ChatModel, Conversation, Turn};
use serde::Deserialize;

use crate::fixtures::{answer, job, quick, runtime, tiny};

#[derive(Deserialize)]
struct Expected {
    tolerance: f32,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    messages: Vec<Message>,
    input_ids: Vec<u32>,
    logits: Vec<Vec<f32>>,
    greedy: Vec<u32>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: String,
}

fn expected(name: &str) -> Expected {
    let path = tiny().join(name).join("expected.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("written")).expect("parses")
}

fn assert_close(found: &[f32], expected: &[f32], tolerance: f32, place: &str) {
    assert_eq!(found.len(), expected.len(), "{place}");
    let apart = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart <= tolerance, "{place}: logits differ by {apart}, tolerance {tolerance}");
}

/// Every position one by one, then the whole prompt in one chunk, then a greedy continuation.
fn matches_numpy(name: &str, mode: KvMode) {
    let expected = expected(name);
    let folder = tiny().join(name);
    let format = ChatFormat::open(&folder).expect("opens");
    let mut decoder =
        Decoder::load(&runtime(), &folder.join("model.onnx"), 512, None).expect("loads");
    assert_eq!(decoder.mode(), mode);
    assert!(expected.cases.len() >= 2);
    for case in expected.cases {
        let turns = case.messages.into_iter().map(|m| Turn::new(m.role, m.content)).collect();
        let ids = format.encode(&Conversation::new(turns)).expect("encodes");
        assert_eq!(ids, case.input_ids);
        let mut logits = Vec::new();
        let mut cache = decoder.cache(0).expect("a cache");
        for (position, (&token, row)) in ids.iter().zip(&case.logits).enumerate() {
            decoder.step(&mut cache, &[token], &mut logits).expect("runs");
            assert_close(&logits, row, expected.tolerance, &format!("{name}, position {position}"));
        }
        let mut cache = decoder.cache(0).expect("a cache");
        decoder.step(&mut cache, &ids, &mut logits).expect("runs");
        let last = case.logits.last().expect("positions");
        assert_close(&logits, last, expected.tolerance, &format!("{name}, in one chunk"));
        for token in case.greedy {
            assert_eq!(arg_max(&logits), Some(token), "{name}");
            decoder.step(&mut cache, &[token], &mut logits).expect("runs");
        }
    }
}

#[test]
fn a_float32_decoder_with_position_ids_matches_numpy() {
    matches_numpy("float32", KvMode::Moved);
}

#[test]
fn a_float16_decoder_matches_numpy() {
    matches_numpy("float16", KvMode::Moved);
}

#[test]
fn a_decoder_with_grouped_heads_matches_numpy_over_shared_caches() {
    matches_numpy("grouped", KvMode::Shared);
}

#[tokio::test]
async fn each_layout_generates_the_expected_text_through_the_whole_engine() {
    for name in ["float32", "float16", "grouped"] {
        let folder = tiny().join(name);
        let model = ChatModel::load(&runtime(), &folder, quick()).expect("loads");
        let format = ChatFormat::open(&folder).expect("opens");
        for case in expected(name).cases {
            let count = u32::try_from(case.greedy.len()).expect("few");
            let ends = case.greedy.iter().position(|token| format.end_tokens().contains(token));
            let greedy = &case.greedy[..ends.unwrap_or(case.greedy.len())];
            let bytes: Vec<u8> =
                greedy.iter().flat_map(|&token| format.vocabulary().bytes(token)).collect();
            let answer = answer(&model, job(&case.messages[0].content, count)).await;
            assert_eq!(answer.text, String::from_utf8_lossy(&bytes), "{name}");
        }
        model.shutdown();
    }
}
