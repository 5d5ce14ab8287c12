//! A stand-in for an OTLP collector, over gRPC and over HTTP, on real sockets. It keeps what it is sent, and on
//! command takes nothing: it refuses, or says nothing at all.

mod seen;

pub use seen::Seen;

use crate::cluster::PATIENCE;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use littoral_kit::telemetry::RawTelemetry;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Status};

/// How a collector is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// OTLP over gRPC.
    Grpc,
    /// OTLP in protobuf over HTTP.
    Http,
}

/// What it does with what it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Keeps it.
    Takes,
    /// Says that it cannot.
    Refuses,
    /// Takes the connection and never answers.
    Hangs,
}

/// A running collector. Dropping it ends it.
pub struct Collector {
    address: SocketAddr,
    speech: Speech,
    shared: Arc<Shared>,
    stop: CancellationToken,
}

struct Shared {
    manner: Manner,
    spans: Mutex<Vec<Seen>>,
    metrics: Mutex<Vec<Vec<u8>>>,
    messages: watch::Sender<usize>,
}

impl Collector {
    /// Starts one on a free port of the loopback interface.
    ///
    /// # Panics
    /// If no port can be bound.
    pub async fn start(speech: Speech, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            manner,
            spans: Mutex::default(),
            metrics: Mutex::default(),
            messages: watch::Sender::new(0),
        });
        let stop = CancellationToken::new();
        let (service, stopped) = (Service(Arc::clone(&shared)), stop.clone().cancelled_owned());
        match speech {
            Speech::Grpc => {
                let server = tonic::transport::Server::builder()
                    .add_service(TraceServiceServer::new(service.clone()))
                    .add_service(MetricsServiceServer::new(service));
                let incoming = TcpIncoming::from(listener);
                tokio::spawn(server.serve_with_incoming_shutdown(incoming, stopped));
            }
            Speech::Http => {
                let routes = axum::Router::new()
                    .route("/v1/traces", post(over_http::<ExportTraceServiceRequest>))
                    .route("/v1/metrics", post(over_http::<ExportMetricsServiceRequest>))
                    .with_state(service);
                let serve = axum::serve(listener, routes).with_graceful_shutdown(stopped);
                tokio::spawn(async move { serve.await.is_ok() });
            }
        }
        Self { address, speech, shared, stop }
    }

    /// The `[telemetry]` table that sends everything here, without much delay.
    #[must_use]
    pub fn table(&self) -> RawTelemetry {
        let protocol = match self.speech {
            Speech::Grpc => "grpc",
            Speech::Http => "http/protobuf",
        };
        RawTelemetry {
            endpoint: Some(self.url()),
            protocol: Some(protocol.into()),
            delay_ms: 20,
            metrics_every_ms: 100,
            ..RawTelemetry::default()
        }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every span so far.
    #[must_use]
    pub fn spans(&self) -> Vec<Seen> {
        self.shared.spans.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything so far as it came over the wire, to be searched.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let spans = self.spans();
        let mut all: Vec<u8> = spans.iter().flat_map(|seen| seen.span.encode_to_vec()).collect();
        let metrics = self.shared.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        metrics.iter().for_each(|message| all.extend_from_slice(message));
        all
    }

    /// Messages with metrics so far.
    #[must_use]
    pub fn metrics(&self) -> Vec<ExportMetricsServiceRequest> {
        let metrics = self.shared.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        let decode = |bytes: &Vec<u8>| ExportMetricsServiceRequest::decode(bytes.as_slice());
        metrics.iter().map(|bytes| decode(bytes).expect("what came before")).collect()
    }

    /// Waits until what came is as wanted.
    ///
    /// # Panics
    /// After [`PATIENCE`], with what came.
    pub async fn wait_for(&self, wanted: impl Fn(&Self) -> bool) {
        let mut messages = self.shared.messages.subscribe();
        let wait = async {
            while !wanted(self) {
                messages.changed().await.expect("the sender is held here");
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            let names: Vec<_> = self.spans().iter().map(|seen| seen.name().to_owned()).collect();
            panic!("what was waited for did not come; spans: {names:?}");
        }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[derive(Clone)]
struct Service(Arc<Shared>);

/// What can be taken in.
trait Taken: Message + Default + Send + 'static {
    fn keep(self, shared: &Shared);
}

impl Taken for ExportTraceServiceRequest {
    fn keep(self, shared: &Shared) {
        let mut spans = shared.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.extend(seen::all(self));
    }
}

impl Taken for ExportMetricsServiceRequest {
    fn keep(self, shared: &Shared) {
        let mut metrics = shared.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        metrics.push(self.encode_to_vec());
    }
}

impl Service {
    async fn take(&self, message: impl Taken) -> Result<(), Status> {
        match self.0.manner {
            Manner::Takes => message.keep(&self.0),
            Manner::Refuses => {}
            Manner::Hangs => std::future::pending().await,
        }
        self.0.messages.send_modify(|count| *count += 1);
        if self.0.manner == Manner::Refuses {
            return Err(Status::unavailable("not today"));
        }
        Ok(())
    }
}

#[tonic::async_trait]
impl TraceService for Service {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, Status> {
        self.take(request.into_inner()).await?;
        Ok(tonic::Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Service {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<tonic::Response<ExportMetricsServiceResponse>, Status> {
        self.take(request.into_inner()).await?;
        Ok(tonic::Response::new(ExportMetricsServiceResponse::default()))
    }
}

async fn over_http<T: Taken>(State(service): State<Service>, body: Bytes) -> Response {
    let Ok(message) = T::decode(body) else { return StatusCode::BAD_REQUEST.into_response() };
    match service.take(message).await {
        // The answer of each kind, with nothing in it, is empty.
        Ok(()) => StatusCode::OK.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
