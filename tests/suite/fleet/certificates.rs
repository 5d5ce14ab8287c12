//! Who a worker is, by its certificate, and certificates that are replaced while sessions stand.

use futures_util::poll;
use littoral_proto::v1;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::worker_service_client::WorkerServiceClient;
use littoral_router::clock::unix_ms;
use littoral_router::config::raw::{RawConfig, RawTls};
use littoral_router::tls::authority::{Authority, Written};
use littoral_router::tls::authority_file;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::puppet::{hello, offer};
use littoral_tests::scripted_engine::ScriptedEngine;
use littoral_worker::WorkerConfig;
use littoral_worker::config::Identity;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;
use tokio_stream::once;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity as Pem};
use tonic::{Code, Status};

const HOUR_MS: u64 = 3_600_000;

async fn cluster() -> Cluster {
    let adjust = |_: &Path, raw: &mut RawConfig| raw.tls = Some(RawTls::default());
    Cluster::start(Plan { adjust: Some(adjust), ..Plan::default() }).await
}

fn authority(state: &Path, router_id: &str) -> Authority {
    Authority::load_or_create(&authority_file(state), router_id, unix_ms()).expect("an authority")
}

/// A certificate of the cluster's own authority, in a folder.
fn issue(cluster: &Cluster, seat: &Seat, life_ms: u64, folder: &Path) -> Written {
    let authority = authority(&cluster.state(), cluster.router.join_key.router_id());
    let now = unix_ms();
    let issued = authority.worker(&seat.claims(now + life_ms), now).expect("a certificate");
    authority.write(&issued, folder, &seat.worker_id).expect("written files")
}

/// A worker that shows a certificate and no token.
fn shows(cluster: &Cluster, seat: &Seat, written: &Written) -> WorkerConfig {
    let mut config = cluster.worker_config(seat, String::new());
    let Written { certificate, key, .. } = written.clone();
    config.tls.identity = Some(Identity { certificate, key });
    config
}

/// Knocks with a certificate and a hello; returns the router's refusal.
async fn refused(cluster: &Cluster, written: &Written, hello: v1::Hello) -> Status {
    let read = |path: &PathBuf| std::fs::read(path).expect("a file");
    let own = Pem::from_pem(read(&written.certificate), read(&written.key));
    let router = read(&cluster.state().join("router-ca.pem"));
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(router)).identity(own);
    let endpoint = Endpoint::from_shared(cluster.url()).expect("an address");
    // TLS 1.3 tells of a refused certificate only after the handshake, so the call fails if not the connection.
    let channel = match endpoint.tls_config(tls).expect("TLS").connect().await {
        Ok(channel) => channel,
        Err(error) => return Status::unavailable(format!("{error:?}")),
    };
    let message = v1::WorkerMessage { message: Some(Up::Hello(hello)) };
    let session = WorkerServiceClient::new(channel).session(once(message)).await;
    match session {
        Err(refused) => refused,
        Ok(session) => {
            session.into_inner().message().await.map(|_| ()).expect_err("the router let it in")
        }
    }
}

async fn session_of(cluster: &Cluster, name: &str) -> v1::WorkerSummary {
    let list = cluster.fleet().list_workers(v1::ListWorkersRequest {}).await.expect("a list");
    let mut all = list.into_inner().workers.into_iter();
    all.find(|worker| worker.worker_id == name).expect("the worker")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_alone_lets_its_worker_in_with_what_it_grants() {
    let (mut cluster, folder) = (cluster().await, tempfile::tempdir().expect("a folder"));
    let seat = Seat::own("phone");
    let written = issue(&cluster, &seat, HOUR_MS, folder.path());
    let config = shows(&cluster, &seat, &written);
    cluster.join_with(config, Arc::new(ScriptedEngine::new("tiny", &["on ", "the phone"]))).await;
    let answer = ask(&mut cluster.chat(), prompt("hello", v1::DataClass::Restricted)).await;
    assert_eq!(answer.text(), "on the phone");
    assert_eq!(answer.served(), (v1::Tier::Device, "local/@local/tiny".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_enough_over_tls_too() {
    let mut cluster = cluster().await;
    cluster.join(&Seat::own("phone"), Arc::new(ScriptedEngine::new("tiny", &["by token"]))).await;
    let answer = ask(&mut cluster.chat(), prompt("hello", v1::DataClass::Restricted)).await;
    assert_eq!(answer.text(), "by token");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_that_prove_nothing_let_nobody_in() {
    let (cluster, folder) = (cluster().await, tempfile::tempdir().expect("a folder"));
    let (phone, rack) = (Seat::own("phone"), Seat::shared("rack1"));
    let nameless = |seat: &Seat| v1::Hello {
        join_token: String::new(),
        ..hello(&cluster, seat, vec![offer("tiny")])
    };
    let good = issue(&cluster, &phone, HOUR_MS, folder.path());

    let other_name = refused(&cluster, &good, nameless(&rack)).await;
    assert_eq!(other_name.code(), Code::Unauthenticated, "{other_name}");
    assert!(other_name.message().contains("was issued for worker phone"), "{other_name}");

    let with_token = v1::Hello {
        join_token: cluster.token(&Seat::shared("phone")),
        ..hello(&cluster, &phone, vec![offer("tiny")])
    };
    let disagree = refused(&cluster, &good, with_token).await;
    assert_eq!(disagree.code(), Code::Unauthenticated, "{disagree}");
    assert!(disagree.message().contains("show one of them"), "{disagree}");

    // Its own authority says that it is the same worker of the same router.
    let thief = tempfile::tempdir().expect("a folder");
    let forger = authority(thief.path(), cluster.router.join_key.router_id());
    let now = unix_ms();
    let forged = forger.worker(&phone.claims(now + HOUR_MS), now).expect("a certificate");
    let forged = forger.write(&forged, thief.path(), "phone").expect("written files");
    let refusal = refused(&cluster, &forged, nameless(&phone)).await;
    assert_ne!(refusal.code(), Code::Ok, "{refusal}");
    assert!(
        !refusal.message().contains("hello"),
        "it came no further than the handshake: {refusal}"
    );

    let none = v1::RenewRequest { incarnation: 1 };
    let renewal = WorkerServiceClient::new(cluster.channel.clone()).renew(none).await;
    assert_eq!(renewal.expect_err("no certificate").code(), Code::Unauthenticated);
    assert!(
        cluster
            .fleet()
            .list_workers(v1::ListWorkersRequest {})
            .await
            .is_ok_and(|list| { list.into_inner().workers.is_empty() })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_outlives_its_first_certificate_when_the_worker_is_given_another() {
    let (mut cluster, folder) = (cluster().await, tempfile::tempdir().expect("a folder"));
    let seat = Seat::own("phone");
    let first = issue(&cluster, &seat, 6_000, folder.path());
    let config = shows(&cluster, &seat, &first);
    cluster.join_with(config, Arc::new(ScriptedEngine::new("tiny", &["still ", "there"]))).await;
    let before = session_of(&cluster, "phone").await;
    let ends = SystemTime::now() + Duration::from_secs(7);
    issue(&cluster, &seat, HOUR_MS, folder.path());
    let past_the_first = |list: &[v1::WorkerSummary]| {
        let there = list.iter().any(|one| one.incarnation == before.incarnation);
        assert!(there, "the session ended");
        SystemTime::now() > ends
    };
    cluster.wait_for_workers(past_the_first).await;
    let answer = ask(&mut cluster.chat(), prompt("hello", v1::DataClass::Restricted)).await;
    assert_eq!(answer.text(), "still there");
    assert_eq!(session_of(&cluster, "phone").await.incarnation, before.incarnation);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_its_certificate_if_there_is_no_other() {
    let (mut cluster, folder) = (cluster().await, tempfile::tempdir().expect("a folder"));
    let seat = Seat::own("phone");
    let written = issue(&cluster, &seat, 4_000, folder.path());
    let config = shows(&cluster, &seat, &written);
    cluster.join_with(config, Arc::new(ScriptedEngine::new("tiny", &["no"]))).await;
    cluster.wait_for_workers(<[_]>::is_empty).await;
}

/// A router's certificate in files that can be replaced, of an authority of its own.
struct Files {
    folder: TempDir,
    authority: Authority,
}

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let authority = authority(folder.path(), "0123456789abcdef");
        Self { folder, authority }
    }

    fn issue(&self, names: &[&str]) -> Written {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let now = unix_ms();
        let issued = self.authority.router(&names, (now, now + HOUR_MS)).expect("a certificate");
        self.authority.write(&issued, self.folder.path(), "router").expect("written files")
    }

    async fn reaches(&self, address: &str, name: &str) -> bool {
        let authority = Certificate::from_pem(self.authority.certificate());
        let tls = ClientTlsConfig::new().ca_certificate(authority).domain_name(name);
        let endpoint = Endpoint::from_shared(address.to_owned()).expect("an address");
        endpoint.tls_config(tls).expect("TLS").connect().await.is_ok()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_of_the_router_is_shown_to_newcomers_and_no_session_ends() {
    littoral_tests::cluster::install_crypto();
    let files = Files::new();
    let written = files.issue(&["old.example", "127.0.0.1"]);
    let home = littoral_tests::process::Home::empty(env!("CARGO_BIN_EXE_littoral-under-test"));
    let settings = format!(
        "[tls]\ncertificate = {:?}\nkey = {:?}\n",
        written.certificate.display().to_string(),
        written.key.display().to_string()
    );
    std::fs::write(home.path("router.toml"), settings).expect("settings");
    let config = home.path("router.toml").display().to_string();
    let router = home.stay(["serve", "--listen", "127.0.0.1:0", "--config", &config]).await;
    assert!(files.reaches(&router.address, "old.example").await);
    assert!(!files.reaches(&router.address, "new.example").await);

    let authority = Certificate::from_pem(files.authority.certificate());
    let tls = ClientTlsConfig::new().ca_certificate(authority);
    let endpoint = Endpoint::from_shared(router.address.clone()).expect("an address");
    let standing = endpoint.tls_config(tls).expect("TLS").connect().await.expect("a connection");
    let mut fleet = v1::fleet_service_client::FleetServiceClient::new(standing);
    let mut lists =
        fleet.watch_workers(v1::WatchWorkersRequest {}).await.expect("a watch").into_inner();
    lists.message().await.expect("a list");

    files.issue(&["new.example", "127.0.0.1"]);
    let replaced = async { while !files.reaches(&router.address, "new.example").await {} };
    tokio::time::timeout(littoral_tests::cluster::PATIENCE, replaced).await.expect("in time");
    assert!(!files.reaches(&router.address, "old.example").await);
    assert!(poll!(pin!(lists.message())).is_pending(), "the stream that was there before goes on");

    std::fs::write(&written.certificate, "no certificate").expect("a spoilt file");
    assert!(files.reaches(&router.address, "new.example").await, "the last good one stays");
}
