//! What one generation promises: determinism, exact text, honest ends and numbers.

use littoral_engine::decoder::Decoder;
use littoral_engine::sampling::arg_max;
use littoral_engine::{Finish, Job, Sampling};

use crate::fixtures::{answer, job, provisioned, runtime, smollm2};

const QUESTION: &str = "Write two sentences about the sea.";

#[tokio::test]
async fn temperature_zero_gives_the_same_text_twice() {
    let model = smollm2();
    let first = answer(&model, job(QUESTION, 24)).await;
    let second = answer(&model, job(QUESTION, 24)).await;
    assert!(first.text.len() > 20, "{}", first.text);
    assert_eq!(first.text, second.text);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_text_and_another_seed_another() {
    let model = smollm2();
    let seeded = |seed| Job {
        sampling: Sampling { temperature: Some(1.5), seed: Some(seed), ..Sampling::default() },
        ..job(QUESTION, 24)
    };
    let first = answer(&model, seeded(11)).await;
    let second = answer(&model, seeded(11)).await;
    let other = answer(&model, seeded(12)).await;
    assert_eq!(first.text, second.text);
    assert_ne!(first.text, other.text);
}

#[tokio::test]
async fn an_answer_ends_at_the_models_own_end_token() {
    let answer = answer(&smollm2(), job("Say only the word yes.", 200)).await;
    assert_eq!(answer.finish, Some(Finish::Stop));
    assert!(answer.usage.completion_tokens < 200);
    assert!(!answer.text.contains("<|im_end|>"));
    assert_eq!(answer.text_tokens, answer.usage.completion_tokens);
}

#[tokio::test]
async fn max_tokens_ends_an_answer_with_length_and_the_count_is_exact() {
    let answer = answer(&smollm2(), job(QUESTION, 7)).await;
    assert_eq!(answer.finish, Some(Finish::Length));
    assert_eq!(answer.usage.completion_tokens, 7);
    assert_eq!(answer.text_tokens, 7);
}

#[tokio::test]
async fn a_stop_string_across_tokens_cuts_the_same_text() {
    let model = smollm2();
    let whole = answer(&model, job(QUESTION, 40)).await;
    // From the middle of one piece to the middle of the next but one.
    let start = whole.pieces[..4].concat().len() - 1;
    let end = whole.pieces[..6].concat().len() - 1;
    let stop = whole.text[start..end].to_owned();
    let first = whole.text.find(&stop).expect("it is in there");
    let cut = answer(&model, Job { stop: vec![stop.clone()], ..job(QUESTION, 40) }).await;
    assert_eq!(cut.text, whole.text[..first]);
    assert_eq!(cut.finish, Some(Finish::Stop));
    assert!(cut.pieces.iter().all(|piece| !piece.is_empty()));
}

#[tokio::test]
async fn an_answer_begun_elsewhere_continues_after_its_last_character() {
    let model = smollm2();
    let whole = answer(&model, job(QUESTION, 32)).await;
    // At a space the tokenizer cuts as the model did, so the same model goes on with the same text.
    let spaces: Vec<usize> = whole.text.match_indices(' ').map(|(at, _)| at).collect();
    let cut = spaces[spaces.len() / 2];
    let mut begun = job(QUESTION, 32);
    begun.conversation.assistant_prefix = Some(whole.text[..cut].to_owned());
    let rest = answer(&model, begun).await;
    let joined = format!("{}{}", &whole.text[..cut], rest.text);
    assert!(joined.starts_with(&whole.text), "{joined:?} does not continue {:?}", whole.text);
    assert!(!rest.text.is_empty());
}

#[tokio::test]
async fn log_probabilities_are_those_of_the_greedy_choice() {
    let plain = answer(&smollm2(), job(QUESTION, 12)).await;
    let request = Job { top_logprobs: Some(3), ..job(QUESTION, 12) };
    let answer = answer(&smollm2(), request).await;
    assert_eq!(answer.text, plain.text);
    assert_eq!(answer.logprobs.len(), 12);
    let bytes: Vec<u8> = answer.logprobs.iter().flat_map(|entry| entry.bytes.clone()).collect();
    assert_eq!(String::from_utf8_lossy(&bytes), answer.text);
    for entry in &answer.logprobs {
        assert_eq!(entry.top.len(), 3);
        assert_eq!(entry.top[0].bytes, entry.bytes);
        assert_eq!(entry.top[0].logprob, entry.logprob);
        let mass: f32 = entry.top.iter().map(|token| token.logprob.exp()).sum();
        assert!(entry.logprob < 0.0 && mass <= 1.0 + 1e-5, "{entry:?}");
    }
    assert!(plain.logprobs.is_empty());
}

/// A penalty on the prompt's own tokens changes what is chosen, not what the model believed.
#[tokio::test]
async fn log_probabilities_are_those_before_penalties() {
    let believed = |repetition_penalty| Job {
        top_logprobs: Some(20),
        sampling: Sampling { repetition_penalty, temperature: Some(0.0), ..Sampling::default() },
        ..job("Repeat after me: the sea, the sea, the sea.", 16)
    };
    let plain = answer(&smollm2(), believed(Some(1.0))).await;
    let penalised = answer(&smollm2(), believed(Some(10.0))).await;
    assert_eq!(plain.logprobs[0].top, penalised.logprobs[0].top);
    assert_ne!(plain.text, penalised.text);
}

#[tokio::test]
async fn a_long_prompt_is_read_in_chunks_of_at_most_128_tokens() {
    let answer = answer(&smollm2(), job(&"the tide comes in and goes out ".repeat(60), 1)).await;
    let of = answer.usage.prompt_tokens;
    assert!(of > 384, "{of}");
    let ends: Vec<u32> = answer.prefill.iter().map(|(done, _)| *done).collect();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    assert!(starts.zip(&ends).all(|(start, end)| *end > start && end - start <= 128));
    assert_eq!(answer.prefill.last(), Some(&(of, of)));
}

#[tokio::test]
async fn prefill_and_decode_are_timed_apart_within_what_the_caller_waited() {
    let answer = answer(&smollm2(), job(QUESTION, 12)).await;
    let timings = answer.timings;
    assert_eq!(timings.decode_steps, 11, "the first token comes of the prefill");
    assert!(timings.prefill_run_ms > 0.0 && timings.prefill_run_ms <= timings.prefill_ms);
    assert!(timings.decode_run_ms > 0.0 && timings.decode_run_ms <= timings.decode_ms);
    assert!(timings.prefill_tokens_per_s(&answer.usage).is_some());
    assert!(timings.decode_tokens_per_s().is_some());
}

/// Reading in chunks and growing the caches past 256 positions must be the same computation as
/// reading everything at once. Single tokens take another kernel of ONNX Runtime, which quantises
/// alike and sums in another order: the same choice, not the same bits.
#[test]
fn chunks_and_grown_caches_compute_the_same_logits() {
    let model = provisioned().model_folder.join("model.onnx");
    let mut decoder = Decoder::load(&runtime(), &model, 1024, None).expect("loads");
    let tokens: Vec<u32> = (0..300).map(|index| 100 + index * 97 % 40_000).collect();
    let mut logits = |chunks: &[usize]| {
        let (mut cache, mut logits) = (decoder.cache(0).expect("a cache"), Vec::new());
        for &chunk in chunks {
            let start = cache.positions();
            decoder.step(&mut cache, &tokens[start..start + chunk], &mut logits).expect("runs");
        }
        assert_eq!(cache.positions(), 300);
        logits
    };
    let whole = logits(&[300]);
    let largest = whole.iter().fold(0.0_f32, |largest, logit| largest.max(logit.abs()));
    let apart = |other: &[f32]| {
        whole.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / largest
    };
    let (chunked, grown) = (apart(&logits(&[128, 128, 44])), apart(&logits(&[250, 50])));
    assert!(chunked <= 1e-5 && grown <= 1e-5, "chunked {chunked}, grown {grown}");
    // Two tokens are the least that a held cache leaves to be read.
    for last in [2, 3, 17] {
        assert_eq!(logits(&[300 - last, last]), whole, "a last chunk of {last}");
    }
    let singles = logits(&[&[250], [1; 50].as_slice()].concat());
    assert_eq!(arg_max(&singles), arg_max(&whole));
    assert!(apart(&singles) <= 0.05, "token by token {}", apart(&singles));
}
