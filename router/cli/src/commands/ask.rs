//! `ask`: the answer as it comes, then where it came from.
//!
//! Standard output gets the answer alone. The rest (who, why, how long, what left) goes to standard
//! error, and only if a person reads it there or asked for it.

mod answer;
mod page;

use super::prompt::Prompt;
use crate::arguments::Globals;
use crate::describe::{Here, Left};
use crate::failure::Failure;
use crate::{client, json, screen};
use answer::Answer;
use clap::Args;
use littoral_kit::shutdown::signalled;
use littoral_proto::v1;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_proto::v1::routing_service_client::RoutingServiceClient;
use page::Page;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};
use tonic::Streaming;

/// Longest wait for the decision: reading a long prompt takes the router most of it.
const DECISION_LIMIT: Duration = Duration::from_secs(15);
/// What the router may take beyond the deadline it announced.
const GRACE: Duration = Duration::from_secs(10);
/// Longest wait for the record of a request that failed.
const RECORD_LIMIT: Duration = Duration::from_secs(2);

const EXAMPLES: &str = "\
Examples:
  littoral ask \"Why is the sea salty?\"
  littoral ask --class public \"Why is the sea salty?\"    may go to a cloud
  littoral ask --class restricted - < letter.txt         stays on this machine
  littoral ask --temperature 0 --max-tokens 40 \"Name a fish.\"
  littoral ask --json \"Hi\" | jq -j '.delta.text // empty'

Ctrl-C cancels the request; the model stops at the next token.";

/// Asks a question and streams the answer
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Ask {
    #[command(flatten)]
    prompt: Prompt,
    /// Say who answered and why even if nobody watches, and in full
    #[arg(long, short)]
    verbose: bool,
    /// Print the answer once it is complete, not as it comes
    #[arg(long)]
    whole: bool,
}

impl Ask {
    /// Asks, prints, explains.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let request = self.prompt.request()?;
        let page = Page { verbose: self.verbose, whole: self.whole, json: globals.json };
        client::block_on(async {
            let channel = client::connect(globals).await?;
            let mut answer = Answer::default();
            let asked = ask(globals, &channel, request, &page, &mut answer).await;
            match asked {
                Ok(()) => page.end(&answer, globals),
                Err(failure) => {
                    page.break_off(&answer);
                    Err(with_record(failure, globals, channel, &answer).await)
                }
            }
        })
    }
}

/// Streams one answer to the page.
async fn ask(
    globals: &Globals,
    channel: &client::Connection,
    request: v1::ChatRequest,
    page: &Page,
    answer: &mut Answer,
) -> Result<(), Failure> {
    let mut client = ChatServiceClient::new(channel.clone())
        .max_decoding_message_size(client::LARGEST_MESSAGE)
        .max_encoding_message_size(client::LARGEST_MESSAGE);
    let decided_by = Instant::now() + DECISION_LIMIT;
    let silent = |_| client::silent(globals, DECISION_LIMIT);
    let opened = timeout_at(decided_by, client.complete(request)).await.map_err(silent)?;
    let mut events = opened.map_err(|status| client::failure(globals, &status))?.into_inner();
    let first = next(globals, &mut events, decided_by).await?;
    let Some(first) = first else { return Err(cut()) };
    show(page, answer, first)?;
    let all = answer.deadline().unwrap_or(DECISION_LIMIT) + GRACE;
    let end = Instant::now() + all;
    while !answer.is_done() {
        let Some(event) = next(globals, &mut events, end).await? else { return Err(cut()) };
        show(page, answer, event)?;
    }
    Ok(())
}

/// The next event, or what came instead.
async fn next(
    globals: &Globals,
    events: &mut Streaming<v1::ChatEvent>,
    end: Instant,
) -> Result<Option<v1::ChatEvent>, Failure> {
    let event = tokio::select! {
        event = timeout_at(end, events.message()) => event,
        // Dropping the stream tells the router, and the router the worker.
        () = signalled() => return Err(Failure::interrupted("cancelled")),
    };
    let event =
        event.map_err(|_| Failure::new("the router kept neither its deadline nor silence"))?;
    event.map_err(|status| client::failure(globals, &status))
}

fn cut() -> Failure {
    Failure::new("the answer ended without its last event; what was printed is incomplete")
}

fn show(page: &Page, answer: &mut Answer, event: v1::ChatEvent) -> Result<(), Failure> {
    if page.json {
        json::print(&json::of_message("ChatEvent", &event)?)?;
    }
    let step = answer.take(event)?;
    page.show(step)
}

/// A failure with what is on record of the request: above all, whether anything left.
async fn with_record(
    mut failure: Failure,
    globals: &Globals,
    channel: client::Connection,
    answer: &Answer,
) -> Failure {
    let id = failure.request_id.clone().or_else(|| answer.request_id.clone());
    let Some(id) = id else { return failure };
    let question = v1::ExplainRequest { request_id: id.clone() };
    let mut client = RoutingServiceClient::new(channel);
    let record = timeout(RECORD_LIMIT, client.explain(question)).await;
    // Without a record there is nothing to add; the failure itself is told in any case.
    if let Ok(Ok(record)) = record {
        let receipt = record.into_inner().outcome.and_then(|outcome| outcome.receipt);
        let left = receipt.map(|receipt| Left::of(&receipt, &Here::of(globals)));
        failure.details.extend(left.map(|left| left.text));
    }
    if !globals.json && screen::err_is_terminal() {
        failure
            .details
            .push(format!("the whole story: {}", globals.suggest(&format!("explain {id}"))));
    }
    failure.request_id = Some(id);
    failure
}
