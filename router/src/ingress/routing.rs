//! Decisions on their own: dry runs, explanations, watching.

use super::chat;
use super::principal;
use crate::pipeline::Pipeline;
use crate::pipeline::prepare::fresh_seed;
use crate::pipeline::request::{Delivery, principal_key};
use crate::wire::facts::{facts, wire_facts};
use crate::wire::status::{invalid, status};
use crate::wire::{decision, record};
use littoral_core::reason::Reason;
use littoral_proto::v1;
use littoral_proto::v1::decide_request::Subject;
use littoral_proto::v1::routing_service_server::RoutingService;
use std::pin::Pin;
use std::sync::Arc;
use tokio_stream::Stream;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use tonic::{Request, Response, Status};

/// The routing service.
#[derive(Clone)]
pub struct RoutingDoor(pub Arc<Pipeline>);

#[tonic::async_trait]
impl RoutingService for RoutingDoor {
    type WatchDecisionsStream =
        Pin<Box<dyn Stream<Item = Result<v1::DecisionEvent, Status>> + Send>>;

    async fn decide(
        &self,
        call: Request<v1::DecideRequest>,
    ) -> Result<Response<v1::DecideResponse>, Status> {
        let (_, extensions, request) = call.into_parts();
        let seed = request.seed.unwrap_or_else(fresh_seed);
        let facts = match request.subject {
            Some(Subject::Chat(wire)) => {
                let request = chat::read(&self.0, &extensions, wire, Delivery::Whole)?;
                self.0.prepare(&request).await.facts().clone()
            }
            Some(Subject::Facts(wire)) => {
                facts(&wire, principal::of(&extensions)).map_err(|bad| invalid(&bad))?
            }
            None => return Err(Status::invalid_argument("subject: chat or facts is needed")),
        };
        let begun = std::time::Instant::now();
        let (made, _) = self.0.decide(&facts, None, seed);
        let decided_in_us = Some(begun.elapsed().as_secs_f64() * 1e6);
        Ok(Response::new(v1::DecideResponse {
            decision: Some(decision::decision(&made.decision)),
            facts: Some(wire_facts(&facts)),
            decided_in_us,
        }))
    }

    async fn explain(
        &self,
        call: Request<v1::ExplainRequest>,
    ) -> Result<Response<v1::ExplainResponse>, Status> {
        let asker = principal::of(call.extensions());
        let id = call.into_inner().request_id;
        let own = (!asker.administrator).then(|| principal_key(&asker));
        let kept = self.0.store.find(&id, own.as_deref()).await.map_err(|error| {
            status(Reason::Internal, &format!("failed to read the record: {error}"), None, &id)
        })?;
        let kept = kept.ok_or_else(|| {
            Status::not_found("no record of this request; ids are shown by `littoral ask`")
        })?;
        Ok(Response::new(record::explanation(&id, &kept)))
    }

    async fn watch_decisions(
        &self,
        call: Request<v1::WatchDecisionsRequest>,
    ) -> Result<Response<Self::WatchDecisionsStream>, Status> {
        principal::administrator(call.extensions())?;
        let mut missed = 0;
        let events = BroadcastStream::new(self.0.watch()).filter_map(move |next| match next {
            Ok((request_id, made)) => Some(Ok(v1::DecisionEvent {
                request_id,
                decision: Some(decision::decision(&made.decision)),
                missed: std::mem::take(&mut missed),
            })),
            Err(BroadcastStreamRecvError::Lagged(count)) => {
                missed += count;
                None
            }
        });
        let stop = self.0.shutdown.lame_duck.clone();
        let until = futures_util::StreamExt::take_until(events, stop.cancelled_owned());
        Ok(Response::new(Box::pin(until)))
    }
}
