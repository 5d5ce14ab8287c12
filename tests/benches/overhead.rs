//! What the router adds to a cloud that answers at once, over each door: the same requests straight to the
//! stand-in and through a router of its own process, in one run. Everything is on: store, scan, breakers, books of
//! money, metrics, traces that a collector takes, a log that is read.
//!
//! `cargo bench -p littoral-tests --bench overhead` builds client, stand-in and router for release.
//! `LITTORAL_OVERHEAD_S` is the length of each part in seconds.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints and may stop"
)]

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use futures_util::future::join_all;
use littoral_proto::v1;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_proto::v1::chat_service_server::{ChatService, ChatServiceServer};
use littoral_tests::process::{Home, Staying};
use littoral_tests::web::client;
use littoral_tests::{ask, cluster};
use reqwest::Client;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio_stream::Empty;
use tonic::transport::Channel;
use tonic::{Response, Status};

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");
/// An answer of OpenAI's, as short as it can be.
const ANSWER: &str = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"instant\",\
    \"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"yes\"},\"finish_reason\":null}]}\n\n\
    data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"instant\",\
    \"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\
    \"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}\n\ndata: [DONE]\n\n";
/// Requests a second of the open loop.
const OPEN_RATE: u64 = 1_000;

#[tokio::main]
async fn main() {
    cluster::install_crypto();
    let seconds = std::env::var("LITTORAL_OVERHEAD_S").ok().and_then(|text| text.parse().ok());
    let length = Duration::from_secs(seconds.unwrap_or(5));
    let instant = stand_in().await;
    let collector = collector().await;
    let (_home, router) = router(&instant, &collector).await;
    let direct = Door::Http(format!("{instant}/v1/chat/completions"));
    let http = Door::Http(format!("{}/v1/chat/completions", router.address));
    let grpc = Door::Grpc(router.address.clone());
    let direct_grpc = Door::Grpc(grpc_stand_in().await);
    let doors =
        [("direct", &direct), ("HTTP", &http), ("direct gRPC", &direct_grpc), ("gRPC", &grpc)];
    for (_, door) in doors {
        closed(door, 4, Duration::from_secs(1)).await;
    }
    println!("{:<22} {:>12} {:>9} {:>9} {:>9}", "", "requests/s", "p50 ms", "p99 ms", "added p50");
    for connections in [1, 16] {
        let mut of_direct = 0.0;
        for (name, door) in doors {
            let mut taken = closed(door, connections, length).await;
            let rate = taken.len() as f64 / length.as_secs_f64();
            let (p50, p99) = (quantile(&mut taken, 0.5), quantile(&mut taken, 0.99));
            if name.starts_with("direct") {
                of_direct = p50;
            }
            let label = format!("{name}, {connections} connections");
            println!("{label:<22} {rate:>12.0} {p50:>9.3} {p99:>9.3} {:>9.3}", p50 - of_direct);
        }
    }
    for (name, door) in doors {
        let mut taken = open(door, length).await;
        let (p50, p99) = (quantile(&mut taken, 0.5), quantile(&mut taken, 0.99));
        println!("{:<22} {OPEN_RATE:>12} {p50:>9.3} {p99:>9.3}", format!("{name}, open loop"));
    }
    router.signal("TERM").await;
    router.end().await;
}

/// A provider that answers at once.
async fn stand_in() -> String {
    let answer = || async {
        axum::response::Response::builder()
            .header(CONTENT_TYPE, "text/event-stream")
            .body(Body::from(ANSWER))
            .unwrap()
    };
    let app = Router::new().route("/v1/chat/completions", post(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    format!("http://{address}")
}

/// The same for clients of gRPC: what they and the protocol take by themselves.
async fn grpc_stand_in() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let incoming = tonic::transport::server::TcpIncoming::from(listener).with_nodelay(Some(true));
    let server = tonic::transport::Server::builder().add_service(ChatServiceServer::new(AtOnce));
    tokio::spawn(async move { server.serve_with_incoming(incoming).await.unwrap() });
    format!("http://{address}")
}

/// Answers every request with one word.
struct AtOnce;

#[tonic::async_trait]
impl ChatService for AtOnce {
    type CompleteStream = Empty<Result<v1::ChatEvent, Status>>;
    type ResumeStream = Empty<Result<v1::ChatEvent, Status>>;

    async fn complete(
        &self,
        _: tonic::Request<v1::ChatRequest>,
    ) -> Result<Response<Self::CompleteStream>, Status> {
        Err(Status::unimplemented("one message is all there is"))
    }

    async fn complete_unary(
        &self,
        _: tonic::Request<v1::ChatRequest>,
    ) -> Result<Response<v1::ChatResponse>, Status> {
        Ok(Response::new(v1::ChatResponse { text: "yes".into(), ..v1::ChatResponse::default() }))
    }

    async fn resume(
        &self,
        _: tonic::Request<v1::ResumeRequest>,
    ) -> Result<Response<Self::ResumeStream>, Status> {
        Err(Status::unimplemented("one message is all there is"))
    }
}

/// A collector that takes what comes and looks at nothing: what one does with it is not the router's to pay.
async fn collector() -> String {
    let takes = || post(|_: Bytes| async { StatusCode::OK });
    let app = Router::new().route("/v1/traces", takes()).route("/v1/metrics", takes());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    format!("http://{address}")
}

async fn router(instant: &str, collector: &str) -> (Home, Staying) {
    let home = Home::empty(BINARY);
    std::fs::write(home.path("cloud.key"), "a-key-of-nobody").unwrap();
    let config = format!(
        "[limits]\nin_flight = 4096\n[telemetry]\nendpoint = '{collector}'\nprotocol = 'http/protobuf'\n\
         [[provider]]\nname = 'instant'\nbase_url = '{instant}/v1'\napi_key_file = 'cloud.key'\n\
         [[provider.model]]\nname = 'instant'\ncontext_tokens = 8192\n\
         input_usd_micros_per_mtok = 150000\noutput_usd_micros_per_mtok = 600000\n"
    );
    std::fs::write(home.path("router.toml"), config).unwrap();
    let path = home.path("router.toml");
    let mut router =
        home.stay(["serve", "--listen", "127.0.0.1:0", "--config", path.to_str().unwrap()]).await;
    // A log that is read, as it would be.
    let mut log = router.child.stderr.take().unwrap();
    tokio::spawn(async move { tokio::io::copy(&mut log, &mut tokio::io::sink()).await });
    (home, router)
}

/// Where requests go.
enum Door {
    Http(String),
    Grpc(String),
}

/// One connection.
#[derive(Clone)]
enum Line {
    Http(Client, Arc<String>, Arc<Value>),
    Grpc(ChatServiceClient<Channel>, Arc<v1::ChatRequest>),
}

impl Door {
    async fn line(&self) -> Line {
        match self {
            Self::Http(url) => {
                let body = json!({
                    "model": "instant", "max_tokens": 16,
                    "messages": [{ "role": "user", "content": "Does the tide come in at noon?" }],
                });
                Line::Http(client(), Arc::new(url.clone()), Arc::new(body))
            }
            Self::Grpc(address) => {
                let channel =
                    Channel::from_shared(address.clone()).unwrap().connect().await.unwrap();
                let mut request =
                    ask::prompt("Does the tide come in at noon?", v1::DataClass::Public);
                request.model = "instant".into();
                Line::Grpc(ChatServiceClient::new(channel), Arc::new(request))
            }
        }
    }
}

impl Line {
    async fn ask(&mut self) {
        match self {
            Self::Http(client, url, body) => {
                let request = client.post(url.as_str()).json(&**body);
                let answer =
                    request.header("x-littoral-data-class", "public").send().await.unwrap();
                assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
                answer.bytes().await.unwrap();
            }
            Self::Grpc(client, request) => {
                client.complete_unary((**request).clone()).await.expect("an answer");
            }
        }
    }
}

/// Every connection asks again as soon as it is answered. Times in milliseconds.
async fn closed(door: &Door, connections: usize, length: Duration) -> Vec<f64> {
    let mut lines = Vec::new();
    for _ in 0..connections {
        lines.push(door.line().await);
    }
    let until = Instant::now() + length;
    let asking = lines.into_iter().map(|mut line| {
        tokio::spawn(async move {
            let mut taken = Vec::new();
            while Instant::now() < until {
                let begun = Instant::now();
                line.ask().await;
                taken.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            taken
        })
    });
    join_all(asking).await.into_iter().flat_map(Result::unwrap).collect()
}

/// Requests come at a rate, whether or not earlier ones are answered; each counts from its due moment.
async fn open(door: &Door, length: Duration) -> Vec<f64> {
    let mut lines = Vec::new();
    for _ in 0..16 {
        lines.push(door.line().await);
    }
    let (count, runtime) = (OPEN_RATE * length.as_secs(), Handle::current());
    // On a thread of its own: the runtime's timers are a millisecond coarse, as long as a request.
    let pace = move || {
        let begun = Instant::now();
        let ask = |number| {
            let due = begun + Duration::from_secs(1) * number / OPEN_RATE as u32;
            while let Some(early) = due.checked_duration_since(Instant::now()) {
                std::thread::park_timeout(early);
            }
            let mut line = lines[number as usize % lines.len()].clone();
            runtime.spawn(async move {
                line.ask().await;
                due.elapsed().as_secs_f64() * 1e3
            })
        };
        (0..count as u32).map(ask).collect::<Vec<_>>()
    };
    let asked = tokio::task::spawn_blocking(pace).await.unwrap();
    join_all(asked).await.into_iter().map(Result::unwrap).collect()
}

fn quantile(taken: &mut [f64], share: f64) -> f64 {
    taken.sort_by(f64::total_cmp);
    taken[((taken.len() - 1) as f64 * share) as usize]
}
