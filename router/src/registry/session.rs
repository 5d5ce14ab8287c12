//! One session of one worker: what it claimed, what its token proves, what it runs.
//!
//! A slot is reserved before anything is sent and given back exactly once: when the assignment
//! ends, when it is cancelled, or when the session closes.

use crate::executors::edge::EdgeSink;
use crate::join_token::Claims;
use crate::registry::why::Why;
use littoral_core::estimate::{Ewma, HalfLife};
use littoral_core::lease::Standing;
use littoral_proto::v1;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A round trip of that age counts half: two or three heartbeats.
const ROUND_TRIP_HALF_LIFE: Duration = Duration::from_secs(12);

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

/// What was last heard.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// Arrival of the last message.
    pub at: Duration,
    /// The last state.
    pub state: Option<v1::State>,
    trips: Option<Ewma>,
    standing: Option<Standing>,
    last_ack: (u64, Duration),
}

impl Heard {
    /// Smoothed round trip, in milliseconds.
    #[must_use]
    pub fn round_trip_ms(&self) -> Option<f64> {
        self.trips.and_then(|trips| trips.value())
    }
}

struct Slots {
    model: String,
    capacity: u32,
    reserved: AtomicU32,
}

struct Running {
    slot: usize,
    sink: EdgeSink,
}

/// One live session.
pub struct Session {
    /// What the join token proves.
    pub claims: Claims,
    /// Session number, growing.
    pub incarnation: u64,
    /// What the worker says of itself; raises no trust.
    pub hello: v1::Hello,
    /// Moment at which the token expires, by the monotonic clock.
    pub token_ends: Duration,
    /// Ends when the session is over.
    pub closed: CancellationToken,
    why: OnceLock<Why>,
    heard: Mutex<Heard>,
    draining: AtomicBool,
    slots: Vec<Slots>,
    control: mpsc::Sender<v1::router_message::Message>,
    outgoing: mpsc::Sender<Outgoing>,
    running: Mutex<BTreeMap<u64, Running>>,
    next: AtomicU64,
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
        let slots = |offer: &v1::ModelOffer| Slots {
            model: offer.name.clone(),
            capacity: offer.slots.saturating_add(offer.queue_limit),
            reserved: AtomicU32::new(0),
        };
        Self {
            claims,
            incarnation: hello.incarnation,
            slots: hello.models.iter().map(slots).collect(),
            hello,
            token_ends,
            closed: CancellationToken::new(),
            why: OnceLock::new(),
            heard: Mutex::new(Heard { at: now, ..Heard::default() }),
            draining: AtomicBool::new(false),
            control,
            outgoing,
            running: Mutex::default(),
            next: AtomicU64::new(1),
        }
    }

    /// Reserves a slot and queues the assignment for sending.
    ///
    /// # Errors
    /// Nothing is reserved then; says why.
    pub fn assign(
        &self,
        model: &str,
        payload: Vec<u8>,
        sink: EdgeSink,
    ) -> Result<u64, NotAssigned> {
        if self.closed.is_cancelled() || self.is_draining() {
            return Err(NotAssigned::Closed);
        }
        let slot = self.slots.iter().position(|slots| slots.model == model);
        let slot = slot.ok_or(NotAssigned::NoModel)?;
        self.reserve(slot)?;
        let assignment_id = self.next.fetch_add(1, Ordering::Relaxed);
        self.running.lock().insert(assignment_id, Running { slot, sink });
        if self.outgoing.try_send(Outgoing { assignment_id, payload }).is_err() {
            self.end(assignment_id);
            return Err(NotAssigned::Busy);
        }
        Ok(assignment_id)
    }

    fn reserve(&self, slot: usize) -> Result<(), NotAssigned> {
        let slots = self.slots.get(slot).ok_or(NotAssigned::NoModel)?;
        let more = |reserved: u32| (reserved < slots.capacity).then_some(reserved + 1);
        let taken = slots.reserved.fetch_update(Ordering::AcqRel, Ordering::Acquire, more);
        taken.map(|_| ()).map_err(|_| NotAssigned::Busy)
    }

    /// Ends an assignment and gives its slot back. `None` if it had ended before.
    pub fn end(&self, assignment_id: u64) -> Option<EdgeSink> {
        let running = self.running.lock().remove(&assignment_id)?;
        if let Some(slots) = self.slots.get(running.slot) {
            slots.reserved.fetch_sub(1, Ordering::AcqRel);
        }
        Some(running.sink)
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
    pub fn with_running(&self, assignment_id: u64, with: impl FnOnce(&EdgeSink)) -> bool {
        let running = self.running.lock();
        let found = running.get(&assignment_id);
        found.inspect(|running| with(&running.sink)).is_some()
    }

    /// Sends a control message. A worker that lets these pile up has its session ended.
    pub fn tell(&self, message: v1::router_message::Message) {
        if self.control.try_send(message).is_err() {
            self.closed.cancel();
        }
    }

    /// Requests that hold a slot or a queue place of `model`.
    #[must_use]
    pub fn reserved(&self, model: &str) -> u32 {
        let of_model = self.slots.iter().filter(|slots| slots.model == model);
        of_model.map(|slots| slots.reserved.load(Ordering::Acquire)).sum()
    }

    /// Requests running or assigned, over all models.
    #[must_use]
    pub fn active(&self) -> u32 {
        self.slots.iter().map(|slots| slots.reserved.load(Ordering::Acquire)).sum()
    }

    /// Why it ended; `None` while it runs, and where it stopped reading.
    #[must_use]
    pub fn why(&self) -> Option<Why> {
        self.why.get().copied()
    }

    /// Takes nothing new from now on.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// Takes nothing new.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Notes that a message arrived.
    pub fn hear(&self, now: Duration) {
        self.heard.lock().at = now;
    }

    /// Notes a state, measures the round trip from its echo, and returns the next ack to send.
    pub fn hear_state(&self, state: v1::State, now: Duration) -> u64 {
        let mut heard = self.heard.lock();
        heard.at = now;
        let (seq, sent) = heard.last_ack;
        if seq > 0 && state.lease_ack_seq == seq {
            let away_ms = now.saturating_sub(sent).as_secs_f64() * 1000.0;
            let trip_ms = (away_ms - f64::from(state.held_ms)).max(0.0);
            let trips =
                heard.trips.get_or_insert_with(|| Ewma::new(HalfLife::new(ROUND_TRIP_HALF_LIFE)));
            trips.update(trip_ms, now);
        }
        heard.state = Some(state);
        heard.last_ack = (seq + 1, now);
        seq + 1
    }

    /// What was last heard.
    #[must_use]
    pub fn heard(&self) -> Heard {
        self.heard.lock().clone()
    }

    /// When something was last heard.
    #[must_use]
    pub fn heard_at(&self) -> Duration {
        self.heard.lock().at
    }

    /// Extends the lease because the router itself was late.
    pub fn extend(&self, by: Duration, now: Duration) {
        let mut heard = self.heard.lock();
        heard.at = (heard.at + by).min(now);
    }

    /// Remembers the standing; true if it changed.
    pub fn note_standing(&self, standing: Standing) -> bool {
        self.heard.lock().standing.replace(standing) != Some(standing)
    }

    /// Ends the session: everything it ran fails with a named fault, every slot returns.
    pub fn close(&self, why: Why) {
        // The first reason stands.
        let _ = self.why.set(why);
        self.closed.cancel();
        let ids: Vec<u64> = self.running.lock().keys().copied().collect();
        for sink in ids.into_iter().filter_map(|id| self.end(id)) {
            sink.lost(&self.claims.worker_id, why);
        }
    }
}
