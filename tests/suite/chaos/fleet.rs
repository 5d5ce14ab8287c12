//! Who answers in the chaos: two devices and an office machine that break by the seed, a device with
//! the real model, and a cloud with every bad habit.

use super::{Shared, WORDS, client};
use crate::failures::table::Failure;
use crate::failures::worker::{Breaking, Turn};
use crate::tables::Moment;
use littoral_proto::v1::{self, DataClass};
use littoral_tests::cloud::{Answer, Behaviour};
use littoral_tests::cluster::{Cluster, Seat};
use littoral_tests::model;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::sync::Arc;
use tokio::task::JoinSet;

/// What the cloud does with the next request.
pub fn behaviour(random: &mut StdRng) -> Behaviour {
    let answer = Answer::new(WORDS);
    match random.random_range(0..20) {
        0 => Behaviour::rate_limited(Some(1)),
        1 => Behaviour::server_error(),
        2 => Behaviour::overloaded(),
        3 => Behaviour::malformed_stream(),
        4 => Behaviour::ErrorWith200 { message: "no".into() },
        5 => Behaviour::CutAfter { answer, chunks: random.random_range(0..4) },
        6 => Behaviour::HangAfter { answer, chunks: random.random_range(0..4) },
        7 => Behaviour::HangBeforeHeaders,
        _ => Behaviour::Answer(answer),
    }
}

fn turn(random: &mut StdRng) -> Turn {
    let failures = [
        Failure::Killed,
        Failure::Silent,
        Failure::WrongOffset,
        Failure::Garbage,
        Failure::OutOfMemory,
    ];
    let moments = Moment::ALL;
    if random.random_bool(0.6) {
        return Turn::Well;
    }
    Turn::Break(failures[random.random_range(0..5)], moments[random.random_range(0..3)])
}

/// The machines, until they retire.
pub struct Fleet {
    machines: JoinSet<()>,
    leaked: Shared<Vec<String>>,
}

/// Lets everyone join.
pub async fn join(cluster: &mut Cluster, seed: u64) -> Fleet {
    let seat = Seat::own("real");
    let engine = model::real(&cluster.worker_config(&seat, cluster.token(&seat)));
    cluster.join(&seat, engine as _).await;
    let leaked = Shared::default();
    let mut machines = JoinSet::new();
    let seats = [Seat::own("phone"), Seat::own("laptop"), Seat::shared("office")];
    for (index, seat) in (1_u64..).zip(seats) {
        let random = StdRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(index));
        let machine = Breaking::new(cluster, &seat, &WORDS);
        machines.spawn(run(machine, seat, random, Arc::clone(&leaked)));
    }
    cluster.wait_for_workers(|list| list.len() == 4).await;
    Fleet { machines, leaked }
}

/// One machine: whenever its session breaks, it comes back as a new one.
async fn run(mut machine: Breaking, seat: Seat, mut random: StdRng, leaked: Shared<Vec<String>>) {
    let shared = seat.owner.is_none();
    for incarnation in 1.. {
        let judge = |assignment: &v1::Assignment| {
            if shared && holds(assignment, &client::mark_of(DataClass::Restricted)) {
                leaked.lock().expect("a lock").push(seat.worker_id.clone());
            }
            turn(&mut random)
        };
        machine.serve(incarnation, judge).await;
    }
}

fn holds(assignment: &v1::Assignment, mark: &str) -> bool {
    assignment.messages.iter().flat_map(|message| &message.parts).any(
        |part| matches!(&part.content, Some(v1::part::Content::Text(text)) if text.contains(mark)),
    )
}

impl Fleet {
    /// Ends all machines that break, and checks that none received what it may not.
    pub async fn retire(mut self) {
        self.machines.shutdown().await;
        let leaked = self.leaked.lock().expect("a lock");
        assert!(leaked.is_empty(), "restricted content reached {leaked:?}");
    }
}
