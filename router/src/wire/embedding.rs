//! A request for vectors from the wire into a prompt: one message for each text.

use super::prompt::read_label;
use super::violation::{Violation, Violations};
use littoral_core::prompt::{Embed, Message, Part, PartContent, Prompt, Role};
use littoral_proto::v1;

/// Most texts of a request, by OpenAI's reference.
pub const MAX_INPUTS: usize = 2_048;
/// Longest vector that is asked for. Models in use have up to 4,096 numbers.
pub const MAX_DIMENSIONS: u32 = 8_192;

/// Reads the texts of a request.
///
/// # Errors
/// Every field that is malformed, with its path.
pub fn prompt(request: v1::EmbedRequest) -> Result<Prompt, Vec<Violation>> {
    let mut bad = Violations::default();
    let count = (1..=MAX_INPUTS).contains(&request.inputs.len());
    bad.require(count, "inputs", "1 to 2048 texts are needed");
    let dimensions = request.dimensions.is_none_or(|wanted| (1..=MAX_DIMENSIONS).contains(&wanted));
    bad.require(dimensions, "dimensions", "1 to 8192");
    let mut messages = Vec::with_capacity(request.inputs.len());
    for (index, input) in request.inputs.into_iter().enumerate() {
        let path = format!("inputs[{index}]");
        bad.require(
            !input.text.is_empty(),
            format_args!("{path}.text"),
            "an empty text has no vector",
        );
        let label = read_label(input.data_class, format_args!("{path}.data_class"), &mut bad);
        messages.push(Message {
            role: Role::User,
            parts: vec![Part { content: PartContent::Text(input.text), label }],
            name: None,
            tool_calls: Vec::new(),
            tool_call_id: None,
            label: None,
        });
    }
    let hints = request.hints.unwrap_or_default();
    let prompt = Prompt {
        messages,
        user: request.user,
        // Nothing is generated; a bound of a single token keeps every forecast and every hold near the truth.
        max_output_tokens: Some(1),
        label: read_label(hints.data_class, "hints.data_class", &mut bad),
        embed: Some(Embed { dimensions: request.dimensions }),
        ..Prompt::of_text(String::new())
    };
    bad.finish(prompt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(texts: &[&str]) -> v1::EmbedRequest {
        let input = |text: &&str| v1::EmbedInput { text: (*text).into(), data_class: 0 };
        v1::EmbedRequest {
            inputs: texts.iter().map(input).collect(),
            ..v1::EmbedRequest::default()
        }
    }

    #[test]
    fn each_text_is_a_part_of_its_own_that_can_be_labelled_and_scanned() {
        let mut wire = request(&["one", "two"]);
        wire.inputs[1].data_class = v1::DataClass::Restricted.into();
        wire.dimensions = Some(8);
        let prompt = prompt(wire).unwrap();
        assert_eq!(prompt.embed, Some(Embed { dimensions: Some(8) }));
        let labels: Vec<_> = prompt.messages.iter().map(|message| message.parts[0].label).collect();
        assert_eq!(labels, [None, Some(littoral_core::class::DataClass::Restricted)]);
        assert_eq!(prompt.max_output_tokens, Some(1));
    }

    #[test]
    fn what_has_no_vector_is_refused_by_its_field() {
        let paths = |wire| {
            let bad = prompt(wire).unwrap_err();
            bad.into_iter().map(|bad| bad.path).collect::<Vec<_>>()
        };
        assert_eq!(paths(request(&[])), ["inputs"]);
        assert_eq!(paths(request(&["a", ""])), ["inputs[1].text"]);
        assert_eq!(paths(request(&vec!["a"; MAX_INPUTS + 1])), ["inputs"]);
        assert_eq!(
            paths(v1::EmbedRequest { dimensions: Some(0), ..request(&["a"]) }),
            ["dimensions"]
        );
    }
}
