//! Trust comes from the join token alone: a worker without a good one is never used, another
//! person's device is never used, and the reason is shown.

use littoral_core::class::Tier;
use littoral_kit::shutdown::Shutdown;
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_router::clock::unix_ms;
use littoral_router::join_token::{Claims, JoinKey};
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cluster::{Cluster, Plan, Seat, is_measured};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;

fn engine() -> Arc<ScriptedEngine> {
    Arc::new(ScriptedEngine::new("tiny", &["mine"]))
}

/// What a worker with this token is told when it dials.
async fn refusal(cluster: &Cluster, seat: &Seat, token: String) -> String {
    let config = cluster.worker_config(seat, token);
    let running = littoral_worker::run(config, engine(), Shutdown::new());
    let ended = tokio::time::timeout(littoral_tests::cluster::PATIENCE, running).await;
    let error = ended.expect("a refusal is final").expect_err("the router must refuse it");
    let list = cluster.fleet().list_workers(v1::ListWorkersRequest {}).await.expect("a list");
    assert_eq!(list.into_inner().workers, Vec::new(), "a refused worker is not listed");
    let answer = ask(&mut cluster.chat(), prompt("hello", DataClass::Public)).await;
    assert_eq!(answer.failure().1, "NO_READY_TARGET", "a refused worker is never used");
    std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

fn claims(cluster: &Cluster, seat: &Seat) -> Claims {
    Claims {
        worker_id: seat.worker_id.clone(),
        tenant: "local".into(),
        owner: seat.owner.clone(),
        group: seat.group.clone(),
        nearest_tier: seat.tier,
        expires_unix_ms: unix_ms() + 60_000,
        router_id: cluster.router.join_key.router_id().to_owned(),
    }
}

#[tokio::test]
async fn a_forged_join_token_is_refused() {
    let cluster = Cluster::start(Plan::default()).await;
    let seat = Seat::own("laptop");
    let token = cluster.token(&seat);
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let mut forged: Vec<char> = signature.chars().collect();
    forged[3] = if forged[3] == 'A' { 'B' } else { 'A' };
    let forged = format!("{signed}.{}", forged.into_iter().collect::<String>());
    let said = refusal(&cluster, &seat, forged).await;
    assert!(said.contains("altered or not signed"), "{said}");
}

#[tokio::test]
async fn an_expired_join_token_is_refused() {
    let cluster = Cluster::start(Plan::default()).await;
    let seat = Seat::own("laptop");
    let expired = Claims { expires_unix_ms: unix_ms() - 1, ..claims(&cluster, &seat) };
    let token = cluster.router.join_key.issue(&expired).expect("a token");
    let said = refusal(&cluster, &seat, token).await;
    assert!(said.contains("expired"), "{said}");
}

#[tokio::test]
async fn a_join_token_of_another_router_is_refused() {
    let cluster = Cluster::start(Plan::default()).await;
    let other = tempfile::tempdir().expect("a folder");
    let key = JoinKey::load_or_create(&other.path().join("join.key")).expect("a key");
    let seat = Seat::own("laptop");
    let foreign = Claims { router_id: key.router_id().to_owned(), ..claims(&cluster, &seat) };
    let token = key.issue(&foreign).expect("a token");
    let said = refusal(&cluster, &seat, token).await;
    assert!(said.contains("another router"), "{said}");
}

#[tokio::test]
async fn a_join_token_whose_tier_or_owner_was_altered_is_refused() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let cluster = Cluster::start(Plan::default()).await;
    let shared = Seat::shared("laptop");
    let token = cluster.token(&shared);
    let parts: Vec<&str> = token.split('.').collect();
    let payload = URL_SAFE_NO_PAD.decode(parts[1]).expect("a payload");
    let payload: serde_json::Value = serde_json::from_slice(&payload).expect("JSON");
    for (field, value) in [("nearest_tier", "device"), ("owner", "local"), ("tenant", "other")] {
        let mut altered = payload.clone();
        altered[field] = value.into();
        let altered = URL_SAFE_NO_PAD.encode(altered.to_string());
        let token = format!("{}.{altered}.{}", parts[0], parts[2]);
        let said = refusal(&cluster, &shared, token).await;
        assert!(said.contains("altered or not signed"), "{field}: {said}");
    }
}

#[tokio::test]
async fn a_worker_cannot_take_the_name_of_another() {
    let cluster = Cluster::start(Plan::default()).await;
    let token = cluster.token(&Seat::own("laptop"));
    let said = refusal(&cluster, &Seat::own("phone"), token).await;
    assert!(said.contains("laptop"), "{said}");
}

#[tokio::test]
async fn of_two_processes_under_one_token_the_newer_works_and_the_older_ends_for_good() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let seat = Seat::own("laptop");
    let token = cluster.token(&seat);
    let older = littoral_worker::run(
        cluster.worker_config(&seat, token.clone()),
        engine(),
        Shutdown::new(),
    );
    let older = tokio::spawn(older);
    cluster.wait_for_workers(|list| list.len() == 1).await;
    cluster.join(&seat, engine()).await;
    let ended = tokio::time::timeout(littoral_tests::cluster::PATIENCE, older).await;
    let error = ended.expect("an end in time").expect("no panic").expect_err("it was replaced");
    assert!(error.to_string().contains("another process has joined"), "{error}");
    cluster.wait_for_workers(|list| list.len() == 1 && list.iter().all(is_measured)).await;
    let answer = ask(&mut cluster.chat(), prompt("hello", DataClass::Restricted)).await;
    assert_eq!(answer.text(), "mine", "{:?}", answer.status);
}

#[tokio::test]
async fn another_persons_device_is_never_used_and_the_reason_is_shown() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let bobs = engine();
    cluster.join(&Seat::of("bobs-laptop", "bob"), Arc::clone(&bobs) as _).await;
    for class in [DataClass::Public, DataClass::Restricted] {
        let answer = ask(&mut cluster.chat(), prompt("hello", class)).await;
        assert_eq!(answer.failure().1, "NO_READY_TARGET");
        let lost = &answer.decision().rejected;
        assert!(
            lost.iter().any(|lost| lost.gate == "owner" && lost.tier.is_none()),
            "the reason is shown: {lost:?}"
        );
        assert!(answer.decision().text.contains("another person's device"));
    }
    assert_eq!(bobs.started(), 0);

    let mine = engine();
    cluster.join(&Seat::own("my-laptop"), Arc::clone(&mine) as _).await;
    let answer = ask(&mut cluster.chat(), prompt("hello", DataClass::Restricted)).await;
    assert_eq!(answer.served(), (v1::Tier::Device, "local/@local/tiny".into()));
    assert_eq!((bobs.started(), mine.started()), (0, 1));
}

#[tokio::test]
async fn what_a_worker_says_of_itself_raises_no_trust() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let seat = Seat { tier: Tier::Edge, ..Seat::shared("box") };
    cluster.join(&seat, engine()).await;
    let answer = ask(&mut cluster.chat(), prompt("hello", DataClass::Personal)).await;
    assert_eq!(answer.served().0, v1::Tier::Edge);
    let refused = ask(&mut cluster.chat(), prompt("hello", DataClass::Restricted)).await;
    assert_eq!(refused.failure().1, "EGRESS_DENIED", "the shipped policy keeps it on the device");
}
