"""LangChain's classes for OpenAI: chat, streams, tools, answers as objects, embeddings."""

from typing import Any, Literal

import openai
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import SecretStr
from samples import (
    ALSO_NEAR,
    FAR,
    NEAR,
    NO_KEY,
    PATIENCE_S,
    QUESTION,
    ROOM,
    Island,
    Weather,
    cosine,
)
from verdict import Verdict

SKY = "What will the weather be in Lisbon for three days, in celsius?"


def model(url: str, **more: Any) -> ChatOpenAI:
    """A model of LangChain's that asks this router and never tries again by itself."""
    plain: dict[str, Any] = {"model": "default", "temperature": 0, "max_completion_tokens": 24}
    reach = {
        "base_url": f"{url}/v1",
        "api_key": SecretStr(NO_KEY),
        "max_retries": 0,
        "timeout": PATIENCE_S,
    }
    return ChatOpenAI(**(plain | reach | more))


def an_answer_comes_whole_and_in_pieces(v: Verdict, url: str) -> None:
    asked = [SystemMessage("You are a sailor."), HumanMessage(QUESTION)]
    whole = model(url).invoke(asked)
    v.holds(whole.content, "no text")
    usage = whole.usage_metadata
    v.holds(usage and usage["output_tokens"] > 0 and usage["input_tokens"] > 0, f"{usage}")
    name = str(whole.response_metadata.get("model_name"))
    v.holds(name.startswith("smollm2"), f"model {name}")
    pieces = list(model(url, stream_usage=True).stream(asked))
    v.holds(len(pieces) >= 10, f"only {len(pieces)} pieces: not token by token")
    v.same("the streamed text", "".join(str(piece.content) for piece in pieces), whole.content)
    counted = [piece.usage_metadata for piece in pieces if piece.usage_metadata]
    v.same("usage of a stream", counted[-1:], [usage])


def a_hint_rules_from_a_header_of_the_model(v: Verdict, url: str) -> None:
    kept = {"x-littoral-mode": "only-on-device", "x-littoral-data-class": "restricted"}
    answer = model(url, default_headers=kept, include_response_headers=True).invoke(QUESTION)
    headers: dict[str, str] = answer.response_metadata.get("headers", {})
    v.same("x-littoral-tier", headers.get("x-littoral-tier"), "device")
    away = {"x-littoral-mode": "only-in-cloud"}
    with v.raises(openai.APIStatusError) as caught:
        model(url, default_headers=away).invoke(QUESTION)
    v.same("the reason", [error.code for error in caught], ["NO_READY_TARGET"])


def a_bound_tool_that_is_required_is_called(v: Verdict, url: str) -> None:
    bound = model(url, max_completion_tokens=ROOM).bind_tools([Weather], tool_choice="required")
    answer = bound.invoke(SKY)
    v.holds(answer.tool_calls, f"no call but {answer.content!r}")
    v.same("calls that cannot be read", answer.invalid_tool_calls, [])
    for call in answer.tool_calls:
        v.same("the tool", call["name"], "Weather")
        Weather.model_validate(call["args"])
    named = model(url, max_completion_tokens=ROOM).bind_tools([Weather], tool_choice="Weather")
    v.holds(named.invoke(SKY).tool_calls, "no call of a named tool")
    pieces: list[Any] = list(bound.stream(SKY))
    whole = pieces[0]
    for piece in pieces[1:]:
        whole += piece
    v.same(
        "the streamed call",
        [call["args"] for call in whole.tool_calls],
        [answer.tool_calls[0]["args"]],
    )
    if answer.tool_calls:
        result = ToolMessage("21 degrees, sunny.", tool_call_id=answer.tool_calls[0]["id"])
        v.holds(
            model(url).invoke([HumanMessage(SKY), answer, result]).content,
            "no answer to its result",
        )


def an_answer_is_an_object_of_its_schema(v: Verdict, url: str) -> None:
    island = object_by(url, "json_schema")
    v.holds(isinstance(island, Island), f"it is {island!r}")


def an_answer_is_an_object_by_way_of_a_call(v: Verdict, url: str) -> None:
    # This way LangChain asks for one call and no more (`parallel_tool_calls`).
    island = object_by(url, "function_calling")
    v.holds(isinstance(island, Island), f"it is {island!r}")


def object_by(url: str, method: Literal["json_schema", "function_calling"]) -> Any:
    """An island, as LangChain gets it by this method."""
    roomy = model(url, max_completion_tokens=ROOM)
    return roomy.with_structured_output(Island, method=method).invoke("Describe an island.")


def texts_become_vectors(v: Verdict, url: str) -> None:
    reach: Any = {"base_url": f"{url}/v1", "api_key": SecretStr(NO_KEY), "max_retries": 0}
    # Numbers of tokens differ from model to model, so texts are sent as texts.
    embeddings = OpenAIEmbeddings(model="default", check_embedding_ctx_length=False, **reach)
    near, also_near, far = embeddings.embed_documents([NEAR, ALSO_NEAR, FAR])
    v.holds(cosine(near, also_near) > cosine(near, far) + 0.2, "like texts are not nearer")
    v.holds(cosine(embeddings.embed_query(NEAR), near) > 0.9999, "a query is another vector")


def an_error_keeps_its_name(v: Verdict, url: str) -> None:
    with v.raises(openai.APIStatusError) as caught:
        model(url, model="no-such-model").invoke(QUESTION)
    v.same("code", [error.code for error in caught], ["NO_CAPABLE_TARGET"])
    with v.raises(openai.BadRequestError) as caught:
        model(url, n=2).invoke(QUESTION)
    v.same(
        "code and field",
        [(error.code, error.param) for error in caught],
        [("INVALID_REQUEST", "n")],
    )


CHECKS = [
    an_answer_comes_whole_and_in_pieces,
    a_hint_rules_from_a_header_of_the_model,
    a_bound_tool_that_is_required_is_called,
    an_answer_is_an_object_of_its_schema,
    an_answer_is_an_object_by_way_of_a_call,
    texts_become_vectors,
    an_error_keeps_its_name,
]
