//! `egress`: the switch that stops everything on its way to a cloud.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{client, json, screen, units};
use clap::{Args, ValueEnum};
use littoral_proto::v1;
use littoral_proto::v1::privacy_service_client::PrivacyServiceClient;
use std::io::Write as _;

const EXAMPLES: &str = "\
Examples:
  littoral egress off --note \"incident 7\"
  littoral egress status
  littoral egress on

Off cuts every stream to a cloud, and holds over restarts until somebody says
on. Models on your own machines go on answering.
Only an administrator may switch: on loopback, you are.";

/// Stops everything on its way to a cloud, lets it go on, or shows how that stands
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Egress {
    /// What to do
    #[arg(value_enum, value_name = "off|on|status")]
    what: What,
    /// Why, for whoever looks later
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Nothing leaves for a cloud from now on
    Off,
    /// Content may leave, as the policy says
    On,
    /// Show how it stands
    Status,
}

impl Egress {
    /// Throws the switch, or shows it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        if self.what == What::Status && !self.note.is_empty() {
            return Err(Failure::usage("--note says why the switch is thrown; status throws none"));
        }
        client::block_on(async {
            let channel = client::connect(globals).await?;
            let mut client = PrivacyServiceClient::new(channel);
            let state = match self.what {
                What::Status => {
                    let call = client.get_egress(v1::GetEgressRequest {});
                    client::answer(globals, call).await?
                }
                What::On | What::Off => {
                    let allowed = self.what == What::On;
                    let call = client.set_egress(v1::SetEgressRequest { allowed, note: self.note });
                    client::answer(globals, call).await?
                }
            };
            if globals.json {
                return json::print(&json::of_message("EgressState", &state)?);
            }
            Ok(writeln!(screen::out(), "{}", told(&state))?)
        })
    }
}

/// How the switch stands, in a sentence.
fn told(state: &v1::EgressState) -> String {
    let plain = screen::PLAIN;
    let mut text = match state.allowed {
        true => {
            format!("egress is {}on{plain}: content may leave as the policy says", screen::GREEN)
        }
        false => format!("egress is {}off{plain}: nothing leaves for a cloud", screen::YELLOW),
    };
    if let Some(since) = state.since_unix_ms {
        text.push_str(&format!("; {}", since_when(since, &state.by, &state.note)));
    }
    match state.cut_streams {
        None | Some(0) => {}
        Some(1) => text.push_str("; 1 stream was cut"),
        Some(more) => text.push_str(&format!("; {more} streams were cut")),
    }
    text
}

/// Since when, by whom and why.
pub fn since_when(since_unix_ms: u64, by: &str, note: &str) -> String {
    let mut text = format!("since {} by {}", units::moment(since_unix_ms), screen::printable(by));
    if !note.is_empty() {
        text.push_str(&format!(" ({})", screen::printable(note)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(state: &v1::EgressState) -> String {
        anstream::adapter::strip_str(&told(state)).to_string()
    }

    #[test]
    fn a_switch_that_nobody_threw_is_on() {
        let state = v1::EgressState { allowed: true, ..v1::EgressState::default() };
        assert_eq!(plain(&state), "egress is on: content may leave as the policy says");
    }

    #[test]
    fn a_thrown_switch_says_since_when_by_whom_why_and_what_it_cut() {
        let state = v1::EgressState {
            allowed: false,
            since_unix_ms: Some(1_795_356_185_000),
            by: "local/local/local".into(),
            note: "incident\x1b[2J 7".into(),
            cut_streams: Some(2),
        };
        let text = plain(&state);
        assert!(text.starts_with("egress is off: nothing leaves for a cloud; since 2026-11-2"));
        assert!(
            text.ends_with("by local/local/local (incident[2J 7); 2 streams were cut"),
            "{text}"
        );
    }
}
