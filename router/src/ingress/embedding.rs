//! The embedding door over gRPC. A request for vectors goes the way of every other: labels, scan, decision,
//! plan, clearance, budgets, receipt. It has no stream, so nothing is told before its end.

use super::chat::{ChatDoor, body_digest, priority, request_id};
use super::{deadline, principal};
use crate::pipeline::Pipeline;
use crate::pipeline::request::{Delivery, Request, fresh_id};
use crate::telemetry::{Operation, RequestTrace};
use crate::wire::{embedding, event, facts, status};
use http::HeaderMap;
use littoral_core::reason::Reason;
use littoral_proto::v1;
use littoral_proto::v1::embedding_service_server::EmbeddingService;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio_stream::StreamExt as _;
use tonic::{Extensions, Response, Status};

/// The embedding service.
#[derive(Clone)]
pub struct EmbeddingDoor(pub Arc<Pipeline>);

#[tonic::async_trait]
impl EmbeddingService for EmbeddingDoor {
    async fn embed(
        &self,
        call: tonic::Request<v1::EmbedRequest>,
    ) -> Result<Response<v1::EmbedResponse>, Status> {
        let (metadata, extensions, wire) = call.into_parts();
        let mut request = self.read(&extensions, metadata.as_ref(), wire)?;
        deadline::apply(&mut request.hints, &metadata);
        Ok(Response::new(self.answer(request).await?))
    }
}

impl EmbeddingDoor {
    /// Answers one request, through whatever door it came.
    pub(crate) async fn embed_one(
        &self,
        (headers, extensions): (&HeaderMap, &Extensions),
        wire: v1::EmbedRequest,
    ) -> Result<v1::EmbedResponse, Status> {
        self.answer(self.read(extensions, headers, wire)?).await
    }

    fn read(
        &self,
        extensions: &Extensions,
        headers: &HeaderMap,
        wire: v1::EmbedRequest,
    ) -> Result<Request, Status> {
        let door = ChatDoor(Arc::clone(&self.0));
        let mut request = self.parse(extensions, wire).inspect_err(|_| door.unreadable())?;
        door.trace(&mut request, headers, Operation::Embeddings);
        Ok(request)
    }

    fn parse(
        &self,
        extensions: &Extensions,
        mut wire: v1::EmbedRequest,
    ) -> Result<Request, Status> {
        let arrived = self.0.clock.now();
        let id = std::mem::take(&mut wire.request_id);
        let digest = body_digest(&wire);
        let mut bad = request_id(&id);
        let hints = facts::hints(wire.hints.as_ref()).map_err(|more| bad.extend(more));
        let priority = priority(wire.hints.as_ref(), &mut bad);
        let alias = wire.model.clone();
        let prompt = embedding::prompt(wire).map_err(|more| bad.extend(more));
        let (true, Ok(hints), Ok(prompt)) = (bad.is_empty(), hints, prompt) else {
            return Err(status::invalid(&bad));
        };
        Ok(Request {
            id_is_fresh: id.is_empty(),
            id: if id.is_empty() { fresh_id() } else { id },
            principal: principal::of(extensions),
            alias,
            prompt: Arc::new(prompt),
            hints,
            session: None,
            priority,
            arrived,
            digest,
            resume_window: Duration::ZERO,
            delivery: Delivery::Whole,
            vectors: Some(Arc::new(OnceLock::new())),
            trace: RequestTrace::default(),
        })
    }

    async fn answer(&self, request: Request) -> Result<v1::EmbedResponse, Status> {
        let (id, place) = (request.id.clone(), request.vectors.clone());
        let mut events = ChatDoor(Arc::clone(&self.0)).ask(request).await?.events();
        let (mut answer, mut epoch) = (v1::ChatResponse::default(), 0);
        while let Some(event) = events.next().await {
            event::fold(&mut answer, &mut epoch, event?);
        }
        let vectors = place.and_then(|place| place.get().cloned()).ok_or_else(|| {
            let message = "vectors are not kept, and this request was answered before; send it again under a \
                           new request_id";
            status::status(Reason::RequestLost, message, None, &id)
        })?;
        let row = |values| v1::Embedding { values };
        Ok(v1::EmbedResponse {
            request_id: id,
            decision: answer.decision,
            embeddings: vectors.into_iter().map(row).collect(),
            usage: answer.usage,
            done: answer.done,
        })
    }
}
