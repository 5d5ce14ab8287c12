//! `simulate validate`: how near the simulator comes to a live router. A router runs in this process with a folder of
//! its own, a worker over a real socket stands for each machine and answers at the machine's pace, and the
//! requests of the scenario come at their moments. The simulator plays the same requests.

mod client;
mod engine;
mod keys;
mod playable;
mod prompt;
mod stage;
mod verdict;

use super::progress::Progress;
use super::refused;
use crate::arguments::Globals;
use crate::commands::policy::shown;
use crate::failure::{Exit, Failure};
use crate::{json, roles, screen, spans};
use clap::Args;
use littoral_router::policy_files::Loaded;
use littoral_router::{policy_files, simulation};
use littoral_sim::{Run, Scenario};
use stage::Stage;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;
use verdict::{Bounds, Verdict};

const EXAMPLES: &str = "\
Examples:
  littoral simulate validate policies/scenarios/validation/light.toml
  littoral simulate validate queueing.toml --lasts 30s --seed 7 --json

It takes as long as the scenario says, on this machine, and touches no state
folder but one of its own that goes with it. Exit code 1: a quantile is
further off than allowed.";

/// Holds the simulator against a live router with workers at the scenario's pace
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Validate {
    /// The scenario; machines only, in real time
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// The policy [default: the one that the scenario names]
    #[arg(long, value_name = "PATH")]
    policy: Option<PathBuf>,
    /// The small form that the scenario states
    #[arg(long)]
    reduced: bool,
    /// How long requests come, instead of the scenario's
    #[arg(long, value_name = "TIME", value_parser = spans::parse)]
    lasts: Option<Duration>,
    /// Seed of the requests [default: the scenario's first]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How far a predicted median may be off, in percent of the measured one
    #[arg(long, value_name = "PERCENT", default_value_t = 10.0)]
    p50: f64,
    /// How far a predicted 95th percentile may be off, in percent of the measured one
    #[arg(long, value_name = "PERCENT", default_value_t = 20.0)]
    p95: f64,
}

impl Validate {
    /// Plays both sides and compares.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let message = "nothing was validated";
        let file = simulation::load(&self.scenario, self.reduced)
            .map_err(|problems| refused(message, &problems))?;
        let scenario = match self.lasts {
            Some(lasts) => file.scenario.with_length(lasts),
            None => file.scenario,
        };
        let obstacles = playable::obstacles(&scenario);
        if !obstacles.is_empty() {
            let count = shown::count(obstacles.len(), "obstacle");
            let mut failure = Failure::usage(format!("{message}: {count}"));
            failure.details = obstacles;
            return Err(failure.fix("take them out of a copy of the scenario"));
        }
        let policy = policy_files::load(Some(self.policy.as_ref().unwrap_or(&file.policy)))
            .map_err(|problems| refused(message, &problems))?;
        let seed = self.seed.or_else(|| scenario.seeds.first().copied()).unwrap_or(1);
        let bounds = Bounds { p50: self.p50 / 100.0, p95: self.p95 / 100.0 };
        let json = globals.json;
        roles::stay(async move {
            let verdict = compare(&scenario, &policy, seed, bounds).await?;
            tell(&verdict, json)
        })
    }
}

/// Plays the live side, then the simulated one.
async fn compare(
    scenario: &Scenario,
    policy: &Loaded,
    seed: u64,
    bounds: Bounds,
) -> Result<Verdict, Failure> {
    let run = Run::of(scenario, &policy.policy, seed);
    let coming = run.coming();
    if coming.is_empty() {
        let message = format!("no request comes in {} s", scenario.lasts.as_secs());
        return Err(Failure::usage(message).fix("give more time with --lasts"));
    }
    let stage = Stage::start(scenario, policy, (seed, &coming)).await?;
    let bar = Progress::new();
    let measured = tokio::select! {
        measured = client::play(&stage, scenario, &coming, |share| bar.tell(share)) => measured,
        () = roles::told_to_end() => Err(Failure::interrupted("stopped before the end")),
    };
    bar.finish();
    stage.end().await;
    let predicted = run.play().metrics;
    Ok(Verdict::of((&scenario.name, seed), &measured?, &predicted, bounds))
}

fn tell(verdict: &Verdict, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let told = serde_json::to_value(verdict);
        json::print(&told.map_err(|error| Failure::new(error.to_string()))?)?;
    } else {
        let mut out = screen::out();
        write!(out, "{}", verdict.text())?;
        out.flush()?;
    }
    if verdict.holds {
        return Ok(());
    }
    Err(Failure::new("the simulator is further off than allowed").exit(Exit::Failed))
}

#[cfg(test)]
mod tests {
    use littoral_router::policy_files::SourceText;
    use littoral_router::simulation::load_text;
    use littoral_sim::Scenario;

    /// One machine of one slot, and requests of 40 tokens for 9, with more written before them.
    pub fn scenario(before: &str) -> Scenario {
        let text = format!(
            "name = \"w\"\npolicy = \"p\"\naskers = 1\n{before}\n\
             arrivals = {{ kind = \"poisson\", per_s = 1 }}\n\
             [[request]]\nclass = \"internal\"\ntokens_in = {{ fixed = 40 }}\ntokens_out = {{ fixed = 9 }}\n\
             [[machines]]\nname = \"m\"\nmodel = \"m\"\nslots = 1\nqueue_limit = 1\n\
             prefill_tokens_per_s = 400\ndecode_tokens_per_s = 20\n"
        );
        let source = SourceText { name: "w".into(), text };
        load_text(&source, false, &|_| Err("nothing is read".into())).unwrap()
    }
}
