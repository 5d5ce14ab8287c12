//! An engine that says what a test tells it to, token by token, so that every failure of a model can
//! be had at will. The session, the sockets and the router around it are the real ones.

use futures_util::stream;
use littoral_engine::{Finish, GenerationEvent, Job, Timings, Usage};
use littoral_proto::v1;
use littoral_worker::Engine;
use littoral_worker::engine::{Offer, Refusal, Running};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A model that answers every prompt with the same words.
pub struct ScriptedEngine {
    model: String,
    words: Vec<String>,
    /// Falls silent after this many words.
    silent_after: Option<usize>,
    started: AtomicUsize,
}

impl ScriptedEngine {
    /// A model of this name that answers with these words.
    #[must_use]
    pub fn new(model: &str, words: &[&str]) -> Self {
        Self {
            model: model.into(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            silent_after: None,
            started: AtomicUsize::new(0),
        }
    }

    /// Falls silent after `words` words, for ever.
    #[must_use]
    pub fn silent_after(mut self, words: usize) -> Self {
        self.silent_after = Some(words);
        self
    }

    /// Jobs it was given so far.
    #[must_use]
    pub fn started(&self) -> usize {
        self.started.load(Ordering::SeqCst)
    }
}

impl Engine for ScriptedEngine {
    fn offer(&self) -> Offer {
        let model = v1::ModelOffer {
            name: self.model.clone(),
            version: "scripted".into(),
            context_tokens: 2048,
            slots: 2,
            queue_limit: 8,
            quality: Some(0.5),
            accepts_prefix: true,
            logprobs: true,
            ..v1::ModelOffer::default()
        };
        Offer { models: vec![model], accelerators: Vec::new() }
    }

    fn load(&self) -> Vec<v1::state::ModelState> {
        vec![v1::state::ModelState {
            name: self.model.clone(),
            prefill_tokens_per_s: Some(500.0),
            decode_tokens_per_s: Some(100.0),
            ..v1::state::ModelState::default()
        }]
    }

    fn start(&self, _model: &str, job: Job) -> Result<Running, Refusal> {
        self.started.fetch_add(1, Ordering::SeqCst);
        // A continued answer starts where the prefix ends, as a real model would go on.
        let prefix = job.conversation.assistant_prefix.unwrap_or_default();
        let mut skipped = 0;
        let rest = self.words.iter().skip_while(move |word| {
            skipped += word.len();
            skipped <= prefix.len()
        });
        let text = |word: &String| GenerationEvent::Text {
            text: word.clone(),
            tokens: 1,
            logprobs: Vec::new(),
        };
        let mut events = vec![GenerationEvent::Prefill { done: 4, of: 4 }];
        events.extend(rest.map(text));
        let completion_tokens = self.words.len() as u32;
        let usage = Usage { prompt_tokens: 4, completion_tokens, ..Usage::default() };
        let timings = Timings::default();
        events.push(GenerationEvent::Finished { finish: Finish::Stop, usage, timings });
        if let Some(words) = self.silent_after {
            events.truncate(1 + words);
            return Ok(Box::pin(futures_util::StreamExt::chain(
                stream::iter(events),
                stream::pending(),
            )));
        }
        Ok(Box::pin(stream::iter(events)))
    }
}
