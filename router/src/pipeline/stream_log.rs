//! What a request told its clients, kept for a while, so that a client whose connection broke can go
//! on where it was.
//!
//! One writer (the flight's driver) and any number of readers (the first client, one that resumed,
//! one that sent the same request again). The log is bounded in bytes: events that every reader has
//! read leave it from the front, and where a reader has not read them the writer waits. So a slow
//! reader costs a bounded buffer and then slows its own request, nobody else's.

pub mod reader;
pub mod resume;

use super::told::Told;
use littoral_core::flight::action::Emission;
use parking_lot::Mutex;
use reader::Reader;
use resume::{Heard, Position};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tokio::sync::watch;

/// Most bytes of events a log keeps.
pub const LOG_BYTES: usize = 1024 * 1024;
/// Bytes an event counts beside its text.
const EVENT_BYTES: usize = 128;

/// The log of one request.
pub struct StreamLog {
    state: Mutex<State>,
    published: watch::Sender<u64>,
    reading: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    routed: Option<Told>,
    events: VecDeque<Told>,
    /// Sequence number of the front of `events`.
    first: u64,
    bytes: usize,
    ended: bool,
    readers: BTreeMap<u64, Reading>,
    next_reader: u64,
    /// What the events that left the log had told.
    evicted: Heard,
}

/// How far a reader is.
#[derive(Clone, Copy)]
struct Reading {
    /// Sequence number of the event that it has not read yet.
    at: u64,
    /// It waits for the end, and need not hear of what comes before.
    waits_for_the_end: bool,
}

impl State {
    /// Somebody is to hear of an event at once: who reads along, and everybody where the log is full.
    fn is_news(&self) -> bool {
        self.bytes >= LOG_BYTES || self.readers.values().any(|reader| !reader.waits_for_the_end)
    }
}

impl Default for StreamLog {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            published: watch::Sender::new(0),
            reading: watch::Sender::new(0),
        }
    }
}

impl StreamLog {
    /// Adds an event, waiting while a reader holds the front of a full log.
    pub async fn push(&self, told: Told) {
        if !self.make_room() {
            let mut reading = self.reading.subscribe();
            while !self.make_room() {
                // The sender lives as long as this log.
                let _ = reading.changed().await;
            }
        }
        self.append(told);
    }

    /// Adds an event at once, full or not. For the last words of a request.
    pub fn append(&self, told: Told) {
        let mut state = self.state.lock();
        if state.routed.is_none() {
            state.routed = Some(told);
        } else {
            state.bytes += weight(&told);
            state.events.push_back(told);
        }
        let is_news = state.is_news();
        drop(state);
        if is_news {
            self.published.send_modify(|count| *count += 1);
        }
    }

    /// No event follows.
    pub fn end(&self) {
        self.state.lock().ended = true;
        self.published.send_modify(|count| *count += 1);
    }

    /// Whether anything was told.
    #[must_use]
    pub fn was_told(&self) -> bool {
        self.state.lock().routed.is_some()
    }

    /// Drops from the front what everyone has read. True if there is room now.
    fn make_room(&self) -> bool {
        let mut state = self.state.lock();
        let unread = state.readers.values().map(|reader| reader.at).min().unwrap_or(u64::MAX);
        while state.bytes >= LOG_BYTES && state.first < unread {
            let Some(event) = state.events.pop_front() else { break };
            state.bytes -= weight(&event);
            state.first += 1;
            state.evicted.hear(&event);
        }
        state.bytes < LOG_BYTES
    }

    /// A reader of everything from the start. `None` if the start has left the log.
    #[must_use]
    pub fn read_all(self: &Arc<Self>) -> Option<Reader> {
        self.read_from(Position::default())
    }

    /// The same, of a client that is told nothing before the end: it is woken then, or where the log is full.
    #[must_use]
    pub fn read_at_the_end(self: &Arc<Self>) -> Option<Reader> {
        self.reader(Position::default(), true)
    }

    /// A reader of what follows `position`. `None` if some of it has left the log.
    #[must_use]
    pub fn read_from(self: &Arc<Self>, position: Position) -> Option<Reader> {
        self.reader(position, false)
    }

    fn reader(self: &Arc<Self>, position: Position, waits_for_the_end: bool) -> Option<Reader> {
        let mut state = self.state.lock();
        if state.evicted.is_past(&position) {
            return None;
        }
        let id = state.next_reader;
        state.next_reader += 1;
        let reading = Reading { at: state.first, waits_for_the_end };
        state.readers.insert(id, reading);
        drop(state);
        self.reading.send_modify(|count| *count += 1);
        Some(Reader::new(Arc::clone(self), id, position, self.published.subscribe()))
    }

    fn routed(&self) -> Option<Told> {
        self.state.lock().routed.clone()
    }

    fn take(&self, reader: u64) -> Take {
        let mut state = self.state.lock();
        let State { readers, events, first, bytes, ended, .. } = &mut *state;
        let Some(reading) = readers.get_mut(&reader) else { return Take::Ended };
        let index = usize::try_from(reading.at.saturating_sub(*first)).unwrap_or(usize::MAX);
        let Some(event) = events.get(index).cloned() else {
            return if *ended { Take::Ended } else { Take::Wait };
        };
        reading.at += 1;
        let is_waited_for = *bytes >= LOG_BYTES;
        drop(state);
        if is_waited_for {
            self.reading.send_modify(|count| *count += 1);
        }
        Take::Event(event)
    }

    fn leave(&self, reader: u64) {
        self.state.lock().readers.remove(&reader);
        self.reading.send_modify(|count| *count += 1);
    }

    /// Whether anyone reads.
    #[must_use]
    pub fn has_reader(&self) -> bool {
        !self.state.lock().readers.is_empty()
    }

    /// Ends when nobody reads.
    pub async fn deserted(&self) {
        let mut reading = self.reading.subscribe();
        while self.has_reader() {
            let _ = reading.changed().await;
        }
    }

    /// Ends when somebody reads.
    pub async fn attended(&self) {
        let mut reading = self.reading.subscribe();
        while !self.has_reader() {
            let _ = reading.changed().await;
        }
    }
}

enum Take {
    Event(Told),
    Wait,
    Ended,
}

fn weight(told: &Told) -> usize {
    let text = match told {
        Told::Said(Emission::Delta { text, .. }) => text.len(),
        Told::Said(Emission::ToolCallDelta { fragment, .. }) => fragment.arguments.len(),
        _ => 0,
    };
    EVENT_BYTES + text
}

#[cfg(test)]
mod tests;
