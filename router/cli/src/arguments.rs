//! The command line's grammar, as far as all commands share it.

use crate::commands::Command;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser};
use std::path::{Path, PathBuf};

/// Address of a router started with `littoral up` and nothing else.
const DEFAULT_ROUTER: &str = "http://127.0.0.1:7433";

const EXAMPLES: &str = "\
Start here, in two terminals:
  littoral up
  littoral ask \"What is a littoral zone?\"

Then:
  littoral ask --class restricted \"Is 1234 a weak PIN?\"  stays on this machine
  littoral decide --class public \"What is a tide?\"       who would answer
  littoral explain REQUEST-ID                            what was decided
  littoral doctor                                        if something is off

Exit codes:
  0    done
  1    it failed; the reason is on standard error
  2    the command line makes no sense
  3    no router answers at the address
  130  ended by a signal before it was done

With --json, standard output holds JSON alone; a failure is {\"error\": {...}}.";

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
#[derive(Clone, Debug, Args)]
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
    /// Authorities, in PEM form, that an https router's certificate may be of [default: the system's]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Everywhere",
        env = "LITTORAL_CA"
    )]
    ca: Option<PathBuf>,
}

impl Globals {
    /// The home folder.
    pub fn home(&self) -> PathBuf {
        self.home.clone().unwrap_or_else(littoral_kit::home::home)
    }

    /// The router's address, as a URL.
    pub fn router(&self) -> String {
        as_url(&self.router)
    }

    /// The file of authorities that the router's certificate may be of.
    pub fn ca(&self) -> Option<&Path> {
        self.ca.as_deref()
    }

    /// The same with another router.
    pub fn at(&self, router: &str) -> Self {
        Self { router: router.to_owned(), ..self.clone() }
    }

    /// The same with the router that a command without `--router` talks to.
    pub fn usual(&self) -> Self {
        self.at(&usual_router())
    }

    /// The line that makes this router the usual one of a shell, where it is not yet.
    pub fn suggest_export(&self) -> Option<String> {
        let router = self.router();
        (router != usual_router()).then(|| format!("export LITTORAL_ROUTER={router}"))
    }

    /// A command to try next, as this program was called, with the router's address where the next
    /// command would not find it by itself.
    pub fn suggest(&self, arguments: &str) -> String {
        let router = self.router();
        if router == usual_router() {
            return self.suggest_here(arguments);
        }
        self.suggest_here(&format!("--router {router} {arguments}"))
    }

    /// A command to try next that needs no router: through cargo's alias or by itself, as this one.
    pub fn suggest_here(&self, arguments: &str) -> String {
        let program =
            if std::env::var_os("CARGO").is_some() { "cargo littoral" } else { "littoral" };
        match &self.home {
            Some(home) => format!("{program} --home {} {arguments}", home.display()),
            None => format!("{program} {arguments}"),
        }
    }
}

/// The router that a command without `--router` talks to.
fn usual_router() -> String {
    as_url(&std::env::var("LITTORAL_ROUTER").unwrap_or_default())
}

fn as_url(address: &str) -> String {
    match address.trim().trim_end_matches('/') {
        "" => DEFAULT_ROUTER.into(),
        url if url.contains("://") => url.into(),
        bare => format!("http://{bare}"),
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
    fn examples_fit_on_eighty_columns() {
        let mut command = Arguments::command();
        command.build();
        for command in command.get_subcommands().chain([&command]) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in help.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
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
