"""gRPC by reflection alone: services, a streamed answer, vectors, a decision, health, errors."""

from typing import Any

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from reflected import Router
from samples import ALSO_NEAR, FAR, NEAR, QUESTION, STORY, cosine
from verdict import Verdict

CHAT, ROUTING = "littoral.v1.ChatService", "littoral.v1.RoutingService"
EMBEDDING, HEALTH = "littoral.v1.EmbeddingService", "grpc.health.v1.Health"
SERVICES = [
    CHAT,
    EMBEDDING,
    "littoral.v1.FleetService",
    "littoral.v1.LedgerService",
    "littoral.v1.PolicyService",
    "littoral.v1.PrivacyService",
    ROUTING,
    "littoral.v1.WorkerService",
    HEALTH,
]


def question(text: str = QUESTION, **more: Any) -> dict[str, Any]:
    """A greedy request for a short answer."""
    message = {"role": "ROLE_USER", "parts": [{"text": text}]}
    plain = {"messages": [message], "max_output_tokens": 24, "sampling": {"temperature": 0}}
    return plain | more


def told(
    error: grpc.RpcError,
) -> tuple[error_details_pb2.ErrorInfo, error_details_pb2.RetryInfo | None]:
    """The details of an error, from `grpc-status-details-bin`."""
    status = rpc_status.from_call(error)
    info, retry = error_details_pb2.ErrorInfo(), None
    for detail in status.details if status else []:
        if detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
            retry = error_details_pb2.RetryInfo()
            detail.Unpack(retry)
        else:
            detail.Unpack(info)
    return info, retry


def reflection_tells_every_service_and_its_methods(v: Verdict, url: str) -> None:
    with Router(url) as router:
        listed = router.services()
        v.same("services that are missing", [name for name in SERVICES if name not in listed], [])
        for name in listed:
            v.holds(
                name.startswith("grpc.reflection.") or router.methods(name),
                f"{name} has no methods",
            )
        v.same(
            "methods of the chat door",
            router.methods(CHAT),
            ["Complete", "CompleteUnary", "Resume"],
        )


def an_answer_is_streamed_from_routed_to_done(v: Verdict, url: str) -> None:
    with Router(url) as router:
        events = list(router.stream(CHAT, "Complete", question()))
        whole = router.ask(CHAT, "CompleteUnary", question())
    kinds = [next(iter(event)) for event in events]
    v.same("first and last", (kinds[0], kinds[-1]), ("routed", "done"))
    deltas = [event["delta"] for event in events if "delta" in event]
    v.holds(len(deltas) >= 10, f"only {len(deltas)} pieces: not token by token")
    text = ""
    for delta in deltas:
        v.same("an offset", int(delta.get("offset", 0)), len(text.encode()))
        text += delta["text"]
    v.same("the streamed text", text, whole["text"])
    done = events[-1]["done"]
    v.same("tier", done["served"]["tier"], "TIER_DEVICE")
    v.same("bytes that left", int(done["receipt"].get("egress_bytes", 0)), 0)
    attempts = events[0]["routed"]["decision"]["plan"]["attempts"]
    v.same("who was planned", attempts[0]["target"], done["served"]["target"])


def texts_become_vectors(v: Verdict, url: str) -> None:
    inputs = [{"text": text} for text in (NEAR, ALSO_NEAR, FAR)]
    with Router(url) as router:
        answer = router.ask(EMBEDDING, "Embed", {"inputs": inputs})
    near, also_near, far = (row["values"] for row in answer["embeddings"])
    v.same("lengths", (len(near), len(also_near)), (len(far), len(far)))
    v.holds(cosine(near, also_near) > cosine(near, far) + 0.2, "like texts are not nearer")
    v.same("tier", answer["done"]["served"]["tier"], "TIER_DEVICE")


def a_decision_is_made_without_an_answer(v: Verdict, url: str) -> None:
    with Router(url) as router:
        decided = router.ask(ROUTING, "Decide", {"chat": question()})
        plan = decided["decision"]["plan"]["attempts"]
        v.same("tier", plan[0]["tier"], "TIER_DEVICE")
        v.holds(decided["decision"]["text"], "no argument in words")
        v.holds(decided["facts"]["prompt_tokens"] > 0, "no tokens were counted")
        cloud = question(hints={"mode": "MODE_ONLY_IN_CLOUD"})
        refused = router.ask(ROUTING, "Decide", {"chat": cloud})["decision"]["refusal"]
    v.same("a refusal", refused["reason"], "NO_READY_TARGET")


def health_answers_for_the_server_its_services_and_its_aliases(v: Verdict, url: str) -> None:
    names = ["", "liveness", "readiness", "model:default", CHAT, EMBEDDING, ROUTING]
    with Router(url) as router:
        for name in names:
            said = router.ask(HEALTH, "Check", {"service": name})
            v.same(f"health of {name!r}", said.get("status"), "SERVING")
        with v.raises(grpc.RpcError) as caught:
            router.ask(HEALTH, "Check", {"service": "model:no-such-alias"})
    v.same(
        "code of nobody's health", [error.code() for error in caught], [grpc.StatusCode.NOT_FOUND]
    )


def an_error_has_its_reason_and_the_field_that_is_wrong(v: Verdict, url: str) -> None:
    wrong: list[tuple[dict[str, Any], grpc.StatusCode, str]] = [
        (
            question(sampling={"temperature": 9}),
            grpc.StatusCode.INVALID_ARGUMENT,
            "INVALID_REQUEST",
        ),
        (question(model="no-such-model"), grpc.StatusCode.FAILED_PRECONDITION, "NO_CAPABLE_TARGET"),
        (question("sea " * 50_000), grpc.StatusCode.FAILED_PRECONDITION, "CONTEXT_TOO_LONG"),
    ]
    with Router(url) as router:
        for request, code, reason in wrong:
            with v.raises(grpc.RpcError) as caught:
                list(router.stream(CHAT, "Complete", request))
            for error in caught:
                info, retry = told(error)
                v.same("code", error.code(), code)
                v.same("reason and domain", (info.reason, info.domain), (reason, "littoral"))
                v.same("advice to come again", retry, None)
        with v.raises(grpc.RpcError) as caught:
            router.ask(ROUTING, "Explain", {"request_id": "no-such-request"})
    v.same("code of no record", [error.code() for error in caught], [grpc.StatusCode.NOT_FOUND])


def a_deadline_ends_an_answer_by_name(v: Verdict, url: str) -> None:
    request = question(STORY, max_output_tokens=1500)
    with Router(url) as router:
        request["hints"] = {"deadline_ms": router.soon(request)}
        with v.raises(grpc.RpcError) as caught:
            list(router.stream(CHAT, "Complete", request))
    for error in caught:
        v.same("code", error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        v.same("reason", told(error)[0].reason, "DEADLINE_EXCEEDED")


CHECKS = [
    reflection_tells_every_service_and_its_methods,
    an_answer_is_streamed_from_routed_to_done,
    texts_become_vectors,
    a_decision_is_made_without_an_answer,
    health_answers_for_the_server_its_services_and_its_aliases,
    an_error_has_its_reason_and_the_field_that_is_wrong,
    a_deadline_ends_an_answer_by_name,
]
