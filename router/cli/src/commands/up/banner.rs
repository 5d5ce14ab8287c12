//! What `up` says when it is ready: where it is, what answers, what leaves, what to try next.

use crate::arguments::Globals;
use crate::commands::workers::placement;
use crate::failure::Failure;
use crate::lines::Lines;
use crate::{json, roles, screen, units};
use littoral_proto::v1;
use serde_json::json;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;

/// Commands worth trying first.
const NEXT: [&str; 4] = [
    "ask \"What is a littoral zone?\"",
    "decide --class public \"What is a tide?\"",
    "workers",
    "doctor",
];

/// Everything worth a line.
#[derive(Debug)]
pub struct Banner<'a> {
    /// Where the router listens.
    pub address: SocketAddr,
    /// The embedded worker, as the router lists it.
    pub worker: &'a v1::WorkerSummary,
    /// The cloud's share in words.
    pub clouds: &'a str,
    /// Names of the cloud providers with a key.
    pub cloud_names: &'a [String],
}

impl Banner<'_> {
    /// Prints the banner, or the same as JSON.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn show(&self, here: &Globals) -> Result<(), Failure> {
        if here.json {
            return json::print(&json!({
                "address": format!("http://{}", self.address),
                "base_url": format!("http://{}/v1", self.address),
                "worker": json::of_message("WorkerSummary", self.worker)?,
                "clouds": self.cloud_names,
                "home": here.home(),
            }));
        }
        let mut out = screen::out();
        writeln!(out, "{}", self.text(here))?;
        Ok(out.flush()?)
    }

    fn text(&self, here: &Globals) -> String {
        let (bold, green, plain) = (screen::BOLD, screen::GREEN, screen::PLAIN);
        let mut lines = Lines::default();
        lines.add("router", roles::reach(self.address, false));
        lines.add("base URL", format!("http://{}/v1 for clients of OpenAI", self.address));
        for (index, model) in self.worker.models.iter().enumerate() {
            lines.add(if index == 0 { "model" } else { "" }, describe(model));
        }
        let (worker, slots) =
            (&self.worker.worker_id, self.worker.models.first().map_or(0, |model| model.slots));
        lines.add("worker", format!("{worker}, in this process, {slots} requests at once"));
        lines.add("cloud", self.clouds);
        lines.add("home", near(&here.home()));
        let export = here.suggest_export().map(|line| format!("  {line}\n")).unwrap_or_default();
        // With the line above, the commands need no address.
        let there = here.usual();
        let next = NEXT.map(|arguments| format!("  {}", there.suggest(arguments)));
        format!(
            "\n{green}ready{plain}\n{}\n\n{bold}try, in another terminal{plain}\n{export}{}\n\nCtrl-C ends it.",
            lines.render(screen::width()),
            next.join("\n")
        )
    }
}

/// A path as short as it can be said: from the current folder if it is inside.
fn near(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

fn describe(model: &v1::ModelSummary) -> String {
    let name = screen::printable(&model.name);
    let (bold, plain) = (screen::BOLD, screen::PLAIN);
    if model.embeddings {
        let (reads, on) = (units::rate(model.prefill_tokens_per_s), placement(&model.placement));
        return format!(
            "{bold}{name}{plain}: turns texts into vectors, reads {reads} tokens/s, on {on}"
        );
    }
    format!(
        "{bold}{name}{plain}: writes {} tokens/s, reads {} tokens/s, on {}",
        units::rate(model.decode_tokens_per_s),
        units::rate(model.prefill_tokens_per_s),
        placement(&model.placement),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    #[test]
    fn a_home_in_the_current_folder_is_named_from_there() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(near(&here.join("inside/home")), Path::new("inside/home").display().to_string());
        let elsewhere = tempfile::tempdir().unwrap();
        assert_eq!(near(elsewhere.path()), elsewhere.path().display().to_string());
    }

    #[test]
    fn the_banner_says_where_what_and_what_to_try_on_eighty_columns() {
        let model = v1::ModelSummary {
            name: "smollm2-135m-instruct".into(),
            slots: 2,
            decode_tokens_per_s: Some(98.7),
            prefill_tokens_per_s: Some(521.3),
            ..v1::ModelSummary::default()
        };
        let worker = v1::WorkerSummary {
            worker_id: "desk".into(),
            models: vec![model],
            ..v1::WorkerSummary::default()
        };
        let address: SocketAddr = "127.0.0.1:7500".parse().unwrap();
        let line = ["littoral", "--home", "h", "--router", "127.0.0.1:7500", "up"];
        let here = crate::arguments::Arguments::parse_from(line).globals;
        let banner = Banner { address, worker: &worker, clouds: "none", cloud_names: &[] };
        let text = anstream::adapter::strip_str(&banner.text(&here)).to_string();
        for part in [
            "http://127.0.0.1:7500/v1 for clients of OpenAI",
            "smollm2-135m-instruct: writes 98.7 tokens/s, reads 521 tokens/s",
            "\n  export LITTORAL_ROUTER=http://127.0.0.1:7500\n",
            "littoral --home h ask \"What",
        ] {
            assert!(text.contains(part), "{part:?} is missing in\n{text}");
        }
    }
}
