//! The keys of one provider, taken in turns.
//!
//! A provider that refuses a key (401, 403), its account (402) or its pace (429) says nothing about
//! the others, so that key alone rests. Nothing is sent a second time with another key: the flight
//! decides on a second try, and that finds the next key.

mod rotation;

use super::dialect::KeyHeader;
use littoral_core::flight::event::Fault;
use littoral_core::retry::{Kind, Verdict};
use parking_lot::Mutex;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use rotation::Rotation;
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, Instant};

/// Rest of a key that is over its rate, where the provider does not say how long. Providers refill by
/// the second and count by the minute.
const RATE_REST: Duration = Duration::from_secs(5);
/// Rest of a key that is refused or has no money left. Only people put that right, and may do so at the
/// provider, where nobody tells us.
const REFUSED_REST: Duration = Duration::from_secs(60);

/// The number of a key among those of its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyId(pub usize);

/// All keys of one provider. At least one.
pub(super) struct Keys {
    header: HeaderName,
    values: Vec<HeaderValue>,
    rotation: Mutex<Rotation>,
}

impl Keys {
    /// `None` where there is no key, or one that is empty or that no header can carry. Space around a
    /// key is ignored, and a key that is there twice counts once.
    pub(super) fn new(header: KeyHeader, keys: &[SecretString]) -> Option<Self> {
        let mut values: Vec<HeaderValue> = Vec::new();
        for key in keys {
            let value = value(header.scheme, key.expose_secret().trim())?;
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let rotation = Mutex::new(Rotation::new(values.len()));
        let header = HeaderName::from_static(header.name);
        (!values.is_empty()).then_some(Self { header, values, rotation })
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.values.len()
    }

    /// The key whose turn it is among those that may be used.
    pub(super) fn turn(&self, now: Instant, may: impl Fn(usize) -> bool) -> KeyId {
        KeyId(self.rotation.lock().next(now, may))
    }

    /// How long this key still rests; nothing where it does not.
    pub(super) fn rests(&self, KeyId(key): KeyId, now: Instant) -> Option<Duration> {
        let until = self.rotation.lock().until(key, now);
        until.map(|until| until.saturating_duration_since(now))
    }

    /// Puts a key among the headers of a request.
    pub(super) fn show(&self, KeyId(key): KeyId, headers: &mut HeaderMap) {
        if let Some(value) = self.values.get(key) {
            headers.insert(self.header.clone(), value.clone());
        }
    }

    /// What a request with this key shows.
    pub(super) fn shown(&self, key: KeyId) -> &[u8] {
        self.values.get(key.0).map(HeaderValue::as_bytes).unwrap_or_default()
    }

    /// Takes note of how a call with this key failed.
    pub(super) fn failed(&self, key: KeyId, fault: &Fault, now: Instant) {
        if let Some(rest) = rest(fault) {
            self.rotation.lock().rest(key.0, now + rest);
        }
    }

    /// Takes note that a call with this key was answered.
    pub(super) fn answered(&self, key: KeyId) {
        self.rotation.lock().wake(key.0);
    }
}

fn value(scheme: &str, key: &str) -> Option<HeaderValue> {
    let whole = SecretString::from(format!("{scheme}{key}"));
    let mut value = HeaderValue::from_str(whole.expose_secret()).ok()?;
    value.set_sensitive(true);
    (!key.is_empty()).then_some(value)
}

/// How long a key rests after this fault; `None` where the key is not at fault.
fn rest(fault: &Fault) -> Option<Duration> {
    if !Verdict::of(fault).key_at_fault {
        return None;
    }
    let is_pace = Kind::named(fault.kind) == Some(Kind::RateLimited);
    let usual = if is_pace { RATE_REST } else { REFUSED_REST };
    Some(fault.retry_after_ms.map_or(usual, Duration::from_millis))
}

#[cfg(test)]
mod tests;
