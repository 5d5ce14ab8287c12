//! Answers of the real model that are held to a form.

use littoral_engine::{Conversation, Finish, Form, Job, Sampling, StartError};
use serde_json::{Value, json};

use crate::fixtures::{Answer, answer, greedy, read, smollm2};

fn held(question: &str, form: Form, max_tokens: u32) -> Job {
    Job {
        conversation: Conversation::question(question),
        max_tokens: Some(max_tokens),
        form,
        ..Job::default()
    }
}

fn person() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": { "type": "string", "maxLength": 20 },
            "age": { "type": "integer", "minimum": 0, "maximum": 120 },
            "mood": { "enum": ["calm", "stormy"] },
        },
        "required": ["name", "age", "mood"],
        "additionalProperties": false,
    })
}

/// The value of an answer that ended by itself, checked against `schema`.
fn valid(answer: &Answer, schema: &Value) -> Value {
    assert_eq!(answer.finish, Some(Finish::Stop));
    let value = serde_json::from_str(&answer.text).expect("it parses");
    assert!(jsonschema::is_valid(schema, &value), "{value}");
    value
}

#[tokio::test]
async fn an_answer_by_a_schema_parses_and_validates_and_streams_as_any_text() {
    let job = held("Describe a sailor as JSON.", Form::JsonSchema(person()), 80);
    let answer = answer(&smollm2(), job).await;
    let value = valid(&answer, &person());
    println!("{value}");
    assert!(answer.pieces.len() > 5, "{} pieces", answer.pieces.len());
}

#[tokio::test]
async fn a_json_object_is_an_object_whatever_is_asked() {
    let schema = json!({ "type": "object" });
    for seed in 0..4 {
        let mut job = held("Write a poem about the sea.", Form::JsonObject, 60);
        job.sampling = Sampling { seed: Some(seed), temperature: Some(1.0), ..Sampling::default() };
        let answer = answer(&smollm2(), job).await;
        assert!(answer.text.starts_with('{'), "{}", answer.text);
        if answer.finish == Some(Finish::Stop) {
            valid(&answer, &schema);
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_off_says_so() {
    let job = held("Describe a sailor as JSON.", Form::JsonSchema(person()), 4);
    let answer = answer(&smollm2(), job).await;
    assert_eq!(answer.finish, Some(Finish::Length));
    assert!(serde_json::from_str::<Value>(&answer.text).is_err(), "{}", answer.text);
}

#[tokio::test]
async fn an_answer_begun_elsewhere_is_finished_in_its_form() {
    for prefix in ["{\"name\": \"Ada", "{\n  \"name\":\"Ada\",\n  \"age\""] {
        let mut job = held("Describe Ada as JSON.", Form::JsonSchema(person()), 80);
        job.conversation.assistant_prefix = Some(prefix.into());
        let mut answer = answer(&smollm2(), job).await;
        answer.text.insert_str(0, prefix);
        let value = valid(&answer, &person());
        assert!(value["name"].as_str().is_some_and(|name| name.starts_with("Ada")), "{value}");
    }
    let mut job = held("Describe Ada as JSON.", Form::JsonSchema(person()), 80);
    job.conversation.assistant_prefix = Some("Sure! Here".into());
    let error = smollm2().start(job).expect_err("not the beginning of one");
    assert!(matches!(error, StartError::Unsupported(_)), "{error}");
}

#[tokio::test]
async fn a_schema_that_cannot_be_held_is_refused_before_anything_runs() {
    let schema = json!({ "type": "array", "uniqueItems": true });
    let error = smollm2().start(held("x", Form::JsonSchema(schema), 8)).expect_err("refused");
    assert!(error.to_string().contains("uniqueItems"), "{error}");
}

#[tokio::test]
async fn log_probabilities_are_among_what_the_form_allows() {
    let schema = json!({ "enum": ["yes", "no"] });
    let mut job = held("Is the sea wet?", Form::JsonSchema(schema.clone()), 8);
    job.top_logprobs = Some(5);
    let answer = answer(&smollm2(), job).await;
    valid(&answer, &schema);
    assert!(answer.logprobs.iter().all(|token| token.logprob.is_finite()));
    for token in &answer.logprobs {
        assert!(token.top.iter().all(|top| top.logprob.is_finite()));
        let sum: f32 = token.top.iter().map(|top| top.logprob.exp()).sum();
        assert!(sum <= 1.001, "{sum}");
    }
    assert!(answer.logprobs.iter().any(|token| token.top.len() < 5), "few tokens are allowed");
}

#[tokio::test]
async fn a_held_cache_and_a_stop_string_go_with_a_form() {
    let mut job = held("Describe a sailor as JSON.", Form::JsonSchema(person()), 80);
    (job.session, job.sampling) = (Some(9_001), greedy());
    let first = answer(&smollm2(), job.clone()).await;
    let again = answer(&smollm2(), job.clone()).await;
    assert_eq!(again.text, first.text);
    assert!(again.usage.cached_prompt_tokens > 0, "{:?}", again.usage);
    valid(&again, &person());
    job.stop = vec!["\"age".into()];
    let stopped = answer(&smollm2(), job).await;
    assert_eq!(stopped.finish, Some(Finish::Stop));
    assert!(first.text.starts_with(&stopped.text) && !stopped.text.contains("age"));
}

/// Random bounded schemas. The generator is a plain linear congruence, so that a seed says it all.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn schema(&mut self, depth: u32) -> Value {
        let kinds = if depth == 0 { 7 } else { 10 };
        match self.below(kinds) {
            0 => json!({ "type": "boolean" }),
            1 => {
                let low = self.below(50);
                json!({ "type": "integer", "minimum": low, "maximum": low + self.below(1_000) })
            }
            2 => {
                let high = 1 + self.below(100);
                json!({ "type": "number", "exclusiveMinimum": -3.5, "maximum": high })
            }
            3 => {
                let most = 1 + self.below(6);
                json!({ "type": "string", "minLength": self.below(most + 1), "maxLength": most })
            }
            4 => json!({ "enum": ["low", "high", self.below(9), null, true] }),
            5 => json!({ "const": { "a": [self.below(9)] } }),
            6 => match self.below(3) {
                0 => json!({ "type": "string", "pattern": "^[a-z]{2,4}-[0-9]{1,3}$" }),
                1 => json!({ "type": "string", "format": "date" }),
                _ => json!({ "type": ["null", "integer"], "minimum": -20, "maximum": 20 }),
            },
            7 => {
                let least = self.below(3);
                let most = least + self.below(2);
                json!({
                    "type": "array", "items": self.schema(depth - 1),
                    "minItems": least, "maxItems": most,
                })
            }
            8 => json!({ "anyOf": [self.schema(depth - 1), self.schema(depth - 1)] }),
            _ => self.object(depth - 1),
        }
    }

    fn object(&mut self, depth: u32) -> Value {
        let names = ["name", "depth", "isHigh", "a \"b\"", "größe"];
        let count = 1 + self.below(2);
        let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
        for name in names.iter().cycle().skip(usize::try_from(self.below(5)).expect("few")) {
            if properties.len() as u64 == count {
                break;
            }
            properties.insert((*name).into(), self.schema(depth));
            if self.below(4) > 0 {
                required.push(*name);
            }
        }
        json!({
            "type": "object", "properties": properties, "required": required,
            "additionalProperties": false,
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_random_bounded_schemas_all_parse_and_validate_where_they_end_by_themselves() {
    const SCHEMAS: usize = 200;
    const SEED: u64 = 20_261_127;
    println!("schemas drawn with seed {SEED}");
    let (mut draw, model) = (Draw(SEED), smollm2());
    let schemas: Vec<Value> = (0..SCHEMAS).map(|_| draw.object(1)).collect();
    let (mut stopped, mut tokens) = (0, 0);
    let begun = std::time::Instant::now();
    // So many at once as the model's queue holds beside other tests.
    for some in schemas.chunks(20) {
        let start = |schema: &Value| {
            let mut job = held("JSON about the tide.", Form::JsonSchema(schema.clone()), 32);
            job.sampling =
                Sampling { seed: Some(SEED), temperature: Some(0.8), ..Sampling::default() };
            model.start(job).unwrap_or_else(|error| panic!("{schema}: {error}"))
        };
        let running: Vec<_> = some.iter().map(start).collect();
        for (running, schema) in running.into_iter().zip(some) {
            let answer = read(running).await;
            assert_eq!(answer.failure, None, "{schema}");
            tokens += answer.usage.completion_tokens;
            if answer.finish == Some(Finish::Stop) {
                stopped += 1;
                let value: Value = serde_json::from_str(&answer.text)
                    .unwrap_or_else(|error| panic!("{schema}\n{}\n{error}", answer.text));
                assert!(jsonschema::is_valid(schema, &value), "{schema}\n{value}");
            }
        }
    }
    println!(
        "{stopped} of {SCHEMAS} ended by themselves, {tokens} tokens in {:?}",
        begun.elapsed()
    );
    // An answer can run into its limit of tokens; a test in which most did would show little.
    assert!(stopped > SCHEMAS / 2, "only {stopped} ended by themselves");
}
