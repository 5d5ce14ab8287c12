//! One client after another request: classes, modes, deadlines and ends drawn from its seed.

use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_proto::v1::{self, DataClass};
use littoral_tests::ask::{Answer, prompt};
use littoral_tests::cluster::PATIENCE;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use std::collections::BTreeMap;
use tonic::transport::Channel;
use tonic::{Status, Streaming};

/// What becomes of the client's own side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It reads to the end.
    Stays,
    /// It goes away after some events.
    Leaves,
    /// Its stream breaks after some events and it resumes.
    Resumes,
}

/// One request and what came of it.
pub struct Heard {
    /// Request id.
    pub id: String,
    /// What its prompt holds, to be found again in whatever receives it.
    pub mark: String,
    /// Its label.
    pub class: DataClass,
    /// It asked the real model.
    pub real: bool,
    /// What its client did.
    pub fate: Fate,
    /// All events it got, in order.
    pub answer: Answer,
}

/// The words that stand in every prompt of a class.
pub fn mark_of(class: DataClass) -> String {
    format!("mark-{}-", class.as_str_name())
}

/// Sends `requests` requests, one after the other.
pub async fn ask_away(
    client: ChatServiceClient<Channel>,
    index: u64,
    requests: u64,
    mut random: StdRng,
) -> Vec<Heard> {
    let mut all = Vec::new();
    for number in 0..requests {
        let one = ask_one(client.clone(), format!("chaos-{index}-{number}"), &mut random);
        all.push(tokio::time::timeout(PATIENCE, one).await.expect("an end in time"));
    }
    all
}

async fn ask_one(mut client: ChatServiceClient<Channel>, id: String, random: &mut StdRng) -> Heard {
    let classes = [
        DataClass::Public,
        DataClass::Public,
        DataClass::Internal,
        DataClass::Personal,
        DataClass::Restricted,
        DataClass::Unspecified,
    ];
    let modes = [
        v1::Mode::PolicyDefault,
        v1::Mode::PolicyDefault,
        v1::Mode::PreferInCloud,
        v1::Mode::PreferEdge,
        v1::Mode::OnlyLocalNetwork,
    ];
    let class = *classes.choose(random).expect("classes");
    let real = random.random_bool(0.06);
    let fate = match random.random_range(0..10) {
        0 => Fate::Leaves,
        1 => Fate::Resumes,
        _ => Fate::Stays,
    };
    let mark = format!("{}{id}-end", mark_of(class));
    // What nobody labelled holds an address: it stays for what is in it.
    let found = if class == DataClass::Unspecified { " to jo@example.org" } else { "" };
    let mut request = prompt(&format!("Say something{found}. {mark}"), class);
    request.request_id.clone_from(&id);
    request.model = if real { "real" } else { "words" }.into();
    request.max_output_tokens = real.then_some(6);
    let hints = request.hints.get_or_insert_default();
    hints.mode = (*modes.choose(random).expect("modes")).into();
    hints.deadline_ms = Some(random.random_range(2_000..8_000));
    hints.resume_window_ms = (fate == Fate::Resumes).then_some(10_000);
    let enough = (fate != Fate::Stays).then(|| random.random_range(1..6));

    let mut answer = Answer::default();
    match client.complete(request).await {
        Ok(stream) => read(stream.into_inner(), enough, &mut answer).await,
        Err(status) => answer.status = Some(status),
    }
    if fate == Fate::Resumes && !is_over(&answer) {
        resume(&mut client, &id, &mut answer).await;
    }
    Heard { id, mark, class, real, fate, answer }
}

fn is_over(answer: &Answer) -> bool {
    answer.status.is_some() || matches!(answer.events.last(), Some(Event::Done(_)))
}

/// Reads to the end, or until enough events came.
async fn read(mut stream: Streaming<v1::ChatEvent>, enough: Option<usize>, answer: &mut Answer) {
    let enough = enough.map_or(usize::MAX, |events| answer.events.len() + events);
    while answer.events.len() < enough {
        match stream.message().await {
            Ok(Some(event)) => answer.events.extend(event.event),
            Ok(None) => return,
            Err(status) => {
                answer.status = Some(status);
                return;
            }
        }
    }
}

async fn resume(client: &mut ChatServiceClient<Channel>, id: &str, answer: &mut Answer) {
    let epoch = answer.events.iter().map(epoch_of).max().unwrap_or(0);
    // A new epoch may have been announced before any text of it came.
    let of_epoch = |event: &Event| matches!(event, Event::Delta(delta) if delta.epoch == epoch);
    let begun = answer.events.iter().any(of_epoch);
    let request = v1::ResumeRequest {
        request_id: id.into(),
        epoch,
        next_content_offset: if begun { answer.text().len() as u64 } else { 0 },
        ..v1::ResumeRequest::default()
    };
    let mut rest = Answer::default();
    match client.resume(request).await {
        Ok(stream) => read(stream.into_inner(), None, &mut rest).await,
        Err(status) => rest.status = Some(status),
    }
    // Who was chosen is told again to whoever comes back.
    let again = |event: &Event| !matches!(event, Event::Routed(_)) || answer.events.is_empty();
    let new: Vec<Event> = rest.events.into_iter().filter(again).collect();
    answer.events.extend(new);
    answer.status = rest.status;
}

fn epoch_of(event: &Event) -> u32 {
    match event {
        Event::Delta(delta) => delta.epoch,
        Event::Failover(failover) => failover.epoch,
        _ => 0,
    }
}

/// How many requests ended how, for people.
pub fn summary(heard: &[Heard]) -> String {
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for one in heard {
        let end = match (&one.answer.status, one.answer.events.last()) {
            (Some(status), _) => reason(status),
            (None, Some(Event::Done(_))) => format!("{:?}", one.answer.served().0),
            _ => "left".into(),
        };
        *ends.entry(end).or_default() += 1;
    }
    format!("{ends:?}")
}

fn reason(status: &Status) -> String {
    use tonic_types::StatusExt as _;
    status.get_details_error_info().map_or_else(|| status.code().to_string(), |info| info.reason)
}
