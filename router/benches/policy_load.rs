//! What it costs to load a policy of a thousand rules from its text: parsed, every condition checked
//! and compiled, hashed.
//!
//! `one_file` is one text; `folder` the same rules in ten. `default` is the shipped policy. `broken` has
//! a problem in every tenth rule, which is what an author in the middle of an edit waits for.

#![expect(clippy::unwrap_used, reason = "without its set-up a benchmark has nothing to measure")]

use criterion::{Criterion, criterion_group, criterion_main};
use littoral_core::policy::DEFAULT_POLICY_TOML;
use littoral_router::policy_files::{SourceText, load_texts};
use std::fmt::Write;
use std::hint::black_box;

/// Rules of ten comparisons over facts of every kind.
fn rules(numbers: std::ops::Range<usize>, slip_every: usize) -> String {
    let mut text = String::from("version = 1\n");
    for n in numbers {
        let class = if n % slip_every == slip_every - 1 { "clas" } else { "class" };
        write!(
            text,
            "\n# why rule {n} is there\n[[rule]]\nname = \"rule {n}\"\nwhen = '''\n\
             request.{class} >= \"personal\" && request.prompt_tokens > {n}\n\
             && principal.application in [\"mail-{n}\", \"crm-{n}\"] && !request.labelled\n\
             && (request.mode != \"prefer_edge\" || request.needs.tools)\n\
             && (device.battery_fraction < 0.3 || device.thermal_fraction > 0.8)\n\
             && (target.region != \"eu\" || target.model == \"model-{n}\")\n'''\n\
             max_tier = \"edge\"\nmax_first_token_ms = {}\n",
            1_000 + n
        )
        .unwrap();
    }
    text
}

fn source(name: String, text: String) -> SourceText {
    SourceText { name, text }
}

fn load(criterion: &mut Criterion) {
    let named = |text: String| text.replacen("version = 1\n", "version = 1\nname = 'large'\n", 1);
    let none = usize::MAX;
    let one = [source("policy.toml".into(), named(rules(0..1_000, none)))];
    let broken = [source("policy.toml".into(), named(rules(0..1_000, 10)))];
    let folder: Vec<SourceText> = (0..10)
        .map(|part| {
            let text = rules(part * 100..(part + 1) * 100, none);
            source(format!("{part}.toml"), if part == 0 { named(text) } else { text })
        })
        .collect();
    let default = [source("default.toml".into(), DEFAULT_POLICY_TOML.into())];
    let mut group = criterion.benchmark_group("policy_load");
    group.sample_size(20);
    for (name, sources) in [("one_file", &one[..]), ("folder", &folder), ("default", &default)] {
        assert!(load_texts(sources).is_ok(), "{name}");
        group.bench_function(name, |bench| bench.iter(|| load_texts(black_box(sources))));
    }
    assert_eq!(load_texts(&broken).err().map(|problems| problems.len()), Some(100));
    group.bench_function("broken", |bench| bench.iter(|| load_texts(black_box(&broken))));
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
