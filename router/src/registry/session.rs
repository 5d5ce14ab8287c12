//! One session of one worker: what it claimed, what its token proves, what it runs.
//!
//! A slot is reserved before anything is sent and given back exactly once: when the assignment
//! ends, when it is cancelled, or when the session closes.

use super::heard::Heard;
use super::models::Models;
use super::reserved::Reserved;
use crate::executors::edge::EdgeSink;
use crate::join_token::Claims;
use crate::registry::why::Why;
use littoral_core::lease::LeaseTerms;
use littoral_core::membership::{Flaps, Phase};
use littoral_proto::v1;
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// Why an assignment could not be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAssigned {
    /// The worker has no such model.
    NoModel,
    /// Every slot and queue place is taken.
    Busy,
    /// The session is over or draining.
    Closed,
}

/// A request on its way to a worker, to be cut into frames.
pub struct Outgoing {
    /// Number of the assignment in this session.
    pub assignment_id: u64,
    /// A serialised `Assignment`.
    pub payload: Vec<u8>,
}

/// What a session is asked for.
pub struct Ask<'a> {
    /// Name of the model.
    pub model: &'a str,
    /// A serialised `Assignment`.
    pub payload: Vec<u8>,
    /// Longest answer, in bytes of text.
    pub most_text_bytes: u64,
}

/// One assignment that has not ended.
pub struct Running {
    place: Arc<Reserved>,
    /// Who listens.
    pub sink: EdgeSink,
    /// Bytes of text that it may still say.
    room: AtomicU64,
}

impl Running {
    /// Takes so many bytes of text in; false where it says more than was asked for.
    #[must_use]
    pub fn has_room_for(&self, bytes: usize) -> bool {
        let bytes = bytes as u64;
        let less = |room: u64| room.checked_sub(bytes);
        self.room.fetch_update(Ordering::AcqRel, Ordering::Acquire, less).is_ok()
    }
}

/// One live session.
pub struct Session {
    /// What the join token proves.
    pub claims: Claims,
    /// The worker's name, shared with whoever speaks of it.
    pub worker_id: Arc<str>,
    /// Session number, growing.
    pub incarnation: u64,
    /// Kind of machine, as the worker says; raises no trust.
    pub device_class: String,
    /// Version of the worker's build.
    pub version: String,
    /// Its models.
    pub models: Models,
    /// Ends when the session is over.
    pub closed: CancellationToken,
    accelerators: RwLock<Vec<v1::Accelerator>>,
    /// Moment at which the token expires, in milliseconds of the monotonic clock.
    token_ends_ms: AtomicU64,
    why: OnceLock<Why>,
    heard: Mutex<Heard>,
    control: mpsc::Sender<v1::router_message::Message>,
    outgoing: mpsc::Sender<Outgoing>,
    running: Mutex<BTreeMap<u64, Running>>,
    next: AtomicU64,
    freed: OnceLock<Arc<Notify>>,
}

impl Session {
    /// A new session. `control` and `outgoing` lead to its writer.
    #[must_use]
    pub fn new(
        claims: Claims,
        hello: v1::Hello,
        times: (Duration, Duration),
        control: mpsc::Sender<v1::router_message::Message>,
        outgoing: mpsc::Sender<Outgoing>,
    ) -> Self {
        let (now, token_ends) = times;
        let session = Self {
            worker_id: claims.worker_id.as_str().into(),
            claims,
            incarnation: hello.incarnation,
            device_class: hello.device_class,
            version: hello.version,
            models: Models::new(hello.models),
            closed: CancellationToken::new(),
            accelerators: RwLock::new(hello.accelerators),
            token_ends_ms: AtomicU64::new(0),
            why: OnceLock::new(),
            heard: Mutex::new(Heard::new(Flaps::default(), now)),
            control,
            outgoing,
            running: Mutex::default(),
            next: AtomicU64::new(1),
            freed: OnceLock::new(),
        };
        session.is_valid_until(token_ends);
        session
    }

    /// Reserves a slot and queues the assignment for sending.
    ///
    /// # Errors
    /// Nothing is reserved then; says why.
    pub fn assign(&self, ask: Ask<'_>, sink: EdgeSink, now: Duration) -> Result<u64, NotAssigned> {
        if self.closed.is_cancelled() || self.takes_nothing_new() {
            return Err(NotAssigned::Closed);
        }
        let Ask { model, payload, most_text_bytes } = ask;
        let place = self.models.reserve(model, now)?;
        let assignment_id = self.next.fetch_add(1, Ordering::Relaxed);
        let room = AtomicU64::new(most_text_bytes);
        self.running.lock().insert(assignment_id, Running { place, sink, room });
        // Who closes the session or puts it to sleep ends what is in the table; whoever comes after that
        // ends itself.
        let late = self.closed.is_cancelled() || self.takes_nothing_new();
        if late || self.outgoing.try_send(Outgoing { assignment_id, payload }).is_err() {
            self.end(assignment_id);
            return Err(if late { NotAssigned::Closed } else { NotAssigned::Busy });
        }
        Ok(assignment_id)
    }

    /// Ends an assignment and gives its slot back. `None` if it had ended before.
    pub fn end(&self, assignment_id: u64) -> Option<EdgeSink> {
        let running = self.running.lock().remove(&assignment_id)?;
        running.place.give_back();
        self.say_freed();
        Some(running.sink)
    }

    /// Who is to be told of slots that are let go.
    pub fn tell_freed(&self, freed: Arc<Notify>) {
        let _ = self.freed.set(freed);
        self.say_freed();
    }

    fn say_freed(&self) {
        if let Some(freed) = self.freed.get() {
            freed.notify_one();
        }
    }

    /// Ends an assignment and tells the worker to stop.
    pub fn cancel(&self, assignment_id: u64) {
        if self.end(assignment_id).is_some() {
            self.tell_cancel(assignment_id);
        }
    }

    /// Whether an assignment has neither ended nor been cancelled.
    #[must_use]
    pub fn is_running(&self, assignment_id: u64) -> bool {
        self.running.lock().contains_key(&assignment_id)
    }

    /// Tells the worker to stop an assignment, whether or not it is still known here.
    pub fn tell_cancel(&self, assignment_id: u64) {
        self.tell(v1::router_message::Message::Cancel(v1::Cancel { assignment_id }));
    }

    /// Does `with` for a running assignment. False if there is no such.
    pub fn with_running(&self, assignment_id: u64, with: impl FnOnce(&Running)) -> bool {
        let running = self.running.lock();
        let found = running.get(&assignment_id);
        found.inspect(|running| with(running)).is_some()
    }

    /// Sends a control message. A worker that lets these pile up has its session ended.
    pub fn tell(&self, message: v1::router_message::Message) {
        if self.control.try_send(message).is_err() {
            self.closed.cancel();
        }
    }

    /// Requests running or assigned, over all models.
    #[must_use]
    pub fn active(&self) -> u32 {
        self.models.read(|models| models.iter().map(super::models::Model::reserved).sum())
    }

    /// Why it ended; `None` while it runs, and where it stopped reading.
    #[must_use]
    pub fn why(&self) -> Option<Why> {
        self.why.get().copied()
    }

    /// What is known of it, read or changed in one piece.
    pub fn heard<T>(&self, with: impl FnOnce(&mut Heard) -> T) -> T {
        with(&mut self.heard.lock())
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self, terms: LeaseTerms, now: Duration) -> Phase {
        self.heard(|heard| heard.membership.phase(terms, now))
    }

    /// It drains or sleeps.
    #[must_use]
    pub fn takes_nothing_new(&self) -> bool {
        self.heard(|heard| heard.membership.takes_nothing_new())
    }

    /// What its models can run on.
    #[must_use]
    pub fn accelerators(&self) -> Vec<v1::Accelerator> {
        self.accelerators.read().clone()
    }

    /// Its hardware has changed.
    pub fn relist(&self, accelerators: Vec<v1::Accelerator>) {
        *self.accelerators.write() = accelerators;
    }

    /// Moment at which its token expires, by the monotonic clock.
    #[must_use]
    pub fn token_ends(&self) -> Duration {
        Duration::from_millis(self.token_ends_ms.load(Ordering::Acquire))
    }

    /// Takes claims that end later, if they are of the same worker; says whether they are.
    #[must_use]
    pub fn renew(&self, claims: &Claims, now: Duration, wall_ms: u64) -> bool {
        if !claims.is_same_worker(&self.claims) {
            return false;
        }
        let left = Duration::from_millis(claims.expires_unix_ms.saturating_sub(wall_ms));
        self.is_valid_until(now.saturating_add(left));
        true
    }

    /// Its token is valid until then, by the monotonic clock.
    fn is_valid_until(&self, ends: Duration) {
        let ms = u64::try_from(ends.as_millis()).unwrap_or(u64::MAX);
        self.token_ends_ms.store(ms, Ordering::Release);
    }

    /// Ends the session: everything it ran fails with a named fault, every slot returns.
    pub fn close(&self, why: Why) {
        // The first reason stands.
        let _ = self.why.set(why);
        self.closed.cancel();
        self.let_go(why);
    }

    /// Everything it runs fails with a named fault, every slot returns; the session goes on.
    pub fn let_go(&self, why: Why) {
        let ids: Vec<u64> = self.running.lock().keys().copied().collect();
        for sink in ids.into_iter().filter_map(|id| self.end(id)) {
            sink.lost(&self.claims.worker_id, why);
        }
    }
}
