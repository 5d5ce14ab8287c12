//! The pieces of an answer as they go out: text, progress, calls, vectors.

use littoral_engine::{GenerationEvent, TextVector, TokenLogprob};
use littoral_proto::v1::chunk::{Body, Embedding, Text, ToolCallPiece};
use littoral_proto::v1::{self as wire, Channel};

/// Most bytes of arguments in one message.
const MOST_ARGUMENTS: usize = 16 << 10;

/// What one answer has said so far.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// Bytes of text.
    offset: u64,
}

impl Pieces {
    /// The messages that tell `event`; none for an end.
    pub(super) fn of(&mut self, event: GenerationEvent) -> Vec<Body> {
        match event {
            GenerationEvent::Prefill { done, of } => {
                let progress = wire::Progress { prompt_tokens_read: done, prompt_tokens: of };
                vec![Body::Progress(progress)]
            }
            GenerationEvent::Text { text, logprobs, .. } => {
                let offset = self.offset;
                self.offset += text.len() as u64;
                let (channel, logprobs) = (Channel::Content.into(), logprobs.into_iter());
                let logprobs = logprobs.map(logprob).collect();
                vec![Body::Text(Text { channel, offset, text, logprobs })]
            }
            GenerationEvent::ToolCall { index, name, arguments } => call(index, name, &arguments),
            GenerationEvent::Vectors(vectors) => vectors.into_iter().map(embedding).collect(),
            GenerationEvent::Finished { .. } | GenerationEvent::Failed(_) => Vec::new(),
        }
    }
}

/// A call: its name first, under an identifier made up here, then its arguments.
fn call(index: u32, name: String, arguments: &str) -> Vec<Body> {
    let id = Some(format!("call_{:016x}", rand::random::<u64>()));
    let first = ToolCallPiece { index, id, name: Some(name), arguments: String::new() };
    let mut pieces = vec![Body::ToolCall(first)];
    let mut rest = arguments;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(MOST_ARGUMENTS));
        let (id, name) = (None, None);
        pieces.push(Body::ToolCall(ToolCallPiece { index, id, name, arguments: piece.to_owned() }));
        rest = after;
    }
    pieces
}

/// One text's vector in a message of its own: the longest known are of 16 KB.
fn embedding(vector: TextVector) -> Body {
    let index = u32::try_from(vector.text).unwrap_or(u32::MAX);
    Body::Embedding(Embedding { index, values: vector.values })
}

/// A token that is only a piece of a character is no text of its own, which the wire shows as "".
fn logprob(token: TokenLogprob) -> wire::TokenLogprob {
    let text = |bytes| String::from_utf8(bytes).unwrap_or_default();
    let alternatives = token.top.into_iter().map(|top| wire::token_logprob::Alternative {
        token: text(top.bytes),
        logprob: top.logprob,
    });
    wire::TokenLogprob {
        top: alternatives.collect(),
        token: text(token.bytes),
        logprob: token.logprob,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_its_name_then_its_arguments_in_pieces_of_a_bounded_size() {
        let arguments = "ü".repeat(MOST_ARGUMENTS);
        let name = "tide".to_owned();
        let event = GenerationEvent::ToolCall { index: 2, name, arguments: arguments.clone() };
        let pieces: Vec<ToolCallPiece> = Pieces::default()
            .of(event)
            .into_iter()
            .map(|body| match body {
                Body::ToolCall(piece) => piece,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(pieces[0].id.as_ref().unwrap().starts_with("call_"));
        assert_eq!((pieces[0].name.as_deref(), pieces[0].arguments.as_str()), (Some("tide"), ""));
        let rest = &pieces[1..];
        assert!(rest.iter().all(|piece| piece.id.is_none() && piece.name.is_none()));
        assert!(
            pieces.iter().all(|piece| piece.index == 2 && piece.arguments.len() <= MOST_ARGUMENTS)
        );
        assert_eq!(
            rest.iter().map(|piece| piece.arguments.as_str()).collect::<String>(),
            arguments
        );
    }
}
