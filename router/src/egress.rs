//! The switch that stops all egress: while it is off, not a byte of content goes to a cloud.
//!
//! Whoever throws it wants to be able to say "from this moment on, nothing". So:
//!
//! - Off holds in memory first, then in the store, and is acknowledged once every call to a cloud that
//!   was under way has ended. The store comes second because a disk that hangs must not keep content
//!   flowing. On is the other way round: it is committed before anything may leave.
//! - A call runs only with a [`Pass`], and a pass is given out and counted under the lock under which
//!   the switch is thrown. So each call either has a pass that is cut, and is waited for, or has none.
//!   There is no third case between a check and the call.
//! - What the system had already been handed cannot be called back; the receipt counts it as sent.
//!
//! The last throw rules over restarts. A router that cannot read it does not start.

pub mod health;
#[cfg(test)]
mod tests;

use crate::clock::unix_ms;
use crate::store::{EgressLog, EgressSwitched, StoreError};
use littoral_core::flight::event::{Blame, Fault};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex as Turn, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// How long throwing the switch waits for the calls that it cut. They end when they are polled next.
const CUT_LIMIT: Duration = Duration::from_secs(5);

/// How the switch stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The last throw; absent where nobody ever threw it, and then content may leave.
    pub last: Option<EgressSwitched>,
    /// Calls that the last throw cut, where it was thrown in this process.
    pub cut: Option<u32>,
}

impl Standing {
    /// Content may leave, as the policy says.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.last.as_ref().is_none_or(|switch| switch.allowed)
    }
}

/// Why the switch was not thrown, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SwitchError {
    /// It is off, and the store does not know.
    #[error(
        "egress is off, but that could not be written down ({0}): a restart would let content leave \
         again; switch it off once more when the store works"
    )]
    OffUnwritten(StoreError),
    /// It is off, and the store knows, but a call has not ended.
    #[error(
        "egress is off and stays off, but {0} calls to clouds have not ended within {limit} s: stop the \
         router to be sure",
        limit = CUT_LIMIT.as_secs()
    )]
    Running(usize),
    /// It stays off, because it could not be written down that it is on.
    #[error("egress stays off, because switching it on could not be written down: {0}")]
    OnUnwritten(StoreError),
}

/// The time from one throw to the next.
struct Period {
    allowed: bool,
    cut: CancellationToken,
    /// Passes that are out.
    out: TaskTracker,
}

impl Period {
    fn of(allowed: bool) -> Self {
        let out = TaskTracker::new();
        out.close();
        Self { allowed, cut: CancellationToken::new(), out }
    }
}

/// The right to make one call to a cloud. It is out until it is dropped, and cut when the switch is
/// thrown.
#[derive(Debug)]
pub struct Pass {
    cut: CancellationToken,
    _out: TaskTrackerToken,
}

impl Pass {
    /// Ends when the switch is thrown.
    pub async fn cut(&self) {
        self.cut.cancelled().await;
    }

    /// A pass of no switch, and what cuts it.
    #[cfg(test)]
    pub(crate) fn of_nobody() -> (Self, CancellationToken) {
        let (cut, out) = (CancellationToken::new(), TaskTracker::new());
        (Self { cut: cut.clone(), _out: out.token() }, cut)
    }

    /// The switch was thrown.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut.is_cancelled()
    }
}

/// The switch.
pub struct EgressSwitch {
    period: Mutex<Period>,
    standing: watch::Sender<Standing>,
    log: Arc<dyn EgressLog>,
    /// Whoever throws the switch has it.
    turn: Turn<()>,
    /// Throws that run: an asker who goes away does not leave one half done.
    pub(crate) throws: TaskTracker,
}

impl EgressSwitch {
    /// The switch as it was last thrown.
    ///
    /// # Errors
    /// [`StoreError`]: it is not known whether content may leave.
    pub async fn open(log: Arc<dyn EgressLog>) -> Result<Self, StoreError> {
        let standing = Standing { last: log.last_switch().await?, cut: None };
        if !standing.allowed() {
            tracing::warn!("egress is switched off: nothing leaves for a cloud");
        }
        Ok(Self {
            period: Mutex::new(Period::of(standing.allowed())),
            standing: watch::Sender::new(standing),
            log,
            turn: Turn::new(()),
            throws: TaskTracker::new(),
        })
    }

    /// Content may leave now, as the policy says. For whoever plans; who sends needs a [`Pass`].
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.period.lock().allowed
    }

    /// A pass for one call.
    ///
    /// # Errors
    /// The switch is off.
    pub fn pass(&self) -> Result<Pass, Fault> {
        let period = self.period.lock();
        if !period.allowed {
            return Err(off());
        }
        Ok(Pass { cut: period.cut.clone(), _out: period.out.token() })
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// How it stands, and again whenever that changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Standing> {
        self.standing.subscribe()
    }

    /// Lets nothing leave any more: cuts every call to a cloud and waits until they have ended.
    ///
    /// # Errors
    /// [`SwitchError`]. It is off all the same.
    pub async fn off(&self, by: String, note: String) -> Result<Standing, SwitchError> {
        // At once, whoever has the turn; and again with it, should that have been somebody's "on".
        let first = self.stop();
        let _turn = self.turn.lock().await;
        let second = self.stop();
        let switched = EgressSwitched { allowed: false, at_unix_ms: unix_ms(), by, note };
        let (by, cut) = (&switched.by, first.1 + second.1);
        tracing::warn!(%by, cut, "egress is switched off: nothing leaves for a cloud");
        let standing = Standing { last: Some(switched.clone()), cut: u32::try_from(cut).ok() };
        self.standing.send_replace(standing.clone());
        // The calls end while the store writes, and neither's failure hides the other's.
        let both = async { tokio::join!(first.0.wait(), second.0.wait()) };
        let ended = tokio::time::timeout(CUT_LIMIT, both);
        let (noted, ended) = tokio::join!(self.log.note_switch(switched), ended);
        noted.map_err(SwitchError::OffUnwritten)?;
        ended.map_err(|_| SwitchError::Running(second.0.len()))?;
        Ok(standing)
    }

    /// Lets content leave again, as the policy says.
    ///
    /// # Errors
    /// [`SwitchError`]: it stays as it was.
    pub async fn on(&self, by: String, note: String) -> Result<Standing, SwitchError> {
        let _turn = self.turn.lock().await;
        let switched = EgressSwitched { allowed: true, at_unix_ms: unix_ms(), by, note };
        let noted = self.log.note_switch(switched.clone()).await;
        noted.map_err(SwitchError::OnUnwritten)?;
        let by = &switched.by;
        tracing::info!(%by, "egress is switched on: content may leave as the policy says");
        let mut period = self.period.lock();
        if !period.allowed {
            *period = Period::of(true);
        }
        drop(period);
        let standing = Standing { last: Some(switched), cut: None };
        self.standing.send_replace(standing.clone());
        Ok(standing)
    }

    /// Cuts the present period; returns its passes, and how many were out. A period that was cut
    /// before stays, so that whoever throws the switch again waits for the same calls.
    fn stop(&self) -> (TaskTracker, usize) {
        let mut period = self.period.lock();
        let cut = if period.allowed { period.out.len() } else { 0 };
        period.allowed = false;
        period.cut.cancel();
        (period.out.clone(), cut)
    }
}

/// The fault of a dispatch that the switch stopped.
#[must_use]
pub fn off() -> Fault {
    Fault {
        blame: Blame::Gate,
        kind: "egress_off",
        detail: "egress is switched off".into(),
        retry_after_ms: None,
    }
}
