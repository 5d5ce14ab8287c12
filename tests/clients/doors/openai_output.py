"""OpenAI's client and answers of a given form: calls of tools, and JSON that fits a schema."""

import json
from typing import Any

import openai
from openai.types.chat import ChatCompletion
from openai_chat import ASK, door
from pydantic import ValidationError
from samples import ROOM, Island, Weather
from verdict import Verdict

TOOL = openai.pydantic_function_tool(Weather, name="weather")
CLOCK: Any = {
    "type": "function",
    "function": {
        "name": "clock",
        "description": "Tells the time of a zone.",
        "parameters": {
            "type": "object",
            "properties": {"zone": {"type": "string", "maxLength": 40}},
            "required": ["zone"],
            "additionalProperties": False,
        },
    },
}
SKY: Any = [
    {"role": "user", "content": "What will the weather be in Lisbon for three days, in celsius?"}
]
ISLE: Any = [{"role": "user", "content": "Describe an island. Answer in JSON."}]
SCHEMA: Any = {
    "type": "json_schema",
    "json_schema": {"name": "island", "schema": Island.model_json_schema(), "strict": True},
}


def asked(messages: Any, **more: Any) -> Any:
    """A request to the device, greedy, with room for a whole form."""
    return {"model": "default", "messages": messages, "max_tokens": ROOM, "temperature": 0} | more


def fits(v: Verdict, name: str, arguments: str) -> None:
    """Complains of arguments that the tool's schema does not allow."""
    try:
        if name == "weather":
            Weather.model_validate_json(arguments, strict=True)
        elif name == "clock":
            v.same("fields of clock", list(json.loads(arguments)), ["zone"])
        else:
            v.complain(f"there is no tool {name!r}")
    except ValueError as error:
        v.complain(f"{name} with {arguments!r}: {error}")


def calls(v: Verdict, answer: ChatCompletion, *, names: tuple[str, ...]) -> None:
    """Complains unless the answer calls one of these tools, with arguments that fit."""
    choice = answer.choices[0]
    v.same("finish_reason", choice.finish_reason, "tool_calls")
    if not choice.message.tool_calls:
        return v.complain(f"no call but {choice.message.content!r}")
    called: list[Any] = list(choice.message.tool_calls)
    for call in called:
        v.holds(call.id and call.type == "function", f"{call}")
        v.holds(call.function.name in names, f"{call.function.name} was called, of {names}")
        fits(v, call.function.name, call.function.arguments)


def a_required_call_is_made_with_arguments_that_fit_its_schema(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    required = asked(SKY, tools=[TOOL, CLOCK], tool_choice="required")
    calls(v, create(**required), names=("weather", "clock"))
    for seed in range(3):
        drawn = required | {"temperature": 1.0, "seed": seed}
        calls(v, create(**drawn), names=("weather", "clock"))


def a_named_function_is_the_one_that_is_called(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    for name in ("weather", "clock"):
        choice = {"type": "function", "function": {"name": name}}
        answer = create(**asked(SKY, tools=[TOOL, CLOCK], tool_choice=choice))
        calls(v, answer, names=(name,))


def a_call_that_may_be_made_is_a_whole_one_or_none(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    for tool_choice in ("auto", "none"):
        answer = create(**asked(SKY, tools=[TOOL], tool_choice=tool_choice, max_tokens=48))
        choice = answer.choices[0]
        if choice.message.tool_calls:
            v.same("the choice after a call", tool_choice, "auto")
            calls(v, answer, names=("weather",))
        else:
            v.holds(choice.message.content, f"{tool_choice}: neither a call nor a text")
            v.holds(choice.finish_reason in ("stop", "length"), f"{choice.finish_reason}")


def a_streamed_call_is_the_whole_one_in_pieces(v: Verdict, url: str) -> None:
    completions = door(url).chat.completions
    required = asked(SKY, tools=[TOOL], tool_choice="required")
    with completions.stream(**required) as events:
        kinds = {event.type for event in events}
        streamed = events.get_final_completion()
    v.holds("tool_calls.function.arguments.delta" in kinds, f"only {sorted(kinds)}")
    calls(v, streamed, names=("weather",))
    one, other = streamed.choices[0].message, completions.create(**required).choices[0].message
    if one.tool_calls and other.tool_calls:
        got, wanted = one.tool_calls[0].function, other.tool_calls[0].function
        v.same("the streamed arguments", json.loads(got.arguments), json.loads(wanted.arguments))


def the_result_of_a_tool_is_taken_and_answered(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    arguments = '{"city": "Lisbon", "days": 3, "unit": "celsius"}'
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "weather", "arguments": arguments},
    }
    told = [
        *SKY,
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {
            "role": "tool",
            "tool_call_id": "call_1",
            "content": "21 degrees and sunny, all three days.",
        },
    ]
    choice = create(**asked(told, tools=[TOOL], tool_choice="none", max_tokens=24)).choices[0]
    v.holds(choice.message.content, f"no answer to a tool's result: {choice}")


def json_of_a_schema_parses_and_fits(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    for seed in range(4):
        drawn: Any = {"temperature": 1.0, "seed": seed} if seed else {}
        choice = create(**asked(ISLE, response_format=SCHEMA) | drawn).choices[0]
        v.same("finish_reason", choice.finish_reason, "stop")
        try:
            Island.model_validate_json(choice.message.content or "", strict=True)
        except ValidationError as error:
            v.complain(f"{choice.message.content!r}: {error}")


def a_pydantic_model_is_what_parse_gives_back(v: Verdict, url: str) -> None:
    parse = door(url).chat.completions.parse
    message = parse(**asked(ISLE), response_format=Island).choices[0].message
    v.holds(isinstance(message.parsed, Island), f"{message}")
    answer = parse(**asked(SKY), tools=[TOOL], tool_choice="required")
    called = answer.choices[0].message.tool_calls
    v.holds(called and isinstance(called[0].function.parsed_arguments, Weather), f"{called}")


def any_json_object_parses(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    choice = create(**asked(ISLE, response_format={"type": "json_object"}, max_tokens=120)).choices[
        0
    ]
    # A free object has no last field: only one that was ended can be read.
    if choice.finish_reason == "stop":
        v.holds(
            isinstance(json.loads(choice.message.content or ""), dict),
            f"{choice.message.content!r}",
        )
    else:
        v.same("finish_reason", choice.finish_reason, "length")
        v.holds(
            (choice.message.content or "").lstrip().startswith("{"), f"{choice.message.content!r}"
        )


def a_choice_of_a_tool_that_is_not_there_is_refused_by_its_field(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    nobody: Any = {"type": "function", "function": {"name": "nobody"}}
    for more in ({"tools": [TOOL], "tool_choice": nobody}, {"tool_choice": "required"}):
        with v.raises(openai.BadRequestError) as caught:
            create(**(asked(ASK) | more))
        for error in caught:
            v.same("code", error.code, "INVALID_REQUEST")
            v.holds(str(error.param).startswith("tool"), f"tool_choice is called {error.param}")


def a_schema_that_is_none_is_an_error_and_not_a_text(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    none: Any = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "colour"}}}
    with v.raises(openai.APIStatusError) as caught:
        create(**asked(ASK, response_format=none))
    for error in caught:
        v.same("status", error.status_code, 422)
        v.same("code", error.code, "NO_CAPABLE_TARGET")
        v.same("x-should-retry", error.response.headers.get("x-should-retry"), "false")


CHECKS = [
    a_required_call_is_made_with_arguments_that_fit_its_schema,
    a_named_function_is_the_one_that_is_called,
    a_call_that_may_be_made_is_a_whole_one_or_none,
    a_streamed_call_is_the_whole_one_in_pieces,
    the_result_of_a_tool_is_taken_and_answered,
    json_of_a_schema_parses_and_fits,
    a_pydantic_model_is_what_parse_gives_back,
    any_json_object_parses,
    a_choice_of_a_tool_that_is_not_there_is_refused_by_its_field,
    a_schema_that_is_none_is_an_error_and_not_a_text,
]
