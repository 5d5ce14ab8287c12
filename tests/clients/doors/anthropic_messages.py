"""Anthropic's client: messages whole and streamed, tools, counted tokens, errors."""

from typing import Any

import anthropic
from openai_chat import was_told
from pydantic import ValidationError
from reflected import Router
from samples import NO_KEY, PATIENCE_S, QUESTION, ROOM, STORY, Island, Weather, fresh
from verdict import Verdict

ASK: Any = [{"role": "user", "content": QUESTION}]
SKY: Any = [
    {"role": "user", "content": "What will the weather be in Lisbon for three days, in celsius?"}
]
TOOL: Any = {
    "name": "weather",
    "description": "Looks up the weather of a city.",
    "input_schema": Weather.model_json_schema(),
}
# The client took sampling out of its own arguments.
GREEDY: Any = {"extra_body": {"temperature": 0}}


def door(url: str) -> anthropic.Anthropic:
    """A client of the router at this address that never tries again by itself."""
    return anthropic.Anthropic(base_url=url, api_key=NO_KEY, max_retries=0, timeout=PATIENCE_S)


def text_of(message: Any) -> str:
    """All text of a message."""
    return "".join(block.text for block in message.content if block.type == "text")


def a_whole_message_tells_who_gave_it_in_its_headers_and_in_its_body(v: Verdict, url: str) -> None:
    create = door(url).messages.with_raw_response.create
    raw = create(model="default", max_tokens=24, messages=ASK, **GREEDY)
    message = raw.parse()
    v.holds(text_of(message), "no text")
    v.same("type and role", (message.type, message.role), ("message", "assistant"))
    v.holds(message.stop_reason in ("end_turn", "max_tokens"), f"{message.stop_reason}")
    v.holds(
        0 < message.usage.output_tokens <= 24 and message.usage.input_tokens > 0, f"{message.usage}"
    )
    was_told(v, (message.model_extra or {}).get("littoral"), "the body")
    v.same("x-littoral-tier", raw.headers.get("x-littoral-tier"), "device")


def a_stream_says_what_the_whole_message_says(v: Verdict, url: str) -> None:
    messages = door(url).messages
    asked: Any = {"model": "default", "max_tokens": 24, "messages": ASK} | GREEDY
    whole = messages.create(**asked)
    with messages.stream(**asked) as stream:
        events = list(stream)
        streamed = stream.get_final_message()
    v.same("the text", text_of(streamed), text_of(whole))
    v.same("the stop reason", streamed.stop_reason, whole.stop_reason)
    v.same("tokens of the answer", streamed.usage.output_tokens, whole.usage.output_tokens)
    v.same("tokens of the prompt", streamed.usage.input_tokens, whole.usage.input_tokens)
    deltas = [event for event in events if event.type == "text"]
    v.holds(len(deltas) >= 10, f"only {len(deltas)} pieces: not token by token")
    last = [event for event in events if event.type == "message_delta"]
    v.same("ends", len(last), 1)
    was_told(v, (last[0].model_extra or {}).get("littoral"), "message_delta")


def a_system_prompt_and_a_stop_sequence_reach_the_model(v: Verdict, url: str) -> None:
    create = door(url).messages.create

    def said(**more: Any) -> Any:
        return create(**({"model": "default", "max_tokens": 16, "messages": ASK} | GREEDY | more))

    plain = text_of(said())
    v.holds(
        text_of(said(system="You are a pirate. Answer as one.")) != plain,
        "the system prompt is lost",
    )
    blocks = [{"type": "text", "text": "You are a pirate. Answer as one."}]
    v.holds(text_of(said(system=blocks)) != plain, "the system prompt is lost as blocks")
    stop = plain[8:14]
    v.same("the text before a stop", text_of(said(stop_sequences=[stop])), plain.split(stop)[0])


def a_tool_that_must_be_used_is_used_with_an_input_that_fits(v: Verdict, url: str) -> None:
    messages = door(url).messages
    for choice in ({"type": "any"}, {"type": "tool", "name": "weather"}):
        asked: Any = {"model": "default", "max_tokens": ROOM, "messages": SKY, "tools": [TOOL]}
        asked |= {"tool_choice": choice} | GREEDY
        whole = messages.create(**asked)
        with messages.stream(**asked) as stream:
            streamed = stream.get_final_message()
        for message in (whole, streamed):
            v.same("the stop reason", message.stop_reason, "tool_use")
            used: list[Any] = [block for block in message.content if block.type == "tool_use"]
            v.holds(used, f"no tool was used: {message.content}")
            for block in used:
                v.same("the tool", block.name, "weather")
                try:
                    Weather.model_validate(block.input)
                except ValidationError as error:
                    v.complain(f"{block.input}: {error}")


def the_result_of_a_tool_is_taken_and_answered(v: Verdict, url: str) -> None:
    given = {"city": "Lisbon", "days": 3, "unit": "celsius"}
    use = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": given}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "21 degrees, sunny."}
    told: Any = [
        *SKY,
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]
    asked: Any = {"model": "default", "max_tokens": 24, "messages": told, "tools": [TOOL]}
    message = door(url).messages.create(**asked, tool_choice={"type": "none"}, **GREEDY)
    v.holds(text_of(message), f"no answer to a tool's result: {message}")


def json_of_a_schema_parses_and_fits(v: Verdict, url: str) -> None:
    shape: Any = {"format": {"type": "json_schema", "schema": Island.model_json_schema()}}
    asked: Any = {"model": "default", "max_tokens": ROOM, "output_config": shape} | GREEDY
    isle: Any = [{"role": "user", "content": "Describe an island. Answer in JSON."}]
    message = door(url).messages.create(**asked, messages=isle)
    v.same("the stop reason", message.stop_reason, "end_turn")
    Island.model_validate_json(text_of(message), strict=True)


def tokens_are_counted_as_the_answer_counts_them(v: Verdict, url: str) -> None:
    messages = door(url).messages
    counted = messages.count_tokens(model="default", messages=ASK).input_tokens
    answer = messages.create(model="default", max_tokens=1, messages=ASK)
    v.same("counted tokens", counted, answer.usage.input_tokens)
    more = messages.count_tokens(model="default", messages=ASK, system=STORY * 9).input_tokens
    v.holds(more > counted, "a system prompt counts nothing")


def what_is_wrong_is_an_error_of_its_kind(v: Verdict, url: str) -> None:
    create = door(url).messages.create
    plain: Any = {"model": "default", "max_tokens": 4, "messages": ASK}
    hint = {"extra_headers": {"x-littoral-mod": "only-on-device"}}
    begun: Any = [*ASK, {"role": "assistant", "content": "The sea"}]
    for wrong, code in (
        (hint, "INVALID_REQUEST"),
        ({"messages": begun}, "INVALID_REQUEST"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "INVALID_REQUEST"),
        ({"extra_body": {"keep_at_home": True}}, "INVALID_REQUEST"),
        ({"model": "no-such-model"}, "NO_CAPABLE_TARGET"),
        ({"messages": [{"role": "user", "content": "sea " * 50_000}]}, "CONTEXT_TOO_LONG"),
    ):
        with v.raises(anthropic.APIStatusError) as caught:
            create(**(plain | wrong))
        for error in caught:
            body: Any = error.body
            v.same(f"code of {[*wrong]}", body["error"]["code"], code)
            v.same(
                "type", (body["type"], body["error"]["type"]), ("error", "invalid_request_error")
            )


def a_stream_that_is_closed_early_is_cancelled(v: Verdict, url: str) -> None:
    name = fresh("message-closed")
    headers = {"x-littoral-request-id": name}
    told: Any = [{"role": "user", "content": STORY}]
    asked: Any = {"model": "default", "max_tokens": 1500, "messages": told} | GREEDY
    with door(url).messages.stream(**asked, extra_headers=headers) as stream:
        v.holds(next(iter(stream.text_stream)), "no text")
    with Router(url) as router:
        v.same("what came of it", router.outcome(name).get("reason"), "CANCELLED")
    again = door(url).messages.create(model="default", max_tokens=2, messages=ASK)
    v.holds(text_of(again), "no answer afterwards")


CHECKS = [
    a_whole_message_tells_who_gave_it_in_its_headers_and_in_its_body,
    a_stream_says_what_the_whole_message_says,
    a_system_prompt_and_a_stop_sequence_reach_the_model,
    a_tool_that_must_be_used_is_used_with_an_input_that_fits,
    the_result_of_a_tool_is_taken_and_answered,
    json_of_a_schema_parses_and_fits,
    tokens_are_counted_as_the_answer_counts_them,
    what_is_wrong_is_an_error_of_its_kind,
    a_stream_that_is_closed_early_is_cancelled,
]
