//! A provider is dead for 30 seconds at 200 requests a second.

use super::*;
use std::collections::BTreeMap;

const EVERY_MS: u64 = 5;
const ANSWER_MS: u64 = 300;
const DEAD_FROM_MS: u64 = 20_000;
const DEAD_UNTIL_MS: u64 = 50_000;

struct Run {
    sent_to_the_dead: usize,
    refused_after: usize,
    back_after_ms: u64,
}

/// Calls of the dead provider fail after `fail_ms`.
fn run(fail_ms: u64, seed: u64) -> Run {
    let mut breaker = Breaker::new(Terms::default());
    let mut ends: BTreeMap<(u64, usize), (Pass, Outcome)> = BTreeMap::new();
    let (mut sent_to_the_dead, mut refused_after, mut back_at_ms) = (0, 0, 0);
    let mut number = 0;
    for now_ms in 0..DEAD_UNTIL_MS + 30_000 {
        while let Some(entry) = ends.first_entry() {
            if entry.key().0 > now_ms {
                break;
            }
            let (pass, outcome) = entry.remove();
            breaker.on(pass, outcome, seed ^ now_ms, ms(now_ms));
        }
        if now_ms % EVERY_MS != 0 {
            continue;
        }
        number += 1;
        let dead = (DEAD_FROM_MS..DEAD_UNTIL_MS).contains(&now_ms);
        match breaker.admit(ms(now_ms)) {
            Some(pass) if dead => {
                sent_to_the_dead += 1;
                ends.insert((now_ms + fail_ms, number), (pass, Outcome::Failed));
            }
            Some(pass) => {
                ends.insert((now_ms + ANSWER_MS, number), (pass, answered(ANSWER_MS)));
            }
            None if now_ms >= DEAD_UNTIL_MS => {
                refused_after += 1;
                back_at_ms = now_ms;
            }
            None => assert!(now_ms > DEAD_FROM_MS, "refused while all was well"),
        }
    }
    assert_eq!(breaker.standing(ms(DEAD_UNTIL_MS + 30_000)), Standing::Closed);
    Run { sent_to_the_dead, refused_after, back_after_ms: back_at_ms.saturating_sub(DEAD_UNTIL_MS) }
}

#[test]
fn calls_to_a_dead_provider_are_bounded_and_it_is_back_within_one_probe_interval() {
    let terms = Terms::default();
    let most_back_ms = u64::try_from(terms.reopen.most.as_millis()).unwrap() + 2 * ANSWER_MS;
    for fail_ms in [1, 50, 2_000] {
        for seed in 0..20 {
            let run = run(fail_ms, seed);
            // Those sent until five in a row failed, which answers of calls from before the outage put
            // off while they still come in; and three probes for each time it was tried.
            let under_way = usize::try_from(fail_ms.max(ANSWER_MS) / EVERY_MS).unwrap() + 6;
            let probes = 3 * 8;
            assert!(run.sent_to_the_dead <= under_way + probes, "{}", run.sent_to_the_dead);
            assert!(run.back_after_ms <= most_back_ms, "back after {} ms", run.back_after_ms);
            if seed == 0 {
                println!(
                    "failing after {fail_ms} ms: {} of 6000 calls sent, back after {} ms, {} refused",
                    run.sent_to_the_dead, run.back_after_ms, run.refused_after
                );
            }
        }
    }
}
