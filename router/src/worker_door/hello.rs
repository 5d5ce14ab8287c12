//! The first message of a session: prove who the worker is, check the claims' shape.

use crate::clock::unix_ms;
use crate::join_token::{Claims, JoinKey};
use crate::registry::models::MAX_MODELS;
use crate::registry::session::{Outgoing, Session};
use crate::tls::identity::IdentityError;
use littoral_proto::v1;
use littoral_proto::v1::worker_message::Message;
use std::time::Duration;
use tokio::sync::mpsc;
use tonic::Status;

/// What the certificate of a connection says, if it has one.
pub type Shown = Option<Result<Claims, IdentityError>>;

/// A session from the first message, if its token or the connection's certificate holds.
///
/// # Errors
/// `UNAUTHENTICATED` with the fault of token or certificate, `INVALID_ARGUMENT` for a malformed hello.
pub fn admit(
    first: Option<v1::WorkerMessage>,
    shown: Shown,
    key: &JoinKey,
    now: Duration,
    control: mpsc::Sender<v1::router_message::Message>,
    outgoing: mpsc::Sender<Outgoing>,
) -> Result<Session, Status> {
    let Some(Message::Hello(mut hello)) = first.and_then(|first| first.message) else {
        return Err(Status::invalid_argument("the first message of a session must be a hello"));
    };
    let wall_ms = unix_ms();
    let claims = proven(&hello.join_token, shown, key, wall_ms).map_err(Status::unauthenticated)?;
    hello.join_token.clear();
    if hello.worker_id != claims.worker_id {
        return Err(Status::unauthenticated(format!(
            "the join token or certificate was issued for worker {}, not for the name in the hello",
            claims.worker_id
        )));
    }
    check_offers(&hello.models)?;
    let token_ends = now + Duration::from_millis(claims.expires_unix_ms.saturating_sub(wall_ms));
    Ok(Session::new(claims, hello, (now, token_ends), control, outgoing))
}

/// What token and certificate grant: one of them must hold, and two must not disagree.
fn proven(token: &str, shown: Shown, key: &JoinKey, wall_ms: u64) -> Result<Claims, String> {
    if token.is_empty() {
        return match shown {
            Some(shown) => shown.map_err(|fault| fault.to_string()),
            None => key.verify(token, wall_ms).map_err(|fault| fault.to_string()),
        };
    }
    let claims = key.verify(token, wall_ms).map_err(|fault| fault.to_string())?;
    match shown {
        // A certificate that names no worker may be there for other reasons.
        Some(Ok(other)) if !claims.is_same_worker(&other) => Err(format!(
            "the join token is of worker {} and the certificate of worker {}, or they grant different things; \
             show one of them",
            claims.worker_id, other.worker_id
        )),
        _ => Ok(claims),
    }
}

fn check_offers(offers: &[v1::ModelOffer]) -> Result<(), Status> {
    let bad = |why: String| Err(Status::invalid_argument(why));
    if offers.len() > MAX_MODELS {
        return bad(format!("a worker may offer at most {MAX_MODELS} models"));
    }
    for (index, offer) in offers.iter().enumerate() {
        if let Err(why) = check_offer(offer) {
            return bad(format!("models[{index}]{why}"));
        }
        if offers[..index].iter().any(|earlier| earlier.name == offer.name) {
            return bad(format!("models[{index}].name: {} is offered twice", offer.name));
        }
    }
    Ok(())
}

/// Checks one offer.
///
/// # Errors
/// What is wrong, as it goes on after the offer's name.
pub fn check_offer(offer: &v1::ModelOffer) -> Result<(), &'static str> {
    let characters = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if offer.name.is_empty() || offer.name.len() > 128 || !offer.name.chars().all(characters) {
        return Err(".name: 1 to 128 of A-Z a-z 0-9 . _ -");
    }
    if offer.slots == 0 || offer.context_tokens == 0 {
        return Err(": slots and context_tokens must be at least 1");
    }
    Ok(())
}
