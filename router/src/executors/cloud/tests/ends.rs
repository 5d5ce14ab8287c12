//! Every way in which an answer can end, in each dialect, and the name of each outcome.

use super::*;
use crate::executors::cloud::dialect::Dialect;

/// What a server of one dialect says.
struct Speech {
    dialect: Dialect,
    /// Up to and with the text "Hello".
    hello: &'static [&'static str],
    /// The end of the text, and its reason.
    reason: &'static [&'static str],
    /// The last event.
    last: &'static str,
    /// An error in the place of an answer.
    error: &'static str,
}

const SPEECHES: [Speech; 2] = [
    Speech {
        dialect: Dialect::OpenAi(OpenAi::COMPATIBLE),
        hello: &[HELLO],
        reason: &[STOP],
        last: "[DONE]",
        error: r#"{"error":{"message":"What is a littoral?","type":"server_error"}}"#,
    },
    Speech {
        dialect: Dialect::Anthropic,
        hello: &[
            r#"{"type":"message_start","message":{"usage":{"input_tokens":5,"output_tokens":1}}}"#,
            r#"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}"#,
        ],
        reason: &[
            r#"{"type":"content_block_stop","index":0}"#,
            r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
        ],
        last: r#"{"type":"message_stop"}"#,
        error: r#"{"type":"error","error":{"type":"api_error","message":"What is a littoral?"}}"#,
    },
];

impl Speech {
    fn provider(&self, base_url: &str) -> CloudProvider {
        CloudProvider::new(ProviderConfig { dialect: self.dialect, ..config(base_url) }).unwrap()
    }

    async fn told(&self, script: Vec<Step>) -> Vec<Event> {
        let stand = Stand::start(vec![script]).await;
        let (report, told) = run(&self.provider(&stand.base_url())).await;
        assert_eq!(report, all_sent());
        told
    }

    /// A stream of these events after the text, and then its end.
    async fn after_hello(&self, events_after: &[&str], end: Vec<Step>) -> Vec<Event> {
        let all: Vec<&str> = self.hello.iter().chain(events_after).copied().collect();
        let mut script = vec![events(&all)];
        script.extend(end);
        self.told(script).await
    }

    fn whole(&self) -> Vec<&'static str> {
        self.hello.iter().chain(self.reason).copied().chain([self.last]).collect()
    }
}

fn hello_and_stop() -> [Event; 3] {
    [accepted(), delta("Hello"), finished(None)]
}

#[tokio::test]
async fn an_answer_without_its_last_event_is_finished() {
    for speech in &SPEECHES {
        assert_eq!(speech.after_hello(speech.reason, vec![end()]).await, hello_and_stop());
        assert_eq!(speech.after_hello(speech.reason, vec![Step::Close]).await, hello_and_stop());
    }
}

#[tokio::test]
async fn an_answer_whose_last_events_come_twice_is_finished_once() {
    for speech in &SPEECHES {
        let reason = *speech.reason.last().unwrap();
        let twice = [speech.reason, &[reason, speech.last, speech.last]].concat();
        assert_eq!(speech.after_hello(&twice, vec![end()]).await, hello_and_stop());
    }
}

#[tokio::test]
async fn a_last_event_without_a_reason_is_garbage() {
    for speech in &SPEECHES {
        let told = speech.after_hello(&[speech.last], vec![end()]).await;
        assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Target, "garbage"));
    }
}

#[tokio::test]
async fn an_answer_cut_in_mid_event_is_a_cut_of_whoever_cut_it() {
    let half = |event: &str| {
        let half = format!("data: {}", &event[..event.len() / 2]);
        Step::Write(format!("{:x}\r\n{half}\r\n", half.len()))
    };
    for speech in &SPEECHES {
        for (finish, blame) in [(end(), Blame::Target), (Step::Close, Blame::Network)] {
            let told = speech.after_hello(&[], vec![half(speech.reason[0]), finish]).await;
            assert_eq!(told[..2], [accepted(), delta("Hello")]);
            assert_eq!((fault(&told).blame, fault(&told).kind), (blame, "cut"));
        }
    }
}

#[tokio::test]
async fn a_success_with_an_error_for_a_body_is_that_error() {
    for speech in &SPEECHES {
        for kind in ["application/json", "text/event-stream"] {
            let body = match kind {
                "text/event-stream" => format!("event: error\ndata: {}\n\n", speech.error),
                _ => speech.error.to_owned(),
            };
            let head = format!("content-type: {kind}\r\n");
            let told = speech.told(vec![whole("200 OK", &head, &body)]).await;
            assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Target, "server"));
            assert!(!fault(&told).detail.contains("littoral"), "{}", fault(&told).detail);
        }
    }
}

#[tokio::test]
async fn an_error_after_text_ends_the_answer_by_its_name() {
    for speech in &SPEECHES {
        let told = speech.after_hello(&[speech.error], vec![end()]).await;
        assert_eq!(told[..2], [accepted(), delta("Hello")]);
        assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Target, "server"));
    }
}

#[tokio::test]
async fn a_redirect_is_a_fault_of_its_own_and_nobody_is_asked_there() {
    for speech in &SPEECHES {
        let elsewhere = Stand::start(vec![vec![events(&speech.whole()), end()]]).await;
        let location = format!("location: {}\r\n", elsewhere.base_url());
        let told = speech.told(vec![whole("308 Permanent Redirect", &location, "")]).await;
        assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Target, "redirect"));
        assert_eq!(elsewhere.seen.lock().unwrap().connections, 0);
    }
}

#[tokio::test]
async fn a_compressed_answer_that_nobody_asked_for_is_garbage() {
    // The beginning of a gzip file.
    let body = [0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, b'\n', b'\n'];
    for speech in &SPEECHES {
        for kind in ["application/json", "text/event-stream"] {
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-encoding: gzip\r\n\
                 content-length: {}\r\n\r\n",
                body.len()
            );
            let script = vec![Step::Write(head), Step::WriteBytes(body.to_vec())];
            let told = speech.told(script).await;
            assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Target, "garbage"));
        }
    }
}

#[tokio::test]
async fn text_cut_inside_its_characters_by_the_connection_arrives_whole() {
    for speech in &SPEECHES {
        let stream: String =
            speech.whole().iter().map(|data| format!(": c\r\ndata: {data}\r\n\r\n")).collect();
        let mut script = vec![events(&[])];
        for byte in stream.replace("Hello", "Größe 😀").bytes() {
            script.push(Step::WriteBytes([b"1\r\n".as_slice(), &[byte], b"\r\n"].concat()));
        }
        script.push(end());
        let expected = [accepted(), delta("Größe 😀"), finished(None)];
        assert_eq!(speech.told(script).await, expected);
    }
}

#[tokio::test]
async fn an_exchange_as_a_whole_is_bounded_however_lively_it_is() {
    let hang = Step::UntilClosed(Arc::new(Notify::new()));
    let stand = Stand::start(vec![vec![events(&[HELLO]), hang]]).await;
    let total_timeout = Duration::from_millis(300);
    let config = ProviderConfig { total_timeout, ..config(&stand.base_url()) };
    let (_, told) = run(&CloudProvider::new(config).unwrap()).await;
    assert_eq!(told[..2], [accepted(), delta("Hello")]);
    assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Network, "timeout"));
    assert_eq!(fault(&told).detail, "openai was not done with its answer in time");
}
