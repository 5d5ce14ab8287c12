//! Requests for whoever plays them elsewhere are those of the simulated run.

use super::worlds::{OFFICE, objective_first, patient, play, world};
use crate::Run;

#[test]
fn what_comes_is_what_the_simulated_run_meets_whatever_the_policy_is() {
    let office = world(OFFICE);
    for seed in [1, 7] {
        let coming = Run::of(&office, &patient(), seed).coming();
        assert_eq!(coming, Run::of(&office, &objective_first(), seed).coming(), "seed {seed}");
        let metrics = play(&office, &patient(), seed).metrics;
        assert_eq!(coming.len() as u64, metrics.requests, "seed {seed}");
        assert!(coming.is_sorted_by_key(|one| one.at));
        // A conversation that goes on has its past in its prompt.
        assert!(coming.iter().any(|one| one.known > 0));
        assert!(coming.iter().all(|one| one.known < one.tokens_in && one.at < office.lasts));
    }
    assert_ne!(Run::of(&office, &patient(), 1).coming(), Run::of(&office, &patient(), 7).coming());
}

#[test]
fn lengths_that_are_asked_for_are_those_that_come() {
    let office = world(&format!(
        "lasts = \"1h\"\naskers = 3\narrivals = {{ kind = \"poisson\", per_s = 1 }}\n\
         [[request]]\ntokens_in = {{ fixed = 40 }}\ntokens_out = {{ fixed = 9 }}\n{MACHINE}"
    ));
    let coming = Run::of(&office, &patient(), 5).coming();
    assert!(coming.len() > 3_000, "{} of an hour at one a second", coming.len());
    assert!(coming.iter().all(|one| (one.tokens_in, one.tokens_out) == (40, 9)));
    assert!((0..3).all(|person| coming.iter().any(|one| one.person == person)));
}

const MACHINE: &str = "[[machines]]\nname = \"m\"\nmodel = \"m\"\nprefill_tokens_per_s = 9\ndecode_tokens_per_s = 9\n";
