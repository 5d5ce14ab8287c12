//! A client that listens to one answer and can stop at a moment of it.

use crate::tables::Moment;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use littoral_tests::ask::Answer;
use littoral_tests::cluster::{Cluster, PATIENCE};
use tonic::Streaming;

/// An answer that is being told.
pub struct Listening {
    stream: Streaming<v1::ChatEvent>,
    heard: Answer,
}

impl Listening {
    /// Asks.
    pub async fn start(cluster: &Cluster, request: v1::ChatRequest) -> Self {
        let stream = cluster.chat().complete(request).await.expect("a stream").into_inner();
        Self { stream, heard: Answer::default() }
    }

    /// Listens up to this moment of the answer: the prompt is read, or so many pieces were told.
    pub async fn until(&mut self, moment: Moment) {
        while !self.is_at(moment) {
            assert!(self.hears_more().await, "it ended before: {:?}", self.heard);
        }
        assert_eq!(self.heard.deltas(), moment.words());
    }

    /// Listens to the end.
    pub async fn until_the_end(mut self) -> Answer {
        while self.hears_more().await {}
        self.heard
    }

    fn is_at(&self, moment: Moment) -> bool {
        let read = self.heard.events.iter().any(|event| matches!(event, Event::Progress(_)));
        read && self.heard.deltas() >= moment.words()
    }

    /// Takes the next event; false at the end.
    async fn hears_more(&mut self) -> bool {
        let next = tokio::time::timeout(PATIENCE, self.stream.message()).await;
        match next.expect("an event in time") {
            Ok(Some(event)) => self.heard.events.extend(event.event),
            Ok(None) => return false,
            Err(status) => {
                self.heard.status = Some(status);
                return false;
            }
        }
        true
    }
}
