//! OpenAI's dialect, as its clients speak it: chat completions and embeddings.

pub mod chat;
pub mod embeddings;
mod message;
mod request;
mod stream;

pub(super) use chat::STILL_HERE;
pub(super) use message::{part, text_part};
