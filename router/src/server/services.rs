//! The services of the port.

use super::StartError;
use crate::egress::health as egress_health;
use crate::ingress::chat::ChatDoor;
use crate::ingress::fleet::FleetDoor;
use crate::ingress::ledger::LedgerDoor;
use crate::ingress::policy::PolicyDoor;
use crate::ingress::privacy::PrivacyDoor;
use crate::ingress::routing::RoutingDoor;
use crate::pipeline::Pipeline;
use crate::policy_diff::Comparisons;
use crate::policy_keeper::PolicyKeeper;
use crate::store::{DecisionLog, Ledger, ReceiptLog};
use crate::worker_door::WorkerDoor;
use littoral_proto::v1::chat_service_server::ChatServiceServer;
use littoral_proto::v1::fleet_service_server::FleetServiceServer;
use littoral_proto::v1::ledger_service_server::LedgerServiceServer;
use littoral_proto::v1::policy_service_server::PolicyServiceServer;
use littoral_proto::v1::privacy_service_server::PrivacyServiceServer;
use littoral_proto::v1::routing_service_server::RoutingServiceServer;
use littoral_proto::v1::worker_service_server::WorkerServiceServer;
use std::sync::Arc;
use tonic::service::Routes;
use tonic_health::server::HealthReporter;

/// Largest message with a policy in it, in bytes: the files may have half of it.
const MAX_POLICY_MESSAGE: usize = 8 * 1024 * 1024;
/// Largest message of a worker, in bytes.
const MAX_WORKER_MESSAGE: usize = 1024 * 1024;

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
pub(super) async fn routes(
    pipeline: &Arc<Pipeline>,
    doors: Doors,
    max_request: usize,
) -> Result<(Routes, HealthReporter), StartError> {
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_serving::<ChatServiceServer<ChatDoor>>().await;
    health.set_serving::<RoutingServiceServer<RoutingDoor>>().await;
    health.set_serving::<FleetServiceServer<FleetDoor>>().await;
    health.set_serving::<PolicyServiceServer<PolicyDoor>>().await;
    health.set_serving::<PrivacyServiceServer<PrivacyDoor>>().await;
    health.set_serving::<LedgerServiceServer<LedgerDoor>>().await;
    health.set_serving::<WorkerServiceServer<WorkerDoor>>().await;
    egress_health::tell(&pipeline.egress, &health).await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(littoral_proto::DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()
        .map_err(|error| StartError::Reflection(error.to_string()))?;
    let chat = ChatServiceServer::new(ChatDoor(Arc::clone(pipeline)));
    let routing = RoutingServiceServer::new(RoutingDoor(Arc::clone(pipeline)));
    let policy = PolicyDoor {
        pipeline: Arc::clone(pipeline),
        keeper: doors.policy,
        comparisons: Comparisons::of(doors.log),
    };
    let policy = PolicyServiceServer::new(policy);
    let privacy = PrivacyServiceServer::new(PrivacyDoor::new(pipeline, doors.receipts));
    let ledger = LedgerDoor { pipeline: Arc::clone(pipeline), ledger: doors.ledger };
    let worker = WorkerServiceServer::new(doors.worker);
    let mut routes = Routes::builder();
    routes
        .add_service(chat.max_decoding_message_size(max_request))
        .add_service(routing.max_decoding_message_size(max_request))
        .add_service(FleetServiceServer::new(FleetDoor(Arc::clone(pipeline))))
        .add_service(policy.max_decoding_message_size(MAX_POLICY_MESSAGE))
        .add_service(privacy.max_decoding_message_size(max_request))
        .add_service(LedgerServiceServer::new(ledger))
        .add_service(worker.max_decoding_message_size(MAX_WORKER_MESSAGE))
        .add_service(health_service)
        .add_service(reflection);
    Ok((routes.routes(), health))
}
