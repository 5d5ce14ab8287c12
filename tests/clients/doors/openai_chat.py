"""OpenAI's client and chat completions: whole, streamed, who gave them, hints, logprobs."""

import json
from typing import Any

import openai
from openai.types.chat import ChatCompletionUserMessageParam
from samples import NO_KEY, PATIENCE_S, QUESTION, fresh
from verdict import Verdict

ASK: list[ChatCompletionUserMessageParam] = [{"role": "user", "content": QUESTION}]
# What an answer in one of these forms carries beyond what OpenAI's own have.
TOLD = (
    "request_id",
    "target",
    "tier",
    "on_device",
    "total_ms",
    "data_class",
    "egress_bytes",
    "policy_hash",
)


def door(url: str) -> openai.OpenAI:
    """A client of the router at this address that never tries again by itself."""
    base_url = f"{url}/v1"
    return openai.OpenAI(base_url=base_url, api_key=NO_KEY, max_retries=0, timeout=PATIENCE_S)


def was_told(verdict: Verdict, told: dict[str, Any] | None, where: str) -> None:
    """The field `littoral`: an answer of this device, of which nothing left."""
    if not told:
        return verdict.complain(f"no field `littoral` in {where}")
    for name in TOLD:
        verdict.holds(name in told, f"littoral.{name} is not in {where}")
    verdict.same(f"littoral.tier in {where}", told.get("tier"), "device")
    verdict.same(f"littoral.on_device in {where}", told.get("on_device"), True)
    verdict.same(f"littoral.egress_bytes in {where}", told.get("egress_bytes"), 0)


def a_whole_answer_tells_who_gave_it_in_its_headers_and_in_its_body(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.with_raw_response.create
    raw = create(model="default", messages=ASK, max_tokens=24, temperature=0)
    answer = raw.parse()
    choice = answer.choices[0]
    v.holds(choice.message.content, "no text")
    v.same("role", choice.message.role, "assistant")
    v.holds(choice.finish_reason in ("stop", "length"), f"finish_reason {choice.finish_reason}")
    v.holds(answer.model.startswith("smollm2"), f"model {answer.model}")
    usage = answer.usage
    v.holds(usage and 0 < usage.completion_tokens <= 24 and usage.prompt_tokens > 0, f"{usage}")
    v.holds(
        usage and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, f"{usage}"
    )
    told = (answer.model_extra or {}).get("littoral")
    was_told(v, told, "the body")
    v.same("x-littoral-tier", raw.headers.get("x-littoral-tier"), "device")
    v.same("x-littoral-on-device", raw.headers.get("x-littoral-on-device"), "true")
    for header, field in (("x-littoral-request-id", "request_id"), ("x-littoral-target", "target")):
        v.same(header, raw.headers.get(header), (told or {}).get(field))
    v.same("the client's request id", raw.request_id, (told or {}).get("request_id"))


def a_stream_ends_in_who_gave_it_then_usage_then_done(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.with_streaming_response.create
    asked: Any = {"model": "default", "messages": ASK, "max_tokens": 24, "temperature": 0}
    with create(**asked, stream=True, stream_options={"include_usage": True}) as raw:
        v.same("x-littoral-tier", raw.headers.get("x-littoral-tier"), "device")
        lines = [
            line.removeprefix("data: ") for line in raw.iter_lines() if line.startswith("data: ")
        ]
    v.same("the last line", lines[-1], "[DONE]")
    chunks = [json.loads(line) for line in lines[:-1]]
    *pieces, last, usage = chunks
    v.holds(len(pieces) >= 10, f"only {len(pieces)} pieces: not token by token")
    v.same("the first role", pieces[0]["choices"][0]["delta"].get("role"), "assistant")
    v.holds(last["choices"][0]["finish_reason"] in ("stop", "length"), f"the last choice {last}")
    was_told(v, last.get("littoral"), "the last choice")
    was_told(v, usage.get("littoral"), "the piece with the usage")
    v.same("choices beside the usage", usage["choices"], [])
    v.holds(usage["usage"]["completion_tokens"] > 0, f"usage {usage['usage']}")
    v.same("ids of the pieces", len({chunk["id"] for chunk in chunks}), 1)


def a_stream_says_what_the_whole_answer_says(v: Verdict, url: str) -> None:
    completions = door(url).chat.completions
    asked: Any = {"model": "default", "messages": ASK, "max_tokens": 24, "temperature": 0}
    whole = completions.create(**asked)
    chunks = list(completions.create(**asked, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    v.same("the streamed text", text, whole.choices[0].message.content)
    v.same(
        "usage of a stream that did not ask for it",
        [chunk.usage for chunk in chunks if chunk.usage],
        [],
    )


def the_helper_for_streams_puts_the_answer_together(v: Verdict, url: str) -> None:
    # The helper wants an answer that has an end, so it gets one.
    asked: Any = {
        "model": "default",
        "messages": ASK,
        "max_tokens": 64,
        "temperature": 0,
        "stop": [".", ","],
    }
    with door(url).chat.completions.stream(**asked) as events:
        pieces = [event.delta for event in events if event.type == "content.delta"]
        answer = events.get_final_completion()
    v.same("the text", answer.choices[0].message.content, "".join(pieces))
    v.holds(pieces, "no pieces")


def a_system_message_a_seed_and_a_stop_reach_the_model(v: Verdict, url: str) -> None:
    completions = door(url).chat.completions

    def said(system: str | None = None, **more: Any) -> str:
        first: list[Any] = [{"role": "system", "content": system}] if system else []
        asked: Any = {"model": "default", "messages": first + ASK, "max_tokens": 16} | more
        return completions.create(**asked).choices[0].message.content or ""

    plain = said(temperature=0)
    v.holds(
        said("You are a pirate. Answer as one.", temperature=0) != plain,
        "the system message is lost",
    )
    v.same("the same seed", said(temperature=1, seed=7), said(temperature=1, seed=7))
    stop = plain[8:14]
    v.same("text before the stop", said(temperature=0, stop=[stop]), plain.split(stop)[0])


def a_hint_rules_from_a_header_and_from_metadata(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    asked: Any = {"model": "default", "messages": ASK, "max_tokens": 4, "temperature": 0}
    hints = {"x-littoral-mode": "only-on-device", "x-littoral-data-class": "restricted"}
    for where in ("extra_headers", "metadata"):
        told = (create(**(asked | {where: hints})).model_extra or {}).get("littoral", {})
        v.same(f"the class by {where}", told.get("data_class"), "restricted")
        v.same(f"the tier by {where}", told.get("tier"), "device")
    # Nobody else is there: a hint that is not heard would be answered by the device.
    elsewhere = {"x-littoral-mode": "only-in-cloud"}
    for where in ("extra_headers", "metadata"):
        with v.raises(openai.APIStatusError) as caught:
            create(**(asked | {where: elsewhere}))
        v.same("the reason", [error.code for error in caught], ["NO_READY_TARGET"])


def a_request_has_the_id_that_its_hint_gives_it(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    name = fresh("named")
    headers = {"x-littoral-request-id": name}
    answer = create(model="default", messages=ASK, max_tokens=2, extra_headers=headers)
    v.same("the id", answer.id, f"chatcmpl-{name}")
    v.same("the id told", (answer.model_extra or {})["littoral"]["request_id"], name)
    # The same question under the same id is the same question; another one is an error.
    with v.raises(openai.ConflictError) as caught:
        create(model="default", messages=ASK, max_tokens=3, extra_headers=headers)
    v.same("the reason", [error.code for error in caught], ["ALREADY_EXISTS"])


def an_unknown_hint_is_a_bad_request_that_names_it(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    wrong = [{"x-littoral-mod": "only-on-device"}, {"x-littoral-data-class": "secret"}]
    for hints in wrong:
        for given in ({"extra_headers": hints}, {"metadata": hints}):
            asked: Any = {"model": "default", "messages": ASK, "max_tokens": 2} | given
            with v.raises(openai.BadRequestError) as caught:
                create(**asked)
            for error in caught:
                v.same(
                    "code and param",
                    (error.code, error.param),
                    ("INVALID_REQUEST", next(iter(hints))),
                )


def log_probabilities_come_with_every_token(v: Verdict, url: str) -> None:
    completions = door(url).chat.completions
    asked: Any = {"model": "default", "messages": ASK, "max_tokens": 8, "temperature": 0}
    # Without a penalty, or the likeliest token is not always the one that is taken.
    asked["extra_body"] = {"repetition_penalty": 1.0}
    whole = completions.create(**asked, logprobs=True, top_logprobs=3).choices[0]
    tokens = whole.logprobs.content if whole.logprobs else None
    v.holds(tokens, "none in a whole answer")
    for token in tokens or []:
        v.holds(token.logprob <= 0, f"{token.token!r} has {token.logprob}")
        v.same(f"alternatives of {token.token!r}", len(token.top_logprobs), 3)
        v.same("the likeliest", token.top_logprobs[0].token, token.token)
    v.same(
        "the tokens' text", "".join(token.token for token in tokens or []), whole.message.content
    )
    chunks = completions.create(**asked, logprobs=True, stream=True)
    choices = [chunk.choices[0] for chunk in chunks if chunk.choices]
    streamed = [token for one in choices if one.logprobs for token in one.logprobs.content or []]
    v.same(
        "tokens of a stream",
        [token.token for token in streamed],
        [token.token for token in tokens or []],
    )


CHECKS = [
    a_whole_answer_tells_who_gave_it_in_its_headers_and_in_its_body,
    a_stream_ends_in_who_gave_it_then_usage_then_done,
    a_stream_says_what_the_whole_answer_says,
    the_helper_for_streams_puts_the_answer_together,
    a_system_message_a_seed_and_a_stop_reach_the_model,
    a_hint_rules_from_a_header_and_from_metadata,
    a_request_has_the_id_that_its_hint_gives_it,
    an_unknown_hint_is_a_bad_request_that_names_it,
    log_probabilities_come_with_every_token,
]
