//! The life of a request inside the router: facts, decision, flight, account.
//!
//! [`prepare`] turns content into facts and asks the core; [`mod@drive`] performs the flight's
//! actions on real sockets; [`account`] writes down what came of it. Doors poll what
//! [`Pipeline::fly`] gives, or have it polled, and pass on what they are [`told`].

pub mod account;
mod beside;
pub mod dispatch;
pub mod drive;
pub mod first_turns;
pub mod flights;
pub mod learned;
mod ledger;
mod preloading;
pub mod prepare;
mod probing;
pub mod request;
pub mod room;
pub mod stream_log;
pub mod told;
mod waiting;

use crate::clock::Clock;
use crate::clouds::Clouds;
use crate::detectors::Detectors;
use crate::egress::EgressSwitch;
use crate::rates::Rates;
use crate::registry::Registry;
use crate::store::{SessionLabels, Store};
use crate::telemetry::Telemetry;
use crate::tokens::TokenCounter;
use crate::treasury::Treasury;
use arc_swap::ArcSwap;
use littoral_core::fair::RoomLimits;
use littoral_core::policy::Policy;
use littoral_core::record::Record;
use littoral_kit::shutdown::Shutdown;
use std::sync::Arc;
use tokio::sync::{Semaphore, broadcast};
use tokio_util::task::TaskTracker;

/// Decisions that a slow watcher may lag behind before it misses some.
const WATCH_QUEUE: usize = 256;

/// Everything a request needs on its way.
pub struct Pipeline {
    /// The policy in force. Requests in flight keep the one they were decided under, and each of their
    /// later dispatches must pass both.
    pub policy: Arc<ArcSwap<Policy>>,
    /// Workers.
    pub registry: Arc<Registry>,
    /// Cloud providers.
    pub clouds: Clouds,
    /// What may be spent at them.
    pub treasury: Arc<Treasury>,
    /// How many requests may be made.
    pub rates: Rates,
    /// Price of electricity for answers of our own machines, in US dollars per kilowatt-hour, where stated.
    pub usd_per_kwh: Option<f64>,
    /// What looks into content.
    pub detectors: Detectors,
    /// Whether anything may leave for them.
    pub egress: Arc<EgressSwitch>,
    /// Decisions, intents, outcomes.
    pub store: Arc<dyn Store>,
    /// The classes that conversations have reached.
    pub sessions: Arc<dyn SessionLabels>,
    /// What was learned from answered requests.
    pub learning: learned::Learning,
    /// Tokenizers at hand.
    pub tokens: TokenCounter,
    /// The router's clock.
    pub clock: Clock,
    /// Places for requests; one is held until the stream ends.
    pub in_flight: Arc<Semaphore>,
    /// Where requests wait for whom everything is taken.
    pub room: Arc<room::Room>,
    /// Requests running now, and those that ended a moment ago.
    pub requests: flights::Flights,
    /// What is told of all this.
    pub telemetry: Telemetry,
    /// The stages of an end.
    pub shutdown: Shutdown,
    /// Owner of the flights' tasks, apart from the rest so that an end can wait for them alone.
    pub flights: TaskTracker,
    watchers: broadcast::Sender<(String, Arc<Record>)>,
}

/// The parts a pipeline is made of.
pub struct Parts {
    /// The policy in force; whoever keeps it replaces it.
    pub policy: Arc<ArcSwap<Policy>>,
    /// Workers.
    pub registry: Arc<Registry>,
    /// Cloud providers.
    pub clouds: Clouds,
    /// What may be spent at them.
    pub treasury: Arc<Treasury>,
    /// How many requests may be made.
    pub rates: Rates,
    /// Price of electricity, in US dollars per kilowatt-hour, where stated.
    pub usd_per_kwh: Option<f64>,
    /// What looks into content.
    pub detectors: Detectors,
    /// Whether anything may leave for them.
    pub egress: Arc<EgressSwitch>,
    /// Decisions, intents, outcomes.
    pub store: Arc<dyn Store>,
    /// The classes that conversations have reached.
    pub sessions: Arc<dyn SessionLabels>,
    /// Tokenizers at hand.
    pub tokens: TokenCounter,
    /// The router's clock.
    pub clock: Clock,
    /// Most requests at once.
    pub max_in_flight: usize,
    /// Bounds of the waiting room.
    pub room: RoomLimits,
    /// What is told of all this.
    pub telemetry: Telemetry,
    /// The stages of an end.
    pub shutdown: Shutdown,
}

impl Pipeline {
    /// A pipeline of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            policy: parts.policy,
            registry: parts.registry,
            clouds: parts.clouds,
            treasury: parts.treasury,
            rates: parts.rates,
            usd_per_kwh: parts.usd_per_kwh,
            detectors: parts.detectors,
            egress: parts.egress,
            store: parts.store,
            sessions: parts.sessions,
            learning: learned::Learning::default(),
            tokens: parts.tokens,
            clock: parts.clock,
            in_flight: Arc::new(Semaphore::new(parts.max_in_flight)),
            room: Arc::new(room::Room::new(parts.room)),
            requests: flights::Flights::default(),
            telemetry: parts.telemetry,
            shutdown: parts.shutdown,
            flights: TaskTracker::new(),
            watchers: broadcast::Sender::new(WATCH_QUEUE),
        }
    }

    /// Decisions as they are made, from now on.
    #[must_use]
    pub fn watch(&self) -> broadcast::Receiver<(String, Arc<Record>)> {
        self.watchers.subscribe()
    }

    fn announce(&self, request_id: &str, record: &Arc<Record>) {
        // Nobody watching is no fault.
        let _ = self.watchers.send((request_id.to_owned(), Arc::clone(record)));
    }
}
