//! Copying positions between cache tensors.
//!
//! A cache is laid out `[1, heads, positions, head size]`: another number of positions moves every
//! head but the first, so the copy goes head by head.

use half::f16;
use ort::value::{DynValue, PrimitiveTensorElementType, TensorElementType};

use crate::graph::Signature;

/// Copies the first positions of each head of `old`, as many as both have room for. The capacities
/// are in positions.
///
/// # Errors
/// A tensor is not of the signature's element type.
pub fn copy(
    old: &DynValue,
    old_capacity: usize,
    new: &mut DynValue,
    new_capacity: usize,
    signature: &Signature,
) -> ort::Result<()> {
    let head = signature.head_size;
    if signature.cache_element == TensorElementType::Float16 {
        copy_heads::<f16>(old, old_capacity * head, new, new_capacity * head)
    } else {
        copy_heads::<f32>(old, old_capacity * head, new, new_capacity * head)
    }
}

/// The strides are numbers a head occupies in each tensor.
fn copy_heads<T: PrimitiveTensorElementType + Copy>(
    old: &DynValue,
    old_stride: usize,
    new: &mut DynValue,
    new_stride: usize,
) -> ort::Result<()> {
    let (_, from) = old.try_extract_tensor::<T>()?;
    let (_, to) = new.try_extract_tensor_mut::<T>()?;
    let kept = old_stride.min(new_stride);
    for (from, to) in from.chunks_exact(old_stride).zip(to.chunks_exact_mut(new_stride)) {
        to[..kept].copy_from_slice(&from[..kept]);
    }
    Ok(())
}
