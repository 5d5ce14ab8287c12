//! One buffer as past and present.
//!
//! The buffer holds more positions than the text has; the graph learns the text's length from the
//! attention mask. It starts with room for the prompt, at least 256 positions, and grows by a quarter,
//! up to the model's context: a whole context of SmolLM2-135M is 377 MB of float32 and a short chat
//! needs a hundredth of it. Growing by a share keeps the copying at a constant cost a token; doubling would copy less and
//! waste up to half the memory. A buffer is laid out `[1, heads, positions, head size]`, so growing
//! copies head by head.

use half::f16;
use ort::session::IoBinding;
use ort::value::{DynTensor, PrimitiveTensorElementType, TensorElementType};

use crate::error::EngineError;
use crate::graph::Signature;

const FIRST_CAPACITY: usize = 256;

/// Buffers that are past and present at once.
#[derive(Debug)]
pub struct Shared {
    buffers: Vec<DynTensor>,
    capacity: usize,
    reserve: usize,
    limit: usize,
}

impl Shared {
    /// No buffers yet; the first ones have room for `reserve` positions, none for more than `limit`.
    pub fn new(reserve: usize, limit: usize) -> Self {
        Self { buffers: Vec::new(), capacity: 0, reserve, limit }
    }

    /// Makes room for `total` positions and, when the buffers changed, binds them. Otherwise they
    /// are still bound from the step before.
    pub fn prepare(
        &mut self,
        signature: &Signature,
        binding: &mut IoBinding,
        total: usize,
    ) -> Result<(), EngineError> {
        if total <= self.capacity {
            return Ok(());
        }
        let capacity = capacity(total.max(self.reserve)).min(self.limit).max(total);
        let names = (0..signature.layers).flat_map(Signature::cache_names);
        for (index, (past, present)) in names.enumerate() {
            let mut grown = super::tensor(signature, capacity)?;
            if let Some(old) = self.buffers.get(index) {
                copy(old, self.capacity, &mut grown, capacity, signature)?;
            }
            let failed = || EngineError::runtime("bind a key-value cache");
            binding.bind_input(past, &grown).map_err(failed())?;
            binding.bind_output(present, &mut grown).map_err(failed())?;
            // One layer at a time: the old buffer goes before the next new one is made.
            match self.buffers.get_mut(index) {
                Some(buffer) => *buffer = grown,
                None => self.buffers.push(grown),
            }
        }
        self.capacity = capacity;
        Ok(())
    }
}

/// Room for `total` positions: [`FIRST_CAPACITY`] if they fit, else a quarter more than they need and
/// at least that many more, in whole steps of 64.
fn capacity(total: usize) -> usize {
    if total <= FIRST_CAPACITY {
        return FIRST_CAPACITY;
    }
    (total + (total / 4).max(FIRST_CAPACITY)).next_multiple_of(64)
}

fn copy(
    old: &DynTensor,
    old_capacity: usize,
    new: &mut DynTensor,
    new_capacity: usize,
    signature: &Signature,
) -> Result<(), EngineError> {
    let head = signature.head_size;
    let copied = if signature.cache_element == TensorElementType::Float16 {
        copy_heads::<f16>(old, old_capacity * head, new, new_capacity * head)
    } else {
        copy_heads::<f32>(old, old_capacity * head, new, new_capacity * head)
    };
    copied.map_err(EngineError::runtime("grow a key-value cache"))
}

/// Copies head by head; the strides are numbers a head occupies in each tensor.
fn copy_heads<T: PrimitiveTensorElementType + Copy>(
    old: &DynTensor,
    old_stride: usize,
    new: &mut DynTensor,
    new_stride: usize,
) -> ort::Result<()> {
    let (_, from) = old.try_extract_tensor::<T>()?;
    let (_, to) = new.try_extract_tensor_mut::<T>()?;
    for (from, to) in from.chunks_exact(old_stride).zip(to.chunks_exact_mut(new_stride)) {
        to[..old_stride].copy_from_slice(from);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::capacity;

    #[test]
    fn growing_to_a_long_context_takes_few_copies_and_wastes_little() {
        let (mut now, mut copies) = (0, 0);
        while now < 8192 {
            let next = capacity(now + 1);
            assert!(next > now, "{now} -> {next}");
            assert!(next <= (now + 1) * 5 / 4 + 320, "{now} -> {next}");
            (now, copies) = (next, copies + 1);
        }
        assert!(copies <= 16, "{copies}");
        assert_eq!([1, 256, 257].map(capacity), [256, 256, 576]);
    }
}
