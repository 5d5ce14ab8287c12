//! Hints and content-free facts, in both directions.

use super::class::{data_class, extent, label, mode, read_extent, wire_mode};
use super::violation::{Violation, Violations};
use littoral_core::class::DataClass;
use littoral_core::facts::{
    ClassFact, ClassOrigin, Extent, Facts, FoundKind, Hints, Needs, ScanFact, TokenCount,
};
use littoral_core::principal::Principal;
use littoral_core::privacy::kinds;
use littoral_proto::v1;

/// Reads the hints of a request. The data class is content's own matter and is read with it.
///
/// # Errors
/// Every hint that is malformed, with its path.
pub fn hints(wire: Option<&v1::RoutingHints>) -> Result<Hints, Vec<Violation>> {
    let mut bad = Violations::default();
    let Some(wire) = wire else { return Ok(Hints::default()) };
    let mode = mode(wire.mode).unwrap_or_else(|unknown| {
        bad.add("hints.mode", format!("mode number {unknown} is not known to this build"));
        littoral_core::facts::Mode::PolicyDefault
    });
    bad.require(wire.deadline_ms != Some(0), "hints.deadline_ms", "more than 0");
    let energy = wire.max_energy_joules.is_none_or(|joules| joules.is_finite() && joules >= 0.0);
    bad.require(energy, "hints.max_energy_joules", "a number of joules, 0 or more");
    let quality = wire.min_quality.is_none_or(|quality| (0.0..=1.0).contains(&quality));
    bad.require(quality, "hints.min_quality", "a number from 0 to 1");
    bad.finish(Hints {
        mode,
        deadline_ms: wire.deadline_ms,
        ttft_target_ms: wire.ttft_target_ms,
        max_cost_usd_micros: wire.max_cost_usd_micros,
        max_energy_joules: wire.max_energy_joules,
        min_quality: wire.min_quality,
        allow_failover: wire.allow_failover,
        allow_hedge: wire.allow_hedge,
    })
}

/// Reads facts for a dry run. The principal comes from the connection.
///
/// # Errors
/// Every field that is malformed, with its path.
pub fn facts(wire: &v1::RequestFacts, principal: Principal) -> Result<Facts, Vec<Violation>> {
    let hints = hints(wire.hints.as_ref())?;
    let mut bad = Violations::default();
    let class = label(wire.data_class).unwrap_or_else(|unknown| {
        bad.add("data_class", format!("class number {unknown} is not known to this build"));
        None
    });
    let origin = match (class, wire.labelled) {
        (Some(_), true) => ClassOrigin::Labelled,
        _ => ClassOrigin::Unlabelled,
    };
    let session = label(wire.session_class).unwrap_or_else(|unknown| {
        bad.add("session_class", format!("class number {unknown} is not known to this build"));
        None
    });
    let scan = scan(wire, class, &mut bad);
    bad.finish(Facts {
        principal,
        alias: wire.model.clone(),
        class: ClassFact { class: class.unwrap_or(DataClass::Personal), origin },
        scan,
        session,
        prompt_tokens: TokenCount {
            tokens: wire.prompt_tokens,
            estimated: wire.prompt_tokens_estimated,
        },
        prompt_bytes: wire.prompt_bytes,
        max_output_tokens: wire.max_output_tokens,
        images: u32::from(wire.needs_image),
        audio_seconds: u32::from(wire.needs_audio),
        needs: Needs {
            tools: wire.needs_tools,
            json_output: wire.needs_json_output,
            image: wire.needs_image,
            audio: wire.needs_audio,
            logprobs: wire.needs_logprobs,
            embeddings: wire.needs_embeddings,
        },
        hints,
        time: crate::clock::local_time(),
    })
}

/// What somebody says a scan would find. A kind counts as certain, in a part of the request's label.
fn scan(wire: &v1::RequestFacts, label: Option<DataClass>, bad: &mut Violations) -> ScanFact {
    let extent = read_extent(wire.scan_extent).unwrap_or_else(|unknown| {
        bad.add("scan_extent", format!("extent number {unknown} is not known to this build"));
        Extent::NotScanned
    });
    let label = label.filter(|_| wire.labelled);
    let known = kinds();
    let mut found = Vec::new();
    for (kind, count) in &wire.found {
        match known.iter().find(|detector| detector.kind == kind) {
            Some(detector) => found.push(FoundKind {
                kind: kind.clone(),
                family: detector.family,
                label,
                score: 100,
                count: *count,
            }),
            None => bad.add(format!("found.{kind}"), "is no kind that there are detectors for"),
        }
    }
    ScanFact { extent, said: label, found, detectors: String::new() }
}

/// How often each kind was found.
fn found(facts: &Facts) -> std::collections::BTreeMap<String, u32> {
    let mut found = std::collections::BTreeMap::new();
    for one in &facts.scan.found {
        let count: &mut u32 = found.entry(one.kind.clone()).or_default();
        *count = count.saturating_add(one.count);
    }
    found
}

/// Facts for the wire.
#[must_use]
pub fn wire_facts(facts: &Facts) -> v1::RequestFacts {
    let hints = facts.hints;
    v1::RequestFacts {
        model: facts.alias.clone(),
        data_class: data_class(facts.class.class).into(),
        labelled: facts.class.origin == ClassOrigin::Labelled,
        prompt_tokens: facts.prompt_tokens.tokens,
        prompt_tokens_estimated: facts.prompt_tokens.estimated,
        prompt_bytes: facts.prompt_bytes,
        max_output_tokens: facts.max_output_tokens,
        needs_tools: facts.needs.tools,
        needs_json_output: facts.needs.json_output,
        needs_image: facts.needs.image,
        needs_audio: facts.needs.audio,
        needs_logprobs: facts.needs.logprobs,
        needs_embeddings: facts.needs.embeddings,
        scan_extent: extent(facts.scan.extent).into(),
        found: found(facts),
        session_class: facts.session.map_or(v1::DataClass::Unspecified, data_class).into(),
        hints: Some(v1::RoutingHints {
            mode: wire_mode(hints.mode).into(),
            data_class: v1::DataClass::Unspecified.into(),
            deadline_ms: hints.deadline_ms,
            ttft_target_ms: hints.ttft_target_ms,
            max_cost_usd_micros: hints.max_cost_usd_micros,
            max_energy_joules: hints.max_energy_joules,
            min_quality: hints.min_quality,
            allow_failover: hints.allow_failover,
            allow_hedge: hints.allow_hedge,
            session_key: None,
            resume_window_ms: None,
            priority: v1::Priority::Unspecified.into(),
        }),
    }
}
