//! Finished spans on their way to a collector: a bounded queue, and one task that empties it in batches.
//!
//! Ending a span takes a lock for the time of a push, and so does taking a whole batch away: no request waits while
//! half a thousand spans are moved. The task wakes when a batch is full or the delay has passed, not for each span.
//! While the collector is slow the queue fills up; what comes then is dropped and counted, so that a request never
//! waits for its own trace.

use super::{Losses, Lost, Stages};
use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter, SpanProcessor};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// How spans are gathered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// Spans that may wait.
    pub queue: usize,
    /// Spans in one message at most.
    pub batch: usize,
    /// Longest time for which a span waits while the collector is well.
    pub delay: Duration,
    /// Longest time for one message.
    pub timeout: Duration,
}

#[derive(Debug)]
struct Queue {
    terms: Terms,
    waiting: Mutex<Waiting>,
    full_batch: Notify,
    losses: Arc<Losses>,
}

#[derive(Debug, Default)]
struct Waiting {
    /// Whole batches, the oldest first.
    full: VecDeque<Vec<SpanData>>,
    /// The one that fills.
    filling: Vec<SpanData>,
}

/// The end that spans come in at.
#[derive(Debug)]
pub(super) struct Batches(Arc<Queue>);

/// A processor for spans, and the task that sends them on, to its end.
pub(super) fn to<E: SpanExporter + 'static>(
    exporter: E,
    terms: Terms,
    stages: &Stages,
    losses: Arc<Losses>,
) -> (Batches, impl Future<Output = ()> + Send + use<E>) {
    let queue =
        Arc::new(Queue { terms, waiting: Mutex::default(), full_batch: Notify::new(), losses });
    let run = run(exporter, Arc::clone(&queue), stages.clone());
    (Batches(queue), run)
}

impl SpanProcessor for Batches {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() {
            self.0.push(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    /// The task has its own end, which is told beforehand and does not block.
    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl Queue {
    fn push(&self, span: SpanData) {
        let Terms { queue, batch, .. } = self.terms;
        let mut waiting = self.lock();
        if waiting.full.len() * batch + waiting.filling.len() >= queue {
            drop(waiting);
            return self.losses.add(Lost::QueueFull, 1);
        }
        waiting.filling.push(span);
        if waiting.filling.len() >= batch {
            let full = std::mem::replace(&mut waiting.filling, Vec::with_capacity(batch));
            waiting.full.push_back(full);
            drop(waiting);
            self.full_batch.notify_one();
        }
    }

    /// The oldest batch, full or not.
    fn take(&self) -> Vec<SpanData> {
        let mut waiting = self.lock();
        waiting.full.pop_front().unwrap_or_else(|| std::mem::take(&mut waiting.filling))
    }

    /// What is still there, which nobody takes any more.
    fn left(&self) -> usize {
        let waiting = std::mem::take(&mut *self.lock());
        waiting.full.iter().map(Vec::len).sum::<usize>() + waiting.filling.len()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn run(exporter: impl SpanExporter, queue: Arc<Queue>, stages: Stages) {
    let Terms { batch: most, delay, .. } = queue.terms;
    let mut is_well = true;
    loop {
        let is_last = tokio::select! {
            biased;
            () = stages.last.cancelled() => true,
            () = queue.full_batch.notified() => false,
            () = tokio::time::sleep(delay) => false,
        };
        loop {
            let batch = queue.take();
            let count = batch.len();
            if count == 0 {
                break;
            }
            let sent = tokio::select! {
                biased;
                () = stages.over.cancelled() => {
                    return queue.losses.add(Lost::AtTheEnd, count + queue.left());
                }
                sent = tokio::time::timeout(queue.terms.timeout, exporter.export(batch)) => sent,
            };
            let why = match sent {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(_) => Some("it did not answer in time".to_owned()),
            };
            if why.is_some() {
                queue.losses.add(Lost::NotTaken, count);
            }
            tell(&mut is_well, why.as_deref());
            if count < most && !is_last {
                break;
            }
        }
        if is_last {
            return;
        }
    }
}

/// Says when the collector stops taking spans and when it takes them again, and not each time between.
fn tell(is_well: &mut bool, why: Option<&str>) {
    match (*is_well, why) {
        (true, Some(why)) => {
            tracing::warn!(why, "the collector does not take spans; they are lost");
        }
        (false, None) => tracing::info!("the collector takes spans again"),
        _ => {}
    }
    *is_well = why.is_none();
}

#[cfg(test)]
mod tests;
