//! The first message of a session: prove the token, check the claims' shape.

use crate::clock::unix_ms;
use crate::join_token::JoinKey;
use crate::registry::session::{Outgoing, Session};
use littoral_proto::v1;
use littoral_proto::v1::worker_message::Message;
use std::time::Duration;
use tokio::sync::mpsc;
use tonic::Status;

/// Most models a worker may offer.
const MAX_MODELS: usize = 64;

/// A session from the first message, if its token holds.
///
/// # Errors
/// `UNAUTHENTICATED` with the token's fault, `INVALID_ARGUMENT` for a malformed hello.
pub fn admit(
    first: Option<v1::WorkerMessage>,
    key: &JoinKey,
    now: Duration,
    control: mpsc::Sender<v1::router_message::Message>,
    outgoing: mpsc::Sender<Outgoing>,
) -> Result<Session, Status> {
    let Some(Message::Hello(mut hello)) = first.and_then(|first| first.message) else {
        return Err(Status::invalid_argument("the first message of a session must be a hello"));
    };
    let wall_ms = unix_ms();
    let claims = key
        .verify(&hello.join_token, wall_ms)
        .map_err(|fault| Status::unauthenticated(fault.to_string()))?;
    hello.join_token.clear();
    if hello.worker_id != claims.worker_id {
        return Err(Status::unauthenticated(format!(
            "the join token was issued for worker {}, not for the name in the hello",
            claims.worker_id
        )));
    }
    check_offers(&hello.models)?;
    let token_ends = now + Duration::from_millis(claims.expires_unix_ms.saturating_sub(wall_ms));
    Ok(Session::new(claims, hello, (now, token_ends), control, outgoing))
}

fn check_offers(offers: &[v1::ModelOffer]) -> Result<(), Status> {
    let bad = |why: String| Err(Status::invalid_argument(why));
    if offers.len() > MAX_MODELS {
        return bad(format!("a worker may offer at most {MAX_MODELS} models"));
    }
    for (index, offer) in offers.iter().enumerate() {
        let characters = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if offer.name.is_empty() || offer.name.len() > 128 || !offer.name.chars().all(characters) {
            return bad(format!("models[{index}].name: 1 to 128 of A-Z a-z 0-9 . _ -"));
        }
        if offer.slots == 0 || offer.context_tokens == 0 {
            return bad(format!("models[{index}]: slots and context_tokens must be at least 1"));
        }
        if offers[..index].iter().any(|earlier| earlier.name == offer.name) {
            return bad(format!("models[{index}].name: {} is offered twice", offer.name));
        }
    }
    Ok(())
}
