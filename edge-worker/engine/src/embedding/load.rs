//! Loading an embedding model: read the folder, open the graph, measure it, start its thread.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use super::encoder::Encoder;
use super::serving::{self, Ticket};
use super::tokens::Tokens;
use super::{EmbeddingModel, Inner};
use crate::error::EngineError;
use crate::mailbox::Mailbox;
use crate::measure::{Speed, rate};
use crate::memory;
use crate::model::load::growth;
use crate::model::{LoadOptions, ModelCard};
use crate::model_folder::EmbeddingFolder;
use crate::runtime::Runtime;
use crate::ticket::{count, milliseconds};

/// Tokens of a text that the speed is measured with.
const MEASURED_TOKENS: usize = 128;

impl EmbeddingModel {
    /// Loads the model in `folder`, measures it and starts its thread. Blocks for as long as that
    /// takes. Of `options`, those for held caches mean nothing here.
    ///
    /// # Errors
    /// The folder is incomplete, the graph does not fit or does not run; everything wrong with the
    /// folder or the graph is listed at once.
    pub fn load(
        runtime: &Runtime,
        folder: &Path,
        options: LoadOptions,
    ) -> Result<Self, EngineError> {
        let (begun, before) = (Instant::now(), memory::resident_bytes());
        let files = EmbeddingFolder::open(folder)?;
        let fault = |fault| EngineError::Folder { folder: folder.into(), faults: vec![fault] };
        let tokens = Tokens::open(&files.tokenizer).map_err(fault)?;
        let LoadOptions { threads, accelerator, .. } = options;
        let pooling = files.manifest.pooling;
        let mut encoder = Encoder::load(runtime, &files.model, threads, accelerator, pooling)?;
        let dimensions = count(encoder.width());
        if let Some(said) = files.manifest.dimensions.filter(|&said| said != dimensions) {
            let wrong = format!("littoral.toml says {said} dimensions, the graph has {dimensions}");
            return Err(fault(wrong));
        }
        let speed = measure(&mut encoder, &files, &tokens, options.measure)?;
        let version = files.version()?;
        memory::give_back();
        let grown = growth(before, memory::resident_bytes(), files.model_bytes());
        let slots = options.slots.max(1);
        let card = ModelCard {
            version,
            dimensions: Some(dimensions),
            context_tokens: files.context_tokens,
            vocabulary: 0,
            parameters: files.manifest.parameters,
            quality: files.manifest.quality,
            asked: accelerator,
            placement: encoder.placement().to_vec(),
            speed,
            slots,
            resident_bytes: grown.unwrap_or_else(|| files.model_bytes()),
            resident_measured: grown.is_some(),
            load_ms: milliseconds(begun),
            cache_bytes_per_token: 0,
            assistant_prefix: false,
            json_output: false,
            name: files.manifest.name,
        };
        let mailbox = Arc::new(Mailbox::new(slots, options.queue));
        let thread = Mutex::new(Some(spawn(&card.name, &mailbox, encoder)?));
        Ok(Self(Arc::new(Inner { card, tokens, mailbox, thread })))
    }
}

/// Tokens a second of a text that runs alone: the median of three runs, or of one where `steady` is off.
fn measure(
    encoder: &mut Encoder,
    files: &EmbeddingFolder,
    tokens: &Tokens,
    steady: bool,
) -> Result<Speed, EngineError> {
    let length = MEASURED_TOKENS.min(files.context_tokens as usize).max(1);
    // Different tokens, so that no row of the embedding is read from cache again and again.
    let row: Vec<u32> = (0..length).map(|at| count(at * 131 % tokens.len().max(1))).collect();
    let mut times = Vec::new();
    for _ in 0..if steady { 3 } else { 1 } {
        let start = Instant::now();
        encoder.run(&[&row])?;
        times.push(start.elapsed());
    }
    Ok(Speed { prefill_tokens_per_s: rate(length, times), decode_tokens_per_s: 0.0 })
}

fn spawn(
    name: &str,
    mailbox: &Arc<Mailbox<Ticket>>,
    encoder: Encoder,
) -> Result<JoinHandle<()>, EngineError> {
    let mailbox = Arc::clone(mailbox);
    std::thread::Builder::new()
        .name(format!("model {name}"))
        .spawn(move || serving::run(&mailbox, encoder))
        .map_err(|cause| EngineError::Io { doing: "start the thread of", path: name.into(), cause })
}
