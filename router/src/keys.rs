//! API keys: who may ask from elsewhere, and for what.
//!
//! A key is shown once, when it is made. The router keeps a SHA-256 of its secret part, which is 256 random
//! bits, so there is nothing to guess and no slow hash is needed. The book of keys is a file in the state
//! folder, so that the first key can be made before the router runs; a running router reads it again when it
//! changes. Why so: `docs/adr/0023`.

mod book;
mod form;

pub use book::{BookError, Books, Change};
pub use form::{Presented, shown};

use arc_swap::ArcSwap;
use littoral_core::principal::Principal;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq as _;
use tokio_util::sync::CancellationToken;

/// Time between two looks at the book: so long can a revoked key still be used.
const INTERVAL: Duration = Duration::from_secs(1);

/// What a key is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Chat, dry runs, own records, receipts and usage.
    Chat,
    /// Texts into vectors.
    Embeddings,
    /// Read the metrics.
    Metrics,
    /// What administrators do: policy, fleet, egress, everybody's records. It includes none of the others.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Chat, Self::Embeddings, Self::Metrics, Self::Admin];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Embeddings => "embeddings",
            Self::Metrics => "metrics",
            Self::Admin => "admin",
        }
    }
}

/// A key as the book keeps it. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The part of the key that may be shown.
    pub id: String,
    /// SHA-256 of the secret part, in hexadecimal digits.
    pub sha256: String,
    /// Whose organisation asks with it.
    pub tenant: String,
    /// Which application asks with it. Budgets and rates count it by this name.
    pub application: String,
    /// Which person or service account asks with it.
    pub user: String,
    /// What it is good for.
    pub scopes: BTreeSet<Scope>,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_unix_ms: u64,
    /// When it ends.
    pub expires_unix_ms: u64,
    /// When it was revoked, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_unix_ms: Option<u64>,
}

impl Key {
    /// Whether it can be used.
    #[must_use]
    pub fn holds(&self, now_unix_ms: u64) -> bool {
        self.revoked_unix_ms.is_none() && now_unix_ms < self.expires_unix_ms
    }

    /// Who asks with it. `groups` are those of its user.
    #[must_use]
    pub fn principal(&self, groups: Vec<String>, loopback: bool) -> Principal {
        Principal {
            tenant: self.tenant.clone(),
            application: self.application.clone(),
            user: self.user.clone(),
            owner: self.user.clone(),
            groups,
            device_class: None,
            loopback,
            administrator: self.scopes.contains(&Scope::Admin),
        }
    }
}

/// Why a key is not taken. Never the key itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Nothing is known of it.
    #[error("the API key is not known here; is it whole, and of this router?")]
    Unknown,
    /// It was revoked.
    #[error("API key {0} was revoked; ask whoever runs the router for another")]
    Revoked(String),
    /// Its time is over.
    #[error("API key {0} has expired; ask whoever runs the router for another")]
    Expired(String),
}

type ById = BTreeMap<String, Arc<Key>>;

/// The keys of a running router.
pub struct Keys {
    books: Books,
    current: ArcSwap<ById>,
}

impl Keys {
    /// Reads the book in a state folder. No book is an empty one.
    ///
    /// # Errors
    /// It cannot be read or understood.
    pub fn open(state: &Path) -> Result<Self, BookError> {
        let books = Books::of(state);
        let current = ArcSwap::from_pointee(by_id(books.read()?));
        Ok(Self { books, current })
    }

    /// Whether anybody can ask with a key.
    #[must_use]
    pub fn any(&self, now_unix_ms: u64) -> bool {
        self.current.load().values().any(|key| key.holds(now_unix_ms))
    }

    /// Keys that can be used, at most so many, of different people.
    #[must_use]
    pub fn that_hold(&self, now_unix_ms: u64, most: usize) -> Vec<Arc<Key>> {
        let mut seen = BTreeSet::new();
        let current = self.current.load();
        let holding = current.values().filter(|key| key.holds(now_unix_ms));
        let other = holding.filter(|key| seen.insert((key.tenant.clone(), key.user.clone())));
        other.take(most).cloned().collect()
    }

    /// Who a presented key is.
    ///
    /// The time that it takes says nothing of how much of a secret was right, nor whether there is a key of
    /// that name.
    ///
    /// # Errors
    /// It is not one of ours, or not any more.
    pub fn verify(
        &self,
        presented: &Presented<'_>,
        now_unix_ms: u64,
    ) -> Result<Arc<Key>, KeyFault> {
        let current = self.current.load();
        let key = current.get(presented.id);
        let kept = key.map_or("", |key| key.sha256.as_str());
        let is_it = bool::from(sha256(presented.secret).as_bytes().ct_eq(kept.as_bytes()));
        let key = key.filter(|_| is_it).ok_or(KeyFault::Unknown)?;
        usable(key, now_unix_ms)
    }

    /// The key of an identifier that was proven in another way.
    ///
    /// # Errors
    /// There is none, or not any more.
    pub fn by_id(&self, id: &str, now_unix_ms: u64) -> Result<Arc<Key>, KeyFault> {
        usable(self.current.load().get(id).ok_or(KeyFault::Unknown)?, now_unix_ms)
    }

    /// Reads the book again whenever it changes. One that cannot be read changes nothing: the keys that were
    /// known stay.
    pub async fn keep_fresh_until(self: Arc<Self>, stop: CancellationToken) {
        let mut seen = None;
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = stop.cancelled() => return,
            }
            let stamp = self.books.stamp();
            if seen.replace(stamp) != Some(stamp) {
                self.read_again();
            }
        }
    }

    /// Reads the book now.
    pub fn read_again(&self) {
        match self.books.read() {
            Ok(keys) => self.current.store(Arc::new(by_id(keys))),
            Err(error) => {
                tracing::warn!(%error, "the book of keys cannot be read; the keys known before stay");
            }
        }
    }
}

fn usable(key: &Arc<Key>, now_unix_ms: u64) -> Result<Arc<Key>, KeyFault> {
    if key.revoked_unix_ms.is_some() {
        return Err(KeyFault::Revoked(key.id.clone()));
    }
    if !key.holds(now_unix_ms) {
        return Err(KeyFault::Expired(key.id.clone()));
    }
    Ok(Arc::clone(key))
}

fn by_id(keys: Vec<Key>) -> ById {
    keys.into_iter().map(|key| (key.id.clone(), Arc::new(key))).collect()
}

/// SHA-256 in hexadecimal digits.
fn sha256(secret: &str) -> String {
    digest(&SHA256, secret.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
