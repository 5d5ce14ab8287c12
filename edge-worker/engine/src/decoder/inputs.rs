//! Token ids, mask and positions of one step.
//!
//! Small tensors made anew each step: at 1,024 tokens the mask is 8 KB, less than a thousandth of
//! what the step reads.

use ort::value::Tensor;

use crate::error::EngineError;
use crate::graph::{ATTENTION_MASK, INPUT_IDS, POSITION_IDS};
use crate::kv::KvCache;

/// Binds the inputs that feed `tokens` as the last of `total` positions.
pub fn bind(
    cache: &mut KvCache,
    tokens: &[u32],
    total: usize,
    position_ids: bool,
) -> Result<(), EngineError> {
    let ids = tokens.iter().map(|&token| i64::from(token)).collect();
    row(cache, INPUT_IDS, ids)?;
    row(cache, ATTENTION_MASK, vec![1; total])?;
    if position_ids {
        let start = cache.positions();
        let positions = (start..total).filter_map(|position| i64::try_from(position).ok());
        row(cache, POSITION_IDS, positions.collect())?;
    }
    Ok(())
}

fn row(cache: &mut KvCache, name: &'static str, numbers: Vec<i64>) -> Result<(), EngineError> {
    let failed = || EngineError::runtime("bind an input");
    let tensor = Tensor::from_array(([1, numbers.len()], numbers)).map_err(failed())?;
    cache.binding().bind_input(name, &tensor).map_err(failed())
}
