//! Alert rules and queries name metrics that there are: one that was renamed would never go off again.
//! What the rules say is tried by `promtool` in `tests/extended/prometheus`.

use super::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Words of a text that are names of our metrics, without what a histogram adds.
fn named(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let words = text.split(|c| !is_part(c)).filter(|word| !word.contains(':'));
    let ours = words.filter(|word| {
        word.starts_with("littoral_")
            || word.starts_with("gen_ai_server_")
            || word.starts_with("gen_ai_client_")
    });
    ours.map(|word| {
        let ends = ["_bucket", "_sum", "_count"];
        let end = ends.iter().find_map(|end| word.strip_suffix(end));
        end.unwrap_or(word).to_owned()
    })
    .collect()
}

#[tokio::test]
async fn every_metric_that_a_rule_or_a_query_names_is_told() {
    let cloud = willing_cloud().await;
    let plan = Plan {
        cloud: Some(&cloud),
        adjust: Some(|_, raw| {
            let budget = "name = 'team'\nevery = 'month'\nusd = 1.0\n";
            raw.budget = vec![toml::from_str(budget).expect("a budget")];
        }),
        ..Plan::default()
    };
    let mut cluster = Cluster::start(plan).await;
    assert!(ask(&mut cluster.chat(), prompt("Hello", DataClass::Public)).await.status.is_none());
    let engine = Arc::new(ScriptedEngine::new("tiny", &WORDS));
    cluster.join(&Seat::own("desk"), engine).await;
    assert!(ask(&mut cluster.chat(), prompt("Hello", DataClass::Personal)).await.status.is_none());
    let told = named(&cluster.router.pipeline.telemetry.prometheus());

    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let mut files: Vec<_> = fs::read_dir(docs.join("prometheus"))
        .expect("the rules")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".rules.yml"))
        .collect();
    assert!(files.len() >= 5, "{files:?}");
    for rules in &files {
        let tests = rules.to_string_lossy().replace(".rules.yml", ".test.yml");
        assert!(Path::new(&tests).is_file(), "{} has no tests", rules.display());
    }
    files.push(docs.join("TELEMETRY.md"));
    for path in files {
        let text = fs::read_to_string(&path).expect("a file");
        let unknown: Vec<_> = named(&text).difference(&told).cloned().collect();
        assert!(unknown.is_empty(), "{}: {unknown:?} are not told", path.display());
    }
}
