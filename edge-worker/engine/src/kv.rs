//! The key and value caches of one sequence.
//!
//! Copying caches from step to step costs more than the step itself once a few hundred tokens are in
//! them, so neither way here copies:
//!
//! - [`Shared`]: for graphs whose attention writes new keys and values into the cache it reads
//!   (`GroupQueryAttention` when past and present are one buffer). A buffer longer than the text is
//!   bound as both; it grows by a share, and only then is it copied.
//! - [`Moved`]: for graphs that concatenate. The graph itself makes a longer cache each step; that
//!   very tensor is bound as the next step's past, without a copy of ours.
//!
//! Which of them a graph supports is found out by running it (`probe.rs`).

mod copy;
mod moved;
mod parked;
mod shared;

pub use moved::Moved;
pub use parked::Parked;
pub use shared::Shared;

use ort::session::{IoBinding, Session, SessionOutputs};
use ort::value::{DynTensor, DynValue};

use crate::error::EngineError;
use crate::graph::Signature;

/// How a graph's caches are carried from step to step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KvMode {
    /// One buffer is past and present.
    Shared,
    /// Each step's present is the next step's past.
    Moved,
}

/// The caches of one sequence and the binding they belong to.
#[derive(Debug)]
pub struct KvCache {
    binding: IoBinding,
    carried: Carried,
    positions: usize,
    token_bytes: u64,
}

#[derive(Debug)]
enum Carried {
    Shared(Shared),
    Moved(Moved),
}

impl KvCache {
    /// An empty cache for a sequence of `session` of likely `reserve` tokens and never more than
    /// `limit`.
    ///
    /// # Errors
    /// ONNX Runtime cannot make the binding.
    pub fn new(
        session: &Session,
        signature: &Signature,
        mode: KvMode,
        reserve: usize,
        limit: usize,
    ) -> Result<Self, EngineError> {
        let binding = session.create_binding().map_err(EngineError::runtime("make a binding"))?;
        let carried = match mode {
            KvMode::Shared => Carried::Shared(Shared::new(reserve, limit)),
            KvMode::Moved => Carried::Moved(Moved::new(signature)?),
        };
        Ok(Self { binding, carried, positions: 0, token_bytes: signature.cache_bytes_per_token() })
    }

    /// Tokens in the cache.
    pub fn positions(&self) -> usize {
        self.positions
    }

    /// Bytes of the keys and values, by the room the buffers have and not by the text's length.
    pub fn bytes(&self) -> u64 {
        self.carried.positions(self.positions) as u64 * self.token_bytes
    }

    /// What [`Self::bytes`] will say once `new` more tokens were fed.
    pub fn bytes_after(&self, new: usize) -> u64 {
        let positions = match &self.carried {
            Carried::Shared(shared) => shared.capacity_for(self.positions + new),
            Carried::Moved(_) => self.positions + new,
        };
        positions as u64 * self.token_bytes
    }

    /// Makes room for `new` more tokens and binds the caches for the next run.
    pub(crate) fn prepare(&mut self, signature: &Signature, new: usize) -> Result<(), EngineError> {
        let total = self.positions + new;
        match &mut self.carried {
            Carried::Shared(shared) => shared.prepare(signature, &mut self.binding, total),
            Carried::Moved(moved) => moved.prepare(&mut self.binding),
        }
    }

    /// The binding, for the other inputs and the logits.
    pub(crate) fn binding(&mut self) -> &mut IoBinding {
        &mut self.binding
    }

    /// Runs the session over the binding and takes what the run left for the next step. `read` sees
    /// the outputs before they go.
    pub(crate) fn run(
        &mut self,
        session: &mut Session,
        new: usize,
        read: impl FnOnce(&SessionOutputs<'_>) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let failed = EngineError::runtime("run the model");
        let mut outputs = session.run_binding(&self.binding).map_err(failed)?;
        read(&outputs)?;
        if let Carried::Moved(moved) = &mut self.carried {
            moved.take(&mut outputs)?;
        }
        drop(outputs);
        self.positions += new;
        Ok(())
    }
}

impl Carried {
    /// Positions the memory is for, of a text of `length`.
    fn positions(&self, length: usize) -> usize {
        match self {
            Self::Shared(shared) => shared.capacity(),
            Self::Moved(_) => length,
        }
    }
}

/// A zeroed cache tensor of one layer with room for `capacity` positions.
fn tensor(signature: &Signature, capacity: usize) -> Result<DynValue, EngineError> {
    let dims = [1, signature.kv_heads, capacity, signature.head_size];
    let dims = ort::value::Shape::from(dims.to_vec());
    DynTensor::new(&ort::memory::Allocator::default(), signature.cache_element, dims)
        .map(DynTensor::into_dyn)
        .map_err(EngineError::runtime("allocate a key-value cache"))
}
