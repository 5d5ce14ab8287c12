//! The people of a scenario as clients of a live router: each request is sent at its own moment, whether those
//! before it were answered or not, and timed from that moment.

use super::prompt;
use super::stage::{Stage, TENANT, user_of};
use crate::failure::Failure;
use littoral_core::class::DataClass;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_router::clock::unix_ms;
use littoral_router::keys::{Books, Change, Scope};
use littoral_sim::histogram::Histogram;
use littoral_sim::{Coming, Scenario};
use secrecy::ExposeSecret as _;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_types::StatusExt as _;

/// Connections that requests are spread over.
const CONNECTIONS: usize = 4;
/// Keys are good for longer than any validation.
const KEY_LIFE_MS: u64 = 6 * 3_600_000;
/// The first request waits for the last of them to be made ready.
const BEFORE_THE_FIRST: Duration = Duration::from_millis(200);

/// What was measured.
#[derive(Default)]
pub struct Measured {
    /// From the request's moment to its first token, in milliseconds.
    pub first_ms: Histogram,
    /// To its last one.
    pub total_ms: Histogram,
    /// Requests without an answer, by reason.
    pub unanswered: BTreeMap<String, u64>,
}

/// One answer: milliseconds to the first token and to the end, or why there is none.
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
    let keys = keys(stage, scenario, coming)?;
    let mut channels = Vec::new();
    for _ in 0..CONNECTIONS {
        channels.push(stage.connect().await?);
    }
    let start = Instant::now() + BEFORE_THE_FIRST;
    let mut asked: JoinSet<Answer> = JoinSet::new();
    for (at, one) in coming.iter().enumerate() {
        let (request, moment) = (request(scenario, one, &keys), start + one.at);
        let client = ChatServiceClient::new(channels[at % CONNECTIONS].clone());
        asked.spawn(async move {
            sleep_until(moment).await;
            ask(client, request, moment).await
        });
    }
    let mut measured = Measured::default();
    let mut through = 0_usize;
    while let Some(ended) = asked.join_next().await {
        through += 1;
        tell(through as f64 / coming.len() as f64);
        match ended.unwrap_or_else(|_| Err("the client broke".into())) {
            Ok((first_ms, total_ms)) => {
                measured.first_ms.add(first_ms);
                measured.total_ms.add(total_ms);
            }
            Err(reason) => *measured.unanswered.entry(reason).or_default() += 1,
        }
    }
    Ok(measured)
}

/// The key of each application and person that asks: who somebody is comes from nowhere else.
type Keys = HashMap<(usize, u32), MetadataValue<Ascii>>;

fn keys(stage: &Stage, scenario: &Scenario, coming: &[Coming]) -> Result<Keys, Failure> {
    let books = Books::of(&stage.state());
    let now = unix_ms();
    let mut keys = Keys::new();
    for one in coming {
        if keys.contains_key(&(one.kind, one.person)) {
            continue;
        }
        let wanted = Change {
            tenant: TENANT.into(),
            application: scenario.requests[one.kind].application.clone(),
            user: user_of(one.person.into()),
            scopes: [Scope::Chat].into(),
            expires_unix_ms: now.saturating_add(KEY_LIFE_MS),
        };
        let failed = |why: String| Failure::new(format!("failed to make an API key: {why}"));
        let (_, secret) = books.create(wanted, now).map_err(|error| failed(error.to_string()))?;
        let header = format!("Bearer {}", secret.expose_secret()).parse();
        let mut header: MetadataValue<Ascii> =
            header.map_err(|_| failed("it is no header".into()))?;
        header.set_sensitive(true);
        keys.insert((one.kind, one.person), header);
    }
    Ok(keys)
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
    if let Some(key) = keys.get(&(one.kind, one.person)) {
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
    let mut events = client.complete(request).await.map_err(reason)?.into_inner();
    let mut first_ms = None;
    while let Some(event) = events.message().await.map_err(reason)? {
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
fn reason(status: Status) -> String {
    let details = status.get_error_details();
    match details.error_info() {
        Some(info) => info.reason.clone(),
        None => status.message().to_owned(),
    }
}
