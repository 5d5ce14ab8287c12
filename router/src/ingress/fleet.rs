//! The fleet as operators see it.

use super::principal;
use crate::clock::unix_ms;
use crate::pipeline::Pipeline;
use crate::registry::Registry;
use crate::registry::orders::{Given, NoOrder, WATCHED};
use crate::registry::summary::Moment;
use futures_util::stream::unfold;
use littoral_core::principal::Principal;
use littoral_proto::v1;
use littoral_proto::v1::fleet_service_server::FleetService;
use littoral_proto::v1::router_message::Message;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status};

/// Least time between two lists of a watcher: a large fleet changes thousands of times a second.
const WATCH_GAP: Duration = Duration::from_millis(200);

type Progress = Pin<Box<dyn Stream<Item = Result<v1::ModelProgress, Status>> + Send>>;

/// The fleet service.
#[derive(Clone)]
pub struct FleetDoor(pub Arc<Pipeline>);

impl FleetDoor {
    fn list(&self, asker: &Principal) -> v1::ListWorkersResponse {
        let known = |worker: &str, pool: &str| self.0.learning.known(worker, pool);
        let workers = self.0.registry.summaries(asker, self.moment(), known);
        v1::ListWorkersResponse { workers }
    }

    fn moment(&self) -> Moment {
        Moment { now: self.0.clock.now(), unix_ms: unix_ms() }
    }

    /// How an order goes, until it is done or has failed.
    fn progress(&self, given: Given, wanted: v1::Residency) -> Progress {
        let (registry, changes) = (Arc::clone(&self.0.registry), self.0.registry.changes());
        let steps = unfold(Some((changes, None)), move |watched| {
            let (registry, given) = (Arc::clone(&registry), given.clone());
            async move {
                let (mut changes, mut last) = watched?;
                loop {
                    changes.borrow_and_update();
                    if let Some(step) = step(&registry, &given, wanted, &mut last) {
                        let over = step.as_ref().map_or(true, |progress| progress.done);
                        return Some((step, (!over).then_some((changes, last))));
                    }
                    changes.changed().await.ok()?;
                }
            }
        });
        let stop = self.0.shutdown.lame_duck.clone().cancelled_owned();
        let limit = tokio::time::sleep(WATCHED);
        let until = async move {
            tokio::select! { () = stop => {}, () = limit => {} }
        };
        Box::pin(futures_util::StreamExt::take_until(steps, until))
    }
}

#[tonic::async_trait]
impl FleetService for FleetDoor {
    type WatchWorkersStream =
        Pin<Box<dyn Stream<Item = Result<v1::ListWorkersResponse, Status>> + Send>>;

    async fn list_workers(
        &self,
        call: Request<v1::ListWorkersRequest>,
    ) -> Result<Response<v1::ListWorkersResponse>, Status> {
        Ok(Response::new(self.list(&principal::of(call.extensions()))))
    }

    async fn watch_workers(
        &self,
        call: Request<v1::WatchWorkersRequest>,
    ) -> Result<Response<Self::WatchWorkersStream>, Status> {
        let asker = principal::of(call.extensions());
        let door = self.clone();
        let changes = WatchStream::new(self.0.registry.changes()).throttle(WATCH_GAP);
        let lists = changes.map(move |_| Ok(door.list(&asker)));
        let stop = self.0.shutdown.lame_duck.clone();
        let until = futures_util::StreamExt::take_until(lists, stop.cancelled_owned());
        Ok(Response::new(Box::pin(until)))
    }

    async fn drain(
        &self,
        call: Request<v1::DrainRequest>,
    ) -> Result<Response<v1::DrainResponse>, Status> {
        principal::administrator(call.extensions())?;
        let worker_id = call.into_inner().worker_id;
        let session = self.0.registry.worker(&worker_id).ok_or_else(|| {
            Status::not_found(format!(
                "no worker {worker_id} has a session; `littoral workers` lists those that have"
            ))
        })?;
        session.heard(|heard| heard.membership.drain());
        session.tell(Message::Drain(v1::DrainOrder {}));
        self.0.registry.touch();
        Ok(Response::new(v1::DrainResponse { active: session.active() }))
    }

    async fn list_models(
        &self,
        call: Request<v1::ListModelsRequest>,
    ) -> Result<Response<v1::ListModelsResponse>, Status> {
        let asker = principal::of(call.extensions());
        let known = |worker: &str, pool: &str| self.0.learning.known(worker, pool);
        let models = self.0.registry.models(&asker, self.moment(), known);
        Ok(Response::new(v1::ListModelsResponse { models }))
    }

    type LoadStream = Progress;

    async fn load(
        &self,
        call: Request<v1::LoadRequest>,
    ) -> Result<Response<Self::LoadStream>, Status> {
        principal::administrator(call.extensions())?;
        let v1::LoadRequest { worker_id, model } = call.into_inner();
        let given = self.0.registry.load(&worker_id, &model).map_err(|why| no_order(&why))?;
        Ok(Response::new(self.progress(given, v1::Residency::Resident)))
    }

    type UnloadStream = Progress;

    async fn unload(
        &self,
        call: Request<v1::UnloadRequest>,
    ) -> Result<Response<Self::UnloadStream>, Status> {
        principal::administrator(call.extensions())?;
        let v1::UnloadRequest { worker_id, model } = call.into_inner();
        let given = self.0.registry.unload(&worker_id, &model).map_err(|why| no_order(&why))?;
        Ok(Response::new(self.progress(given, v1::Residency::Loadable)))
    }

    async fn pin(
        &self,
        call: Request<v1::PinRequest>,
    ) -> Result<Response<v1::PinResponse>, Status> {
        principal::administrator(call.extensions())?;
        let v1::PinRequest { worker_id, model, pinned } = call.into_inner();
        self.0.registry.pin(&worker_id, &model, pinned).map_err(|why| no_order(&why))?;
        Ok(Response::new(v1::PinResponse {}))
    }
}

fn no_order(why: &NoOrder) -> Status {
    let code = match why {
        NoOrder::NoWorker(_) | NoOrder::NoModel { .. } => tonic::Code::NotFound,
        NoOrder::WillNotFit { .. } => tonic::Code::ResourceExhausted,
        NoOrder::Pinned { .. } => tonic::Code::FailedPrecondition,
    };
    Status::new(code, why.to_string())
}

/// What there is to say of an order; nothing where nothing has changed.
fn step(
    registry: &Registry,
    given: &Given,
    wanted: v1::Residency,
    last: &mut Option<v1::ModelProgress>,
) -> Option<Result<v1::ModelProgress, Status>> {
    let gone = || Status::aborted(format!("worker {} went away meanwhile", given.worker));
    let Some(session) = registry.worker(&given.worker) else { return Some(Err(gone())) };
    let model = registry.model(&session, &given.model);
    let told = session.models.read(|models| {
        models.iter().find(|model| *model.name == *given.model).map(|model| model.told.clone())
    });
    let (Some(model), Some(told)) = (model, told) else { return Some(Err(gone())) };
    let answered = told.events > given.since;
    if let (true, Some(failure)) = (answered, told.failure) {
        let text = format!("worker {} could not: {failure}", given.worker);
        return Some(Err(Status::failed_precondition(text)));
    }
    let there = model.residency() == wanted
        || (wanted == v1::Residency::Resident && model.residency() == v1::Residency::Unspecified);
    let progress = v1::ModelProgress {
        model: Some(model),
        done: given.done || (answered && there),
        evicted: given.evicted.clone(),
        returned_bytes: told.returned_bytes.filter(|_| answered),
    };
    let is_new = last.as_ref() != Some(&progress);
    *last = Some(progress.clone());
    is_new.then_some(Ok(progress))
}
