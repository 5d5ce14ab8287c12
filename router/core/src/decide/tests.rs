//! A small world to decide in, and what each part of the decision does in it.

mod choice;
mod compared;
mod conditions;
mod drawn;
mod explained;
mod fallback;
mod gates;
mod memory;
mod properties;
mod random;
mod random_rich;
mod refusals;
mod resting;
mod rules;
mod rules_hold;
mod tiers;
mod whole;
mod wishes;

use super::*;
use crate::class::{DataClass, Tier};
use crate::facts::{ClassFact, ClassOrigin, Hints, Mode, Needs, TokenCount};
use crate::fleet::{
    CloudSite, DeviceState, ModelFacts, Residency, WorkerSite, WorkerStatus, WorkerView,
};
use crate::money::ModelPrice;
use crate::plan::{Attempt, Gate, Place, Plan, Refusal};
use crate::policy::RawPolicy;
use crate::principal::Principal;

fn policy(body: &str) -> Policy {
    let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = 'test'\n{body}")).unwrap();
    Policy::compile(raw).unwrap()
}

/// Alice at her own machine, 100 prompt tokens, labelled as given.
fn asks(class: DataClass) -> Facts {
    Facts {
        principal: Principal {
            tenant: "acme".into(),
            application: "chat".into(),
            user: "alice".into(),
            owner: "alice".into(),
            groups: Vec::new(),
            device_class: None,
            loopback: true,
            administrator: false,
        },
        alias: String::new(),
        class: ClassFact { class, origin: ClassOrigin::Labelled },
        scan: Default::default(),
        session: None,
        prompt_tokens: TokenCount { tokens: 100, estimated: false },
        prompt_bytes: 400,
        max_output_tokens: None,
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

fn unlabelled() -> Facts {
    let mut facts = asks(DataClass::Personal);
    facts.class.origin = ClassOrigin::Unlabelled;
    facts
}

fn in_mode(class: DataClass, mode: Mode) -> Facts {
    let mut facts = asks(class);
    facts.hints.mode = mode;
    facts
}

fn model(name: &str) -> ModelFacts {
    ModelFacts {
        name: name.into(),
        context_tokens: 8_192,
        abilities: Needs::default(),
        quality: Some(0.6),
        accepts_prefix: true,
    }
}

/// An idle worker that reads 1,000 and writes 100 tokens a second.
fn worker(id: &str) -> WorkerView {
    WorkerView {
        worker_id: id.into(),
        incarnation: 7,
        status: WorkerStatus::Ready,
        slots: 2,
        active: 0,
        queued: 0,
        queue_limit: 8,
        prefill_tokens_per_s: Some(1_000.0),
        decode_tokens_per_s: Some(100.0),
        round_trip_ms: Some(1.0),
        device_class: None,
        accelerator: None,
        learned: None,
        device: DeviceState {
            battery_fraction: Some(0.9),
            on_battery: Some(true),
            memory_available_bytes: Some(4 << 30),
            thermal_fraction: Some(0.5),
            joules_per_token: Some(0.3),
            ..DeviceState::default()
        },
        residency: Residency::Resident,
        held_tokens: 0,
    }
}

fn site(owner: Option<&str>, group: Option<&str>, workers: Vec<WorkerView>) -> WorkerSite {
    WorkerSite {
        tenant: "acme".into(),
        owner: owner.map(Into::into),
        group: group.map(Into::into),
        nearest_tier: if owner.is_some() { Tier::Device } else { Tier::Edge },
        workers,
        rest: None,
        unseen: 0,
    }
}

/// A pool of one person's workers.
fn device_of(owner: &str, workers: Vec<WorkerView>) -> Pool {
    Pool {
        id: format!("acme/{owner}/smollm2").into(),
        model: model("smollm2"),
        site: Site::Workers(site(Some(owner), None, workers)),
    }
}

/// A pool of shared machines.
fn edge(workers: Vec<WorkerView>) -> Pool {
    Pool {
        id: "acme/lab/qwen".into(),
        model: model("qwen"),
        site: Site::Workers(site(None, Some("lab"), workers)),
    }
}

fn cloud() -> Pool {
    Pool {
        id: "openai/gpt-4o-mini".into(),
        model: ModelFacts {
            name: "gpt-4o-mini".into(),
            context_tokens: 128_000,
            abilities: Needs {
                tools: true,
                json_output: true,
                image: true,
                audio: true,
                logprobs: true,
                embeddings: false,
            },
            quality: Some(0.9),
            accepts_prefix: false,
        },
        site: Site::Cloud(CloudSite {
            price: Some(ModelPrice::of_tokens(150_000, 600_000)),
            first_token_ms: Some(400.0),
            decode_tokens_per_s: Some(80.0),
            ..CloudSite::of("openai")
        }),
    }
}

/// Alice's laptop, a shared machine, a cloud.
fn everybody() -> Vec<Pool> {
    vec![device_of("alice", vec![worker("laptop")]), edge(vec![worker("box")]), cloud()]
}

fn workers_of(pool: &mut Pool) -> &mut Vec<WorkerView> {
    match &mut pool.site {
        Site::Workers(site) => &mut site.workers,
        Site::Cloud(_) => panic!("a cloud has no workers"),
    }
}

fn cloud_of(pool: &mut Pool) -> &mut CloudSite {
    match &mut pool.site {
        Site::Cloud(site) => site,
        Site::Workers(_) => panic!("no cloud"),
    }
}

fn decided(policy: &Policy, facts: &Facts, pools: Vec<Pool>) -> Decision {
    decide(policy, facts, &FleetView::of(pools), Duration::ZERO, 1)
}

fn shipped(facts: &Facts, pools: Vec<Pool>) -> Decision {
    decided(&Policy::shipped(), facts, pools)
}

fn plan_of(decision: &Decision) -> &Plan {
    decision.plan().unwrap_or_else(|| panic!("refused: {decision:?}"))
}

fn refusal_of(decision: &Decision) -> &Refusal {
    match &decision.outcome {
        Outcome::Refused(refusal) => refusal,
        Outcome::Planned(plan) => panic!("planned: {plan:?}"),
    }
}

/// Who is tried, in order: a worker's id or a provider's name.
fn route(decision: &Decision) -> Vec<&str> {
    plan_of(decision).attempts.iter().map(who).collect()
}

fn who(attempt: &Attempt) -> &str {
    match &attempt.target.at {
        Place::Worker { worker_id, .. } => worker_id,
        Place::Cloud { provider } => provider,
    }
}

/// Pool or worker, gate and reason of every loser.
fn losers(decision: &Decision) -> Vec<(&str, Gate, &str)> {
    decision
        .rejected
        .iter()
        .map(|row| (row.worker_id.as_deref().unwrap_or(&row.pool), row.gate, &*row.reason().leak()))
        .collect()
}
