//! When the line between a worker and the router breaks: what happens to it × when × the class of the
//! content × who else is there. The expected outcome stands in the table itself, and the recording
//! cloud's bytes are checked in every cell. The worker is the real edge-worker behind a relay; once the
//! line is mended it must answer again in every cell, as if nothing had been.

mod far_worker;
mod hung_device;
mod lease;
mod listening;
mod table;

use crate::clouds::{BRISK, cells};
use crate::tables::{CLASSES, Moment, OTHERS, Others};
use far_worker::FarWorker;
use listening::Listening;
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_router::config::raw::RawLimits;
use littoral_tests::ask::{Answer as Heard, ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use std::time::Duration;
use table::{Expected, ROWS, Trouble};

/// What the worker says, and the edge machine word for word like it.
const WORDS: [&str; 4] = ["one ", "two ", "three ", "four"];
/// What the cloud says.
const CLOUD_WORDS: [&str; 2] = ["cloud ", "words"];
/// Cells at a time: each has a router of its own.
const AT_ONCE: usize = 9;
/// Time that a request has where the outcome is that it ran out.
const DEADLINE_MS: u64 = 2_500;
/// What a slow line adds each way.
const EACH_WAY: Duration = Duration::from_millis(150);
/// A round trip that no other line here has, in milliseconds.
const SLOW_MS: f64 = 200.0;
/// Terms under which a slow cell lives through several heartbeats and a whole lease.
const SLOW_LIMITS: (u64, u64) = (500, 1_500);

/// One test for each row of the table, named like it.
macro_rules! when_the_line {
    ($($name:ident: $trouble:ident $moment:ident,)*) => {
        $(#[tokio::test]
        async fn $name() {
            every_cell_of(Trouble::$trouble, Moment::$moment).await;
        })*

        #[test]
        fn no_row_of_the_table_is_left_out() {
            let tested = [$((Trouble::$trouble, Moment::$moment)),*];
            assert!(ROWS.iter().all(|row| tested.contains(&(row.trouble, row.moment))));
        }
    };
}

when_the_line! {
    line_is_cut_before_the_first_token: IsCut Before,
    line_is_cut_at_the_first_token: IsCut At,
    line_is_cut_after_the_first_token: IsCut After,
    line_goes_half_open_before_the_first_token: GoesHalfOpen Before,
    line_goes_half_open_at_the_first_token: GoesHalfOpen At,
    line_goes_half_open_after_the_first_token: GoesHalfOpen After,
    line_slows_by_300_ms_before_the_first_token: SlowsDown Before,
    line_slows_by_300_ms_at_the_first_token: SlowsDown At,
    line_slows_by_300_ms_after_the_first_token: SlowsDown After,
}

/// What happens to the line and when, the class of the content, who else is there, and the outcome.
type Cell = (Trouble, Moment, DataClass, Others, Expected);

async fn every_cell_of(trouble: Trouble, moment: Moment) {
    let rows = ROWS.iter().filter(|row| (row.trouble, row.moment) == (trouble, moment));
    let by_class = rows.flat_map(|row| CLASSES.into_iter().zip(row.cells));
    let all = by_class.flat_map(|(class, ends)| {
        OTHERS.into_iter().zip(ends).map(move |(others, end)| (trouble, moment, class, others, end))
    });
    let name = |(_, _, class, others, _): &Cell| format!("{class:?}, {others:?}");
    cells::all_end_as_told(AT_ONCE, all.map(|cell| (name(&cell), check(cell)))).await;
}

async fn check((trouble, moment, class, others, expected): Cell) {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(Behaviour::Answer(Answer::new(CLOUD_WORDS)));
    let mut cluster = Cluster::start(Plan {
        cloud: (others != Others::Nobody).then_some(&cloud),
        policy: (trouble == Trouble::GoesHalfOpen).then_some(BRISK),
        limits: limits(trouble),
        ..Plan::default()
    })
    .await;
    if others == Others::EdgeAndCloud {
        let engine = Arc::new(ScriptedEngine::new("tiny", &WORDS));
        cluster.join(&Seat::shared("office"), engine).await;
    }
    let far = FarWorker::join(&cluster, &WORDS).await;
    let incarnation = far.incarnation(&cluster).await;

    let mut request = prompt("my question", class);
    let in_time = expected != Expected::TooLate;
    request.hints.get_or_insert_default().deadline_ms = (!in_time).then_some(DEADLINE_MS);
    let mut listening = Listening::start(&cluster, request).await;
    far.gate.release(moment.words());
    listening.until(moment).await;
    match trouble {
        Trouble::IsCut => far.relay.cut().await,
        Trouble::GoesHalfOpen => far.relay.go_half_open(),
        Trouble::SlowsDown => far.relay.slow_down(EACH_WAY),
    }
    // What the worker still has to say, it says now.
    far.gate.open();
    let answer = listening.until_the_end().await;

    ends_as_expected(moment, expected, &answer);
    left_as_receipted(&cluster, &cloud, &answer, expected == Expected::Cloud).await;
    cluster.wait_for_workers(idle).await;
    if trouble == Trouble::SlowsDown {
        lease_lives_on(&cluster, incarnation).await;
    } else {
        far.relay.mend(cluster.router.address);
        far.wait_until_back(&cluster, incarnation, trouble == Trouble::IsCut).await;
    }
    let later = ask(&mut cluster.chat(), prompt("once more", DataClass::Restricted)).await;
    assert_eq!(later.text(), WORDS.concat(), "the mended line's worker answers");
    assert_eq!(later.served().0, v1::Tier::Device);
}

fn limits(trouble: Trouble) -> RawLimits {
    if trouble != Trouble::SlowsDown {
        return RawLimits::default();
    }
    let (heartbeat_ms, lease_ms) = SLOW_LIMITS;
    RawLimits { heartbeat_ms, lease_ms, ..RawLimits::default() }
}

fn ends_as_expected(moment: Moment, expected: Expected, answer: &Heard) {
    use v1::failover::Kind::{Continued, Reset};
    let told: String = WORDS[..moment.words()].concat();
    let moved = failovers(answer);
    match expected {
        Expected::Stays => {
            assert_eq!((answer.text(), answer.served().0), (WORDS.concat(), v1::Tier::Device));
            assert_eq!(moved, [], "nobody fails over");
        }
        Expected::Edge => {
            assert_eq!((answer.text(), answer.served().0), (WORDS.concat(), v1::Tier::Edge));
            assert_eq!(moved, [(Continued, 0, told.len() as u64)]);
        }
        Expected::Cloud => {
            assert_eq!((answer.text(), answer.served().0), (CLOUD_WORDS.concat(), v1::Tier::Cloud));
            let afresh = if told.is_empty() { (Continued, 0, 0) } else { (Reset, 1, 0) };
            assert_eq!(moved, [afresh]);
        }
        Expected::Failed | Expected::TooLate => {
            let late = expected == Expected::TooLate;
            let reason = if late { "DEADLINE_EXCEEDED" } else { "ATTEMPTS_FAILED" };
            assert_eq!((answer.failure().1.as_str(), answer.text()), (reason, told));
        }
    }
}

/// Kind, epoch and offset of each failover that was told.
fn failovers(answer: &Heard) -> Vec<(v1::failover::Kind, u32, u64)> {
    let failover = |event: &Event| match event {
        Event::Failover(failover) => Some((failover.kind(), failover.epoch, failover.at_offset)),
        _ => None,
    };
    answer.events.iter().filter_map(failover).collect()
}

/// What the stand-in received is what the record's receipt says; nothing at all unless it answered.
async fn left_as_receipted(
    cluster: &Cluster,
    cloud: &ScriptedCloud,
    answer: &Heard,
    answered: bool,
) {
    let outcome = cluster.wait_for_outcome(&answer.routed().request_id).await;
    let bodies: usize = cloud.requests().iter().map(|request| request.body.len()).sum();
    assert_eq!(outcome.receipt.expect("a receipt").egress_bytes, bodies as u64);
    assert_eq!(bodies > 0, answered, "bytes that reached the cloud");
    if !answered {
        assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0), "nothing left");
    }
}

fn idle(list: &[v1::WorkerSummary]) -> bool {
    list.iter().all(|one| one.models.iter().all(|model| model.active == 0 && model.queued == 0))
}

/// Over several heartbeats on the slow line, which the router measures as slow, it is one session.
async fn lease_lives_on(cluster: &Cluster, incarnation: u64) {
    let is_slow = |list: &[v1::WorkerSummary]| {
        let far = far_worker::of(list).expect("never lost");
        assert_eq!(far.incarnation, incarnation, "one session all along");
        far.round_trip_ms.is_some_and(|trip_ms| trip_ms > SLOW_MS)
    };
    cluster.wait_for_workers(is_slow).await;
}
