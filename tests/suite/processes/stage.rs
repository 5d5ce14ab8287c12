//! What these tests share: routers and workers as processes, the fleet as it is listed, and questions
//! that are long enough to be in the middle of.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use littoral_tests::ask::{Answer, prompt};
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, is_measured};
use littoral_tests::model;
use littoral_tests::process::{Home, Staying};
use tonic::Streaming;
use tonic::transport::Channel;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

/// The shipped policy with wider limits. Two cores that load a model, read one prompt and answer
/// another are silent for seconds now and then; where that is not the subject, nobody is given up for
/// it.
const PATIENT: &str = "version = 1\nname = 'patient'\n[deadlines]\nfirst_token_floor_ms = 20000\n\
                       stall_floor_ms = 20000\n";

/// A home in which runtime and model are installed.
pub async fn home() -> Home {
    let home = tokio::task::spawn_blocking(|| Home::provisioned(BINARY));
    home.await.expect("a provisioned home")
}

/// A router in this process that counts tokens as the real model does.
pub async fn cluster(plan: Plan<'_>) -> Cluster {
    let folder = tokio::task::spawn_blocking(model::folder).await.expect("a provisioned model");
    let policy = plan.policy.or(Some(PATIENT));
    Cluster::start(Plan { tokenizer: Some(folder), policy, ..plan }).await
}

/// A worker process. One thread, so that several of them share a small machine.
pub fn worker(home: &Home, router: &str, token: &str) -> Staying {
    home.launch(["worker", "--router", router, "--token", token, "--threads", "1"])
}

/// A router process, its home, and a connection to it.
pub struct RouterProcess {
    pub home: Home,
    pub process: Staying,
    pub channel: Channel,
}

impl RouterProcess {
    /// Starts a router on a free port with these lines in its configuration file.
    pub async fn start(home: Home, settings: &str) -> Self {
        let first = format!("policy = 'policy.toml'\ntokenizer = 'models/{}'\n", model::MODEL);
        std::fs::write(home.path("policy.toml"), PATIENT).expect("a file");
        std::fs::write(home.path("router.toml"), first + settings).expect("a file");
        let (process, channel) = serve(&home, "127.0.0.1:0").await;
        Self { home, process, channel }
    }

    /// Kills it as `kill -9` does, and starts another in the same home at the same address.
    pub async fn kill_and_start_again(&mut self) {
        self.process.kill().await;
        let address = self.process.address.trim_start_matches("http://").to_owned();
        (self.process, self.channel) = serve(&self.home, &address).await;
    }

    /// A join token of this router for a machine that everybody shares.
    pub async fn token(&self, worker: &str) -> String {
        let said = self.home.run(["token", "--worker", worker, "--tier", "edge"]).await;
        assert_eq!(said.code, Some(0), "{said:?}");
        said.out.trim().lines().last().expect("a token").trim().to_owned()
    }

    pub fn chat(&self) -> ChatServiceClient<Channel> {
        ChatServiceClient::new(self.channel.clone())
    }
}

async fn serve(home: &Home, listen: &str) -> (Staying, Channel) {
    let config = home.path("router.toml");
    let config = config.to_str().expect("a path in UTF-8");
    let process = home.stay(["serve", "--config", config, "--listen", listen]).await;
    let endpoint = Channel::from_shared(process.address.clone()).expect("an address");
    let channel = endpoint.connect_timeout(PATIENCE).connect().await.expect("a connection");
    (process, channel)
}

/// The list of workers that have a session, and again whenever it changes.
pub struct Lists(Streaming<v1::ListWorkersResponse>);

impl Lists {
    pub async fn of(channel: &Channel) -> Self {
        let mut client = FleetServiceClient::new(channel.clone());
        let lists = client.watch_workers(v1::WatchWorkersRequest {}).await;
        Self(lists.expect("a watch").into_inner())
    }

    pub async fn next(&mut self) -> Vec<v1::WorkerSummary> {
        let mut there = self.everybody().await;
        there.retain(|worker| worker.lease_left_ms.is_some());
        there
    }

    /// The same with those that sleep or were lost.
    pub async fn everybody(&mut self) -> Vec<v1::WorkerSummary> {
        let next = tokio::time::timeout(PATIENCE, self.0.message()).await;
        next.expect("a list in time").expect("a list").expect("more lists").workers
    }

    /// The first list that is as wanted.
    pub async fn until(
        &mut self,
        wanted: impl Fn(&[v1::WorkerSummary]) -> bool,
    ) -> Vec<v1::WorkerSummary> {
        let wait = async {
            loop {
                let list = self.next().await;
                if wanted(&list) {
                    return list;
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("workers as wanted in time")
    }

    /// Waits until all of these take work and have told their speed; returns the list.
    pub async fn ready(&mut self, names: &[&str]) -> Vec<v1::WorkerSummary> {
        let is_ready = |worker: &v1::WorkerSummary| {
            worker.status() == v1::WorkerStatus::Ready && is_measured(worker)
        };
        let wanted = |list: &[v1::WorkerSummary]| {
            names.iter().all(|name| named(list, name).is_some_and(is_ready))
        };
        self.until(wanted).await
    }
}

/// The worker of this name.
pub fn named<'a>(list: &'a [v1::WorkerSummary], name: &str) -> Option<&'a v1::WorkerSummary> {
    list.iter().find(|worker| worker.worker_id == name)
}

/// The session numbers of these workers.
pub fn incarnations(list: &[v1::WorkerSummary], names: &[&str]) -> Vec<Option<u64>> {
    names.iter().map(|name| named(list, name).map(|worker| worker.incarnation)).collect()
}

/// Asks for a long answer; the question is short.
pub fn story(class: DataClass, tokens: u32) -> v1::ChatRequest {
    let text = "Write a long story about an old lighthouse keeper, a storm and a ship.";
    v1::ChatRequest { max_output_tokens: Some(tokens), ..prompt(text, class) }
}

/// A question of more than 200 tokens, which are read in several pieces.
pub fn long_question(class: DataClass, tokens: u32) -> v1::ChatRequest {
    let log = "The tide came in, the tide went out, and the keeper wrote it down. ".repeat(13);
    let text = format!("Continue this log. {log}");
    v1::ChatRequest { max_output_tokens: Some(tokens), ..prompt(&text, class) }
}

/// A moment of an answer, seen from its first token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstToken {
    /// A piece of the prompt has been read, another has not.
    Before,
    /// Right after the first piece of text.
    At,
    /// After the third piece.
    After,
}

impl FirstToken {
    fn has_come(self, answer: &Answer) -> bool {
        match self {
            Self::Before => answer.events.iter().any(|event| {
                let Event::Progress(progress) = event else { return false };
                progress.prompt_tokens_read < progress.prompt_tokens
            }),
            Self::At => answer.deltas() >= 1,
            Self::After => answer.deltas() >= 3,
        }
    }
}

/// An answer in the middle of which something was done.
pub struct Interrupted {
    pub answer: Answer,
    /// The text that the client had when it was done.
    pub told: String,
}

/// Asks, does `act` when the moment has come, and reads to the end.
pub async fn interrupt(
    mut client: ChatServiceClient<Channel>,
    request: v1::ChatRequest,
    moment: FirstToken,
    act: impl Future<Output = ()>,
) -> Interrupted {
    let reading = async {
        let mut stream = client.complete(request).await.expect("a stream").into_inner();
        let (mut answer, mut act, mut told) = (Answer::default(), Some(act), None);
        loop {
            match stream.message().await {
                Ok(Some(event)) => answer.events.extend(event.event),
                Ok(None) => break,
                Err(status) => {
                    answer.status = Some(status);
                    break;
                }
            }
            if act.is_some() {
                let moved = answer.events.iter().any(|event| matches!(event, Event::Failover(_)));
                assert!(!moved, "it failed over before {moment:?}: {answer:?}");
            }
            if moment.has_come(&answer)
                && let Some(act) = act.take()
            {
                told = Some(answer.text());
                act.await;
            }
        }
        let Some(told) = told else { panic!("it ended before {moment:?}: {answer:?}") };
        Interrupted { answer, told }
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("an end of the stream in time")
}
