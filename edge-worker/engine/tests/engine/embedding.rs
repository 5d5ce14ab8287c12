//! Embedding models: against a numpy forward pass, and how they refuse, stop and share.

use std::sync::OnceLock;
use std::time::Duration;

use littoral_engine::{
    EmbeddingModel, EngineError, Finish, FolderCard, Generation, GenerationEvent, StartError, Texts,
};
use serde::Deserialize;

use crate::fixtures::{provisioned, python, quick, repository, runtime};

#[derive(Deserialize)]
struct Expected {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    ids: Vec<u32>,
    vector: Vec<f32>,
}

fn expected(path: &std::path::Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("it is there");
    serde_json::from_str::<Expected>(&text).expect("it parses").cases
}

fn reference() -> Vec<Case> {
    expected(&repository().join("tests/data/reference/minilm_numpy.json"))
}

fn minilm() -> EmbeddingModel {
    static MODEL: OnceLock<EmbeddingModel> = OnceLock::new();
    let load = || {
        let folder = &provisioned().embedding_folder;
        EmbeddingModel::load(&runtime(), folder, quick()).expect("the model loads")
    };
    MODEL.get_or_init(load).clone()
}

fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Texts {
    Texts { texts: texts.into_iter().map(Into::into).collect(), dimensions: None }
}

/// The vectors in the order of the texts, and how it ended.
async fn vectors(mut running: Generation) -> (Vec<Vec<f32>>, Finish, u32) {
    let mut rows: Vec<(usize, Vec<f32>)> = Vec::new();
    loop {
        match running.next().await.expect("it ends") {
            GenerationEvent::Vectors(some) => {
                rows.extend(some.into_iter().map(|vector| (vector.text, vector.values)));
            }
            GenerationEvent::Prefill { .. } => {}
            GenerationEvent::Finished { finish, usage, .. } => {
                rows.sort_by_key(|(text, _)| *text);
                let rows = rows.into_iter().map(|(_, values)| values).collect();
                return (rows, finish, usage.prompt_tokens);
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn embed(model: &EmbeddingModel, asked: Texts) -> (Vec<Vec<f32>>, u32) {
    let (rows, finish, tokens) = vectors(model.start(&asked).expect("started")).await;
    assert_eq!(finish, Finish::Stop);
    (rows, tokens)
}

fn apart(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// All texts in one job (so batches of unlike lengths are padded), then each alone.
async fn matches_numpy(model: &EmbeddingModel, cases: &[Case], tolerance: f32) {
    let (together, tokens) = embed(model, texts(cases.iter().map(|case| &case.text))).await;
    assert_eq!(tokens as usize, cases.iter().map(|case| case.ids.len()).sum::<usize>());
    let mut worst = 0.0_f32;
    for (case, vector) in cases.iter().zip(&together) {
        let (alone, tokens) = embed(model, texts([&case.text])).await;
        assert_eq!(tokens as usize, case.ids.len(), "the tokens differ");
        for found in [vector, &alone[0]] {
            worst = worst.max(apart(found, &case.vector));
            assert!((cosine(found, found) - 1.0).abs() < 1e-5, "its length is not 1");
        }
    }
    println!("largest difference to numpy in any number of any vector: {worst:e}");
    assert!(worst <= tolerance, "apart by {worst}, tolerance {tolerance}");
}

#[tokio::test]
async fn minilm_matches_a_numpy_forward_pass_of_the_published_weights() {
    let cases = reference();
    assert!(cases.len() >= 8);
    matches_numpy(&minilm(), &cases, 2e-6).await;
}

#[tokio::test]
async fn a_tiny_encoder_with_every_weight_drawn_matches_numpy_through_the_converter() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (source, model) = (folder.path().join("source"), folder.path().join("model"));
    let made = python()
        .arg(repository().join("tests/models/tiny_encoder.py"))
        .arg(folder.path())
        .output()
        .expect("Python runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let converter = repository().join("edge-worker/engine/convert/bert_to_onnx.py");
    let converted = python()
        .arg(converter)
        .args([&source, &model])
        .args(["--name", "tiny", "--source", "drawn", "--license", "apache-2.0"])
        .output()
        .expect("Python runs");
    assert!(converted.status.success(), "{}", String::from_utf8_lossy(&converted.stderr));
    let cases = expected(&folder.path().join("expected.json"));
    let model = EmbeddingModel::load(&runtime(), &model, quick()).expect("loads");
    matches_numpy(&model, &cases, 2e-6).await;
}

#[tokio::test]
async fn what_means_the_same_lies_closer_than_what_does_not() {
    let asked = [
        "How do I reset my password?",
        "I forgot my login credentials and cannot sign in.",
        "The tide is highest at full moon.",
    ];
    let (rows, _) = embed(&minilm(), texts(asked)).await;
    let (alike, unlike) = (cosine(&rows[0], &rows[1]), cosine(&rows[0], &rows[2]));
    assert!(alike > 0.4 && unlike < 0.2, "{alike} and {unlike}");
}

#[test]
fn the_card_says_what_it_is_and_so_does_its_folder() {
    let card = minilm().card().clone();
    assert_eq!((card.name.as_str(), card.dimensions), ("all-minilm-l6-v2", Some(384)));
    assert_eq!((card.context_tokens, card.parameters), (256, Some(22_565_376)));
    assert!(card.speed.prefill_tokens_per_s > 1.0 && card.speed.decode_tokens_per_s == 0.0);
    assert!(card.placement.iter().any(|place| place.nodes > 0), "{:?}", card.placement);
    let folder = FolderCard::read(&provisioned().embedding_folder).expect("reads");
    assert!(folder.embeddings && folder.model_bytes > 80_000_000);
    assert_eq!((folder.name, folder.version), (card.name, card.version));
    assert_eq!((folder.dimensions, folder.context_tokens), (Some(384), 256));
    assert!(!FolderCard::read(&provisioned().model_folder).expect("reads").embeddings);
}

#[test]
fn a_text_that_is_too_long_is_refused_with_its_number_and_both_lengths() {
    let long = "tide ".repeat(255);
    let error = minilm().start(&texts(["short", long.as_str()])).expect_err("too long");
    assert!(matches!(error, StartError::TextTooLong { text: 1, tokens: 257, limit: 256 }));
    let message = error.to_string();
    assert!(message.contains("texts[1]") && message.contains("257") && message.contains("256"));
    assert!(
        minilm().start(&texts(["tide ".repeat(254)])).is_ok(),
        "254 words and the two ends fit"
    );
}

#[test]
fn vectors_of_another_length_are_refused() {
    let shorter = Texts { dimensions: Some(128), ..texts(["x"]) };
    let error = minilm().start(&shorter).expect_err("not supported");
    assert!(matches!(error, StartError::Unsupported(_)), "{error}");
}

#[tokio::test]
async fn a_special_token_in_a_text_is_text() {
    let (rows, tokens) = embed(&minilm(), texts(["a [SEP] b"])).await;
    // [CLS] a [ sep ] b [SEP]; as a token it would be [CLS] a [SEP] b [SEP].
    assert!(tokens > 5, "{tokens} tokens");
    assert_eq!(rows.len(), 1);
}

#[tokio::test]
async fn a_large_job_stops_between_two_batches() {
    let many = vec!["the keeper counts the waves ".repeat(40); 600];
    let mut running = minilm().start(&texts(many)).expect("started");
    loop {
        match running.next().await.expect("it goes on") {
            GenerationEvent::Vectors(_) => break,
            GenerationEvent::Prefill { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    running.cancel();
    let (rows, finish, _) = vectors(running).await;
    assert_eq!(finish, Finish::Cancelled);
    assert!(rows.len() < 500, "{} more texts were embedded after the cancel", rows.len());
}

#[tokio::test]
async fn a_dropped_job_frees_its_slot_and_an_unload_ends_what_runs() {
    let folder = &provisioned().embedding_folder;
    let model = EmbeddingModel::load(&runtime(), folder, quick()).expect("loads");
    let many = || texts(vec!["the keeper counts the waves ".repeat(40); 600]);
    drop(model.start(&many()).expect("started"));
    let (rows, _) = embed(&model, texts(["one"])).await;
    assert_eq!(rows.len(), 1);
    let mut running = model.start(&many()).expect("started");
    let handle = model.clone();
    tokio::task::spawn_blocking(move || model.unload(Duration::from_secs(30)))
        .await
        .expect("no panic")
        .expect("it ends in time");
    let mut failed = false;
    while let Some(event) = running.next().await {
        failed |= matches!(event, GenerationEvent::Failed(EngineError::Stopped));
    }
    assert!(failed);
    assert!(matches!(handle.start(&texts(["x"])), Err(StartError::Stopped)));
}

#[test]
fn a_chat_model_is_no_embedding_model_and_the_reverse() {
    let chat = &provisioned().model_folder;
    let error = EmbeddingModel::load(&runtime(), chat, quick()).expect_err("it chats");
    assert!(error.to_string().contains("kind = \"embedding\""), "{error}");
    let folder = &provisioned().embedding_folder;
    let error = littoral_engine::ChatModel::load(&runtime(), folder, quick()).expect_err("no chat");
    assert!(error.to_string().contains("cannot chat"), "{error}");
}
