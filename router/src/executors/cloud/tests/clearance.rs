//! What a clearance is turned into.

use super::*;
use littoral_core::class::{DataClass, Tier};
use littoral_core::facts::{ClassFact, ClassOrigin, Facts, Hints, Needs, ScanFact, TokenCount};
use littoral_core::plan::{Attempt, Limits, Prediction, Target};
use littoral_core::policy::Policy;
use littoral_core::principal::Principal;
use littoral_core::privacy::{Searcher, gate};
use littoral_core::prompt::{
    Message, Part, PartContent, Prompt, Remainder, ResponseFormat, Role, Sampling, ToolChoice,
};
use std::collections::BTreeMap;

fn attempt(provider: &str) -> Attempt {
    let target = Target {
        pool: format!("{provider}/gpt-4o-mini").into(),
        model: "gpt-4o-mini".into(),
        at: Place::Cloud { provider: provider.into() },
        accepts_prefix: false,
    };
    let predicted = Prediction {
        first_token_ms: None,
        total_ms: None,
        output_tokens: 64,
        cost_usd_micros: None,
        energy_joules: None,
        energy_estimated: false,
        quality: None,
    };
    let limits = Limits { first_token_ms: 2_000, stall_ms: 1_000, output_tokens: 256 };
    Attempt {
        target,
        tier: Tier::Cloud,
        predicted,
        limits,
        score: 0.0,
        because: None,
        bounds: None,
    }
}

fn facts() -> Facts {
    Facts {
        principal: Principal::loopback(),
        alias: String::new(),
        class: ClassFact { class: DataClass::Restricted, origin: ClassOrigin::Unlabelled },
        scan: ScanFact::default(),
        session: None,
        prompt_tokens: TokenCount { tokens: 9, estimated: false },
        prompt_bytes: 20,
        max_output_tokens: Some(64),
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

fn cleared_for(provider: &str) -> Cleared {
    let text = PartContent::Text("What is a littoral?".into());
    let message = Message {
        role: Role::User,
        parts: vec![Part { content: text, label: None }],
        name: None,
        tool_calls: vec![],
        tool_call_id: None,
        label: None,
    };
    let prompt = Prompt {
        messages: vec![message],
        tools: vec![],
        tool_choice: ToolChoice::Auto,
        response_format: ResponseFormat::Text,
        sampling: Sampling::default(),
        stop: vec![],
        max_output_tokens: Some(64),
        top_logprobs: None,
        user: None,
        metadata: BTreeMap::new(),
        label: Some(DataClass::Public),
        embed: None,
    };
    let class = ClassFact { class: DataClass::Public, origin: ClassOrigin::Labelled };
    let all = Remainder { assistant_prefix: None, max_output_tokens: 64 };
    let content = Searcher::shipped().unwrap().scan(Arc::new(prompt));
    let facts = Facts { class, scan: content.fact().clone(), ..facts() };
    let (attempt, policy) = (attempt(provider), Policy::shipped());
    let asked = gate::Asked {
        content: &content,
        facts: &facts,
        attempt: &attempt,
        policy: &policy,
        request_id: "r1",
    };
    gate::clear(asked, all, None).unwrap()
}

#[tokio::test]
async fn cleared_content_reaches_its_provider_as_prepared() {
    let stand = Stand::start(vec![vec![events(&[STOP]), end()]]).await;
    let call = provider(&stand.base_url()).prepare(cleared_for("openai")).unwrap();
    let bytes = call.bytes();
    let (events, _told) = mpsc::channel(64);
    let report = call.run(pass(), DispatchId(0), events, CancellationToken::new()).await;
    let seen = stand.seen.lock().unwrap();
    let body = String::from_utf8(seen.requests[0].1.clone()).unwrap();
    assert!(body.contains(r#""model":"gpt-4o-mini""#), "{body}");
    assert!(body.contains("What is a littoral?"), "{body}");
    assert_eq!((report.sent_bytes, bytes), (body.len() as u64, body.len() as u64));
}

#[tokio::test]
async fn content_cleared_for_another_provider_is_not_taken() {
    let fault = provider("http://127.0.0.1:9").prepare(cleared_for("other")).unwrap_err();
    assert_eq!((fault.blame, fault.kind), (Blame::Gate, "not_cleared"));
}

#[tokio::test]
async fn debug_output_shows_no_content_and_no_key() {
    let provider = provider("http://127.0.0.1:9");
    let call = provider.prepare(cleared_for("openai")).unwrap();
    let shown = format!("{provider:?} {call:?} {:?}", config("http://127.0.0.1:9"));
    assert!(!shown.contains("littoral?") && !shown.contains(KEY), "{shown}");
}
