"""Looks at a router without asking for an answer, with both clients, which must agree; says as one
JSON object what was seen.

    look.py '{"url": "http://..", "messages": "hello", "data_class": "public", ..}'
"""

import asyncio
import json
import sys
from typing import Any

from littoral_client import AsyncClient, Client, LittoralError


def look(url: str, messages: Any, ask: Any) -> dict[str, Any]:
    with Client(url) as client:
        decision = client.decide(messages, **ask)
        try:
            client.explain("no-such-request")
        except LittoralError as error:
            missing = error.reason
        return {
            "plan": [attempt.target.pool for attempt in decision.plan.attempts],
            "rejected": sorted(f"{one.pool}: {one.gate}" for one in decision.rejected),
            "refused": decision.refusal.reason,
            "workers": [worker.worker_id for worker in client.workers()],
            "unknown_request": missing,
        }


async def look_async(url: str, messages: Any, ask: Any) -> dict[str, Any]:
    async with AsyncClient(url) as client:
        decision = await client.decide(messages, **ask)
        try:
            await client.explain("no-such-request")
        except LittoralError as error:
            missing = error.reason
        return {
            "plan": [attempt.target.pool for attempt in decision.plan.attempts],
            "rejected": sorted(f"{one.pool}: {one.gate}" for one in decision.rejected),
            "refused": decision.refusal.reason,
            "workers": [worker.worker_id for worker in await client.workers()],
            "unknown_request": missing,
        }


def main() -> None:
    spec = json.loads(sys.argv[1])
    url, messages = spec.pop("url"), spec.pop("messages")
    seen = look(url, messages, spec)
    seen_async = asyncio.run(look_async(url, messages, spec))
    if seen != seen_async:
        raise SystemExit(f"the clients differ: {seen} and {seen_async}")
    print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main()
