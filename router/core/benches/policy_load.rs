//! What it costs to make a policy of a thousand rules one that can decide.
//!
//! Each rule has ten comparisons over ten facts of every kind, with literals of its own, so that no two
//! conditions are alike. `compile` is all of it, from the raw form. `entangled` is the same number of
//! conditions whose comparisons all share facts, the dearest that the check for constant ones meets.
//! `parse` is what the `cel` crate's parser with places alone would take for the thousand texts.

#![expect(clippy::unwrap_used, reason = "without its set-up a benchmark has nothing to measure")]

use cel::parser::Parser;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use littoral_core::policy::raw::RawRule;
use littoral_core::policy::{Policy, RawPolicy};
use std::hint::black_box;
use std::time::Duration;

const RULES: usize = 1_000;

/// Ten comparisons joined by the three operators.
fn condition(index: usize) -> String {
    let index = index + 1;
    format!(
        "request.class >= \"personal\" && request.prompt_tokens > {index} \
         && (principal.application == \"app-{index}\" || principal.tenant in [\"a\", \"b\"]) \
         && !(request.max_output_tokens < {index} || request.needs.tools) \
         && target.tier == \"cloud\" && target.region != \"eu-{index}\" \
         && request.model in [\"m-{index}\", \"m\"] && principal.user != \"u-{index}\""
    )
}

/// Ten comparisons of five facts, each in both halves.
fn entangled(index: usize) -> String {
    let index = index + 1;
    let half = |join: &str| {
        [
            format!("request.prompt_tokens == {index}"),
            format!("request.model == \"m-{index}\""),
            "request.class >= \"personal\"".into(),
            format!("principal.user == \"u-{index}\""),
            "request.needs.tools".into(),
        ]
        .join(join)
    };
    format!("{} || !({})", half(" && "), half(" || "))
}

fn raw(count: usize, condition: impl Fn(usize) -> String) -> RawPolicy {
    let rule = |index| RawRule {
        name: Some(format!("rule {index}")),
        when: Some(condition(index)),
        deny: Some(true),
        ..RawRule::default()
    };
    RawPolicy {
        version: Some(Policy::VERSION),
        name: Some("large".into()),
        rule: (0..count).map(rule).collect(),
        ..RawPolicy::default()
    }
}

fn measure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("policy_load");
    for (name, raw) in
        [("compile/1000", raw(RULES, condition)), ("entangled/1000", raw(RULES, entangled))]
    {
        assert_eq!(Policy::compile(raw.clone()).unwrap().rules().len(), RULES);
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| raw.clone(), Policy::compile, BatchSize::LargeInput);
        });
    }
    let texts: Vec<String> = (0..RULES).map(condition).collect();
    group.bench_function("parse/1000", |bencher| {
        bencher.iter(|| {
            let parsed = texts.iter().map(|text| {
                Parser::new().max_recursion_depth(32).parse_with_source_info(black_box(text))
            });
            parsed.filter(Result::is_ok).count()
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = measure
}
criterion_main!(benches);
