//! Calls that run beside their flight, in one task with it.
//!
//! What a call says is heard by its flight within the same turn: no other thread is woken for it, and what the two
//! share stays with one core. A call is polled whenever the task is, whatever its flight waits for meanwhile, so a
//! cancel and the switch reach it as they would reach a task of its own.

use futures_util::FutureExt as _;
use parking_lot::Mutex;
use pin_project_lite::pin_project;
use std::mem;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio_util::task::TaskTracker;

type Call = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The calls of one flight. Clones are the same.
#[derive(Clone, Default)]
pub struct Calls(Arc<Mutex<Vec<Call>>>);

impl Calls {
    /// Begins a call. One that panics is over, and its flight goes on.
    pub fn begin(&self, call: impl Future<Output = ()> + Send + 'static) {
        self.0.lock().push(Box::pin(AssertUnwindSafe(call).catch_unwind().map(drop)));
    }

    /// A flight, and beside it the calls that it begins. Those that outlive it go on as tasks of their own.
    pub fn beside<F: Future<Output = ()>>(self, flight: F, tasks: TaskTracker) -> Beside<F> {
        Beside { flight, begun: self, running: Vec::new(), tasks }
    }

    fn take(&self) -> Vec<Call> {
        mem::take(&mut *self.0.lock())
    }
}

pin_project! {
    /// A flight with its calls.
    #[must_use = "futures do nothing unless they are polled"]
    pub struct Beside<F> {
        #[pin]
        flight: F,
        begun: Calls,
        running: Vec<Call>,
        tasks: TaskTracker,
    }
}

impl<F: Future<Output = ()>> Future for Beside<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        loop {
            this.running.retain_mut(|call| call.as_mut().poll(context).is_pending());
            let is_over = this.flight.as_mut().poll(context).is_ready();
            let begun = this.begun.take();
            if is_over {
                for call in this.running.drain(..).chain(begun) {
                    this.tasks.spawn(call);
                }
                return Poll::Ready(());
            }
            if begun.is_empty() {
                return Poll::Pending;
            }
            this.running.extend(begun);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn a_call_runs_while_its_flight_waits_for_something_else() {
        let (calls, tasks) = (Calls::default(), TaskTracker::new());
        let (said_in, said) = oneshot::channel();
        let flight = {
            let calls = calls.clone();
            async move {
                calls.begin(async move { said_in.send("this").unwrap() });
                assert_eq!(said.await, Ok("this"));
            }
        };
        calls.beside(flight, tasks.clone()).await;
        assert!(tasks.is_empty(), "nothing is left over");
    }

    #[tokio::test]
    async fn a_call_that_outlives_its_flight_goes_on() {
        let (calls, tasks) = (Calls::default(), TaskTracker::new());
        let (go, may) = oneshot::channel::<()>();
        let (done_in, done) = oneshot::channel();
        let flight = {
            let calls = calls.clone();
            async move {
                calls.begin(async move {
                    let _ = may.await;
                    done_in.send(()).unwrap();
                });
            }
        };
        calls.beside(flight, tasks.clone()).await;
        assert_eq!(tasks.len(), 1);
        go.send(()).unwrap();
        done.await.unwrap();
        tasks.close();
        tasks.wait().await;
    }

    #[tokio::test]
    async fn a_call_that_panics_takes_no_flight_with_it() {
        let (calls, tasks) = (Calls::default(), TaskTracker::new());
        let (said_in, said) = oneshot::channel::<()>();
        let flight = {
            let calls = calls.clone();
            async move {
                calls.begin(async move {
                    let _held = said_in;
                    assert!(tokio::runtime::Handle::try_current().is_err(), "a call that panics");
                });
                assert!(said.await.is_err(), "what the call held is let go of");
            }
        };
        calls.beside(flight, tasks).await;
    }
}
