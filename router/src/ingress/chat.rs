//! The chat door over gRPC.

mod read;

pub(crate) use read::{body_digest, priority, read, request_id};

use super::{deadline, principal};
use crate::pipeline::Pipeline;
use crate::pipeline::drive::Holds;
use crate::pipeline::first_turns::FirstTurns;
use crate::pipeline::flights::{Entered, Place};
use crate::pipeline::request::{Delivery, Request, principal_key};
use crate::pipeline::stream_log::StreamLog;
use crate::pipeline::stream_log::reader::Reader;
use crate::pipeline::stream_log::resume::Position;
use crate::pipeline::told::Told;
use crate::telemetry::{Operation, RequestTrace};
use crate::wire::{event, status};
use http::HeaderMap;
use littoral_core::reason::Reason;
use littoral_proto::v1;
use littoral_proto::v1::chat_service_server::ChatService;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Response, Status};

/// The chat service.
#[derive(Clone)]
pub struct ChatDoor(pub Arc<Pipeline>);

/// What a request's client is told, in the wire's words.
pub(crate) type Events = Pin<Box<dyn Stream<Item = Result<v1::ChatEvent, Status>> + Send>>;

/// What a request's client is told.
pub(crate) struct Answer {
    /// The request's id.
    pub id: String,
    /// As the pipeline tells it.
    pub told: Pin<Box<dyn Stream<Item = Told> + Send>>,
}

impl Answer {
    /// Reads a log. The permit is held until the stream ends.
    fn read(reader: Reader, id: String, permit: Option<Arc<OwnedSemaphorePermit>>) -> Self {
        let told = reader.into_stream().map(move |told| {
            let _held = &permit;
            told
        });
        Self { id, told: Box::pin(told) }
    }

    /// The same in the wire's words.
    pub fn events(self) -> Events {
        let Self { id, told } = self;
        Box::pin(told.filter_map(move |told| in_words(told, &id)))
    }
}

/// One thing that is told, in the wire's words.
///
/// # Errors
/// The answer failed; nothing follows.
pub(crate) fn in_words(told: Told, id: &str) -> Option<Result<v1::ChatEvent, Status>> {
    match told {
        Told::Failed(failure) => Some(Err(status::failed(&failure, id))),
        told => event::event(told, id).map(Ok),
    }
}

#[tonic::async_trait]
impl ChatService for ChatDoor {
    type CompleteStream = Events;
    type ResumeStream = Events;

    async fn complete(
        &self,
        call: tonic::Request<v1::ChatRequest>,
    ) -> Result<Response<Events>, Status> {
        Ok(Response::new(self.answer(call, Delivery::InPieces).await?.events()))
    }

    async fn complete_unary(
        &self,
        call: tonic::Request<v1::ChatRequest>,
    ) -> Result<Response<v1::ChatResponse>, Status> {
        let mut events = self.answer(call, Delivery::Whole).await?.events();
        let (mut answer, mut epoch) = (v1::ChatResponse::default(), 0);
        while let Some(event) = events.next().await {
            event::fold(&mut answer, &mut epoch, event?);
        }
        Ok(Response::new(answer))
    }

    async fn resume(
        &self,
        call: tonic::Request<v1::ResumeRequest>,
    ) -> Result<Response<Events>, Status> {
        let key = principal_key(&principal::of(call.extensions()));
        let wanted = call.into_inner();
        let id = wanted.request_id;
        let position = Position {
            epoch: wanted.epoch,
            offsets: [
                wanted.next_content_offset,
                wanted.next_reasoning_offset,
                wanted.next_refusal_offset,
            ],
        };
        let Some(log) = self.0.requests.log(&key, &id) else {
            return Err(self.why_not_held(&key, &id).await);
        };
        let reader = log.read_from(position).ok_or_else(|| lost(&id))?;
        Ok(Response::new(Answer::read(reader, id, None).events()))
    }
}

impl ChatDoor {
    /// Takes a request in, or joins the one that has the same id and body.
    async fn answer(
        &self,
        call: tonic::Request<v1::ChatRequest>,
        delivery: Delivery,
    ) -> Result<Answer, Status> {
        let (metadata, extensions, wire) = call.into_parts();
        let read = read(&self.0, &extensions, wire, delivery);
        let mut request = read.inspect_err(|_| self.unreadable())?;
        deadline::apply(&mut request.hints, &metadata);
        self.trace(&mut request, metadata.as_ref(), Operation::Chat);
        self.ask(request).await
    }

    /// Lets a request be a part of the trace that its headers tell of.
    pub(crate) fn trace(&self, request: &mut Request, headers: &HeaderMap, operation: Operation) {
        let arrived = (request.arrived, self.0.clock);
        request.trace = self.0.telemetry.request(headers, operation, arrived);
    }

    /// Counts a request that no door could read.
    pub(crate) fn unreadable(&self) {
        let nobody = RequestTrace::default();
        self.0.telemetry.turned_away(&nobody, "", Reason::InvalidRequest);
    }

    /// Takes a request in that a door has read, or joins the one that has the same id and body.
    pub(crate) async fn ask(&self, request: Request) -> Result<Answer, Status> {
        let pipeline = &self.0;
        pipeline.rates.at_the_door(&request.principal).map_err(|too_many| {
            let wait_ms = u64::try_from(too_many.wait.as_millis()).unwrap_or(u64::MAX);
            pipeline.telemetry.turned_away(&request.trace, &request.id, Reason::RateLimited);
            status::status(Reason::RateLimited, &too_many.to_string(), Some(wait_ms), &request.id)
        })?;
        let (id, key) = (request.id.clone(), request.principal_key());
        let place = match pipeline.requests.enter(&key, &id, request.digest, pipeline.clock) {
            Entered::New(place) if request.is_told_once() => place.forgotten_at_the_end(),
            Entered::New(place) => place,
            Entered::Same(log) => {
                let reader = reader(&log, &request)?;
                return Ok(Answer::read(reader, id, None));
            }
            Entered::Other => {
                let message = "another request has this request_id; take a new one";
                return Err(Status::already_exists(message));
            }
        };
        let permit = match self.admit(&request).await {
            Ok(permit) => Arc::new(permit),
            Err(status) => {
                place.withdraw();
                return Err(status);
            }
        };
        self.begin(request, place, permit).await
    }

    async fn begin(
        &self,
        request: Request,
        place: Place,
        permit: Arc<OwnedSemaphorePermit>,
    ) -> Result<Answer, Status> {
        let id = request.id.clone();
        // The reader is there before the flight is, so that it is never without one.
        let reader = reader(&place.log, &request)?;
        let prepared = self.0.prepare(&request).await;
        if let Err(error) = self.0.stick(&request, &prepared).await {
            place.withdraw();
            self.0.telemetry.turned_away(&request.trace, &id, Reason::Internal);
            let message = format!("failed to write down the class of the conversation: {error}");
            return Err(status::status(Reason::Internal, &message, None, &id));
        }
        if let Some(meanwhile) = prepared.decision().plan().and_then(|plan| plan.meanwhile.as_ref())
        {
            self.0.registry.want(meanwhile);
        }
        let holds = Holds { permit: Arc::clone(&permit), place };
        let (trace, delivery) = (request.trace.clone(), request.delivery);
        let (flight, flights) = (self.0.fly(request, prepared, holds), &self.0.flights);
        let Answer { id, told } = Answer::read(reader, id, Some(permit));
        let told = trace.carry(told);
        Ok(Answer {
            id,
            told: match delivery {
                Delivery::Whole => Box::pin(FirstTurns::of(flight, told, flights)),
                Delivery::InPieces | Delivery::ForGood => {
                    flights.spawn(flight);
                    Box::pin(told)
                }
            },
        })
    }

    /// A place among the requests in flight, if this one may have it.
    async fn admit(&self, request: &Request) -> Result<OwnedSemaphorePermit, Status> {
        let (pipeline, id) = (&self.0, &request.id);
        if pipeline.shutdown.lame_duck.is_cancelled() {
            let message = "the router is shutting down; send the request again in a moment";
            pipeline.telemetry.turned_away(&request.trace, id, Reason::ShuttingDown);
            return Err(status::status(Reason::ShuttingDown, message, Some(1_000), id));
        }
        let permit = Arc::clone(&pipeline.in_flight).try_acquire_owned().map_err(|_| {
            let message = "the router holds as many requests as it may; retry shortly";
            pipeline.telemetry.turned_away(&request.trace, id, Reason::Shed);
            status::status(Reason::Shed, message, Some(1_000), id)
        })?;
        if request.id_is_fresh {
            return Ok(permit);
        }
        let not_held = self.why_not_held(&request.principal_key(), id).await;
        if not_held.code() == tonic::Code::NotFound { Ok(permit) } else { Err(not_held) }
    }

    /// Why the log of a request is not here: it never was, or it is no longer held.
    async fn why_not_held(&self, principal_key: &str, id: &str) -> Status {
        match self.0.store.find(id, Some(principal_key)).await {
            Ok(None) => Status::not_found("no request of yours has this request_id"),
            Ok(Some(_)) => lost(id),
            Err(error) => {
                let message = format!("failed to look the request id up: {error}");
                status::status(Reason::Internal, &message, None, id)
            }
        }
    }
}

/// A reader of all that a log has for the client of a request.
fn reader(log: &Arc<StreamLog>, request: &Request) -> Result<Reader, Status> {
    let reader = match request.delivery {
        Delivery::Whole => log.read_at_the_end(),
        Delivery::InPieces | Delivery::ForGood => log.read_all(),
    };
    reader.ok_or_else(|| lost(&request.id))
}

/// A request that was, and whose answer is no longer held.
fn lost(id: &str) -> Status {
    let message = "the answer of this request is no longer held (it ended, or the router was \
                   restarted); send the request again under a new request_id";
    status::status(Reason::RequestLost, message, None, id)
}
