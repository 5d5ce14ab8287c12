//! The way real providers are reached: TLS and HTTP/2.
//!
//! The other calls here speak HTTP/1.1 in the clear, where every byte can be scripted. What they
//! cannot show is shown here: which certificates are trusted, that nothing is sent before one is,
//! and that the body's count and the cancel hold on a multiplexed connection too.

use super::*;
use axum::Router;
use axum::body::{Body, Bytes as BodyBytes};
use axum::http::{HeaderMap, Version};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::stream;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A server with a certificate of its own making.
struct TlsServer {
    base_url: String,
    certificate_pem: String,
    handshakes: Arc<AtomicUsize>,
    requests: Requests,
    _tasks: JoinSet<()>,
}

type Requests = Arc<Mutex<Vec<(Version, HeaderMap, BodyBytes)>>>;

impl TlsServer {
    /// Answers every request with the body that `answer` makes.
    async fn start(answer: impl Fn() -> Body + Clone + Send + Sync + 'static) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = rustls::ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key.into())
            .unwrap();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];

        let (handshakes, requests) = (Arc::new(AtomicUsize::new(0)), Requests::default());
        let tcp = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = tcp.local_addr().unwrap().port();
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let listener = TlsListener { tcp, acceptor, handshakes: Arc::clone(&handshakes) };
        let kept = Arc::clone(&requests);
        let handler = move |version: Version, headers: HeaderMap, body: BodyBytes| async move {
            kept.lock().unwrap().push((version, headers, body));
            event_stream(answer())
        };
        let app = Router::new().route("/v1/chat/completions", post(handler));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            base_url: format!("https://localhost:{port}/v1"),
            certificate_pem: cert.pem(),
            handshakes,
            requests,
            _tasks: tasks,
        }
    }

    /// A provider that trusts the certificate `pem` and no other.
    fn provider(&self, pem: &str) -> CloudProvider {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, pem).unwrap();
        let mut config = config(&self.base_url);
        config.ca_file = Some(path);
        CloudProvider::new(config).unwrap()
    }
}

fn event_stream(body: Body) -> Response {
    ([("content-type", "text/event-stream")], body).into_response()
}

struct TlsListener {
    tcp: tokio::net::TcpListener,
    acceptor: TlsAcceptor,
    handshakes: Arc<AtomicUsize>,
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.tcp.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                self.handshakes.fetch_add(1, Ordering::SeqCst);
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}

fn whole_answer() -> Body {
    Body::from(format!("data: {HELLO}\n\ndata: {STOP}\n\ndata: [DONE]\n\n"))
}

#[tokio::test]
async fn calls_share_one_http2_connection_and_the_body_arrives_as_counted() {
    let server = TlsServer::start(whole_answer).await;
    let provider = server.provider(&server.certificate_pem);
    for _ in 0..3 {
        let (report, told) = run(&provider).await;
        assert_eq!(told, [accepted(), delta("Hello"), finished(None)]);
        assert_eq!(report, all_sent());
    }
    assert_eq!(server.handshakes.load(Ordering::SeqCst), 1);
    for (version, headers, body) in server.requests.lock().unwrap().iter() {
        assert_eq!((*version, body.as_ref()), (Version::HTTP_2, BODY.as_bytes()));
        assert_eq!(headers["content-length"], BODY.len().to_string());
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_whose_certificate_is_not_trusted() {
    let server = TlsServer::start(whole_answer).await;
    let other = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (report, told) = run(&server.provider(&other.cert.pem())).await;
    assert_eq!(report.sent_bytes, 0);
    assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Network, "tls"));
    assert!(fault(&told).detail.contains("certificate"), "{}", fault(&told).detail);
    assert!(server.requests.lock().unwrap().is_empty());
}

/// Tells when the server drops the answer it was sending.
struct Dropped(Arc<Notify>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test]
async fn a_cancelled_call_stops_the_provider_and_leaves_the_connection_to_others() {
    let stopped = Arc::new(Notify::new());
    let on_drop = Arc::clone(&stopped);
    let server = TlsServer::start(move || {
        let guard = Dropped(Arc::clone(&on_drop));
        let first = stream::once(async { Ok::<_, Infallible>(format!("data: {HELLO}\n\n")) });
        let endless = stream::poll_fn(move |_| {
            let _held = &guard;
            std::task::Poll::Pending
        });
        Body::from_stream(futures_util::StreamExt::chain(first, endless))
    })
    .await;
    let provider = server.provider(&server.certificate_pem);
    for _ in 0..2 {
        let (events, mut told) = mpsc::channel(64);
        let cancel = CancellationToken::new();
        let running = call(&provider).run(pass(), DispatchId(7), events, cancel.clone());
        let watching = async {
            assert_eq!(told.recv().await, Some(accepted()));
            assert_eq!(told.recv().await, Some(delta("Hello")));
            cancel.cancel();
            stopped.notified().await;
        };
        assert_eq!(tokio::join!(running, watching).0, all_sent());
    }
    assert_eq!(server.handshakes.load(Ordering::SeqCst), 1);
}
