//! From nothing to a session that is served: dial, Hello, Welcome.

use super::end::End;
use super::outbox::Outbox;
use super::running::Surroundings;
use super::snapshot::{Echo, Snapshot};
use super::{Session, Setup, Sources, link};
use crate::engine::Residency;
use littoral_proto::v1::Hello;
use littoral_proto::v1::worker_message::Message as Up;
use secrecy::ExposeSecret as _;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Assignments a session holds beyond all slots and queues: those that are being judged by the
/// engine, which then refuses them, or whose last message waits.
const SPARE_RUNS: u32 = 8;

/// Opens a session and serves it to its end.
pub(crate) async fn run(setup: &Setup, incarnation: u64) -> End {
    let echo = Echo::default();
    let (mut token, mut certificate) = (setup.token.clone(), setup.certificate.clone());
    certificate.borrow_and_update();
    let (engine, device) = (Arc::clone(&setup.engine), setup.device.clone());
    let performance = Arc::clone(&setup.performance);
    let control = setup.config.control.clone();
    let budget = setup.config.model_memory_budget;
    let snapshot = Snapshot { engine, device, performance, echo: echo.clone(), budget, control };
    let (outbox, messages) = Outbox::new(move || snapshot.take());
    // Listening first: what changes after the offer is heard.
    let changes = setup.engine.residency().map(Residency::changes);
    let offer = setup.engine.offer();
    let places = offer.models.iter().map(|model| model.slots.saturating_add(model.queue_limit));
    let limit = places.fold(SPARE_RUNS, u32::saturating_add);
    let slots = offer.models.iter().map(|model| (model.name.clone(), model.slots)).collect();
    let hello = Hello {
        worker_id: setup.config.worker_id.clone(),
        incarnation,
        device_class: setup.config.device_class.clone(),
        accelerators: offer.accelerators,
        models: offer.models,
        join_token: token.borrow_and_update().expose_secret().to_owned(),
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
            let sources = Sources { inbound, changes, echo, token, certificate, incarnation };
            let around = surroundings(setup, outbox, slots);
            Session::new(setup, terms, sources, around, limit as usize).serve().await
        }
        Err(end) => end,
    }
}

fn surroundings(setup: &Setup, outbox: Outbox, slots: HashMap<String, u32>) -> Surroundings {
    Surroundings {
        engine: Arc::clone(&setup.engine),
        outbox,
        meter: setup.meter.clone(),
        performance: Arc::clone(&setup.performance),
        spans: setup.spans.clone(),
        slots: Arc::new(slots),
        load_changed: Arc::new(Notify::new()),
        stopping: CancellationToken::new(),
        asleep: CancellationToken::new(),
    }
}
