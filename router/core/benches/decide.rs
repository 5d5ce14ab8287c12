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

use cel::{Context, Program, Value};
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use littoral_core::class::{DataClass, Tier};
use littoral_core::decide::decide;
use littoral_core::facts::{ClassFact, ClassOrigin, Facts, Hints, Needs, TokenCount};
use littoral_core::fleet::{
    CloudSite, DeviceState, FleetView, ModelFacts, Pool, Price, Site, WorkerSite, WorkerStatus,
    WorkerView,
};
use littoral_core::policy::{Policy, RawPolicy};
use littoral_core::principal::Principal;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

fn facts(class: DataClass) -> Facts {
    Facts {
        principal: Principal::loopback(),
        alias: String::new(),
        class: ClassFact { class, origin: ClassOrigin::Labelled },
        prompt_tokens: TokenCount { tokens: 300, estimated: false },
        prompt_bytes: 1_200,
        max_output_tokens: None,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

fn worker(index: usize) -> WorkerView {
    WorkerView {
        worker_id: format!("worker-{index:04}").into(),
        incarnation: 1,
        status: WorkerStatus::Ready,
        slots: 2,
        active: u32::try_from(index % 2).unwrap_or(0),
        queued: 0,
        queue_limit: 8,
        prefill_tokens_per_s: Some(500.0 + index as f64),
        decode_tokens_per_s: Some(90.0 + index as f64 / 7.0),
        round_trip_ms: Some(1.5),
        device_class: None,
        accelerator: None,
        learned: None,
        device: DeviceState {
            battery_fraction: Some(0.8),
            on_battery: Some(true),
            memory_available_bytes: Some(1 << 32),
            thermal_fraction: Some(0.4),
            joules_per_token: Some(0.3),
            ..DeviceState::default()
        },
    }
}

fn pool(index: usize, site: Site) -> Pool {
    Pool {
        id: format!("local/pool-{index:04}/model").into(),
        model: ModelFacts {
            name: "model".into(),
            context_tokens: 8_192,
            abilities: Needs::default(),
            quality: Some(0.6),
            accepts_prefix: true,
        },
        site,
    }
}

fn workers(workers: Vec<WorkerView>) -> Site {
    Site::Workers(WorkerSite {
        tenant: "local".into(),
        owner: None,
        group: None,
        nearest_tier: Tier::Edge,
        workers,
        rest: None,
    })
}

fn cloud(index: usize) -> Site {
    Site::Cloud(CloudSite {
        provider: format!("provider-{index}").into(),
        region: None,
        retention_days: None,
        configured: true,
        price: Some(Price {
            input_usd_micros_per_mtok: 150_000 + index as u64,
            output_usd_micros_per_mtok: 600_000,
        }),
        first_token_ms: Some(400.0),
        decode_tokens_per_s: Some(80.0),
        learned: None,
    })
}

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
