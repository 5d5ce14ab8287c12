//! Strangers at the port: what they send is refused by name or cut off, others are served meanwhile, and the
//! memory that they cost has a bound. The router is a process of its own, so that its memory is its own.

use littoral_tests::process::{Home, Staying};
use littoral_tests::web::{client, post, send};
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");
/// Memory that a router may gain from all of one kind of abuse, in kilobytes.
const MOST_GROWTH_KB: u64 = 300 * 1024;
/// Longest wait for the end of a connection that broke the rules.
const SOON: Duration = Duration::from_secs(10);
/// Connections of one stranger.
const CROWD: usize = 200;

struct Stand {
    _home: Home,
    router: Staying,
    before_kb: u64,
}

impl Stand {
    async fn start() -> Self {
        Self::with("").await
    }

    async fn with(config: &str) -> Self {
        let home = Home::empty(BINARY);
        let path = home.path("router.toml");
        std::fs::write(&path, config).expect("a configuration");
        let path = path.to_str().expect("a path in UTF-8");
        let router = home.stay(["serve", "--listen", "127.0.0.1:0", "--config", path]).await;
        let mut stand = Self { _home: home, router, before_kb: 0 };
        stand.serves().await;
        stand.before_kb = stand.resident_kb();
        stand
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.router.address)
    }

    fn address(&self) -> &str {
        self.router.address.trim_start_matches("http://")
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address()).await.expect("a connection")
    }

    fn resident_kb(&self) -> u64 {
        let id = self.router.child.id().expect("a running process");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Somebody else is served, by name if not with an answer.
    async fn serves(&self) {
        let reply = send(client().get(self.url("/v1/models"))).await;
        assert_eq!(reply.status, StatusCode::OK);
        let body = json!({ "messages": [{ "role": "user", "content": "hi" }] });
        let reply = post(self.url("/v1/chat/completions"), &body).await;
        assert!(reply.json()["error"]["code"].is_string(), "{reply:?}");
    }

    #[expect(clippy::print_stdout, reason = "a measured figure of a test")]
    async fn bears(self, what: &str) {
        self.serves().await;
        let grown = self.resident_kb().saturating_sub(self.before_kb);
        println!("{what}: {grown} kB more");
        assert!(grown < MOST_GROWTH_KB, "{what}: {grown} kB");
        self.router.signal("TERM").await;
        assert_eq!(self.router.end().await, Some(0), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_and_headers_that_are_too_large_are_refused_by_name() {
    let stand = Stand::start().await;
    let chat = stand.url("/v1/chat/completions");
    let large = "x".repeat(17 << 20);
    let said = client().post(&chat).header("content-type", "application/json").body(large.clone());
    let said = said.send().await;
    // The answer may be there before all of the body is gone, and the connection then breaks.
    if let Ok(said) = said {
        assert_eq!(said.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    let chunked = reqwest::Body::wrap_stream(futures_util::stream::iter(
        (0..34).map(|_| Ok::<_, std::io::Error>(bytes::Bytes::from(vec![b' '; 1 << 19]))),
    ));
    let said =
        client().post(&chat).header("content-type", "application/json").body(chunked).send().await;
    if let Ok(said) = said {
        assert_eq!(said.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    let said =
        client().get(stand.url("/v1/models")).header("x-long", "y".repeat(100_000)).send().await;
    if let Ok(said) = said {
        assert_eq!(said.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    stand.bears("oversize").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn json_that_is_malformed_or_deep_is_refused_by_name() {
    let stand = Stand::start().await;
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let nested = format!(r#"{{"messages": [], "tool_choice": {deep}}}"#);
    for path in ["/v1/chat/completions", "/v1/messages", "/v1/embeddings"] {
        for body in ["", "{", "null", "[1]", "\u{0}", &deep, &nested, r#"{"model": 7}"#] {
            let request = client().post(stand.url(path)).header("content-type", "application/json");
            let reply = send(request.body(body.to_owned())).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}: {reply:?}");
            assert_eq!(reply.json()["error"]["code"], "INVALID_REQUEST");
        }
    }
    stand.bears("malformed JSON").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_finish_what_they_say_hold_up_nobody() {
    let stand = Stand::start().await;
    let beginnings: [&[u8]; 5] = [
        b"",
        b"P",
        b"PRI * HTTP/2.0\r\n",
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-slow: ",
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
          content-length: 16000000\r\n\r\n{\"mess",
    ];
    let mut held = Vec::new();
    for beginning in beginnings {
        for _ in 0..CROWD / beginnings.len() {
            let mut stream = stand.connect().await;
            stream.write_all(beginning).await.expect("taken");
            held.push(stream);
        }
    }
    // Bodies that are being read have a bound of their own, which says so; whoever sends none is served.
    let models = send(client().get(stand.url("/v1/models"))).await;
    assert_eq!(models.status, StatusCode::OK);
    let body = json!({ "messages": [{ "role": "user", "content": "hi" }] });
    let reply = post(stand.url("/v1/chat/completions"), &body).await;
    let code = reply.json()["error"]["code"].as_str().unwrap_or_default().to_owned();
    assert!(["NO_READY_TARGET", "NO_CAPABLE_TARGET", "SHED"].contains(&code.as_str()), "{reply:?}");
    drop(held);
    stand.bears("slow clients").await;
}

/// The preface of HTTP/2 and empty settings.
const HELLO: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";

/// A frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// `GET /v1/models` over HTTP/2, in literal headers without indexing.
fn head(stream: u32) -> Vec<u8> {
    let mut block = vec![0x82, 0x86];
    for (index, value) in [(0x04_u8, "/v1/models"), (0x01, "localhost")] {
        block.push(index);
        block.push(u8::try_from(value.len()).expect("short"));
        block.extend(value.as_bytes());
    }
    frame(0x1, 0x5, stream, &block)
}

/// Sends all of it; true if the router ended the connection, before the last of it or soon after.
async fn flood(mut stream: TcpStream, frames: impl Iterator<Item = Vec<u8>>) -> bool {
    if stream.write_all(HELLO).await.is_err() {
        return true;
    }
    let (mut reads, mut writes) = stream.into_split();
    let mut ended = tokio::spawn(async move {
        let mut buffer = vec![0; 1 << 16];
        while reads.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
    });
    for frame in frames {
        if writes.write_all(&frame).await.is_err() {
            return true;
        }
    }
    tokio::time::timeout(SOON, &mut ended).await.is_ok()
}

/// A kind of flood.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Streams that are opened only to be reset (CVE-2023-44487).
    RapidReset,
    /// Headers that never end (CVE-2024-27316).
    Continuation,
    /// Bytes that are no frames.
    Garbage,
    /// Settings, each of which wants an answer.
    Settings,
    /// Pings, each of which wants an answer.
    Pings,
}

impl Kind {
    const ALL: [Self; 5] =
        [Self::RapidReset, Self::Continuation, Self::Garbage, Self::Settings, Self::Pings];

    /// Whether it breaks the protocol, so that it has to end the connection. The others are slowed down by
    /// their own answers.
    const fn ends(self) -> bool {
        matches!(self, Self::RapidReset | Self::Continuation | Self::Garbage)
    }

    fn frames(self) -> Box<dyn Iterator<Item = Vec<u8>> + Send> {
        match self {
            Self::RapidReset => Box::new((0..50_000_u32).flat_map(|number| {
                let stream = number * 2 + 1;
                [head(stream), frame(0x3, 0, stream, &8_u32.to_be_bytes())]
            })),
            Self::Continuation => {
                let begun = std::iter::once(frame(0x1, 0x0, 1, &[0x82]));
                let more = (0..20_000).map(|_| frame(0x9, 0x0, 1, &[0x00, 0x01, b'x', 0x01, b'y']));
                Box::new(begun.chain(more))
            }
            Self::Garbage => {
                Box::new((0..1_000).map(|number: u32| (number << 20 | 7).to_be_bytes().repeat(100)))
            }
            Self::Settings => Box::new((0..100_000).map(|_| frame(0x4, 0, 0, &[]))),
            Self::Pings => Box::new((0..100_000).map(|_| frame(0x6, 0, 0, &[0; 8]))),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_of_http_2_end_their_own_connections() {
    let stand = Stand::start().await;
    let mut floods = JoinSet::new();
    for kind in Kind::ALL {
        for _ in 0..8 {
            let stream = stand.connect().await;
            floods.spawn(async move { (kind, flood(stream, kind.frames()).await) });
        }
    }
    stand.serves().await;
    while let Some(flood) = floods.join_next().await {
        let (kind, ended) = flood.expect("a flood");
        assert!(ended || !kind.ends(), "{kind:?} is let go on");
    }
    stand.bears("floods of HTTP/2").await;
}

/// Connections that a router may be told to hold at the least.
const FEWEST_CONNECTIONS: usize = 16;
/// So long is looked at whoever has to wait. A slow machine makes it wait longer.
const A_LOOK: Duration = Duration::from_millis(300);

#[tokio::test(flavor = "multi_thread")]
async fn no_more_connections_are_held_than_may_be_and_the_next_is_served_when_one_goes() {
    let stand = Stand::with(&format!("[limits]\nconnections = {FEWEST_CONNECTIONS}\n")).await;
    let models = b"GET /v1/models HTTP/1.1\r\nhost: here\r\n\r\n";
    let mut held = Vec::new();
    for _ in 0..FEWEST_CONNECTIONS {
        let mut connection = stand.connect().await;
        connection.write_all(models).await.expect("a request");
        assert!(connection.read(&mut [0; 12]).await.expect("an answer") > 0);
        held.push(connection);
    }
    let mut next = stand.connect().await;
    next.write_all(models).await.expect("a request");
    let mut status = [0; 12];
    let early = tokio::time::timeout(A_LOOK, next.read_exact(&mut status)).await;
    assert!(early.is_err(), "more connections are served than may be: {early:?}");
    drop(held.pop());
    next.read_exact(&mut status).await.expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 200");
    drop((next, held));
    stand.bears("connections past the bound").await;
}
