//! Waits until the embedded worker can answer, as a client over the socket sees it.

use crate::arguments::Globals;
use crate::client;
use crate::failure::Failure;
use littoral_proto::v1;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use std::time::Duration;
use tokio::time::{Instant, interval, timeout_at};

/// Longest wait: loading and measuring a small model takes seconds, a large one on a slow disk
/// minutes.
const LIMIT: Duration = Duration::from_secs(300);
/// Time between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The worker's own entry in the list of workers, once it is ready and has told its speed.
///
/// # Errors
/// The router does not answer, or the worker was not ready in time.
pub async fn wait(globals: &Globals, worker_id: &str) -> Result<v1::WorkerSummary, Failure> {
    let mut client = FleetServiceClient::new(client::connect(globals).await?);
    let end = Instant::now() + LIMIT;
    let mut looks = interval(LOOK_EVERY);
    let looking = async {
        loop {
            looks.tick().await;
            let call = client.list_workers(v1::ListWorkersRequest {});
            let list = client::answer(globals, call).await?;
            let ready = list.workers.into_iter().find(|worker| is_ready(worker, worker_id));
            if let Some(worker) = ready {
                return Ok(worker);
            }
        }
    };
    timeout_at(end, looking).await.unwrap_or_else(|_| {
        let limit = LIMIT.as_secs();
        Err(Failure::new(format!("the worker {worker_id} was not ready within {limit} s"))
            .fix("see what it does: RUST_LOG=info"))
    })
}

fn is_ready(worker: &v1::WorkerSummary, worker_id: &str) -> bool {
    // A model for vectors reads and never writes.
    let measured = |model: &v1::ModelSummary| match model.embeddings {
        true => model.prefill_tokens_per_s.is_some(),
        false => model.decode_tokens_per_s.is_some(),
    };
    worker.worker_id == worker_id
        && worker.status() == v1::WorkerStatus::Ready
        && !worker.models.is_empty()
        && worker.models.iter().all(measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_worker_ready_and_measured_counts() {
        let model =
            v1::ModelSummary { decode_tokens_per_s: Some(9.0), ..v1::ModelSummary::default() };
        let good = v1::WorkerSummary {
            worker_id: "desk".into(),
            status: v1::WorkerStatus::Ready.into(),
            models: vec![model.clone()],
            ..v1::WorkerSummary::default()
        };
        assert!(is_ready(&good, "desk"));
        assert!(!is_ready(&good, "rack"));
        let draining = v1::WorkerStatus::Draining.into();
        assert!(!is_ready(&v1::WorkerSummary { status: draining, ..good.clone() }, "desk"));
        assert!(!is_ready(&v1::WorkerSummary { models: vec![], ..good.clone() }, "desk"));
        let unmeasured = v1::ModelSummary { decode_tokens_per_s: None, ..model.clone() };
        let with = |other| v1::WorkerSummary { models: vec![model.clone(), other], ..good.clone() };
        assert!(!is_ready(&with(unmeasured.clone()), "desk"));
        let reads = v1::ModelSummary {
            embeddings: true,
            prefill_tokens_per_s: Some(9.0),
            ..unmeasured.clone()
        };
        assert!(is_ready(&with(reads), "desk"));
        let unread = v1::ModelSummary { embeddings: true, ..unmeasured };
        assert!(!is_ready(&with(unread), "desk"));
    }
}
