//! Each step's present becomes the next step's past.
//!
//! ONNX Runtime allocates the present itself, since its length is the graph's to say. The tensor is
//! handed over by reference: the next run reads the memory the last one wrote.

use ort::memory::{AllocationDevice, AllocatorType, MemoryInfo, MemoryType};
use ort::session::{IoBinding, SessionOutputs};
use ort::value::DynValue;

use super::copy::copy;
use crate::error::EngineError;
use crate::graph::Signature;

/// The caches as the last run returned them.
#[derive(Debug)]
pub struct Moved {
    caches: Vec<Cache>,
    memory: MemoryInfo<'static>,
}

#[derive(Debug)]
struct Cache {
    past: String,
    present: String,
    value: DynValue,
}

impl Moved {
    /// Caches of no positions.
    ///
    /// # Errors
    /// ONNX Runtime cannot make an empty tensor.
    pub fn new(signature: &Signature) -> Result<Self, EngineError> {
        let failed = EngineError::runtime("describe the processor's memory");
        let memory =
            MemoryInfo::new(AllocationDevice::CPU, 0, AllocatorType::Device, MemoryType::CPUOutput);
        let memory = memory.map_err(failed)?;
        let mut caches = Vec::with_capacity(signature.layers * 2);
        for (past, present) in (0..signature.layers).flat_map(Signature::cache_names) {
            let value = super::tensor(signature, 0)?;
            caches.push(Cache { past, present, value });
        }
        Ok(Self { caches, memory })
    }

    /// Binds the caches as past and asks for new ones as present. A binding keeps what the last run
    /// put in an output, so the outputs are bound anew each time.
    pub fn prepare(&self, binding: &mut IoBinding) -> Result<(), EngineError> {
        for cache in &self.caches {
            let bound = binding.bind_input(cache.past.as_str(), &cache.value);
            bound.map_err(EngineError::runtime("bind a key-value cache"))?;
            let bound = binding.bind_output_to_device(cache.present.as_str(), &self.memory);
            bound.map_err(EngineError::runtime("bind a key-value cache"))?;
        }
        Ok(())
    }

    /// Takes the caches a run returned, all or none.
    pub fn take(&mut self, outputs: &mut SessionOutputs<'_>) -> Result<(), EngineError> {
        let mut values = Vec::with_capacity(self.caches.len());
        for cache in &self.caches {
            values.push(outputs.remove(&cache.present).ok_or_else(|| EngineError::Runtime {
                doing: "read a key-value cache",
                cause: format!("the output `{}` is missing", cache.present),
            })?);
        }
        for (cache, value) in self.caches.iter_mut().zip(values) {
            cache.value = value;
        }
        Ok(())
    }

    /// Shortens caches of `positions` to the first `keep`. The graph takes a past for exactly as long
    /// as it is, so this copies.
    ///
    /// # Errors
    /// There is no memory for the copy of a layer; the caches should then be thrown away.
    pub fn cut(
        &mut self,
        signature: &Signature,
        positions: usize,
        keep: usize,
    ) -> Result<(), EngineError> {
        for cache in &mut self.caches {
            let mut value = super::tensor(signature, keep)?;
            copy(&cache.value, positions, &mut value, keep, signature)
                .map_err(EngineError::runtime("cut a key-value cache"))?;
            cache.value = value;
        }
        Ok(())
    }
}
