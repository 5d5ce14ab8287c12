//! `budgets`: what may be spent at clouds, what is spent, and when it refills.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::table::{Head, Table};
use crate::{client, json, screen, units};
use clap::Args;
use littoral_proto::v1;
use littoral_proto::v1::ledger_service_client::LedgerServiceClient;
use std::io::Write as _;

const EXAMPLES: &str = "\
Examples:
  littoral budgets
  littoral budgets --json | jq '.budgets[].accounts[]'

Budgets are [[budget]] tables in the router's configuration.";

/// Shows the budgets: what is spent, what is held for requests that run, when they refill
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Budgets {}

impl Budgets {
    /// Runs the command to its end.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let channel = client::connect(globals).await?;
            let mut client = LedgerServiceClient::new(channel)
                .max_decoding_message_size(client::LARGEST_MESSAGE);
            let question = client.list_budgets(v1::ListBudgetsRequest {});
            let answer = client::answer(globals, question).await?;
            if globals.json {
                return json::print(&json::of_message("ListBudgetsResponse", &answer)?);
            }
            if answer.budgets.is_empty() {
                screen::say("no budget is configured: [[budget]] in the configuration states one");
                return Ok(());
            }
            writeln!(screen::out(), "{}", table(&answer.budgets).render(screen::width()))?;
            Ok(())
        })
    }
}

fn table(budgets: &[v1::Budget]) -> Table {
    let mut table = Table::new(&[
        Head::Left("budget"),
        Head::Left("of"),
        Head::Left("every"),
        Head::Right("spent"),
        Head::Right("held"),
        Head::Right("soft"),
        Head::Right("limit"),
        Head::Left("refills"),
    ]);
    for budget in budgets {
        let amount = |amount: Option<u64>| match (amount, budget.unit.as_str()) {
            (None, _) => "-".to_owned(),
            (Some(micros), "usd_micros") => units::usd(Some(micros)),
            (Some(tokens), _) => units::count(tokens),
        };
        let name = screen::printable(&budget.name).into_owned();
        if budget.accounts.is_empty() {
            let nothing = || amount(Some(0));
            table.row([
                name.clone(),
                "-".into(),
                budget.period.clone(),
                nothing(),
                nothing(),
                amount(budget.soft),
                amount(budget.hard),
                String::new(),
            ]);
        }
        for account in &budget.accounts {
            let (colour, plain) = (colour(budget, account), screen::PLAIN);
            table.row([
                name.clone(),
                of(account),
                budget.period.clone(),
                format!("{colour}{}{plain}", amount(Some(account.spent))),
                amount(Some(account.reserved)),
                amount(budget.soft),
                amount(budget.hard),
                units::moment(account.refills_at_unix_ms),
            ]);
        }
    }
    table
}

fn colour(budget: &v1::Budget, account: &v1::budget::Account) -> &'static str {
    let past = |limit: Option<u64>| limit.is_some_and(|limit| account.spent >= limit);
    if account.left == Some(0) {
        screen::RED
    } else if past(budget.soft) {
        screen::YELLOW
    } else {
        screen::GREEN
    }
}

/// Whose account it is; everybody's where the budget tells nobody apart.
fn of(account: &v1::budget::Account) -> String {
    let names = account.of.iter().map(|(kind, name)| format!("{kind} {}", screen::printable(name)));
    let names: Vec<String> = names.collect();
    if names.is_empty() { "everybody".into() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_has_a_row_and_an_unused_budget_too() {
        let account = v1::budget::Account {
            of: [("tenant".to_owned(), "acme".to_owned())].into(),
            spent: 2_500_000,
            reserved: 40,
            left: Some(0),
            ..v1::budget::Account::default()
        };
        let budget = |name: &str, accounts| v1::Budget {
            name: name.into(),
            unit: "usd_micros".into(),
            period: "day".into(),
            hard: Some(2_500_040),
            soft: None,
            accounts,
        };
        let text = table(&[budget("team", vec![account]), budget("idle", Vec::new())]).render(200);
        let text = anstream::adapter::strip_str(&text).to_string();
        for part in ["team", "tenant acme", "2.500000 USD", "0.000040 USD", "idle", "nothing"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
