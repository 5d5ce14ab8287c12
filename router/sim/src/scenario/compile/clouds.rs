//! Models of clouds.

use crate::scenario::fields::Problems;
use crate::scenario::raw::{RawLatency, RawScenario};
use crate::scenario::{Cloud, Latency};
use crate::trace::Samples;
use littoral_core::fleet::Price;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Dearest model, in dollars for a million tokens.
const DEAREST: f64 = 1e5;

pub(super) fn compile(
    raw: &RawScenario,
    read: &dyn Fn(&str) -> Result<String, String>,
    problems: &mut Problems,
) -> Vec<Cloud> {
    let (mut names, mut pools) = (BTreeSet::new(), BTreeSet::new());
    let each = raw.cloud.iter().enumerate();
    each.map(|(at, cloud)| {
        let path = |key: &str| format!("cloud[{at}].{key}");
        let provider = problems.text(&path("provider"), cloud.provider.as_ref());
        let model = problems.text(&path("model"), cloud.model.as_ref());
        let name = cloud.name.clone().unwrap_or_else(|| provider.clone());
        if !names.insert(name.clone()) {
            problems.add(path("name"), "is the name of an earlier cloud: give each its own");
        }
        if !pools.insert((provider.clone(), model.clone())) {
            problems.add(path("model"), "this provider has the model already");
        }
        let (dollars_in, dollars_out) = (cloud.usd_per_mtok_in, cloud.usd_per_mtok_out);
        Cloud {
            name: name.into(),
            provider: provider.into(),
            model: model.into(),
            quality: cloud.quality.map(|it| problems.share(&path("quality"), Some(it), 0.5)),
            context_tokens: cloud.context_tokens.unwrap_or(128_000),
            price: price(&format!("cloud[{at}]"), dollars_in, dollars_out, problems),
            latency: latency(&cloud.latency, &path("latency"), read, problems),
            requests_per_minute: cloud
                .requests_per_minute
                .map(|it| problems.number(&path("requests_per_minute"), Some(it), 1.0, [0.1, 1e9])),
            from: problems.duration(&path("from"), cloud.from.as_ref()).unwrap_or_default(),
        }
    })
    .collect()
}

/// A price in dollars for a million tokens, as micro-dollars.
pub(super) fn price(
    at: &str,
    dollars_in: Option<f64>,
    dollars_out: Option<f64>,
    problems: &mut Problems,
) -> Price {
    let mut micros = |key: &str, dollars| {
        let path = format!("{at}.{key}");
        let stated: Option<f64> = dollars;
        if stated.is_none() {
            problems.add(path.clone(), "is missing: state the dollars for a million tokens");
        }
        (1e6 * problems.number(&path, stated, 0.0, [0.0, DEAREST])).round() as u64
    };
    Price {
        input_usd_micros_per_mtok: micros("usd_per_mtok_in", dollars_in),
        output_usd_micros_per_mtok: micros("usd_per_mtok_out", dollars_out),
    }
}

fn latency(
    raw: &RawLatency,
    at: &str,
    read: &dyn Fn(&str) -> Result<String, String>,
    problems: &mut Problems,
) -> Latency {
    let Some(path) = &raw.measured else {
        let mut pair = |key: &str, stated: Option<[f64; 2]>, usual: [f64; 2]| {
            let [median, sigma] = stated.unwrap_or(usual);
            let median =
                problems.number(&format!("{at}.{key}[0]"), Some(median), usual[0], [1e-3, 1e6]);
            let sigma =
                problems.number(&format!("{at}.{key}[1]"), Some(sigma), usual[1], [0.0, 3.0]);
            (median, sigma)
        };
        return Latency::LogNormal {
            first_token_ms: pair("first_token_ms", raw.first_token_ms, [600.0, 0.5]),
            gap_ms: pair("gap_ms", raw.gap_ms, [18.0, 0.3]),
        };
    };
    if raw.first_token_ms.is_some() || raw.gap_ms.is_some() {
        problems.add(at, "is measured or stated, and not both");
    }
    let wanted = problems.text(&format!("{at}.of"), raw.of.as_ref());
    let samples = read(path).and_then(|text| Samples::parse(&text, &wanted));
    let samples = samples.unwrap_or_else(|reason| {
        problems.add(format!("{at}.measured"), format!("{path}: {reason}"));
        Samples::default()
    });
    Latency::Measured(Arc::new(samples))
}
