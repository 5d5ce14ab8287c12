"""Asks one question as an application does, and says on standard output, one JSON object a line,
what it was given: `piece`, `reset`, and last `done` or `error`. The line `cancel` on standard input
cancels the answer.

    talk.py sync|async '{"url": "http://..", "messages": "hello", "deadline_s": 5, ..}'
"""

import asyncio
import json
import sys
import threading
from collections.abc import Callable
from typing import Any

from littoral_client import (
    Answer,
    AsyncAnswer,
    AsyncClient,
    Client,
    LittoralError,
    Piece,
    Reset,
    v1,
)


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def say_piece(piece: Piece) -> None:
    if isinstance(piece, Reset):
        say(reset={"epoch": piece.epoch, "reason": piece.reason})
    else:
        say(piece=piece)


def say_done(answer: Answer | AsyncAnswer, explained: v1.ExplainResponse) -> None:
    assert answer.done and answer.usage and answer.routed, "a complete answer has all three"
    served, routed = answer.done.served, answer.routed
    kinds = [v1.Failover.Kind.Name(failover.kind) for failover in answer.failovers]
    say(
        done={
            "text": answer.text,
            "request_id": answer.request_id,
            "pool": served.target.pool,
            "tier": v1.Tier.Name(served.tier),
            "failovers": kinds,
            "continued_at": [failover.at_offset for failover in answer.failovers],
            "completion_tokens": answer.usage.completion_tokens,
            "egress_bytes": answer.done.receipt.egress_bytes,
            "chosen": routed.decision.plan.attempts[0].target.pool,
            "explained_as_routed": explained.decision == routed.decision,
        }
    )


def say_error(error: LittoralError, answer: Answer | AsyncAnswer) -> None:
    say(
        error={
            "code": error.code.name,
            "reason": error.reason,
            "message": error.message,
            "retry_after_s": error.retry_after_s,
            "named": error.named,
            "knows_its_request": error.request_id == answer.request_id,
            "text": answer.text,
        }
    )


def on_cancel(cancel: Callable[[], object]) -> None:
    """Calls `cancel` from another thread when the line comes."""

    def listen() -> None:
        if sys.stdin.readline().strip() == "cancel":
            cancel()

    threading.Thread(target=listen, daemon=True).start()


def talk(url: str, messages: Any, ask: Any) -> None:
    with Client(url) as client:
        answer = client.complete(messages, **ask)
        on_cancel(answer.cancel)
        try:
            for piece in answer:
                say_piece(piece)
        except LittoralError as error:
            say_error(error, answer)
        else:
            say_done(answer, client.explain(answer.request_id))


async def talk_async(url: str, messages: Any, ask: Any) -> None:
    async with AsyncClient(url) as client:
        answer = client.complete(messages, **ask)
        loop = asyncio.get_running_loop()
        on_cancel(lambda: loop.call_soon_threadsafe(answer.cancel))
        try:
            async for piece in answer:
                say_piece(piece)
        except LittoralError as error:
            say_error(error, answer)
        else:
            say_done(answer, await client.explain(answer.request_id))


def main() -> None:
    style, spec = sys.argv[1], json.loads(sys.argv[2])
    url, messages = spec.pop("url"), spec.pop("messages")
    if style == "sync":
        talk(url, messages, spec)
    elif style == "async":
        asyncio.run(talk_async(url, messages, spec))
    else:
        raise SystemExit(f"{style} is neither sync nor async")


if __name__ == "__main__":
    main()
