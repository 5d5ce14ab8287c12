//! The loop one writes first: run the session, copy every present out of its outputs, give the
//! copies to the next run as past. One copy of ours a step; the graph makes another when past and
//! present are not one buffer.

use std::path::Path;

use littoral_engine::graph::Signature;
use ort::session::Session;
use ort::value::{DynValue, Tensor};

use crate::Failure;

/// A session and copies of its caches.
pub struct CopyingLoop {
    session: Session,
    layers: usize,
    caches: Vec<(String, String, Vec<i64>, Vec<f32>)>,
    positions: usize,
}

impl CopyingLoop {
    /// Reads `tokens` in chunks of `chunk`.
    pub fn prefill(
        library: &Path,
        model: &Path,
        tokens: &[u32],
        chunk: usize,
    ) -> Result<Self, Failure> {
        let runtime = littoral_engine::Runtime::load(library)?;
        let session = Session::builder(runtime.environment())?.commit_from_file(model)?;
        let layers = session.inputs().iter().filter(|i| i.name().ends_with(".key")).count();
        let names = (0..layers).flat_map(Signature::cache_names);
        let empty = |(past, present)| {
            let input = session.inputs().iter().find(|input| input.name() == past);
            let shape = input.and_then(|input| input.dtype().tensor_shape().cloned());
            let mut dims = shape.map(|shape| shape.to_vec()).unwrap_or_default();
            (dims[0], dims[2]) = (1, 0);
            (past, present, dims, Vec::new())
        };
        let caches = names.map(empty).collect();
        let mut run = Self { session, layers, caches, positions: 0 };
        for chunk in tokens.chunks(chunk) {
            run.feed(chunk)?;
        }
        Ok(run)
    }

    /// Feeds one token.
    pub fn step(&mut self, token: u32) -> Result<(), Failure> {
        self.feed(&[token])
    }

    fn feed(&mut self, tokens: &[u32]) -> Result<(), Failure> {
        self.positions += tokens.len();
        let ids: Vec<i64> = tokens.iter().map(|&token| i64::from(token)).collect();
        let mut inputs: Vec<(String, DynValue)> = Vec::with_capacity(self.layers * 2 + 2);
        let row = |numbers: Vec<i64>| Tensor::from_array(([1, numbers.len()], numbers));
        inputs.push(("input_ids".into(), row(ids)?.into_dyn()));
        inputs.push(("attention_mask".into(), row(vec![1; self.positions])?.into_dyn()));
        for (past, _, dims, numbers) in &mut self.caches {
            let tensor = if numbers.is_empty() {
                Tensor::<f32>::new(&ort::memory::Allocator::default(), dims.clone())?
            } else {
                Tensor::from_array((dims.clone(), std::mem::take(numbers)))?
            };
            inputs.push((past.clone(), tensor.into_dyn()));
        }
        let outputs = self.session.run(inputs)?;
        for (_, present, dims, numbers) in &mut self.caches {
            let (shape, copied) = outputs[present.as_str()].try_extract_tensor::<f32>()?;
            *dims = shape.to_vec();
            *numbers = copied.to_vec();
        }
        Ok(())
    }
}
