//! What changes on the way: each change with an end becomes two.

use super::clouds::price;
use crate::scenario::fields::Problems;
use crate::scenario::raw::{RawChange, RawScenario};
use crate::scenario::{Change, Cloud, Effect, Machines};
use std::time::Duration;

pub(super) fn compile(
    raw: &RawScenario,
    machines: &[Machines],
    clouds: &[Cloud],
    problems: &mut Problems,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (at, written) in raw.change.iter().enumerate() {
        let path = format!("change[{at}]");
        let begin = problems.duration(&format!("{path}.at"), written.at.as_ref());
        if written.at.is_none() {
            problems.add(format!("{path}.at"), "is missing: write it like \"2h\"");
        }
        let lasts = problems.duration(&format!("{path}.lasts"), written.lasts.as_ref());
        let Some((effect, undone)) = effect(written, &path, machines, clouds, problems) else {
            continue;
        };
        let begin = begin.unwrap_or(Duration::ZERO);
        changes.push(Change { at: begin, effect });
        if let Some(lasts) = lasts {
            changes.push(Change { at: begin.saturating_add(lasts), effect: undone });
        }
    }
    changes.sort_by_key(|change| change.at);
    changes
}

/// An effect, and the one that takes it back.
fn effect(
    raw: &RawChange,
    at: &str,
    machines: &[Machines],
    clouds: &[Cloud],
    problems: &mut Problems,
) -> Option<(Effect, Effect)> {
    let of = raw.of.as_deref().unwrap_or_default();
    let cloud = clouds.iter().position(|cloud| *cloud.name == *of);
    let group = machines.iter().position(|group| *group.name == *of);
    let factor = |problems: &mut Problems| {
        if raw.factor.is_none() {
            problems.add(format!("{at}.factor"), "is missing: state how many times");
        }
        problems.number(&format!("{at}.factor"), raw.factor, 1.0, [0.0, 1e6])
    };
    let what = raw.what.as_deref().unwrap_or_default();
    let of_a_cloud = matches!(what, "cloud_down" | "cloud_hangs" | "cloud_slow" | "price");
    if of_a_cloud && cloud.is_none() {
        let known: Vec<&str> = clouds.iter().map(|cloud| &*cloud.name).collect();
        let reason = format!("is {of:?}, which is no cloud here: there is {}", known.join(", "));
        problems.add(format!("{at}.of"), reason);
        return None;
    }
    let cloud = cloud.unwrap_or_default();
    Some(match what {
        "cloud_down" => (Effect::CloudDown(cloud, true), Effect::CloudDown(cloud, false)),
        "cloud_hangs" => (Effect::CloudHangs(cloud, true), Effect::CloudHangs(cloud, false)),
        "cloud_slow" => (Effect::CloudSlow(cloud, factor(problems)), Effect::CloudSlow(cloud, 1.0)),
        "price" => {
            let new = price(at, raw.usd_per_mtok_in, raw.usd_per_mtok_out, problems);
            let old = clouds.get(cloud).map_or(new, |cloud| cloud.price);
            (Effect::Price(cloud, new), Effect::Price(cloud, old))
        }
        "machines_lost" => {
            let Some(group) = group else {
                problems
                    .add(format!("{at}.of"), format!("is {of:?}, which is no group of machines"));
                return None;
            };
            let share = problems.share(&format!("{at}.share"), raw.share, 1.0);
            (Effect::MachinesLost(group, share), Effect::MachinesLost(group, 0.0))
        }
        "offline" => (Effect::Offline(true), Effect::Offline(false)),
        "rush" => (Effect::Rush(factor(problems)), Effect::Rush(1.0)),
        other => {
            let kinds =
                "cloud_down, cloud_hangs, cloud_slow, price, machines_lost, offline or rush";
            problems.add(format!("{at}.what"), format!("is {other:?}, expected {kinds}"));
            return None;
        }
    })
}
