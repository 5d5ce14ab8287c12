//! How the program around a worker tells it that the device goes to sleep.
//!
//! A phone's system tells its apps, a process is told by signal. Announced in time, the router plans
//! around the device at once instead of finding out by silence.

use std::time::Duration;
use tokio::sync::watch;

/// A handle that announces sleep; clones share it. Part of the worker's configuration: keep a clone.
#[derive(Clone, Debug)]
pub struct WorkerControl(watch::Sender<Option<Asleep>>);

/// A sleep that was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asleep {
    /// How long it is expected to be; `None`: unknown.
    pub expected: Option<Duration>,
}

impl Default for WorkerControl {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl WorkerControl {
    /// The device goes to sleep, for about `expected` where that is known. What runs ends as failed,
    /// nothing new is taken, and a lost router is not dialled until [`Self::wake`].
    pub fn set_sleeping(&self, expected: Option<Duration>) {
        self.0.send_replace(Some(Asleep { expected }));
    }

    /// The device is awake.
    pub fn wake(&self) {
        self.0.send_replace(None);
    }

    /// What is announced from now on, the present state included.
    pub(crate) fn listen(&self) -> watch::Receiver<Option<Asleep>> {
        let mut receiver = self.0.subscribe();
        receiver.mark_changed();
        receiver
    }

    pub(crate) fn is_asleep(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Returns when the device is awake, at once if it is.
    pub(crate) async fn awake(&self) {
        // The sender is at hand, so the wait cannot fail.
        let _ = self.0.subscribe().wait_for(Option::is_none).await;
    }
}
