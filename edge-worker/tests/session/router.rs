//! The router's end of a session, played by the test.

use crate::soon;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::worker_service_server::{WorkerService, WorkerServiceServer};
use littoral_proto::v1::*;
use prost::Message as _;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::{Request, Response, Status, Streaming};

type Line = (Streaming<WorkerMessage>, mpsc::Sender<Result<RouterMessage, Status>>);

/// A server on a port of its own that hands every session to the test.
pub struct Router {
    pub address: String,
    sessions: mpsc::Receiver<Line>,
    refusal: Arc<Mutex<Option<Status>>>,
    _stop: DropGuard,
}

struct Service {
    sessions: mpsc::Sender<Line>,
    refusal: Arc<Mutex<Option<Status>>>,
}

#[tonic::async_trait]
impl WorkerService for Service {
    type SessionStream = ReceiverStream<Result<RouterMessage, Status>>;

    async fn session(
        &self,
        request: Request<Streaming<WorkerMessage>>,
    ) -> Result<Response<Self::SessionStream>, Status> {
        if let Some(status) = self.refusal.lock().unwrap().clone() {
            return Err(status);
        }
        let (down, receiver) = mpsc::channel(64);
        let line = (request.into_inner(), down);
        self.sessions.send(line).await.map_err(|_| Status::unavailable("the test is over"))?;
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn renew(&self, _: Request<RenewRequest>) -> Result<Response<RenewReply>, Status> {
        Err(Status::unauthenticated("this router speaks no TLS"))
    }
}

impl Router {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sender, sessions) = mpsc::channel(8);
        let refusal = Arc::default();
        let service = Service { sessions: sender, refusal: Arc::clone(&refusal) };
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "ended by the guard, at the test's end at last"
        )]
        tokio::spawn(async move {
            let server = tonic::transport::Server::builder()
                .add_service(WorkerServiceServer::new(service))
                .serve_with_incoming(TcpListenerStream::new(listener));
            stopped.run_until_cancelled(server).await
        });
        Self { address, sessions, refusal, _stop: stop.drop_guard() }
    }

    /// Ends every session from now on with `status`.
    pub fn refuse(&self, status: Status) {
        *self.refusal.lock().unwrap() = Some(status);
    }

    /// The next session a worker opens.
    pub async fn session(&mut self) -> Peer {
        let (up, down) = soon("a session", self.sessions.recv()).await.unwrap();
        Peer { up, down }
    }
}

/// One session. Dropping it breaks the session off.
pub struct Peer {
    pub up: Streaming<WorkerMessage>,
    pub down: mpsc::Sender<Result<RouterMessage, Status>>,
}

impl Peer {
    pub async fn hello(&mut self) -> Hello {
        match self.next().await {
            Some(Up::Hello(hello)) => hello,
            other => panic!("expected a Hello, got {other:?}"),
        }
    }

    pub async fn welcome(&mut self, lease_ms: u32, heartbeat_ms: u32) {
        assert!(self.try_welcome(lease_ms, heartbeat_ms).await, "the worker has left");
    }

    /// The same; false if the worker has left.
    pub async fn try_welcome(&mut self, lease_ms: u32, heartbeat_ms: u32) -> bool {
        let welcome = Welcome { lease_ms, heartbeat_ms, assign_window_bytes: 256 << 10 };
        self.try_send(Down::Welcome(welcome)).await
    }

    pub async fn send(&mut self, message: Down) {
        assert!(self.try_send(message).await, "the worker has left");
    }

    async fn try_send(&mut self, message: Down) -> bool {
        let message = RouterMessage { message: Some(message) };
        soon("room for a message", self.down.send(Ok(message))).await.is_ok()
    }

    /// The next message; `None` when the worker has ended its side.
    pub async fn next(&mut self) -> Option<Up> {
        soon("a message", self.up.message()).await.ok().flatten().map(|up| up.message.unwrap())
    }

    /// The next message that is neither a State nor credit.
    pub async fn news(&mut self) -> Option<Up> {
        let is_news = |message: &Up| !matches!(message, Up::State(_) | Up::AssignCredit(_));
        self.first("news", |message| is_news(&message).then_some(message)).await
    }

    /// What `wanted` makes of the first message it wants; `None` when the worker ended its side.
    pub async fn first<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(Up) -> Option<T>,
    ) -> Option<T> {
        let search = async {
            loop {
                let message = self.next().await?;
                if let Some(found) = wanted(message) {
                    return Some(found);
                }
            }
        };
        soon(what, search).await
    }

    /// Returns when the worker has ended its side.
    pub async fn ended(&mut self) {
        assert_eq!(self.first("the end", |_| None::<()>).await, None);
    }

    /// The next State.
    pub async fn state(&mut self) -> State {
        self.state_with(|_| true).await
    }

    /// The next State that `fits`.
    pub async fn state_with(&mut self, fits: impl Fn(&State) -> bool) -> State {
        let fitting = |message| match message {
            Up::State(state) if fits(&state) => Some(state),
            _ => None,
        };
        match self.first("a State", fitting).await {
            Some(state) => state,
            None => panic!("the session ended before a State"),
        }
    }

    /// Sends an assignment in frames of at most `frame` bytes.
    pub async fn assign_in(&mut self, id: u64, assignment: &Assignment, frame: usize) -> usize {
        let bytes = assignment.encode_to_vec();
        let pieces: Vec<&[u8]> = bytes.chunks(frame).collect();
        for (at, piece) in pieces.iter().enumerate() {
            self.send(assign_frame(id, piece, at + 1 == pieces.len())).await;
        }
        bytes.len()
    }

    pub async fn assign(&mut self, id: u64, assignment: &Assignment) {
        self.assign_in(id, assignment, 64 << 10).await;
    }

    pub async fn cancel(&mut self, id: u64) {
        self.send(Down::Cancel(Cancel { assignment_id: id })).await;
    }
}

pub fn assign_frame(assignment_id: u64, payload: &[u8], last: bool) -> Down {
    Down::Assign(Assign { assignment_id, payload: payload.to_vec(), last })
}

/// A request for model `m` that says `text`.
pub fn question(text: &str) -> Assignment {
    let part = Part { content: Some(part::Content::Text(text.to_owned())), ..Part::default() };
    let message = Message { role: Role::User.into(), parts: vec![part], ..Message::default() };
    Assignment {
        model: "m".to_owned(),
        messages: vec![message],
        deadline_ms: 60_000,
        ..Assignment::default()
    }
}

pub fn accept(assignment_id: u64) -> Option<Up> {
    Some(Up::Accept(Accept { assignment_id }))
}

pub fn text(assignment_id: u64, offset: u64, text: &str) -> Option<Up> {
    let (channel, text) = (Channel::Content.into(), text.to_owned());
    let body = chunk::Text { channel, offset, text, logprobs: Vec::new() };
    Some(Up::Chunk(Chunk { assignment_id, body: Some(chunk::Body::Text(body)) }))
}

pub fn cancelled(assignment_id: u64) -> Option<Up> {
    let result = Some(finished::Result::Cancelled(finished::Cancelled {}));
    Some(Up::Finished(Finished { assignment_id, result }))
}

/// The kind of a `Failed`.
pub fn failure(message: Option<Up>) -> (u64, String) {
    match message {
        Some(Up::Finished(Finished {
            assignment_id,
            result: Some(finished::Result::Failed(failed)),
        })) => (assignment_id, failed.kind),
        other => panic!("expected a failure, got {other:?}"),
    }
}

/// The cause of a `Reject`.
pub fn rejection(message: Option<Up>) -> (u64, reject::Cause, String) {
    match message {
        Some(Up::Reject(reject)) => (reject.assignment_id, reject.cause(), reject.detail),
        other => panic!("expected a Reject, got {other:?}"),
    }
}

/// Asserts that a `Finished` says it completed.
pub fn completed(message: Option<Up>) -> (u64, finished::Completed) {
    match message {
        Some(Up::Finished(Finished {
            assignment_id,
            result: Some(finished::Result::Completed(completed)),
        })) => (assignment_id, completed),
        other => panic!("expected a completion, got {other:?}"),
    }
}
