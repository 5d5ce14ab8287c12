//! SmolLM2 against llama.cpp's greedy decoding of the same weights.

use littoral_engine::decoder::Decoder;
use littoral_engine::sampling::arg_max;
use littoral_engine::{ChatFormat, Conversation};
use serde::Deserialize;

use crate::fixtures::{provisioned, repository, runtime};

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    user: String,
    prompt_tokens: Vec<u32>,
    greedy_tokens: Vec<u32>,
    margin_nats: Vec<f32>,
}

fn reference() -> Reference {
    let path = repository().join("tests/data/reference/smollm2_greedy_llamacpp.json");
    let text = std::fs::read_to_string(path).expect("the reference is in the repository");
    serde_json::from_str(&text).expect("it parses")
}

#[test]
fn template_and_tokenizer_reproduce_every_reference_prompt() {
    let format = ChatFormat::open(&provisioned().model_folder).expect("opens");
    let cases = reference().cases;
    assert_eq!(cases.len(), 16);
    for case in cases {
        let conversation = Conversation::question(&case.user);
        assert_eq!(format.encode(&conversation).expect("encodes"), case.prompt_tokens);
    }
}

#[test]
fn the_next_token_agrees_with_the_reference() {
    let model = provisioned().model_folder.join("model.onnx");
    let mut decoder = Decoder::load(&runtime(), &model, 512, None).expect("loads");
    let (mut steps, mut misses) = (0, Vec::new());
    for case in reference().cases {
        let mut cache = decoder.cache(case.prompt_tokens.len()).expect("a cache");
        let mut logits = Vec::new();
        decoder.step(&mut cache, &case.prompt_tokens, &mut logits).expect("runs");
        for (&token, &margin) in case.greedy_tokens.iter().zip(&case.margin_nats) {
            steps += 1;
            if arg_max(&logits) != Some(token) {
                misses.push(margin);
            }
            decoder.step(&mut cache, &[token], &mut logits).expect("runs");
        }
    }
    let worst = misses.iter().copied().fold(0.0, f32::max);
    let share = 1.0 - misses.len() as f32 / steps as f32;
    println!("{share:.4} of {steps} steps agree; largest margin missed {worst} nats");
    assert_eq!(steps, 347);
    assert!(share >= 0.92, "only {share} of the steps agree");
    assert!(worst <= 0.4, "a choice with a margin of {worst} nats was missed");
}
