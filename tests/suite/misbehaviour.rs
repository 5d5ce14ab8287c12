//! Everything that a provider can do wrong, in each dialect, and the name of its outcome: the answer
//! whole, or a failure that says what was wrong. The table says which.
//!
//! What a failure means for other targets, by class and by moment, is the table of `clouds`; here the
//! cloud is alone, and it is about being understood.

mod table;

use crate::clouds::{BRISK, cells};
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_router::config::raw::{RawConfig, RawDialect};
use littoral_tests::ask::{Answer as Heard, ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, Gate, ScriptedCloud};
use littoral_tests::cluster::{Cluster, PATIENCE, Plan};
use std::path::Path;
use table::{Dialect, Outcome, ROWS, Row, WORDS};
use tokio_stream::StreamExt as _;

/// Cells at a time: each has a router of its own.
const AT_ONCE: usize = 6;
/// Time that a request has where the cloud says nothing at all.
const DEADLINE_MS: u64 = 2_500;

/// A router with this cloud alone, in this dialect; `dead` is the cloud's address where not its own.
async fn cluster(dialect: Dialect, cloud: &ScriptedCloud, dead: Option<String>) -> Cluster {
    let adjust: fn(&Path, &mut RawConfig) = match dialect {
        Dialect::Chat => |_, _| {},
        Dialect::Messages => |_, raw| {
            for provider in &mut raw.provider {
                provider.dialect = RawDialect::Anthropic;
                provider.model.iter_mut().for_each(|model| model.logprobs = false);
            }
        },
    };
    let cloud = dead.is_none().then_some(cloud);
    let adjust = Some(adjust);
    Cluster::start(Plan { cloud, dead_cloud: dead, policy: Some(BRISK), adjust, ..Plan::default() })
        .await
}

fn question(deadline_ms: Option<u64>) -> v1::ChatRequest {
    let mut request = prompt("what comes after the ebb", DataClass::Public);
    request.hints.get_or_insert_default().deadline_ms = deadline_ms;
    request
}

fn told_usage(heard: &Heard) -> Option<(u32, u32)> {
    heard.events.iter().find_map(|event| match event {
        Event::Usage(usage) => Some((usage.prompt_tokens, usage.completion_tokens)),
        _ => None,
    })
}

#[tokio::test]
async fn whatever_a_provider_does_wrong_has_its_outcome_in_every_dialect() {
    let all = ROWS.iter().flat_map(|row| Dialect::ALL.map(|dialect| (row, dialect)));
    let cells =
        all.map(|(row, dialect)| (format!("{} in {dialect:?}", row.name), check(row, dialect)));
    cells::all_end_as_told(AT_ONCE, cells).await;
}

async fn check(row: &Row, dialect: Dialect) {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    // Twice, since a broken connection is tried again.
    cloud.script((row.does)()).script((row.does)());
    let deadline_ms = (row.outcome(dialect) == Outcome::TooLate).then_some(DEADLINE_MS);
    let cluster = cluster(dialect, &cloud, None).await;
    let heard = ask(&mut cluster.chat(), question(deadline_ms)).await;
    match row.outcome(dialect) {
        Outcome::Whole(usage) => {
            assert_eq!(heard.text(), WORDS.concat());
            assert_eq!(heard.done().finish_reason(), v1::FinishReason::Stop);
            assert_eq!(told_usage(&heard), usage);
            assert_eq!(cloud.requests().len(), 1);
        }
        Outcome::Fails(why) => {
            assert_eq!(heard.failure().1, "ATTEMPTS_FAILED");
            let status = heard.status.as_ref().expect("a failure");
            assert!(status.message().contains(why), "{}", status.message());
            assert!(!status.message().contains(table::SECRET), "{}", status.message());
        }
        Outcome::TooLate => assert_eq!(heard.failure().1, "DEADLINE_EXCEEDED"),
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_in_any_dialect_and_is_named() {
    for dialect in Dialect::ALL {
        let [cloud, elsewhere] = [ScriptedCloud::start().await, ScriptedCloud::start().await]
            .map(|cloud| cloud.expect("a stand-in"));
        elsewhere.script(Behaviour::answer(WORDS));
        cloud.script(Behaviour::Redirect { location: elsewhere.base_url() });
        let cluster = cluster(dialect, &cloud, None).await;
        let heard = ask(&mut cluster.chat(), question(None)).await;
        let status = heard.status.as_ref().expect("a failure");
        assert!(status.message().contains("answered 307"), "{}", status.message());
        assert_eq!((cloud.requests().len(), elsewhere.connections()), (1, 0), "{dialect:?}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_sent_no_word_in_any_dialect_and_the_failure_is_named() {
    for dialect in Dialect::ALL {
        let cloud = ScriptedCloud::start().await.expect("a stand-in");
        cloud.script(Behaviour::answer(WORDS));
        let cluster = cluster(dialect, &cloud, Some(cloud.tls_base_url())).await;
        let heard = ask(&mut cluster.chat(), question(None)).await;
        let status = heard.status.as_ref().expect("a failure");
        let why = "could not agree on a secure connection";
        assert!(status.message().contains(why), "{}", status.message());
        assert!(cloud.connections() > 0, "it was tried");
        assert_eq!((cloud.requests().len(), cloud.unplayed()), (0, 1), "{dialect:?}");
    }
}

#[tokio::test]
async fn slow_headers_and_slow_chunks_are_waited_for_in_every_dialect() {
    for dialect in Dialect::ALL {
        let cloud = ScriptedCloud::start().await.expect("a stand-in");
        let [head, pieces] = [Gate::closed(), Gate::closed()];
        let answer = Answer::new(WORDS).with_gate(&pieces);
        cloud.script(Behaviour::SlowHeaders { answer, gate: head.clone() });
        let cluster = cluster(dialect, &cloud, None).await;
        let mut chat = cluster.chat();
        let stream = chat.complete(question(None)).await.expect("a stream").into_inner();
        let mut texts = stream.filter_map(|event| match event.expect("an event").event {
            Some(Event::Delta(delta)) => Some(delta.text),
            _ => None,
        });
        cloud.wait_for_requests(1).await.expect("a request");
        head.open();
        for word in WORDS {
            pieces.release(1);
            let text = tokio::time::timeout(PATIENCE, texts.next()).await.expect("a piece in time");
            assert_eq!(text.as_deref(), Some(word), "{dialect:?}");
        }
        assert_eq!(texts.next().await, None);
        assert_eq!(cloud.abandoned(), 0);
    }
}
