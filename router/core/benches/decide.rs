//! What one decision costs: one target, sixteen, a thousand.
//!
//! Every pool passes every gate in the `planned` cases, which is the dearest way through: each is
//! predicted, scored, ordered and, beyond the plan's length, given a row. The `denied` case is a
//! restricted prompt before a thousand clouds, where all rows are rejections. A pool in `workers` is
//! one pool of a thousand workers.
//!
//! `rules` is a request that ten rules look at and none stops, before one worker; `without` is the same
//! without rules, so that the difference is what the rules cost. `cel` is the `cel` crate's interpreter
//! on the same ten conditions, parsed before, with the facts already in its own form.

#![expect(clippy::unwrap_used, reason = "without its set-up a benchmark has nothing to measure")]

#[path = "decide/world.rs"]
mod world;

use cel::{Context, Program, Value};
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use littoral_core::class::DataClass;
use littoral_core::decide::decide;
use littoral_core::facts::Facts;
use littoral_core::fleet::FleetView;
use littoral_core::policy::{Policy, RawPolicy};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;
use world::{cloud, facts, pool, worker, workers};

/// Two clouds to each three shared machines.
fn mixed(count: usize) -> FleetView {
    let site = |index| if index % 5 < 2 { cloud(index) } else { workers(vec![worker(index)]) };
    FleetView::of((0..count).map(|index| pool(index, site(index))).collect())
}

fn measure(criterion: &mut Criterion) {
    let policy = Policy::shipped();
    let mut group = criterion.benchmark_group("decide");
    let mut case = |name: BenchmarkId, facts: Facts, fleet: FleetView| {
        let mut seed = 0_u64;
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || {
                    seed = seed.wrapping_add(1);
                    seed
                },
                |seed| decide(black_box(&policy), &facts, black_box(&fleet), Duration::ZERO, seed),
                BatchSize::SmallInput,
            );
        });
    };
    for count in [1, 16, 64, 1_000] {
        case(BenchmarkId::new("planned", count), facts(DataClass::Public), mixed(count));
    }
    let clouds = FleetView::of((0..1_000).map(|index| pool(index, cloud(index))).collect());
    case(BenchmarkId::new("denied", 1_000), facts(DataClass::Restricted), clouds);
    let crowd = FleetView::of(vec![pool(0, workers((0..1_000).map(worker).collect()))]);
    case(BenchmarkId::new("workers", 1_000), facts(DataClass::Personal), crowd);
    group.finish();
}

/// Ten conditions that do not hold, each with a fact or two of the request or the target.
const CONDITIONS: [&str; 10] = [
    r#"request.model == "forbidden" && request.labelled"#,
    r#"request.prompt_tokens > 4000 || request.prompt_tokens == 7"#,
    r#"principal.tenant == "acme" && principal.user in ["alice", "bob", "carol"]"#,
    r#"request.needs.tools && !request.needs.json_output"#,
    r#"principal.application in ["mail", "crm"] || !principal.loopback"#,
    r#"target.group == "lab" || target.group == "attic""#,
    r#"target.provider == "openai" && request.prompt_tokens > 100"#,
    r#"!request.labelled || request.needs.image"#,
    r#"device.battery_fraction < 0.3 || device.thermal_fraction > 0.9"#,
    r#"device.on_battery && device.memory_available_bytes < 1073741824"#,
];

fn ten_rules() -> Policy {
    let rule =
        |(index, when)| format!("[[rule]]\nname = 'r{index}'\nwhen = '{when}'\ndeny = true\n");
    let rules: String = CONDITIONS.into_iter().enumerate().map(rule).collect();
    let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = 'ten'\n{rules}")).unwrap();
    Policy::compile(raw).unwrap()
}

/// The facts of the `rules` case in the interpreter's own form.
fn interpreted() -> Context<'static, 'static> {
    let map = |fields: Vec<(&str, Value)>| -> Value {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
        #[expect(clippy::disallowed_types, reason = "the interpreter's maps are hash maps")]
        fields.collect::<std::collections::HashMap<String, Value>>().into()
    };
    let needs = map(["tools", "json_output", "image"].map(|need| (need, false.into())).to_vec());
    let request = map(vec![
        ("model", "default".into()),
        ("labelled", true.into()),
        ("prompt_tokens", 300_i64.into()),
        ("needs", needs),
    ]);
    let principal = map(vec![
        ("tenant", "local".into()),
        ("user", "local".into()),
        ("application", "local".into()),
        ("loopback", true.into()),
    ]);
    let target = map(vec![("group", "".into()), ("provider", "".into())]);
    let device = map(vec![
        ("battery_fraction", 0.8.into()),
        ("thermal_fraction", 0.4.into()),
        ("on_battery", true.into()),
        ("memory_available_bytes", (1_i64 << 32).into()),
    ]);
    let roots = BTreeMap::from([
        ("request", request),
        ("principal", principal),
        ("target", target),
        ("device", device),
    ]);
    let mut context = Context::default();
    for (root, value) in roots {
        context.add_variable_from_value(root, value);
    }
    context
}

fn measure_rules(criterion: &mut Criterion) {
    let fleet = FleetView::of(vec![pool(0, workers(vec![worker(0)]))]);
    let facts = facts(DataClass::Public);
    let ten = ten_rules();
    let planned = decide(&ten, &facts, &fleet, Duration::ZERO, 1);
    assert!(planned.plan().is_some(), "no rule may stop the request: {planned:?}");
    let mut group = criterion.benchmark_group("rules");
    for (name, policy) in [("without", &Policy::shipped()), ("rules/10", &ten)] {
        group.bench_function(name, |bencher| {
            bencher
                .iter(|| decide(black_box(policy), &facts, black_box(&fleet), Duration::ZERO, 1));
        });
    }
    let programs = CONDITIONS.map(|when| Program::compile(when).unwrap());
    let context = interpreted();
    let no = Value::Bool(false);
    assert!(programs.iter().all(|program| program.execute(&context).unwrap() == no));
    group.bench_function("cel/10", |bencher| {
        bencher.iter(|| {
            programs
                .iter()
                .filter(|program| program.execute(black_box(&context)) != Ok(Value::Bool(false)))
                .count()
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = measure, measure_rules
}
criterion_main!(benches);
