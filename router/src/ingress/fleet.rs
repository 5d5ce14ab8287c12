//! The fleet as operators see it.

use super::principal;
use crate::clock::unix_ms;
use crate::pipeline::Pipeline;
use littoral_core::principal::Principal;
use littoral_proto::v1;
use littoral_proto::v1::fleet_service_server::FleetService;
use littoral_proto::v1::router_message::Message;
use std::pin::Pin;
use std::sync::Arc;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status};

/// The fleet service.
#[derive(Clone)]
pub struct FleetDoor(pub Arc<Pipeline>);

impl FleetDoor {
    fn list(&self, asker: &Principal) -> v1::ListWorkersResponse {
        let now = self.0.clock.now();
        let workers = self.0.registry.summaries(asker, now, unix_ms());
        v1::ListWorkersResponse { workers }
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
        Ok(Response::new(self.list(&principal::of(&self.0, call.extensions()))))
    }

    async fn watch_workers(
        &self,
        call: Request<v1::WatchWorkersRequest>,
    ) -> Result<Response<Self::WatchWorkersStream>, Status> {
        let asker = principal::of(&self.0, call.extensions());
        let door = self.clone();
        let lists = WatchStream::new(self.0.registry.changes()).map(move |_| Ok(door.list(&asker)));
        let stop = self.0.shutdown.lame_duck.clone();
        let until = futures_util::StreamExt::take_until(lists, stop.cancelled_owned());
        Ok(Response::new(Box::pin(until)))
    }

    async fn drain(
        &self,
        call: Request<v1::DrainRequest>,
    ) -> Result<Response<v1::DrainResponse>, Status> {
        principal::administrator(&self.0, call.extensions())?;
        let worker_id = call.into_inner().worker_id;
        let session = self.0.registry.worker(&worker_id).ok_or_else(|| {
            Status::not_found(format!(
                "no worker {worker_id} has a session; `littoral workers` lists those that have"
            ))
        })?;
        session.drain();
        session.tell(Message::Drain(v1::DrainOrder {}));
        self.0.registry.touch();
        Ok(Response::new(v1::DrainResponse { active: session.active() }))
    }
}
