"""What each client is told by a router without workers: the same reason, and when to come again."""

from typing import Any

import anthropic
import anthropic_messages
import grpc
import openai
import openai_chat
from grpc_doors import CHAT, question, told
from reflected import Router
from verdict import Verdict

REASON = "NO_READY_TARGET"


def openai_hears_when_to_come_again(v: Verdict, url: str) -> None:
    create = openai_chat.door(url).chat.completions.create
    for stream in (False, True):
        with v.raises(openai.InternalServerError) as caught:
            create(model="default", messages=openai_chat.ASK, stream=stream)
        for error in caught:
            v.same("code and status", (error.code, error.status_code), (REASON, 503))
            v.same("x-should-retry", error.response.headers.get("x-should-retry"), "true")
            v.holds(
                int(error.response.headers.get("retry-after-ms", "0")) > 0, "it is not told when"
            )


def openai_tries_again_when_told(v: Verdict, url: str) -> None:
    tries: list[str] = []

    class Counting(openai.DefaultHttpxClient):
        def send(self, request: Any, **more: Any) -> Any:
            tries.append(request.headers["x-stainless-retry-count"])
            return super().send(request, **more)

    with Counting() as http:
        client = openai_chat.door(url).with_options(max_retries=1, http_client=http)
        with v.raises(openai.InternalServerError):
            client.chat.completions.create(model="default", messages=openai_chat.ASK)
    v.same("tries", tries, ["0", "1"])


def anthropic_hears_when_to_come_again(v: Verdict, url: str) -> None:
    create = anthropic_messages.door(url).messages.create
    with v.raises(anthropic.APIStatusError) as caught:
        create(model="default", max_tokens=4, messages=anthropic_messages.ASK)
    for error in caught:
        body = error.body if isinstance(error.body, dict) else {}
        v.same("type", body.get("error", {}).get("type"), "overloaded_error")
        v.same("code and status", (body["error"]["code"], error.status_code), (REASON, 503))
        v.same("x-should-retry", error.response.headers.get("x-should-retry"), "true")


def grpc_hears_when_to_come_again(v: Verdict, url: str) -> None:
    with Router(url) as router, v.raises(grpc.RpcError) as caught:
        list(router.stream(CHAT, "Complete", question()))
    for error in caught:
        info, retry = told(error)
        v.same("code", error.code(), grpc.StatusCode.UNAVAILABLE)
        v.same("reason and domain", (info.reason, info.domain), (REASON, "littoral"))
        v.holds(info.metadata.get("request_id"), "it is not told of which request")
        v.holds(retry and retry.retry_delay.ToMilliseconds() > 0, f"it is not told when: {retry}")


def health_says_that_it_is_there_and_not_ready(v: Verdict, url: str) -> None:
    names = {
        "": "SERVING",
        "liveness": "SERVING",
        "readiness": "NOT_SERVING",
        "model:default": "NOT_SERVING",
    }
    with Router(url) as router:
        for name, wanted in names.items():
            said = router.ask("grpc.health.v1.Health", "Check", {"service": name})
            v.same(f"health of {name!r}", said.get("status"), wanted)


CHECKS = [
    openai_hears_when_to_come_again,
    openai_tries_again_when_told,
    anthropic_hears_when_to_come_again,
    grpc_hears_when_to_come_again,
    health_says_that_it_is_there_and_not_ready,
]
