//! A request, workers and clouds as many as wanted: what decisions are measured on, in time and in
//! allocations.

use littoral_core::class::{DataClass, Tier};
use littoral_core::estimate::Estimate;
use littoral_core::facts::{ClassFact, ClassOrigin, Facts, Hints, Needs, TokenCount};
use littoral_core::fleet::{
    CloudSite, DeviceState, Learned, ModelFacts, Pool, Residency, Site, WorkerSite, WorkerStatus,
    WorkerView,
};
use littoral_core::money::ModelPrice;
use littoral_core::principal::Principal;

pub fn facts(class: DataClass) -> Facts {
    Facts {
        principal: Principal::loopback(),
        alias: String::new(),
        class: ClassFact { class, origin: ClassOrigin::Labelled },
        scan: Default::default(),
        session: None,
        prompt_tokens: TokenCount { tokens: 300, estimated: false },
        prompt_bytes: 1_200,
        max_output_tokens: None,
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

/// A target that has answered before, with this time between two tokens, in milliseconds.
fn learned(gap_ms: f64) -> Option<Learned> {
    let about = |mid| Estimate::within_factor(mid, 1.5).ok();
    Some(Learned {
        first_token_ms: about(60.0 * gap_ms)?,
        gap_ms: about(gap_ms)?,
        slow_gap_ms: Some(1.6 * gap_ms),
        joules_per_token: about(0.3),
        throttled: None,
    })
}

pub fn worker(index: usize) -> WorkerView {
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
        learned: learned(2.0 + index as f64 / 50.0),
        device: DeviceState {
            battery_fraction: Some(0.8),
            on_battery: Some(true),
            memory_available_bytes: Some(1 << 32),
            thermal_fraction: Some(0.4),
            joules_per_token: Some(0.3),
            ..DeviceState::default()
        },
        residency: Residency::Resident,
        held_tokens: 0,
    }
}

pub fn pool(index: usize, site: Site) -> Pool {
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

pub fn workers(workers: Vec<WorkerView>) -> Site {
    Site::Workers(WorkerSite {
        tenant: "local".into(),
        owner: None,
        group: None,
        nearest_tier: Tier::Edge,
        workers,
        rest: None,
        unseen: 0,
    })
}

pub fn cloud(index: usize) -> Site {
    Site::Cloud(CloudSite {
        price: Some(ModelPrice::of_tokens(150_000 + index as u64, 600_000)),
        first_token_ms: Some(400.0),
        decode_tokens_per_s: Some(80.0),
        learned: learned(12.0),
        ..CloudSite::of(format!("provider-{index}"))
    })
}
