//! The second turn of a long conversation with its cache held and without:
//! `cargo bench -p littoral-engine --bench second_turn`.
//!
//! Each round is a conversation of its own: a first turn, then the same second turn twice, once
//! without the session and once with it. What must hold is asserted in tokens; the times are printed,
//! as medians and as the median of the rounds' ratios, since the machine is shared.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use littoral_engine::provision::{TerminalProgress, provision};
use littoral_engine::{
    ChatModel, Conversation, GenerationEvent, Job, LoadOptions, Runtime, Sampling, Timings, Turn,
    Usage,
};

type Failure = Box<dyn std::error::Error>;

const CONTEXT_TOKENS: usize = 1500;
const ROUNDS: u64 = 7;
const PARAGRAPH: &str = "The tide comes in twice a day and goes out twice a day, because the moon \
    pulls the water on its side of the earth a little more than the earth itself. ";

fn main() -> Result<(), Failure> {
    let provisioned = provision(&littoral_kit::home::home(), &mut TerminalProgress::default())?;
    let runtime = Runtime::load(&provisioned.runtime_library)?;
    let options = LoadOptions { slots: 1, ..LoadOptions::default() };
    let model = ChatModel::load(&runtime, &provisioned.model_folder, options)?;
    let wait = tokio::runtime::Builder::new_current_thread().build()?;
    let mut rounds = Vec::new();
    for session in 0..ROUNDS {
        rounds.push(wait.block_on(round(&model, session))?);
    }
    println!(
        "| second turn | prompt tokens | of them read | first token, ms | prefill, tokens/s |"
    );
    println!("|---|---|---|---|---|");
    for (name, turn) in [("nothing held", 0), ("cache held", 1)] {
        let usage = rounds[0][turn].0;
        let read = usage.prompt_tokens - usage.cached_prompt_tokens;
        let first = middle(rounds.iter().map(|round| round[turn].1.first_token_ms));
        let rate = |(usage, timings): &(Usage, Timings)| timings.prefill_tokens_per_s(usage);
        let rate = middle(rounds.iter().filter_map(|round| rate(&round[turn])));
        println!("| {name} | {} | {read} | {first:.0} | {rate:.0} |", usage.prompt_tokens);
    }
    let ratio =
        |round: &[(Usage, Timings); 2]| round[0].1.first_token_ms / round[1].1.first_token_ms;
    println!("\nmedian of the rounds' ratios: {:.1}", middle(rounds.iter().map(ratio)));
    Ok(())
}

/// Usage and timings of the second turn, without the session and with it.
async fn round(model: &ChatModel, session: u64) -> Result<[(Usage, Timings); 2], Failure> {
    let mut talk = Conversation::new(vec![Turn::new("system", format!("Conversation {session}."))]);
    while model.format().count(&talk)? < CONTEXT_TOKENS {
        talk.messages.push(Turn::new("user", PARAGRAPH));
        talk.messages.push(Turn::new("assistant", "Go on."));
    }
    talk.messages.push(Turn::new("user", "Why is there a tide?"));
    let first = answer(model, &talk, Some(session), 64).await?;
    talk.messages.push(Turn::new("assistant", first.0));
    talk.messages.push(Turn::new("user", "And why are there two of them a day?"));
    let fresh = answer(model, &talk, None, 16).await?;
    let held = answer(model, &talk, Some(session), 16).await?;
    assert_eq!(held.0, fresh.0, "the answers are the same");
    let read = |usage: Usage| usage.prompt_tokens - usage.cached_prompt_tokens;
    assert!(read(fresh.1) >= 1500 && read(held.1) * 10 < read(fresh.1), "{:?}", held.1);
    Ok([(fresh.1, fresh.2), (held.1, held.2)])
}

async fn answer(
    model: &ChatModel,
    conversation: &Conversation,
    session: Option<u64>,
    max_tokens: u32,
) -> Result<(String, Usage, Timings), Failure> {
    let sampling = Sampling { temperature: Some(0.0), ..Sampling::default() };
    let conversation = conversation.clone();
    let job =
        Job { conversation, sampling, max_tokens: Some(max_tokens), session, ..Job::default() };
    let (mut generation, mut text) = (model.start(job)?, String::new());
    while let Some(event) = generation.next().await {
        match event {
            GenerationEvent::Text { text: piece, .. } => text.push_str(&piece),
            GenerationEvent::Finished { usage, timings, .. } => return Ok((text, usage, timings)),
            GenerationEvent::Failed(error) => return Err(error.into()),
            _ => {}
        }
    }
    Err("the generation ended without a result".into())
}

fn middle(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
