//! Sleep announced to a process: SIGUSR1 says that the machine is about to sleep, for how long is
//! unknown. A hook of the system's sleep manager sends it.
//!
//! Nobody tells a process that the machine woke. What it can see is its clocks: over a suspend the wall
//! clock runs on and the monotonic one does not, and a process that was stopped comes late to its own
//! timer. A machine that did not sleep after all is awake again after [`LONGEST_AWAKE`].

use crate::control::WorkerControl;
use std::convert::Infallible;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// Time between two looks at the clocks.
const LOOK: Duration = Duration::from_millis(500);
/// A jump that is longer was a sleep.
const JUMP: Duration = Duration::from_secs(2);
/// Longest time from the announcement to the sleep.
const LONGEST_AWAKE: Duration = Duration::from_secs(60);

/// What the clocks show.
#[derive(Clone, Copy, Debug)]
struct Clocks {
    monotonic: Instant,
    wall: SystemTime,
}

impl Clocks {
    fn now() -> Self {
        Self { monotonic: Instant::now(), wall: SystemTime::now() }
    }

    /// Whether the machine or the process stood still between an earlier look and this one, which was
    /// to come [`LOOK`] later.
    fn slept_since(&self, before: &Self) -> bool {
        let monotonic = self.monotonic.saturating_duration_since(before.monotonic);
        // A wall clock that was set back tells nothing.
        let wall = self.wall.duration_since(before.wall).unwrap_or_default();
        monotonic > LOOK + JUMP || wall > monotonic + JUMP
    }
}

/// Announces sleep by signal, for as long as it is polled. Without signals it never does.
pub(super) async fn announce(control: &WorkerControl) -> Infallible {
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            tracing::warn!(%error, "sleep cannot be announced by signal");
            return std::future::pending().await;
        }
    };
    loop {
        signals.next().await;
        tracing::info!("the machine is about to sleep");
        control.set_sleeping(None);
        if tokio::time::timeout(LONGEST_AWAKE, slept()).await.is_err() {
            tracing::info!("the machine did not go to sleep");
        }
        control.wake();
    }
}

/// Returns when the clocks have jumped.
async fn slept() {
    let mut before = Clocks::now();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = Clocks::now();
        if now.slept_since(&before) {
            return;
        }
        before = now;
    }
}

#[cfg(unix)]
struct Signals(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::user_defined1()).map(Self)
    }

    async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_shows_as_a_jump_of_the_wall_clock_or_a_late_look() {
        let before = Clocks::now();
        let later = |monotonic: Duration, wall: Duration| Clocks {
            monotonic: before.monotonic + monotonic,
            wall: before.wall + wall,
        };
        let second = Duration::from_secs(1);
        assert!(!later(LOOK, LOOK).slept_since(&before));
        assert!(!later(second, 2 * second).slept_since(&before));
        assert!(later(LOOK, 10 * second).slept_since(&before), "suspended");
        assert!(later(10 * second, 10 * second).slept_since(&before), "stopped");
        let set_back = Clocks { monotonic: before.monotonic + LOOK, wall: before.wall - second };
        assert!(!set_back.slept_since(&before));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_signal_announces_a_sleep_of_unknown_length() {
        use crate::control::Asleep;
        let control = WorkerControl::default();
        let mut told = control.listen();
        let sent = async {
            // The listener was polled first and stands.
            let own = std::process::id().to_string();
            let status = tokio::process::Command::new("kill").args(["-USR1", &own]).status().await;
            assert!(status.unwrap().success());
            let asleep = told.wait_for(Option::is_some).await.unwrap();
            assert_eq!(*asleep, Some(Asleep { expected: None }));
        };
        tokio::select! {
            biased;
            never = announce(&control) => match never {},
            sent = tokio::time::timeout(Duration::from_secs(20), sent) => sent.unwrap(),
        }
    }
}
