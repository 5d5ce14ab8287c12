//! Groups of machines.

use crate::scenario::fields::Problems;
use crate::scenario::raw::{RawBattery, RawMachines, RawNetwork, RawScenario, RawThermal};
use crate::scenario::{Battery, Machines, Network, Thermal};
use std::collections::BTreeSet;

/// Most machines of a group.
const MOST: u32 = 20_000_000;

pub(super) fn compile(raw: &RawScenario, problems: &mut Problems) -> Vec<Machines> {
    let mut names = BTreeSet::new();
    let each = raw.machines.iter().enumerate();
    each.map(|(at, group)| {
        let at = format!("machines[{at}]");
        let name = problems.text(&format!("{at}.name"), group.name.as_ref());
        if !names.insert(name.clone()) {
            problems.add(format!("{at}.name"), "is the name of an earlier group");
        }
        of(group, name, &at, problems)
    })
    .collect()
}

fn of(raw: &RawMachines, name: String, at: &str, problems: &mut Problems) -> Machines {
    let path = |key: &str| format!("{at}.{key}");
    let count = raw.count.unwrap_or(1);
    if count > MOST {
        problems.add(path("count"), format!("is {count}, and {MOST} are the most"));
    }
    let owned = raw.owned.unwrap_or(false);
    if owned && raw.lent_as.is_some() {
        problems.add(path("lent_as"), "is of machines that serve all: remove it, or owned");
    }
    let slots = raw.slots.unwrap_or(1);
    if slots == 0 {
        problems.add(path("slots"), "is 0: such a machine answers nobody");
    }
    let rate = [1e-3, 1e6];
    Machines {
        name: name.into(),
        count,
        owned,
        lent_as: raw.lent_as.clone(),
        model: problems.text(&path("model"), raw.model.as_ref()).into(),
        quality: raw.quality.map(|it| problems.share(&path("quality"), Some(it), 0.5)),
        context_tokens: raw.context_tokens.unwrap_or(8_192),
        accepts_prefix: raw.accepts_prefix.unwrap_or(true),
        device_class: raw.device_class,
        accelerator: raw.accelerator,
        slots,
        queue_limit: raw.queue_limit.unwrap_or(4),
        kv_tokens: raw.kv_tokens,
        prefill_tokens_per_s: problems.needed(
            &path("prefill_tokens_per_s"),
            raw.prefill_tokens_per_s,
            rate,
        ),
        decode_tokens_per_s: problems.needed(
            &path("decode_tokens_per_s"),
            raw.decode_tokens_per_s,
            rate,
        ),
        slowdown: problems.share(&path("slowdown"), raw.slowdown, 1.0),
        spread: problems.number(&path("spread"), raw.spread, 0.0, [0.0, 2.0]),
        joules_per_token: raw
            .joules_per_token
            .map(|it| problems.number(&path("joules_per_token"), Some(it), 1.0, [0.0, 1e4])),
        joules_per_prompt_token: problems.number(
            &path("joules_per_prompt_token"),
            raw.joules_per_prompt_token,
            0.0,
            [0.0, 1e4],
        ),
        load_s: raw.load.as_ref().map_or(0.0, |it| problems.seconds(&path("load"), Some(it))),
        unloads_after_s: raw
            .unloads_after
            .as_ref()
            .map(|it| problems.seconds(&path("unloads_after"), Some(it))),
        battery: raw.battery.as_ref().map(|it| battery(it, &path("battery"), problems)),
        thermal: raw.thermal.as_ref().map(|it| thermal(it, &path("thermal"), problems)),
        awake: problems.hours(&path("awake"), raw.awake.as_ref()),
        network: network(&raw.network, &path("network"), problems),
    }
}

fn battery(raw: &RawBattery, at: &str, problems: &mut Problems) -> Battery {
    let path = |key: &str| format!("{at}.{key}");
    let [low, high] = raw.start.unwrap_or([0.5, 1.0]);
    if !(0.0 <= low && low <= high && high <= 1.0) {
        problems.add(path("start"), "is no range from 0 to 1: write it like [0.4, 0.9]");
    }
    let capacity_wh = problems.needed(&path("capacity_wh"), raw.capacity_wh, [1e-3, 1e6]);
    Battery {
        capacity_joules: capacity_wh * 3_600.0,
        start: (low, high),
        base_watts: problems.number(&path("base_watts"), raw.base_watts, 0.0, [0.0, 1e6]),
        charger_watts: problems.number(&path("charger_watts"), raw.charger_watts, 0.0, [0.0, 1e6]),
        plugged: problems.hours(&path("plugged"), raw.plugged.as_ref()).unwrap_or((0.0, 0.0)),
        always_plugged: problems.share(&path("always_plugged"), raw.always_plugged, 0.0),
    }
}

fn thermal(raw: &RawThermal, at: &str, problems: &mut Problems) -> Thermal {
    let path = |key: &str| format!("{at}.{key}");
    Thermal {
        heating_per_s: problems.needed(&path("heating_per_s"), raw.heating_per_s, [0.0, 1.0]),
        cooling_per_s: problems.needed(&path("cooling_per_s"), raw.cooling_per_s, [1e-6, 1.0]),
        throttles_at: problems.share(&path("throttles_at"), raw.throttles_at, 0.8),
        slowest: problems.number(&path("slowest"), raw.slowest, 0.5, [0.01, 1.0]),
    }
}

/// Round trip in milliseconds, share of calls that break, metered.
fn usual(kind: &str) -> Option<(f64, f64, bool)> {
    Some(match kind {
        "loopback" => (0.1, 0.0, false),
        "ethernet" => (0.6, 0.000_01, false),
        "wifi" => (6.0, 0.000_5, false),
        "5g" => (25.0, 0.001, true),
        "4g" => (55.0, 0.003, true),
        _ => return None,
    })
}

fn network(raw: &RawNetwork, at: &str, problems: &mut Problems) -> Network {
    let path = |key: &str| format!("{at}.{key}");
    let kind = raw.kind.as_deref().unwrap_or("loopback");
    let (round_trip_ms, loss, metered) = usual(kind).unwrap_or_else(|| {
        problems
            .add(path("kind"), format!("is {kind:?}, expected loopback, ethernet, wifi, 5g or 4g"));
        (0.0, 0.0, false)
    });
    let coverage = match (&raw.covered, &raw.uncovered) {
        (None, None) => None,
        (covered, uncovered) => Some((
            problems.seconds(&path("covered"), covered.as_ref()),
            problems.seconds(&path("uncovered"), uncovered.as_ref()),
        )),
    };
    Network {
        round_trip_ms: problems.number(
            &path("round_trip_ms"),
            raw.round_trip_ms,
            round_trip_ms,
            [0.0, 1e5],
        ),
        loss: problems.share(&path("loss"), raw.loss, loss),
        metered: raw.metered.unwrap_or(metered),
        coverage,
    }
}
