//! Scans of content, off the threads that serve requests, within a bound of time and number. What takes less
//! time to scan than to hand over is scanned at once.
//!
//! A scan that panics, takes too long or finds no thread free is a scan that did not happen: the content
//! counts as unseen, and what is unseen leaves for no cloud. Nobody is told that it was clean.

use crate::clock::Clock;
use littoral_core::privacy::{self, Scanned, ScannedText, Searcher};
use littoral_core::prompt::Prompt;
use parking_lot::Mutex;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Longest wait for a scan. A megabyte of the worst text takes a quarter of a second.
const SCAN_LIMIT: Duration = Duration::from_secs(3);
/// A prompt this short takes tens of microseconds, and a quarter of a millisecond at the very worst.
const BRIEF_BYTES: u64 = 1_024;
/// Scans at once. One that was given up on keeps its place until it really ends.
const SCANS_AT_ONCE: usize = 8;

/// Looks into content. Behind a trait so that tests can have detectors that fail.
pub trait Detect: Send + Sync {
    /// Scans a prompt.
    fn prompt(&self, prompt: Arc<Prompt>) -> Scanned;
    /// Scans text that a model generated.
    fn answer(&self, text: String) -> ScannedText;
    /// Whether a prompt of so many bytes is scanned in the time that handing it to another thread takes.
    fn is_brief(&self, _bytes: u64) -> bool {
        false
    }
}

/// All shipped detectors; each scan takes a searcher that is idle.
#[derive(Default)]
pub struct Shipped {
    idle: Mutex<Vec<Searcher>>,
}

impl Shipped {
    fn with<T>(&self, scan: impl FnOnce(&mut Searcher) -> T) -> Option<T> {
        let idle = self.idle.lock().pop();
        let mut searcher = idle.or_else(Searcher::shipped)?;
        let scanned = scan(&mut searcher);
        let mut idle = self.idle.lock();
        if idle.len() < SCANS_AT_ONCE {
            idle.push(searcher);
        }
        Some(scanned)
    }
}

impl Detect for Shipped {
    fn prompt(&self, prompt: Arc<Prompt>) -> Scanned {
        let scanned = self.with(|searcher| searcher.scan(Arc::clone(&prompt)));
        scanned.unwrap_or_else(|| Scanned::unavailable(prompt))
    }

    fn answer(&self, text: String) -> ScannedText {
        let mut text = Some(text);
        let scanned = self.with(|searcher| searcher.answer(text.take().unwrap_or_default()));
        scanned.unwrap_or_else(|| ScannedText::unavailable(text.unwrap_or_default()))
    }

    fn is_brief(&self, bytes: u64) -> bool {
        bytes <= BRIEF_BYTES
    }
}

/// The detectors of a router.
#[derive(Clone)]
pub struct Detectors {
    detect: Arc<dyn Detect>,
    places: Arc<Semaphore>,
    limit: Duration,
}

impl Default for Detectors {
    fn default() -> Self {
        Self::of(Arc::new(Shipped::default()))
    }
}

impl Detectors {
    /// These detectors.
    #[must_use]
    pub fn of(detect: Arc<dyn Detect>) -> Self {
        Self { detect, places: Arc::new(Semaphore::new(SCANS_AT_ONCE)), limit: SCAN_LIMIT }
    }

    /// The same with another bound of time.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Makes the tables ready before the first request needs them.
    pub async fn warm_up(&self, clock: Clock) {
        let started = clock.now();
        let scanned = self.answer("ready".to_owned()).await;
        let took_ms = clock.now().saturating_sub(started).as_millis();
        tracing::debug!(extent = scanned.fact().extent.name(), took_ms, "detectors are ready");
    }

    /// Scans a prompt.
    pub async fn prompt(&self, prompt: &Arc<Prompt>) -> Scanned {
        let (detect, content) = (Arc::clone(&self.detect), Arc::clone(prompt));
        if detect.is_brief(privacy::content_bytes(prompt)) {
            // What a panic leaves behind is a searcher that nobody has any more.
            let scanned = catch_unwind(AssertUnwindSafe(|| detect.prompt(content)));
            let scanned = scanned.inspect_err(|_| tracing::error!("a detector panicked"));
            return scanned.unwrap_or_else(|_| Scanned::unavailable(Arc::clone(prompt)));
        }
        let scanned = self.off_thread(move || detect.prompt(content)).await;
        scanned.unwrap_or_else(|| Scanned::unavailable(Arc::clone(prompt)))
    }

    /// Scans text that a model generated.
    pub async fn answer(&self, text: String) -> ScannedText {
        let (detect, content) = (Arc::clone(&self.detect), text.clone());
        let scanned = self.off_thread(move || detect.answer(content)).await;
        scanned.unwrap_or_else(|| ScannedText::unavailable(text))
    }

    /// Scans a prompt for some kinds, each by itself and at any likelihood; `None` if one is not known.
    pub async fn kinds(&self, prompt: &Arc<Prompt>, kinds: Vec<String>) -> Option<Scanned> {
        let content = Arc::clone(prompt);
        let scan = move || {
            let names: Vec<&str> = kinds.iter().map(String::as_str).collect();
            Searcher::of_kinds(&names).map(|mut searcher| searcher.scan(content))
        };
        let scanned = self.off_thread(scan).await;
        scanned.unwrap_or_else(|| Some(Scanned::unavailable(Arc::clone(prompt))))
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        scan: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let run = async {
            let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
            let scanned = tokio::task::spawn_blocking(move || held(place, scan)).await;
            scanned.inspect_err(|_| tracing::error!("a detector panicked")).ok()
        };
        let scanned = tokio::time::timeout(self.limit, run).await;
        scanned.inspect_err(|_| tracing::error!("the detectors took too long")).ok().flatten()
    }
}

/// A scan that holds its place to its end, whoever still waits for it.
fn held<T>(place: OwnedSemaphorePermit, scan: impl FnOnce() -> T) -> T {
    let scanned = scan();
    drop(place);
    scanned
}
