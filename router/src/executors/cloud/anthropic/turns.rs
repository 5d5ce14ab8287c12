//! A conversation as alternating turns of blocks.
//!
//! Neighbouring messages of one speaker become one turn, which is what the API would make of them.
//! It has to happen here for the results of tools: those of one turn's calls must come back together.

use super::wire::{Block, Source, Speaker, Turn};
use crate::executors::cloud::dialect::{Unfit, invalid, object, unsupported};
use littoral_core::prompt::{Message, Part, PartContent, Role, ToolCall};

/// The instructions at the head of a conversation, and the rest of it.
pub(super) fn system(messages: &[Message]) -> Result<(Vec<Block<'_>>, &[Message]), Unfit> {
    let head = messages.iter().take_while(|message| message.role == Role::System).count();
    let (head, rest) = messages.split_at(head);
    let mut blocks = Vec::new();
    for message in head {
        plain(message)?;
        if message.parts.iter().any(|part| !matches!(part.content, PartContent::Text(_))) {
            return Err(unsupported("takes nothing but text as a system message"));
        }
        blocks.extend(content(&message.parts)?);
    }
    Ok((blocks, rest))
}

/// The turns of a conversation without its head. `prefix` is the begun answer, if there is one.
pub(super) fn turns<'a>(
    messages: &'a [Message],
    prefix: Option<&'a str>,
) -> Result<Vec<Turn<'a>>, Unfit> {
    let mut turns: Vec<Turn<'a>> = Vec::new();
    for message in messages {
        let (role, content) = said(message)?;
        if content.is_empty() {
            return Err(unsupported("takes no message without content"));
        }
        match turns.last_mut() {
            Some(turn) if turn.role == role => turn.content.extend(content),
            _ => turns.push(Turn { role, content }),
        }
    }
    match turns.last() {
        Some(turn) if turn.role == Speaker::User => {}
        // It would go on with that turn instead of answering it.
        Some(_) => return Err(unsupported("takes no conversation that ends with the assistant")),
        None => return Err(unsupported("takes no conversation of system messages alone")),
    }
    if let Some(text) = prefix {
        if text.is_empty() || text.ends_with(char::is_whitespace) {
            return Err(unsupported("cannot continue an answer from white space"));
        }
        turns.push(Turn { role: Speaker::Assistant, content: vec![Block::Text { text }] });
    }
    Ok(turns)
}

/// Who says a message, and what.
fn said(message: &Message) -> Result<(Speaker, Vec<Block<'_>>), Unfit> {
    plain(message)?;
    let content = content(&message.parts)?;
    match (message.role, &message.tool_call_id) {
        (Role::System, _) => Err(unsupported("takes system messages at the beginning only")),
        (Role::User, _) => Ok((Speaker::User, content)),
        (Role::Assistant, _) => {
            if content.iter().any(|block| !matches!(block, Block::Text { .. })) {
                return Err(unsupported("takes nothing but text from the assistant"));
            }
            let calls = message.tool_calls.iter().map(call);
            let blocks = content.into_iter().map(Ok).chain(calls);
            Ok((Speaker::Assistant, blocks.collect::<Result<_, _>>()?))
        }
        (Role::Tool, Some(id)) => {
            let tool_use_id = call_id(id)?;
            Ok((Speaker::User, vec![Block::ToolResult { tool_use_id, content }]))
        }
        (Role::Tool, None) => {
            Err(invalid("cannot be sent a tool message without the id of its call"))
        }
    }
}

/// A message that says no more than this dialect can.
fn plain(message: &Message) -> Result<(), Unfit> {
    if message.name.is_some() {
        return Err(unsupported("has no names of speakers"));
    }
    if !message.tool_calls.is_empty() && message.role != Role::Assistant {
        return Err(invalid("cannot be sent tool calls outside an assistant message"));
    }
    Ok(())
}

/// An empty text says nothing, and the API refuses it.
fn content(parts: &[Part]) -> Result<Vec<Block<'_>>, Unfit> {
    let said = parts.iter().map(|part| &part.content);
    let said =
        said.filter(|content| !matches!(content, PartContent::Text(text) if text.is_empty()));
    said.map(block).collect()
}

fn block(content: &PartContent) -> Result<Block<'_>, Unfit> {
    match content {
        PartContent::Text(text) => Ok(Block::Text { text }),
        PartContent::Image { url, detail } => {
            if detail.as_ref().is_some_and(|detail| detail != "auto") {
                return Err(unsupported("has no level of detail of an image"));
            }
            Ok(Block::Image { source: source(url)? })
        }
        PartContent::Audio { .. } => Err(unsupported("takes no sounds")),
    }
}

fn source(url: &str) -> Result<Source<'_>, Unfit> {
    let Some(inline) = url.strip_prefix("data:") else { return Ok(Source::Url { url }) };
    let encoded = inline.split_once(',').and_then(|(kind, data)| {
        let kind = kind.strip_suffix(";base64")?;
        Some((media_type(kind)?, data))
    });
    let (media_type, data) = encoded
        .ok_or(unsupported("takes an image within the request only as a JPEG, PNG, GIF or WebP"))?;
    Ok(Source::Base64 { media_type, data })
}

fn media_type(kind: &str) -> Option<&'static str> {
    match kind {
        // The second is what many write, and no registered name.
        "image/jpeg" | "image/jpg" => Some("image/jpeg"),
        "image/png" => Some("image/png"),
        "image/gif" => Some("image/gif"),
        "image/webp" => Some("image/webp"),
        _ => None,
    }
}

fn call(call: &ToolCall) -> Result<Block<'_>, Unfit> {
    let why = "takes only tool calls whose arguments are a JSON object";
    // A call without arguments comes with no text at all from some models.
    let json = if call.arguments_json.trim().is_empty() { "{}" } else { &call.arguments_json };
    let input = object(json).ok_or(unsupported(why))?;
    Ok(Block::ToolUse { id: call_id(&call.id)?, name: &call.name, input })
}

/// Other providers number their calls as they like.
fn call_id(id: &str) -> Result<&str, Unfit> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if id.is_empty() || !id.bytes().all(known) {
        return Err(unsupported("takes only call ids of letters, digits, _ and -"));
    }
    Ok(id)
}
