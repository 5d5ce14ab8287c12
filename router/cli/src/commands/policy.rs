//! `policy`: what decides where requests may go, trying it, and changing it.
//!
//! `check`, `test`, `explain` and `schema` work on files and need no router, nor does `show` of a path: a
//! policy is tried before it decides anything. The others talk to a running router and are for its
//! administrators. Whatever changes something asks for the present policy first and sends its etag
//! along, so that nobody's change is overwritten unseen.

mod apply;
mod cases;
mod check;
mod diff;
mod explain;
mod history;
mod local;
mod principal;
mod proposed;
mod rollback;
mod schema;
mod show;
pub(super) mod shown;
mod simulate;
mod status;
mod test;

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{client, screen};
use clap::{Args, Subcommand};
use littoral_proto::v1;
use littoral_proto::v1::policy_service_client::PolicyServiceClient;

const EXAMPLES: &str = "\
Examples:
  littoral policy check policy.toml
  littoral policy test
  littoral policy status
  littoral policy show --effective --user alice
  littoral policy diff policy.toml
  littoral policy simulate policy.toml
  littoral policy apply policy.toml
  littoral policy history
  littoral policy rollback

A router reads its policy again whenever the file changes; a file with mistakes
changes nothing, and `status` shows them all. Without a policy in the router's
configuration, `apply` makes state/policy/policy.toml in its home folder.";

/// Checks and tests policies; shows, changes and takes back that of a running router
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Policy {
    #[command(subcommand)]
    command: PolicyCommand,
}

/// What can be done with a policy.
#[derive(Debug, Subcommand)]
enum PolicyCommand {
    Check(check::Check),
    Test(test::Test),
    Explain(explain::Explain),
    Schema(schema::Schema),
    Status(status::Status),
    Show(show::Show),
    Diff(diff::Diff),
    Simulate(simulate::Simulate),
    History(history::History),
    Apply(apply::Apply),
    Rollback(rollback::Rollback),
}

impl Policy {
    /// Runs the command to its end.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self.command {
            PolicyCommand::Check(check) => check.run(globals),
            PolicyCommand::Test(test) => test.run(globals),
            PolicyCommand::Explain(explain) => explain.run(globals),
            PolicyCommand::Schema(schema) => schema.run(globals),
            PolicyCommand::Status(status) => status.run(globals),
            PolicyCommand::Show(show) => show.run(globals),
            PolicyCommand::Diff(diff) => diff.run(globals),
            PolicyCommand::Simulate(simulate) => simulate.run(globals),
            PolicyCommand::History(history) => history.run(globals),
            PolicyCommand::Apply(apply) => apply.run(globals),
            PolicyCommand::Rollback(rollback) => rollback.run(globals),
        }
    }
}

/// A client of the policy service, whose answers may be long.
async fn connect(globals: &Globals) -> Result<PolicyServiceClient<client::Connection>, Failure> {
    let channel = client::connect(globals).await?;
    let client = PolicyServiceClient::new(channel);
    let most = client::LARGEST_MESSAGE;
    Ok(client.max_decoding_message_size(most).max_encoding_message_size(most))
}

/// The policy in force, or the one of this hash.
async fn get(
    globals: &Globals,
    client: &mut PolicyServiceClient<client::Connection>,
    hash: Option<String>,
) -> Result<v1::GetPolicyResponse, Failure> {
    client::answer(globals, client.get(v1::GetPolicyRequest { hash })).await
}

/// What was changed, for a person.
fn say_changed(globals: &Globals, from: &str, to: &str) {
    let (from, to) = (shown::short(from), shown::short(to));
    let back = globals.suggest("policy rollback");
    screen::say(match from == to {
        true => format!("policy {to} is in force, as before"),
        false => format!("policy {to} is in force, {from} was; `{back}` takes it back"),
    });
}

#[cfg(test)]
mod tests {
    use crate::arguments::Arguments;
    use clap::CommandFactory as _;

    #[test]
    fn every_policy_command_is_explained_and_its_examples_fit_on_eighty_columns() {
        let mut program = Arguments::command();
        program.build();
        let policy = program.find_subcommand("policy").unwrap();
        for command in policy.get_subcommands() {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name}");
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{name} {}", argument.get_id());
            }
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains(&format!("littoral policy {name}")), "{name}: {help}");
            for line in help.lines() {
                assert!(line.chars().count() <= 80, "{name}: {line}");
            }
        }
    }
}
