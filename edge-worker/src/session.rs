//! One session: one connection to a router, from Hello to its end.
//!
//! A single loop owns the session's state and never waits for the network to take something: what
//! it says goes into the outbox. Assignments run as tasks of their own. The end of the loop ends
//! the session's assignments with it.
//!
//! Draining: nothing new is taken, the router is told, what runs is finished; then the worker
//! closes its side and the router the other. At the hard bound, or when told to stop now, what still
//! runs ends as `Failed` first.

mod end;
mod frames;
mod inbound;
mod lease;
mod link;
mod models;
mod opening;
mod outbox;
mod outcome;
mod pieces;
mod pulse;
mod running;
mod runs;
mod sleeping;
mod snapshot;
mod starting;
mod traced;

pub(crate) use end::End;
pub(crate) use opening::run;

use crate::config::WorkerConfig;
use crate::control::Asleep;
use crate::energy::Meter;
use crate::engine::{Change, Engine};
use crate::performance::Performance;
use frames::Frames;
use lease::Lease;
use link::Terms;
use littoral_kit::shutdown::Shutdown;
use littoral_kit::telemetry::span::Spans;
use littoral_proto::v1::state::Device;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::{DrainNotice, Finished, Renew, RouterMessage, finished};
use outbox::Unsendable;
use pulse::Pulse;
use running::{Surroundings, reached};
use runs::{Ended, Runs};
use secrecy::{ExposeSecret as _, SecretString};
use snapshot::Echo;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, timeout};
use tonic::Streaming;

/// Longest wait for the last messages to be taken and the router to close its side.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

/// What all sessions of a worker share.
pub(crate) struct Setup {
    pub config: WorkerConfig,
    /// The join token, which can be renewed.
    pub token: watch::Receiver<SecretString>,
    /// The certificate, which can be renewed as well; empty if there is none.
    pub certificate: watch::Receiver<SecretString>,
    pub engine: Arc<dyn Engine>,
    pub device: watch::Receiver<Device>,
    pub meter: Meter,
    pub performance: Arc<Performance>,
    pub spans: Spans,
    pub shutdown: Shutdown,
}

/// What a session listens to.
struct Sources {
    inbound: Streaming<RouterMessage>,
    changes: Option<broadcast::Receiver<Change>>,
    echo: Echo,
    /// With what the Hello showed already seen.
    token: watch::Receiver<SecretString>,
    /// With what the connection was opened with already seen.
    certificate: watch::Receiver<SecretString>,
    incarnation: u64,
}

struct Session<'a> {
    setup: &'a Setup,
    terms: Terms,
    inbound: Streaming<RouterMessage>,
    changes: Option<broadcast::Receiver<Change>>,
    around: Surroundings,
    device: watch::Receiver<Device>,
    token: watch::Receiver<SecretString>,
    certificate: watch::Receiver<SecretString>,
    incarnation: u64,
    control: watch::Receiver<Option<Asleep>>,
    /// As the router was told.
    asleep: bool,
    /// As the router was told last.
    on_battery: Option<bool>,
    echo: Echo,
    frames: Frames,
    runs: Runs,
    lease: Lease,
    pulse: Pulse,
    /// Bytes taken in that the router has not been told of.
    credit: u32,
    /// Set while draining: when it is forced.
    drain_ends: Option<Instant>,
}

impl<'a> Session<'a> {
    fn new(
        setup: &'a Setup,
        terms: Terms,
        sources: Sources,
        around: Surroundings,
        limit: usize,
    ) -> Self {
        let now = Instant::now();
        Self {
            setup,
            inbound: sources.inbound,
            changes: sources.changes,
            around,
            on_battery: setup.device.borrow().on_battery,
            device: setup.device.clone(),
            token: sources.token,
            certificate: sources.certificate,
            incarnation: sources.incarnation,
            control: setup.config.control.listen(),
            asleep: false,
            echo: sources.echo,
            frames: Frames::default(),
            runs: Runs::new(limit),
            lease: Lease::new(terms.lease, now),
            pulse: Pulse::new(terms.heartbeat, now),
            credit: 0,
            drain_ends: None,
            terms,
        }
    }

    async fn serve(mut self) -> End {
        loop {
            if self.drain_ends.is_some() && self.runs.is_empty() {
                self.close().await;
                return End::Done;
            }
            match self.step().await {
                Ok(()) => {}
                Err(End::Done) => {
                    self.close().await;
                    return End::Done;
                }
                // A worker that was to end anyway does not come back for it.
                Err(End::Lost { why, .. }) if self.drain_ends.is_some() => {
                    tracing::warn!(why, "lost the session while draining");
                    return End::Done;
                }
                Err(end) => return end,
            }
        }
    }

    /// Waits for one thing to happen and deals with it. Timers come first: they are rare, and a
    /// flood of messages must not silence the heartbeat.
    async fn step(&mut self) -> Result<(), End> {
        let shutdown = &self.setup.shutdown;
        let timer = [self.lease.ends(), self.pulse.due()].into_iter().filter(|_| !self.asleep);
        let timer = timer.chain(self.drain_ends).min();
        tokio::select! {
            biased;
            () = shutdown.hard.cancelled() => Err(End::Done),
            () = reached(timer) => self.on_time(Instant::now()),
            () = shutdown.lame_duck.cancelled(), if self.drain_ends.is_none() => {
                self.drain("the worker is shutting down").map_err(unread)
            }
            () = self.around.load_changed.notified() => {
                self.pulse.changed(Instant::now());
                Ok(())
            }
            Ok(()) = self.control.changed() => self.on_control().map_err(unread),
            Ok(()) = self.token.changed() => self.on_token().map_err(unread),
            Ok(()) = self.certificate.changed() => {
                self.on_certificate();
                Ok(())
            }
            Ok(()) = self.device.changed() => {
                self.on_device(Instant::now());
                Ok(())
            }
            heard = models::next(&mut self.changes) => self.on_heard(heard).map_err(unread),
            Some(ended) = self.runs.ended() => self.on_ended(&ended).map_err(unread),
            received = self.inbound.message() => match received {
                Ok(Some(message)) => {
                    self.lease.renew(Instant::now());
                    message.message.map_or(Ok(()), |message| self.on_message(message))
                }
                Ok(None) => Err(End::lost("the router closed the session")),
                Err(status) => Err(link::ended(&self.setup.config, &status)),
            },
        }
    }

    /// Charge and heat creep and can wait for the heartbeat; a pulled plug cannot.
    fn on_device(&mut self, now: Instant) {
        let on_battery = self.device.borrow_and_update().on_battery;
        if on_battery != self.on_battery {
            self.on_battery = on_battery;
            self.pulse.changed(now);
        }
    }

    fn on_token(&mut self) -> Result<(), Unsendable> {
        let join_token = self.token.borrow_and_update().expose_secret().to_owned();
        self.around.outbox.control(Up::Renew(Renew { join_token }))
    }

    /// The new certificate is shown over another connection; the session and what it runs go on.
    fn on_certificate(&mut self) {
        self.certificate.borrow_and_update();
        let renewal = link::renew(self.setup.config.clone(), self.incarnation);
        self.setup.shutdown.tasks.spawn(renewal);
    }

    fn on_time(&mut self, now: Instant) -> Result<(), End> {
        if self.drain_ends.is_some_and(|ends| now >= ends) {
            return Err(End::Done);
        }
        if self.asleep {
            return Ok(());
        }
        if self.lease.expired(now) {
            return Err(End::lost("the router has been silent for a whole lease"));
        }
        if now >= self.pulse.due() {
            self.around.outbox.state_is_due();
            self.pulse.sent(now);
        }
        Ok(())
    }

    fn on_ended(&mut self, ended: &Ended) -> Result<(), Unsendable> {
        self.pulse.ended(Instant::now());
        match *ended {
            Ended::Told => Ok(()),
            Ended::Unsendable => Err(Unsendable),
            Ended::Broken(id) => {
                tracing::error!(assignment = id, "an assignment's task broke");
                let (kind, detail) = ("worker".to_owned(), "the worker failed".to_owned());
                let result = Some(finished::Result::Failed(finished::Failed { kind, detail }));
                let finished = Finished { assignment_id: id, result };
                self.around.outbox.control(Up::Finished(finished))
            }
        }
    }

    fn drain(&mut self, reason: &str) -> Result<(), Unsendable> {
        tracing::info!(reason, "draining");
        self.drain_ends = Some(Instant::now() + self.setup.config.drain_limit);
        self.around.outbox.control(Up::Drain(DrainNotice { reason: reason.to_owned() }))
    }

    /// Ends what still runs, and the stream up after its last message; waits for the router to end
    /// the stream down, which proves that it has read everything.
    async fn close(mut self) {
        self.around.stopping.cancel();
        let last_words = async {
            while !self.runs.is_empty() {
                tokio::select! {
                    _ = self.runs.ended() => {}
                    received = self.inbound.message() => if !matches!(received, Ok(Some(_))) {
                        return;
                    },
                }
            }
            drop(self.around);
            while matches!(self.inbound.message().await, Ok(Some(_))) {}
        };
        if timeout(CLOSE_LIMIT, last_words).await.is_err() {
            tracing::warn!("closed the session without waiting longer for the router");
        }
    }
}

fn unread(_: Unsendable) -> End {
    End::lost("the router does not read what the worker says")
}
