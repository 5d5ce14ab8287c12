//! The models of this machine, each with its own ONNX Runtime session and thread.

use super::{Engine, Offer, Refusal, Running};
use crate::config::WorkerConfig;
use crate::error::WorkerError;
use futures_util::stream;
use littoral_engine::{
    ChatModel, DeviceInfo, DeviceKind, Job, LoadOptions, ModelCard, Runtime, StartError,
};
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::state::ModelState;
use littoral_proto::v1::{Accelerator, ModelOffer, Placement};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Loaded chat models, by name. Dropping them ends their threads.
pub struct LocalModels {
    models: BTreeMap<String, (PathBuf, ChatModel)>,
    accelerators: Vec<Accelerator>,
    queue: usize,
}

impl LocalModels {
    /// Loads the runtime and every model folder of `config`. Blocking, for seconds: each model
    /// measures itself.
    ///
    /// # Errors
    /// The runtime or a model does not load, or two models have one name.
    pub fn load(config: &WorkerConfig) -> Result<Self, WorkerError> {
        let runtime = Runtime::load(&config.runtime_library)?;
        let mut models = BTreeMap::<String, (PathBuf, ChatModel)>::new();
        for folder in &config.models {
            let options = LoadOptions {
                slots: config.slots,
                threads: config.threads,
                queue: config.queue,
                measure: true,
            };
            let model = ChatModel::load(&runtime, folder, options)?;
            let name = model.card().name.clone();
            if let Some((first, _)) = models.get(&name) {
                let (first, second) = (first.clone(), folder.clone());
                return Err(WorkerError::SameName { name, first, second });
            }
            models.insert(name, (folder.clone(), model));
        }
        let accelerators = runtime.devices().into_iter().map(accelerator).collect();
        Ok(Self { models, accelerators, queue: config.queue })
    }
}

impl Drop for LocalModels {
    fn drop(&mut self) {
        for (_, model) in self.models.values() {
            model.shutdown();
        }
    }
}

impl Engine for LocalModels {
    fn offer(&self) -> Offer {
        let models = self.models.values().map(|(_, model)| offer(model.card(), self.queue));
        Offer { models: models.collect(), accelerators: self.accelerators.clone() }
    }

    fn load(&self) -> Vec<ModelState> {
        let state = |(name, (_, model)): (&String, &(PathBuf, ChatModel))| {
            let (load, speed) = (model.load_now(), &model.card().speed);
            ModelState {
                name: name.clone(),
                active: count(load.active),
                queued: count(load.queued),
                prefill_tokens_per_s: measured(speed.prefill_tokens_per_s),
                decode_tokens_per_s: measured(speed.decode_tokens_per_s),
                // No meter is read yet, and a guess would be taken for a measurement.
                joules_per_token: None,
            }
        };
        self.models.iter().map(state).collect()
    }

    fn start(&self, model: &str, job: Job) -> Result<Running, Refusal> {
        let Some((_, model)) = self.models.get(model) else {
            return Err(Refusal::new(Cause::NoModel, "no such model on this worker"));
        };
        let generation = model.start(job).map_err(|error| refusal(&error))?;
        let events = stream::unfold(generation, |mut generation| async move {
            generation.next().await.map(|event| (event, generation))
        });
        Ok(Box::pin(events))
    }
}

fn refusal(error: &StartError) -> Refusal {
    let cause = match error {
        StartError::Busy { .. } => Cause::Busy,
        StartError::TooLong { .. } => Cause::TooLong,
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

fn offer(card: &ModelCard, queue: usize) -> ModelOffer {
    let placement = card.placement.iter().map(|placement| Placement {
        execution_provider: placement.execution_provider.clone(),
        nodes: Some(placement.nodes),
    });
    ModelOffer {
        name: card.name.clone(),
        version: card.version.clone(),
        context_tokens: card.context_tokens,
        slots: count(card.slots),
        queue_limit: count(queue),
        quality: card.quality,
        accepts_prefix: card.assistant_prefix,
        tools: false,
        json_output: false,
        image: false,
        logprobs: true,
        placement: placement.collect(),
    }
}

fn accelerator(device: DeviceInfo) -> Accelerator {
    let kind = match device.kind {
        DeviceKind::Gpu => "gpu",
        DeviceKind::Npu => "npu",
        _ => "cpu",
    };
    Accelerator {
        kind: kind.to_owned(),
        vendor: device.vendor.unwrap_or_default(),
        execution_provider: device.execution_provider,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A rate that was not measured is 0 in the card and absent on the wire.
fn measured(rate: f64) -> Option<f64> {
    (rate > 0.0).then_some(rate)
}
