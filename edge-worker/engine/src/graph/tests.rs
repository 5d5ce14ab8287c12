//! The layout check on graphs that exist only as lists of ports.

use super::*;
use TensorElementType::{Float16, Float32, Int64};

fn port(name: &str, element: TensorElementType, dims: &[i64]) -> Port {
    Port { name: name.into(), element: Some(element), dims: dims.to_vec() }
}

/// Two layers, three heads of 64, float32.
fn decoder() -> (Vec<Port>, Vec<Port>) {
    let ids = [INPUT_IDS, ATTENTION_MASK].map(|name| port(name, Int64, &[-1, -1]));
    let (mut inputs, mut outputs) = (ids.to_vec(), vec![port(LOGITS, Float32, &[-1, -1, 49152])]);
    for (past, present) in (0..2).flat_map(Signature::cache_names) {
        inputs.push(port(&past, Float32, &[-1, 3, -1, 64]));
        outputs.push(port(&present, Float32, &[-1, 3, -1, 64]));
    }
    (inputs, outputs)
}

fn mismatches(inputs: &[Port], outputs: &[Port]) -> Vec<String> {
    let mismatches = Signature::read(inputs, outputs).expect_err("does not fit");
    mismatches.iter().map(ToString::to_string).collect()
}

#[test]
fn the_common_layout_is_read_with_its_sizes() {
    let (mut inputs, outputs) = decoder();
    let signature = Signature::read(&inputs, &outputs).expect("fits");
    assert_eq!((signature.layers, signature.kv_heads, signature.head_size), (2, 3, 64));
    assert_eq!((signature.position_ids, signature.vocabulary), (false, Some(49152)));
    assert_eq!(signature.cache_bytes_per_token(), 2 * 2 * 3 * 64 * 4);
    inputs.push(port(POSITION_IDS, Int64, &[-1, -1]));
    assert!(Signature::read(&inputs, &outputs).expect("fits").position_ids);
}

#[test]
fn every_mismatch_of_an_encoder_is_listed() {
    let inputs = vec![
        port(INPUT_IDS, TensorElementType::Int32, &[-1, -1]),
        port("token_type_ids", Int64, &[-1, -1]),
    ];
    let outputs = vec![port("last_hidden_state", Float32, &[-1, -1, 384])];
    let listed = mismatches(&inputs, &outputs);
    assert_eq!(
        listed,
        [
            "`input_ids`: expected an int64 input [batch, positions], found i32 [-1, -1]",
            "`attention_mask`: expected an int64 input [batch, positions], found nothing",
            "`logits`: expected a float32 or float16 tensor of 3 dimensions, found nothing",
            "`past_key_values.0.key`: expected a float32 or float16 tensor of 4 dimensions, found nothing",
            "`present.0.key`: expected a float32 or float16 tensor of 4 dimensions, found nothing",
            "`past_key_values.0.value`: expected a float32 or float16 tensor of 4 dimensions, found nothing",
            "`present.0.value`: expected a float32 or float16 tensor of 4 dimensions, found nothing",
            "`token_type_ids`: expected no such input, found i64 [-1, -1]",
        ]
    );
}

#[test]
fn a_layer_of_another_type_or_shape_is_named() {
    let (mut inputs, outputs) = decoder();
    let last = inputs.len() - 1;
    inputs[last] = port("past_key_values.1.value", Float16, &[-1, 3, -1, 64]);
    inputs[last - 1] = port("past_key_values.1.key", Float32, &[-1, 5, -1, 64]);
    assert_eq!(
        mismatches(&inputs, &outputs),
        [
            "`past_key_values.1.key`: expected the same as past_key_values.0.key, found f32 [-1, 5, -1, 64]",
            "`past_key_values.1.value`: expected the same as past_key_values.0.key, found f16 [-1, 3, -1, 64]",
        ]
    );
}

#[test]
fn a_missing_present_and_an_open_head_size_are_named() {
    let (mut inputs, mut outputs) = decoder();
    outputs.remove(1);
    inputs[2] = port("past_key_values.0.key", Float32, &[-1, -1, -1, 64]);
    let listed = mismatches(&inputs, &outputs);
    assert!(listed[0].starts_with("`present.0.key`: expected a float32"), "{listed:?}");
    assert!(listed[1].contains("a fixed number of heads"), "{listed:?}");
}
