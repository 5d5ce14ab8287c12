//! Chat and embedding models on this machine, in ONNX Runtime.
//!
//! The engine turns a conversation into a stream of text: chat template, tokens, decoder steps with
//! caches that are never copied, sampling, text that is never half a character. It knows nothing of
//! networks, routers or policies.
//!
//! ONNX Runtime runs on threads of its own. The asynchronous side only passes messages: a
//! [`ChatModel`] is a handle to a thread, a [`Generation`] a bounded channel from it. Nothing here
//! needs an asynchronous runtime to be present until [`Generation::next`] is awaited.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use littoral_engine::{ChatModel, Conversation, GenerationEvent, Job, LoadOptions, Runtime};
//!
//! let runtime = Runtime::load("libonnxruntime.so".as_ref())?;
//! let model = ChatModel::load(&runtime, "models/small".as_ref(), LoadOptions::default())?;
//! let conversation = Conversation::question("What is a littoral?");
//! let mut generation = model.start(Job { conversation, ..Job::default() })?;
//! let mut answer = String::new();
//! while let Some(event) = generation.next().await {
//!     if let GenerationEvent::Text { text, .. } = event {
//!         answer.push_str(&text);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod accelerator;
pub mod chat_format;
mod conversation;
pub mod decoder;
pub mod embedding;
mod error;
mod foreign;
mod form;
mod generation;
mod grammar;
pub mod graph;
pub mod hardware;
mod held;
mod job;
pub mod kv;
mod mailbox;
mod measure;
pub mod memory;
mod model;
mod model_folder;
mod placement;
mod probe;
pub mod provision;
mod runtime;
pub mod sampling;
mod scheduler;
mod sequence;
pub mod text;
mod ticket;
mod tools;

pub use accelerator::Accelerator;
pub use chat_format::ChatFormat;
pub use conversation::{Conversation, Turn};
pub use embedding::{EmbeddingModel, Texts};
pub use error::{EngineError, StartError};
pub use form::Form;
pub use generation::Generation;
pub use held::Held;
pub use job::{
    Alternative, Finish, GenerationEvent, Job, TextVector, Timings, TokenLogprob, Usage,
};
pub use mailbox::Load;
pub use measure::Speed;
pub use model::{ChatModel, FolderCard, LoadOptions, ModelCard, Unloaded};
pub use placement::Placement;
pub use runtime::{DeviceInfo, DeviceKind, Runtime};
pub use sampling::Sampling;
pub use tools::{Call, MOST_CALLS, MOST_TOOLS, Tool, ToolChoice};
