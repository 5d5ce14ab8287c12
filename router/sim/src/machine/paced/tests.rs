//! A machine on a clock of the test: tokens at their moments, shared speed, slots, and looks that come late.

use super::*;
use crate::tests::worlds::world;

/// 1,000 tokens read a second, ten written; two at once take turns.
fn machine() -> PacedMachine {
    let world = world(
        "lasts = \"1h\"\naskers = 1\narrivals = { kind = \"poisson\", per_s = 1 }\n[[request]]\n\
         [[machines]]\nname = \"m\"\nmodel = \"m\"\nslots = 2\nqueue_limit = 1\n\
         prefill_tokens_per_s = 1_000\ndecode_tokens_per_s = 10\n",
    );
    PacedMachine::new(&world.machines[0], 1, 0)
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What a job has written, and whether it is over.
fn of(seen: &[Progress], job: u32) -> Option<(u32, bool)> {
    seen.iter().find(|one| one.job == job).map(|one| (one.written, one.is_over))
}

#[test]
fn a_job_alone_writes_its_first_token_after_the_prompt_and_one_each_gap() {
    let mut machine = machine();
    machine.take(7, 100, 3, ms(0)).unwrap();
    // A tenth of a second to read, and another for each token.
    for (at, written) in [(150, 0), (201, 1), (299, 1), (301, 2)] {
        assert_eq!(of(&machine.look(ms(at)), 7), Some((written, false)), "at {at} ms");
    }
    let next = machine.next_at().unwrap();
    assert!(next.abs_diff(ms(400)) < ms(1), "{next:?}");
    assert_eq!(of(&machine.look(ms(401)), 7), Some((3, true)));
    assert_eq!((machine.load(), machine.next_at()), ((0, 0), None));
}

#[test]
fn two_jobs_share_the_speed_and_a_third_waits_for_a_slot() {
    let mut machine = machine();
    machine.take(1, 100, 2, ms(0)).unwrap();
    machine.take(2, 100, 2, ms(0)).unwrap();
    machine.take(3, 100, 2, ms(0)).unwrap();
    assert_eq!(machine.take(4, 100, 2, ms(0)), Err(Full));
    assert_eq!(machine.load(), (2, 1));
    // Each alone would be through after 0.3 s.
    let seen = machine.look(ms(590));
    assert_eq!(
        (of(&seen, 1), of(&seen, 2), of(&seen, 3)),
        (Some((1, false)), Some((1, false)), None)
    );
    let seen = machine.look(ms(601));
    assert_eq!(
        (of(&seen, 1), of(&seen, 2), of(&seen, 3)),
        (Some((2, true)), Some((2, true)), Some((0, false)))
    );
}

#[test]
fn a_look_that_comes_late_loses_no_speed() {
    let mut machine = machine();
    for job in 1..=3 {
        machine.take(job, 100, 2, ms(0)).unwrap();
    }
    // The third began when the first two were through, at 0.6 s, and not now.
    let seen = machine.look(ms(850));
    assert_eq!(of(&seen, 3), Some((1, false)));
    assert_eq!(of(&machine.look(ms(901)), 3), Some((2, true)));
}

#[test]
fn a_job_that_leaves_gives_its_slot_and_its_share_to_the_others() {
    let mut machine = machine();
    for job in 1..=3 {
        machine.take(job, 100, 2, ms(0)).unwrap();
    }
    machine.leave(3, ms(100));
    machine.leave(2, ms(200));
    // Half of the speed for 0.2 s, then all of it.
    assert_eq!(of(&machine.look(ms(401)), 1), Some((2, true)));
    assert_eq!(machine.load(), (0, 0));
}
