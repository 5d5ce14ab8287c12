//! One generation that holds a slot.
//!
//! A turn is one chunk of the prompt or one token, and nothing in between can be waited for: the
//! thread steps only sequences whose caller has room for what a turn reports.

mod output;

use std::time::Instant;

use crate::chat_format::ChatFormat;
use crate::decoder::Decoder;
use crate::error::EngineError;
use crate::job::{Finish, GenerationEvent, Timings};
use crate::kv::KvCache;
use crate::sampling::Sampler;
use crate::ticket::{Reply, Ticket, count, milliseconds};
use output::Output;

/// Tokens of the prompt read in one turn: a cancel waits for no more than this, and neither does
/// another generation's next token.
pub const CHUNK_TOKENS: usize = 128;

/// A running generation.
pub struct Sequence {
    prompt: Vec<u32>,
    read: usize,
    last: Option<u32>,
    cache: KvCache,
    sampler: Sampler,
    output: Output,
    max_tokens: usize,
    reply: Reply,
    admitted: Instant,
    started: Instant,
    first_token: Option<Instant>,
    timings: Timings,
}

/// What a turn came to.
#[derive(Debug)]
pub enum Progress {
    /// The sequence keeps its slot.
    Running,
    /// It is over. The last event is not sent yet: whoever reads it may start the next job at once,
    /// so the slot has to be free by then.
    Over(GenerationEvent),
    /// The caller is gone; there is nobody to tell.
    Abandoned,
}

impl Sequence {
    /// Gives `ticket` a slot.
    ///
    /// # Errors
    /// There is no memory for its cache.
    pub fn admit(ticket: Ticket, decoder: &Decoder) -> Result<Self, EngineError> {
        let cache = decoder.cache(ticket.prompt.len())?;
        let sampler = Sampler::new(ticket.settings, &ticket.prompt);
        let output = Output::new(ticket.stop, ticket.top_logprobs, ticket.reply.clone());
        let queue_ms = milliseconds(ticket.started);
        Ok(Self {
            prompt: ticket.prompt,
            read: 0,
            last: None,
            cache,
            sampler,
            output,
            max_tokens: ticket.max_tokens,
            reply: ticket.reply,
            admitted: Instant::now(),
            started: ticket.started,
            first_token: None,
            timings: Timings { queue_ms, ..Timings::default() },
        })
    }

    /// Whether a turn makes sense now.
    pub fn is_runnable(&self) -> bool {
        self.reply.is_runnable()
    }

    /// Takes one turn. `logits` is scratch shared by all sequences.
    pub fn turn(
        &mut self,
        decoder: &mut Decoder,
        format: &ChatFormat,
        logits: &mut Vec<f32>,
    ) -> Progress {
        if self.reply.is_gone() {
            return Progress::Abandoned;
        }
        if self.reply.is_cancelled() {
            return self.finish(Finish::Cancelled);
        }
        match self.step(decoder, logits) {
            Ok(true) => self.choose(format, logits),
            Ok(false) => Progress::Running,
            Err(error) => Progress::Over(GenerationEvent::Failed(error)),
        }
    }

    /// The way back, when the sequence itself is to go.
    pub fn into_reply(self) -> Reply {
        self.reply
    }

    /// One chunk or one token; `true` when the next token can be chosen from `logits`.
    fn step(&mut self, decoder: &mut Decoder, logits: &mut Vec<f32>) -> Result<bool, EngineError> {
        if let Some(last) = self.last {
            decoder.step(&mut self.cache, &[last], logits)?;
            return Ok(true);
        }
        let end = (self.read + CHUNK_TOKENS).min(self.prompt.len());
        decoder.step(&mut self.cache, &self.prompt[self.read..end], logits)?;
        self.read = end;
        let (done, of) = (count(end), count(self.prompt.len()));
        self.reply.send(GenerationEvent::Prefill { done, of });
        if done == of {
            self.timings.prefill_ms = milliseconds(self.admitted);
        }
        Ok(done == of)
    }

    fn choose(&mut self, format: &ChatFormat, logits: &mut [f32]) -> Progress {
        let believed = self.output.believed(logits);
        let Some(token) = self.sampler.choose(logits) else {
            return Progress::Over(GenerationEvent::Failed(EngineError::Runtime {
                doing: "choose a token",
                cause: "the model returned no logits".into(),
            }));
        };
        if self.first_token.is_none() {
            self.timings.first_token_ms = milliseconds(self.started);
            self.first_token = Some(Instant::now());
        }
        self.last = Some(token);
        if format.end_tokens().binary_search(&token).is_ok() {
            return self.finish(Finish::Stop);
        }
        if self.output.take(token, believed, format.vocabulary()) {
            return self.finish(Finish::Stop);
        }
        if self.output.tokens() >= self.max_tokens {
            return self.finish(Finish::Length);
        }
        Progress::Running
    }

    fn finish(&mut self, finish: Finish) -> Progress {
        // After a cancel nobody waits for text that was still undecided, and there may be no room.
        if finish != Finish::Cancelled {
            self.output.flush();
        }
        self.timings.decode_ms = self.first_token.map_or(0.0, milliseconds);
        let usage = self.output.usage(self.prompt.len());
        Progress::Over(GenerationEvent::Finished { finish, usage, timings: self.timings })
    }
}
