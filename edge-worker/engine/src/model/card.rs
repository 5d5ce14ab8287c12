//! What a loaded model says of itself.

use crate::accelerator::Accelerator;
use crate::measure::Speed;
use crate::placement::Placement;

/// Everything was read or measured here.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCard {
    /// Its name in policies and requests.
    pub name: String,
    /// The first digits of the SHA-256 of the graph and its data.
    pub version: String,
    /// Length of its vectors; `None`: it makes none, it answers.
    pub dimensions: Option<u32>,
    /// Tokens of prompt and answer together; of an embedding model, those of a text.
    pub context_tokens: u32,
    /// Width of the logits; of an embedding model, which has none, 0.
    pub vocabulary: u32,
    /// Number of parameters, where the folder says.
    pub parameters: Option<u64>,
    /// Prior probability of a good answer, 0 to 1, where the folder says.
    pub quality: Option<f64>,
    /// What it was asked to run on. Where it does run is in `placement`.
    pub asked: Accelerator,
    /// Nodes per execution provider, most first; empty where that could not be found out.
    pub placement: Vec<Placement>,
    /// Measured rates.
    pub speed: Speed,
    /// Generations that run at once.
    pub slots: usize,
    /// Memory that loading took, in bytes; [`Self::resident_measured`] says how it is known. Caches of
    /// running and held generations come on top.
    pub resident_bytes: u64,
    /// Whether `resident_bytes` is the growth of this process's resident memory while the model loaded,
    /// which another model that loads at the same time spoils. Otherwise it is the size of the files.
    pub resident_measured: bool,
    /// How long loading took, measuring included, in milliseconds.
    pub load_ms: f64,
    /// Bytes a token takes in the cache of its generation.
    pub cache_bytes_per_token: u64,
    /// Whether an answer begun elsewhere can be continued.
    pub assistant_prefix: bool,
    /// Whether an answer can be held to a form.
    pub json_output: bool,
}

impl ModelCard {
    /// What holds most nodes of the graph: the processor, or the accelerator that was asked for. `None`
    /// where the placement could not be found out.
    pub fn runs_on(&self) -> Option<Accelerator> {
        let most = self.placement.first()?;
        let processor = most.execution_provider == Accelerator::PROCESSORS_PROVIDER;
        Some(if processor { Accelerator::Cpu } else { self.asked })
    }
}
