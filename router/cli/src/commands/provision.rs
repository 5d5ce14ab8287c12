//! `provision`: fetches ONNX Runtime and two small models, or checks what is there.

use super::engine_flags::{fetch, not_fetched};
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::lines::Lines;
use crate::screen;
use clap::Args;
use littoral_engine::provision::{
    Part, PartState, PartStatus, Provisioned, Provisioner, TerminalProgress,
};
use serde_json::{Value, json};
use std::io::Write as _;

const EXAMPLES: &str = "\
Examples:
  littoral provision
  littoral provision --check       reads everything and compares checksums
  littoral provision --repair      fetches anew what does not match

It needs Python 3.11 to 3.14 with pip and venv (LITTORAL_PYTHON names another
one), about 700 MB of disk while it works and 400 MB afterwards. pip's own
settings apply: index, proxy, certificates. `littoral up` does this by itself.";

/// Fetches ONNX Runtime and two small models, once
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Provision {
    /// Change nothing; compare what is there with its checksums
    #[arg(long, conflicts_with = "repair")]
    check: bool,
    /// Fetch anew what does not match its checksums
    #[arg(long)]
    repair: bool,
}

impl Provision {
    /// Fetches, checks or repairs.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let home = globals.home();
        if self.check {
            return check(globals, &Provisioner::new(&home).verify());
        }
        let provisioned = if self.repair {
            let mut progress = TerminalProgress::new();
            let repaired = Provisioner::new(&home).repair(&mut progress);
            repaired.map_err(|error| not_fetched(&error))?
        } else {
            fetch(&home)?
        };
        show(globals, &provisioned)
    }
}

fn show(globals: &Globals, provisioned: &Provisioned) -> Result<(), Failure> {
    let Provisioned { runtime_library, model_folder, embedding_folder } = provisioned;
    let mut out = screen::out();
    if globals.json {
        let line = json!({
            "runtime_library": runtime_library,
            "model_folder": model_folder,
            "embedding_folder": embedding_folder,
        });
        return Ok(writeln!(out, "{line}")?);
    }
    let mut lines = Lines::default();
    lines.add("runtime", runtime_library.display().to_string());
    lines.add("model", model_folder.display().to_string());
    lines.add("embeddings", embedding_folder.display().to_string());
    Ok(writeln!(out, "{}", lines.render(screen::width()))?)
}

fn check(globals: &Globals, parts: &[PartStatus]) -> Result<(), Failure> {
    let mut out = screen::out();
    if globals.json {
        let parts: Vec<Value> = parts.iter().map(value).collect();
        writeln!(out, "{}", json!({ "parts": parts }))?;
    } else {
        for part in parts {
            let (colour, plain) = (colour(part), screen::PLAIN);
            writeln!(out, "{colour}{:<9}{plain}  {}: {}", word(part), part.part, place(part))?;
        }
    }
    out.flush()?;
    if parts.iter().all(is_fine) {
        return Ok(());
    }
    Err(Failure::new("the home folder does not hold all it should")
        .fix(format!("fetch it anew: {}", globals.suggest_here("provision --repair"))))
}

/// The Python tools are needed only while a model is missing.
fn is_fine(part: &PartStatus) -> bool {
    part.state == PartState::Installed || is_spare(part)
}

fn is_spare(part: &PartStatus) -> bool {
    part.part == Part::Tools && matches!(part.state, PartState::Missing | PartState::Outdated)
}

/// The state of a part in one word.
pub fn word(part: &PartStatus) -> &'static str {
    match part.state {
        PartState::Installed => "ok",
        PartState::Missing => "missing",
        PartState::Outdated => "outdated",
        PartState::Damaged { .. } => "damaged",
    }
}

fn colour(part: &PartStatus) -> &'static str {
    match is_fine(part) {
        true if is_spare(part) => screen::DIM,
        true => screen::GREEN,
        false => screen::RED,
    }
}

fn place(part: &PartStatus) -> String {
    let folder = part.folder.display();
    match &part.state {
        PartState::Damaged { what } => format!("{folder}: {what}"),
        _ => folder.to_string(),
    }
}

fn value(part: &PartStatus) -> Value {
    let what = match &part.state {
        PartState::Damaged { what } => Some(what),
        _ => None,
    };
    json!({ "part": part.part.to_string(), "state": word(part), "folder": part.folder, "what": what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_missing_tools_are_no_fault() {
        let part = |part, state| PartStatus { part, folder: "x".into(), state };
        assert!(is_fine(&part(Part::Tools, PartState::Missing)));
        assert!(is_fine(&part(Part::Model, PartState::Installed)));
        assert!(!is_fine(&part(Part::Model, PartState::Missing)));
        assert!(!is_fine(&part(Part::Runtime, PartState::Outdated)));
        let damaged = PartState::Damaged { what: "model.onnx is gone".into() };
        assert!(!is_fine(&part(Part::Tools, damaged.clone())));
        assert!(place(&part(Part::Model, damaged)).contains("model.onnx is gone"));
    }
}
