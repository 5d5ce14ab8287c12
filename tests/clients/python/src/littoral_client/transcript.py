"""What an answer has said so far, put together by epoch and byte offset.

No I/O and no clock, so that both clients share it and it can be tested with events alone. The rules
are the wire's: text of an earlier epoch is void; offsets are UTF-8 bytes in a channel of an epoch,
without gap or overlap; after Resume, who answers is told again and the tool calls of the epoch are
told again from their first piece.
"""

from dataclasses import dataclass
from typing import NoReturn, TypeAlias

import grpc

from . import v1
from .errors import LittoralError

CHANNELS = (v1.Channel.CHANNEL_CONTENT, v1.Channel.CHANNEL_REASONING, v1.Channel.CHANNEL_REFUSAL)


@dataclass(frozen=True)
class Reset:
    """The text so far is void: another target starts over. Clear what you show."""

    epoch: int
    """The epoch that starts."""
    reason: str
    """Why, in plain words, without content."""

    def __str__(self) -> str:
        return f"\n[what stands above is void, the answer starts over: {self.reason}]\n"


Piece: TypeAlias = str | Reset


class Transcript:
    """The answer so far.

    Attributes:
        request_id: name of the request; good for `explain`.
        routed: who was chosen and why; `None` until the router has said so.
        failovers: changes of target, in order.
        progress: how much of the prompt has been read, where the target tells.
        usage: tokens read and written; `None` until the end.
        done: who answered, and the receipt of what left; `None` until the end.
    """

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.routed: v1.Routed | None = None
        self.failovers: list[v1.Failover] = []
        self.progress: v1.Progress | None = None
        self.usage: v1.Usage | None = None
        self.done: v1.Done | None = None
        self._start(0)

    @property
    def text(self) -> str:
        """Text of the last epoch so far."""
        return "".join(self._texts[v1.Channel.CHANNEL_CONTENT])

    @property
    def reasoning(self) -> str:
        """The model's reasoning in the last epoch, where it shows it."""
        return "".join(self._texts[v1.Channel.CHANNEL_REASONING])

    @property
    def refusal(self) -> str:
        """A refusal in the model's own words."""
        return "".join(self._texts[v1.Channel.CHANNEL_REFUSAL])

    @property
    def tool_calls(self) -> list[v1.ToolCall]:
        """Calls of the last epoch so far; their arguments are whole once `done` is set."""
        return [self._calls[index] for index in sorted(self._calls)]

    def _start(self, epoch: int) -> None:
        self._epoch = epoch
        self._texts: dict[int, list[str]] = {channel: [] for channel in CHANNELS}
        self._bytes: dict[int, int] = dict.fromkeys(CHANNELS, 0)
        self._calls: dict[int, v1.ToolCall] = {}

    def _position(self) -> v1.ResumeRequest:
        """What Resume has to be asked for."""
        content, reasoning, refusal = (self._bytes[channel] for channel in CHANNELS)
        return v1.ResumeRequest(
            request_id=self.request_id,
            epoch=self._epoch,
            next_content_offset=content,
            next_reasoning_offset=reasoning,
            next_refusal_offset=refusal,
        )

    def _hear(self, event: v1.ChatEvent) -> list[Piece]:
        """Takes an event in. Returns what the reader of the content channel has to be told."""
        kind = event.WhichOneof("event")
        if kind == "delta":
            return self._hear_delta(event.delta)
        if kind == "failover":
            return self._hear_failover(event.failover)
        if kind == "tool_call_delta":
            return self._hear_call(event.tool_call_delta)
        if kind == "routed":
            # First of every stream. A resumed one tells the calls of its epoch again.
            self._calls.clear()
            self.request_id = event.routed.request_id
        if kind in ("routed", "progress", "usage", "done"):
            setattr(self, kind, getattr(event, kind))
        return []  # Of kinds that this client does not know, nothing is lost by going on.

    def _hear_delta(self, delta: v1.Delta) -> list[Piece]:
        if delta.epoch < self._epoch or delta.channel not in self._texts:
            return []
        pieces = self._enter(delta.epoch, "its target was lost")
        had = self._bytes[delta.channel]
        if delta.offset > had:
            self._broken(f"a gap at byte {had} of epoch {delta.epoch}")
        # Told again in part: the router tells a piece whole where it cannot cut it.
        new = delta.text.encode()[had - delta.offset :]
        try:
            text = new.decode()
        except UnicodeDecodeError:
            self._broken(f"a character cut at byte {had} of epoch {delta.epoch}")
        self._bytes[delta.channel] = had + len(new)
        self._texts[delta.channel].append(text)
        if text and delta.channel == v1.Channel.CHANNEL_CONTENT:
            pieces.append(text)
        return pieces

    def _hear_failover(self, failover: v1.Failover) -> list[Piece]:
        if failover in self.failovers:
            return []  # Told again by Resume.
        self.failovers.append(failover)
        return self._enter(failover.epoch, failover.reason)

    def _hear_call(self, delta: v1.ToolCallDelta) -> list[Piece]:
        if delta.epoch < self._epoch:
            return []
        pieces = self._enter(delta.epoch, "its target was lost")
        call = self._calls.setdefault(delta.index, v1.ToolCall())
        call.id = delta.id or call.id
        call.name = delta.name or call.name
        call.arguments_json += delta.arguments
        return pieces

    def _enter(self, epoch: int, reason: str) -> list[Piece]:
        """Starts over if `epoch` is new; the reader is told if there is something to forget."""
        if epoch <= self._epoch:
            return []
        shown = any(self._bytes.values()) or bool(self._calls)
        self._start(epoch)
        return [Reset(epoch, reason)] if shown else []

    def _broken(self, what: str) -> NoReturn:
        message = f"the stream has {what}"
        raise LittoralError(
            grpc.StatusCode.DATA_LOSS, "DATA_LOSS", message, request_id=self.request_id
        )
