//! Streams as servers send them, read whole and byte by byte.

use super::*;
use crate::executors::cloud::sse::SseReader;
use littoral_core::flight::event::{Fault, ToolCallFragment};
use std::fmt::Write as _;

fn piece(text: &mut String, piece: &Piece) {
    match piece {
        Piece::Text(channel, said, logprobs) => {
            write!(text, "{channel:?} {said:?}").unwrap();
            for logprob in logprobs {
                write!(text, " [{:?} {} {:?}]", logprob.token, logprob.logprob, logprob.top)
                    .unwrap();
            }
        }
        Piece::ToolCall(ToolCallFragment { index, id, name, arguments }) => {
            let (id, name) = (id.as_deref().unwrap_or("-"), name.as_deref().unwrap_or("-"));
            write!(text, "Call {index} {id} {name} {arguments:?}").unwrap();
        }
    }
    text.push('\n');
}

/// The events of a stream in the way of [`crate::executors::cloud::call`], without the connection.
fn read(dialect: Dialect, chunks: &[&[u8]], told: &mut String) -> Result<Completed, Fault> {
    let errors = ErrorReader { provider: dialect.name(), sent: b"", key: b"" };
    let (mut sse, mut reader) = (SseReader::default(), dialect.reader(errors));
    chunks.iter().for_each(|chunk| sse.push(chunk));
    sse.finish();
    while let Some(event) = sse.next() {
        let event = event.map_err(|error| errors.garbage(&error.to_string()))?;
        match reader.event(&event.data)? {
            Step::Pieces(pieces) => pieces.iter().for_each(|each| piece(told, each)),
            Step::Done => break,
        }
    }
    reader.end(errors.cut())
}

fn outcome(dialect: Dialect, chunks: &[&[u8]]) -> String {
    let mut told = String::new();
    match read(dialect, chunks, &mut told) {
        Ok(Completed { finish, usage }) => {
            let usage = usage.map(|usage| serde_json::to_string(&usage).unwrap());
            writeln!(told, "{finish:?} {}", usage.as_deref().unwrap_or("-")).unwrap();
        }
        Err(Fault { blame, kind, detail, .. }) => {
            writeln!(told, "{blame:?} {kind}: {detail}").unwrap();
        }
    }
    told
}

fn streams(dialect: Dialect) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder(dialect, "streams")).unwrap();
    let all = all.map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == "sse")).collect()
}

#[test]
fn a_stream_is_read_as_recorded_however_it_is_cut_into_chunks() {
    for dialect in ALL {
        let streams = streams(dialect);
        assert!(streams.len() >= 10, "{} streams of {}", streams.len(), dialect.name());
        for path in streams {
            let bytes = std::fs::read(&path).unwrap();
            let told = outcome(dialect, &[&bytes]);
            is_as_recorded(&path.with_extension("events"), &told);
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(outcome(dialect, &single), told, "{}", path.display());
        }
    }
}

#[test]
fn a_stream_that_is_cut_anywhere_before_its_reason_to_end_is_never_complete() {
    for dialect in ALL {
        for path in streams(dialect) {
            let bytes = std::fs::read(&path).unwrap();
            let word = b"_reason\":\"";
            let mut words = bytes.windows(word.len()).enumerate();
            let Some((at, _)) = words.find(|(_, window)| window == word) else { continue };
            for end in 0..at {
                let mut told = String::new();
                let read = read(dialect, &[&bytes[..end]], &mut told);
                assert!(read.is_err(), "{} cut at {end}", path.display());
            }
        }
    }
}
