//! What every gRPC client expects of a server: health by service name, and reflection.

use littoral_tests::cluster::Cluster;
use littoral_tests::cluster::Plan;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

const SERVICES: [&str; 5] = [
    "littoral.v1.ChatService",
    "littoral.v1.RoutingService",
    "littoral.v1.FleetService",
    "littoral.v1.PrivacyService",
    "littoral.v1.WorkerService",
];

#[tokio::test]
async fn health_answers_for_the_server_and_for_each_service_and_turns_off_at_shutdown() {
    let cluster = Cluster::start(Plan::default()).await;
    let mut health = HealthClient::new(cluster.channel.clone());
    for service in SERVICES.into_iter().chain([""]) {
        let request = HealthCheckRequest { service: service.into() };
        let said = health.check(request).await.expect("an answer").into_inner();
        assert_eq!(said.status(), ServingStatus::Serving, "{service:?}");
    }
    let unknown = HealthCheckRequest { service: "littoral.v1.NoSuchService".into() };
    let status = health.check(unknown).await.expect_err("no such service");
    assert_eq!(status.code(), tonic::Code::NotFound);

    let mut watch = health
        .watch(HealthCheckRequest { service: String::new() })
        .await
        .expect("a watch")
        .into_inner();
    let first = watch.message().await.expect("a status").expect("a status");
    assert_eq!(first.status(), ServingStatus::Serving);
    assert!(cluster.router.stop().await, "nothing had to be cut off");
    let last = watch.message().await;
    assert!(
        matches!(&last, Ok(Some(status)) if status.status() == ServingStatus::NotServing),
        "{last:?}"
    );
}

#[tokio::test]
async fn reflection_lists_every_service_and_describes_the_chat_door() {
    let cluster = Cluster::start(Plan::default()).await;
    let ask = |request| async {
        let mut client = ServerReflectionClient::new(cluster.channel.clone());
        let request =
            ServerReflectionRequest { host: String::new(), message_request: Some(request) };
        let stream = client.server_reflection_info(tokio_stream::once(request)).await;
        let answer = stream.expect("an answer").into_inner().message().await;
        answer.expect("a message").expect("a message").message_response.expect("a response")
    };
    let listed = match ask(MessageRequest::ListServices(String::new())).await {
        MessageResponse::ListServicesResponse(list) => list.service,
        other => panic!("a list is expected, not {other:?}"),
    };
    let listed: Vec<String> = listed.into_iter().map(|service| service.name).collect();
    for service in SERVICES.into_iter().chain(["grpc.health.v1.Health"]) {
        assert!(listed.iter().any(|name| name == service), "{service} in {listed:?}");
    }
    let symbol = MessageRequest::FileContainingSymbol("littoral.v1.ChatService".into());
    match ask(symbol).await {
        MessageResponse::FileDescriptorResponse(files) => {
            assert!(!files.file_descriptor_proto.is_empty());
        }
        other => panic!("a file is expected, not {other:?}"),
    }
}
