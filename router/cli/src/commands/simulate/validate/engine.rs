//! An engine that answers at the pace of a machine in a scenario: it reads and writes nothing real, and takes as
//! long for it as the scenario says. The session, the sockets and the router around it are the real ones.

use super::prompt;
use futures_util::Stream;
use littoral_engine::{Finish, GenerationEvent, Job, Timings, Usage};
use littoral_proto::v1;
use littoral_proto::v1::reject::Cause;
use littoral_sim::scenario::Machines;
use littoral_sim::{PacedMachine, Progress};
use littoral_worker::Engine;
use littoral_worker::engine::{Offer, Refusal, Running};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// What a token is written as.
const TOKEN: &str = "a ";

/// One machine.
pub struct PacedEngine(Arc<Shared>);

struct Shared {
    offer: v1::ModelOffer,
    begun: Instant,
    state: Mutex<State>,
    /// Somebody came or went: the next token may be due at another moment.
    turned: Notify,
}

struct State {
    machine: PacedMachine,
    jobs: HashMap<u32, Writing>,
    next: u32,
}

/// A job as far as its events were told.
struct Writing {
    events: mpsc::Sender<GenerationEvent>,
    read: u32,
    write: u32,
    finish: Finish,
    came: Duration,
    /// When it left the queue.
    begun: Option<Duration>,
    first: Option<Duration>,
    told: u32,
}

impl PacedEngine {
    /// Machine `number` of a group, counted over all groups, with the speed that it has with this seed.
    pub fn new(group: &Machines, seed: u64, number: u64) -> Self {
        let offer = v1::ModelOffer {
            name: group.model.to_string(),
            version: "paced".into(),
            context_tokens: group.context_tokens,
            slots: group.slots,
            queue_limit: group.queue_limit,
            quality: group.quality,
            accepts_prefix: group.accepts_prefix,
            ..v1::ModelOffer::default()
        };
        let machine = PacedMachine::new(group, seed, number);
        let state = Mutex::new(State { machine, jobs: HashMap::new(), next: 0 });
        Self(Arc::new(Shared { offer, begun: Instant::now(), state, turned: Notify::new() }))
    }

    /// Writes tokens when they are due, until told to stop.
    pub fn pace_until(&self, stop: CancellationToken) -> impl Future<Output = ()> + use<> {
        let shared = Arc::clone(&self.0);
        async move {
            loop {
                let due = shared.tell();
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = shared.turned.notified() => {}
                    () = at(due) => {}
                }
            }
        }
    }
}

/// Returns at a moment; without one, never.
async fn at(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Tells every job what was written by now; returns when the next token is due.
    fn tell(&self) -> Option<Instant> {
        let (mut state, now) = (self.state(), self.now());
        for progress in state.machine.look(now) {
            state.tell(progress, now);
        }
        state.machine.next_at().map(|next| self.begun + next)
    }
}

impl State {
    fn tell(&mut self, progress: Progress, now: Duration) {
        let rates = self.machine.rates();
        let Some(job) = self.jobs.get_mut(&progress.job) else { return };
        // The channel has a place for every event, so only a reader that has gone loses one.
        if job.begun.is_none() {
            job.begun = Some(now);
            let _ = job.events.try_send(GenerationEvent::Prefill { done: 0, of: job.read });
        }
        let tokens = progress.written.saturating_sub(job.told);
        if tokens > 0 {
            job.first.get_or_insert(now);
            job.told = progress.written;
            let text = TOKEN.repeat(tokens as usize);
            let logprobs = Vec::new();
            let _ = job.events.try_send(GenerationEvent::Text { text, tokens, logprobs });
        }
        if progress.is_over
            && let Some(job) = self.jobs.remove(&progress.job)
        {
            let _ = job.events.try_send(job.end(rates, now));
        }
    }
}

impl Writing {
    /// The last event. Rates are those of a request alone, as an engine measures its own steps.
    fn end(&self, (prefill, decode): (f64, f64), now: Duration) -> GenerationEvent {
        let since =
            |from: Option<Duration>| 1e3 * now.saturating_sub(from.unwrap_or(now)).as_secs_f64();
        let from_start =
            |to: Option<Duration>| 1e3 * to.unwrap_or(now).saturating_sub(self.came).as_secs_f64();
        let steps = self.write.saturating_sub(1);
        let prefill_ms = 1e3 * f64::from(self.read) / prefill;
        GenerationEvent::Finished {
            finish: self.finish,
            usage: Usage {
                prompt_tokens: self.read,
                completion_tokens: self.write,
                ..Usage::default()
            },
            timings: Timings {
                queue_ms: from_start(self.begun),
                prefill_ms,
                first_token_ms: from_start(self.first),
                decode_ms: since(self.first),
                prefill_run_ms: prefill_ms,
                decode_run_ms: 1e3 * f64::from(steps) / decode,
                decode_steps: steps,
            },
        }
    }
}

impl Engine for PacedEngine {
    fn offer(&self) -> Offer {
        Offer { models: vec![self.0.offer.clone()], accelerators: Vec::new() }
    }

    fn load(&self) -> Vec<v1::state::ModelState> {
        let state = self.0.state();
        let (active, queued) = state.machine.load();
        let (prefill, decode) = state.machine.rates();
        vec![v1::state::ModelState {
            name: self.0.offer.name.clone(),
            active,
            queued,
            prefill_tokens_per_s: Some(prefill),
            decode_tokens_per_s: Some(decode),
            ..v1::state::ModelState::default()
        }]
    }

    fn start(&self, _model: &str, job: Job) -> Result<Running, Refusal> {
        let mut texts = job.conversation.messages.iter().map(|turn| turn.content.as_str());
        let read = texts.clone().map(str::len).sum::<usize>();
        let read = u32::try_from(read).unwrap_or(u32::MAX);
        let wanted = prompt::answer_tokens(texts.next_back().unwrap_or_default());
        let write = job.max_tokens.map_or(wanted, |most| wanted.min(most)).max(1);
        let finish = if write < wanted { Finish::Length } else { Finish::Stop };
        // A place for each token, for the beginning, and for the end.
        let (events, answer) = mpsc::channel(write as usize + 2);
        let (mut state, now) = (self.0.state(), self.0.now());
        let number = state.next;
        state.next = number.wrapping_add(1);
        state
            .machine
            .take(number, read, write, now)
            .map_err(|_| Refusal::new(Cause::Busy, "every slot and queue place is taken"))?;
        let (begun, first, told) = (None, None, 0);
        let writing = Writing { events, read, write, finish, came: now, begun, first, told };
        state.jobs.insert(number, writing);
        drop(state);
        self.0.turned.notify_one();
        Ok(Box::pin(Answer { events: answer, number, shared: Arc::clone(&self.0) }))
    }
}

/// A job's events. Dropping it lets the job go.
struct Answer {
    events: mpsc::Receiver<GenerationEvent>,
    number: u32,
    shared: Arc<Shared>,
}

impl Stream for Answer {
    type Item = GenerationEvent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll_recv(context)
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let (mut state, now) = (self.shared.state(), self.shared.now());
        if state.jobs.remove(&self.number).is_some() {
            state.machine.leave(self.number, now);
        }
        drop(state);
        self.shared.turned.notify_one();
    }
}

#[cfg(test)]
mod tests;
