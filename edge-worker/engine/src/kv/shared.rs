//! One buffer as past and present.
//!
//! The buffer holds more positions than the text has; the graph learns the text's length from the
//! attention mask. It starts with room for the prompt, at least 256 positions, and grows by a quarter,
//! up to the model's context: a whole context of SmolLM2-135M is 377 MB of float32 and a short chat
//! needs a hundredth of it. Growing by a share keeps the copying at a constant cost a token; doubling would copy
//! less and waste up to half the memory.

use ort::session::IoBinding;
use ort::value::DynValue;

use super::copy::copy;
use crate::error::EngineError;
use crate::graph::Signature;

const FIRST_CAPACITY: usize = 256;

/// Buffers that are past and present at once.
#[derive(Debug)]
pub struct Shared {
    buffers: Vec<Buffer>,
    capacity: usize,
    bound: bool,
    reserve: usize,
    limit: usize,
}

/// One of them. While they grow, and after that failed halfway, their capacities differ.
#[derive(Debug)]
struct Buffer {
    value: DynValue,
    capacity: usize,
}

impl Shared {
    /// No buffers yet; the first ones have room for `reserve` positions, none for more than `limit`.
    pub fn new(reserve: usize, limit: usize) -> Self {
        Self { buffers: Vec::new(), capacity: 0, bound: false, reserve, limit }
    }

    /// The buffers move to another binding, for a text of likely `reserve` positions. What they hold
    /// beyond the text's length is never read, so a shorter text needs no change.
    pub fn unbind(&mut self, reserve: usize) {
        self.bound = false;
        self.reserve = reserve;
    }

    /// Makes room for `total` positions and, when the buffers changed, binds them. Otherwise they
    /// are still bound from the step before. After a failure it can be called again.
    pub fn prepare(
        &mut self,
        signature: &Signature,
        binding: &mut IoBinding,
        total: usize,
    ) -> Result<(), EngineError> {
        let capacity = self.capacity_for(total);
        if self.bound && capacity == self.capacity {
            return Ok(());
        }
        self.bound = false;
        let names = (0..signature.layers).flat_map(Signature::cache_names);
        for (index, (past, present)) in names.enumerate() {
            let mut grown = None;
            let old = self.buffers.get_mut(index);
            let buffer = match old {
                Some(buffer) if buffer.capacity >= capacity => buffer,
                old => grown.insert(Buffer::grown(old.as_deref(), signature, capacity)?),
            };
            let failed = || EngineError::runtime("bind a key-value cache");
            binding.bind_input(past, &buffer.value).map_err(failed())?;
            binding.bind_output(present, &mut buffer.value).map_err(failed())?;
            // One layer at a time: the old buffer goes before the next new one is made.
            match (grown, self.buffers.get_mut(index)) {
                (Some(grown), Some(buffer)) => *buffer = grown,
                (Some(grown), None) => self.buffers.push(grown),
                (None, _) => {}
            }
        }
        self.capacity = capacity;
        self.bound = true;
        Ok(())
    }

    /// Positions that all buffers have room for once [`Self::prepare`] made room for `total`.
    pub fn capacity_for(&self, total: usize) -> usize {
        if total <= self.capacity {
            return self.capacity;
        }
        capacity(total.max(self.reserve)).min(self.limit).max(total)
    }

    /// Positions that all buffers have room for.
    pub fn capacity(&self) -> usize {
        self.capacity
    }
}

impl Buffer {
    fn grown(
        old: Option<&Self>,
        signature: &Signature,
        capacity: usize,
    ) -> Result<Self, EngineError> {
        let mut value = super::tensor(signature, capacity)?;
        if let Some(old) = old {
            copy(&old.value, old.capacity, &mut value, capacity, signature)
                .map_err(EngineError::runtime("grow a key-value cache"))?;
        }
        Ok(Self { value, capacity })
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
