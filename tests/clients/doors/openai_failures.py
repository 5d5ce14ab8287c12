"""OpenAI's client when things go wrong: errors by name, closed streams, a client that gives up."""

import time
from typing import Any

import openai
from openai_chat import ASK, door
from reflected import Router
from samples import STORY, fresh
from verdict import Verdict

TALE: Any = [{"role": "user", "content": STORY}]
# What a model of this size never ends by itself, so that there is something to break off.
LONG: Any = {"model": "default", "messages": TALE, "max_tokens": 1500, "temperature": 0}


def still_answers(v: Verdict, url: str) -> None:
    """Complains of a router that answers nobody any more."""
    answer = door(url).chat.completions.create(model="default", messages=ASK, max_tokens=2)
    v.holds(answer.choices[0].message.content, "no answer afterwards")


def was_broken_off(v: Verdict, url: str, request_id: str) -> None:
    """Complains unless the router notes the request as cancelled."""
    with Router(url) as router:
        outcome = router.outcome(request_id)
    v.same("what came of the request", outcome.get("reason"), "CANCELLED")


def refused(
    v: Verdict, url: str, kind: type[openai.APIStatusError], code: str, **wrong: Any
) -> None:
    """Complains unless this is refused in this way; what is wrong goes over a plain question."""
    plain: Any = {"model": "default", "messages": ASK, "max_tokens": 4}
    with v.raises(kind) as caught:
        door(url).chat.completions.create(**(plain | wrong))
    for error in caught:
        v.same("code", error.code, code)
        v.same("x-should-retry", error.response.headers.get("x-should-retry"), "false")
        v.holds(error.message, "no message")


def an_unknown_model_is_refused_by_name(v: Verdict, url: str) -> None:
    refused(v, url, openai.UnprocessableEntityError, "NO_CAPABLE_TARGET", model="no-such-model")


def a_field_that_is_wrong_or_unknown_is_refused_by_its_name(v: Verdict, url: str) -> None:
    for field, value in (("temperature", 9), ("top_p", "much"), ("max_tokens", 0), ("seed", -1)):
        wrong: Any = {field: value}
        refused(v, url, openai.BadRequestError, "INVALID_REQUEST", **wrong)
        with v.raises(openai.BadRequestError) as caught:
            door(url).chat.completions.create(model="default", messages=ASK, **wrong)
        v.holds(all(field in error.message for error in caught), f"{field} is not named: {caught}")
    unknown = {"keep_at_home": True}
    with v.raises(openai.BadRequestError) as caught:
        door(url).chat.completions.create(model="default", messages=ASK, extra_body=unknown)
    v.holds(all("keep_at_home" in error.message for error in caught), f"not named: {caught}")


def two_answers_are_refused_and_one_is_not(v: Verdict, url: str) -> None:
    create = door(url).chat.completions.create
    with v.raises(openai.BadRequestError) as caught:
        create(model="default", messages=ASK, max_tokens=2, n=2)
    for error in caught:
        v.same("code and param", (error.code, error.param), ("INVALID_REQUEST", "n"))
    v.same("answers", len(create(model="default", messages=ASK, max_tokens=2, n=1).choices), 1)


def what_does_not_fit_the_context_is_refused_before_anybody_reads_it(v: Verdict, url: str) -> None:
    book: Any = [{"role": "user", "content": "sea " * 50_000}]
    began = time.monotonic()
    refused(v, url, openai.BadRequestError, "CONTEXT_TOO_LONG", messages=book)
    took = time.monotonic() - began
    v.holds(took < 20, f"it took {took:.1f} s")


def a_stream_that_is_closed_early_is_cancelled(v: Verdict, url: str) -> None:
    name = fresh("closed")
    headers = {"x-littoral-request-id": name}
    stream = door(url).chat.completions.create(**LONG, stream=True, extra_headers=headers)
    heard = [next(stream), next(stream)]
    stream.close()
    v.holds(all(chunk.choices for chunk in heard), f"{heard}")
    was_broken_off(v, url, name)
    still_answers(v, url)


def a_client_that_gives_up_waiting_leaves_nothing_behind(v: Verdict, url: str) -> None:
    name = fresh("late")
    headers = {"x-littoral-request-id": name}
    hasty = door(url).with_options(timeout=1.0)
    with v.raises(openai.APITimeoutError):
        hasty.chat.completions.create(**LONG, extra_headers=headers)
    was_broken_off(v, url, name)
    still_answers(v, url)


def a_deadline_ends_an_answer_by_name(v: Verdict, url: str) -> None:
    with Router(url) as router:
        message = {"role": "ROLE_USER", "parts": [{"text": STORY}]}
        soon = router.soon({"messages": [message], "max_output_tokens": LONG["max_tokens"]})
    headers = {"x-littoral-deadline-ms": str(soon)}
    with v.raises(openai.APIStatusError) as caught:
        door(url).chat.completions.create(**LONG, extra_headers=headers)
    for error in caught:
        v.same("code and status", (error.code, error.status_code), ("DEADLINE_EXCEEDED", 504))
    # In mid-stream it cannot be a status code any more: the client reads it from the stream.
    stream = door(url).chat.completions.create(**LONG, stream=True, extra_headers=headers)
    with v.raises(openai.APIError) as caught:
        for _ in stream:
            pass
    v.same("code in a stream", [error.code for error in caught], ["DEADLINE_EXCEEDED"])


CHECKS = [
    an_unknown_model_is_refused_by_name,
    a_field_that_is_wrong_or_unknown_is_refused_by_its_name,
    two_answers_are_refused_and_one_is_not,
    what_does_not_fit_the_context_is_refused_before_anybody_reads_it,
    a_stream_that_is_closed_early_is_cancelled,
    a_client_that_gives_up_waiting_leaves_nothing_behind,
    a_deadline_ends_an_answer_by_name,
]
