//! `scan`: what the detectors find in a file, and where it may go under a policy. Works by itself: no
//! router is asked, and nothing leaves this process.

mod chat;
mod decode;
mod page;

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{json, screen};
use clap::Args;
use littoral_core::policy::Policy;
use littoral_core::principal::Principal;
use littoral_core::privacy::{Searcher, kinds};
use littoral_core::prompt::Prompt;
use littoral_router::analysis::analysis;
use littoral_router::policy_files;
use littoral_router::wire::prompt;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

const EXAMPLES: &str = "\
Examples:
  littoral scan letter.txt
  git diff | littoral scan -
  littoral scan request.json           a chat request, read field by field
  littoral scan --kind CREDIT_CARD --json dump.txt
  littoral scan --list                 all kinds

A finding under the policy's likelihood is shown, and counts for nothing.
The exit code is 0 whatever is found; `--max-class internal` makes it 1 where
the content is of a higher class.";

/// Longest input, in bytes.
const LONGEST_BYTES: u64 = 64 * 1024 * 1024;

/// Shows what detectors find in a text or a chat request, its class, and where it may go
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Scan {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "list")]
    file: Option<PathBuf>,
    /// Only this kind, at any likelihood; can be given again
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<String>,
    /// The policy that says which class a finding has [default: the shipped one]
    #[arg(long, value_name = "PATH")]
    policy: Option<PathBuf>,
    /// Fail where the content is of a higher class than this
    #[arg(long, value_enum, value_name = "CLASS")]
    max_class: Option<crate::words::ClassFlag>,
    /// List all kinds and end
    #[arg(long, conflicts_with_all = ["file", "kinds", "max_class"])]
    list: bool,
}

impl Scan {
    /// Scans and shows what was found.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        if self.list {
            return page::list(globals);
        }
        let policy = self.policy()?;
        let text = self.input()?;
        let (content, is_chat) = match chat::read(&text) {
            Some(wire) => match prompt::prompt(wire) {
                Ok(prompt) => (prompt, true),
                Err(_) => (Prompt::of_text(text.clone()), false),
            },
            None => (Prompt::of_text(text.clone()), false),
        };
        let scanned = self.searcher()?.scan(Arc::new(content));
        let mut found = analysis(&scanned, Principal::loopback(), &policy);
        if !is_chat {
            found.findings.iter_mut().for_each(|finding| finding.path.clear());
        }
        if globals.json {
            json::print(&json::of_message("AnalyzeResponse", &found)?)?;
        } else {
            let page = page::page(&found, &text, is_chat, policy.name(), screen::width());
            writeln!(screen::out(), "{page}")?;
        }
        match self.max_class.map(littoral_proto::v1::DataClass::from) {
            Some(most) if found.data_class > i32::from(most) => {
                let class = crate::words::class(found.data_class);
                Err(Failure::new(format!("the content is {class}"))
                    .fix("take out what was found, or allow a higher class"))
            }
            _ => Ok(()),
        }
    }

    fn searcher(&self) -> Result<Searcher, Failure> {
        if self.kinds.is_empty() {
            return Searcher::shipped()
                .ok_or_else(|| Failure::new("failed to make the detectors ready"));
        }
        let names: Vec<&str> = self.kinds.iter().map(String::as_str).collect();
        Searcher::of_kinds(&names).ok_or_else(|| {
            let known = |name: &&str| kinds().iter().any(|detector| detector.kind == *name);
            let unknown = names.iter().find(|name| !known(name)).copied().unwrap_or_default();
            Failure::usage(format!("{unknown:?} is no kind"))
                .fix("littoral scan --list shows all of them")
        })
    }

    fn policy(&self) -> Result<Arc<Policy>, Failure> {
        let loaded = policy_files::load(self.policy.as_deref());
        loaded.map(|loaded| Arc::new(loaded.policy)).map_err(|problems| {
            let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Failure::new(format!("the policy does not load: {}", told.join("; ")))
                .fix("littoral policy check says where and why")
        })
    }

    fn input(&self) -> Result<String, Failure> {
        let Some(path) = self.file.as_ref() else { return Ok(String::new()) };
        let name = path.display();
        let read = |mut from: Box<dyn std::io::Read>| {
            let mut bytes = Vec::new();
            from.by_ref().take(LONGEST_BYTES + 1).read_to_end(&mut bytes).map(|_| bytes)
        };
        let read = if path.as_os_str() == "-" {
            read(Box::new(std::io::stdin().lock()))
        } else {
            std::fs::File::open(path).and_then(|file| read(Box::new(file)))
        };
        let bytes =
            read.map_err(|error| Failure::new(format!("failed to read {name}: {error}")))?;
        if bytes.len() as u64 > LONGEST_BYTES {
            return Err(Failure::new(format!("{name} is longer than {LONGEST_BYTES} bytes"))
                .fix("scan it in parts"));
        }
        decode::text(bytes, path)
    }
}
