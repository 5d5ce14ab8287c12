//! The people of a scenario as clients of a live router: each request is sent at its own moment, whether those
//! before it were answered or not, and timed from that moment.

use super::keys::Keys;
use super::prompt;
use super::stage::Stage;
use crate::failure::Failure;
use littoral_core::class::DataClass;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_sim::histogram::Histogram;
use littoral_sim::{Coming, Scenario};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_types::StatusExt as _;

/// Connections that requests are spread over.
const CONNECTIONS: usize = 4;
/// The first request waits for the last of them to be made ready.
const BEFORE_THE_FIRST: Duration = Duration::from_millis(200);

/// What was measured.
#[derive(Default)]
pub struct Measured {
    /// From the request's moment to its first token, in milliseconds.
    pub first_ms: Histogram,
    /// To its last one.
    pub total_ms: Histogram,
    /// How late requests were sent, in milliseconds: what the processors had no time for.
    pub late_ms: Histogram,
    /// Requests without an answer, by reason.
    pub unanswered: BTreeMap<String, u64>,
}

/// Milliseconds to the first token and to the end, or why there is no answer.
type Answer = Result<(f64, f64), String>;

/// Plays all requests; `tell` hears which share of them is through.
///
/// # Errors
/// The requests could not be sent at all.
pub async fn play(
    stage: &Stage,
    scenario: &Scenario,
    coming: &[Coming],
    tell: impl Fn(f64),
) -> Result<Measured, Failure> {
    let mut channels = Vec::new();
    for _ in 0..CONNECTIONS {
        channels.push(stage.connect().await?);
    }
    let start = Instant::now() + BEFORE_THE_FIRST;
    let mut asked: JoinSet<(f64, Answer)> = JoinSet::new();
    for (at, one) in coming.iter().enumerate() {
        let (request, moment) = (request(scenario, one, stage.keys()), start + one.at);
        let client = ChatServiceClient::new(channels[at % CONNECTIONS].clone());
        asked.spawn(async move {
            sleep_until(moment).await;
            let late_ms = 1e3 * moment.elapsed().as_secs_f64();
            (late_ms, ask(client, request, moment).await)
        });
    }
    let mut measured = Measured::default();
    let mut through = 0_usize;
    while let Some(ended) = asked.join_next().await {
        through += 1;
        tell(through as f64 / coming.len() as f64);
        let (late_ms, answer) = ended.unwrap_or_else(|_| (0.0, Err("the client broke".into())));
        measured.late_ms.add(late_ms);
        match answer {
            Ok((first_ms, total_ms)) => {
                measured.first_ms.add(first_ms);
                measured.total_ms.add(total_ms);
            }
            Err(reason) => *measured.unanswered.entry(reason).or_default() += 1,
        }
    }
    Ok(measured)
}

fn request(scenario: &Scenario, one: &Coming, keys: &Keys) -> Request<v1::ChatRequest> {
    let kind = &scenario.requests[one.kind];
    let class = match kind.class {
        None => v1::DataClass::Unspecified,
        Some(DataClass::Public) => v1::DataClass::Public,
        Some(DataClass::Internal) => v1::DataClass::Internal,
        Some(DataClass::Personal) => v1::DataClass::Personal,
        Some(DataClass::Restricted) => v1::DataClass::Restricted,
    };
    let text = prompt::written(one.tokens_in, one.tokens_out);
    let mut request = Request::new(v1::ChatRequest {
        messages: vec![v1::Message {
            role: v1::Role::User.into(),
            parts: vec![v1::Part {
                content: Some(v1::part::Content::Text(text)),
                ..v1::Part::default()
            }],
            ..v1::Message::default()
        }],
        max_output_tokens: kind.max_output_tokens,
        hints: Some(v1::RoutingHints { data_class: class.into(), ..v1::RoutingHints::default() }),
        ..v1::ChatRequest::default()
    });
    if let Some(key) = keys.of(one) {
        request.metadata_mut().insert("authorization", key.clone());
    }
    request
}

async fn ask(
    mut client: ChatServiceClient<Channel>,
    request: Request<v1::ChatRequest>,
    moment: Instant,
) -> Answer {
    let since = || 1e3 * moment.elapsed().as_secs_f64();
    let mut events = client.complete(request).await.map_err(|status| reason(&status))?.into_inner();
    let mut first_ms = None;
    while let Some(event) = events.message().await.map_err(|status| reason(&status))? {
        match event.event {
            Some(Event::Delta(_)) => {
                first_ms.get_or_insert_with(since);
            }
            Some(Event::Done(_)) => {
                let total_ms = since();
                return Ok((first_ms.unwrap_or(total_ms), total_ms));
            }
            _ => {}
        }
    }
    Err("the stream ended early".into())
}

/// The name of a refusal, or the words of the transport.
fn reason(status: &Status) -> String {
    let details = status.get_error_details();
    match details.error_info() {
        Some(info) => info.reason.clone(),
        None => status.message().to_owned(),
    }
}
