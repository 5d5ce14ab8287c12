//! The services of the port: gRPC, gRPC-Web and HTTP, behind one gate that finds out who asks.

use super::StartError;
use crate::egress::health as egress_health;
use crate::ingress::chat::ChatDoor;
use crate::ingress::embedding::EmbeddingDoor;
use crate::ingress::fleet::FleetDoor;
use crate::ingress::http::{self, HttpDoor};
use crate::ingress::ledger::LedgerDoor;
use crate::ingress::policy::PolicyDoor;
use crate::ingress::privacy::PrivacyDoor;
use crate::ingress::routing::RoutingDoor;
use crate::ingress::who::{LetIn, Origins, Who};
use crate::pipeline::Pipeline;
use crate::policy_keeper::PolicyKeeper;
use crate::policy_replay::Replays;
use crate::store::{DecisionLog, Ledger, ReceiptLog};
use crate::worker_door::WorkerDoor;
use ::http::{HeaderName, Method};
use littoral_proto::v1::chat_service_server::ChatServiceServer;
use littoral_proto::v1::embedding_service_server::EmbeddingServiceServer;
use littoral_proto::v1::fleet_service_server::FleetServiceServer;
use littoral_proto::v1::ledger_service_server::LedgerServiceServer;
use littoral_proto::v1::policy_service_server::PolicyServiceServer;
use littoral_proto::v1::privacy_service_server::PrivacyServiceServer;
use littoral_proto::v1::routing_service_server::RoutingServiceServer;
use littoral_proto::v1::worker_service_server::WorkerServiceServer;
use std::sync::Arc;
use std::time::Duration;
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;
use tonic_health::server::HealthReporter;
use tower::Layer as _;
use tower_http::cors::{AllowHeaders, AllowOrigin, Cors, CorsLayer};

/// Largest message with a policy in it, in bytes: the files may have half of it.
const MAX_POLICY_MESSAGE: usize = 8 * 1024 * 1024;
/// Largest message of a worker, in bytes.
const MAX_WORKER_MESSAGE: usize = 1024 * 1024;
/// Largest message of calls that say little.
const MAX_SMALL_MESSAGE: usize = 256 * 1024;
/// So long a browser remembers what pages may do.
const PREFLIGHT: Duration = Duration::from_secs(600);

/// What doors stand on beside the pipeline.
pub(super) struct Doors {
    pub worker: WorkerDoor,
    pub policy: Arc<PolicyKeeper>,
    pub log: Arc<dyn DecisionLog>,
    pub receipts: Arc<dyn ReceiptLog>,
    pub ledger: Arc<dyn Ledger>,
}

/// All services on one port, and what tells how they are.
///
/// # Errors
/// The services cannot be described.
pub(super) async fn app(
    pipeline: &Arc<Pipeline>,
    doors: Doors,
    who: Who,
    max_request: usize,
) -> Result<(Cors<LetIn>, HealthReporter), StartError> {
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_serving::<ChatServiceServer<ChatDoor>>().await;
    health.set_serving::<RoutingServiceServer<RoutingDoor>>().await;
    health.set_serving::<FleetServiceServer<FleetDoor>>().await;
    health.set_serving::<PolicyServiceServer<PolicyDoor>>().await;
    health.set_serving::<PrivacyServiceServer<PrivacyDoor>>().await;
    health.set_serving::<LedgerServiceServer<LedgerDoor>>().await;
    health.set_serving::<EmbeddingServiceServer<EmbeddingDoor>>().await;
    health.set_serving::<WorkerServiceServer<WorkerDoor>>().await;
    egress_health::tell(&pipeline.egress, &health).await;
    let described = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(littoral_proto::DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let undescribed =
        |error: tonic_reflection::server::Error| StartError::Reflection(error.to_string());
    let reflection = described().build_v1().map_err(undescribed)?;
    // Python's reflection client knows no other version yet.
    let reflection_alpha = described().build_v1alpha().map_err(undescribed)?;
    let chat = ChatServiceServer::new(ChatDoor(Arc::clone(pipeline)));
    let routing = RoutingServiceServer::new(RoutingDoor(Arc::clone(pipeline)));
    let policy = PolicyDoor {
        pipeline: Arc::clone(pipeline),
        keeper: doors.policy,
        replays: Replays::of(doors.log),
    };
    let policy = PolicyServiceServer::new(policy);
    let privacy = PrivacyServiceServer::new(PrivacyDoor::new(pipeline, doors.receipts));
    let ledger = LedgerDoor { pipeline: Arc::clone(pipeline), ledger: doors.ledger };
    let worker = WorkerServiceServer::new(doors.worker);
    let fleet = FleetServiceServer::new(FleetDoor(Arc::clone(pipeline)));
    let embedding = EmbeddingServiceServer::new(EmbeddingDoor(Arc::clone(pipeline)));
    let mut routes = Routes::builder();
    // Answers are compressed for whoever says that they can read it. Workers send little that shrinks.
    macro_rules! door {
        ($service:expr, $largest:expr) => {
            routes.add_service(
                tonic_web::GrpcWebLayer::new().layer(
                    $service
                        .max_decoding_message_size($largest)
                        .accept_compressed(CompressionEncoding::Gzip)
                        .send_compressed(CompressionEncoding::Gzip),
                ),
            )
        };
    }
    door!(chat, max_request);
    door!(routing, max_request);
    door!(embedding, max_request);
    door!(privacy, max_request);
    door!(policy, MAX_POLICY_MESSAGE);
    door!(fleet, MAX_SMALL_MESSAGE);
    door!(LedgerServiceServer::new(ledger), MAX_SMALL_MESSAGE);
    routes
        .add_service(worker.max_decoding_message_size(MAX_WORKER_MESSAGE))
        .add_service(tonic_web::GrpcWebLayer::new().layer(health_service))
        .add_service(reflection)
        .add_service(reflection_alpha);
    let http = http::app(HttpDoor::new(pipeline, max_request));
    let origins = Arc::clone(&who.origins);
    let doors =
        http.merge(routes.routes().into_axum_router().reset_fallback()).fallback(http::not_found);
    // Around all doors at once: a layer of the routes would be boxed and cloned for every request.
    Ok((cors(origins).layer(LetIn::new(who, doors)), health))
}

/// What browsers are told of pages from elsewhere, before and after they ask.
fn cors(origins: Arc<Origins>) -> CorsLayer {
    let told = [
        "grpc-status",
        "grpc-message",
        "grpc-status-details-bin",
        "retry-after",
        "retry-after-ms",
        "x-should-retry",
        "x-request-id",
        "request-id",
    ];
    let ours =
        ["request-id", "target", "tier", "on-device"].map(|name| format!("x-littoral-{name}"));
    let names = told.into_iter().chain(ours.iter().map(String::as_str));
    let exposed: Vec<HeaderName> = names.filter_map(|name| name.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| origins.lets_in(origin)))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(exposed)
        .max_age(PREFLIGHT)
}
