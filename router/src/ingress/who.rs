//! Who asks, found out once for every request before a door sees it: by key, by certificate, or because the
//! connection comes from this machine.
//!
//! On loopback nobody needs a key. Two kinds of requests come over loopback and are not from the person at
//! this machine: those that a proxy passes on, and those that a web page makes its browser send. The first
//! say so in a header and need a key like everybody; the second carry the page's origin, which has to be of
//! this machine too or be named in the configuration.

mod let_in;
mod origin;
mod refused;

pub use let_in::LetIn;
pub use origin::Origins;

use super::principal::People;
use crate::clock::unix_ms;
use crate::connection::Connection;
use crate::keys::{Keys, Presented, Scope};
use crate::tls::identity;
use http::header::{AUTHORIZATION, ORIGIN};
use http::{HeaderMap, Request};
use littoral_core::principal::Principal;
use littoral_core::reason::Reason;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Headers that a proxy adds.
const PASSED_ON: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];
/// Headers that clients of others show a key in, beside `authorization`.
const KEY_HEADERS: [&str; 2] = ["x-api-key", "api-key"];

/// What it takes to tell who asks. It is cloned for every request, so that nothing in it may be large.
#[derive(Clone)]
pub struct Who {
    /// Keys.
    pub keys: Arc<Keys>,
    /// What is known of people.
    pub people: Arc<People>,
    /// The router's identifier, which certificates of those who ask carry.
    pub router_id: Arc<str>,
    /// Pages whose requests are let in.
    pub origins: Arc<Origins>,
}

/// Somebody who may ask for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Who it is.
    pub principal: Principal,
    /// What they may ask for.
    pub scopes: BTreeSet<Scope>,
}

/// A request that is not let in, in one sentence with a way out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NotLetIn {
    reason: Reason,
    message: String,
}

impl Who {
    /// People who could ask with a key now, at most so many.
    #[must_use]
    pub fn askers(&self, most: usize) -> Vec<Principal> {
        let groups = |user: &str| self.people.groups.get(user).cloned().unwrap_or_default();
        let keys = self.keys.that_hold(unix_ms(), most);
        keys.iter().map(|key| key.principal(groups(&key.user), false)).collect()
    }

    /// Whose request it is, where its path asks for somebody.
    fn lets_in<B>(&self, request: &Request<B>) -> Result<Option<Principal>, NotLetIn> {
        let needed = needed(request.uri().path());
        if matches!(needed, Needed::Nothing) {
            return Ok(None);
        }
        let connection = request.extensions().get::<Connection>();
        let asker = self.asker(connection, request.headers(), unix_ms())?;
        allowed(asker, needed).map(Some)
    }

    fn asker(
        &self,
        connection: Option<&Connection>,
        headers: &HeaderMap,
        now_unix_ms: u64,
    ) -> Result<Asker, NotLetIn> {
        let loopback = connection.is_some_and(Connection::is_loopback);
        let proven = match ours(headers)? {
            Some(key) => Some(self.keys.verify(&key, now_unix_ms)),
            None => self.certified(connection).map(|id| self.keys.by_id(&id, now_unix_ms)),
        };
        if let Some(key) = proven {
            let key = key.map_err(|fault| unauthenticated(fault.to_string()))?;
            let groups = self.people.groups.get(&key.user).cloned().unwrap_or_default();
            let principal = key.principal(groups, loopback);
            return Ok(Asker { principal, scopes: key.scopes.clone() });
        }
        let passed_on = PASSED_ON.iter().any(|name| headers.contains_key(*name));
        if !loopback || passed_on {
            let whence = if loopback { "through a proxy" } else { "from another machine" };
            return Err(unauthenticated(format!(
                "a request {whence} needs an API key: `authorization: Bearer lk_...`; whoever runs the router \
                 makes one with `littoral keys create`"
            )));
        }
        if let Some(origin) = headers.get(ORIGIN).filter(|origin| !self.origins.lets_in(origin)) {
            let page =
                String::from_utf8_lossy(origin.as_bytes()).chars().take(80).collect::<String>();
            return Err(NotLetIn {
                reason: Reason::PermissionDenied,
                message: format!(
                    "pages of {page:?} may not ask this router; add the origin to `origins` of its configuration"
                ),
            });
        }
        let scopes = BTreeSet::from(Scope::ALL);
        Ok(Asker { principal: self.people.at_this_machine(), scopes })
    }
}

impl Who {
    /// The API key that the connection's certificate stands for.
    fn certified(&self, connection: Option<&Connection>) -> Option<String> {
        let connection = connection.filter(|connection| connection.of_own)?;
        identity::asker(connection.certificates.first()?, &self.router_id)
    }
}

/// The key of ours that a request shows, if it shows one. What others call a key is no business of ours: many
/// clients cannot be told to send none.
fn ours(headers: &HeaderMap) -> Result<Option<Presented<'_>>, NotLetIn> {
    let bearer = headers.get_all(AUTHORIZATION).iter().filter_map(|value| {
        let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    });
    let named = KEY_HEADERS.iter().flat_map(|name| headers.get_all(*name));
    let named = named.filter_map(|value| value.to_str().ok()).map(str::trim);
    let mut meant = bearer.chain(named).filter(|text| Presented::is_meant(text));
    let Some(first) = meant.next() else { return Ok(None) };
    if meant.any(|other| other != first) {
        return Err(unauthenticated("the request shows two different API keys".into()));
    }
    let malformed = || unauthenticated("the API key is not whole; is a part of it missing?".into());
    Presented::read(first).map(Some).ok_or_else(malformed)
}

fn unauthenticated(message: String) -> NotLetIn {
    NotLetIn { reason: Reason::Unauthenticated, message }
}

/// What a path asks of those who call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needed {
    /// Workers show tokens and certificates of their own; health is for everyone who can connect.
    Nothing,
    /// To be known.
    Known,
    /// To be known, with this right.
    Right(Scope),
}

fn needed(path: &str) -> Needed {
    let service =
        path.strip_prefix('/').and_then(|rest| rest.split('/').next()).unwrap_or_default();
    match service {
        "littoral.v1.WorkerService" | "grpc.health.v1.Health" => Needed::Nothing,
        "littoral.v1.EmbeddingService" => Needed::Right(Scope::Embeddings),
        "littoral.v1.FleetService" | "littoral.v1.PolicyService" => Needed::Right(Scope::Admin),
        "metrics" => Needed::Right(Scope::Metrics),
        name if name.starts_with("littoral.v1.") => Needed::Right(Scope::Chat),
        _ => match path {
            "/v1/embeddings" => Needed::Right(Scope::Embeddings),
            "/v1/chat/completions" | "/v1/messages" | "/v1/messages/count_tokens" => {
                Needed::Right(Scope::Chat)
            }
            _ => Needed::Known,
        },
    }
}

fn allowed(asker: Asker, needed: Needed) -> Result<Principal, NotLetIn> {
    match needed {
        Needed::Right(scope) if !asker.scopes.contains(&scope) => Err(NotLetIn {
            reason: Reason::PermissionDenied,
            message: format!(
                "the API key has no scope `{name}`; `littoral keys create --scope {name}` makes one that has",
                name = scope.name()
            ),
        }),
        _ => Ok(asker.principal),
    }
}

#[cfg(test)]
mod tests;
