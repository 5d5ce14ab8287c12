//! One run of an encoder: the contact with ONNX Runtime.
//!
//! The layout is the one of exported encoders: `input_ids` and `attention_mask`, where wanted also
//! `token_type_ids`, all int64 of `[batch, sequence]`; out comes `last_hidden_state` of
//! `[batch, sequence, width]`. A graph that does not fit is refused with every mismatch.

use std::path::Path;

use ort::session::{Session, SessionInputValue};
use ort::value::{Tensor, TensorElementType};

use super::pool;
use crate::accelerator::Accelerator;
use crate::decoder::session;
use crate::error::EngineError;
use crate::graph::{ATTENTION_MASK, INPUT_IDS, Mismatch, Port};
use crate::model_folder::Pooling;
use crate::placement::{Placement, Profile};
use crate::runtime::Runtime;

const TOKEN_TYPES: &str = "token_type_ids";
const OUTPUT: &str = "last_hidden_state";

/// A loaded encoder. It runs one batch at a time.
#[derive(Debug)]
pub struct Encoder {
    session: Session,
    token_types: bool,
    pooling: Pooling,
    width: usize,
    placement: Vec<Placement>,
}

impl Encoder {
    /// Loads the graph at `model`, checks that it fits and runs it once.
    ///
    /// # Errors
    /// The graph does not load, does not fit or does not run.
    pub fn load(
        runtime: &Runtime,
        model: &Path,
        threads: Option<usize>,
        accelerator: Accelerator,
        pooling: Pooling,
    ) -> Result<Self, EngineError> {
        let (session, profile) = session::open(runtime, model, threads, accelerator)?;
        let inputs: Vec<Port> = session.inputs().iter().map(Port::of).collect();
        let outputs: Vec<Port> = session.outputs().iter().map(Port::of).collect();
        let (token_types, width) = fits(&inputs, &outputs)
            .map_err(|mismatches| EngineError::Encoder { path: model.into(), mismatches })?;
        let placement = Vec::new();
        let mut encoder = Self { session, token_types, pooling, width, placement };
        encoder.first_run(profile)?;
        Ok(encoder)
    }

    fn first_run(&mut self, profile: Profile) -> Result<(), EngineError> {
        self.run(&[&[0, 1], &[0]])?;
        self.placement = profile.finish(&mut self.session);
        Ok(())
    }

    /// The vectors of `rows`, which are not empty.
    ///
    /// # Errors
    /// ONNX Runtime fails, or there is something in a vector that is no number.
    pub fn run(&mut self, rows: &[&[u32]]) -> Result<Vec<Vec<f32>>, EngineError> {
        let doing = "embed texts";
        let failed = || EngineError::runtime(doing);
        let longest = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let shape = [rows.len(), longest];
        let tensor = |numbers: Vec<i64>| Tensor::from_array((shape, numbers)).map_err(failed());
        let padded = |of: fn(u32) -> i64| {
            let row = move |row: &&[u32]| -> Vec<i64> {
                let padding = std::iter::repeat_n(0, longest - row.len());
                row.iter().map(|&token| of(token)).chain(padding).collect()
            };
            rows.iter().flat_map(row).collect::<Vec<i64>>()
        };
        let mut inputs: Vec<(&str, SessionInputValue<'_>)> = vec![
            (INPUT_IDS, tensor(padded(i64::from))?.into()),
            (ATTENTION_MASK, tensor(padded(|_| 1))?.into()),
        ];
        if self.token_types {
            inputs.push((TOKEN_TYPES, tensor(padded(|_| 0))?.into()));
        }
        let outputs = self.session.run(inputs).map_err(failed())?;
        let odd = |cause: &str| EngineError::Runtime { doing, cause: cause.into() };
        let hidden = outputs.get(OUTPUT).ok_or_else(|| odd("there is no output"))?;
        let (_, numbers) = hidden.try_extract_tensor::<f32>().map_err(failed())?;
        if numbers.len() != rows.len() * longest * self.width {
            return Err(odd("the output has another shape than the graph says"));
        }
        let texts = numbers.chunks_exact(longest * self.width).zip(rows);
        let Pooling::Mean = self.pooling;
        let vectors: Vec<Vec<f32>> =
            texts.map(|(hidden, row)| pool::mean(hidden, self.width, row.len())).collect();
        if vectors.iter().flatten().all(|number| number.is_finite()) {
            Ok(vectors)
        } else {
            Err(odd("a vector has something in it that is no number"))
        }
    }

    /// Length of its vectors.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Which execution providers hold how many nodes; empty where that is not known.
    pub fn placement(&self) -> &[Placement] {
        &self.placement
    }
}

/// Whether the graph wants token types, and the width of its output.
fn fits(inputs: &[Port], outputs: &[Port]) -> Result<(bool, usize), Vec<Mismatch>> {
    let mut mismatches = Vec::new();
    let mut miss = |port: &str, expected: &str, found: Option<&Port>| {
        let found = found.map_or("nothing".to_owned(), ToString::to_string);
        mismatches.push(Mismatch { port: port.into(), expected: expected.into(), found });
    };
    let find = |ports: &[Port], name: &str| ports.iter().find(|port| port.name == name).cloned();
    let token_types = find(inputs, TOKEN_TYPES).is_some();
    for name in [INPUT_IDS, ATTENTION_MASK, TOKEN_TYPES] {
        let port = find(inputs, name);
        let wanted = name != TOKEN_TYPES || token_types;
        let ids =
            |port: &Port| port.element == Some(TensorElementType::Int64) && port.dims.len() == 2;
        if wanted && !port.as_ref().is_some_and(ids) {
            miss(name, "an int64 input [batch, sequence]", port.as_ref());
        }
    }
    for port in inputs {
        if ![INPUT_IDS, ATTENTION_MASK, TOKEN_TYPES].contains(&port.name.as_str()) {
            miss(&port.name, "no such input", Some(port));
        }
    }
    let output = find(outputs, OUTPUT);
    let width = output
        .as_ref()
        .filter(|port| port.element == Some(TensorElementType::Float32) && port.dims.len() == 3);
    let width =
        width.and_then(|port| usize::try_from(port.dims[2]).ok()).filter(|&width| width > 0);
    if width.is_none() {
        let expected = "a float32 output [batch, sequence, width] of a fixed width";
        miss(OUTPUT, expected, output.as_ref());
    }
    match width {
        Some(width) if mismatches.is_empty() => Ok((token_types, width)),
        _ => Err(mismatches),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(name: &str, element: TensorElementType, dims: &[i64]) -> Port {
        Port { name: name.into(), element: Some(element), dims: dims.into() }
    }

    #[test]
    fn an_exported_encoder_fits_with_and_without_token_types() {
        let ids = |name| port(name, TensorElementType::Int64, &[-1, -1]);
        let out = [port(OUTPUT, TensorElementType::Float32, &[-1, -1, 384])];
        let two = [ids(INPUT_IDS), ids(ATTENTION_MASK)];
        assert_eq!(fits(&two, &out), Ok((false, 384)));
        let three = [ids(INPUT_IDS), ids(ATTENTION_MASK), ids(TOKEN_TYPES)];
        assert_eq!(fits(&three, &out), Ok((true, 384)));
    }

    #[test]
    fn everything_that_does_not_fit_is_named_at_once() {
        let inputs = [
            port(INPUT_IDS, TensorElementType::Float32, &[-1, -1]),
            port("pixels", TensorElementType::Float32, &[-1]),
        ];
        let out = [port(OUTPUT, TensorElementType::Float32, &[-1, -1, -1])];
        let ports: Vec<String> =
            fits(&inputs, &out).expect_err("odd").into_iter().map(|miss| miss.port).collect();
        assert_eq!(ports, [INPUT_IDS, ATTENTION_MASK, "pixels", OUTPUT]);
    }
}
