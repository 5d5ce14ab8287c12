//! Shutdown: a first signal asks for an orderly end, a second one or the hard bound forces it.

use std::time::Duration;
use tokio::signal;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The two stages of an end, shared by everything that must stop.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    /// Take nothing new, finish what runs.
    pub lame_duck: CancellationToken,
    /// Stop now.
    pub hard: CancellationToken,
    /// Owner of every task of the process part.
    pub tasks: TaskTracker,
}

impl Shutdown {
    /// A shutdown that nobody has asked for yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for an orderly end, and for a hard one after `bound`. Returns when all tasks ended, or
    /// one second after the hard stop; true if nothing had to be left behind.
    pub async fn end(&self, bound: Duration) -> bool {
        self.lame_duck.cancel();
        self.tasks.close();
        tokio::select! {
            () = self.tasks.wait() => return true,
            () = self.hard.cancelled() => {}
            () = tokio::time::sleep(bound) => self.hard.cancel(),
        }
        tokio::time::timeout(Duration::from_secs(1), self.tasks.wait()).await.is_ok()
    }
}

/// Waits for SIGINT or SIGTERM (Ctrl-C elsewhere). Never returns if signals cannot be had.
pub async fn signalled() {
    #[cfg(unix)]
    {
        use signal::unix::{SignalKind, signal};
        let (Ok(mut interrupt), Ok(mut terminate)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
