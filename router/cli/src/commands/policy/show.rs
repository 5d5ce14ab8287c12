//! `policy show`: the files of a policy as they are merged, or what they mean for one principal.

use super::principal::PrincipalFlags;
use super::{local, shown};
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{client, json, screen};
use clap::Args;
use littoral_core::policy::{Effective, effective};
use littoral_proto::v1;
use littoral_router::policy_files;
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  littoral policy show
  littoral policy show policies/                    from disk, without a router
  littoral policy show --effective --user alice --group clinicians
  littoral policy show --effective --device-class phone --json | jq .rules

--effective lists what holds for one principal: the sections, the rules that can
apply in the order in which they win, and the names of those that cannot. Groups
and device class are as the flags say, not as the router knows them.";

/// Shows the policy in force, or one on disk
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Show {
    /// A file or a folder [default: the policy in force at the router]
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Show what holds for one principal, and which rule wins
    #[arg(long)]
    effective: bool,
    #[command(flatten)]
    principal: PrincipalFlags,
}

impl Show {
    /// Shows it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        if let Some(path) = &self.path {
            return self.show(globals, &local::read(path)?);
        }
        client::block_on(async {
            let mut client = super::connect(globals).await?;
            self.show(globals, &super::get(globals, &mut client, None).await?)
        })
    }

    fn show(&self, globals: &Globals, policy: &v1::GetPolicyResponse) -> Result<(), Failure> {
        if self.effective {
            let effective = self.effective_of(policy)?;
            return print_effective(globals, &effective);
        }
        if globals.json {
            json::print(&json::of_message("GetPolicyResponse", policy)?)?;
        } else {
            write!(screen::out(), "{}", files(policy))?;
        }
        shown::say_warnings(&policy.warnings);
        Ok(())
    }

    fn effective_of(&self, policy: &v1::GetPolicyResponse) -> Result<Effective, Failure> {
        let sources = local::texts(&policy.sources);
        let loaded = policy_files::load_texts(&sources).map_err(|problems| {
            let list = problems.iter().map(ToString::to_string);
            let failure = shown::no_policy("this program cannot read the router's policy", list);
            failure.fix("use the `littoral` of the router's own version")
        })?;
        Ok(effective(&loaded.policy, &self.principal.principal()))
    }
}

fn print_effective(globals: &Globals, effective: &Effective) -> Result<(), Failure> {
    if globals.json {
        let fault = |error| Failure::new(format!("failed to write the policy as JSON: {error}"));
        return json::print(&serde_json::to_value(effective).map_err(fault)?);
    }
    let text = effective.to_string();
    let text = screen::printable(&text);
    let mut out = screen::out();
    for line in screen::wrap(&text, screen::width(), "  ") {
        writeln!(out, "{}", headed(&line))?;
    }
    Ok(())
}

/// Lines that begin at the edge are headings.
fn headed(line: &str) -> String {
    match line.starts_with(' ') {
        true => line.to_owned(),
        false => format!("{}{line}{}", screen::BOLD, screen::PLAIN),
    }
}

/// The files in the order in which they are merged. What is added is a comment in their own language.
fn files(policy: &v1::GetPolicyResponse) -> String {
    let (name, count) = (screen::printable(&policy.name), policy.sources.len());
    let files = if count == 1 { "1 file".into() } else { format!("{count} files, merged") };
    let (dim, plain) = (screen::DIM, screen::PLAIN);
    let mut text = format!("{dim}# policy {name}, hash {}, {files}{plain}\n", policy.hash);
    for source in &policy.sources {
        text.push_str(&format!("{dim}# file {}{plain}\n", screen::printable(&source.name)));
        text.push_str(screen::printable(&source.text).trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Arguments;
    use clap::Parser as _;

    #[test]
    fn files_come_in_their_order_under_the_hash() {
        let file =
            |name: &str, text: &str| v1::PolicySource { name: name.into(), text: text.into() };
        let policy = v1::GetPolicyResponse {
            sources: vec![file("a.toml", "version = 1\n\n"), file("b.toml", "[tiers]")],
            hash: "0123".into(),
            name: "office".into(),
            ..v1::GetPolicyResponse::default()
        };
        let text = anstream::adapter::strip_str(&files(&policy)).to_string();
        assert_eq!(
            text,
            "# policy office, hash 0123, 2 files, merged\n# file a.toml\nversion = 1\n\
             # file b.toml\n[tiers]\n"
        );
    }

    #[test]
    fn flags_of_a_principal_need_effective() {
        let line = ["littoral", "policy", "show", "--user", "alice"];
        assert!(Arguments::try_parse_from(line).is_err());
        assert!(Arguments::try_parse_from(line.iter().chain(&["--effective"])).is_ok());
    }

    #[test]
    fn what_holds_is_made_of_the_files_for_the_principal_of_the_flags() {
        let text = "version = 1\nname = 'x'\n[[rule]]\nname = 'near'\nfor = { group = 'lab' }\n\
                    max_tier = 'edge'";
        let source = v1::PolicySource { name: "p.toml".into(), text: text.into() };
        let policy =
            v1::GetPolicyResponse { sources: vec![source], ..v1::GetPolicyResponse::default() };
        let show = |groups: &[&str]| Show {
            path: None,
            effective: true,
            principal: PrincipalFlags::of_groups(groups),
        };
        let names = |groups: &[&str]| -> Vec<String> {
            let effective = show(groups).effective_of(&policy).unwrap();
            effective.rules.iter().map(|rule| rule.name.to_string()).collect()
        };
        assert_eq!(names(&["lab"]), ["near"]);
        assert!(names(&[]).is_empty());
    }
}
