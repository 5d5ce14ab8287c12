//! `policy status`: what is in force, since when and from where, and what was refused since.

use super::shown;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{client, json, screen, units};
use clap::Args;
use littoral_proto::v1;
use std::io::Write as _;

const EXAMPLES: &str = "\
Examples:
  littoral policy status
  littoral policy status --json | jq -r .hash

Exit code 1 if the policy's files were changed and refused: the last good policy
is then in force, and every mistake is listed.";

/// Shows which policy is in force, and what is wrong with its files
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Status {}

impl Status {
    /// Shows it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let mut client = super::connect(globals).await?;
            let call = client.status(v1::PolicyStatusRequest {});
            let status = client::answer(globals, call).await?;
            if globals.json {
                json::print(&json::of_message("PolicyStatusResponse", &status)?)?;
            } else {
                writeln!(screen::out(), "{}", in_words(&status))?;
            }
            shown::say_warnings(&status.warnings);
            let Some(refused) = &status.refused else { return Ok(()) };
            let at = units::moment(refused.at_unix_ms);
            let message = format!(
                "the policy's files were refused at {at}, the last good policy stays in force"
            );
            let failure = shown::no_policy(&message, refused.problems.iter().map(shown::problem));
            let way_out = globals.suggest("policy rollback");
            Err(failure.fix(format!(
                "correct the places named; `{way_out}` writes an earlier policy over them"
            )))
        })
    }
}

fn in_words(status: &v1::PolicyStatusResponse) -> String {
    let how = shown::cause(status.cause, &status.by);
    let from = if status.shipped_default {
        format!("shipped with the program; {} would replace it", status.path)
    } else {
        status.path.clone()
    };
    let lines = [
        ("policy", format!("{}{}{}", screen::BOLD, screen::printable(&status.name), screen::PLAIN)),
        ("hash", status.hash.clone()),
        ("since", shown::since(status.loaded_at_unix_ms, &how)),
        ("from", screen::printable(&from).into_owned()),
        ("etag", status.etag.clone()),
    ];
    let line = |(name, value): &(&str, String)| {
        format!("{}{name:<7}{}{value}", screen::DIM, screen::PLAIN)
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_its_hash_its_origin_and_its_file_are_told() {
        let status = v1::PolicyStatusResponse {
            hash: "ab".repeat(32),
            name: "default".into(),
            etag: "e".into(),
            cause: v1::PolicyCause::Apply.into(),
            by: "local/local/local".into(),
            path: "p.toml".into(),
            ..v1::PolicyStatusResponse::default()
        };
        let plain = |status: &v1::PolicyStatusResponse| {
            anstream::adapter::strip_str(&in_words(status)).to_string()
        };
        let text = plain(&status);
        for part in
            ["policy default", "hash   abab", "applied by local/local/local", "from   p.toml"]
        {
            assert!(text.contains(part), "{part:?} in {text}");
        }
        let shipped = v1::PolicyStatusResponse { shipped_default: true, ..status };
        assert!(plain(&shipped).contains("shipped with the program; p.toml would replace it"));
    }
}
