//! Anthropic's dialect, as its clients speak it: messages.

mod blocks;
pub mod messages;
mod request;
mod stream;
