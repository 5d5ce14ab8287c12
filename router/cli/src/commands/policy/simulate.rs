//! `policy simulate`: what a policy would have cost, how long people would have waited, and what would have left,
//! had it ruled over the requests that the router recorded.

mod asserted;
mod figures;
mod page;

use super::super::simulate::progress::Progress;
use super::local;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::since::{self, Since};
use crate::{client, json, screen};
use asserted::Asserted;
use clap::Args;
use littoral_proto::v1;
use littoral_proto::v1::simulate_event::Event;
use littoral_router::clock::unix_ms;
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  littoral policy simulate draft.toml             against the policy in force
  littoral policy simulate draft.toml old.toml    against another one
  littoral policy simulate draft.toml --since 30d --json
  littoral policy simulate draft.toml --assert 'newly_cloud == 0' \\
      --assert 'change.cost_usd.high <= 0'

The router decides its recorded requests again, under both policies. Where one
would have been asked as it was, what really happened counts; where not, what
is predicted counts, corrected by how far predictions were off. Nothing is
asked of anybody, and nothing changes. What is asserted must hold; else the
exit code is 1. A name alone is the figure under the draft, `now.NAME` that
under the other one, `change.NAME` the difference, `.low` and `.high` its ends.";

/// Shows what a policy would have made of recorded requests: cost, waits, what leaves
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Simulate {
    /// The policy that would rule: a file or a folder
    #[arg(value_name = "DRAFT")]
    proposed: PathBuf,
    /// The one it is compared with [default: the policy in force]
    #[arg(value_name = "OTHER")]
    compared: Option<PathBuf>,
    /// From when on: how long ago, or a moment
    #[arg(long, value_name = "WHEN", default_value = "7d", value_parser = since::parse)]
    since: Since,
    /// Until when: how long ago, or a moment [default: now]
    #[arg(long, value_name = "WHEN", value_parser = since::parse)]
    until: Option<Since>,
    /// Look at this many requests at most, the newest ones
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
    /// Show this many requests that change at most
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000))]
    changes: u32,
    /// What must hold, such as 'newly_cloud == 0'; can be given again
    #[arg(long = "assert", value_name = "ASSERTION")]
    assertions: Vec<String>,
}

/// All that the router tells.
struct Told {
    changes: Vec<v1::diff_response::Change>,
    summary: v1::SimulateSummary,
}

impl Simulate {
    /// Asks for the simulation and shows what came of it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let asserted = asserted::read(&self.assertions)?;
        let request = self.request()?;
        client::block_on(async {
            let told = ask(globals, request).await?;
            let checked = asserted::check(&asserted, &told.summary);
            if globals.json {
                json::print(&in_json(&told, &checked)?)?;
            } else {
                let mut out = screen::out();
                let in_force = self.compared.is_none();
                let width = screen::width();
                write!(out, "{}", page::page(&told.summary, &told.changes, in_force, width))?;
                write!(out, "{}", asserted::lines(&checked))?;
                out.flush()?;
            }
            asserted::verdict(&checked)
        })
    }

    fn request(&self) -> Result<v1::SimulateRequest, Failure> {
        let proposed = local::read(&self.proposed)?;
        let compared = self.compared.as_deref().map(local::read).transpose()?;
        let now_ms = unix_ms();
        Ok(v1::SimulateRequest {
            proposed: proposed.sources,
            compared: compared.map(|it| v1::PolicySources { sources: it.sources }),
            since_unix_ms: Some(self.since.unix_ms(now_ms)),
            until_unix_ms: self.until.map(|until| until.unix_ms(now_ms)),
            limit: self.limit,
            change_limit: self.changes,
        })
    }
}

/// Asks, and tells a person how far it is.
async fn ask(globals: &Globals, request: v1::SimulateRequest) -> Result<Told, Failure> {
    let mut client = super::connect(globals).await?;
    let mut events = client::answer(globals, client.simulate(request)).await?;
    let bar = Progress::new();
    let mut changes = Vec::new();
    let summary = loop {
        let event = events.message().await.map_err(|status| {
            bar.finish();
            client::failure(globals, &status)
        })?;
        match event.map(|event| event.event) {
            Some(Some(Event::Progress(progress))) => {
                bar.tell(progress.considered as f64 / progress.of.max(1) as f64);
            }
            Some(Some(Event::Change(change))) => changes.push(change),
            Some(Some(Event::Summary(summary))) => break summary,
            // Something that a later version tells.
            Some(None) => {}
            None => {
                bar.finish();
                return Err(Failure::new("the router broke the simulation off before its end")
                    .fix("ask again"));
            }
        }
    };
    bar.finish();
    Ok(Told { changes, summary })
}

fn in_json(told: &Told, checked: &[Asserted]) -> Result<serde_json::Value, Failure> {
    let changes = told.changes.iter().map(|change| json::of_message("DiffResponse.Change", change));
    let assertions = checked.iter().map(|one| {
        serde_json::json!({
            "assertion": one.text, "holds": one.holds, "value": one.value,
        })
    });
    Ok(serde_json::json!({
        "summary": json::of_message("SimulateSummary", &told.summary)?,
        "changes": changes.collect::<Result<Vec<_>, _>>()?,
        "assertions": assertions.collect::<Vec<_>>(),
    }))
}
