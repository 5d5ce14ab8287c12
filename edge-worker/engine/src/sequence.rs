//! One generation that holds a slot.
//!
//! A turn is one chunk of the prompt or one token, and nothing in between can be waited for: the
//! thread steps only sequences whose caller has room for what a turn reports.

mod calls;
mod clock;
mod output;

pub use calls::Calls;

use std::time::Instant;

use crate::chat_format::ChatFormat;
use crate::decoder::Decoder;
use crate::error::EngineError;
use crate::grammar::Constraint;
use crate::held::{Claim, Shelf};
use crate::job::{Finish, GenerationEvent};
use crate::kv::{KvCache, Parked};
use crate::sampling::Sampler;
use crate::ticket::{Reply, Ticket, count};
use crate::tools::{Call, OPEN};
use calls::Step;
use clock::Clock;
use output::{Belief, Output};

/// Tokens of the prompt read in one turn: a cancel waits for no more than this, and neither does
/// another generation's next token.
pub const CHUNK_TOKENS: usize = 128;

/// A running generation.
pub struct Sequence {
    /// Prompt and answer so far. The cache holds the first of them; the rest is to be fed.
    tokens: Vec<u32>,
    prompt: usize,
    cached: usize,
    cache: KvCache,
    claim: Option<Claim<Parked>>,
    sampler: Sampler,
    constraint: Option<Constraint>,
    calls: Option<Calls>,
    output: Output,
    max_tokens: usize,
    reply: Reply,
    clock: Clock,
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
    /// Gives `ticket` a slot. It goes on where the last turn of its session left off, as far as the
    /// texts are the same.
    ///
    /// # Errors
    /// There is no memory for its cache.
    pub fn admit(
        ticket: Ticket,
        decoder: &Decoder,
        shelf: &Shelf<Parked>,
    ) -> Result<Self, EngineError> {
        let clock = Clock::admitted(ticket.started);
        let length = ticket.prompt.len();
        let held = ticket.claim.as_ref();
        let held = held.and_then(|claim| shelf.take(claim.session(), &ticket.prompt));
        // What cannot be taken over is read again.
        let resumed = held.and_then(|(parked, keep)| decoder.resume(parked, keep, length).ok());
        let cache = match resumed {
            Some(cache) => cache,
            None => shelf.step(|| decoder.cache(length))?,
        };
        let sampler = Sampler::new(ticket.settings, &ticket.prompt);
        let mut stops = ticket.stop;
        // The opening of a call is watched for and kept back as a stop string is.
        stops.extend(ticket.calls.is_some().then(|| OPEN.to_owned()));
        let output = Output::new(stops, ticket.top_logprobs, ticket.reply.clone());
        Ok(Self {
            tokens: ticket.prompt,
            prompt: length,
            cached: cache.positions(),
            cache,
            claim: ticket.claim,
            sampler,
            constraint: ticket.constraint,
            calls: ticket.calls,
            output,
            max_tokens: ticket.max_tokens,
            reply: ticket.reply,
            clock,
        })
    }

    /// Whether a turn makes sense now.
    pub fn is_runnable(&self) -> bool {
        self.reply.is_runnable()
    }

    /// Bytes its cache will have after the next turn.
    pub fn bytes(&self) -> u64 {
        self.cache.bytes_after(self.next() - self.cache.positions())
    }

    /// Takes one turn. `logits` is scratch shared by all sequences.
    pub fn turn(
        &mut self,
        decoder: &mut Decoder,
        format: &ChatFormat,
        shelf: &Shelf<Parked>,
        logits: &mut Vec<f32>,
    ) -> Progress {
        if self.reply.is_gone() {
            return Progress::Abandoned;
        }
        if self.reply.is_cancelled() {
            return self.finish(Finish::Cancelled);
        }
        match self.step(decoder, shelf, logits) {
            Ok(true) => self.choose(format, logits),
            Ok(false) => Progress::Running,
            Err(error) => Progress::Over(GenerationEvent::Failed(error)),
        }
    }

    /// The way back, when the sequence itself is to go.
    pub fn into_reply(self) -> Reply {
        self.reply
    }

    /// The same for a sequence that ended in good order: its cache is kept for its session's next
    /// turn, as far as the prompt goes. What was generated is read again, as any prompt is: a token
    /// that is fed alone goes through another kernel of ONNX Runtime, and its keys and values differ
    /// by enough to change a close choice later. Reading an answer takes a fraction of making it.
    pub fn lay_aside(self, shelf: &Shelf<Parked>) -> Reply {
        let Self { mut tokens, prompt, cache, claim, reply, .. } = self;
        if let Some(claim) = claim {
            let parked = cache.park();
            tokens.truncate(parked.positions().min(prompt));
            let bytes = parked.bytes();
            shelf.keep(&claim, tokens, parked, bytes);
        }
        reply
    }

    /// Where the next turn's tokens end. A chunk leaves no lone token of a prompt behind, for the
    /// same reason that answers are not held: where chunks end depends on what was held, and must not
    /// show.
    fn next(&self) -> usize {
        let (start, end) = (self.cache.positions(), self.tokens.len());
        let lone = end - start == CHUNK_TOKENS + 1;
        (start + CHUNK_TOKENS - usize::from(lone)).min(end)
    }

    /// One chunk or one token; `true` when the next token can be chosen from `logits`.
    fn step(
        &mut self,
        decoder: &mut Decoder,
        shelf: &Shelf<Parked>,
        logits: &mut Vec<f32>,
    ) -> Result<bool, EngineError> {
        let (start, end, begun) = (self.cache.positions(), self.next(), Instant::now());
        shelf.step(|| decoder.step(&mut self.cache, &self.tokens[start..end], logits))?;
        if start >= self.prompt {
            self.clock.decoded(begun);
            // More than one where a call was opened or closed for the model.
            return Ok(end == self.tokens.len());
        }
        let last = end == self.prompt;
        self.clock.read(begun, last);
        self.reply.send(GenerationEvent::Prefill { done: count(end), of: count(self.prompt) });
        Ok(last)
    }

    fn choose(&mut self, format: &ChatFormat, logits: &mut [f32]) -> Progress {
        self.choice(format, logits)
            .unwrap_or_else(|error| Progress::Over(GenerationEvent::Failed(error)))
    }

    fn choice(&mut self, format: &ChatFormat, logits: &mut [f32]) -> Result<Progress, EngineError> {
        let called = self.calls.as_mut().and_then(Calls::constraint);
        let constraint = self.constraint.as_mut().or(called);
        let held = constraint.is_some();
        if let Some(constraint) = constraint {
            constraint.mask(logits)?;
        }
        let believed = self.output.believed(logits);
        let token = self.sampler.choose(logits, held).ok_or_else(|| EngineError::Runtime {
            doing: "choose a token",
            cause: "the model returned no logits".into(),
        })?;
        self.clock.chosen();
        self.tokens.push(token);
        if format.end_tokens().binary_search(&token).is_ok() {
            return Ok(self.finish(self.end()));
        }
        let mut complete = false;
        if let Some(constraint) = &mut self.constraint {
            complete = constraint.take(token)?;
        }
        let step = match &mut self.calls {
            Some(calls) => calls.take(token, format.vocabulary())?,
            None => Step::Said,
        };
        Ok(self.follow(step, token, believed, format, complete))
    }

    /// Does what a chosen token came to; `complete` if it is the last one the answer's form allows.
    fn follow(
        &mut self,
        step: Step,
        token: u32,
        believed: Option<Belief>,
        format: &ChatFormat,
        complete: bool,
    ) -> Progress {
        let made = self.calls.as_ref().map_or(0, Calls::made);
        match step {
            Step::Said => {
                if self.output.take(token, believed, format.vocabulary()) || complete {
                    return self.finish(Finish::Stop);
                }
            }
            Step::Silent => self.output.skip(1),
            Step::Opened(tokens) => {
                if made == 0 {
                    // What stands before the opening is text, the opening is none.
                    self.output.take(token, believed, format.vocabulary());
                } else {
                    self.output.skip(1);
                }
                self.tokens.pop();
                self.output.skip(tokens.len().saturating_sub(1));
                self.tokens.extend(tokens);
            }
            Step::Made(call, tokens) => {
                self.output.skip(1 + tokens.len());
                self.tokens.extend(tokens);
                self.tell(made, call);
            }
            Step::MadeLast(call) => {
                self.output.skip(1);
                self.tell(made, call);
                return self.finish(Finish::ToolCalls);
            }
            Step::Over => return self.finish(Finish::ToolCalls),
        }
        if self.output.tokens() >= self.max_tokens {
            let calls = self.calls.as_ref().is_some_and(Calls::is_calls);
            return self.finish(if calls { Finish::ToolCalls } else { Finish::Length });
        }
        Progress::Running
    }

    /// Tells of a call, which is the `made`th of the answer.
    fn tell(&self, made: u32, call: Call) {
        let (index, Call { name, arguments, .. }) = (made.saturating_sub(1), call);
        self.reply.send(GenerationEvent::ToolCall { index, name, arguments });
    }

    /// How an answer ends that the model ends.
    fn end(&self) -> Finish {
        let calls = self.calls.as_ref().is_some_and(Calls::is_calls);
        if calls { Finish::ToolCalls } else { Finish::Stop }
    }

    fn finish(&mut self, finish: Finish) -> Progress {
        // After a cancel nobody waits for text that was still undecided, and there may be no room.
        if finish != Finish::Cancelled {
            self.output.flush();
        }
        let (usage, timings) = (self.output.usage(self.prompt, self.cached), self.clock.finish());
        Progress::Over(GenerationEvent::Finished { finish, usage, timings })
    }
}
