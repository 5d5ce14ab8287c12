//! The HTTP doors over real sockets: what clients of OpenAI and of Anthropic send and expect.

mod abuse;
mod anthropic;
mod embeddings;
mod gate;
mod mutual;
mod openai;
mod web;
