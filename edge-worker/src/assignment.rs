//! From a request on the wire to a job for the engine.
//!
//! The router sends only what the worker offered, so a field that cannot be honoured here is its
//! fault: it is refused by name and never dropped, because an answer without the tools or the image
//! that were asked for looks right and is wrong. What the engine can judge by
//! itself (ranges, lengths) is left to it. No refusal quotes a word of the request.

use crate::engine::Refusal;
use littoral_engine::{Conversation, Job, Sampling, Turn};
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::{self as wire, Role, part};
use prost::Message as _;
use std::time::Duration;

/// An assignment that can be started.
pub(crate) struct Work {
    /// Name of the model.
    pub model: String,
    /// What it shall do.
    pub job: Job,
    /// Time it may take, from the arrival of the assignment.
    pub time_limit: Duration,
}

/// Reads a serialised `Assignment`.
pub(crate) fn parse(payload: &[u8]) -> Result<Work, Refusal> {
    let assignment = wire::Assignment::decode(payload)
        .map_err(|_| malformed("the joined frames are no serialised Assignment"))?;
    if assignment.deadline_ms == 0 {
        return Err(malformed("deadline_ms is 0"));
    }
    let job = Job {
        sampling: assignment.sampling.map(sampling).transpose()?.unwrap_or_default(),
        stop: assignment.stop,
        max_tokens: assignment.max_output_tokens,
        top_logprobs: assignment.top_logprobs.map(top_logprobs).transpose()?,
        conversation: Conversation {
            messages: turns(assignment.messages)?,
            assistant_prefix: assignment.assistant_prefix,
        },
        session: assignment.session,
    };
    Ok(Work {
        model: assignment.model,
        job,
        time_limit: Duration::from_millis(assignment.deadline_ms),
    })
}

fn turns(messages: Vec<wire::Message>) -> Result<Vec<Turn>, Refusal> {
    if messages.is_empty() {
        return Err(malformed("messages is empty"));
    }
    messages.into_iter().enumerate().map(|(at, message)| turn(at, message)).collect()
}

fn turn(at: usize, message: wire::Message) -> Result<Turn, Refusal> {
    let role = match message.role() {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => return Err(unsupported(format!("messages[{at}]: no tools on this worker"))),
        Role::Unspecified => return Err(malformed(format!("messages[{at}].role is not set"))),
    };
    if !message.tool_calls.is_empty() {
        return Err(unsupported(format!("messages[{at}].tool_calls: no tools on this worker")));
    }
    let parts = message.parts.into_iter().enumerate().map(|(part_at, part)| match part.content {
        Some(part::Content::Text(text)) => Ok(text),
        Some(part::Content::Image(_)) => {
            Err(unsupported(format!("messages[{at}].parts[{part_at}]: no images on this worker")))
        }
        Some(part::Content::Audio(_)) => {
            Err(unsupported(format!("messages[{at}].parts[{part_at}]: no sounds on this worker")))
        }
        None => Err(malformed(format!("messages[{at}].parts[{part_at}] is empty"))),
    });
    let texts: Vec<String> = parts.collect::<Result<_, _>>()?;
    // Several parts are paragraphs of one text: the chat templates of text models take a string.
    Ok(Turn { role: role.to_owned(), content: texts.join("\n") })
}

fn sampling(asked: wire::Sampling) -> Result<Sampling, Refusal> {
    if asked.top_k == Some(0) {
        return Err(unsupported("sampling.top_k is 0, it must be at least 1"));
    }
    Ok(Sampling {
        temperature: asked.temperature,
        top_k: asked.top_k,
        top_p: asked.top_p,
        min_p: asked.min_p,
        repetition_penalty: asked.repetition_penalty,
        frequency_penalty: asked.frequency_penalty,
        presence_penalty: asked.presence_penalty,
        seed: asked.seed,
    })
}

fn top_logprobs(asked: u32) -> Result<u8, Refusal> {
    u8::try_from(asked).map_err(|_| unsupported(format!("top_logprobs is {asked}")))
}

fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(Cause::Malformed, detail)
}

fn unsupported(detail: impl Into<String>) -> Refusal {
    Refusal::new(Cause::Unsupported, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use littoral_proto::v1::{Assignment, Image, Message, Part, ToolCall};

    fn text(text: &str) -> Part {
        Part { content: Some(part::Content::Text(text.to_owned())), ..Part::default() }
    }

    fn message(role: Role, parts: Vec<Part>) -> Message {
        Message { role: role.into(), parts, ..Message::default() }
    }

    fn assignment() -> Assignment {
        Assignment {
            model: "m".to_owned(),
            messages: vec![message(Role::User, vec![text("secret"), text("words")])],
            deadline_ms: 1500,
            ..Assignment::default()
        }
    }

    fn refused(change: impl FnOnce(&mut Assignment)) -> (Cause, String) {
        let mut assignment = assignment();
        change(&mut assignment);
        let Err(refusal) = parse(&assignment.encode_to_vec()) else { panic!("it was taken") };
        assert!(!refusal.detail.contains("secret"), "{refusal}");
        (refusal.cause, refusal.detail)
    }

    #[test]
    fn a_whole_assignment_keeps_every_field() {
        let wire = Assignment {
            messages: vec![
                message(Role::System, vec![text("be brief")]),
                message(Role::User, vec![text("one"), text("two")]),
            ],
            sampling: Some(wire::Sampling {
                temperature: Some(0.5),
                top_k: Some(4),
                seed: Some(9),
                ..wire::Sampling::default()
            }),
            stop: vec!["END".to_owned()],
            max_output_tokens: Some(7),
            top_logprobs: Some(0),
            assistant_prefix: Some("So".to_owned()),
            session: Some(u64::MAX),
            ..assignment()
        };
        let work = parse(&wire.encode_to_vec()).unwrap();
        let turns: Vec<(&str, &str)> = work
            .job
            .conversation
            .messages
            .iter()
            .map(|turn| (turn.role.as_str(), turn.content.as_str()))
            .collect();
        assert_eq!(turns, [("system", "be brief"), ("user", "one\ntwo")]);
        assert_eq!(work.job.conversation.assistant_prefix.as_deref(), Some("So"));
        assert_eq!(work.job.sampling.temperature, Some(0.5));
        assert_eq!((work.job.sampling.top_k, work.job.sampling.seed), (Some(4), Some(9)));
        assert_eq!(work.job.sampling.top_p, None);
        assert_eq!(work.job.stop, ["END"]);
        assert_eq!(work.job.session, Some(u64::MAX));
        assert_eq!((work.job.max_tokens, work.job.top_logprobs), (Some(7), Some(0)));
        assert_eq!((work.model.as_str(), work.time_limit), ("m", Duration::from_millis(1500)));
    }

    #[test]
    fn an_image_a_sound_or_a_tool_is_unsupported_and_not_dropped() {
        let image =
            Part { content: Some(part::Content::Image(Image::default())), ..Part::default() };
        let (cause, detail) = refused(|asked| asked.messages[0].parts.push(image));
        assert_eq!(cause, Cause::Unsupported);
        assert!(detail.contains("messages[0].parts[2]"), "{detail}");
        let sound =
            Part { content: Some(part::Content::Audio(wire::Audio::default())), ..Part::default() };
        let (cause, detail) = refused(|asked| asked.messages[0].parts.push(sound));
        assert_eq!(cause, Cause::Unsupported);
        assert!(detail.contains("messages[0].parts[2]"), "{detail}");
        let call = ToolCall::default();
        let (cause, _) = refused(|asked| asked.messages[0].tool_calls.push(call));
        assert_eq!(cause, Cause::Unsupported);
        let (cause, _) = refused(|asked| asked.messages[0].role = Role::Tool.into());
        assert_eq!(cause, Cause::Unsupported);
    }

    #[test]
    fn what_the_engine_would_take_for_something_else_is_unsupported() {
        let causes = [
            // For the engine this switches the filter off.
            refused(|asked| {
                asked.sampling = Some(wire::Sampling { top_k: Some(0), ..Default::default() });
            }),
            // And this would wrap around to 0.
            refused(|asked| asked.top_logprobs = Some(256)),
        ];
        for (cause, detail) in causes {
            assert_eq!(cause, Cause::Unsupported, "{detail}");
        }
    }

    #[test]
    fn what_breaks_the_contract_is_malformed() {
        let causes = [
            refused(|asked| asked.messages.clear()),
            refused(|asked| asked.messages[0].role = 0),
            refused(|asked| asked.messages[0].role = 99),
            refused(|asked| asked.messages[0].parts[0].content = None),
            refused(|asked| asked.deadline_ms = 0),
        ];
        for (cause, detail) in causes {
            assert_eq!(cause, Cause::Malformed, "{detail}");
        }
        assert!(matches!(parse(b"\xff\xff"), Err(refusal) if refusal.cause == Cause::Malformed));
    }
}
