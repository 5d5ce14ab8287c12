//! Throttled workers get little work, and so little occasion to show that they are well again: they are
//! asked to measure themselves, and what they then say counts as an answer would.

use super::Pipeline;
use crate::registry::pools::id_of;
use crate::registry::session::Session;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Time between two looks.
const LOOK: Duration = Duration::from_secs(15);

/// What each worker that was asked said before, by worker and model.
type Asked = BTreeMap<(Arc<str>, Arc<str>), Option<f64>>;

impl Pipeline {
    /// Looks after throttled workers until `stop`.
    pub async fn probe_until(self: Arc<Self>, stop: CancellationToken) {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut asked = Asked::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = looks.tick() => {}
            }
            let mut before = std::mem::take(&mut asked);
            for session in self.registry.all() {
                self.look_after(&session, &mut before, &mut asked);
            }
        }
    }

    fn look_after(&self, session: &Session, before: &mut Asked, asked: &mut Asked) {
        let models: Vec<_> = session.models.read(|models| {
            let one = |model: &crate::registry::models::Model| {
                (Arc::clone(&model.name), id_of(session, model), model.said.decode_tokens_per_s)
            };
            models.iter().map(one).collect()
        });
        for (model, pool, said) in models {
            if !self.learning.known(&session.worker_id, &pool).throttled {
                continue;
            }
            let key = (Arc::clone(&session.worker_id), Arc::clone(&model));
            match before.remove(&key) {
                Some(earlier) if earlier != said => {
                    if let Some(rate) = said {
                        self.learning.measured(&session.worker_id, &pool, rate, self.clock.now());
                    }
                }
                _ => self.registry.probe(&session.worker_id, &model),
            }
            asked.insert(key, said);
        }
    }
}
