//! What the stand-in was sent: every request, byte for byte, and every byte under it.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use thiserror::Error;
use tokio::sync::Notify;

/// One request, as it came.
#[derive(Clone)]
pub struct RecordedRequest {
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers, credentials included.
    pub headers: HeaderMap,
    /// The body's bytes, as they were sent.
    pub body: Bytes,
    /// Number of the connection it came on, from 0.
    pub connection: u64,
}

impl RecordedRequest {
    /// The body as JSON; null if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// True if `text` occurs in the body as it was sent.
    #[must_use]
    pub fn body_contains(&self, text: &str) -> bool {
        !text.is_empty() && self.body.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

/// Something a test waited for did not happen in time.
#[derive(Debug, Error)]
#[error("waited {} s for {wanted}; saw {seen}", Self::LIMIT.as_secs())]
pub struct WaitError {
    pub(super) wanted: String,
    pub(super) seen: u64,
}

impl WaitError {
    /// Longest wait of a test for the stand-in. Generous: it is spent only by a failing test.
    pub const LIMIT: Duration = Duration::from_secs(30);
}

/// The record of one stand-in.
#[derive(Default)]
pub(super) struct Recording {
    requests: Mutex<Vec<RecordedRequest>>,
    bytes_received: AtomicU64,
    connections: AtomicU64,
    abandoned: AtomicU64,
    changed: Notify,
}

impl Recording {
    pub(super) fn note_request(&self, head: &Parts, body: Bytes, connection: u64) {
        let request = RecordedRequest {
            method: head.method.to_string(),
            path: head.uri.to_string(),
            headers: head.headers.clone(),
            body,
            connection,
        };
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        self.changed.notify_waiters();
    }

    /// Notes a connection; returns its number, from 0.
    pub(super) fn note_connection(&self) -> u64 {
        let number = self.connections.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
        number
    }

    pub(super) fn note_bytes(&self, bytes: u64) {
        self.bytes_received.fetch_add(bytes, Ordering::SeqCst);
    }

    pub(super) fn note_abandoned(&self) {
        self.abandoned.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    pub(super) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn bytes_received(&self) -> u64 {
        self.bytes_received.load(Ordering::SeqCst)
    }

    pub(super) fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn abandoned(&self) -> u64 {
        self.abandoned.load(Ordering::SeqCst)
    }

    /// Waits until `count` of something was `seen`.
    pub(super) async fn wait_until(
        &self,
        what: &'static str,
        wanted: u64,
        seen: impl Fn(&Self) -> u64,
    ) -> Result<(), WaitError> {
        let reached = async {
            loop {
                // Registered before looking, so a change in between is not missed.
                let changed = self.changed.notified();
                if seen(self) >= wanted {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(WaitError::LIMIT, reached)
            .await
            .map_err(|_| WaitError { wanted: format!("{wanted} {what}"), seen: seen(self) })
    }
}
