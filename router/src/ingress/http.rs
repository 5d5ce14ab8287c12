//! The HTTP doors: what clients of OpenAI and of Anthropic speak, put into the words of the gRPC doors and
//! back. What happens to a request is the same for all of them; only its form is not.
//!
//! Nothing is left out in silence: a field that means something and cannot be honoured is an error that names
//! it. Routing hints come as headers or as pairs of `metadata`, by one name; one that is not known is an error
//! too, for it may have been meant to keep something at home.

mod answer;
pub mod anthropic;
mod body;
pub mod error;
#[cfg(test)]
mod fuzzed;
mod hints;
mod models;
pub mod openai;
mod served;

use crate::ingress::chat::{self, ChatDoor};
use crate::ingress::embedding::EmbeddingDoor;
use crate::pipeline::Pipeline;
use crate::pipeline::request::Request as ChatRequest;
use crate::telemetry::Operation;
use answer::Sent;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use error::Shape;
use http::header::CONTENT_TYPE;
use littoral_core::reason::Reason;
use littoral_proto::v1;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tonic::Status;

/// Kilobytes of bodies that may be read at once, over all connections.
const BODIES_KB: usize = 256 * 1024;

/// What the HTTP doors stand on.
#[derive(Clone)]
pub struct HttpDoor {
    chat: ChatDoor,
    embedding: EmbeddingDoor,
    bodies: Arc<Semaphore>,
    max_request: usize,
}

impl HttpDoor {
    /// Doors of this pipeline that take bodies of at most so many bytes.
    #[must_use]
    pub fn new(pipeline: &Arc<Pipeline>, max_request: usize) -> Self {
        Self {
            chat: ChatDoor(Arc::clone(pipeline)),
            embedding: EmbeddingDoor(Arc::clone(pipeline)),
            bodies: Arc::new(Semaphore::new(BODIES_KB)),
            max_request,
        }
    }

    /// Reads a chat that a dialect has put into the wire's words.
    fn read(
        &self,
        parts: &::http::request::Parts,
        wire: v1::ChatRequest,
        sent: Sent,
    ) -> Result<ChatRequest, Status> {
        let read = chat::read(self.pipeline(), &parts.extensions, wire, sent.delivery());
        let mut request = read.inspect_err(|_| self.chat.unreadable())?;
        self.chat.trace(&mut request, &parts.headers, Operation::Chat);
        Ok(request)
    }

    fn pipeline(&self) -> &Arc<Pipeline> {
        &self.chat.0
    }
}

/// All paths.
pub fn app(door: HttpDoor) -> Router {
    Router::new()
        .route("/", get(about))
        .route("/metrics", get(metrics))
        .route("/v1/chat/completions", post(openai::chat::complete))
        .route("/v1/embeddings", post(openai::embeddings::embed))
        .route("/v1/models", get(models::list))
        .route("/v1/models/{*id}", get(models::one))
        .route("/v1/messages", post(anthropic::messages::create))
        .route("/v1/messages/count_tokens", post(anthropic::messages::count))
        .method_not_allowed_fallback(other_method)
        .with_state(door)
}

/// All metrics, as Prometheus reads them.
async fn metrics(State(door): State<HttpDoor>) -> Response {
    let text = door.pipeline().telemetry.prometheus();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// For a person who opens the address in a browser.
async fn about() -> &'static str {
    "Littoral, a router for models on devices, at the edge and in clouds.\n\n\
     OpenAI clients:     base URL  /v1  of this address (chat completions, embeddings, models)\n\
     Anthropic clients:  this address (messages)\n\
     gRPC, gRPC-Web:     this address; the server has reflection and health\n\n\
     `littoral doctor` tells how it is, `littoral workers` who has joined.\n"
}

/// What nobody serves.
pub async fn not_found(request: Request) -> Response {
    if let Some(spoken) = error::spoken_grpc(request.headers()) {
        return error::grpc(Status::unimplemented("this router has no such service"), spoken);
    }
    let message = "there is nothing at this path; /v1/chat/completions, /v1/embeddings, /v1/models and \
                   /v1/messages are served";
    let status = error::plain(tonic::Code::NotFound, message);
    error::response(Shape::of(request.uri().path()), &status)
}

async fn other_method(request: Request) -> Response {
    let message = format!("{} is no method of this path", request.method());
    let status = crate::wire::status::status(Reason::InvalidRequest, &message, None, "");
    let mut response = error::response(Shape::of(request.uri().path()), &status);
    *response.status_mut() = http::StatusCode::METHOD_NOT_ALLOWED;
    response
}
