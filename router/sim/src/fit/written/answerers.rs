//! The second half of a fitted scenario: machines and clouds.

use super::{Names, Page, count, number, quoted};
use crate::fit::clouds::{Cloud, CloudKey, ENOUGH_ROWS};
use crate::fit::machines::{Group, GroupKey};
use crate::fit::numbers::{FEWEST, LogNormal, quantile};
use littoral_core::fleet::WorkerView;
use littoral_core::money::total_usd_micros;
use std::fmt::Write as _;

/// Joules of a watt-hour.
const WATT_HOUR: f64 = 3_600.0;

/// The head of a file of measured answers, as the trace reader wants it.
pub(super) const HEADER: &str = "# Answers of clouds as a router measured them, from arrival to the first token \
                                 and between tokens.\nprovider_model,ttft_s,inter_token_latency_s\n";

/// `[[machines]]`; a comment where the group reported too little.
pub(super) fn group(page: &mut Page, key: &GroupKey, group: &Group) {
    let workers = count(group.workers.len(), "worker");
    let name = name(key);
    let prefill = group.middle(|worker| worker.prefill_tokens_per_s);
    let decode = group.middle(|worker| worker.decode_tokens_per_s);
    let (Some(prefill), Some(decode)) = (prefill, decode) else {
        page.line("");
        page.comment(&format!("Left out: {workers} of {name}, which never reported their speed."));
        return;
    };
    page.table("[[machines]]");
    page.line(&format!("name = {}", quoted(&name)));
    page.key(
        "count",
        &group.workers.len().to_string(),
        "different workers seen; of a crowd, those looked at",
    );
    if key.owned {
        page.line("owned = true");
    } else if let Some(lent) = key.group.as_ref().filter(|_| key.lent) {
        page.line(&format!("lent_as = {}", quoted(lent)));
    }
    page.line(&format!("model = {}", quoted(&key.model)));
    if let Some(quality) = group.model.quality {
        page.key("quality", &number(quality), "stated by the worker");
    }
    page.line(&format!("context_tokens = {}", group.model.context_tokens));
    page.line(&format!("accepts_prefix = {}", group.model.accepts_prefix));
    if let Some(class) = key.device_class {
        page.line(&format!("device_class = \"{class}\""));
    }
    if let Some(accelerator) = key.accelerator {
        page.line(&format!("accelerator = \"{}\"", accelerator.name()));
    }
    speeds(page, group, prefill, decode);
    energy(page, group);
    network(page, group);
}

fn speeds(page: &mut Page, group: &Group, prefill: (f64, usize), decode: (f64, usize)) {
    let whole = |of: fn(&WorkerView) -> u32| group.middle(move |it| Some(f64::from(of(it))));
    for (key, value) in
        [("slots", whole(|it| it.slots)), ("queue_limit", whole(|it| it.queue_limit))]
    {
        if let Some((value, _)) = value {
            page.key(key, &number(value.max(f64::from(u8::from(key == "slots")))), "as offered");
        }
    }
    for (key, (value, seen)) in [("prefill_tokens_per_s", prefill), ("decode_tokens_per_s", decode)]
    {
        let whence = format!("middle of what {} measured and reported last", count(seen, "worker"));
        page.key(key, &number(value), &whence);
    }
    match group.spread() {
        Some((spread, seen)) => {
            let whence = format!("of the decode rates of {}", count(seen, "worker"));
            page.key("spread", &number(spread.min(2.0)), &whence);
        }
        None => page.key("spread", "0", "assumption: one worker says nothing of others"),
    }
    page.key(
        "slowdown",
        "1",
        "assumption: requests in several slots take turns; nobody reports it",
    );
    let loads: Vec<f64> = group.workers.values().filter_map(|seen| seen.load_ms).collect();
    if let Some(load_ms) = quantile(&loads, 0.5).filter(|ms| *ms >= 1.0) {
        let whence = format!("as {} measured", count(loads.len(), "worker"));
        page.key("load", &format!("\"{load_ms:.0}ms\""), &whence);
        page.comment("When models leave memory is not recorded: state unloads_after.");
    }
}

fn energy(page: &mut Page, group: &Group) {
    let device = |of: fn(&WorkerView) -> Option<f64>| group.middle(of);
    let estimated = group.workers.values().any(|seen| seen.last.device.joules_estimated);
    let how = if estimated { "by a model of the device, not a meter" } else { "metered" };
    let joules = [
        ("joules_per_token", device(|it| it.device.joules_per_token)),
        ("joules_per_prompt_token", device(|it| it.device.joules_per_prompt_token)),
    ];
    for (key, value) in joules {
        if let Some((value, seen)) = value {
            page.key(key, &number(value), &format!("{}, {how}", count(seen, "worker")));
        }
    }
    let Some((capacity, seen)) = device(|it| it.device.battery_capacity_joules) else { return };
    if capacity <= 0.0 {
        return;
    }
    let charges = group.workers.values().map(|seen| seen.charge).filter(|it| it.0 <= it.1);
    let (low, high) =
        charges.fold((1.0_f64, 0.0_f64), |all, it| (all.0.min(it.0), all.1.max(it.1)));
    let never = group.workers.values().filter(|seen| seen.on_battery == 0).count();
    let plugged = never as f64 / group.workers.len().max(1) as f64;
    let start = if low <= high {
        format!(", start = [{}, {}]", number(low), number(high))
    } else {
        String::new()
    };
    let capacity = number(capacity / WATT_HOUR);
    let value =
        format!("{{ capacity_wh = {capacity}{start}, always_plugged = {} }}", number(plugged));
    page.key(
        "battery",
        &value,
        &format!("{}; charges as seen, plugged where never on battery", count(seen, "worker")),
    );
    page.comment("Assumptions: base_watts and charger_watts are 0; state them, and the hours on the charger.");
}

fn network(page: &mut Page, group: &Group) {
    let round_trip = group.middle(|worker| worker.round_trip_ms);
    let metered = group.reported(|it| it.device.metered_network.map(|it| f64::from(u8::from(it))));
    let metered = metered.iter().sum::<f64>() * 2.0 > metered.len() as f64;
    match round_trip {
        Some((ms, seen)) => page.key(
            "network",
            &format!("{{ round_trip_ms = {}, metered = {metered} }}", number(ms)),
            &format!("measured to {}; assumption: no call breaks", count(seen, "worker")),
        ),
        None => page.key(
            "network",
            &format!("{{ metered = {metered} }}"),
            "assumption: on the router's machine; no round trip was measured",
        ),
    }
}

/// A name that no other group has.
fn name(key: &GroupKey) -> String {
    let whose = match (key.owned, key.lent) {
        (true, _) => "own",
        (_, true) => "lent",
        _ => "shared",
    };
    let mut parts = vec![whose.to_owned()];
    parts.extend(key.group.clone());
    parts.push(key.model.clone());
    parts.extend(key.device_class.map(|class| class.to_string()));
    parts.extend(key.accelerator.map(|accelerator| accelerator.name().to_owned()));
    parts.join(" ")
}

/// `[[cloud]]`, and the rows of its answers; a comment where no price is known.
pub(super) fn cloud(
    page: &mut Page,
    latency: &mut String,
    (provider, model): &CloudKey,
    cloud: &Cloud,
    names: &Names<'_>,
) {
    let both = format!("{provider}/{model}");
    let price = cloud.site.price.unwrap_or_default();
    let per_million = |rate| total_usd_micros([(1_000_000, rate)]) as f64 / 1e6;
    let dollars = [price.prompt, price.completion].map(|rate| rate.map(per_million));
    let [Some(read), Some(written)] = dollars else {
        page.line("");
        page.comment(&format!("Left out: {both}, whose price the router did not have."));
        return;
    };
    page.table("[[cloud]]");
    page.line(&format!("name = {}", quoted(&both)));
    page.line(&format!("provider = {}", quoted(provider)));
    page.line(&format!("model = {}", quoted(model)));
    if let Some(quality) = cloud.model.quality {
        page.key("quality", &number(quality), "stated in the catalogue");
    }
    page.line(&format!("context_tokens = {}", cloud.model.context_tokens));
    page.key("usd_per_mtok_in", &number(read), "the router's price list");
    page.key("usd_per_mtok_out", &number(written), "the router's price list");
    let answers = count(cloud.answers.len(), "answer");
    // A name with a comma would be two cells.
    if cloud.answers.len() >= ENOUGH_ROWS && !both.contains([',', '\n']) {
        let value = format!("{{ measured = {}, of = {} }}", quoted(names.latency), quoted(&both));
        page.key("latency", &value, &answers);
        for (first_ms, gap_ms) in &cloud.answers {
            // Writing to a string does not fail.
            let _ = writeln!(latency, "{both},{:.6},{:.6}", first_ms / 1e3, gap_ms / 1e3);
        }
        return;
    }
    let pair = |of: LogNormal| format!("[{}, {}]", number(of.median), number(of.sigma));
    match cloud.waits() {
        (Some(first), Some(gap)) => {
            let (first, gap) = (pair(first), pair(gap));
            page.key("latency", &format!("{{ first_token_ms = {first}, gap_ms = {gap} }}"), &answers);
        }
        _ => page.comment(&format!(
            "latency: {answers} with an answer's waits, and {FEWEST} are the fewest. The usual value stands in."
        )),
    }
}
