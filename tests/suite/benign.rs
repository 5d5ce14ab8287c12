//! What holds no secret still reaches a cloud: a gate that keeps everything back is no gate.
//!
//! The texts are ordinary: prose in eleven languages, code, logs. They are cut into requests of one
//! kilobyte, without a label, and each is judged as the router would, under the shipped policy.

use littoral_core::class::{DataClass, Tier};
use littoral_core::decide::class;
use littoral_core::facts::{Facts, Hints, TokenCount};
use littoral_core::policy::Policy;
use littoral_core::principal::Principal;
use littoral_core::privacy::{Searcher, needs};
use littoral_core::prompt::Prompt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const REQUEST_BYTES: usize = 1_024;

/// The files of a folder, by name.
fn texts(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/benign").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder of texts")
        .map(|entry| entry.expect("a file").path())
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("UTF-8"))
        })
        .collect();
    files.sort();
    files
}

fn requests(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = (REQUEST_BYTES.min(rest.len())..).find(|end| rest.is_char_boundary(*end));
        let (request, behind) = rest.split_at(end.expect("the end is a boundary"));
        all.push(request);
        rest = behind;
    }
    all
}

/// What keeps a request from the cloud, by kinds only: the text may be anything.
fn kept_back(searcher: &mut Searcher, text: &str) -> Option<String> {
    let content = searcher.scan(Arc::new(Prompt::of_text(text.to_owned())));
    let policy = Policy::shipped();
    let facts = Facts {
        principal: Principal::loopback(),
        alias: String::new(),
        class: content.labels(),
        scan: content.fact().clone(),
        session: None,
        prompt_tokens: TokenCount { tokens: 300, estimated: true },
        prompt_bytes: text.len() as u64,
        max_output_tokens: None,
        images: 0,
        audio_seconds: 0,
        needs: needs(content.prompt()),
        hints: Hints::default(),
        time: None,
    };
    let fact = class::under(&policy, &facts);
    let kinds = content.findings().iter().filter(|finding| finding.spot.score >= 40);
    let kinds: Vec<_> = kinds.map(|finding| finding.spot.detector.kind).collect();
    let stays = policy.ceiling(fact) < Tier::Cloud || fact.class > DataClass::Internal;
    stays.then(|| format!("{}: {}", facts.scan.extent, kinds.join(", ")))
}

/// Requests of a folder, and those that are kept back.
fn judged(folder: &str) -> (usize, Vec<String>) {
    let mut searcher = Searcher::shipped().expect("detectors");
    let mut count = 0;
    let mut kept = Vec::new();
    for (name, text) in texts(folder) {
        for request in requests(&text) {
            count += 1;
            kept.extend(kept_back(&mut searcher, request).map(|why| format!("{name}: {why}")));
        }
    }
    (count, kept)
}

#[test]
fn at_most_one_in_a_hundred_requests_of_prose_is_kept_back() {
    let (count, kept) = judged("prose");
    assert!(count > 150, "{count}");
    println!("prose: {} of {count} requests kept back", kept.len());
    assert!(kept.len() * 100 <= count, "{} of {count}: {kept:#?}", kept.len());
}

#[test]
fn at_most_one_in_twenty_requests_of_code_and_logs_is_kept_back() {
    let (code, mut kept) = judged("code");
    let (logs, more) = judged("logs");
    kept.extend(more);
    let count = code + logs;
    assert!(count > 150, "{count}");
    println!("code and logs: {} of {count} requests kept back", kept.len());
    assert!(kept.len() * 20 <= count, "{} of {count}: {kept:#?}", kept.len());
}
