//! Fifty sessions that break the rules in ten ways, next to fifty that answer: nobody honest is harmed,
//! and what the rule breakers cost is bounded.

use littoral_proto::v1;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_tests::ask;
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::puppet::{Puppet, hello, offer, said};
use tokio::task::JoinSet;

/// Sessions of each way.
const EACH: usize = 5;
/// Honest workers.
const HONEST: usize = 50;
/// Requests that honest workers answer meanwhile.
const REQUESTS: usize = 200;
/// What an honest worker says.
const WORDS: [&str; 4] = ["the ", "tide ", "comes ", "in"];
/// Memory that the process, hostile clients included, may gain, in bytes.
const MOST_GROWTH: u64 = 1 << 30;

/// A way to break the rules.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// The first message is no hello.
    NoHello,
    /// A token that nobody signed.
    ForgedToken,
    /// A message above the limit.
    GiantFrame,
    /// States without end.
    StateFlood,
    /// Model events without end.
    ModelFlood,
    /// Chunks of assignments that it was never given.
    Foreign,
    /// An answer that never ends.
    Endless,
    /// An answer with a gap.
    WrongOffset,
    /// A second hello.
    SecondHello,
    /// It says things and never reads.
    NeverReads,
}

impl Way {
    const ALL: [Self; 10] = [
        Self::NoHello,
        Self::ForgedToken,
        Self::GiantFrame,
        Self::StateFlood,
        Self::ModelFlood,
        Self::Foreign,
        Self::Endless,
        Self::WrongOffset,
        Self::SecondHello,
        Self::NeverReads,
    ];

    /// Whether the router has to end the session for it.
    const fn ends(self) -> bool {
        !matches!(self, Self::Foreign | Self::Endless | Self::WrongOffset)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_hostile_sessions_harm_no_honest_one() {
    let cluster = Cluster::start(Plan::default()).await;
    let mut honest = JoinSet::new();
    for at in 0..HONEST {
        let seat = Seat::shared(&format!("honest{at}"));
        let state = v1::State { models: vec![said("tiny", 200.0)], ..v1::State::default() };
        let hello = hello(&cluster, &seat, vec![offer("tiny")]);
        let mut puppet = Puppet::join(&cluster.url(), hello, state).await;
        honest.spawn(async move {
            while let Some((id, _)) = puppet.assignment().await {
                puppet.answer(id, &WORDS).await;
            }
        });
    }
    let before = littoral_engine::memory::resident_bytes();

    let mut hostile = JoinSet::new();
    for way in Way::ALL {
        for at in 0..EACH {
            let seat = Seat::shared(&format!("hostile-{way:?}-{at}"));
            let hello = hello(&cluster, &seat, vec![offer("evil")]);
            let url = cluster.url();
            hostile.spawn(async move { (way, misbehave(&url, hello, way).await) });
        }
    }
    // Whatever the hostile do with what they are given, it ends, and by name.
    let mut asked_of_evil = JoinSet::new();
    for _ in 0..2 * EACH {
        let mut request = ask::prompt("who is there?", v1::DataClass::Internal);
        request.model = "evil".into();
        request.hints.get_or_insert_default().deadline_ms = Some(20_000);
        let mut chat = cluster.chat();
        asked_of_evil.spawn(async move { ask::ask(&mut chat, request).await });
    }
    let mut answers = JoinSet::new();
    for _ in 0..REQUESTS {
        let mut request = ask::prompt("what does the tide do?", v1::DataClass::Internal);
        request.model = "tiny".into();
        let mut chat = cluster.chat();
        answers.spawn(async move { ask::ask(&mut chat, request).await });
    }
    let mut answered = 0;
    while let Some(answer) = answers.join_next().await {
        let answer = answer.expect("a client");
        assert!(answer.status.is_none(), "{:?}", answer.status);
        assert_eq!(answer.text(), WORDS.concat());
        answered += 1;
    }
    assert_eq!(answered, REQUESTS);

    let mut cut = 0;
    while let Some(ended) = hostile.join_next().await {
        let (way, ended) = ended.expect("a hostile session");
        assert!(ended || !way.ends(), "{way:?} was let go on");
        cut += usize::from(ended);
    }
    while let Some(answer) = asked_of_evil.join_next().await {
        // What they say is their own; that it ends is ours.
        answer.expect("an end in time");
    }
    let grown = littoral_engine::memory::resident_bytes().zip(before);
    let grown = grown.map(|(after, before)| after.saturating_sub(before));
    println!("{cut} hostile sessions were cut off; the process grew by {grown:?} bytes");
    assert!(grown.is_none_or(|grown| grown < MOST_GROWTH), "{grown:?} bytes");
    let all = cluster.fleet().list_workers(v1::ListWorkersRequest {}).await.expect("a list");
    let there = all.into_inner().workers.into_iter().filter(|worker| {
        worker.worker_id.starts_with("honest") && worker.status() == v1::WorkerStatus::Ready
    });
    assert_eq!(there.count(), HONEST);
}

/// Breaks the rules in one way; true if the router ended the session for it.
async fn misbehave(url: &str, hello: v1::Hello, way: Way) -> bool {
    let state = v1::State { models: vec![said("evil", 100.0)], ..v1::State::default() };
    match way {
        Way::NoHello => return Puppet::open(url, Up::State(state)).await.is_err(),
        Way::ForgedToken => {
            let join_token = format!("{}x", hello.join_token);
            let forged = v1::Hello { join_token, ..hello };
            return Puppet::open(url, Up::Hello(forged)).await.is_err();
        }
        _ => {}
    }
    let mut puppet = Puppet::join(url, hello.clone(), state.clone()).await;
    match way {
        Way::GiantFrame => puppet.text(1, 0, &"x".repeat(4 << 20)).await,
        Way::StateFlood => flood(&puppet, || Up::State(state.clone())).await,
        Way::ModelFlood => {
            let mut at = 0;
            flood(&puppet, || {
                at += 1;
                let offer = Some(offer(&format!("model{at}")));
                Up::ModelEvent(v1::ModelEvent { offer, ..v1::ModelEvent::default() })
            })
            .await;
        }
        Way::Foreign => {
            for id in 1..200 {
                puppet.text(id, 0, "not yours").await;
                puppet.finish(id, v1::finished::Completed::default()).await;
            }
            return false;
        }
        Way::SecondHello => puppet.say(Up::Hello(hello)).await,
        Way::NeverReads => {
            // Sixteen megabytes of states: the acknowledgements pile up until the router gives up.
            let drain = flood(&puppet, || Up::State(state.clone()));
            drain.await;
        }
        Way::Endless | Way::WrongOffset => return answer_badly(&mut puppet, way).await,
        Way::NoHello | Way::ForgedToken => {}
    }
    loop {
        match puppet.next().await {
            None => return true,
            Some(Down::Goodbye(_)) => return true,
            Some(_) => {}
        }
    }
}

/// Says as much as the session takes.
async fn flood(puppet: &Puppet, mut message: impl FnMut() -> Up) {
    for _ in 0..200_000 {
        if puppet.up.send(v1::WorkerMessage { message: Some(message()) }).await.is_err() {
            return;
        }
    }
}

/// Answers whatever it is given, and badly, until it is told to stop.
async fn answer_badly(puppet: &mut Puppet, way: Way) -> bool {
    let wait = std::time::Duration::from_secs(3);
    while let Ok(Some((id, _))) = tokio::time::timeout(wait, puppet.assignment()).await {
        puppet.accept(id).await;
        if matches!(way, Way::WrongOffset) {
            puppet.text(id, 7, "gap").await;
            continue;
        }
        let word = "again and ".repeat(6_000);
        for at in 0..400_u64 {
            puppet.text(id, at * word.len() as u64, &word).await;
        }
    }
    false
}
