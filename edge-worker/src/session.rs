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
mod outbox;
mod pulse;
mod running;
mod runs;
mod snapshot;

pub(crate) use end::End;

use crate::config::WorkerConfig;
use crate::engine::Engine;
use frames::Frames;
use lease::Lease;
use link::Terms;
use littoral_kit::shutdown::Shutdown;
use littoral_proto::v1::state::Device;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::{DrainNotice, Finished, Hello, RouterMessage, finished};
use outbox::{Outbox, Unsendable};
use pulse::Pulse;
use running::Surroundings;
use runs::{Ended, Runs};
use secrecy::ExposeSecret as _;
use snapshot::{Echo, Snapshot};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tonic::Streaming;

/// Longest wait for the last messages to be taken and the router to close its side.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

/// Assignments a session holds beyond all slots and queues: those that are being judged by the
/// engine, which then refuses them, or whose last message waits.
const SPARE_RUNS: u32 = 8;

/// What all sessions of a worker share.
pub(crate) struct Setup {
    pub config: WorkerConfig,
    pub engine: Arc<dyn Engine>,
    pub device: watch::Receiver<Device>,
    pub shutdown: Shutdown,
}

/// Opens a session and serves it to its end.
pub(crate) async fn run(setup: &Setup, incarnation: u64) -> End {
    let echo = Echo::default();
    let (engine, device) = (Arc::clone(&setup.engine), setup.device.clone());
    let snapshot = Snapshot { engine, device, echo: echo.clone() };
    let (outbox, messages) = Outbox::new(move || snapshot.take());
    let offer = setup.engine.offer();
    let places = offer.models.iter().map(|model| model.slots.saturating_add(model.queue_limit));
    let limit = places.fold(SPARE_RUNS, u32::saturating_add);
    let hello = Hello {
        worker_id: setup.config.worker_id.clone(),
        incarnation,
        device_class: setup.config.device_class.clone(),
        accelerators: offer.accelerators,
        models: offer.models,
        join_token: setup.config.join_token.expose_secret().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let opening = async {
        let channel = link::dial(&setup.config).await?;
        outbox.control(Up::Hello(hello)).map_err(|_| End::lost("the Hello could not be sent"))?;
        link::join(&setup.config, channel, messages).await
    };
    let opened = tokio::select! {
        // Nothing runs yet, so there is nothing to finish.
        () = setup.shutdown.lame_duck.cancelled() => return End::Done,
        () = setup.shutdown.hard.cancelled() => return End::Done,
        opened = opening => opened,
    };
    match opened {
        Ok((terms, inbound)) => {
            tracing::info!(router = setup.config.router, incarnation, "joined");
            Session::new(setup, terms, inbound, outbox, echo, limit as usize).serve().await
        }
        Err(end) => end,
    }
}

struct Session<'a> {
    setup: &'a Setup,
    terms: Terms,
    inbound: Streaming<RouterMessage>,
    around: Surroundings,
    device: watch::Receiver<Device>,
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
        inbound: Streaming<RouterMessage>,
        outbox: Outbox,
        echo: Echo,
        limit: usize,
    ) -> Self {
        let now = Instant::now();
        let around = Surroundings {
            engine: Arc::clone(&setup.engine),
            outbox,
            load_changed: Arc::new(Notify::new()),
            stopping: CancellationToken::new(),
        };
        Self {
            setup,
            inbound,
            around,
            on_battery: setup.device.borrow().on_battery,
            device: setup.device.clone(),
            echo,
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
        let timer = self.lease.ends().min(self.pulse.due());
        let timer = self.drain_ends.map_or(timer, |ends| ends.min(timer));
        tokio::select! {
            biased;
            () = shutdown.hard.cancelled() => Err(End::Done),
            () = sleep_until(timer) => self.on_time(Instant::now()),
            () = shutdown.lame_duck.cancelled(), if self.drain_ends.is_none() => {
                self.drain("the worker is shutting down").map_err(unread)
            }
            () = self.around.load_changed.notified() => {
                self.pulse.changed(Instant::now());
                Ok(())
            }
            Ok(()) = self.device.changed() => {
                self.on_device(Instant::now());
                Ok(())
            }
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

    fn on_time(&mut self, now: Instant) -> Result<(), End> {
        if self.drain_ends.is_some_and(|ends| now >= ends) {
            return Err(End::Done);
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
