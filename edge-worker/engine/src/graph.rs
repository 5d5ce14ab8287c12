//! Whether a graph is a decoder this engine can run, read off its inputs and outputs.
//!
//! The common layout of exported decoders is
//!
//! ```text
//! input_ids, attention_mask [, position_ids], past_key_values.N.key, past_key_values.N.value
//!     -> logits, present.N.key, present.N.value
//! ```
//!
//! with int64 ids and float32 or float16 caches of `[batch, heads, positions, head size]`. Heads may
//! be fewer than the queries' (grouped heads); that is the graph's own business. A graph that does
//! not fit is refused with every mismatch, what was expected and what was found, because whoever
//! exported it has to change all of them.

use std::fmt;

use ort::value::{Outlet, TensorElementType};

/// One input or output of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// The element type, or `None` when it is no tensor.
    pub element: Option<TensorElementType>,
    /// Dimensions; -1 where the graph leaves them open.
    pub dims: Vec<i64>,
}

/// One way in which a graph does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The input or output it is about.
    pub port: String,
    /// What is needed.
    pub expected: String,
    /// What the graph has.
    pub found: String,
}

/// What is known of a decoder that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Layers with a cache.
    pub layers: usize,
    /// Heads of a key or value cache.
    pub kv_heads: usize,
    /// Numbers per head and position.
    pub head_size: usize,
    /// Element type of the caches: float32 or float16.
    pub cache_element: TensorElementType,
    /// Element type of the logits: float32 or float16.
    pub logits_element: TensorElementType,
    /// Whether the graph wants `position_ids`.
    pub position_ids: bool,
    /// Tokens of the output, where the graph says so.
    pub vocabulary: Option<u32>,
}

/// The name of the token input.
pub const INPUT_IDS: &str = "input_ids";
/// The name of the mask input.
pub const ATTENTION_MASK: &str = "attention_mask";
/// The name of the optional position input.
pub const POSITION_IDS: &str = "position_ids";
/// The name of the logits output.
pub const LOGITS: &str = "logits";

impl Port {
    /// Describes an input or output of a session.
    pub fn of(outlet: &Outlet) -> Self {
        let dtype = outlet.dtype();
        let dims = dtype.tensor_shape().map(|shape| shape.to_vec()).unwrap_or_default();
        Self { name: outlet.name().to_owned(), element: dtype.tensor_type(), dims }
    }
}

impl Signature {
    /// Names of the caches of `layer`, as `(past, present)` for key and value.
    pub fn cache_names(layer: usize) -> [(String, String); 2] {
        ["key", "value"].map(|kind| {
            (format!("past_key_values.{layer}.{kind}"), format!("present.{layer}.{kind}"))
        })
    }

    /// Reads a graph.
    ///
    /// # Errors
    /// Every mismatch with the layout above.
    pub fn read(inputs: &[Port], outputs: &[Port]) -> Result<Self, Vec<Mismatch>> {
        let mut check = Check::default();
        check.ids(inputs, INPUT_IDS);
        check.ids(inputs, ATTENTION_MASK);
        let position_ids = inputs.iter().any(|port| port.name == POSITION_IDS);
        if position_ids {
            check.ids(inputs, POSITION_IDS);
        }
        let logits = check.floats(outputs, LOGITS, 3);
        let layers = (0..).take_while(|layer| has_layer(inputs, outputs, *layer)).count();
        let mut caches = Vec::new();
        for layer in 0..layers.max(1) {
            for (past, present) in Self::cache_names(layer) {
                caches.extend(check.floats(inputs, &past, 4));
                check.floats(outputs, &present, 4);
            }
        }
        check.unknown(inputs, outputs, layers);
        let shape = check.same_caches(&caches);
        match (logits, shape) {
            (Some(logits), Some((kv_heads, head_size, cache_element))) if check.0.is_empty() => {
                let vocabulary = logits.dims.last().and_then(|&tokens| u32::try_from(tokens).ok());
                let logits_element = logits.element.unwrap_or(TensorElementType::Float32);
                let vocabulary = vocabulary.filter(|&tokens| tokens > 0);
                Ok(Self {
                    layers,
                    kv_heads,
                    head_size,
                    cache_element,
                    logits_element,
                    position_ids,
                    vocabulary,
                })
            }
            _ => Err(check.0),
        }
    }

    /// Bytes one token takes in the caches of all layers.
    pub fn cache_bytes_per_token(&self) -> u64 {
        let element_bytes = if self.cache_element == TensorElementType::Float16 { 2 } else { 4 };
        2 * (self.layers * self.kv_heads * self.head_size * element_bytes) as u64
    }
}

fn has_layer(inputs: &[Port], outputs: &[Port], layer: usize) -> bool {
    let has = |ports: &[Port], name: &str| ports.iter().any(|port| port.name == name);
    Signature::cache_names(layer)
        .iter()
        .any(|(past, present)| has(inputs, past) || has(outputs, present))
}

/// Collects mismatches while looking.
#[derive(Default)]
struct Check(Vec<Mismatch>);

impl Check {
    fn miss(&mut self, port: &str, expected: impl Into<String>, found: impl Into<String>) {
        self.0.push(Mismatch { port: port.into(), expected: expected.into(), found: found.into() });
    }

    fn ids(&mut self, inputs: &[Port], name: &str) {
        let expected = "an int64 input [batch, positions]";
        match inputs.iter().find(|port| port.name == name) {
            None => self.miss(name, expected, "nothing"),
            Some(port)
                if port.element != Some(TensorElementType::Int64) || port.dims.len() != 2 =>
            {
                self.miss(name, expected, port.to_string());
            }
            Some(_) => {}
        }
    }

    fn floats<'a>(&mut self, ports: &'a [Port], name: &str, rank: usize) -> Option<&'a Port> {
        let expected = format!("a float32 or float16 tensor of {rank} dimensions");
        let Some(port) = ports.iter().find(|port| port.name == name) else {
            self.miss(name, expected, "nothing");
            return None;
        };
        if !is_float(port.element) || port.dims.len() != rank {
            self.miss(name, expected, port.to_string());
            return None;
        }
        Some(port)
    }

    /// Inputs nobody would feed and caches nobody would carry on.
    fn unknown(&mut self, inputs: &[Port], outputs: &[Port], layers: usize) {
        let caches: Vec<_> = (0..layers).flat_map(Signature::cache_names).collect();
        for port in inputs {
            let known = [INPUT_IDS, ATTENTION_MASK, POSITION_IDS].contains(&port.name.as_str())
                || caches.iter().any(|(past, _)| *past == port.name);
            if !known {
                self.miss(&port.name, "no such input", port.to_string());
            }
        }
        for port in outputs {
            let cache = port.name.starts_with("present");
            if cache && !caches.iter().any(|(_, present)| *present == port.name) {
                self.miss(&port.name, "no such output", port.to_string());
            }
        }
    }

    /// Heads, head size and type that all caches share.
    fn same_caches(&mut self, caches: &[&Port]) -> Option<(usize, usize, TensorElementType)> {
        let first = *caches.first()?;
        let size = |dimension: i64| usize::try_from(dimension).ok().filter(|&size| size > 0);
        let (Some(heads), Some(head_size)) = (size(first.dims[1]), size(first.dims[3])) else {
            let expected = "a fixed number of heads and a fixed head size (dimensions 2 and 4)";
            self.miss(&first.name, expected, first.to_string());
            return None;
        };
        for port in caches {
            let alike = (port.dims[1], port.dims[3]) == (first.dims[1], first.dims[3]);
            if !alike || port.element != first.element {
                self.miss(&port.name, format!("the same as {}", first.name), port.to_string());
            }
        }
        Some((heads, head_size, first.element?))
    }
}

fn is_float(element: Option<TensorElementType>) -> bool {
    matches!(element, Some(TensorElementType::Float32 | TensorElementType::Float16))
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.element {
            Some(element) => write!(f, "{element} {:?}", self.dims),
            None => f.write_str("no tensor"),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: expected {}, found {}", self.port, self.expected, self.found)
    }
}

#[cfg(test)]
mod tests;
