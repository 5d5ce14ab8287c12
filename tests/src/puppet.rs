//! A worker that a test plays by hand: it says what the test says, and hands over what it is told.

use crate::cluster::{Cluster, PATIENCE, Seat};
use littoral_proto::v1;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::worker_service_client::WorkerServiceClient;
use prost::Message as _;
use std::collections::BTreeMap;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Status, Streaming};

/// Messages that may wait for the connection.
const QUEUE: usize = 64;

/// One session.
pub struct Puppet {
    /// Where what it says goes.
    pub up: mpsc::Sender<v1::WorkerMessage>,
    inbound: Streaming<v1::RouterMessage>,
    frames: BTreeMap<u64, Vec<u8>>,
}

/// What a puppet offers of a model that answers.
#[must_use]
pub fn offer(model: &str) -> v1::ModelOffer {
    v1::ModelOffer {
        name: model.into(),
        version: "1".into(),
        context_tokens: 2_048,
        slots: 2,
        queue_limit: 2,
        quality: Some(0.5),
        accepts_prefix: true,
        ..v1::ModelOffer::default()
    }
}

/// A hello of this seat that offers these models.
#[must_use]
pub fn hello(cluster: &Cluster, seat: &Seat, models: Vec<v1::ModelOffer>) -> v1::Hello {
    v1::Hello {
        worker_id: seat.worker_id.clone(),
        incarnation: 1,
        device_class: "pc".into(),
        join_token: cluster.token(seat),
        models,
        ..v1::Hello::default()
    }
}

/// What a puppet says of a model of this decode speed, in tokens a second.
#[must_use]
pub fn said(model: &str, decode_tokens_per_s: f64) -> v1::state::ModelState {
    v1::state::ModelState {
        name: model.into(),
        prefill_tokens_per_s: Some(10.0 * decode_tokens_per_s),
        decode_tokens_per_s: Some(decode_tokens_per_s),
        ..v1::state::ModelState::default()
    }
}

impl Puppet {
    /// Opens a session with any first message.
    ///
    /// # Errors
    /// The router's refusal.
    pub async fn open(url: &str, first: Up) -> Result<Self, Status> {
        let channel = Channel::from_shared(url.to_owned()).expect("an address");
        let channel = channel.connect().await.expect("a connection");
        let (up, outbound) = mpsc::channel(QUEUE);
        up.send(v1::WorkerMessage { message: Some(first) }).await.expect("a stream");
        let mut door = WorkerServiceClient::new(channel);
        let inbound = door.session(ReceiverStream::new(outbound)).await?.into_inner();
        Ok(Self { up, inbound, frames: BTreeMap::new() })
    }

    /// Joins, says its first state, and waits until the router has heard it.
    ///
    /// # Panics
    /// If it is not let in.
    pub async fn join(url: &str, hello: v1::Hello, state: v1::State) -> Self {
        let mut puppet = Self::open(url, Up::Hello(hello)).await.expect("a session");
        puppet.say(Up::State(state)).await;
        while !matches!(puppet.next().await, Some(Down::LeaseAck(_))) {}
        puppet
    }

    /// Says something. Nothing happens where the session is over.
    pub async fn say(&self, message: Up) {
        let _ = self.up.send(v1::WorkerMessage { message: Some(message) }).await;
    }

    /// The next that it is told; nothing where the session is over.
    ///
    /// # Panics
    /// After [`PATIENCE`].
    pub async fn next(&mut self) -> Option<Down> {
        let next = tokio::time::timeout(PATIENCE, self.inbound.message()).await;
        next.expect("a message in time").ok().flatten().and_then(|message| message.message)
    }

    /// The next assignment, with its number.
    pub async fn assignment(&mut self) -> Option<(u64, v1::Assignment)> {
        loop {
            let Down::Assign(frame) = self.next().await? else { continue };
            let id = frame.assignment_id;
            self.frames.entry(id).or_default().extend_from_slice(&frame.payload);
            if frame.last {
                let bytes = self.frames.remove(&id).unwrap_or_default();
                return Some((id, v1::Assignment::decode(bytes.as_slice()).expect("one")));
            }
        }
    }

    /// Accepts an assignment.
    pub async fn accept(&self, id: u64) {
        self.say(Up::Accept(v1::Accept { assignment_id: id })).await;
    }

    /// Says a piece of an answer at an offset.
    pub async fn text(&self, id: u64, offset: u64, text: &str) {
        let channel = v1::Channel::Content.into();
        let body = v1::chunk::Text { channel, offset, text: text.into(), logprobs: Vec::new() };
        let body = Some(v1::chunk::Body::Text(body));
        self.say(Up::Chunk(v1::Chunk { assignment_id: id, body })).await;
    }

    /// Ends an assignment well.
    pub async fn finish(&self, id: u64, completed: v1::finished::Completed) {
        let completed =
            v1::finished::Completed { finish_reason: v1::FinishReason::Stop.into(), ..completed };
        let result = Some(v1::finished::Result::Completed(completed));
        self.say(Up::Finished(v1::Finished { assignment_id: id, result })).await;
    }

    /// Answers an assignment with these words.
    pub async fn answer(&self, id: u64, words: &[&str]) {
        self.accept(id).await;
        let mut offset = 0;
        for word in words {
            self.text(id, offset, word).await;
            offset += word.len() as u64;
        }
        self.finish(id, v1::finished::Completed::default()).await;
    }
}
