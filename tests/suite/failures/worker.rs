//! A worker that speaks the session protocol itself, so that it can break it. It joins with a good
//! token, takes assignments, says some words, and then fails as told.

use super::table::{Failure, FirstToken};
use littoral_proto::v1;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::worker_service_client::WorkerServiceClient;
use littoral_tests::cluster::{Cluster, Seat};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;

/// Joins as the asker's own device and waits until the router lists it.
pub async fn join(
    cluster: &Cluster,
    failure: Failure,
    moment: FirstToken,
    words: &[&str],
) -> JoinHandle<()> {
    let seat = Seat::own("breaking");
    let hello = hello(&seat, cluster.token(&seat));
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let client = WorkerServiceClient::connect(cluster.url()).await.expect("a connection");
    let script = Script { failure, moment, words };
    let task = tokio::spawn(serve(client, hello, script));
    cluster.wait_for_workers(|list| list.iter().any(|one| one.worker_id == "breaking")).await;
    task
}

struct Script {
    failure: Failure,
    moment: FirstToken,
    words: Vec<String>,
}

fn hello(seat: &Seat, join_token: String) -> v1::Hello {
    v1::Hello {
        worker_id: seat.worker_id.clone(),
        incarnation: 1,
        device_class: "pc".into(),
        join_token,
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

async fn serve(
    mut client: WorkerServiceClient<tonic::transport::Channel>,
    hello: v1::Hello,
    script: Script,
) {
    let (up, outbound) = mpsc::channel(16);
    let say = |message| v1::WorkerMessage { message: Some(message) };
    up.send(say(Up::Hello(hello))).await.expect("room");
    let session = client.session(ReceiverStream::new(outbound)).await.expect("a session");
    let mut inbound = session.into_inner();
    // Fast enough that a silent worker's limits are the shortest the design allows.
    let state = v1::State {
        models: vec![v1::state::ModelState {
            name: "tiny".into(),
            prefill_tokens_per_s: Some(1000.0),
            decode_tokens_per_s: Some(200.0),
            ..v1::state::ModelState::default()
        }],
        ..v1::State::default()
    };
    up.send(say(Up::State(state))).await.expect("room");
    while let Ok(Some(message)) = inbound.message().await {
        let Some(Down::Assign(assign)) = message.message else { continue };
        if !assign.last {
            continue;
        }
        let assignment_id = assign.assignment_id;
        up.send(say(Up::Accept(v1::Accept { assignment_id }))).await.expect("room");
        let mut offset = 0;
        for word in script.words.iter().take(script.spoken()) {
            let chunk = text(assignment_id, v1::Channel::Content.into(), offset, word);
            offset += word.len() as u64;
            up.send(say(Up::Chunk(chunk))).await.expect("room");
        }
        let failing = match script.failure {
            Failure::Killed => return,
            Failure::Silent => continue,
            Failure::WrongOffset => {
                Up::Chunk(text(assignment_id, v1::Channel::Content.into(), offset + 7, "gap"))
            }
            Failure::Garbage => Up::Chunk(text(assignment_id, 99, offset, "noise")),
            Failure::OutOfMemory => {
                let failed = v1::finished::Failed {
                    kind: "out_of_memory".into(),
                    detail: "the model's memory is used up".into(),
                };
                let result = Some(v1::finished::Result::Failed(failed));
                Up::Finished(v1::Finished { assignment_id, result })
            }
        };
        up.send(say(failing)).await.expect("room");
    }
}

impl Script {
    fn spoken(&self) -> usize {
        match self.moment {
            FirstToken::Before => 0,
            FirstToken::At => 1,
            FirstToken::After => 2,
        }
    }
}

fn text(assignment_id: u64, channel: i32, offset: u64, text: &str) -> v1::Chunk {
    let body = v1::chunk::Text { channel, offset, text: text.into(), logprobs: Vec::new() };
    v1::Chunk { assignment_id, body: Some(v1::chunk::Body::Text(body)) }
}
