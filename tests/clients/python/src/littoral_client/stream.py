"""What both clients do with a stream, without waiting for anything: when a broken one is worth
another attempt, which call continues it, and how a failure is told.

A stream is continued only when the connection failed, never when the router named a reason: asking
again after a named reason would be a new decision of the application's. Before the router said who
answers, the same request is sent again under the same id, which joins it if it had arrived; after
that, Resume asks for exactly the bytes that are missing.
"""

import random
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, TypeAlias

from . import v1
from .errors import LittoralError
from .transcript import Piece, Transcript

# The router ends a request at its deadline with a named error. The call's own limit is this much
# later: it is what ends a call when the router can no longer be heard.
DEADLINE_GRACE_S = 1.0
# Pauses between attempts double from the first to the longest, each shortened by up to a half by
# chance, so that a router that comes back is not met by all its clients at once.
FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.0


Options: TypeAlias = Sequence[tuple[str, Any]]


class Stream(Transcript):
    """An answer and the way back to it."""

    def __init__(self, request: v1.ChatRequest) -> None:
        super().__init__(request.request_id)
        self._request = request
        self._pending: deque[Piece] = deque()
        self._over = False
        hints = request.hints
        self._limit: float = time.monotonic() + hints.deadline_ms / 1000 + DEADLINE_GRACE_S
        self._window_s: float = hints.resume_window_ms / 1000
        self._give_up: float | None = None
        self._pause_s = FIRST_PAUSE_S

    def _left_s(self) -> float:
        """Seconds until the call's own limit."""
        return max(self._limit - time.monotonic(), 0.001)

    def _next_call(self) -> v1.ChatRequest | v1.ResumeRequest:
        """What opens the stream, or goes on with it."""
        return self._request if self.routed is None else self._position()

    def _heard(self, event: v1.ChatEvent) -> None:
        """The connection lives: takes the event in."""
        self._give_up, self._pause_s = None, FIRST_PAUSE_S
        self._pending.extend(self._hear(event))

    def _pause_before_retry(self, error: LittoralError) -> float:
        """Seconds to wait before another attempt. Raises `error` if there is to be none."""
        now = time.monotonic()
        if self._give_up is None:
            self._give_up = min(now + self._window_s, self._limit)
        if not error.is_broken_connection or now >= self._give_up:
            raise error
        pause_s = self._pause_s * random.uniform(0.5, 1.0)
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        return min(pause_s, self._give_up - now)

    def _finish(self) -> None:
        """The stream ended well; it must have said so itself."""
        if self.done is None:
            self._broken("an end without `done`")
        self._over = True


def channel_options(extra: Options) -> list[tuple[str, Any]]:
    """Options of a channel to a router; those in `extra` win."""
    own: dict[str, Any] = {
        # A dead connection is noticed within 15 s, though nothing is being sent.
        "grpc.keepalive_time_ms": 10_000,
        "grpc.keepalive_timeout_ms": 5_000,
        # A router that comes back is found soon.
        "grpc.initial_reconnect_backoff_ms": 50,
        "grpc.min_reconnect_backoff_ms": 5_000,
        "grpc.max_reconnect_backoff_ms": 1_000,
        # Prompts go to the router that was named and through nobody else.
        "grpc.enable_http_proxy": 0,
    }
    return list({**own, **dict(extra)}.items())


def address(url: str) -> tuple[str, bool]:
    """Host and port of a router's URL, and whether it speaks TLS."""
    scheme, found, rest = url.partition("://")
    if not found or scheme not in ("http", "https") or not rest.strip("/"):
        raise ValueError(f"{url!r} is no router's address; write http://127.0.0.1:7433")
    return rest.rstrip("/"), scheme == "https"
