//! Requests as tests write them, and answers as tests read them.

use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use std::time::Duration;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// A request with one user message and this label.
#[must_use]
pub fn prompt(text: &str, class: v1::DataClass) -> v1::ChatRequest {
    v1::ChatRequest {
        messages: vec![v1::Message {
            role: v1::Role::User.into(),
            parts: vec![v1::Part {
                content: Some(v1::part::Content::Text(text.into())),
                ..v1::Part::default()
            }],
            ..v1::Message::default()
        }],
        sampling: Some(v1::Sampling { temperature: Some(0.0), ..v1::Sampling::default() }),
        max_output_tokens: Some(24),
        hints: Some(v1::RoutingHints { data_class: class.into(), ..v1::RoutingHints::default() }),
        ..v1::ChatRequest::default()
    }
}

/// Everything a stream said.
#[derive(Debug, Default)]
pub struct Answer {
    /// The events, in order.
    pub events: Vec<Event>,
    /// The status, where it failed.
    pub status: Option<Status>,
}

/// Reads a stream to its end.
pub async fn read(mut stream: tonic::Streaming<v1::ChatEvent>) -> Answer {
    let mut answer = Answer::default();
    loop {
        match stream.message().await {
            Ok(Some(event)) => answer.events.extend(event.event),
            Ok(None) => return answer,
            Err(status) => {
                answer.status = Some(status);
                return answer;
            }
        }
    }
}

/// Asks and reads to the end.
///
/// # Panics
/// If the stream does not end within [`crate::cluster::PATIENCE`].
pub async fn ask(client: &mut ChatServiceClient<Channel>, request: v1::ChatRequest) -> Answer {
    let answer = async {
        match client.complete(request).await {
            Ok(stream) => read(stream.into_inner()).await,
            Err(status) => Answer { events: Vec::new(), status: Some(status) },
        }
    };
    let patience: Duration = crate::cluster::PATIENCE;
    tokio::time::timeout(patience, answer).await.expect("an end of the stream in time")
}

impl Answer {
    /// The text of the last epoch, checked: offsets without gap or overlap, epochs never going back.
    ///
    /// # Panics
    /// If the deltas do not fit together.
    #[must_use]
    pub fn text(&self) -> String {
        let (mut text, mut epoch) = (String::new(), 0);
        for event in &self.events {
            let Event::Delta(delta) = event else { continue };
            if delta.channel() != v1::Channel::Content {
                continue;
            }
            assert!(delta.epoch >= epoch, "epoch went back");
            if delta.epoch > epoch {
                epoch = delta.epoch;
                text.clear();
            }
            assert_eq!(delta.offset, text.len() as u64, "offset of {delta:?}");
            text.push_str(&delta.text);
        }
        text
    }

    /// Number of text events.
    #[must_use]
    pub fn deltas(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, Event::Delta(_))).count()
    }

    /// The first event, which must say who was chosen.
    ///
    /// # Panics
    /// If it is another.
    #[must_use]
    pub fn routed(&self) -> &v1::Routed {
        match self.events.first() {
            Some(Event::Routed(routed)) => routed,
            other => panic!("the first event must be routed, not {other:?}; {:?}", self.status),
        }
    }

    /// The decision that was announced.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn decision(&self) -> &v1::Decision {
        self.routed().decision.as_ref().expect("a decision")
    }

    /// The last event, which must be the end.
    ///
    /// # Panics
    /// If it is another.
    #[must_use]
    pub fn done(&self) -> &v1::Done {
        match self.events.last() {
            Some(Event::Done(done)) => done,
            other => panic!("the last event must be done, not {other:?}; {:?}", self.status),
        }
    }

    /// Who answered, as `tier pool`.
    ///
    /// # Panics
    /// If nobody did.
    #[must_use]
    pub fn served(&self) -> (v1::Tier, String) {
        let served = self.done().served.as_ref().expect("who answered");
        (served.tier(), served.target.as_ref().expect("a target").pool.clone())
    }

    /// The code and the named reason of the failure.
    ///
    /// # Panics
    /// If it did not fail, or without a reason.
    #[must_use]
    pub fn failure(&self) -> (Code, String) {
        let status = self.status.as_ref().expect("a failure");
        let info = status.get_details_error_info().expect("an ErrorInfo");
        assert_eq!(info.domain, "littoral");
        (status.code(), info.reason)
    }
}
