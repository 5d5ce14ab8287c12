//! Loading a model: read the folder, open the graph, measure it, start its thread.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use super::{ChatModel, Inner, ModelCard};
use crate::accelerator::Accelerator;
use crate::chat_format::ChatFormat;
use crate::decoder::Decoder;
use crate::error::EngineError;
use crate::grammar::Grammars;
use crate::held::Shelf;
use crate::kv::Parked;
use crate::mailbox::Mailbox;
use crate::measure::{Effort, measure};
use crate::memory;
use crate::model_folder::ModelFolder;
use crate::runtime::Runtime;
use crate::scheduler;
use crate::ticket::{Ticket, milliseconds};

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
    /// Most sessions whose caches are held between their turns; 0 holds none.
    pub held: usize,
    /// Bytes that all caches may take together before held ones go. Running generations count and are
    /// not bound by it.
    pub held_bytes: u64,
    /// What to run on, where this machine has it; otherwise the processor.
    pub accelerator: Accelerator,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            slots: 2,
            threads: None,
            queue: 8,
            measure: true,
            held: 4,
            held_bytes: 256 << 20,
            accelerator: Accelerator::Cpu,
        }
    }
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
        let (begun, before) = (Instant::now(), memory::resident_bytes());
        let files = ModelFolder::open(folder)?;
        let format = Arc::new(ChatFormat::of(folder, &files)?);
        let limit = files.context_tokens as usize;
        let LoadOptions { threads, accelerator, .. } = options;
        let mut decoder = Decoder::load_on(runtime, &files.model, limit, threads, accelerator)?;
        fits(&files, &decoder, &format)?;
        let effort = if options.measure { Effort::STEADY } else { Effort::ROUGH };
        let speed = measure(&mut decoder, effort)?;
        let version = files.version()?;
        memory::give_back();
        let grown = growth(before, memory::resident_bytes(), files.model_bytes());
        let slots = options.slots.max(1);
        let card = ModelCard {
            version,
            dimensions: None,
            context_tokens: files.context_tokens,
            vocabulary: u32::try_from(decoder.vocabulary()).unwrap_or(u32::MAX),
            parameters: files.manifest.parameters,
            quality: files.manifest.quality,
            asked: accelerator,
            placement: decoder.placement().to_vec(),
            speed,
            slots,
            resident_bytes: grown.unwrap_or_else(|| files.model_bytes()),
            resident_measured: grown.is_some(),
            load_ms: milliseconds(begun),
            cache_bytes_per_token: decoder.signature().cache_bytes_per_token(),
            assistant_prefix: files.manifest.assistant_prefix.unwrap_or(true),
            json_output: format.vocabulary().is_exact(),
            name: files.manifest.name,
        };
        let mailbox = Arc::new(Mailbox::new(slots, options.queue));
        let shelf = Arc::new(Shelf::new(options.held, options.held_bytes));
        let thread = Mutex::new(Some(spawn(&card.name, &mailbox, &shelf, decoder, &format)?));
        let sampling = files.generation.sampling();
        let grammars = Grammars::default();
        let inner = Inner { card, format, sampling, grammars, mailbox, shelf, thread };
        Ok(Self(Arc::new(inner)))
    }
}

/// How much the process grew from `before` to `after`, in bytes, where that says what this model took: a
/// growth below half of its files (`model_bytes`) means that something else in the process let go of
/// memory meanwhile.
pub(crate) fn growth(before: Option<u64>, after: Option<u64>, model_bytes: u64) -> Option<u64> {
    let grown = after?.saturating_sub(before?);
    (grown > 0 && grown >= model_bytes / 2).then_some(grown)
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
    mailbox: &Arc<Mailbox<Ticket>>,
    shelf: &Arc<Shelf<Parked>>,
    decoder: Decoder,
    format: &Arc<ChatFormat>,
) -> Result<JoinHandle<()>, EngineError> {
    let (mailbox, shelf, format) = (Arc::clone(mailbox), Arc::clone(shelf), Arc::clone(format));
    std::thread::Builder::new()
        .name(format!("model {name}"))
        .spawn(move || scheduler::run(&mailbox, &shelf, decoder, &format))
        .map_err(|cause| EngineError::Io { doing: "start the thread of", path: name.into(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_growth_that_others_hid_is_not_called_measured() {
        assert_eq!(growth(Some(100), Some(330), 300), Some(230));
        assert_eq!(growth(Some(100), Some(124), 300), None);
        assert_eq!(growth(Some(300), Some(100), 300), None);
        assert_eq!(growth(None, Some(100), 300), None);
        assert_eq!(growth(Some(100), Some(100), 0), None);
    }
}
