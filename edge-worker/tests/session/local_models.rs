//! The real engine behind the session: the provisioned model on ONNX Runtime.

use crate::Stage;
use crate::router::*;
use littoral_engine::provision::{Provisioned, Silent, provision};
use littoral_kit::home::home;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::{Assignment, Chunk, FinishReason, Residency, Sampling, chunk, finished};
use littoral_worker::{Engine as _, LocalModels, WorkerConfig, WorkerError};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

const MODEL: &str = "smollm2-135m-instruct";

fn provisioned() -> &'static Provisioned {
    static READY: OnceLock<Provisioned> = OnceLock::new();
    READY.get_or_init(|| provision(&home(), &mut Silent).unwrap())
}

fn config() -> WorkerConfig {
    let ready = provisioned();
    let mut config = WorkerConfig::new("http://127.0.0.1:1", "join-t0ken".into(), "desk");
    config.runtime_library = ready.runtime_library.clone();
    config.models = vec![ready.model_folder.clone()];
    config
}

/// One load for all tests: it takes a second and 200 MB.
fn models() -> Arc<LocalModels> {
    static LOADED: OnceLock<Arc<LocalModels>> = OnceLock::new();
    Arc::clone(LOADED.get_or_init(|| Arc::new(LocalModels::load(&config()).unwrap())))
}

fn ask(text: &str) -> Assignment {
    Assignment {
        model: MODEL.to_owned(),
        sampling: Some(Sampling { temperature: Some(0.0), ..Sampling::default() }),
        max_output_tokens: Some(7),
        ..question(text)
    }
}

async fn joined() -> (Stage, Peer) {
    let engine = tokio::task::spawn_blocking(models).await.unwrap();
    let mut stage = Stage::start_on(engine).await;
    let mut peer = stage.router.session().await;
    let hello = peer.hello().await;
    let offer = &hello.models[0];
    assert_eq!((offer.name.as_str(), offer.slots, offer.queue_limit), (MODEL, 2, 8));
    assert!(offer.context_tokens >= 1024 && offer.accepts_prefix && !offer.image);
    assert!(offer.tools && offer.json_output && !offer.embeddings);
    assert!(
        hello.accelerators.iter().any(|device| device.kind == "cpu"),
        "{:?}",
        hello.accelerators
    );
    let placed = |place: &littoral_proto::v1::Placement| {
        place.execution_provider == "CPUExecutionProvider" && place.nodes.is_some_and(|it| it > 0)
    };
    assert!(offer.placement.iter().any(placed), "{:?}", offer.placement);
    // This router says nothing more, and a real answer on a busy machine can take longer than a lease.
    peer.welcome(120_000, 5_000).await;
    let state = peer.state().await;
    assert!(state.models[0].decode_tokens_per_s.is_some_and(|rate| rate > 1.0));
    assert!(state.models[0].prefill_tokens_per_s.is_some_and(|rate| rate > 1.0));
    (stage, peer)
}

/// Reads one answer to its end: the text by offsets, and the end.
async fn answer(peer: &mut Peer, id: u64) -> (String, finished::Completed) {
    assert_eq!(peer.news().await, accept(id));
    let mut answer = String::new();
    loop {
        match peer.news().await {
            Some(Up::Chunk(Chunk { body: Some(chunk::Body::Text(text)), .. })) => {
                assert_eq!(text.offset, answer.len() as u64);
                answer.push_str(&text.text);
            }
            Some(Up::Chunk(_)) => {}
            other => break (answer, completed(other).1),
        }
    }
}

#[tokio::test]
async fn a_real_model_answers_the_same_twice_and_goes_on_from_a_prefix_of_its_own_answer() {
    let (_stage, mut peer) = joined().await;
    peer.assign(1, &ask("What is the opposite of hot?")).await;
    let (first, end) = answer(&mut peer, 1).await;
    assert!(first.contains("cold"), "{first}");
    let usage = end.usage.unwrap();
    // As another engine counts them: template and tokenizer are the model's own.
    assert_eq!(usage.prompt_tokens, 37);
    assert!(usage.completion_tokens > 3, "{usage:?}");
    assert!(end.timings.unwrap().first_token_ms > 0.0);
    peer.assign(2, &ask("What is the opposite of hot?")).await;
    assert_eq!(answer(&mut peer, 2).await.0, first);
    let at = first.find(" cold").unwrap();
    let mut rest = ask("What is the opposite of hot?");
    rest.assistant_prefix = Some(first[..at].to_owned());
    peer.assign(3, &rest).await;
    let (rest, end) = answer(&mut peer, 3).await;
    assert!(rest.starts_with(&first[at..]), "{:?} then {rest:?}", &first[at..]);
    assert!(matches!(end.finish_reason(), FinishReason::Stop | FinishReason::Length));
}

#[tokio::test]
async fn a_real_model_stops_for_a_cancel() {
    let (_stage, mut peer) = joined().await;
    let mut long = ask("Count from one to ten thousand in words.");
    long.max_output_tokens = Some(1500);
    peer.assign(1, &long).await;
    assert_eq!(peer.news().await, accept(1));
    let mut chunks = 0;
    loop {
        match peer.news().await {
            Some(Up::Chunk(_)) => chunks += 1,
            other => break assert_eq!(other, cancelled(1)),
        }
        if chunks == 4 {
            peer.cancel(1).await;
        }
    }
    assert!(chunks < 1500, "{chunks}");
    peer.state_with(|state| state.models[0].active == 0).await;
}

#[tokio::test]
async fn the_engines_refusals_reach_the_router_by_cause() {
    let (_stage, mut peer) = joined().await;
    peer.assign(1, &ask(&"word ".repeat(30_000))).await;
    assert_eq!(rejection(peer.news().await).1, Cause::TooLong);
    let mut hot = ask("x");
    hot.sampling = Some(Sampling { temperature: Some(9.0), ..Sampling::default() });
    peer.assign(2, &hot).await;
    let (_, cause, detail) = rejection(peer.news().await);
    assert_eq!(cause, Cause::Unsupported);
    assert!(detail.contains("temperature"), "{detail}");
    let mut other = ask("x");
    other.model = "other".to_owned();
    peer.assign(3, &other).await;
    assert_eq!(rejection(peer.news().await).1, Cause::NoModel);
}

#[test]
fn a_model_that_does_not_fit_is_offered_from_its_folder_as_it_is_offered_when_loaded() {
    let mut small = config();
    small.model_memory_budget = Some(1);
    let on_disk = LocalModels::load(&small).unwrap().offer().models.remove(0);
    assert_eq!(on_disk.residency(), Residency::Loadable);
    assert!(on_disk.resident_bytes_estimated && on_disk.resident_bytes > Some(1 << 20));
    let loaded = models().offer().models.remove(0);
    assert_eq!(loaded.residency(), Residency::Resident);
    assert_eq!((on_disk.name, on_disk.version), (loaded.name, loaded.version));
    assert_eq!(on_disk.context_tokens, loaded.context_tokens);
    assert_eq!((on_disk.slots, on_disk.quality), (loaded.slots, loaded.quality));
    assert_eq!((on_disk.tools, on_disk.json_output), (loaded.tools, loaded.json_output));
    assert!(loaded.load_ms.is_some_and(|ms| ms > 0.0));
}

#[tokio::test]
async fn a_conversations_next_turn_finds_its_cache_and_the_state_tells_that_it_is_held() {
    let (_stage, mut peer) = joined().await;
    let mut first = ask("What is the opposite of hot?");
    first.session = Some(77);
    peer.assign(1, &first).await;
    let (text, end) = answer(&mut peer, 1).await;
    assert_eq!(end.cached_prompt_tokens, 0);
    let holds = |state: &littoral_proto::v1::State| {
        state.models[0].held.iter().any(|held| held.session == 77 && held.tokens > 30)
    };
    peer.state_with(holds).await;
    let mut next = first.clone();
    let mut said = next.messages[0].clone();
    said.role = littoral_proto::v1::Role::Assistant.into();
    said.parts[0].content = Some(littoral_proto::v1::part::Content::Text(text));
    next.messages.extend([said, first.messages[0].clone()]);
    peer.assign(2, &next).await;
    let (_, end) = answer(&mut peer, 2).await;
    assert!(end.cached_prompt_tokens > 30, "{end:?}");
}

#[test]
fn two_folders_with_one_name_are_refused_with_both_paths() {
    let mut config = config();
    config.models = vec![config.models[0].clone(), config.models[0].clone()];
    let Err(error) = LocalModels::load(&config) else { panic!("it loaded") };
    assert!(matches!(error, WorkerError::SameName { .. }), "{error}");
    assert!(error.to_string().contains(&config.models[0].display().to_string()), "{error}");
}

#[test]
fn a_missing_folder_is_an_error_with_its_path() {
    let mut config = config();
    config.models = vec![PathBuf::from("/nonexistent/model")];
    let Err(error) = LocalModels::load(&config) else { panic!("it loaded") };
    assert!(error.to_string().contains("/nonexistent/model"), "{error}");
}

#[test]
fn a_model_that_was_not_loaded_is_no_model() {
    let Err(refusal) = models().start("other", littoral_engine::Job::default()) else {
        panic!("it started")
    };
    assert_eq!(refusal.cause, Cause::NoModel);
}

/// A worker with both provisioned models.
async fn with_vectors() -> (Stage, Peer) {
    let load = || {
        let mut config = config();
        config.models.push(provisioned().embedding_folder.clone());
        Arc::new(LocalModels::load(&config).unwrap())
    };
    static LOADED: OnceLock<Arc<LocalModels>> = OnceLock::new();
    let engine = tokio::task::spawn_blocking(move || Arc::clone(LOADED.get_or_init(load)));
    let mut stage = Stage::start_on(engine.await.unwrap()).await;
    let mut peer = stage.router.session().await;
    let hello = peer.hello().await;
    let offer = hello.models.iter().find(|offer| offer.embeddings).unwrap();
    assert_eq!((offer.name.as_str(), offer.dimensions), (VECTORS, Some(384)));
    assert_eq!((offer.context_tokens, offer.slots), (256, 2));
    assert!(!offer.logprobs && !offer.accepts_prefix && offer.load_ms > Some(0.0));
    let chats = hello.models.iter().find(|offer| offer.name == MODEL).unwrap();
    assert!(!chats.embeddings && chats.dimensions.is_none());
    peer.welcome(120_000, 5_000).await;
    (stage, peer)
}

const VECTORS: &str = "all-minilm-l6-v2";

fn embed(texts: &[&str]) -> Assignment {
    Assignment {
        model: VECTORS.to_owned(),
        messages: texts.iter().map(|text| question(text).messages.remove(0)).collect(),
        embed: Some(littoral_proto::v1::assignment::Embed::default()),
        ..question("")
    }
}

#[tokio::test]
async fn texts_become_vectors_one_message_each_and_the_reading_is_accounted_for() {
    let (_stage, mut peer) = with_vectors().await;
    let texts = ["the tide turns", "the shore stays where it is", "a"];
    peer.assign(1, &embed(&texts)).await;
    assert_eq!(peer.news().await, accept(1));
    let mut rows = vec![Vec::new(); texts.len()];
    let end = loop {
        match peer.news().await {
            Some(Up::Chunk(Chunk { body: Some(chunk::Body::Embedding(row)), .. })) => {
                assert!(rows[row.index as usize].is_empty(), "a text has one vector");
                rows[row.index as usize] = row.values;
            }
            Some(Up::Chunk(Chunk { body: Some(chunk::Body::Progress(_)), .. })) => {}
            other => break completed(other).1,
        }
    };
    for row in &rows {
        assert_eq!(row.len(), 384);
        assert!((row.iter().map(|number| number * number).sum::<f32>() - 1.0).abs() < 1e-4);
    }
    let usage = end.usage.unwrap();
    assert_eq!((usage.prompt_tokens, usage.completion_tokens), (5 + 8 + 3, 0));
    assert_eq!(end.finish_reason(), FinishReason::Stop);
    assert!(end.timings.unwrap().prefill_ms > 0.0);
    if let Some(energy) = end.energy {
        assert_eq!(energy.decode_joules, Some(0.0), "{energy:?}");
    }
    let rated = |state: &littoral_proto::v1::State| {
        let own = state.models.iter().find(|model| model.name == VECTORS);
        own.is_some_and(|model| {
            model.prefill_tokens_per_s.is_some_and(|rate| rate > 1.0)
                && model.decode_tokens_per_s.is_none()
        })
    };
    peer.state_with(rated).await;
}

#[tokio::test]
async fn each_kind_of_model_refuses_the_other_kind_of_work_by_name() {
    let (_stage, mut peer) = with_vectors().await;
    let mut vectors = embed(&["x"]);
    vectors.model = MODEL.to_owned();
    peer.assign(1, &vectors).await;
    let (_, cause, detail) = rejection(peer.news().await);
    assert_eq!(cause, Cause::Unsupported);
    assert!(detail.contains("makes no vectors"), "{detail}");
    let mut answer = ask("x");
    answer.model = VECTORS.to_owned();
    peer.assign(2, &answer).await;
    let (_, cause, detail) = rejection(peer.news().await);
    assert_eq!(cause, Cause::Unsupported);
    assert!(detail.contains("does not answer"), "{detail}");
    peer.assign(3, &embed(&["short", &"tide ".repeat(300)])).await;
    let (_, cause, detail) = rejection(peer.news().await);
    assert_eq!(cause, Cause::TooLong);
    assert!(detail.contains("texts[1]") && detail.contains("256"), "{detail}");
    let mut shorter = embed(&["x"]);
    shorter.embed = Some(littoral_proto::v1::assignment::Embed { dimensions: Some(64) });
    peer.assign(4, &shorter).await;
    assert_eq!(rejection(peer.news().await).1, Cause::Unsupported);
}

#[tokio::test]
async fn an_embedding_model_is_benchmarked_and_unloaded_like_any_other() {
    use littoral_engine::Texts;
    let mut config = config();
    config.models = vec![provisioned().embedding_folder.clone()];
    let models =
        tokio::task::spawn_blocking(move || LocalModels::load(&config).unwrap()).await.unwrap();
    let residency = models.residency().unwrap();
    let mut changes = residency.changes();
    let name = || VECTORS.to_owned();
    residency.order(littoral_worker::engine::Order::Benchmark(name())).unwrap();
    let bound = std::time::Duration::from_secs(60);
    let change = tokio::time::timeout(bound, changes.recv()).await.unwrap().unwrap();
    assert_eq!(change, littoral_worker::engine::Change::State);
    residency.order(littoral_worker::engine::Order::Unload(name())).unwrap();
    let change = tokio::time::timeout(bound, changes.recv()).await.unwrap().unwrap();
    let littoral_worker::engine::Change::Model(event) = change else { panic!("{change:?}") };
    println!("unloading gave back {:?}, {:?}", event.returned_bytes, event.failure);
    let texts = Texts { texts: vec!["x".into()], dimensions: None };
    // It is either on disk or, where others in this process took memory meanwhile, said to linger.
    let refusal = models.embed(VECTORS, texts).err().unwrap();
    assert_eq!(refusal.cause, Cause::NoModel);
}

#[tokio::test]
async fn an_answer_by_a_schema_and_a_call_that_must_be_come_over_the_session() {
    use littoral_proto::v1::response_format::{Format, JsonSchema};
    use littoral_proto::v1::tool_choice::Kind;
    use littoral_proto::v1::{ResponseFormat, Tool, ToolChoice};
    let (_stage, mut peer) = joined().await;
    let schema_json = r#"{"enum": ["hot", "cold"]}"#.to_owned();
    let schema = JsonSchema { schema_json, ..JsonSchema::default() };
    let mut held = ask("What is the opposite of hot?");
    held.response_format = Some(ResponseFormat { format: Some(Format::JsonSchema(schema)) });
    peer.assign(1, &held).await;
    let (text, end) = answer(&mut peer, 1).await;
    assert!(["\"hot\"", "\"cold\""].contains(&text.as_str()), "{text}");
    assert_eq!(end.finish_reason(), FinishReason::Stop);

    let parameters = r#"{"type": "object", "properties": {"warm": {"type": "boolean"}},
        "required": ["warm"], "additionalProperties": false}"#;
    let mut call = ask("Is it warm?");
    call.max_output_tokens = Some(60);
    call.tools = vec![Tool {
        name: "report".into(),
        description: Some("reports the weather".into()),
        parameters_json: Some(parameters.into()),
        strict: None,
    }];
    let function = "report".to_owned();
    call.tool_choice = Some(ToolChoice { kind: Kind::Function.into(), function });
    peer.assign(2, &call).await;
    assert_eq!(peer.news().await, accept(2));
    let (mut names, mut ids, mut arguments) = (Vec::new(), Vec::new(), String::new());
    let end = loop {
        match peer.news().await {
            Some(Up::Chunk(Chunk { body: Some(chunk::Body::ToolCall(piece)), .. })) => {
                assert_eq!(piece.index, 0);
                names.extend(piece.name);
                ids.extend(piece.id);
                arguments.push_str(&piece.arguments);
            }
            Some(Up::Chunk(Chunk { body: Some(chunk::Body::Progress(_)), .. })) => {}
            other => break completed(other).1,
        }
    };
    assert_eq!((names, ids.len()), (vec!["report".to_owned()], 1));
    let possible = ["{\"warm\":true}", "{\"warm\":false}"];
    assert!(possible.contains(&arguments.as_str()), "{arguments}");
    assert_eq!(end.finish_reason(), FinishReason::ToolCalls);
    assert!(end.usage.unwrap().completion_tokens > 0);
}

#[tokio::test]
async fn what_cannot_be_held_is_unsupported_and_its_words_stay_here() {
    use littoral_proto::v1::ResponseFormat;
    use littoral_proto::v1::response_format::{Format, JsonSchema};
    let (_stage, mut peer) = joined().await;
    let schema_json = r#"{"type": "array", "uniqueItems": true, "items": {"const": "secret"}}"#;
    let schema = JsonSchema { schema_json: schema_json.into(), ..JsonSchema::default() };
    let mut held = ask("x");
    held.response_format = Some(ResponseFormat { format: Some(Format::JsonSchema(schema)) });
    peer.assign(1, &held).await;
    let (_, cause, detail) = rejection(peer.news().await);
    assert_eq!(cause, Cause::Unsupported);
    assert!(detail.contains("uniqueItems") && !detail.contains("secret"), "{detail}");
}
