//! The first turns of a flight are taken by the task of whoever waits for its whole answer.
//!
//! Where a target answers at once, all of it happens in one task: nobody is woken on another core to hear of the
//! end. A flight that takes longer than a few turns becomes a task of its own, so that what comes piece by piece
//! wakes the flight and not its client; and so does one whose client leaves, because what to do then is the
//! flight's to say.
//!
//! Only for a client that asks for what comes until the end, or leaves: one that reads slowly would hold up the
//! flight's deadlines, cancels and the switch.

use futures_util::{FutureExt as _, Stream};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio_util::task::TaskTracker;

/// So many turns: more than an answer takes that comes in one piece.
const TURNS: u8 = 8;

type Flight = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a client is told, with the flight that tells it while its first turns last.
pub struct FirstTurns<S> {
    told: S,
    aboard: Aboard,
}

impl<S: Stream + Unpin> FirstTurns<S> {
    /// What `flight` tells comes out of `told`. The flight is one of `flights` wherever it is polled.
    pub fn of(
        flight: impl Future<Output = ()> + Send + 'static,
        told: S,
        flights: &TaskTracker,
    ) -> Self {
        // One that panics is over: what it held is let go of, and its client told so, as from a task.
        let flight = AssertUnwindSafe(flight).catch_unwind().map(drop);
        let flight: Flight = Box::pin(flights.track_future(flight));
        Self { told, aboard: Aboard { flight: Some(flight), turns: 0, flights: flights.clone() } }
    }
}

impl<S: Stream + Unpin> Stream for FirstTurns<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.aboard.turn(context);
        Pin::new(&mut self.told).poll_next(context)
    }
}

/// A flight that has no task of its own yet.
struct Aboard {
    flight: Option<Flight>,
    turns: u8,
    flights: TaskTracker,
}

impl Aboard {
    fn turn(&mut self, context: &mut Context<'_>) {
        let Some(flight) = &mut self.flight else { return };
        if self.turns == TURNS {
            return self.leave();
        }
        self.turns += 1;
        if flight.as_mut().poll(context).is_ready() {
            self.flight = None;
        }
    }

    /// It goes on as a task of its own.
    fn leave(&mut self) {
        if let Some(flight) = self.flight.take() {
            self.flights.spawn(flight);
        }
    }
}

impl Drop for Aboard {
    fn drop(&mut self) {
        // Where there is no runtime any more there are no targets either.
        if tokio::runtime::Handle::try_current().is_ok() {
            self.leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt as _;
    use std::future::poll_fn;
    use tokio::sync::{mpsc, oneshot};
    use tokio_stream::wrappers::ReceiverStream;

    fn log() -> (mpsc::Sender<&'static str>, ReceiverStream<&'static str>) {
        let (told_in, told) = mpsc::channel(64);
        (told_in, ReceiverStream::new(told))
    }

    /// Gives way so many times.
    async fn turns(most: usize) {
        for _ in 0..most {
            let mut is_first = true;
            poll_fn(|context| {
                context.waker().wake_by_ref();
                if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }
            })
            .await;
        }
    }

    #[tokio::test]
    async fn a_short_flight_is_flown_by_whoever_waits_for_it() {
        let (told_in, told) = log();
        let (flights, here) = (TaskTracker::new(), tokio::task::try_id());
        let flight = async move {
            assert_eq!(tokio::task::try_id(), here, "in the client's task");
            turns(usize::from(TURNS) - 1).await;
            told_in.send("all of it").await.unwrap();
        };
        let told = FirstTurns::of(flight, told, &flights);
        assert_eq!(flights.len(), 1, "it is one of the flights");
        assert_eq!(told.collect::<Vec<_>>().await, ["all of it"]);
        assert!(flights.is_empty());
    }

    #[tokio::test]
    async fn a_longer_flight_wakes_its_client_no_more() {
        let (told_in, told) = log();
        let flights = TaskTracker::new();
        let flight = async move {
            turns(1_000).await;
            told_in.send("the end").await.unwrap();
        };
        let mut told = FirstTurns::of(flight, told, &flights);
        let mut polls = 0;
        let end = poll_fn(|context| {
            polls += 1;
            told.poll_next_unpin(context)
        });
        assert_eq!(end.await, Some("the end"));
        // Its turns, the one in which it leaves, and the end.
        assert_eq!(polls, usize::from(TURNS) + 2);
    }

    #[tokio::test]
    async fn a_flight_whose_client_leaves_goes_on_to_its_end() {
        let (told_in, told) = log();
        let (said_in, said) = oneshot::channel();
        let flights = TaskTracker::new();
        let flight = async move {
            told_in.closed().await;
            said_in.send("nobody is there").unwrap();
        };
        let mut told = FirstTurns::of(flight, told, &flights);
        assert!(told.next().now_or_never().is_none());
        drop(told);
        assert_eq!(said.await, Ok("nobody is there"));
        flights.close();
        flights.wait().await;
    }

    #[tokio::test]
    async fn a_flight_that_panics_takes_no_client_with_it() {
        let (told_in, told) = log();
        let flights = TaskTracker::new();
        let flight = async move {
            let _held = told_in;
            assert!(tokio::runtime::Handle::try_current().is_err(), "a flight that panics");
        };
        let mut told = FirstTurns::of(flight, told, &flights);
        assert_eq!(told.next().await, None, "what it held is let go of");
        assert!(flights.is_empty());
    }
}
