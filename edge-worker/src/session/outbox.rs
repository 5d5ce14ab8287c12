//! The way up: three bounded sources, one stream, in order of urgency.
//!
//! Control messages go first, then the State, then chunks of answers. HTTP/2 polls this stream only
//! when the connection has room, so on a slow connection chunks wait here, their senders wait, and
//! the engine pauses just those sequences; a heartbeat waits for nothing but what the connection
//! has already taken. The State is not queued: a mark says that one is due, and it is composed when
//! the connection takes it, so it is never stale and never piles up.

use futures_util::future::ready;
use futures_util::stream::{PollNext, select_with_strategy};
use futures_util::{Stream, StreamExt as _};
use littoral_proto::v1::worker_message::Message;
use littoral_proto::v1::{State, WorkerMessage};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::{ReceiverStream, WatchStream};

/// Control messages that may wait. They answer the router's own messages, a few for each; a router
/// that lets so many lie is not reading.
const CONTROL_LIMIT: usize = 256;
/// Chunks that may wait, over all running assignments.
const CHUNK_LIMIT: usize = 16;

/// The sending ends. Dropping all of them ends the stream after what is queued.
#[derive(Clone)]
pub(super) struct Outbox {
    control: mpsc::Sender<WorkerMessage>,
    chunks: mpsc::Sender<WorkerMessage>,
    state_due: watch::Sender<()>,
}

/// The session is over, or the router has stopped reading.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unsendable;

impl Outbox {
    /// An outbox and the stream it feeds; `state` composes a State whenever one is
    /// due, or says that there is none to send.
    pub(super) fn new<F>(state: F) -> (Self, impl Stream<Item = WorkerMessage> + Send + 'static)
    where
        F: Fn() -> Option<State> + Send + 'static,
    {
        let (control, controls) = mpsc::channel(CONTROL_LIMIT);
        let (chunks, chunked) = mpsc::channel(CHUNK_LIMIT);
        let (state_due, due) = watch::channel(());
        let states = WatchStream::from_changes(due)
            .filter_map(move |()| ready(state().map(|state| wrap(Message::State(state)))));
        let first = |_: &mut ()| PollNext::Left;
        let calm = select_with_strategy(states, ReceiverStream::new(chunked), first);
        let all = select_with_strategy(ReceiverStream::new(controls), calm, first);
        (Self { control, chunks, state_due }, all)
    }

    /// Queues a control message without waiting.
    pub(super) fn control(&self, message: Message) -> Result<(), Unsendable> {
        self.control.try_send(wrap(message)).map_err(|_| Unsendable)
    }

    /// Queues a part of an answer, and waits for as long as the connection is slow.
    pub(super) async fn chunk(&self, message: Message) -> Result<(), Unsendable> {
        self.chunks.send(wrap(message)).await.map_err(|_| Unsendable)
    }

    /// A State shall be sent. Several marks before it is sent make one State.
    pub(super) fn state_is_due(&self) {
        self.state_due.send_modify(|()| {});
    }
}

fn wrap(message: Message) -> WorkerMessage {
    WorkerMessage { message: Some(message) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use littoral_proto::v1::{Accept, Chunk};

    fn chunk(assignment_id: u64) -> Message {
        Message::Chunk(Chunk { assignment_id, body: None })
    }

    fn accept(assignment_id: u64) -> Message {
        Message::Accept(Accept { assignment_id })
    }

    #[tokio::test]
    async fn control_goes_before_the_heartbeat_and_the_heartbeat_before_chunks() {
        let (outbox, stream) = Outbox::new(|| Some(State::default()));
        outbox.chunk(chunk(1)).await.unwrap();
        outbox.state_is_due();
        outbox.state_is_due();
        outbox.control(accept(1)).unwrap();
        drop(outbox);
        let sent: Vec<_> = stream.map(|message| message.message.unwrap()).collect().await;
        assert_eq!(sent, [accept(1), Message::State(State::default()), chunk(1)]);
    }

    #[tokio::test]
    async fn when_the_connection_takes_nothing_chunks_wait_and_the_state_stays_single() {
        let (outbox, stream) = Outbox::new(|| Some(State::default()));
        for id in 0..CHUNK_LIMIT as u64 {
            outbox.chunk(chunk(id)).await.unwrap();
            outbox.state_is_due();
        }
        let mut one_more = Box::pin(outbox.chunk(chunk(99)));
        assert!(futures_util::poll!(&mut one_more).is_pending());
        let mut stream = Box::pin(stream);
        let first = stream.next().await.unwrap().message.unwrap();
        assert_eq!(first, Message::State(State::default()));
        assert_eq!(stream.next().await.unwrap().message.unwrap(), chunk(0));
        assert_eq!(one_more.await, Ok(()));
    }

    #[tokio::test]
    async fn a_router_that_does_not_read_is_noticed_and_not_waited_for() {
        let (outbox, stream) = Outbox::new(|| Some(State::default()));
        for id in 0..CONTROL_LIMIT as u64 {
            outbox.control(accept(id)).unwrap();
        }
        assert_eq!(outbox.control(accept(0)), Err(Unsendable));
        drop(stream);
        assert_eq!(outbox.chunk(chunk(0)).await, Err(Unsendable));
    }
}
