//! A stand-in for a cloud provider that speaks OpenAI chat completions and Anthropic messages,
//! misbehaves on command, and records every byte it was sent.
//!
//! It listens on a real socket on port 0, because the failures that matter happen there: a reset in
//! mid-event, a connection that carries nothing, silence. Bytes are counted under the HTTP layer, so
//! "nothing left the machine" means nothing, not even a connection. Nothing here waits for time to
//! pass: slow answers are let through chunk by chunk, by the test's own hand, and every wait of a
//! test is for an event, with a bound.
//!
//! Requests take the scripted behaviours in order. Unless a test says what is usual, a request beyond the
//! script gets status 500 and says so: an answer that no test asked for would hide a request that no test expected.

mod answer;
mod behaviour;
mod chat;
mod embeddings;
mod gate;
mod messages;
mod playback;
mod recording;
mod refusing;
mod speech;
mod tap;

pub use answer::{Answer, Ending, Framing, Tally};
pub use behaviour::{Behaviour, Refusal};
pub use gate::Gate;
pub use recording::{RecordedRequest, WaitError};
pub use refusing::RefusingCloud;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use playback::{Connection, Frame};
use recording::Recording;
use serde_json::Value;
use speech::{Asked, Speech};
use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tap::{Tap, TappedListener};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Most bytes of one request body. More gets status 413, as at a real provider.
const BODY_BYTES_LIMIT: usize = 16 * 1024 * 1024;

/// A running stand-in. Dropping it ends it; [`ScriptedCloud::stop`] also waits for that.
pub struct ScriptedCloud {
    address: SocketAddr,
    shared: Arc<Shared>,
    tasks: TaskTracker,
}

struct Shared {
    script: Mutex<VecDeque<Behaviour>>,
    /// What requests beyond the script get.
    usual: Mutex<Behaviour>,
    recording: Arc<Recording>,
    stop: CancellationToken,
}

impl ScriptedCloud {
    /// Starts a stand-in with an empty script on a free port of the loopback interface.
    ///
    /// # Errors
    /// If no port can be bound.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let recording = Arc::new(Recording::default());
        let stop = CancellationToken::new();
        let script = Mutex::new(VecDeque::new());
        let usual = Mutex::new(Behaviour::unscripted());
        let shared = Arc::new(Shared { script, usual, recording: Arc::clone(&recording), stop });
        let service = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared))
            .into_make_service_with_connect_info::<Tap>();
        let serve = axum::serve(TappedListener::new(listener, recording), service)
            .with_graceful_shutdown(shared.stop.clone().cancelled_owned());
        let tasks = TaskTracker::new();
        // The listener's accept never fails, so neither does serving.
        tasks.spawn(async move { serve.await.is_ok() });
        tasks.close();
        Ok(Self { address, shared, tasks })
    }

    /// What a provider's `base_url` setting must be to reach this stand-in.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Its address as that of a server that speaks TLS, which it does not.
    #[must_use]
    pub fn tls_base_url(&self) -> String {
        format!("https://{}/v1", self.address)
    }

    /// The socket it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds a behaviour at the end of the script, for one request.
    pub fn script(&self, behaviour: Behaviour) -> &Self {
        self.shared.script.lock().unwrap_or_else(PoisonError::into_inner).push_back(behaviour);
        self
    }

    /// Treats every request beyond the script so from now on.
    pub fn usually(&self, behaviour: Behaviour) -> &Self {
        *self.shared.usual.lock().unwrap_or_else(PoisonError::into_inner) = behaviour;
        self
    }

    /// Behaviours that no request has taken yet.
    #[must_use]
    pub fn unplayed(&self) -> usize {
        self.shared.script.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Every request so far whose body arrived whole, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.recording.requests()
    }

    /// Bytes received on all connections, HTTP heads and framing included.
    #[must_use]
    pub fn bytes_received(&self) -> u64 {
        self.shared.recording.bytes_received()
    }

    /// Connections accepted, those that carried nothing included.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.shared.recording.connections()
    }

    /// Requests whose client went away before the answer was complete.
    #[must_use]
    pub fn abandoned(&self) -> u64 {
        self.shared.recording.abandoned()
    }

    /// Waits until `count` requests have arrived.
    ///
    /// # Errors
    /// After [`WaitError::LIMIT`], with what had arrived by then.
    pub async fn wait_for_requests(&self, count: usize) -> Result<(), WaitError> {
        let recording = &self.shared.recording;
        recording.wait_until("requests", count as u64, |r| r.requests().len() as u64).await
    }

    /// Waits until `count` requests were abandoned by their clients: a cancel has arrived here.
    ///
    /// # Errors
    /// After [`WaitError::LIMIT`], with what had happened by then.
    pub async fn wait_for_abandoned(&self, count: u64) -> Result<(), WaitError> {
        let recording = &self.shared.recording;
        recording.wait_until("abandoned requests", count, Recording::abandoned).await
    }

    /// Ends every answer and connection, and waits for that.
    ///
    /// # Errors
    /// After [`WaitError::LIMIT`], if a client holds a connection open that long.
    pub async fn stop(self) -> Result<(), WaitError> {
        self.shared.stop.cancel();
        let connections = self.connections();
        let ended = tokio::time::timeout(WaitError::LIMIT, self.tasks.wait()).await;
        ended.map_err(|_| WaitError {
            wanted: "the last connection to close".into(),
            seen: connections,
        })
    }
}

impl Drop for ScriptedCloud {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

/// Records a request and plays the next behaviour of the script.
async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(tap): ConnectInfo<Tap>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let speech = Speech::of(&head);
    let refuse = |status, message: &str| whole(status, None, &speech.error(message));
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES_LIMIT).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "body cut or too long");
    };
    shared.recording.note_request(&head, body.clone(), tap.connection());
    let asked = match Asked::read(speech, &head, &body) {
        Ok(asked) => asked,
        Err((status, message)) => return refuse(status, &message),
    };
    let next = shared.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let connection = Connection::new(tap, Arc::clone(&shared.recording), shared.stop.clone());
    let usual = || shared.usual.lock().unwrap_or_else(PoisonError::into_inner).clone();
    play(next.unwrap_or_else(usual), &asked, connection).await
}

async fn play(behaviour: Behaviour, asked: &Asked, mut connection: Connection) -> Response {
    let speech = asked.speech;
    match behaviour {
        Behaviour::Answer(answer) if asked.stream => {
            streamed(playback::stream(&answer, asked), connection)
        }
        Behaviour::Answer(answer) => {
            let body = speech.whole(&answer, asked).to_string();
            played("application/json", playback::paced(&answer, body.into()), connection)
        }
        Behaviour::SlowHeaders { answer, gate } => {
            if !connection.waits_for(&gate).await {
                return stopping(speech);
            }
            streamed(playback::stream(&answer, asked), connection)
        }
        Behaviour::Redirect { location } => {
            let mut response = whole(StatusCode::TEMPORARY_REDIRECT, None, &Value::Null);
            let location = HeaderValue::from_str(&location).ok();
            location.and_then(|to| response.headers_mut().insert(header::LOCATION, to));
            response
        }
        Behaviour::Compressed(answer) => {
            let mut response = streamed(playback::stream(&answer, asked), connection);
            let encoding = HeaderValue::from_static("gzip");
            response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
            response
        }
        Behaviour::HangBeforeHeaders => {
            connection.hang().await;
            stopping(speech)
        }
        Behaviour::HangAfter { answer, chunks } => {
            streamed(playback::hang_after(&answer, asked, chunks), connection)
        }
        Behaviour::CutAfter { answer, chunks } => {
            streamed(playback::cut_after(&answer, asked, chunks), connection)
        }
        Behaviour::TailAfter { answer, chunks, tail } => {
            streamed(playback::tail_after(&answer, asked, chunks, tail), connection)
        }
        Behaviour::ErrorAfter { answer, chunks, message } => {
            streamed(playback::error_after(&answer, asked, chunks, &message), connection)
        }
        Behaviour::Refuse(Refusal { status, retry_after_s, message }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            whole(status, retry_after_s, &speech.error(&message))
        }
        Behaviour::ErrorInStream { message } => {
            let body = speech.event(&speech.error(&message), Framing::Lf);
            streamed(vec![Frame::Bytes(body)], connection)
        }
        Behaviour::ErrorWith200 { message } => whole(StatusCode::OK, None, &speech.error(&message)),
        Behaviour::Raw { content_type, body } => {
            played(content_type, vec![Frame::Bytes(body)], connection)
        }
    }
}

/// What a request is told that was still waiting.
fn stopping(speech: Speech) -> Response {
    whole(StatusCode::SERVICE_UNAVAILABLE, None, &speech.error("the stand-in stops"))
}

fn whole(status: StatusCode, retry_after_s: Option<u64>, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(seconds) = retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn streamed(frames: Vec<Frame>, connection: Connection) -> Response {
    played("text/event-stream", frames, connection)
}

fn played(content_type: &'static str, frames: Vec<Frame>, connection: Connection) -> Response {
    let mut response = Response::new(connection.body(frames));
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}
