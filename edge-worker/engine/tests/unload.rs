//! Unloading gives the memory back. A test program of its own with one test, since resident memory is
//! the process's: nothing else may load or run beside it.
#![cfg(test)]
#![cfg(target_os = "linux")]

use std::time::Duration;

use littoral_engine::memory::resident_bytes;
use littoral_engine::provision::{Silent, provision};
use littoral_engine::{ChatModel, Conversation, GenerationEvent, Job, LoadOptions, Runtime};

/// A bound for what takes milliseconds: a hang becomes a failure.
const BOUND: Duration = Duration::from_secs(60);

#[tokio::test]
async fn unloading_gives_back_at_least_four_fifths_of_what_loading_took() {
    let provisioned = provision(&littoral_kit::home::home(), &mut Silent).expect("provisioned");
    let runtime = Runtime::load(&provisioned.runtime_library).expect("the runtime loads");
    for round in 1..=3 {
        let before = resident_bytes().expect("Linux tells");
        let options = LoadOptions { measure: false, ..LoadOptions::default() };
        let model = ChatModel::load(&runtime, &provisioned.model_folder, options).expect("loads");
        let (took, card) = (resident_bytes().expect("Linux tells") - before, model.card().clone());
        assert!(card.resident_measured);
        assert!(card.resident_bytes > 50 << 20, "{}", card.resident_bytes);
        answer(&model).await;
        let unloaded = model.unload(BOUND).expect("ends in time");
        let left = unloaded.resident_after.expect("Linux tells").saturating_sub(before);
        let share = 1.0 - left as f64 / took as f64;
        println!(
            "round {round}: loading took {} MB in {:.0} ms (the card says {} MB), unloading gave back \
             {} MB, {:.0} % of the loading's came back",
            took / 1_000_000,
            card.load_ms,
            card.resident_bytes / 1_000_000,
            unloaded.freed_bytes().expect("Linux tells") / 1_000_000,
            share * 100.0,
        );
        assert!(share >= 0.8, "round {round}: {left} of {took} bytes stay");
    }
}

async fn answer(model: &ChatModel) {
    let conversation = Conversation::question("Why is there a tide? ".repeat(40));
    let job = Job { conversation, max_tokens: Some(16), session: Some(1), ..Job::default() };
    let mut generation = model.start(job).expect("started");
    let mut finished = false;
    while let Some(event) = generation.next().await {
        finished |= matches!(event, GenerationEvent::Finished { .. });
    }
    assert!(finished);
    assert_eq!(model.held().len(), 1, "a held cache goes with the model");
}
