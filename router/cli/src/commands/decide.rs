//! `decide`: a dry run. Who would answer this prompt now, and why nobody else.

use super::prompt::Prompt;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::table::{Head, Table};
use crate::{client, describe, json, screen, units, words};
use clap::Args;
use littoral_proto::v1;
use littoral_proto::v1::decide_request::Subject;
use littoral_proto::v1::decision::Outcome;
use littoral_proto::v1::routing_service_client::RoutingServiceClient;
use std::io::Write as _;

const EXAMPLES: &str = "\
Examples:
  littoral decide \"Mail it to jo@example.org\"          a finding: personal
  littoral decide --class public \"Why is the sea salty?\"
  littoral decide --class public --mode prefer-in-cloud \"Why is the sea salty?\"

The prompt goes to the router and no further. A refusal is an answer too: the
exit code is 0.";

/// Shows who would answer a prompt, and why, without asking anyone
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Decide {
    #[command(flatten)]
    prompt: Prompt,
}

impl Decide {
    /// Decides and shows the decision.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let subject = Some(Subject::Chat(self.prompt.request()?));
        client::block_on(async {
            let channel = client::connect(globals).await?;
            let mut client = RoutingServiceClient::new(channel)
                .max_decoding_message_size(client::LARGEST_MESSAGE)
                .max_encoding_message_size(client::LARGEST_MESSAGE);
            let question = v1::DecideRequest { subject, seed: None };
            let made = client::answer(globals, client.decide(question)).await?;
            if globals.json {
                return json::print(&json::of_message("DecideResponse", &made)?);
            }
            let decision = made.decision.unwrap_or_default();
            let width = screen::width();
            let mut out = screen::out();
            writeln!(out, "{}", describe::verdict(&decision).render(width))?;
            let candidates = candidates(&decision, width);
            if !candidates.is_empty() {
                writeln!(out, "\n{candidates}")?;
            }
            Ok(())
        })
    }
}

/// Every candidate of a decision: those in the plan in their order, then the others with the gate at
/// which they lost.
pub fn candidates(decision: &v1::Decision, width: usize) -> String {
    let mut tables = Vec::new();
    if let Some(Outcome::Plan(plan)) = &decision.outcome {
        tables.push(planned(plan).render(width));
    }
    if !decision.rejected.is_empty() {
        tables.push(rejected(&decision.rejected).render(width));
    }
    tables.join("\n\n")
}

fn planned(plan: &v1::Plan) -> Table {
    let heads = [
        Head::Right("try"),
        Head::Left("target"),
        Head::Left("tier"),
        Head::Right("first token"),
        Head::Right("all"),
        Head::Right("cost"),
        Head::Right("quality"),
    ];
    let mut table = Table::new(&heads);
    for (index, attempt) in plan.attempts.iter().enumerate() {
        let predicted = attempt.predicted.unwrap_or_default();
        let time = |ms: Option<f64>| ms.map_or_else(|| "-".into(), units::time);
        let name = describe::target(attempt.target.as_ref());
        let bold = if index == 0 { screen::BOLD } else { "" };
        table.row([
            (index + 1).to_string(),
            format!("{bold}{name}{}", screen::PLAIN),
            words::tier(attempt.tier),
            time(predicted.first_token_ms),
            time(predicted.total_ms),
            units::usd(predicted.cost_usd_micros),
            predicted.quality.map_or_else(|| "-".into(), |quality| format!("{quality:.2}")),
        ]);
    }
    table
}

fn rejected(rejected: &[v1::Rejection]) -> Table {
    let heads =
        [Head::Left("not"), Head::Left("tier"), Head::Left("lost at"), Head::Left("because")];
    let mut table = Table::new(&heads);
    for loser in rejected {
        let name = match &loser.worker_id {
            Some(worker_id) => format!("{} on {worker_id}", loser.pool),
            None => loser.pool.clone(),
        };
        table.row([
            screen::printable(&name).into_owned(),
            loser.tier.map_or_else(|| "-".into(), words::tier),
            loser.gate.clone(),
            screen::printable(&loser.why).into_owned(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_comes_first_and_every_loser_has_its_gate_and_reason() {
        let target = |model: &str, provider: &str| v1::Target {
            model: model.into(),
            at: Some(v1::target::At::Provider(provider.into())),
            ..v1::Target::default()
        };
        let attempt = v1::Attempt {
            target: Some(target("gpt-4o-mini", "openai")),
            tier: v1::Tier::Cloud.into(),
            predicted: Some(v1::Prediction {
                first_token_ms: Some(600.0),
                cost_usd_micros: Some(123),
                ..v1::Prediction::default()
            }),
            ..v1::Attempt::default()
        };
        let loser = v1::Rejection {
            pool: "smollm2".into(),
            worker_id: Some("desk".into()),
            tier: Some(v1::Tier::Device.into()),
            gate: "device".into(),
            why: "battery at 0.12, below the floor of 0.20".into(),
        };
        let decision = v1::Decision {
            outcome: Some(Outcome::Plan(v1::Plan {
                attempts: vec![attempt],
                deadline_ms: 1,
                hedge_after_ms: None,
                meanwhile: None,
            })),
            rejected: vec![loser],
            ..v1::Decision::default()
        };
        let text = anstream::adapter::strip_str(&candidates(&decision, 80)).to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].contains("1  openai/gpt-4o-mini  cloud"), "{text}");
        assert!(lines[1].contains("600 ms") && lines[1].contains("0.000123 USD"), "{text}");
        assert!(lines[4].contains("smollm2 on desk  device  device   battery at 0.12"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}
