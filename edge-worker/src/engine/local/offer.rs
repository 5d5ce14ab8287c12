//! How models and refusals of the engine read on the wire.

use crate::engine::Refusal;
use littoral_engine::{Accelerator, FolderCard, Held, ModelCard, Speed, StartError};
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::state::HeldSession;
use littoral_proto::v1::{ModelOffer, Placement};

/// What the operator decided for every model.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub slots: usize,
    pub queue: usize,
    pub asked: Option<Accelerator>,
}

/// A model on disk. Its memory is not measured yet: weights are most of it.
pub(super) fn of_folder(card: FolderCard, settings: &Settings) -> ModelOffer {
    ModelOffer {
        name: card.name,
        version: card.version,
        context_tokens: card.context_tokens,
        slots: count(settings.slots),
        queue_limit: count(settings.queue),
        quality: card.quality,
        accepts_prefix: card.assistant_prefix,
        logprobs: !card.embeddings,
        // A call is JSON that is held to its form.
        tools: card.json_output,
        json_output: card.json_output,
        embeddings: card.embeddings,
        dimensions: card.dimensions,
        resident_bytes: Some(card.model_bytes),
        resident_bytes_estimated: true,
        asked_accelerator: settings.asked.map(|asked| asked.to_string()).unwrap_or_default(),
        ..ModelOffer::default()
    }
}

/// A model in memory. Where its nodes run is what the runtime's profile told, not what was asked for.
pub(super) fn of_model(card: &ModelCard, settings: &Settings) -> ModelOffer {
    let placement = card.placement.iter().map(|placement| Placement {
        execution_provider: placement.execution_provider.clone(),
        nodes: Some(placement.nodes),
    });
    ModelOffer {
        name: card.name.clone(),
        version: card.version.clone(),
        context_tokens: card.context_tokens,
        slots: count(card.slots),
        queue_limit: count(settings.queue),
        quality: card.quality,
        accepts_prefix: card.assistant_prefix,
        logprobs: card.dimensions.is_none(),
        // A call is JSON that is held to its form.
        tools: card.json_output,
        json_output: card.json_output,
        embeddings: card.dimensions.is_some(),
        dimensions: card.dimensions,
        placement: placement.collect(),
        resident_bytes: Some(card.resident_bytes),
        resident_bytes_estimated: !card.resident_measured,
        load_ms: Some(card.load_ms),
        asked_accelerator: settings.asked.map(|asked| asked.to_string()).unwrap_or_default(),
        ..ModelOffer::default()
    }
}

/// Why a job was not taken.
pub(super) fn refusal(error: &StartError) -> Refusal {
    let cause = match error {
        StartError::Busy { .. } => Cause::Busy,
        StartError::TooLong { .. } | StartError::TextTooLong { .. } => Cause::TooLong,
        StartError::Stopped => Cause::NoModel,
        // A chat template words its own complaints and may quote the conversation in them.
        StartError::Conversation(_) => {
            let detail = "the model's chat template or tokenizer does not take this conversation";
            return Refusal::new(Cause::Unsupported, detail);
        }
        _ => Cause::Unsupported,
    };
    Refusal::new(cause, error.to_string())
}

pub(super) fn held(held: Held) -> HeldSession {
    HeldSession { session: held.session, tokens: held.tokens }
}

/// Prefill and decode rates; one that was not measured is 0 in the card and absent on the wire.
pub(super) fn rates(speed: &Speed) -> (Option<f64>, Option<f64>) {
    let measured = |rate: f64| (rate > 0.0).then_some(rate);
    (measured(speed.prefill_tokens_per_s), measured(speed.decode_tokens_per_s))
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
