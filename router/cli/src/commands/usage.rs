//! `usage`: what requests took, by whom and on what: tokens, money, joules, bytes that left.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::since::{self, Since};
use crate::table::{Head, Table};
use crate::{client, json, screen, units};
use clap::Args;
use littoral_proto::v1;
use littoral_proto::v1::ledger_service_client::LedgerServiceClient;
use littoral_router::store::By;
use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

const EXAMPLES: &str = "\
Examples:
  littoral usage
  littoral usage --by tenant,model --since 30d
  littoral usage --by day,provider --since 7d --csv > usage.csv
  littoral usage --by outcome --json | jq '.sums[]'

A request that failed over or was hedged has several dispatches; each is
counted. A cost that nobody reported is taken at the most that it can be.";

/// Shows what requests took: tokens, money, joules, and bytes that left
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Usage {
    /// What sums are told apart by: day, tenant, application, user, provider,
    /// model, tier, outcome
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "model")]
    #[arg(value_parser = named)]
    by: Vec<By>,
    /// How far back: 1d, 12h, a moment as in RFC 3339, or milliseconds since the Unix epoch
    #[arg(long, value_name = "WHEN", default_value = "1d", value_parser = since::parse)]
    since: Since,
    /// Comma-separated values on standard output
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

fn named(name: &str) -> Result<By, String> {
    let names = || By::ALL.map(By::name).join(", ");
    By::named(name).ok_or_else(|| format!("write one or more of {}", names()))
}

impl Usage {
    /// Runs the command to its end.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let since_unix_ms = self.since.unix_ms(crate::spans::whole_ms(now));
            let by: Vec<String> = self.by.iter().map(|by| by.name().to_owned()).collect();
            let question = v1::UsageRequest { by, since_unix_ms, until_unix_ms: None };
            let channel = client::connect(globals).await?;
            let mut client = LedgerServiceClient::new(channel)
                .max_decoding_message_size(client::LARGEST_MESSAGE);
            let answer = client::answer(globals, client.usage(question)).await?;
            if globals.json {
                return json::print(&json::of_message("UsageResponse", &answer)?);
            }
            if self.csv {
                return csv(&self.by, &answer.sums);
            }
            if answer.sums.is_empty() {
                let moment = units::moment(since_unix_ms);
                screen::say(format!("nothing was used since {moment}; --since looks further back"));
                return Ok(());
            }
            writeln!(screen::out(), "{}", table(&self.by, &answer.sums).render(screen::width()))?;
            if let Some(unknown) = unknown(&answer.sums) {
                screen::say(unknown);
            }
            Ok(())
        })
    }
}

/// What the sums of money leave out or assume.
fn unknown(sums: &[v1::UsageSum]) -> Option<String> {
    let unpriced: u64 = sums.iter().map(|sum| sum.unpriced_dispatches).sum();
    let assumed: u64 = sums.iter().map(|sum| sum.assumed_usd_micros).sum();
    let mut parts = Vec::new();
    if unpriced > 0 {
        let unpriced = units::count(unpriced);
        parts.push(format!("the cost of {unpriced} dispatches is unknown and not in it"));
    }
    if assumed > 0 {
        let assumed = units::usd(Some(assumed));
        parts.push(format!("{assumed} of the cost nobody reported: it is the most that it can be"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn table(by: &[By], sums: &[v1::UsageSum]) -> Table {
    let mut heads: Vec<Head> = by.iter().map(|by| Head::Left(by.name())).collect();
    heads.extend(
        ["requests", "tokens in", "cached", "tokens out", "left", "cost", "predicted", "energy"]
            .map(Head::Right),
    );
    let mut table = Table::new(&heads);
    for sum in sums {
        let mut cells: Vec<String> =
            sum.key.iter().map(|name| screen::printable(name).into_owned()).collect();
        cells.extend([
            units::count(sum.requests),
            units::count(sum.prompt_tokens),
            units::count(sum.cached_tokens),
            units::count(sum.completion_tokens),
            units::bytes(sum.egress_bytes),
            units::usd(Some(sum.cost_usd_micros)),
            units::usd(Some(sum.predicted_usd_micros)),
            format!("{:.1} J", sum.energy_joules),
        ]);
        table.row_of(cells);
    }
    table
}

/// One line a sum, with the units in the head.
fn csv(by: &[By], sums: &[v1::UsageSum]) -> Result<(), Failure> {
    let mut out = screen::out();
    let names: Vec<&str> = by.iter().map(|by| by.name()).collect();
    let numbers = [
        "requests",
        "dispatches",
        "prompt_tokens",
        "cached_tokens",
        "completion_tokens",
        "reasoning_tokens",
        "egress_bytes",
        "cost_usd_micros",
        "assumed_usd_micros",
        "predicted_usd_micros",
        "unpriced_dispatches",
        "energy_joules",
    ];
    writeln!(out, "{}", names.into_iter().chain(numbers).collect::<Vec<_>>().join(","))?;
    for sum in sums {
        let mut cells: Vec<String> = sum.key.iter().map(|name| quoted(name)).collect();
        cells.extend(
            [
                sum.requests,
                sum.dispatches,
                sum.prompt_tokens,
                sum.cached_tokens,
                sum.completion_tokens,
                sum.reasoning_tokens,
                sum.egress_bytes,
                sum.cost_usd_micros,
                sum.assumed_usd_micros,
                sum.predicted_usd_micros,
                sum.unpriced_dispatches,
            ]
            .map(|number| number.to_string()),
        );
        cells.push(sum.energy_joules.to_string());
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(out.flush()?)
}

/// A cell of RFC 4180. A name that a spreadsheet would run as a formula is kept from it.
fn quoted(name: &str) -> String {
    let name =
        if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name.into() };
    if name.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(key: &[&str]) -> v1::UsageSum {
        v1::UsageSum {
            key: key.iter().map(|name| (*name).to_owned()).collect(),
            requests: 1_200,
            prompt_tokens: 34_000,
            cost_usd_micros: 1_500_000,
            assumed_usd_micros: 7,
            unpriced_dispatches: 2,
            energy_joules: 12.34,
            ..v1::UsageSum::default()
        }
    }

    #[test]
    fn a_row_names_what_it_is_of_and_tells_tokens_money_and_joules() {
        let by = [By::Tenant, By::Model];
        let text = table(&by, &[sum(&["acme", "gpt"])]).render(200);
        let text = anstream::adapter::strip_str(&text).to_string();
        for part in ["tenant", "acme", "gpt", "1,200", "34,000", "1.500000 USD", "12.3 J"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn what_is_unknown_and_what_is_assumed_is_said() {
        let said = unknown(&[sum(&[]), sum(&[])]).unwrap();
        assert!(said.contains("4 dispatches") && said.contains("0.000014 USD"), "{said}");
        assert_eq!(unknown(&[v1::UsageSum::default()]), None);
    }

    #[test]
    fn names_are_quoted_and_are_never_formulas() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("a,b\"c"), "\"a,b\"\"c\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert!(named("colour").unwrap_err().contains("tenant"));
    }
}
