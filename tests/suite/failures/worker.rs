//! A worker that speaks the session protocol itself, so that it can break it. It joins with a good
//! token, takes assignments, says some words, and then does as told.

use super::table::Failure;
use crate::tables::Moment;
use littoral_proto::v1;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::worker_service_client::WorkerServiceClient;
use littoral_tests::cluster::{Cluster, Seat};
use prost::Message as _;
use std::collections::BTreeMap;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

/// What a worker does with one assignment.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// Answers it whole.
    Well,
    /// Breaks.
    Break(Failure, Moment),
}

/// Joins as the asker's own device and waits until the router lists it. Every assignment is treated
/// alike. One that is to be killed falls silent, and dies when the task is aborted: the test knows
/// when its words have arrived, the worker does not.
pub async fn join(
    cluster: &Cluster,
    failure: Failure,
    moment: Moment,
    words: &[&str],
) -> JoinHandle<()> {
    let mut breaking = Breaking::new(cluster, &Seat::own("breaking"), words);
    let failure = if failure == Failure::Killed { Failure::Silent } else { failure };
    let task = tokio::spawn(async move {
        breaking.serve(1, |_| Turn::Break(failure, moment)).await;
    });
    cluster.wait_for_workers(|list| list.iter().any(|one| one.worker_id == "breaking")).await;
    task
}

/// A worker that breaks.
pub struct Breaking {
    url: String,
    worker_id: String,
    join_token: String,
    words: Vec<String>,
}

type Sender = mpsc::Sender<v1::WorkerMessage>;

async fn say(up: &Sender, message: Up) {
    // A router that has gone ends the session; the reader notices.
    let _ = up.send(v1::WorkerMessage { message: Some(message) }).await;
}

impl Breaking {
    /// A worker in this seat that would say these words.
    pub fn new(cluster: &Cluster, seat: &Seat, words: &[&str]) -> Self {
        Self {
            url: cluster.url(),
            worker_id: seat.worker_id.clone(),
            join_token: cluster.token(seat),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        }
    }

    /// One session, until it breaks. `turn` sees each assignment and says what to do with it.
    pub async fn serve(&mut self, incarnation: u64, mut turn: impl FnMut(&v1::Assignment) -> Turn) {
        let channel = Channel::from_shared(self.url.clone()).expect("an address");
        let Ok(channel) = channel.connect().await else { return };
        let (up, outbound) = mpsc::channel(64);
        say(&up, Up::Hello(self.hello(incarnation))).await;
        let mut door = WorkerServiceClient::new(channel);
        let Ok(session) = door.session(ReceiverStream::new(outbound)).await else { return };
        let mut inbound = session.into_inner();
        let mut frames: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        say(&up, Up::State(state())).await;
        while let Ok(Some(message)) = inbound.message().await {
            let Some(Down::Assign(frame)) = message.message else { continue };
            let id = frame.assignment_id;
            frames.entry(id).or_default().extend_from_slice(&frame.payload);
            if !frame.last {
                continue;
            }
            let bytes = frames.remove(&id).unwrap_or_default();
            let assignment = v1::Assignment::decode(bytes.as_slice()).expect("an assignment");
            // As good as a heartbeat.
            say(&up, Up::State(state())).await;
            say(&up, Up::Accept(v1::Accept { assignment_id: id })).await;
            match turn(&assignment) {
                Turn::Well => self.answer(&up, id, &assignment).await,
                Turn::Break(Failure::Killed, moment) => {
                    self.begin(&up, id, &assignment, moment).await;
                    return;
                }
                Turn::Break(failure, moment) => {
                    let offset = self.begin(&up, id, &assignment, moment).await;
                    if let Some(last) = last_words(failure, id, offset) {
                        say(&up, last).await;
                    }
                }
            }
        }
    }

    fn hello(&self, incarnation: u64) -> v1::Hello {
        v1::Hello {
            worker_id: self.worker_id.clone(),
            incarnation,
            device_class: "pc".into(),
            join_token: self.join_token.clone(),
            models: vec![v1::ModelOffer {
                name: "tiny".into(),
                context_tokens: 2048,
                slots: 2,
                queue_limit: 2,
                quality: Some(0.5),
                accepts_prefix: true,
                ..v1::ModelOffer::default()
            }],
            ..v1::Hello::default()
        }
    }

    /// The words that follow the prefix of an assignment.
    fn rest(&self, assignment: &v1::Assignment) -> impl Iterator<Item = &String> {
        let prefix = assignment.assistant_prefix.as_ref().map_or(0, String::len);
        let mut end = 0;
        self.words.iter().skip_while(move |word| {
            end += word.len();
            end <= prefix
        })
    }

    /// Says as many words as the moment allows; returns the offset after them.
    async fn begin(
        &self,
        up: &Sender,
        id: u64,
        assignment: &v1::Assignment,
        moment: Moment,
    ) -> u64 {
        let mut offset = 0;
        for word in self.rest(assignment).take(moment.words()) {
            say(up, Up::Chunk(text(id, v1::Channel::Content.into(), offset, word))).await;
            offset += word.len() as u64;
        }
        offset
    }

    async fn answer(&self, up: &Sender, id: u64, assignment: &v1::Assignment) {
        let mut offset = 0;
        for word in self.rest(assignment) {
            say(up, Up::Chunk(text(id, v1::Channel::Content.into(), offset, word))).await;
            offset += word.len() as u64;
        }
        let completed = v1::finished::Completed {
            finish_reason: v1::FinishReason::Stop.into(),
            ..v1::finished::Completed::default()
        };
        let result = Some(v1::finished::Result::Completed(completed));
        say(up, Up::Finished(v1::Finished { assignment_id: id, result })).await;
    }
}

/// Fast enough that a silent worker's limits are the shortest the design allows.
fn state() -> v1::State {
    v1::State {
        models: vec![v1::state::ModelState {
            name: "tiny".into(),
            prefill_tokens_per_s: Some(1000.0),
            decode_tokens_per_s: Some(200.0),
            ..v1::state::ModelState::default()
        }],
        ..v1::State::default()
    }
}

fn last_words(failure: Failure, id: u64, offset: u64) -> Option<Up> {
    match failure {
        Failure::Killed | Failure::Silent => None,
        Failure::WrongOffset => {
            Some(Up::Chunk(text(id, v1::Channel::Content.into(), offset + 7, "gap")))
        }
        Failure::Garbage => Some(Up::Chunk(text(id, 99, offset, "noise"))),
        Failure::OutOfMemory => {
            let failed = v1::finished::Failed {
                kind: "out_of_memory".into(),
                detail: "the model's memory is used up".into(),
            };
            let result = Some(v1::finished::Result::Failed(failed));
            Some(Up::Finished(v1::Finished { assignment_id: id, result }))
        }
    }
}

fn text(assignment_id: u64, channel: i32, offset: u64, text: &str) -> v1::Chunk {
    let body = v1::chunk::Text { channel, offset, text: text.into(), logprobs: Vec::new() };
    v1::Chunk { assignment_id, body: Some(v1::chunk::Body::Text(body)) }
}
