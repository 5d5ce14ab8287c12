//! What of a scenario a live router can be made to play on one machine in real time. What it cannot is named,
//! all of it at once: a prediction held against something else would say nothing.

use littoral_core::facts::Hints;
use littoral_sim::Scenario;
use littoral_sim::scenario::{Arrivals, Machines, Request};
use std::time::Duration;

/// Longest validation: it runs in real time.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Most machines: each is a worker in this process.
const MOST_MACHINES: u64 = 256;

/// Every reason why a scenario cannot be validated.
pub fn obstacles(scenario: &Scenario) -> Vec<String> {
    let mut obstacles = Vec::new();
    let mut check = |stands: bool, reason: &str| {
        if stands {
            obstacles.push(reason.to_owned());
        }
    };
    check(!scenario.clouds.is_empty(), "cloud: only machines are played; take [[cloud]] out");
    check(!scenario.changes.is_empty(), "change: nothing changes on the way; take [[change]] out");
    check(!scenario.budgets.is_empty(), "budget: there is nothing to pay; take [[budget]] out");
    check(scenario.machines.is_empty(), "machines: there are none, and somebody has to answer");
    check(
        matches!(scenario.arrivals, Arrivals::Closed { .. }),
        "arrivals.kind: a closed loop waits for answers; write poisson, diurnal, bursty or trace",
    );
    let minutes = LONGEST.as_secs() / 60;
    check(
        scenario.lasts > LONGEST,
        &format!("lasts: it runs in real time, and {minutes} min are the most; give --lasts"),
    );
    let machines: u64 = scenario.machines.iter().map(|group| u64::from(group.count)).sum();
    check(
        machines > MOST_MACHINES,
        &format!("machines: there are {machines}, and {MOST_MACHINES} are the most"),
    );
    obstacles.extend(scenario.machines.iter().flat_map(of_group));
    obstacles.extend(scenario.requests.iter().flat_map(of_request));
    obstacles
}

fn of_group(group: &Machines) -> Vec<String> {
    let modelled = [
        ("battery", group.battery.is_some()),
        ("thermal", group.thermal.is_some()),
        ("awake", group.awake.is_some()),
        ("unloads_after", group.unloads_after_s.is_some()),
        ("kv_tokens", group.kv_tokens.is_some()),
        ("network.covered", group.network.coverage.is_some()),
        ("network.loss", group.network.loss > 0.0),
        ("lent_as", group.lent_as.is_some()),
    ];
    let stated = modelled.into_iter().filter(|(_, stated)| *stated);
    stated.map(|(name, _)| format!("machines {}: {name} is not played", group.name)).collect()
}

fn of_request(request: &Request) -> Vec<String> {
    let mut obstacles = Vec::new();
    let name = &request.name;
    if request.follows > 0.0 {
        obstacles.push(format!("request {name}: follows is not played: no caches are kept"));
    }
    if request.hints != Hints::default() {
        obstacles.push(format!("request {name}: hints are not played"));
    }
    obstacles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::simulate::validate::tests::scenario;

    #[test]
    fn machines_that_serve_at_a_pace_can_be_played() {
        assert_eq!(obstacles(&scenario("lasts = \"60s\"")), Vec::<String>::new());
    }

    #[test]
    fn everything_that_cannot_be_played_is_named_at_once() {
        let mut scenario = scenario("lasts = \"2h\"");
        scenario.arrivals = Arrivals::Closed { think_s: 1.0 };
        scenario.machines[0].unloads_after_s = Some(3.0);
        scenario.machines[0].count = 300;
        scenario.requests[0].follows = 0.5;
        let told = obstacles(&scenario).join("\n");
        for part in ["lasts", "closed loop", "unloads_after", "follows", "256 are the most"] {
            assert!(told.contains(part), "{part} is missing in:\n{told}");
        }
    }
}
