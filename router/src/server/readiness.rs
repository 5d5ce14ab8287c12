//! Whether a request could be placed now, for load balancers and those who watch: `readiness`, and
//! `model:NAME` for each alias of the policy. `liveness` says that somebody is there to answer at all.
//!
//! The answer comes from the decision itself, asked for a harmless short request of whoever may ask: the
//! person at this machine, and those who have keys.

use crate::ingress::who::Who;
use crate::pipeline::Pipeline;
use littoral_core::class::DataClass;
use littoral_core::facts::{ClassFact, ClassOrigin, Facts, Hints, Needs, ScanFact, TokenCount};
use littoral_core::principal::Principal;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// The name under which it is told whether a request could be placed now.
pub(super) const READINESS: &str = "readiness";
/// The name under which it is told that somebody is there.
const LIVENESS: &str = "liveness";
/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(500);
/// Most people with keys for whom it is asked.
const ASKERS: usize = 32;

/// What was told of how it is.
pub(super) struct Readiness {
    pipeline: Arc<Pipeline>,
    who: Who,
    health: HealthReporter,
    told: BTreeMap<String, bool>,
}

impl Readiness {
    /// Tells for the first time.
    pub(super) async fn begin(pipeline: Arc<Pipeline>, who: Who, health: HealthReporter) -> Self {
        health.set_service_status(LIVENESS, ServingStatus::Serving).await;
        let mut readiness = Self { pipeline, who, health, told: BTreeMap::new() };
        readiness.tell().await;
        readiness
    }

    /// Tells again whenever something changes, until told to stop.
    pub(super) async fn tell_until(mut self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.tell().await,
                () = stop.cancelled() => return,
            }
        }
    }

    async fn tell(&mut self) {
        let now = look(&self.pipeline, &self.who);
        for (name, ready) in &now {
            if self.told.get(name) != Some(ready) {
                let status =
                    if *ready { ServingStatus::Serving } else { ServingStatus::NotServing };
                self.health.set_service_status(name, status).await;
            }
        }
        for gone in self.told.keys().filter(|name| !now.contains_key(*name)) {
            self.health.set_service_status(gone, ServingStatus::Unknown).await;
        }
        self.told = now;
    }
}

fn look(pipeline: &Pipeline, who: &Who) -> BTreeMap<String, bool> {
    let open = !pipeline.shutdown.lame_duck.is_cancelled();
    let mut askers = vec![who.people.at_this_machine()];
    askers.extend(who.askers(ASKERS));
    let placed = |alias: &str| {
        open && askers.iter().any(|asker| {
            let could = |embeddings| {
                let (record, _) = pipeline.decide(&facts(asker, alias, embeddings), None, 0);
                record.decision.plan().is_some()
            };
            could(false) || could(true)
        })
    };
    let policy = pipeline.policy.load();
    let aliases = policy.aliases().iter().map(|alias| alias.name());
    let mut all: BTreeMap<String, bool> =
        aliases.map(|alias| (format!("model:{alias}"), placed(alias))).collect();
    all.insert(READINESS.into(), placed(""));
    all
}

/// A harmless request of a few words.
fn facts(principal: &Principal, alias: &str, embeddings: bool) -> Facts {
    Facts {
        principal: principal.clone(),
        alias: alias.into(),
        class: ClassFact { class: DataClass::Public, origin: ClassOrigin::Labelled },
        scan: ScanFact { said: Some(DataClass::Public), ..ScanFact::default() },
        session: None,
        prompt_tokens: TokenCount { tokens: 8, estimated: false },
        prompt_bytes: 32,
        max_output_tokens: Some(1),
        images: 0,
        audio_seconds: 0,
        needs: Needs { embeddings, ..Needs::default() },
        hints: Hints::default(),
        time: crate::clock::local_time(),
    }
}
