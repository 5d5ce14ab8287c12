//! Mutual TLS: a certificate that stands for an API key, for as long as the key holds.

use littoral_router::clock::unix_ms;
use littoral_router::config::raw::{RawConfig, RawTls};
use littoral_router::keys::{Books, Change, Key, Scope};
use littoral_router::tls::authority::{Authority, Issued};
use littoral_router::tls::{authority_certificate, authority_file};
use littoral_tests::cluster::{Cluster, PATIENCE, Plan};
use littoral_tests::web::send;
use reqwest::{Certificate, Client, Identity, StatusCode};
use secrecy::ExposeSecret as _;
use std::path::Path;

const HOUR_MS: u64 = 3_600_000;

async fn cluster(adjust: fn(&Path, &mut RawConfig)) -> Cluster {
    Cluster::start(Plan { adjust: Some(adjust), ..Plan::default() }).await
}

fn key(cluster: &Cluster) -> Key {
    let now = unix_ms();
    let wanted = Change {
        tenant: "local".into(),
        application: "crm".into(),
        user: "ann".into(),
        scopes: [Scope::Chat].into(),
        expires_unix_ms: now + HOUR_MS,
    };
    Books::of(&cluster.state()).create(wanted, now).expect("a key").0
}

fn issue(folder: &Path, cluster: &Cluster, key: &Key) -> Issued {
    let router_id = cluster.router.join_key.router_id();
    let now = unix_ms();
    let authority = Authority::load_or_create(&authority_file(folder), router_id, now);
    let authority = authority.expect("an authority");
    std::fs::write(authority_certificate(folder), authority.certificate()).expect("written");
    authority.asker(&key.id, (now, now + HOUR_MS)).expect("a certificate")
}

/// Asks for the list of models as a stranger with this certificate.
async fn ask(cluster: &Cluster, issued: &Issued) -> StatusCode {
    let pem = format!("{}{}", issued.certificate, issued.key.expose_secret());
    let authority = std::fs::read(authority_certificate(&cluster.state())).expect("a file");
    let client = Client::builder()
        .no_proxy()
        .tls_certs_only([Certificate::from_pem(&authority).expect("a certificate")])
        .identity(Identity::from_pem(pem.as_bytes()).expect("an identity"))
        .build()
        .expect("a client");
    let request = client.get(format!("{}/v1/models", cluster.url()));
    send(request.header("x-forwarded-for", "192.0.2.7")).await.status
}

async fn until(cluster: &Cluster, issued: &Issued, wanted: StatusCode) {
    let asked = async {
        while ask(cluster, issued).await != wanted {
            // The router looks into its book once a second; asking again lets it.
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.expect("in time");
}

#[tokio::test]
async fn a_certificate_lets_in_as_its_key_until_that_is_revoked() {
    let cluster = cluster(|_, raw| raw.tls = Some(RawTls::default())).await;
    let key = key(&cluster);
    let issued = issue(&cluster.state(), &cluster, &key);
    until(&cluster, &issued, StatusCode::OK).await;
    Books::of(&cluster.state()).revoke(&key.id, unix_ms()).expect("revoked");
    until(&cluster, &issued, StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn an_authority_for_workers_cannot_say_who_asks() {
    let mut cluster = cluster(|home, raw| {
        let foreign = authority_certificate(&home.join("foreign"));
        let worker_ca = foreign.exists().then_some(foreign);
        raw.tls = Some(RawTls { worker_ca, ..RawTls::default() });
    })
    .await;
    let key = key(&cluster);
    // Another authority, which an operator names for workers, signs the very same words.
    let foreign = cluster.home().join("foreign");
    std::fs::create_dir_all(&foreign).expect("a folder");
    let forged = issue(&foreign, &cluster, &key);
    cluster.restart().await;
    let own = issue(&cluster.state(), &cluster, &key);
    until(&cluster, &own, StatusCode::OK).await;
    assert_eq!(ask(&cluster, &forged).await, StatusCode::UNAUTHORIZED);
}
