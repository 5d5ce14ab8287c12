//! The seam between the residency of models and ONNX Runtime, so that loads that fail and memory that
//! does not come back can be had at will.

use super::accelerators;
use crate::config::WorkerConfig;
use crate::engine::Running;
use futures_util::stream;
use littoral_engine::hardware::{self, Hardware};
use littoral_engine::{
    ChatModel, EmbeddingModel, EngineError, FolderCard, Generation, Held, Job, Load, LoadOptions,
    ModelCard, Runtime, StartError, Texts, Unloaded, memory,
};
use littoral_proto::v1::Accelerator;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// What makes models of folders.
pub(super) trait Backend: Send + 'static {
    /// Loads the model in `folder`. Blocks for as long as that takes.
    fn load(&self, folder: &Path) -> Result<(ModelCard, Arc<dyn Model>), EngineError>;

    /// Memory of this process in bytes, after what is free was given back; `None` where the system
    /// does not tell.
    fn resident_bytes(&self) -> Option<u64>;

    /// The devices that models can run on, as of now.
    fn accelerators(&self) -> Vec<Accelerator>;
}

/// A model in memory.
pub(super) trait Model: Send + Sync + 'static {
    /// Queues a job. A model that does not answer has nothing to add.
    fn start(&self, _job: Job) -> Result<Running, StartError> {
        Err(StartError::Unsupported("this model makes vectors and does not answer".into()))
    }

    /// Queues texts. A model that makes no vectors has nothing to add.
    fn embed(&self, _texts: Texts) -> Result<Running, StartError> {
        Err(StartError::Unsupported("this model answers and makes no vectors".into()))
    }

    /// How busy it is, and what is held of earlier turns.
    fn status(&self) -> (Load, Vec<Held>);

    /// Ends it and gives its memory back.
    fn unload(self: Arc<Self>, within: Duration) -> Result<Unloaded, EngineError>;
}

/// ONNX Runtime.
pub(super) struct Onnx {
    runtime: Runtime,
    options: LoadOptions,
    /// What the system listed at the start.
    hardware: Vec<Hardware>,
}

impl Onnx {
    /// Loads the runtime of `config`.
    pub(super) fn new(config: &WorkerConfig) -> Result<Self, EngineError> {
        let options = LoadOptions {
            slots: config.slots,
            threads: config.threads,
            queue: config.queue,
            measure: true,
            accelerator: config.accelerator.unwrap_or_default(),
            ..LoadOptions::default()
        };
        let runtime = Runtime::load(&config.runtime_library)?;
        Ok(Self { runtime, options, hardware: hardware::list() })
    }
}

impl Backend for Onnx {
    fn load(&self, folder: &Path) -> Result<(ModelCard, Arc<dyn Model>), EngineError> {
        if FolderCard::embeds(folder)? {
            let model = EmbeddingModel::load(&self.runtime, folder, self.options)?;
            return Ok((model.card().clone(), Arc::new(Embedding(model))));
        }
        let model = ChatModel::load(&self.runtime, folder, self.options)?;
        Ok((model.card().clone(), Arc::new(Loaded(model))))
    }

    fn resident_bytes(&self) -> Option<u64> {
        memory::give_back();
        memory::resident_bytes()
    }

    fn accelerators(&self) -> Vec<Accelerator> {
        accelerators::of(self.runtime.devices(), &self.hardware, &hardware::list())
    }
}

struct Loaded(ChatModel);

impl Model for Loaded {
    fn start(&self, job: Job) -> Result<Running, StartError> {
        Ok(events(self.0.start(job)?))
    }

    fn status(&self) -> (Load, Vec<Held>) {
        (self.0.load_now(), self.0.held())
    }

    fn unload(self: Arc<Self>, within: Duration) -> Result<Unloaded, EngineError> {
        // The last handle takes the tokenizer with it.
        let model = Arc::try_unwrap(self).map_or_else(|shared| shared.0.clone(), |own| own.0);
        model.unload(within)
    }
}

struct Embedding(EmbeddingModel);

impl Model for Embedding {
    fn embed(&self, texts: Texts) -> Result<Running, StartError> {
        Ok(events(self.0.start(&texts)?))
    }

    fn status(&self) -> (Load, Vec<Held>) {
        (self.0.load_now(), Vec::new())
    }

    fn unload(self: Arc<Self>, within: Duration) -> Result<Unloaded, EngineError> {
        let model = Arc::try_unwrap(self).map_or_else(|shared| shared.0.clone(), |own| own.0);
        model.unload(within)
    }
}

fn events(generation: Generation) -> Running {
    Box::pin(stream::unfold(generation, |mut generation| async move {
        generation.next().await.map(|event| (event, generation))
    }))
}
