//! Reads a chat request: everything wrong with it is told at once.

use crate::ingress::principal;
use crate::pipeline::Pipeline;
use crate::pipeline::flights::Digest;
use crate::pipeline::request::{Delivery, Request, fresh_id, principal_key};
use crate::store::{SessionDigest, session_digest};
use crate::telemetry::RequestTrace;
use crate::wire::violation::Violation;
use crate::wire::{facts, prompt, status};
use littoral_core::fair::Priority;
use littoral_core::principal::Principal;
use littoral_proto::v1;
use ring::digest::{SHA256, digest};
use std::sync::Arc;
use std::time::Duration;
use tonic::{Extensions, Status};

/// Longest request id, in bytes.
const MAX_ID: usize = 128;
/// Longest name of a conversation, in bytes.
const MAX_SESSION_KEY: usize = 512;
/// Longest time a request may fly on without a client.
const MAX_RESUME_WINDOW: Duration = Duration::from_secs(60);

/// Reads a request from its wire form.
pub(crate) fn read(
    pipeline: &Pipeline,
    extensions: &Extensions,
    mut wire: v1::ChatRequest,
    delivery: Delivery,
) -> Result<Request, Status> {
    let arrived = pipeline.clock.now();
    let id = std::mem::take(&mut wire.request_id);
    let digest = body_digest(&wire);
    let mut bad = request_id(&id);
    let hints = facts::hints(wire.hints.as_ref()).map_err(|more| bad.extend(more));
    let window_ms = wire.hints.as_ref().and_then(|hints| hints.resume_window_ms).unwrap_or(0);
    let resume_window = Duration::from_millis(window_ms);
    if resume_window > MAX_RESUME_WINDOW {
        let (path, reason) = ("hints.resume_window_ms".into(), "at most 60000".into());
        bad.push(Violation { path, reason });
    }
    let principal = principal::of(extensions);
    let priority = priority(wire.hints.as_ref(), &mut bad);
    let session = session(&wire, &principal, &mut bad);
    let alias = wire.model.clone();
    let prompt = prompt::prompt(wire).map_err(|more| bad.extend(more));
    match (bad.is_empty(), hints, prompt) {
        (true, Ok(hints), Ok(prompt)) => Ok(Request {
            id_is_fresh: id.is_empty(),
            id: if id.is_empty() { fresh_id() } else { id },
            principal,
            session,
            priority,
            alias,
            prompt: Arc::new(prompt),
            hints,
            arrived,
            digest,
            resume_window,
            delivery,
            vectors: None,
            trace: RequestTrace::default(),
        }),
        _ => Err(status::invalid(&bad)),
    }
}

/// Maps are generated as ordered ones, so equal bodies have equal bytes.
pub(crate) fn body_digest(wire: &impl prost::Message) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, &wire.encode_to_vec()).as_ref());
    bytes
}

/// Its urgency.
pub(crate) fn priority(hints: Option<&v1::RoutingHints>, bad: &mut Vec<Violation>) -> Priority {
    let given = hints.map_or(0, |hints| hints.priority);
    match v1::Priority::try_from(given) {
        Ok(v1::Priority::Unspecified | v1::Priority::Normal) => Priority::Normal,
        Ok(v1::Priority::Low) => Priority::Low,
        Ok(v1::Priority::High) => Priority::High,
        Err(_) => {
            let reason = format!("{given} is no priority");
            bad.push(Violation { path: "hints.priority".into(), reason });
            Priority::Normal
        }
    }
}

/// The conversation that a request belongs to. Its name is the caller's own word and is not kept.
fn session(
    wire: &v1::ChatRequest,
    principal: &Principal,
    bad: &mut Vec<Violation>,
) -> Option<SessionDigest> {
    let key = wire.hints.as_ref()?.session_key.as_deref().filter(|key| !key.is_empty())?;
    if key.len() > MAX_SESSION_KEY {
        let (path, reason) = ("hints.session_key".into(), "at most 512 bytes".into());
        bad.push(Violation { path, reason });
        return None;
    }
    Some(session_digest(&principal_key(principal), key))
}

pub(crate) fn request_id(id: &str) -> Vec<Violation> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
    if id.len() <= MAX_ID && id.chars().all(allowed) {
        return Vec::new();
    }
    let reason = "1 to 128 characters of A-Z a-z 0-9 . _ : -, or empty".to_owned();
    vec![Violation { path: "request_id".into(), reason }]
}
