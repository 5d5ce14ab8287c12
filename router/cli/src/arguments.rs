//! The command line's grammar, as far as all commands share it.

use crate::commands::Command;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser};
use std::path::PathBuf;

/// Address of a router started with `littoral up` and nothing else.
const DEFAULT_ROUTER: &str = "http://127.0.0.1:7433";

const EXAMPLES: &str = "\
Start here:
  littoral up                                   everything on this machine, one command
  littoral ask \"What is a littoral zone?\"       in another terminal

Then:
  littoral ask --class restricted \"My PIN is 1234. Is it weak?\"   stays on this machine
  littoral decide --class public \"What is a tide?\"                who would answer, and why
  littoral explain REQUEST-ID                                     why it went the way it went
  littoral doctor                                                 when something is wrong

Exit codes:
  0    done
  1    it failed; the reason is on standard error
  2    the command line makes no sense
  3    no router answers at the address
  130  ended by a signal before it was done

With --json, standard output holds JSON and nothing else; a failure is {\"error\": {...}}.";

/// Routes prompts to a model on this device, a machine nearby or a cloud, and says why
///
/// A prompt that must not leave does not leave: what its label, the policy or an unknown fact keeps
/// local is answered by a model in ONNX Runtime on your own machines, or not at all.
#[derive(Debug, Parser)]
#[command(name = "littoral", version, styles = STYLES, after_help = EXAMPLES)]
#[command(max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub globals: Globals,
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::White.on_default());

/// What every command takes.
#[derive(Debug, Args)]
pub struct Globals {
    /// Print JSON on standard output, everything else on standard error
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
    /// Where models, runtime and state live [env: LITTORAL_HOME]
    /// [default: .littoral in the checkout, else in your home folder]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    home: Option<PathBuf>,
    /// The router to talk to
    #[arg(long, global = true, value_name = "ADDR", help_heading = "Everywhere")]
    #[arg(env = "LITTORAL_ROUTER", default_value = DEFAULT_ROUTER, hide_env_values = true)]
    router: String,
}

impl Globals {
    /// The home folder.
    pub fn home(&self) -> PathBuf {
        self.home.clone().unwrap_or_else(littoral_kit::home::home)
    }

    /// The router's address, as a URL.
    pub fn router(&self) -> String {
        let given = self.router.trim().trim_end_matches('/');
        match given {
            "" => DEFAULT_ROUTER.into(),
            url if url.contains("://") => url.into(),
            bare => format!("http://{bare}"),
        }
    }

    /// The same with another router.
    pub fn at(&self, router: &str) -> Self {
        Self { json: self.json, home: self.home.clone(), router: router.to_owned() }
    }

    /// How this program was called, for commands that it suggests: through cargo's alias, or as
    /// itself; with the address where it is not the usual one.
    pub fn suggest(&self, arguments: &str) -> String {
        let program =
            if std::env::var_os("CARGO").is_some() { "cargo littoral" } else { "littoral" };
        let router = self.router();
        if router == DEFAULT_ROUTER {
            format!("{program} {arguments}")
        } else {
            format!("{program} --router {router} {arguments}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    fn read(arguments: &[&str]) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(std::iter::once("littoral").chain(arguments.iter().copied()))
    }

    #[test]
    fn the_grammar_is_sound_and_every_command_and_flag_is_explained() {
        let mut command = Arguments::command();
        command.build();
        command.clone().debug_assert();
        for sub in command.get_subcommands() {
            assert!(sub.get_about().is_some(), "{}", sub.get_name());
            for argument in sub.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", sub.get_name(), argument.get_id());
            }
        }
    }

    #[test]
    fn global_flags_stand_before_or_after_the_command() {
        for order in [["--json", "workers"], ["workers", "--json"]] {
            assert!(read(&order).unwrap().globals.json);
        }
    }

    #[test]
    fn an_address_without_a_scheme_is_taken_as_http() {
        for given in ["127.0.0.1:9", "http://127.0.0.1:9", "http://127.0.0.1:9/"] {
            let globals = read(&["--router", given, "workers"]).unwrap().globals;
            assert_eq!(globals.router(), "http://127.0.0.1:9");
        }
        let globals = read(&["--router", "", "workers"]).unwrap().globals;
        assert_eq!(globals.router(), DEFAULT_ROUTER);
    }

    #[test]
    fn no_command_and_unknown_commands_are_usage_errors() {
        for arguments in [&[][..], &["frobnicate"], &["ask"], &["explain"]] {
            assert_eq!(read(arguments).unwrap_err().exit_code(), 2, "{arguments:?}");
        }
    }
}
