//! A cache that no sequence uses for now.
//!
//! It is parked without its binding: a binding also keeps the last step's logits, which can be more
//! than the caches of a short text, and it keeps the session alive.

use ort::session::Session;

use super::{Carried, KvCache};
use crate::error::EngineError;
use crate::graph::Signature;

/// Keys and values of a text, to go on with later.
#[derive(Debug)]
pub struct Parked {
    carried: Carried,
    positions: usize,
    token_bytes: u64,
}

impl KvCache {
    /// Lets the binding go and keeps the rest.
    pub fn park(self) -> Parked {
        let Self { carried, positions, token_bytes, .. } = self;
        Parked { carried, positions, token_bytes }
    }
}

impl Parked {
    /// Tokens in the cache.
    pub fn positions(&self) -> usize {
        self.positions
    }

    /// Bytes of the keys and values, by the room the buffers have.
    pub fn bytes(&self) -> u64 {
        self.carried.positions(self.positions) as u64 * self.token_bytes
    }

    /// Goes on after the first `keep` tokens, as a sequence of likely `reserve` tokens. Where one
    /// buffer is past and present this only counts differently; where caches are moved, the first
    /// `keep` positions are copied unless they are all.
    ///
    /// # Errors
    /// ONNX Runtime cannot make the binding or the copy.
    pub(crate) fn resume(
        self,
        session: &Session,
        signature: &Signature,
        keep: usize,
        reserve: usize,
    ) -> Result<KvCache, EngineError> {
        let binding = session.create_binding().map_err(EngineError::runtime("make a binding"))?;
        let Self { mut carried, positions, token_bytes } = self;
        let keep = keep.min(positions);
        match &mut carried {
            Carried::Shared(shared) => shared.unbind(reserve),
            Carried::Moved(moved) if keep < positions => moved.cut(signature, positions, keep)?,
            Carried::Moved(_) => {}
        }
        Ok(KvCache { binding, carried, positions: keep, token_bytes })
    }
}
