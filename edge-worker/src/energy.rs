//! What requests cost in joules.
//!
//! Where the processor's energy counter can be read, a request is charged with what the counter shows
//! beyond the machine's idle power while it ran, divided evenly among the requests that ran at the
//! same moment. The counter is of the whole package: other programs' work at the same time is in it.
//!
//! Elsewhere the stated model is: **watts × seconds that it ran ÷ requests that ran then**, with the
//! watts of the configuration or of the device class (`assumed_watts`), and the result says that it
//! is estimated. With neither there is no figure.
//!
//! The session tells when a request starts, when its prompt is read and when it ends; which of a
//! model's requests hold its slots follows from that, because a model takes them in order.

mod account;
mod counter;

pub(crate) use account::{Account, Spent};
pub(crate) use counter::Counter;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// Watts beyond idle that a device of this class draws while it generates with all its threads, for
/// machines that meter nothing. They are round figures for sustained processor power: a phone's chip
/// is held to about 4 W by its case, laptops and small desktops are built for 15 to 45 W, server
/// processors for 150 W and more. Vehicles and robots differ too much for a figure.
pub(crate) fn assumed_watts(device_class: &str) -> Option<f64> {
    match device_class {
        "phone" => Some(4.0),
        "pc" => Some(30.0),
        "edge_server" => Some(150.0),
        _ => None,
    }
}

/// The meter of a worker: the account and the counter it is kept by.
#[derive(Clone)]
pub(crate) struct Meter(Arc<Mutex<Inner>>);

struct Inner {
    account: Account,
    counter: Counter,
    started: Instant,
    next: u64,
}

/// A request's place in the account; dropping it closes the place.
pub(crate) struct Charge {
    meter: Meter,
    number: u64,
}

impl Meter {
    /// A meter that reads the counters under `root`; `watts` are assumed where there is none.
    pub(crate) fn new(root: Option<&Path>, watts: Option<f64>) -> Self {
        let counter = root.map(Counter::find).unwrap_or_default();
        let (account, started) = (Account::new(watts), Instant::now());
        Self(Arc::new(Mutex::new(Inner { account, counter, started, next: 0 })))
    }

    /// A request of `model`, which runs `slots` at once, was given to the engine.
    pub(crate) fn charge(&self, model: &str, slots: u32) -> Charge {
        let number = self.with(|inner| {
            inner.next += 1;
            inner.account.begin(inner.next, model, slots);
            inner.next
        });
        Charge { meter: self.clone(), number }
    }

    /// Settles the time since the last call. To be called now and then, so that idle power is learned
    /// and no counter goes round twice.
    pub(crate) fn look(&self) {
        self.with(|_| ());
    }

    /// Settles what was until now, then does what changes the account. A counter's file is read here,
    /// which takes microseconds.
    fn with<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, joules) = (inner.started.elapsed(), inner.counter.joules());
        inner.account.settle(now, joules);
        change(&mut inner)
    }
}

impl Charge {
    /// The prompt is read; the answer begins.
    pub(crate) fn answering(&self) {
        self.meter.with(|inner| inner.account.answering(self.number));
    }

    /// What the request cost so far.
    pub(crate) fn spent(&self) -> Option<Spent> {
        self.meter.with(|inner| inner.account.spent(self.number))
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.meter.with(|inner| inner.account.end(self.number));
    }
}
