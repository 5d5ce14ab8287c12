//! Requests that run, and those that ended a moment ago, by principal and id.
//!
//! An id names one request for ever. While its log is held, the same body under the same id joins
//! it and another body is refused; later the id is known to be used from the store alone. What is
//! held is bounded in time and number.

use super::stream_log::StreamLog;
use super::told::Told;
use littoral_core::flight::action::Failure;
use littoral_core::reason::Reason;
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// A log is held this long after its request ended.
pub const HOLD: Duration = Duration::from_secs(60);
/// Most logs of ended requests that are held.
pub const MOST_ENDED: usize = 256;

/// SHA-256 of a request's body without its id.
pub type Digest = [u8; 32];

type Key = (String, String);

struct Entry {
    digest: Digest,
    log: Arc<StreamLog>,
    ended: Option<Duration>,
}

/// All requests whose logs are held.
#[derive(Clone, Default)]
pub struct Flights(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    entries: BTreeMap<Key, Entry>,
    /// Those that ended, the first to end in front. One whose entry says another moment is not meant.
    ended: VecDeque<(Duration, Key)>,
}

/// What came of entering a request.
pub enum Entered {
    /// Nobody used the id in living memory.
    New(Place),
    /// The same body is here already.
    Same(Arc<StreamLog>),
    /// Another body has this id.
    Other,
}

/// A running request's place. When it is dropped the request counts as ended.
pub struct Place {
    flights: Flights,
    key: Key,
    /// What its clients are told.
    pub log: Arc<StreamLog>,
    clock: crate::clock::Clock,
    /// Somebody may come back to it after its end.
    holds: bool,
}

impl Flights {
    /// Enters a request.
    #[must_use]
    pub fn enter(
        &self,
        principal_key: &str,
        id: &str,
        digest: Digest,
        clock: crate::clock::Clock,
    ) -> Entered {
        let key = (principal_key.to_owned(), id.to_owned());
        let mut held = self.0.lock();
        held.forget_old(clock.now());
        match held.entries.get(&key) {
            Some(entry) if entry.digest == digest => Entered::Same(Arc::clone(&entry.log)),
            Some(_) => Entered::Other,
            None => {
                let log = Arc::new(StreamLog::default());
                let entry = Entry { digest, log: Arc::clone(&log), ended: None };
                held.entries.insert(key.clone(), entry);
                Entered::New(Place { flights: self.clone(), key, log, clock, holds: true })
            }
        }
    }

    /// The log of a request, while it is held.
    #[must_use]
    pub fn log(&self, principal_key: &str, id: &str) -> Option<Arc<StreamLog>> {
        let key = (principal_key.to_owned(), id.to_owned());
        self.0.lock().entries.get(&key).map(|entry| Arc::clone(&entry.log))
    }

    /// Number of requests that run now.
    #[must_use]
    pub fn running(&self) -> usize {
        self.0.lock().entries.values().filter(|entry| entry.ended.is_none()).count()
    }
}

impl Held {
    /// Forgets logs that ended too long ago, and the oldest where there are too many.
    fn forget_old(&mut self, now: Duration) {
        let is_over = |held: &Self| {
            let first = held.ended.front().map(|(ended, _)| *ended);
            let stale = first.is_some_and(|ended| now.saturating_sub(ended) >= HOLD);
            stale || held.ended.len() > MOST_ENDED
        };
        while is_over(self) {
            let Some((ended, key)) = self.ended.pop_front() else { return };
            if self.entries.get(&key).is_some_and(|entry| entry.ended == Some(ended)) {
                self.entries.remove(&key);
            }
        }
    }
}

impl Place {
    /// The same, of an answer to which nobody can come back: its log is not held when it is over.
    #[must_use]
    pub fn forgotten_at_the_end(mut self) -> Self {
        self.holds = false;
        self
    }

    /// Takes the request back as if it had never come. Who joined it meanwhile is told to ask again.
    pub fn withdraw(self) {
        drop(self);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What ended before anything was told of it was turned away, or its client left before it began: the
        // same request again is a new one.
        let (mut held, now) = (self.flights.0.lock(), self.clock.now());
        let was_told = self.log.was_told();
        if !self.holds || !was_told {
            held.entries.remove(&self.key);
        } else if let Some(entry) = held.entries.get_mut(&self.key) {
            entry.ended = Some(now);
            held.ended.push_back((now, std::mem::take(&mut self.key)));
        }
        drop(held);
        if !was_told {
            self.log.append(Told::Failed(not_begun()));
        }
        self.log.end();
    }
}

/// What those hear who joined a request that ended before it began.
fn not_begun() -> Failure {
    Failure {
        reason: Reason::Shed,
        message:
            "the request that this one joined by its request_id ended before it began; send it \
                  again"
                .into(),
        retry_after_ms: Some(1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    fn entered(flights: &Flights, id: &str, body: u8) -> Entered {
        flights.enter("tenant/app/user", id, [body; 32], Clock::start())
    }

    #[test]
    fn the_same_body_joins_and_another_is_refused_while_it_runs_and_after() {
        let flights = Flights::default();
        let Entered::New(place) = entered(&flights, "one", 1) else { panic!("new") };
        assert!(matches!(entered(&flights, "one", 1), Entered::Same(_)));
        assert!(matches!(entered(&flights, "one", 2), Entered::Other));
        assert!(matches!(entered(&flights, "two", 2), Entered::New(_)));
        assert_eq!(flights.running(), 1, "the second was dropped at once");
        place.log.append(routed());
        drop(place);
        assert!(matches!(entered(&flights, "one", 1), Entered::Same(_)));
        assert!(matches!(entered(&flights, "one", 2), Entered::Other));
        assert_eq!(flights.running(), 0);
    }

    fn routed() -> Told {
        Told::Used(littoral_core::flight::event::Usage::default())
    }

    #[tokio::test]
    async fn what_ended_before_it_began_tells_who_joined_and_is_new_when_it_comes_again() {
        let flights = Flights::default();
        for withdrawn in [false, true] {
            let Entered::New(place) = entered(&flights, "one", 1) else { panic!("new") };
            let Entered::Same(joined) = entered(&flights, "one", 1) else { panic!("same") };
            let mut reader = joined.read_all().expect("from the start");
            if withdrawn {
                place.withdraw();
            } else {
                drop(place);
            }
            let Some(Told::Failed(failure)) = reader.next().await else { panic!("a failure") };
            assert_eq!(failure.reason, Reason::Shed);
            assert!(reader.next().await.is_none());
        }
        assert!(matches!(entered(&flights, "one", 1), Entered::New(_)));
    }

    #[test]
    fn ids_of_different_principals_do_not_meet() {
        let flights = Flights::default();
        let _mine = entered(&flights, "one", 1);
        let theirs = flights.enter("other/app/user", "one", [2; 32], Clock::start());
        assert!(matches!(theirs, Entered::New(_)));
        assert!(flights.log("third/app/user", "one").is_none());
    }

    #[test]
    fn a_withdrawn_request_was_never_there() {
        let flights = Flights::default();
        let Entered::New(place) = entered(&flights, "one", 1) else { panic!("new") };
        place.withdraw();
        assert!(matches!(entered(&flights, "one", 2), Entered::New(_)));
    }

    #[test]
    fn an_answer_to_which_nobody_can_come_back_is_held_while_it_runs() {
        let flights = Flights::default();
        let Entered::New(place) = entered(&flights, "one", 1) else { panic!("new") };
        let place = place.forgotten_at_the_end();
        assert!(matches!(entered(&flights, "one", 1), Entered::Same(_)));
        drop(place);
        assert!(flights.log("tenant/app/user", "one").is_none());
        assert!(flights.0.lock().entries.is_empty() && flights.0.lock().ended.is_empty());
    }

    #[test]
    fn ended_requests_are_held_in_bounded_number() {
        let flights = Flights::default();
        for index in 0..MOST_ENDED + 40 {
            let Entered::New(place) = entered(&flights, &index.to_string(), 1) else {
                panic!("new")
            };
            place.log.append(routed());
        }
        let _last = entered(&flights, "last", 1);
        let held = flights.0.lock();
        assert_eq!((held.entries.len(), held.ended.len()), (MOST_ENDED + 1, MOST_ENDED));
    }
}
