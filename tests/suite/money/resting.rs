//! Clouds that are left alone: by their breaker, for their keys, and because nothing can be reached.

use super::*;
use littoral_tests::cluster::PATIENCE;

/// Gates that rejected the cloud in a dry decision.
async fn gate(cluster: &Cluster) -> Option<String> {
    let facts = v1::RequestFacts {
        data_class: DataClass::Public.into(),
        labelled: true,
        prompt_tokens: 10,
        ..v1::RequestFacts::default()
    };
    let subject = Some(v1::decide_request::Subject::Facts(facts));
    let request = v1::DecideRequest { subject, ..v1::DecideRequest::default() };
    let decided = cluster.routing().decide(request).await.expect("a decision").into_inner();
    let rejected = decided.decision.expect("a decision").rejected;
    rejected.into_iter().next().map(|row| row.gate)
}

#[tokio::test]
async fn a_provider_that_fails_is_left_alone_and_found_again() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.usually(Behaviour::server_error());
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    assert_eq!(gate(&cluster).await, None);
    while gate(&cluster).await.is_none() {
        assert!(heard(&cluster).await.status.is_some());
    }
    assert_eq!(gate(&cluster).await.as_deref(), Some("breaker"));
    let sent = cloud.requests().len();
    assert!(sent <= 8, "{sent} calls before it was left alone");
    let refused = heard(&cluster).await;
    assert_eq!(refused.failure().1, "NO_READY_TARGET");
    assert_eq!(cloud.requests().len(), sent, "nothing more is sent");

    cloud.usually(Behaviour::answer(WORDS));
    let back = async {
        while heard(&cluster).await.status.is_some() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, back).await.expect("it is found again");
    assert_eq!(gate(&cluster).await, None);
}

#[tokio::test]
async fn keys_that_are_all_refused_are_told_as_such() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.usually(Behaviour::unauthorized());
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    assert_eq!(heard(&cluster).await.failure().1, "ATTEMPTS_FAILED");
    let refused = heard(&cluster).await;
    assert_eq!(refused.failure().1, "NO_READY_TARGET");
    let message = refused.status.expect("a status").message().to_owned();
    assert!(message.contains("all its keys rest"), "{message}");
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn where_nothing_can_be_reached_it_is_offline_and_a_connection_that_says_nothing_ends_that() {
    // A port that was free a moment ago refuses.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("its address");
    drop(free);
    let dead = Some(format!("http://{address}/v1"));
    let cluster = Cluster::start(Plan { dead_cloud: dead, ..Plan::default() }).await;
    let mut requests = 0;
    while gate(&cluster).await.is_none() {
        assert!(heard(&cluster).await.status.is_some());
        requests += 1;
        assert!(requests <= 8, "still not left alone");
    }
    let message = heard(&cluster).await.status.expect("a failure").message().to_owned();
    assert!(message.contains("no cloud can be reached"), "{message}");

    // Somebody takes connections there again, and is told nothing.
    let listener = tokio::net::TcpListener::bind(address).await.expect("the port again");
    let accepted = tokio::time::timeout(PATIENCE, listener.accept()).await.expect("a probe");
    let (mut probe, _) = accepted.expect("a connection");
    let mut said = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut probe, &mut said).await.expect("its end");
    assert_eq!(said, b"", "a probe says nothing");
    // Nobody takes what comes now: without this it would wait for an answer.
    drop(listener);
    let back = async {
        loop {
            // The breaker may still be open; being offline is over.
            let status = heard(&cluster).await.status.expect("nobody answers there");
            if !status.message().contains("no cloud can be reached") {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, back).await.expect("online again");
}
