//! What a scan found, under a policy, for people: the kinds, the places, the class, and how far such
//! content may go. The door and the command `scan` say it in the same words.

use crate::wire::class::{data_class, extent, tier};
use littoral_core::class::{DataClass, Tier};
use littoral_core::decide::class;
use littoral_core::facts::{ClassOrigin, Extent, Facts, Hints, TokenCount};
use littoral_core::policy::{Names, Policy};
use littoral_core::principal::Principal;
use littoral_core::privacy::{Finding, Scanned, content_bytes, needs, view_name};
use littoral_proto::v1;

/// What came of scanning content that this principal would send.
#[must_use]
pub fn analysis(scanned: &Scanned, principal: Principal, policy: &Policy) -> v1::AnalyzeResponse {
    let prompt = scanned.prompt();
    let facts = Facts {
        principal,
        alias: String::new(),
        class: scanned.labels(),
        scan: scanned.fact().clone(),
        session: None,
        prompt_tokens: TokenCount { tokens: 0, estimated: true },
        prompt_bytes: content_bytes(prompt),
        max_output_tokens: prompt.max_output_tokens,
        images: 0,
        audio_seconds: 0,
        needs: needs(prompt),
        hints: Hints::default(),
        time: None,
    };
    let fact = class::under(policy, &facts);
    let ceiling = policy.ceiling(fact);
    v1::AnalyzeResponse {
        findings: scanned.findings().iter().map(|one| finding(one, policy)).collect(),
        extent: extent(facts.scan.extent).into(),
        data_class: data_class(fact.decided_class()).into(),
        ceiling: tier(ceiling).into(),
        detectors: facts.scan.detectors.clone(),
        reason: reason(&facts, fact.origin, fact.decided_class(), ceiling, policy),
        policy_hash: policy.hash().to_string(),
    }
}

fn finding(finding: &Finding, policy: &Policy) -> v1::Finding {
    let spot = &finding.spot;
    let detector = spot.detector;
    let likely = spot.score >= policy.privacy().min_score();
    let class = policy.privacy().class_of(detector.kind, detector.family);
    v1::Finding {
        kind: detector.kind.into(),
        family: detector.family.name().into(),
        country: detector.country.map(Into::into),
        score: f64::from(spot.score) / 100.0,
        checked: spot.checked,
        path: finding.at.to_string(),
        start_byte: spot.span.start as u64,
        end_byte: spot.span.end as u64,
        view: if finding.joined { "joined" } else { view_name(spot.view) }.into(),
        data_class: if likely { data_class(class) } else { v1::DataClass::Unspecified }.into(),
    }
}

/// Why it may go no further, in a sentence.
fn reason(
    facts: &Facts,
    origin: ClassOrigin,
    class: DataClass,
    ceiling: Tier,
    policy: &Policy,
) -> String {
    let privacy = policy.privacy();
    let gravest = facts
        .scan
        .found
        .iter()
        .filter(|one| one.score >= privacy.min_score())
        .max_by_key(|one| privacy.class_of(&one.kind, one.family));
    match (facts.scan.extent, origin, gravest) {
        (Extent::Unavailable, ..) => "the detectors failed, so nothing is known of it".into(),
        (Extent::Truncated, ..) => "it is longer than the detectors read".into(),
        (Extent::Unsure, ..) => "a part is encoded so that no detector can read it".into(),
        _ if ceiling == Tier::Cloud => String::new(),
        (_, _, Some(found)) if privacy.class_of(&found.kind, found.family) >= class => {
            format!("{} makes it {class}, and {class} stays on {}", found.kind, near(ceiling))
        }
        (_, ClassOrigin::Unlabelled, _) if privacy.names() == Names::ModelRequired => {
            "the policy demands a model that knows names before unlabelled content leaves".into()
        }
        _ => format!("its class {class} stays on {}", near(ceiling)),
    }
}

fn near(ceiling: Tier) -> &'static str {
    match ceiling {
        Tier::Device => "the device",
        Tier::Edge | Tier::Cloud => "device or edge",
    }
}
