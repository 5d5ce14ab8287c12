//! Thousands of workers that only say how they are: each a connection and a session of its own, and
//! nothing behind them.

use crate::puppet::{offer, said};
use littoral_proto::v1;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::worker_service_client::WorkerServiceClient;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Endpoint;

/// Connections that are opened at once.
const OPENING: usize = 64;

/// One worker of a crowd.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub worker_id: String,
    /// What it shows at the door.
    pub join_token: String,
    /// Decode speed that it tells, in tokens a second.
    pub decode_tokens_per_s: f64,
}

/// A crowd that has joined. Dropping it ends every session.
pub struct Crowd {
    tasks: JoinSet<()>,
    states: Arc<AtomicU64>,
}

impl Crowd {
    /// Lets everybody join, each with a state every `beat`; returns when the first state of
    /// each is acknowledged.
    ///
    /// # Panics
    /// If one of them is not let in.
    pub async fn join(endpoint: &Endpoint, members: Vec<Member>, beat: Duration) -> Self {
        let mut tasks = JoinSet::new();
        let (opening, states) = (Arc::new(Semaphore::new(OPENING)), Arc::new(AtomicU64::new(0)));
        let count = members.len();
        let (welcome_in, mut welcome) = mpsc::channel(count.max(1));
        for member in members {
            let endpoint = endpoint.clone();
            let (opening, states) = (Arc::clone(&opening), Arc::clone(&states));
            let welcome = welcome_in.clone();
            tasks.spawn(async move {
                let place = opening.acquire_owned().await.expect("a place");
                let (name, told) = (member.worker_id.clone(), welcome.clone());
                let welcomed = async move {
                    drop(place);
                    _ = welcome.send(Ok(())).await;
                };
                if let Err(why) = live(endpoint, member, beat, &states, welcomed).await {
                    // Nobody listens any more once all are in.
                    _ = told.send(Err(format!("{name}: {why}"))).await;
                }
            });
        }
        for _ in 0..count {
            welcome.recv().await.expect("news of everybody").expect("everybody to be let in");
        }
        Self { tasks, states }
    }

    /// States that were acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.states.load(Ordering::Relaxed)
    }

    /// Sessions that still run.
    pub fn present(&mut self) -> usize {
        while self.tasks.try_join_next().is_some() {}
        self.tasks.len()
    }
}

async fn live(
    endpoint: Endpoint,
    member: Member,
    beat: Duration,
    states: &AtomicU64,
    welcomed: impl Future<Output = ()>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let channel = endpoint.connect().await?;
    let (up, outbound) = mpsc::channel(4);
    let say = |message| v1::WorkerMessage { message: Some(message) };
    up.send(say(Up::Hello(hello(&member)))).await?;
    let session = WorkerServiceClient::new(channel).session(ReceiverStream::new(outbound)).await?;
    let mut inbound = session.into_inner();
    let (mut welcomed, mut joined) = (Some(welcomed), false);
    let mut ticks = tokio::time::interval(beat);
    let (mut seq, mut spread) = (0, true);
    loop {
        tokio::select! {
            _ = ticks.tick(), if joined => {
                up.send(say(Up::State(state(&member, seq)))).await?;
                if std::mem::take(&mut spread) {
                    // So that the crowd does not speak with one voice.
                    ticks.reset_after(beat.mul_f64(rand::random()));
                }
            }
            message = inbound.message() => match message?.ok_or("the session was ended")?.message {
                Some(Down::Welcome(_)) => joined = true,
                Some(Down::LeaseAck(ack)) => {
                    seq = ack.seq;
                    if let Some(welcomed) = welcomed.take() {
                        welcomed.await;
                    }
                    states.fetch_add(1, Ordering::Relaxed);
                }
                _ => {}
            },
        }
    }
}

fn hello(member: &Member) -> v1::Hello {
    v1::Hello {
        worker_id: member.worker_id.clone(),
        incarnation: 1,
        device_class: "phone".into(),
        join_token: member.join_token.clone(),
        models: vec![offer("tiny")],
        version: "0".into(),
        ..v1::Hello::default()
    }
}

fn state(member: &Member, lease_ack_seq: u64) -> v1::State {
    let device = v1::state::Device {
        battery_fraction: Some(0.8),
        on_battery: Some(true),
        memory_available_bytes: Some(4 << 30),
        thermal_fraction: Some(0.4),
        ..v1::state::Device::default()
    };
    let models = vec![said("tiny", member.decode_tokens_per_s)];
    v1::State { device: Some(device), models, lease_ack_seq, ..v1::State::default() }
}
