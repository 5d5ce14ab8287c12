//! What can go wrong in the engine.
//!
//! Every message names the cause, the place and the way out, and reads after "failed to ...". None
//! of them carries a word of a prompt or an answer.

use std::path::PathBuf;

use crate::graph::Mismatch;

/// A failure of the runtime, a model folder or a running model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The shared library of ONNX Runtime is not there.
    #[error(
        "find the ONNX Runtime library at {}: no such file; run `littoral provision`",
        path.display()
    )]
    RuntimeMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is there and is no usable ONNX Runtime.
    #[error(
        "load the ONNX Runtime library {}: {cause}; remove the file and run `littoral provision`",
        path.display()
    )]
    RuntimeUnusable {
        /// The library.
        path: PathBuf,
        /// What the loader said.
        cause: String,
    },
    /// Another library is loaded already; a process can hold one.
    #[error(
        "load the ONNX Runtime library {}: this process already uses {}; restart it to change",
        wanted.display(), loaded.display()
    )]
    RuntimeFixed {
        /// The library in use.
        loaded: PathBuf,
        /// The library asked for.
        wanted: PathBuf,
    },
    /// The model folder is incomplete or one of its files does not read. All faults are listed.
    #[error("open the model folder {}: {}", folder.display(), faults.join("; "))]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// One sentence a fault, each with the file it is about.
        faults: Vec<String>,
    },
    /// The chat template cannot render this conversation.
    #[error("render the chat template: {0}")]
    Template(String),
    /// The tokenizer failed.
    #[error("tokenize the conversation: {0}")]
    Tokenizer(String),
    /// The graph is not a decoder of the supported layout. All mismatches are listed.
    #[error("use {} as a decoder: {}", path.display(), list(mismatches))]
    Graph {
        /// The model file.
        path: PathBuf,
        /// What was expected and what was found.
        mismatches: Vec<Mismatch>,
    },
    /// The graph is not an encoder of the supported layout. All mismatches are listed.
    #[error("use {} as a text encoder: {}", path.display(), list(mismatches))]
    Encoder {
        /// The model file.
        path: PathBuf,
        /// What was expected and what was found.
        mismatches: Vec<Mismatch>,
    },
    /// ONNX Runtime refused to load or run the model.
    #[error("{doing}: ONNX Runtime says: {cause}")]
    Runtime {
        /// The step that failed.
        doing: &'static str,
        /// ONNX Runtime's own words.
        cause: String,
    },
    /// The answer cannot be held to its form any further.
    #[error("hold the answer to its form: {0}")]
    Form(&'static str),
    /// The model called a tool with arguments that are not by its schema.
    #[error("use what the model said as a call: its arguments are not by the tool's schema")]
    ToolCall,
    /// The model was shut down or its thread is gone.
    #[error("use the model: it has been shut down; load it again")]
    Stopped,
    /// The model did not end in time; it ends when its step does.
    #[error("unload {model}: it still ran after {} ms", waited.as_millis())]
    StillRunning {
        /// The model's name.
        model: String,
        /// How long it was waited for.
        waited: std::time::Duration,
    },
    /// The operating system refused.
    #[error("{doing} {}: {cause}", path.display())]
    Io {
        /// The step that failed.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        cause: std::io::Error,
    },
}

impl EngineError {
    /// For `map_err`: wraps an ONNX Runtime error with the step that failed.
    pub(crate) fn runtime<R>(doing: &'static str) -> impl FnOnce(ort::Error<R>) -> Self {
        move |error| Self::Runtime { doing, cause: error.to_string() }
    }
}

fn list(mismatches: &[Mismatch]) -> String {
    let lines: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
    lines.join("; ")
}

/// Why a job was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Every slot is taken and the queue is full.
    #[error("queue the generation: {queued} are waiting already; try again later")]
    Busy {
        /// Jobs that wait, which is the queue's limit.
        queued: usize,
    },
    /// The prompt leaves no room for an answer.
    #[error(
        "fit the prompt into the model: it has {tokens} tokens, the most is {limit}; shorten it"
    )]
    TooLong {
        /// Tokens of the prompt; a lower bound when it was too long to count.
        tokens: usize,
        /// Tokens a prompt may have: the model's context less one.
        limit: usize,
    },
    /// A field of the job is out of its range.
    #[error("accept the request: {0}")]
    InvalidSampling(String),
    /// A text has more tokens than the model reads.
    #[error(
        "fit texts[{text}] into the model: it has {tokens} tokens, the most is {limit}; cut it into \
         pieces"
    )]
    TextTooLong {
        /// Which text, from 0.
        text: usize,
        /// Its tokens.
        tokens: usize,
        /// Tokens a text may have.
        limit: usize,
    },
    /// The model cannot do what is asked.
    #[error("accept the request: {0}")]
    Unsupported(String),
    /// The conversation cannot be rendered or tokenized.
    #[error("{0}")]
    Conversation(#[source] EngineError),
    /// The model was shut down.
    #[error("start the generation: the model has been shut down")]
    Stopped,
}
