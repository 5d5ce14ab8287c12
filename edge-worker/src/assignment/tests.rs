//! Assignments as they are read, and those that are refused.

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
    let Task::Chat(job) = work.task else { panic!("no chat") };
    let turns: Vec<(&str, &str)> = job
        .conversation
        .messages
        .iter()
        .map(|turn| (turn.role.as_str(), turn.content.as_str()))
        .collect();
    assert_eq!(turns, [("system", "be brief"), ("user", "one\ntwo")]);
    assert_eq!(job.conversation.assistant_prefix.as_deref(), Some("So"));
    assert_eq!(job.sampling.temperature, Some(0.5));
    assert_eq!((job.sampling.top_k, job.sampling.seed), (Some(4), Some(9)));
    assert_eq!(job.sampling.top_p, None);
    assert_eq!(job.stop, ["END"]);
    assert_eq!(job.session, Some(u64::MAX));
    assert_eq!((job.max_tokens, job.top_logprobs), (Some(7), Some(0)));
    assert_eq!((work.model.as_str(), work.time_limit), ("m", Duration::from_millis(1500)));
}

#[test]
fn an_image_a_sound_or_a_call_of_the_user_is_refused_and_not_dropped() {
    let image = Part { content: Some(part::Content::Image(Image::default())), ..Part::default() };
    let (cause, detail) = refused(|asked| asked.messages[0].parts.push(image));
    assert_eq!(cause, Cause::Unsupported);
    assert!(detail.contains("messages[0].parts[2]"), "{detail}");
    let sound =
        Part { content: Some(part::Content::Audio(wire::Audio::default())), ..Part::default() };
    let (cause, detail) = refused(|asked| asked.messages[0].parts.push(sound));
    assert_eq!(cause, Cause::Unsupported);
    assert!(detail.contains("messages[0].parts[2]"), "{detail}");
    let call = ToolCall::default();
    let (cause, detail) = refused(|asked| asked.messages[0].tool_calls.push(call));
    assert_eq!(cause, Cause::Malformed);
    assert!(detail.contains("messages[0].tool_calls"), "{detail}");
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

#[test]
fn an_assignment_for_vectors_is_the_texts_of_its_messages_in_order() {
    let wire = Assignment {
        messages: vec![
            message(Role::User, vec![text("one")]),
            message(Role::User, vec![text("two"), text("three")]),
        ],
        embed: Some(wire::assignment::Embed { dimensions: Some(384) }),
        ..assignment()
    };
    let work = parse(&wire.encode_to_vec()).unwrap();
    let Task::Embed(texts) = work.task else { panic!("no vectors") };
    assert_eq!(
        (texts.texts, texts.dimensions),
        (vec!["one".into(), "two\nthree".into()], Some(384))
    );
}

#[test]
fn what_only_an_answer_can_have_is_unsupported_with_vectors() {
    let embed = |asked: &mut Assignment| asked.embed = Some(wire::assignment::Embed::default());
    let (cause, detail) = refused(|asked| {
        embed(asked);
        asked.assistant_prefix = Some("secret".into());
    });
    assert_eq!(cause, Cause::Unsupported);
    assert!(detail.contains("assistant_prefix"), "{detail}");
    let (cause, _) = refused(|asked| {
        embed(asked);
        asked.messages.clear();
    });
    assert_eq!(cause, Cause::Malformed);
}

#[test]
fn a_response_format_is_the_form_of_the_answer() {
    use littoral_engine::Form;
    use wire::ResponseFormat;
    use wire::response_format::{Format, JsonObject, JsonSchema, Text};
    let read = |format: Format| {
        let wire = Assignment {
            response_format: Some(ResponseFormat { format: Some(format) }),
            ..assignment()
        };
        match parse(&wire.encode_to_vec()).unwrap().task {
            Task::Chat(job) => job.form,
            Task::Embed(_) => panic!("no chat"),
        }
    };
    assert!(matches!(read(Format::Text(Text {})), Form::Text));
    assert!(matches!(read(Format::JsonObject(JsonObject {})), Form::JsonObject));
    let schema = |text: &str| {
        Format::JsonSchema(JsonSchema { schema_json: text.to_owned(), ..JsonSchema::default() })
    };
    match read(schema("{\"type\":\"null\"}")) {
        Form::JsonSchema(schema) => assert_eq!(schema["type"], "null"),
        other => panic!("{other:?}"),
    }
    let (cause, _) = refused(|asked| {
        asked.response_format = Some(ResponseFormat { format: Some(schema("{secret")) });
    });
    assert_eq!(cause, Cause::Unsupported);
    let (cause, _) = refused(|asked| asked.response_format = Some(ResponseFormat::default()));
    assert_eq!(cause, Cause::Malformed);
}

#[test]
fn tools_their_choice_earlier_calls_and_results_are_read() {
    use littoral_engine::ToolChoice as Choice;
    use wire::tool_choice::Kind;
    let mut asks = message(Role::Assistant, Vec::new());
    asks.tool_calls =
        vec![ToolCall { id: "call_1".into(), name: "tide".into(), arguments_json: "{}".into() }];
    let mut answers = message(Role::Tool, vec![text("at six")]);
    answers.tool_call_id = Some("call_1".into());
    let tool = wire::Tool {
        name: "tide".into(),
        description: Some("tells".into()),
        parameters_json: Some("{\"type\":\"object\"}".into()),
        strict: None,
    };
    let wire = Assignment {
        messages: vec![message(Role::User, vec![text("when?")]), asks, answers],
        tools: vec![tool],
        tool_choice: Some(wire::ToolChoice {
            kind: Kind::Function.into(),
            function: "tide".into(),
        }),
        ..assignment()
    };
    let Task::Chat(job) = parse(&wire.encode_to_vec()).unwrap().task else { panic!("no chat") };
    let turns = &job.conversation.messages;
    assert_eq!(
        (turns[1].calls[0].id.as_str(), turns[1].calls[0].arguments.as_str()),
        ("call_1", "{}")
    );
    assert_eq!((turns[2].role.as_str(), turns[2].answers.as_deref()), ("tool", Some("call_1")));
    assert_eq!(job.conversation.tools[0].name, "tide");
    assert!(job.tool_choice == Choice::Function("tide".into()));
    let (cause, detail) = refused(|asked| {
        let parameters_json = Some("{secret".into());
        asked.tools.push(wire::Tool { parameters_json, ..wire::Tool::default() });
    });
    assert_eq!(cause, Cause::Unsupported);
    assert!(detail.contains("tools[0]"), "{detail}");
    let choice = wire::ToolChoice { kind: 99, ..wire::ToolChoice::default() };
    let (cause, _) = refused(|asked| asked.tool_choice = Some(choice));
    assert_eq!(cause, Cause::Malformed);
}
