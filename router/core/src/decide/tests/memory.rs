//! Decisions in memory that was used before.

use super::properties::{run, thorough};
use super::random::{compiled, facts, fleet, raw_policy};
use super::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn nothing_of_an_earlier_decision_is_in_the_next_one(
        raw in raw_policy(),
        earlier in (facts(), fleet()),
        later in (facts(), fleet()),
        seed: u64,
    ) {
        let (policy, mut memory) = (compiled(raw), Memory::default());
        let mut decide = |(facts, fleet): &(Facts, FleetView)| {
            let made = decide_in(&mut memory, &policy, facts, fleet, Duration::ZERO, seed);
            memory.take_back(made.clone());
            made
        };
        for asked in [&earlier, &later, &earlier] {
            prop_assert_eq!(decide(asked), run(&policy, &asked.0, &asked.1, seed));
        }
    }
}
