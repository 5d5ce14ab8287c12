//! Requests as recorded bodies, and answers as servers send them.
//!
//! The goldens lie beside those of chat: bodies by case, and answers as the bytes of a server next to what
//! was read off them.

use super::*;
use crate::executors::cloud::dialect::tests::{ALL, folder, is_as_recorded};
use crate::executors::cloud::openai::OpenAi;
use littoral_core::flight::event::Blame;
use proptest::prelude::*;
use std::fmt::Write as _;

const OPENAI: Dialect = Dialect::OpenAi(OpenAi::OPENAI);

fn request(texts: &[&str]) -> EmbeddingRequest {
    EmbeddingRequest {
        model: "text-embedding-3-small".into(),
        texts: texts.iter().map(|text| (*text).into()).collect(),
        dimensions: None,
        user: None,
    }
}

fn two() -> EmbeddingRequest {
    request(&["ebb", "flood"])
}

fn read_by(request: &EmbeddingRequest, answer: &[u8]) -> Result<Embeddings, Fault> {
    let sent = encode(OPENAI, request, "openai").unwrap();
    let exchange = Exchange { provider: "openai", sent: &sent, key: b"Bearer sk-1" };
    read(OPENAI, request, exchange, answer)
}

/// The detail of the fault that reading ends in.
fn refused(request: &EmbeddingRequest, answer: &str) -> String {
    let fault = read_by(request, answer.as_bytes()).unwrap_err();
    assert_eq!((fault.blame, fault.kind), (Blame::Target, "garbage"), "{}", fault.detail);
    fault.detail.strip_prefix("openai ").unwrap().to_owned()
}

#[test]
fn a_request_for_vectors_is_the_recorded_body_in_each_dialect_or_the_recorded_refusal() {
    let cases = [
        ("one", request(&["What is a littoral?"])),
        ("many", two()),
        ("dimensions", EmbeddingRequest { dimensions: Some(256), ..two() }),
        ("user", EmbeddingRequest { user: Some("u-1".into()), ..two() }),
        ("nothing", request(&[])),
        ("empty", request(&["ebb", ""])),
        ("no_dimensions", EmbeddingRequest { dimensions: Some(0), ..two() }),
        ("too_many", request(&["x"; 2_049])),
    ];
    for dialect in ALL {
        let folder = folder(dialect, "embeddings/requests");
        for (name, request) in &cases {
            let text = match encode(dialect, request, dialect.name()) {
                Ok(body) => {
                    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
                    serde_json::to_string_pretty(&body).unwrap() + "\n"
                }
                Err(Fault { blame, kind, detail, .. }) => {
                    format!("\"{blame:?} {kind}: {detail}\"\n")
                }
            };
            is_as_recorded(&folder.join(format!("{name}.json")), &text);
        }
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), cases.len(), "{folder:?}");
    }
    assert!(encode(OPENAI, &request(&["x"; 2_048]), "openai").is_ok());
}

#[test]
fn an_answer_of_a_server_is_read_as_recorded() {
    let folder = folder(OPENAI, "embeddings/answers");
    let mut answers = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        answers += 1;
        let mut told = String::new();
        match read_by(&two(), &std::fs::read(&path).unwrap()) {
            Ok(Embeddings { vectors, prompt_tokens }) => {
                for vector in vectors {
                    writeln!(told, "{vector:?}").unwrap();
                }
                writeln!(told, "{prompt_tokens:?}").unwrap();
            }
            Err(Fault { blame, kind, detail, .. }) => {
                writeln!(told, "{blame:?} {kind}: {detail}").unwrap();
            }
        }
        is_as_recorded(&path.with_extension("read"), &told);
    }
    assert!(answers >= 6, "{answers} answers");
}

#[test]
fn what_is_not_as_asked_is_named_and_no_vector_of_it_is_passed_on() {
    let rows = |rows: &str| format!(r#"{{"object":"list","data":[{rows}]}}"#);
    let row = |index: &str, vector: &str| format!(r#"{{"index":{index},"embedding":{vector}}}"#);
    let both = |one: String, other: String| rows(&format!("{one},{other}"));
    let count = "sent another number of embeddings than there are texts";
    assert_eq!(refused(&two(), &rows("")), count);
    assert_eq!(refused(&two(), &rows(&row("0", "[1]"))), count);
    let number = "numbered its embeddings wrongly";
    for second in ["0", "2", "18446744073709551615", "null"] {
        assert_eq!(refused(&two(), &both(row("0", "[1]"), row(second, "[1]"))), number);
    }
    let vector = "sent an embedding that is no list of numbers";
    for other in ["[1,null]", "[[1]]", "{}", "null", "[1e39]", "\"*\"", "\"AACA\"", "\"AADAfw==\""]
    {
        assert_eq!(refused(&two(), &both(row("0", "[1]"), row("1", other))), vector, "{other}");
    }
    let length = "sent an embedding of another length";
    assert_eq!(refused(&two(), &both(row("0", "[1]"), row("1", "[1,2]"))), length);
    assert_eq!(refused(&two(), &both(row("0", "[]"), row("1", "[]"))), length);
    let three = EmbeddingRequest { dimensions: Some(3), ..request(&["ebb"]) };
    assert_eq!(refused(&three, &rows(&row("0", "[1,2]"))), length);
    let none = "answered with something that is no list of embeddings";
    for other in ["", "<p>Log in to the hotel network</p>", "{}", "[]", r#"{"data":7}"#] {
        assert_eq!(refused(&two(), other), none, "{other}");
    }
    let bytes = read_by(&two(), b"{\"data\":\"\xff\"}").unwrap_err();
    assert_eq!(bytes.detail, "openai answered with bytes that are no text");
}

#[test]
fn an_answer_longer_than_any_honest_one_is_not_parsed() {
    let one = EmbeddingRequest { dimensions: Some(2), ..request(&["ebb"]) };
    let mut answer = br#"{"data":[{"embedding":[1,2]}]}"#.to_vec();
    answer.resize(one.limit_bytes(), b' ');
    assert_eq!(read_by(&one, &answer).unwrap().vectors, [[1.0, 2.0]]);
    answer.push(b' ');
    assert_eq!(
        read_by(&one, &answer).unwrap_err().detail,
        "openai sent an answer that is too long"
    );
    let most = EmbeddingRequest { dimensions: Some(u32::MAX), ..request(&["x"; 2_048]) };
    assert!(most.limit_bytes() > one.limit_bytes());
}

#[test]
fn requests_go_below_the_base_and_a_dialect_without_embeddings_says_so() {
    assert_eq!(path(OPENAI, "/v1/").as_deref(), Some("/v1/embeddings"));
    assert_eq!(path(Dialect::Anthropic, "/v1"), None);
    let exchange = Exchange { provider: "a", sent: b"", key: b"" };
    let fault = read(Dialect::Anthropic, &two(), exchange, b"{}").unwrap_err();
    assert_eq!((fault.blame, fault.kind), (Blame::Target, "unsupported"));
}

#[test]
fn neither_texts_nor_vectors_are_shown() {
    assert_eq!(format!("{:?}", two()), "EmbeddingRequest(2 texts to text-embedding-3-small)");
    let vectors = Embeddings { vectors: vec![vec![0.5, 1.0]], prompt_tokens: None };
    assert_eq!(format!("{vectors:?}"), "Embeddings(1 of 2 dimensions)");
}

proptest! {
    #[test]
    fn rows_in_any_order_and_either_encoding_are_the_texts_vectors(
        vectors in prop::collection::vec(prop::array::uniform3(-1e3_f32..1e3), 1..8),
        shift in 0_usize..8,
        in_base64: bool,
    ) {
        use base64::Engine as _;
        let mut rows: Vec<serde_json::Value> = vectors.iter().enumerate().map(|(index, vector)| {
            let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
            let text = base64::engine::general_purpose::STANDARD.encode(bytes);
            let vector = if in_base64 { text.into() } else { serde_json::json!(vector) };
            serde_json::json!({"object": "embedding", "index": index, "embedding": vector})
        }).collect();
        let shift = shift % rows.len();
        rows.rotate_left(shift);
        let answer = serde_json::json!({"data": rows, "usage": {"prompt_tokens": 9}}).to_string();
        let read = read_by(&request(&vec!["x"; vectors.len()]), answer.as_bytes()).unwrap();
        let expected: Vec<Vec<f32>> = vectors.into_iter().map(Vec::from).collect();
        prop_assert_eq!(read.vectors, expected);
        prop_assert_eq!(read.prompt_tokens, Some(9));
    }

    #[test]
    fn no_bytes_make_a_panic_or_a_vector_too_few(answer in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(read) = read_by(&two(), &answer) {
            prop_assert_eq!(read.vectors.len(), 2);
        }
    }
}
