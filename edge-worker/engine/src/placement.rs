//! Which execution provider holds the nodes of a graph.
//!
//! Asking for an accelerator does not mean that it runs anything: ONNX Runtime gives it the nodes
//! it supports and the rest to the processor. The truth is in the profile of a run, which names the
//! provider of every node that ran, so the first runs after loading are profiled into a temporary
//! file and counted. When that file cannot be written or read, the placement is unknown, which is
//! an empty list, and the model runs all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use ort::session::Session;
use serde::Deserialize;

/// Nodes held by one execution provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Such as `CPUExecutionProvider`.
    pub execution_provider: String,
    /// Nodes of the optimised graph that ran there.
    pub nodes: u32,
}

/// A running profile.
#[derive(Debug)]
pub struct Profile {
    prefix: PathBuf,
}

#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    cat: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    args: serde_json::Map<String, serde_json::Value>,
}

impl Profile {
    /// A profile with a file name of its own in the system's temporary folder.
    pub fn new() -> Self {
        static SERIAL: AtomicU32 = AtomicU32::new(0);
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let name = format!("littoral-profile-{}-{serial}", std::process::id());
        Self { prefix: std::env::temp_dir().join(name) }
    }

    /// The beginning of the file name; ONNX Runtime appends the time.
    pub fn prefix(&self) -> &PathBuf {
        &self.prefix
    }

    /// Ends the profile, counts, and removes the file.
    pub fn finish(self, session: &mut Session) -> Vec<Placement> {
        let Ok(file) = session.end_profiling() else { return Vec::new() };
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        if let Err(cause) = std::fs::remove_file(&file) {
            tracing::debug!(file, %cause, "the placement profile stays behind");
        }
        count(&text)
    }
}

/// Counts the distinct nodes per provider, most first.
fn count(profile: &str) -> Vec<Placement> {
    let events: Vec<Event> = serde_json::from_str(profile).unwrap_or_default();
    let mut nodes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for event in events.into_iter().filter(|event| event.cat == "Node") {
        let Some(provider) = event.args.get("provider").and_then(|name| name.as_str()) else {
            continue;
        };
        let index = event.args.get("node_index").and_then(|index| index.as_str());
        let node = index.unwrap_or(&event.name).to_owned();
        nodes.entry(provider.to_owned()).or_default().insert(node);
    }
    let held = |(execution_provider, nodes): (String, BTreeSet<String>)| Placement {
        execution_provider,
        nodes: u32::try_from(nodes.len()).unwrap_or(u32::MAX),
    };
    let mut placement: Vec<Placement> = nodes.into_iter().map(held).collect();
    placement.sort_by_key(|held| std::cmp::Reverse(held.nodes));
    placement
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_counts_once_however_often_it_ran() {
        let profile = r#"[
            {"cat": "Session", "name": "model_run", "args": {}},
            {"cat": "Node", "name": "a_kernel_time", "args": {"provider": "CPU", "node_index": "0"}},
            {"cat": "Node", "name": "a_kernel_time", "args": {"provider": "CPU", "node_index": "0"}},
            {"cat": "Node", "name": "b_kernel_time", "args": {"provider": "GPU", "node_index": "1"}},
            {"cat": "Node", "name": "c_kernel_time", "args": {"provider": "GPU", "node_index": "2"}},
            {"cat": "Node", "name": "fence", "args": {}}
        ]"#;
        let held = |provider: &str, nodes| Placement { execution_provider: provider.into(), nodes };
        assert_eq!(count(profile), [held("GPU", 2), held("CPU", 1)]);
    }

    #[test]
    fn an_unreadable_profile_means_unknown() {
        assert!(count("not json").is_empty());
    }
}
