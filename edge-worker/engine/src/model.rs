//! A loaded chat model: what the rest of the house holds.
//!
//! The model runs on a thread of its own; a handle only passes messages. Checking, rendering and
//! tokenizing a job happen on the caller's thread in [`ChatModel::start`], so that what is wrong
//! with a job is its answer at once and costs the running generations nothing.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use crate::chat_format::ChatFormat;
use crate::decoder::Decoder;
use crate::error::{EngineError, StartError};
use crate::generation::Generation;
use crate::job::Job;
use crate::mailbox::{Load, Mailbox};
use crate::measure::{Effort, Speed, measure};
use crate::memory;
use crate::model_folder::ModelFolder;
use crate::placement::Placement;
use crate::runtime::Runtime;
use crate::sampling::{Sampling, Settings};
use crate::scheduler;
use crate::ticket::{Reply, Ticket};

/// How to load a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadOptions {
    /// Generations that run at once, taking turns. At least 1.
    pub slots: usize,
    /// Threads of one step; `None` leaves it to ONNX Runtime, which takes one a physical core.
    pub threads: Option<usize>,
    /// Jobs that may wait for a slot.
    pub queue: usize,
    /// Measure steady rates; otherwise a fraction of a second gives rough ones.
    pub measure: bool,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self { slots: 2, threads: None, queue: 8, measure: true }
    }
}

/// What a loaded model says of itself. Everything was read or measured here.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCard {
    /// Its name in policies and requests.
    pub name: String,
    /// The first digits of the SHA-256 of the graph and its data.
    pub version: String,
    /// Tokens of prompt and answer together.
    pub context_tokens: u32,
    /// Width of the logits.
    pub vocabulary: u32,
    /// Number of parameters, where the folder says.
    pub parameters: Option<u64>,
    /// Prior probability of a good answer, 0 to 1, where the folder says.
    pub quality: Option<f64>,
    /// Nodes per execution provider, most first; empty where that could not be found out.
    pub placement: Vec<Placement>,
    /// Measured rates.
    pub speed: Speed,
    /// Generations that run at once.
    pub slots: usize,
    /// Resident memory that loading took, or the size of the files where the system does not tell.
    /// Caches of running generations come on top.
    pub memory_bytes: u64,
    /// Bytes a token takes in the cache of its generation.
    pub cache_bytes_per_token: u64,
    /// Whether an answer begun elsewhere can be continued.
    pub assistant_prefix: bool,
}

/// A handle to a loaded model; clones share it. When the last one goes the model stops.
#[derive(Debug, Clone)]
pub struct ChatModel(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    card: ModelCard,
    format: Arc<ChatFormat>,
    sampling: Sampling,
    mailbox: Arc<Mailbox>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl ChatModel {
    /// Loads the model in `folder`, measures it and starts its thread. Blocks for as long as that
    /// takes: about a second for a model of a hundred million parameters.
    ///
    /// # Errors
    /// The folder is incomplete, the graph does not fit or does not run; everything wrong with the
    /// folder or the graph is listed at once.
    pub fn load(
        runtime: &Runtime,
        folder: &Path,
        options: LoadOptions,
    ) -> Result<Self, EngineError> {
        let before = memory::resident_bytes();
        let files = ModelFolder::open(folder)?;
        let format = Arc::new(ChatFormat::of(folder, &files)?);
        let limit = files.context_tokens as usize;
        let mut decoder = Decoder::load(runtime, &files.model, limit, options.threads)?;
        fits(&files, &decoder, &format)?;
        let effort = if options.measure { Effort::STEADY } else { Effort::ROUGH };
        let speed = measure(&mut decoder, effort)?;
        let after = memory::resident_bytes();
        let memory_bytes = match (before, after) {
            (Some(before), Some(after)) if after > before => after - before,
            _ => files.model_bytes(),
        };
        let slots = options.slots.max(1);
        let card = ModelCard {
            version: files.version()?,
            context_tokens: files.context_tokens,
            vocabulary: u32::try_from(decoder.vocabulary()).unwrap_or(u32::MAX),
            parameters: files.manifest.parameters,
            quality: files.manifest.quality,
            placement: decoder.placement().to_vec(),
            speed,
            slots,
            memory_bytes,
            cache_bytes_per_token: decoder.signature().cache_bytes_per_token(),
            assistant_prefix: files.manifest.assistant_prefix.unwrap_or(true),
            name: files.manifest.name,
        };
        let mailbox = Arc::new(Mailbox::new(slots, options.queue));
        let thread = Mutex::new(Some(spawn(&card.name, &mailbox, decoder, &format)?));
        let sampling = files.generation.sampling();
        Ok(Self(Arc::new(Inner { card, format, sampling, mailbox, thread })))
    }

    /// What the model says of itself.
    pub fn card(&self) -> &ModelCard {
        &self.0.card
    }

    /// The model's tokenizer and chat template.
    pub fn format(&self) -> &ChatFormat {
        &self.0.format
    }

    /// Queues a job. Tokenizes on this thread, about a millisecond per thousand tokens.
    ///
    /// # Errors
    /// The job is out of range, too long or cannot be rendered, or the model is busy or stopped.
    pub fn start(&self, job: Job) -> Result<Generation, StartError> {
        let mut faults = job.faults();
        let settings = Settings::resolve(&job.sampling, &self.0.sampling);
        let settings = settings.map_err(|fault| faults.insert(0, fault));
        let (Ok(settings), true) = (settings, faults.is_empty()) else {
            return Err(StartError::InvalidSampling(faults.join("; ")));
        };
        let prompt = self.prompt(&job)?;
        let room = self.0.card.context_tokens as usize - prompt.len();
        let max_tokens = job.max_tokens.map_or(room, |tokens| room.min(tokens as usize));
        let (reply, events, cancelled) = Reply::channel();
        self.0.mailbox.post(Ticket {
            prompt,
            settings,
            stop: job.stop,
            max_tokens,
            top_logprobs: job.top_logprobs,
            reply,
            started: Instant::now(),
        })?;
        Ok(Generation::new(events, cancelled, Arc::clone(&self.0.mailbox)))
    }

    /// How busy the model is.
    pub fn load_now(&self) -> Load {
        self.0.mailbox.load()
    }

    /// Stops the model: running and waiting generations fail with [`EngineError::Stopped`], new ones
    /// are refused, the memory is released. Blocks for the turn in progress, one chunk at most.
    pub fn shutdown(&self) {
        self.0.mailbox.stop();
        let thread = self.0.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!(model = self.0.card.name, "the model's thread had panicked");
        }
    }

    fn prompt(&self, job: &Job) -> Result<Vec<u32>, StartError> {
        let limit = self.0.card.context_tokens as usize - 1;
        let tokens = self.0.format.fewest_tokens(&job.conversation);
        if tokens > limit {
            return Err(StartError::TooLong { tokens, limit });
        }
        let prompt = self.0.format.encode(&job.conversation).map_err(StartError::Conversation)?;
        if prompt.len() > limit {
            return Err(StartError::TooLong { tokens: prompt.len(), limit });
        }
        if prompt.is_empty() {
            let empty = "it renders this conversation to nothing".into();
            return Err(StartError::Conversation(EngineError::Template(empty)));
        }
        Ok(prompt)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.mailbox.stop();
    }
}

/// Checks the tokenizer against the graph.
fn fits(files: &ModelFolder, decoder: &Decoder, format: &ChatFormat) -> Result<(), EngineError> {
    let (tokens, width) = (format.vocabulary().len(), decoder.vocabulary());
    if tokens <= width {
        return Ok(());
    }
    let fault = format!(
        "tokenizer.json has {tokens} tokens and the graph's logits {width}: they are not of one model"
    );
    let folder = files.tokenizer.parent().unwrap_or(Path::new("."));
    Err(EngineError::Folder { folder: folder.to_path_buf(), faults: vec![fault] })
}

fn spawn(
    name: &str,
    mailbox: &Arc<Mailbox>,
    decoder: Decoder,
    format: &Arc<ChatFormat>,
) -> Result<JoinHandle<()>, EngineError> {
    let (mailbox, format) = (Arc::clone(mailbox), Arc::clone(format));
    std::thread::Builder::new()
        .name(format!("model {name}"))
        .spawn(move || scheduler::run(&mailbox, decoder, &format))
        .map_err(|cause| EngineError::Io { doing: "start the thread of", path: name.into(), cause })
}
