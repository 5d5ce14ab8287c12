//! No content in spans, metrics and lines: words made up for this run go through every field, and everything
//! that a collector, the text of metrics and the log were told is searched for them.

use super::*;

/// A word that is in no program and no other run.
struct Words {
    mark: String,
    count: usize,
}

impl Words {
    fn new() -> Self {
        let mark = format!("canary{:016x}", rand::random::<u64>());
        Self { mark, count: 0 }
    }

    fn next(&mut self) -> String {
        self.count += 1;
        format!("{}{}", self.mark, self.count)
    }

    fn are_in(&self, bytes: &[u8]) -> bool {
        bytes.windows(self.mark.len()).any(|part| part == self.mark.as_bytes())
    }
}

/// A request with words of this run in every field that holds text, the model's name and the conversation's
/// among them.
fn everywhere(words: &mut Words, label: DataClass) -> v1::ChatRequest {
    let mut asked = prompt(&words.next(), label);
    asked.messages[0].name = Some(words.next());
    asked.messages.push(v1::Message {
        role: v1::Role::Assistant.into(),
        tool_calls: vec![v1::ToolCall {
            id: words.next(),
            name: words.next(),
            arguments_json: format!("{{\"place\":\"{}\"}}", words.next()),
        }],
        ..v1::Message::default()
    });
    asked.tools = vec![v1::Tool {
        name: words.next(),
        description: Some(words.next()),
        parameters_json: Some("{\"type\":\"object\"}".into()),
        strict: None,
    }];
    asked.stop = vec![words.next()];
    asked.user = Some(words.next());
    asked.metadata = [(words.next(), words.next())].into();
    asked.model = words.next();
    asked.hints.get_or_insert_default().session_key = Some(words.next());
    asked
}

#[tokio::test]
async fn no_word_of_anybody_is_in_a_span_or_a_metric() {
    let mut words = Words::new();
    println!("the words of this run begin with {}", words.mark);
    let collector = Collector::start(Speech::Http, Manner::Takes).await;
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let answer = [words.next(), words.next()];
    cloud.script(Behaviour::Answer(Answer::new(answer.clone())));
    cloud.script(Behaviour::error_after(Answer::new(answer), 1, &words.next()));
    cloud.script(Behaviour::server_error());
    let plan = Plan { cloud: Some(&cloud), telemetry: collector.table(), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let mut chat = cluster.chat();
    for label in [DataClass::Public, DataClass::Restricted, DataClass::Unspecified] {
        assert!(ask(&mut chat, everywhere(&mut words, label)).await.status.is_some());
    }
    for _ in 0..3 {
        let mut asked = prompt(&words.next(), DataClass::Public);
        asked.hints.get_or_insert_default().session_key = Some(words.next());
        ask(&mut chat, asked).await;
    }
    let seat = Seat::own("desk");
    let mut config = cluster.worker_config(&seat, cluster.token(&seat));
    config.telemetry = Settings::compile(collector.table()).expect("a table that can be used");
    let said = [words.next(), words.next()];
    let engine = ScriptedEngine::new("tiny", &[&said[0], &said[1]]);
    cluster.join_with(config, Arc::new(engine)).await;
    let heard = ask(&mut chat, prompt(&words.next(), DataClass::Restricted)).await;
    assert!(words.are_in(heard.text().as_bytes()), "the words went through");
    assert!(cloud.requests().iter().any(|request| words.are_in(&request.body)));

    let of_worker = |it: &Collector| {
        it.spans().iter().any(|seen| seen.is_of_server() && seen.service() == "littoral-worker")
    };
    collector.wait_for(of_worker).await;
    assert!(cluster.router.pipeline.telemetry.end().await, "all of it arrived");
    let requests = collector.spans().iter().filter(|seen| seen.is_of_server()).count();
    assert!(requests >= 8, "seven requests, and one assignment: {requests}");
    assert!(!collector.metrics().is_empty());
    assert!(!words.are_in(&collector.bytes()), "a span or a metric holds words of a request");
    let text = cluster.router.pipeline.telemetry.prometheus();
    assert!(!words.are_in(text.as_bytes()), "a label holds words of a request: {text}");
}
