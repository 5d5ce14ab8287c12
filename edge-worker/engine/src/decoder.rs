//! One forward step of a decoder.
//!
//! This is the whole contact with ONNX Runtime while a model runs: tokens in, the logits of the last
//! position out, caches carried in between. Everything above it (sampling, text, scheduling) knows
//! neither tensors nor sessions.
//!
//! A graph may return the logits of all positions or of the last one alone; the last row is read
//! either way.

mod inputs;
pub(crate) mod session;

use std::path::Path;

use half::f16;
use ort::memory::{AllocationDevice, AllocatorType, MemoryInfo, MemoryType};
use ort::session::{Session, SessionOutputs};
use ort::value::TensorElementType;

use crate::accelerator::Accelerator;
use crate::error::EngineError;
use crate::graph::{self, Signature};
use crate::kv::{KvCache, KvMode, Parked};
use crate::placement::Placement;
use crate::probe;
use crate::runtime::Runtime;

/// A loaded decoder. It runs one step at a time.
#[derive(Debug)]
pub struct Decoder {
    session: Session,
    signature: Signature,
    mode: KvMode,
    limit: usize,
    vocabulary: usize,
    placement: Vec<Placement>,
    memory: MemoryInfo<'static>,
}

impl Decoder {
    /// Loads the graph at `model` for sequences of up to `limit` tokens on `threads` threads
    /// (`None`: as many as the machine has), checks that it fits, and finds out by running it how
    /// its caches can be carried and which execution providers hold its nodes.
    ///
    /// # Errors
    /// The graph does not load, does not fit or does not run.
    pub fn load(
        runtime: &Runtime,
        model: &Path,
        limit: usize,
        threads: Option<usize>,
    ) -> Result<Self, EngineError> {
        Self::load_on(runtime, model, limit, threads, Accelerator::Cpu)
    }

    /// The same, with the graph offered to an accelerator first.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_on(
        runtime: &Runtime,
        model: &Path,
        limit: usize,
        threads: Option<usize>,
        accelerator: Accelerator,
    ) -> Result<Self, EngineError> {
        let (session, profile) = session::open(runtime, model, threads, accelerator)?;
        let signature = session::signature(&session, model)?;
        let memory =
            MemoryInfo::new(AllocationDevice::CPU, 0, AllocatorType::Device, MemoryType::CPUOutput)
                .map_err(EngineError::runtime("describe the processor's memory"))?;
        let mode = KvMode::Moved;
        let placement = Vec::new();
        let vocabulary = 0;
        let mut decoder = Self { session, signature, mode, limit, vocabulary, placement, memory };
        let found = probe::run(&mut decoder)?;
        decoder.mode = found.mode;
        decoder.vocabulary = found.vocabulary;
        decoder.placement = profile.finish(&mut decoder.session);
        Ok(decoder)
    }

    /// An empty cache for a new sequence, with room for `reserve` tokens from the start. More may be
    /// fed; then it grows, which copies it.
    ///
    /// # Errors
    /// ONNX Runtime cannot make one.
    pub fn cache(&self, reserve: usize) -> Result<KvCache, EngineError> {
        KvCache::new(&self.session, &self.signature, self.mode, reserve, self.limit)
    }

    /// Goes on with a parked cache of this decoder after its first `keep` tokens, as a sequence of
    /// likely `reserve` tokens.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn resume(
        &self,
        parked: Parked,
        keep: usize,
        reserve: usize,
    ) -> Result<KvCache, EngineError> {
        parked.resume(&self.session, &self.signature, keep, reserve)
    }

    /// An empty cache carried in `mode`, whether or not the graph supports it.
    pub(crate) fn cache_in(&self, mode: KvMode) -> Result<KvCache, EngineError> {
        KvCache::new(&self.session, &self.signature, mode, 0, self.limit)
    }

    /// Feeds `tokens` after what `cache` holds and puts the logits of the last one into `logits`.
    ///
    /// # Errors
    /// `tokens` is empty, the cache would exceed the limit, or ONNX Runtime fails; the cache should
    /// then be thrown away.
    pub fn step(
        &mut self,
        cache: &mut KvCache,
        tokens: &[u32],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        let total = cache.positions() + tokens.len();
        if tokens.is_empty() || total > self.limit {
            return Err(EngineError::Runtime {
                doing: "feed the model",
                cause: format!("{total} positions, from 1 to {} are possible", self.limit),
            });
        }
        cache.prepare(&self.signature, tokens.len())?;
        inputs::bind(cache, tokens, total, self.signature.position_ids)?;
        let bound = cache.binding().bind_output_to_device(graph::LOGITS, &self.memory);
        bound.map_err(EngineError::runtime("bind the logits"))?;
        let element = self.signature.logits_element;
        let read = |outputs: &SessionOutputs<'_>| last_row(outputs, element, logits);
        cache.run(&mut self.session, tokens.len(), read)
    }

    /// What the graph's inputs and outputs say.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// How caches are carried.
    pub fn mode(&self) -> KvMode {
        self.mode
    }

    /// Width of the logits.
    pub fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// Most tokens of a sequence.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Which execution providers hold how many nodes; empty where that is not known.
    pub fn placement(&self) -> &[Placement] {
        &self.placement
    }
}

/// Copies the last row of `[1, positions, vocabulary]` as float32.
fn last_row(
    outputs: &SessionOutputs<'_>,
    element: TensorElementType,
    logits: &mut Vec<f32>,
) -> Result<(), EngineError> {
    let unreadable = |cause: String| EngineError::Runtime { doing: "read the logits", cause };
    let value = outputs.get(graph::LOGITS).ok_or_else(|| unreadable("no output".into()))?;
    let failed = |error: ort::Error| unreadable(error.to_string());
    logits.clear();
    if element == TensorElementType::Float16 {
        let (shape, numbers) = value.try_extract_tensor::<f16>().map_err(failed)?;
        logits.extend(tail(shape, numbers).iter().map(|number| number.to_f32()));
    } else {
        let (shape, numbers) = value.try_extract_tensor::<f32>().map_err(failed)?;
        logits.extend_from_slice(tail(shape, numbers));
    }
    if logits.is_empty() { Err(unreadable("they are empty".into())) } else { Ok(()) }
}

fn tail<'a, T>(shape: &[i64], numbers: &'a [T]) -> &'a [T] {
    let width = shape.last().and_then(|&width| usize::try_from(width).ok()).unwrap_or(0);
    &numbers[numbers.len().saturating_sub(width)..]
}
