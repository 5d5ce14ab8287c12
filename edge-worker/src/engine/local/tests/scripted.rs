//! A backend whose every model takes 100 bytes and whose memory is a number.

use super::super::backend::{Backend, Model};
use super::super::offer::{self, Settings};
use super::super::{LocalModels, UNLOAD_LIMIT};
use crate::engine::Running;
use futures_util::{StreamExt as _, stream};
use littoral_engine::{
    Accelerator, EngineError, Finish, FolderCard, GenerationEvent, Held, Job, Load, ModelCard,
    Placement, Speed, StartError, Timings, Unloaded, Usage,
};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the test decides of the backend while it runs.
#[derive(Clone)]
pub struct Scripted {
    memory: Arc<Mutex<Option<u64>>>,
    /// Bytes the next unload gives back.
    returns: Arc<Mutex<u64>>,
    unloaded: Arc<AtomicUsize>,
    asked: Accelerator,
}

/// How the models are set up.
pub struct Stage {
    pub scripted: Scripted,
    budget: Option<u64>,
    unload_limit: Duration,
    asked: Option<Accelerator>,
}

impl Default for Scripted {
    fn default() -> Self {
        let memory = Arc::new(Mutex::new(Some(1000)));
        let returns = Arc::new(Mutex::new(100));
        Self { memory, returns, unloaded: Arc::default(), asked: Accelerator::Cpu }
    }
}

impl Default for Stage {
    fn default() -> Self {
        let scripted = Scripted::default();
        Self { scripted, budget: None, unload_limit: UNLOAD_LIMIT, asked: None }
    }
}

impl Stage {
    pub fn budget(mut self, bytes: u64) -> Self {
        self.budget = Some(bytes);
        self
    }

    pub fn unload_limit(mut self, limit: Duration) -> Self {
        self.unload_limit = limit;
        self
    }

    pub fn asked(mut self, asked: Accelerator) -> Self {
        (self.asked, self.scripted.asked) = (Some(asked), asked);
        self
    }

    /// Models of these names; by the size of its files each takes 90 bytes.
    pub fn models(&self, names: &[&str]) -> LocalModels {
        let settings = Settings { slots: 2, queue: 8, asked: self.asked };
        let offer = |name: &&str| {
            let card = FolderCard {
                name: (*name).to_owned(),
                version: "v".into(),
                embeddings: false,
                dimensions: None,
                context_tokens: 2048,
                parameters: None,
                quality: None,
                assistant_prefix: true,
                json_output: true,
                model_bytes: 90,
            };
            (PathBuf::from(name), offer::of_folder(card, &settings))
        };
        let models = names.iter().map(offer).collect();
        let backend = Box::new(self.scripted.clone());
        LocalModels::begin(backend, settings, models, self.budget, self.unload_limit).unwrap()
    }
}

impl Scripted {
    /// So many bytes come back with each unload from now on.
    pub fn give_back(&self, bytes: u64) {
        *self.returns.lock().unwrap() = bytes;
    }

    /// So many bytes come back now, by themselves.
    pub fn take_back(&self, bytes: u64) {
        let mut memory = self.memory.lock().unwrap();
        *memory = memory.map(|before| before - bytes);
    }

    /// The system does not tell any more.
    pub fn tell_nothing(&self) {
        *self.memory.lock().unwrap() = None;
    }

    pub fn unloaded(&self) -> usize {
        self.unloaded.load(Ordering::SeqCst)
    }
}

impl Backend for Scripted {
    fn load(&self, folder: &Path) -> Result<(ModelCard, Arc<dyn Model>), EngineError> {
        let name = folder.display().to_string();
        match name.as_str() {
            "fails" => return Err(EngineError::Stopped),
            "panics" => panic!("scripted"),
            _ => {}
        }
        let placed = Placement { execution_provider: "CPUExecutionProvider".into(), nodes: 9 };
        let card = ModelCard {
            name,
            version: "v".into(),
            dimensions: None,
            context_tokens: 2048,
            vocabulary: 10,
            parameters: None,
            quality: None,
            asked: self.asked,
            placement: vec![placed],
            speed: Speed { prefill_tokens_per_s: 500.0, decode_tokens_per_s: 0.0 },
            slots: 2,
            resident_bytes: 100,
            resident_measured: true,
            load_ms: 7.0,
            cache_bytes_per_token: 1,
            assistant_prefix: true,
            json_output: true,
        };
        Ok((card, Arc::new(self.clone())))
    }

    fn resident_bytes(&self) -> Option<u64> {
        *self.memory.lock().unwrap()
    }

    fn accelerators(&self) -> Vec<littoral_proto::v1::Accelerator> {
        Vec::new()
    }
}

impl Model for Scripted {
    /// A job of tokens ends at once and tells its times; any other runs until it is dropped.
    fn start(&self, job: Job) -> Result<Running, StartError> {
        if job.max_tokens.is_none() {
            return Ok(stream::pending().boxed());
        }
        let usage = Usage { prompt_tokens: 32, cached_prompt_tokens: 0, completion_tokens: 16 };
        let timings = Timings {
            prefill_ms: 100.0,
            prefill_run_ms: 100.0,
            decode_run_ms: 200.0,
            decode_steps: 15,
            ..Timings::default()
        };
        let end = GenerationEvent::Finished { finish: Finish::Length, usage, timings };
        Ok(stream::iter([end]).boxed())
    }

    fn status(&self) -> (Load, Vec<Held>) {
        let held = Held { session: u64::MAX, tokens: 40, bytes: 40 };
        (Load { active: 0, queued: 0, slots: 2 }, vec![held])
    }

    fn unload(self: Arc<Self>, _within: Duration) -> Result<Unloaded, EngineError> {
        self.unloaded.fetch_add(1, Ordering::SeqCst);
        let resident_before = self.resident_bytes();
        let returned = *self.returns.lock().unwrap();
        let resident_after = resident_before.map(|before| before - returned);
        *self.memory.lock().unwrap() = resident_after;
        Ok(Unloaded { resident_before, resident_after })
    }
}
