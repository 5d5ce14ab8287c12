//! When a cloud breaks: what it does × when × the class of the content × whether the asker's own device
//! is there. The expected outcome stands in the table itself. In every cell the bytes that the stand-in
//! received are the bytes on the receipt, the record has the same receipt, the request ends exactly
//! once, and the device's slot is free afterwards.
//!
//! Every request would rather be answered in the cloud, so a public one goes there first.

pub mod cells;
pub mod table;

use crate::tables::CLASSES;
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::explain_response::Outcome;
use littoral_tests::ask::{Answer as Heard, ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, RefusingCloud, ScriptedCloud};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use std::time::Duration;
use table::{Expected, Failure, RETRY_AFTER_S, ROWS, Row};
use tonic_types::StatusExt as _;

/// What cloud and device say, word for word alike, so that a gap or a repetition shows in the text.
const WORDS: [&str; 4] = ["one ", "two ", "three ", "four"];
const QUESTION: &str = "what would my question weigh";
/// Cells at a time: each has a router of its own.
const AT_ONCE: usize = 6;
/// Time that a request has where the outcome is that it ran out.
const DEADLINE_MS: u64 = 2_500;
/// The shipped policy, with a shorter patience in mid-stream: where nobody else could go on, ten times
/// as much is granted, and ten seconds would only make the suite slow.
pub const BRISK: &str = "version = 1\nname = \"brisk\"\n[deadlines]\nstall_floor_ms = 300\n";

/// One test for each failure, named like it.
macro_rules! when_a_cloud {
    ($($name:ident: $failure:ident,)*) => {
        $(#[tokio::test]
        async fn $name() {
            every_cell_of(Failure::$failure).await;
        })*

        #[test]
        fn no_row_of_the_table_is_left_out() {
            let tested = [$(Failure::$failure),*];
            assert!(ROWS.iter().all(|row| tested.contains(&row.failure)));
        }
    };
}

when_a_cloud! {
    cloud_refuses_the_connection: RefusesTheConnection,
    cloud_hangs_before_the_headers: HangsBeforeTheHeaders,
    cloud_answers_429_with_retry_after: LimitsTheRate,
    cloud_answers_500: HasAnError,
    cloud_answers_529: IsOverloaded,
    cloud_answers_401: RefusesTheKey,
    cloud_is_cut_in_mid_event: IsCutInMidEvent,
    cloud_sends_malformed_events: SendsMalformedEvents,
    cloud_falls_silent_in_its_stream: FallsSilent,
    cloud_answers_200_with_an_error_body: AnswersWithAnErrorBody,
    cloud_sends_an_error_in_its_stream: SendsAnErrorEvent,
    cloud_ends_without_a_finish_reason: EndsWithoutAFinishReason,
}

/// A row of the table, a class of content, and whether the asker's own device is there.
type Cell = (&'static Row, DataClass, bool);

async fn every_cell_of(failure: Failure) {
    let rows = ROWS.iter().filter(|row| row.failure == failure);
    let by_class = rows.flat_map(|row| CLASSES.map(|class| (row, class)));
    let all = by_class.flat_map(|(row, class)| [true, false].map(|device| (row, class, device)));
    let name = |(row, class, device): &Cell| {
        let company = if *device { "device" } else { "nobody" };
        format!("{:?} {:?} {class:?}, then {company}", row.failure, row.moment)
    };
    cells::all_end_as_told(AT_ONCE, all.map(|cell| (name(&cell), check(cell)))).await;
}

async fn check((row, class, has_device): Cell) {
    let expected = row.expected(class, has_device);
    let calls = row.calls(class, has_device);
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    for _ in 0..calls {
        cloud.script(behaviour(row));
    }
    let nobody = RefusingCloud::start().expect("a refusing stand-in");
    let is_there = row.failure != Failure::RefusesTheConnection;
    let mut cluster = Cluster::start(Plan {
        cloud: is_there.then_some(&cloud),
        dead_cloud: (!is_there).then(|| nobody.base_url()),
        policy: (row.failure == Failure::FallsSilent).then_some(BRISK),
        ..Plan::default()
    })
    .await;
    let engine = Arc::new(ScriptedEngine::new("tiny", &WORDS));
    if has_device {
        cluster.join(&Seat::own("this-device"), Arc::clone(&engine) as _).await;
    }

    let mut request = prompt(QUESTION, class);
    let hints = request.hints.get_or_insert_default();
    hints.mode = v1::Mode::PreferInCloud.into();
    hints.deadline_ms = (expected == Expected::TooLate).then_some(DEADLINE_MS);
    let answer = ask(&mut cluster.chat(), request).await;
    let outcome = cluster.wait_for_outcome(&answer.routed().request_id).await;

    ends_once(&answer);
    ends_as_expected(row, expected, &answer);
    record_agrees(&answer, &outcome);
    left_as_receipted(&cloud, calls, class, &outcome);
    if matches!(row.failure, Failure::HangsBeforeTheHeaders | Failure::FallsSilent) {
        cloud.wait_for_abandoned(calls as u64).await.expect("the provider sees the cancel");
    }
    let by_device = matches!(expected, Expected::Undisturbed | Expected::Device);
    assert_eq!(engine.started(), usize::from(by_device), "answers that the device began");
    cluster.wait_for_workers(|list| list.len() == usize::from(has_device) && idle(list)).await;
}

/// What the stand-in does with one request of this row.
fn behaviour(row: &Row) -> Behaviour {
    let (answer, chunks) = (Answer::new(WORDS), row.moment.words());
    match row.failure {
        // Never played: nobody listens there.
        Failure::RefusesTheConnection => Behaviour::Answer(answer),
        Failure::HangsBeforeTheHeaders => Behaviour::HangBeforeHeaders,
        Failure::LimitsTheRate => Behaviour::rate_limited(Some(RETRY_AFTER_S)),
        Failure::HasAnError => Behaviour::server_error(),
        Failure::IsOverloaded => Behaviour::overloaded(),
        Failure::RefusesTheKey => Behaviour::unauthorized(),
        Failure::IsCutInMidEvent => Behaviour::CutAfter { answer, chunks },
        Failure::SendsMalformedEvents => Behaviour::malformed_after(answer, chunks),
        Failure::FallsSilent => Behaviour::HangAfter { answer, chunks },
        Failure::AnswersWithAnErrorBody => Behaviour::ErrorWith200 { message: "no".into() },
        Failure::SendsAnErrorEvent => Behaviour::error_after(answer, chunks, "no more"),
        Failure::EndsWithoutAFinishReason => Behaviour::ends_after(answer, chunks),
    }
}

/// Exactly one terminal event: a `done` as the last, or a status and no `done`.
fn ends_once(answer: &Heard) {
    let done = answer.events.iter().filter(|event| matches!(event, Event::Done(_))).count();
    assert_eq!(done + usize::from(answer.status.is_some()), 1, "ends");
    assert!(done == 0 || matches!(answer.events.last(), Some(Event::Done(_))), "done is the last");
}

fn ends_as_expected(row: &Row, expected: Expected, answer: &Heard) {
    let told: String = WORDS[..row.moment.words()].concat();
    match expected {
        Expected::Undisturbed => {
            assert!(failovers(answer).is_empty(), "nobody failed");
            answered_by_the_device(answer);
        }
        Expected::Device => {
            let [failover] = failovers(answer)[..] else { panic!("one failover is told") };
            assert!(failover.reason.contains(row.why), "{}", failover.reason);
            assert_eq!(failover.kind(), v1::failover::Kind::Continued);
            assert_eq!((failover.epoch, failover.at_offset), (0, told.len() as u64));
            assert!(matches!(at(&failover.from), v1::target::At::Provider(_)));
            assert!(matches!(at(&failover.to), v1::target::At::Worker(_)));
            answered_by_the_device(answer);
        }
        Expected::Failed | Expected::TooLate | Expected::Denied => {
            let status = answer.status.as_ref().expect("a failure");
            assert_eq!(answer.failure().1, expected.reason());
            assert_eq!(answer.text(), if expected == Expected::Denied { "" } else { &told });
            let advice = status.get_details_retry_info().and_then(|info| info.retry_delay);
            let asked_for = (row.failure == Failure::LimitsTheRate && expected == Expected::Failed)
                .then(|| Duration::from_secs(RETRY_AFTER_S));
            assert_eq!(advice, asked_for, "when to try again");
            let why = expected != Expected::Failed || status.message().contains(row.why);
            assert!(why, "{}", status.message());
        }
    }
}

fn answered_by_the_device(answer: &Heard) {
    assert_eq!(answer.text(), WORDS.concat());
    assert_eq!(answer.served().0, v1::Tier::Device);
    let epochs = answer.events.iter().filter_map(|event| match event {
        Event::Delta(delta) => Some(delta.epoch),
        _ => None,
    });
    assert!(epochs.into_iter().all(|epoch| epoch == 0), "one epoch");
}

/// The record says what the client was told.
fn record_agrees(answer: &Heard, outcome: &Outcome) {
    let reason = answer.status.as_ref().map_or_else(String::new, |_| answer.failure().1);
    assert_eq!(outcome.reason, reason);
    assert_eq!(outcome.failovers as usize, failovers(answer).len());
    if answer.status.is_none() {
        assert_eq!(outcome.receipt, answer.done().receipt);
        assert_eq!(outcome.served, answer.done().served);
    }
}

/// What the stand-in received is what the receipt says; nothing at all but from public content.
fn left_as_receipted(cloud: &ScriptedCloud, calls: usize, class: DataClass, outcome: &Outcome) {
    let requests = cloud.requests();
    assert_eq!((requests.len(), cloud.unplayed()), (calls, 0), "calls of the cloud");
    assert!(requests.iter().all(|request| request.body_contains(QUESTION)), "whole bodies");
    let receipt = outcome.receipt.as_ref().expect("a receipt");
    let bodies: Vec<u64> = requests.iter().map(|request| request.body.len() as u64).collect();
    assert_eq!(receipt.egress_bytes, bodies.iter().sum::<u64>());
    let in_cloud = receipt.holdings.iter().filter(|held| held.tier() == v1::Tier::Cloud);
    assert_eq!(in_cloud.map(|held| held.bytes).collect::<Vec<_>>(), bodies);
    if class != DataClass::Public {
        assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0), "nothing left");
    }
}

fn failovers(answer: &Heard) -> Vec<&v1::Failover> {
    let of_all = answer.events.iter().filter_map(|event| match event {
        Event::Failover(failover) => Some(failover),
        _ => None,
    });
    of_all.collect()
}

fn at(target: &Option<v1::Target>) -> &v1::target::At {
    target.as_ref().and_then(|target| target.at.as_ref()).expect("a place")
}

fn idle(list: &[v1::WorkerSummary]) -> bool {
    list.iter().all(|one| one.models[0].active == 0 && one.models[0].queued == 0)
}
