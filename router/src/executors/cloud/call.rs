//! One call to a provider, from the first byte to the last.
//!
//! The control flow of a dispatch: send, look at the head of the answer, read the stream piece by
//! piece, and say exactly once how it ended, unless it was cancelled or nobody listens any more.
//! Every wait has a bound, and the whole exchange is one future: dropping it, which is what a
//! cancel does, closes the connection or resets the stream, so the provider stops too.

use super::body::OnceBody;
use super::client::Endpoint;
use super::dialect::embeddings::{self, EmbeddingRequest};
use super::dialect::{AnswerReader, Completed, Piece, Step};
use super::error::ErrorReader;
use super::keys::KeyId;
use super::sse::{SseEvent, SseReader};
use crate::egress::Pass;
use crate::executors::vectors::Vectors;
use bytes::{Bytes, BytesMut};
use littoral_core::flight::event::{DispatchId, Event, Fault, Finish, Usage};
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Most of an error's body that is read; the rest says nothing a program could use.
const ERROR_LIMIT_BYTES: usize = 64 * 1024;
/// Longest completion of a server that does not stream.
const WHOLE_LIMIT_BYTES: usize = 16 * 1024 * 1024;
/// How long to wait for an error's body, and for usage once an answer is finished.
const TAIL_LIMIT: Duration = Duration::from_secs(2);
/// How long to wait for the end of a finished stream, so that its connection can be used again. It
/// is nearly always there already.
const DRAIN_LIMIT: Duration = Duration::from_millis(200);

/// A cleared request, encoded and ready to be sent once.
pub struct PreparedCall {
    endpoint: Arc<Endpoint>,
    body: Bytes,
    key: Option<KeyId>,
    /// What it asks vectors of, if it does.
    embed: Option<EmbeddingRequest>,
    vectors: Option<Arc<Vectors>>,
}

impl fmt::Debug for PreparedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreparedCall({} bytes to {})", self.body.len(), self.endpoint.name)
    }
}

/// What a call sent, for the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallReport {
    /// Bytes of the request's body that a connection took: all of them or none.
    pub sent_bytes: u64,
}

/// Nobody listens to the events any more.
struct Unheard;

/// Why an exchange gave no completed answer.
enum Broken {
    Fault(Fault),
    Unheard,
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Unheard> for Broken {
    fn from(_: Unheard) -> Self {
        Self::Unheard
    }
}

impl PreparedCall {
    pub(super) fn new(
        endpoint: Arc<Endpoint>,
        body: Bytes,
        embed: Option<EmbeddingRequest>,
    ) -> Self {
        Self { endpoint, body, key: None, embed, vectors: None }
    }

    /// Says where the vectors go that it asks for.
    pub fn bring(&mut self, vectors: Option<Arc<Vectors>>) {
        self.vectors = vectors;
    }

    /// Chooses the key that it is sent with: the one whose turn it is among those that may be used.
    pub fn choose_key(&mut self, may: impl Fn(usize) -> bool) -> KeyId {
        let key = self.endpoint.keys.turn(Instant::now(), may);
        self.key = Some(key);
        key
    }

    /// Length of the request's body, the most that this call can send.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        u64::try_from(self.body.len()).unwrap_or(u64::MAX)
    }

    /// Sends the request and tells `events` what comes back, each event with the number `dispatch`:
    /// `Accepted` with the head of a good answer, deltas, and at last one `Finished` or `Failed`.
    /// After `cancel`, once the pass is cut, or once nobody holds the receiver, it stops without a last
    /// event.
    ///
    /// It returns once the exchange is over. No byte of the body leaves after that.
    pub async fn run(
        self,
        pass: &Pass,
        dispatch: DispatchId,
        events: mpsc::Sender<Event>,
        cancel: CancellationToken,
    ) -> CallReport {
        let Self { endpoint, body, key, embed, vectors } = self;
        let (once, gate) = OnceBody::new(body.clone());
        let key = key.unwrap_or_else(|| endpoint.keys.turn(Instant::now(), |_| true));
        let headers = endpoint.head(key);
        let shown = endpoint.keys.shown(key);
        let errors = ErrorReader { provider: &endpoint.name, sent: &body, key: shown };
        let embed = embed.as_ref().zip(vectors.as_deref());
        let exchange =
            Exchange { endpoint: &endpoint, key, errors, embed, dispatch, events: &events };
        tokio::select! {
            biased;
            () = pass.cut() => {}
            () = cancel.cancelled() => {}
            () = events.closed() => {}
            () = exchange.run_within(endpoint.total_timeout, headers, once) => {}
        }
        CallReport { sent_bytes: gate.close() }
    }
}

struct Exchange<'a> {
    endpoint: &'a Endpoint,
    key: KeyId,
    errors: ErrorReader<'a>,
    embed: Option<(&'a EmbeddingRequest, &'a Vectors)>,
    dispatch: DispatchId,
    events: &'a mpsc::Sender<Event>,
}

impl Exchange<'_> {
    async fn run_within(&self, limit: Duration, headers: HeaderMap, body: OnceBody) {
        if tokio::time::timeout(limit, self.run(headers, body)).await.is_err() {
            let fault = self.errors.silent("was not done with its answer in time");
            let _ = self.tell(Event::Failed { dispatch: self.dispatch, fault }).await;
        }
    }

    async fn run(&self, headers: HeaderMap, body: OnceBody) {
        let mut response = None;
        let (keys, key) = (&self.endpoint.keys, self.key);
        let last = match self.answer(headers, body, &mut response).await {
            Ok(Completed { finish, usage }) => {
                keys.answered(key);
                Event::Finished { dispatch: self.dispatch, finish, usage }
            }
            Err(Broken::Fault(fault)) => {
                keys.failed(key, &fault, Instant::now());
                Event::Failed { dispatch: self.dispatch, fault }
            }
            Err(Broken::Unheard) => return,
        };
        let finished = matches!(last, Event::Finished { .. });
        if let (Ok(()), Some(response), true) = (self.tell(last).await, &mut response, finished)
            && response.content_length() != Some(0)
        {
            // Whatever comes is of no interest, only that the end comes, where nobody knows that it has.
            let _ = tokio::time::timeout(DRAIN_LIMIT, response.chunk()).await;
        }
    }

    /// `kept` holds the response after a good end, with its connection.
    async fn answer(
        &self,
        headers: HeaderMap,
        body: OnceBody,
        kept: &mut Option<Response>,
    ) -> Result<Completed, Broken> {
        let limit = self.endpoint.connect_timeout + self.endpoint.first_byte_timeout;
        let posted = self.endpoint.post(self.embed.is_some(), headers, body);
        let posted = self.within(limit, "did not answer in time", posted).await?;
        let mut response = posted.map_err(|error| self.errors.transport(&error))?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(self.refused(response).await.into());
        }
        self.tell(Event::Accepted(self.dispatch)).await?;
        if is_encoded(&response) {
            return Err(self
                .errors
                .garbage("answered in an encoding that nobody asked for")
                .into());
        }
        if let Some((asked, vectors)) = self.embed {
            let body = self.read_up_to(&mut response, asked.limit_bytes()).await?;
            return Ok(self.embedded(asked, vectors, &body)?);
        }
        let mut reader = self.endpoint.dialect.reader(self.errors);
        if is_event_stream(&response) {
            let fault = self.stream(&mut response, &mut reader).await?;
            *kept = Some(response);
            Ok(reader.end(fault)?)
        } else {
            let body = self.read_up_to(&mut response, WHOLE_LIMIT_BYTES).await?;
            let text = str::from_utf8(&body)
                .map_err(|_| self.errors.garbage("answered with bytes that are no text"))?;
            self.tell_pieces(reader.whole(text)?).await?;
            Ok(reader.end(self.errors.garbage("did not say why its answer ended"))?)
        }
    }

    /// Reads the vectors of a whole answer.
    fn embedded(
        &self,
        asked: &EmbeddingRequest,
        vectors: &Vectors,
        body: &[u8],
    ) -> Result<Completed, Fault> {
        let ErrorReader { provider, sent, key } = self.errors;
        let exchange = embeddings::Exchange { provider, sent, key };
        let read = embeddings::read(self.endpoint.dialect, asked, exchange, body)?;
        for (index, row) in (0..).zip(read.vectors) {
            if !vectors.put(index, row) {
                return Err(self.errors.garbage("sent an embedding that cannot be one"));
            }
        }
        let prompt_tokens = read.prompt_tokens;
        let usage = prompt_tokens.map(|prompt_tokens| Usage { prompt_tokens, ..Usage::default() });
        Ok(Completed { finish: Finish::Stop, usage })
    }

    async fn refused(&self, mut response: Response) -> Fault {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.read_up_to(&mut response, ERROR_LIMIT_BYTES);
        // Without its body an error is less exact, and still an error.
        let body = tokio::time::timeout(TAIL_LIMIT, body).await.ok().and_then(Result::ok);
        self.errors.status(status, &headers, &body.unwrap_or_default(), SystemTime::now())
    }

    async fn read_up_to(&self, response: &mut Response, limit: usize) -> Result<Bytes, Fault> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.chunk(response, body.is_empty()).await? {
            if body.len() + chunk.len() > limit {
                return Err(self.errors.garbage("sent an answer that is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// Reads a stream to its end, and returns what is wrong if it is not complete by then.
    async fn stream(
        &self,
        response: &mut Response,
        reader: &mut AnswerReader<'_>,
    ) -> Result<Fault, Broken> {
        let mut events = SseReader::default();
        let mut is_first = true;
        loop {
            let next = self.chunk(response, is_first);
            let next = if reader.is_complete() {
                match tokio::time::timeout(TAIL_LIMIT, next).await {
                    Ok(next) => next,
                    Err(_) => return Ok(self.errors.cut()),
                }
            } else {
                next.await
            };
            is_first = false;
            let at_end = match next {
                Ok(Some(bytes)) => {
                    events.push(&bytes);
                    None
                }
                Ok(None) => {
                    events.finish();
                    Some(self.errors.cut())
                }
                // What came before a broken connection still counts.
                Err(fault) => Some(fault),
            };
            while let Some(event) = events.next() {
                let event = event
                    .map_err(|error| self.errors.garbage(&format!("sent a bad stream: {error}")))?;
                if self.event(&event, at_end.is_some(), reader).await? {
                    return Ok(self.errors.garbage("said it was done before its answer was"));
                }
            }
            if let Some(fault) = at_end {
                return Ok(fault);
            }
        }
    }

    /// Reads one event; true if it was the last.
    async fn event(
        &self,
        event: &SseEvent,
        at_end: bool,
        reader: &mut AnswerReader<'_>,
    ) -> Result<bool, Broken> {
        if event.name == "error" {
            return Err(self.error_event(&event.data).into());
        }
        match reader.event(&event.data) {
            Ok(Step::Pieces(pieces)) => {
                self.tell_pieces(pieces).await?;
                Ok(false)
            }
            Ok(Step::Done) => Ok(true),
            // Half an event at the very end is a cut, not garbage.
            Err(fault) if at_end && fault.kind == "garbage" => Err(self.errors.cut().into()),
            Err(fault) => Err(fault.into()),
        }
    }

    fn error_event(&self, data: &str) -> Fault {
        let value: serde_json::Value = serde_json::from_str(data).unwrap_or_default();
        self.errors.in_answer(value.get("error").unwrap_or(&value))
    }

    async fn chunk(&self, response: &mut Response, is_first: bool) -> Result<Option<Bytes>, Fault> {
        let limit =
            if is_first { self.endpoint.first_byte_timeout } else { self.endpoint.gap_timeout };
        let what = if is_first { "sent no answer in time" } else { "fell silent in its answer" };
        let chunk = self.within(limit, what, response.chunk()).await?;
        chunk.map_err(|error| self.errors.transport(&error))
    }

    async fn within<T>(
        &self,
        limit: Duration,
        what: &str,
        future: impl Future<Output = T>,
    ) -> Result<T, Fault> {
        let done = tokio::time::timeout(limit, future).await;
        done.map_err(|_| self.errors.silent(what))
    }

    async fn tell(&self, event: Event) -> Result<(), Unheard> {
        self.events.send(event).await.map_err(|_| Unheard)
    }

    async fn tell_pieces(&self, pieces: Vec<Piece>) -> Result<(), Unheard> {
        let dispatch = self.dispatch;
        for piece in pieces {
            self.tell(match piece {
                Piece::Text(channel, text, logprobs) => {
                    Event::Delta { dispatch, channel, offset: None, text, logprobs }
                }
                Piece::ToolCall(fragment) => Event::ToolCallDelta { dispatch, fragment },
            })
            .await?;
        }
        Ok(())
    }
}

/// No compression is ever asked for: its bytes would be no text.
fn is_encoded(response: &Response) -> bool {
    let encoding = response.headers().get(CONTENT_ENCODING);
    encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

fn is_event_stream(response: &Response) -> bool {
    let value = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("text/event-stream")
}
