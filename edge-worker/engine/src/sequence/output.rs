//! The text of one sequence, with the log probabilities that belong to it.
//!
//! Text may lag behind the tokens: half a character and what may become a stop string are held. The
//! tokens and log probabilities of held text wait with it, so that each event is consistent.

use crate::chat_format::Vocabulary;
use crate::job::{Alternative, GenerationEvent, TokenLogprob, Usage};
use crate::sampling::{Ranked, log_softmax_at, top};
use crate::text::TextStream;
use crate::ticket::{Reply, count};

/// Collects tokens, reports text.
pub struct Output {
    text: TextStream,
    top_logprobs: Option<u8>,
    reply: Reply,
    tokens: usize,
    held_tokens: u32,
    held_logprobs: Vec<TokenLogprob>,
    stopped: bool,
}

/// What the model believed before penalties changed its logits.
pub struct Belief {
    raw: Vec<f32>,
    top: Vec<Ranked>,
}

impl Output {
    /// Output that ends at the first of `stop`.
    pub fn new(stop: Vec<String>, top_logprobs: Option<u8>, reply: Reply) -> Self {
        let text = TextStream::new(stop);
        Self {
            text,
            top_logprobs,
            reply,
            tokens: 0,
            held_tokens: 0,
            held_logprobs: Vec::new(),
            stopped: false,
        }
    }

    /// Keeps the raw logits where log probabilities were asked for.
    pub fn believed(&self, logits: &[f32]) -> Option<Belief> {
        let wanted = usize::from(self.top_logprobs?);
        Some(Belief { raw: logits.to_vec(), top: top(logits, wanted) })
    }

    /// Takes a token and reports the text that is certain now. Returns whether a stop string is
    /// complete.
    pub fn take(&mut self, token: u32, belief: Option<Belief>, vocabulary: &Vocabulary) -> bool {
        self.tokens += 1;
        self.held_tokens += 1;
        self.held_logprobs.extend(belief.and_then(|belief| logprob(token, &belief, vocabulary)));
        let scan = self.text.push(&vocabulary.bytes(token));
        self.report(scan.text);
        self.stopped = scan.stopped;
        scan.stopped
    }

    /// Takes `tokens` whose text is not told.
    pub fn skip(&mut self, tokens: usize) {
        self.tokens += tokens;
    }

    /// The answer is complete: what was held is text, unless a stop string claimed it.
    pub fn flush(&mut self) {
        if !self.stopped {
            let rest = self.text.finish().text;
            self.report(rest);
        }
    }

    /// Tokens generated.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Tokens of prompt and answer.
    pub fn usage(&self, prompt_tokens: usize, cached_prompt_tokens: usize) -> Usage {
        Usage {
            prompt_tokens: count(prompt_tokens),
            cached_prompt_tokens: count(cached_prompt_tokens),
            completion_tokens: count(self.tokens),
        }
    }

    fn report(&mut self, text: String) {
        if text.is_empty() {
            return;
        }
        let tokens = std::mem::take(&mut self.held_tokens);
        let logprobs = std::mem::take(&mut self.held_logprobs);
        self.reply.send(GenerationEvent::Text { text, tokens, logprobs });
    }
}

fn logprob(token: u32, belief: &Belief, vocabulary: &Vocabulary) -> Option<TokenLogprob> {
    let alternative = |ranked: &Ranked| Alternative {
        bytes: vocabulary.spelled(ranked.token),
        logprob: ranked.logprob,
    };
    Some(TokenLogprob {
        bytes: vocabulary.spelled(token),
        logprob: log_softmax_at(&belief.raw, token)?,
        top: belief.top.iter().map(alternative).collect(),
    })
}
