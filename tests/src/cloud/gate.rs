//! Slowness by hand: a gate lets pieces of an answer through when the test says so, so that "slow"
//! needs no clock and means the same on every machine.

use std::sync::Arc;
use tokio::sync::Semaphore;

/// Holds back the pieces of an answer until they are released. Clones are the same gate.
#[derive(Clone)]
pub struct Gate(Arc<Semaphore>);

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn closed() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    /// Lets `pieces` more pieces through.
    pub fn release(&self, pieces: usize) {
        self.0.add_permits(pieces);
    }

    /// Lets everything through from now on.
    pub fn open(&self) {
        self.0.close();
    }

    /// Waits until one piece may pass. A closed semaphore is an open gate.
    pub async fn pass(&self) {
        if let Ok(permit) = self.0.acquire().await {
            permit.forget();
        }
    }
}
