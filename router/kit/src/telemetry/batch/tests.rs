//! A queue before collectors that take, refuse and hang, on a clock that only these tests move.

use super::*;
use opentelemetry::trace::{Span as _, Tracer as _, TracerProvider as _};
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_util::task::TaskTracker;

#[derive(Clone, Copy, Debug)]
enum Manner {
    Takes,
    Refuses,
    Hangs,
}

#[derive(Clone, Debug)]
struct Stub(Manner, Arc<AtomicUsize>);

impl SpanExporter for Stub {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        match self.0 {
            Manner::Takes => {
                self.1.fetch_add(batch.len(), Ordering::Relaxed);
                Ok(())
            }
            Manner::Refuses => Err(OTelSdkError::InternalFailure("no".into())),
            Manner::Hangs => std::future::pending().await,
        }
    }
}

struct Stand {
    provider: SdkTracerProvider,
    stages: Stages,
    losses: Arc<Losses>,
    taken: Arc<AtomicUsize>,
    tasks: TaskTracker,
}

fn stand(manner: Manner) -> Stand {
    let terms = Terms {
        queue: 8,
        batch: 4,
        delay: Duration::from_secs(2),
        timeout: Duration::from_secs(5),
    };
    let (stages, losses, taken) = (Stages::default(), Arc::default(), Arc::default());
    let exporter = Stub(manner, Arc::clone(&taken));
    let (processor, run) = to(exporter, terms, &stages, Arc::clone(&losses));
    let tasks = TaskTracker::new();
    tasks.spawn(run);
    tasks.close();
    let provider = SdkTracerProvider::builder().with_span_processor(processor).build();
    Stand { provider, stages, losses, taken, tasks }
}

impl Stand {
    fn spans(&self, count: usize) {
        let tracer = self.provider.tracer("test");
        (0..count).for_each(|_| tracer.start("span").end());
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_goes_out_at_once_and_the_rest_after_the_delay() {
    let stand = stand(Manner::Takes);
    stand.spans(5);
    tokio::time::advance(Duration::from_millis(1)).await;
    tokio::task::yield_now().await;
    assert_eq!(stand.taken.load(Ordering::Relaxed), 5, "one full batch, and what lay beside it");
    stand.spans(1);
    tokio::time::advance(Duration::from_secs(3)).await;
    tokio::task::yield_now().await;
    assert_eq!(stand.taken.load(Ordering::Relaxed), 6);
    assert_eq!(stand.losses.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_hanging_collector_leaves_no_room_for_is_dropped_and_counted() {
    let stand = stand(Manner::Hangs);
    stand.spans(4);
    tokio::task::yield_now().await;
    // Four are with the collector, eight wait, the others are gone.
    tokio::time::advance(Duration::from_secs(3)).await;
    tokio::task::yield_now().await;
    stand.spans(20);
    assert_eq!(stand.losses.of(Lost::QueueFull), 12);
    tokio::time::advance(Duration::from_secs(5)).await;
    tokio::task::yield_now().await;
    assert_eq!(stand.losses.of(Lost::NotTaken), 4, "the message that hung is given up");
}

#[tokio::test(start_paused = true)]
async fn what_a_collector_refuses_is_counted_and_not_sent_again() {
    let stand = stand(Manner::Refuses);
    stand.spans(3);
    stand.stages.last.cancel();
    stand.tasks.wait().await;
    assert_eq!(stand.losses.of(Lost::NotTaken), 3);
}

#[tokio::test(start_paused = true)]
async fn the_end_sends_what_is_left_and_leaves_what_hangs() {
    let well = stand(Manner::Takes);
    well.spans(7);
    well.stages.last.cancel();
    well.tasks.wait().await;
    assert_eq!((well.taken.load(Ordering::Relaxed), well.losses.count()), (7, 0));
    let dead = stand(Manner::Hangs);
    dead.spans(7);
    dead.stages.last.cancel();
    tokio::task::yield_now().await;
    dead.stages.over.cancel();
    dead.tasks.wait().await;
    assert_eq!(dead.losses.of(Lost::AtTheEnd), 7);
}
