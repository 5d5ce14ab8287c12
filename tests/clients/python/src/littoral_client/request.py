"""Requests as an application writes them, turned into the wire's."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias, TypedDict

from . import v1

DataClass: TypeAlias = Literal["public", "internal", "personal", "restricted"]
Mode: TypeAlias = Literal[
    "policy_default",
    "prefer_on_device",
    "only_on_device",
    "prefer_edge",
    "only_local_network",
    "prefer_in_cloud",
    "only_in_cloud",
]
# A string is one message of the user. A mapping has `role`, `content` and perhaps `data_class`.
Messages: TypeAlias = str | Iterable[v1.Message | Mapping[str, str]]

DEFAULT_DEADLINE_S = 120.0


class Ask(TypedDict, total=False):
    """What may be said beside the messages. Absent: the policy's or the model's own default."""

    model: str
    """Model or alias."""
    data_class: DataClass
    """Label of everything that has none of its own. Unlabelled content counts as personal."""
    mode: Mode
    """Where the caller would like, or insists, to be answered."""
    deadline_s: float
    """Seconds to the end of the answer; 120 if absent, as in the shipped policy."""
    request_id: str
    """The caller's name for the request, unique for ever; one is made up if absent."""
    resume_window_s: float
    """After a broken connection, try for so long to go on with the answer, and let the router hold
    it for so long; at most 60. Absent or 0: the request ends with its connection."""
    max_output_tokens: int
    """Most tokens of the answer."""
    temperature: float
    """0 (always the likeliest token) to 2."""
    seed: int
    """The same seed, prompt and target give the same text."""
    base: v1.ChatRequest
    """Everything else the wire has (tools, stop strings, ceilings); the fields above win."""


def build(messages: Messages, ask: Ask) -> v1.ChatRequest:
    """The wire form. Raises `ValueError` for what the wire has no word for."""
    unknown = set(ask) - Ask.__optional_keys__
    if unknown:
        raise ValueError(f"no such argument: {', '.join(sorted(unknown))}")
    request = v1.ChatRequest()
    if "base" in ask:
        request.CopyFrom(ask["base"])
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    request.messages.extend(_message(message) for message in messages)
    request.request_id = ask.get("request_id") or request.request_id or f"py-{uuid.uuid4()}"
    _set(request, ask, "model", "max_output_tokens")
    if "temperature" in ask or "seed" in ask:
        _set(request.sampling, ask, "temperature", "seed")
    hints = request.hints
    if "data_class" in ask:
        hints.data_class = named(v1.DataClass, "DATA_CLASS_", ask["data_class"])
    if "mode" in ask:
        hints.mode = named(v1.Mode, "MODE_", ask["mode"])
    if "deadline_s" in ask or not hints.HasField("deadline_ms"):
        hints.deadline_ms = _ms(ask.get("deadline_s", DEFAULT_DEADLINE_S), "deadline_s", 1)
    if "resume_window_s" in ask:
        hints.resume_window_ms = _ms(ask["resume_window_s"], "resume_window_s", 0)
    return request


def named(enum: Any, prefix: str, word: str) -> Any:
    """The value of an enumeration by its short name."""
    names = [name for name in enum.keys() if not name.endswith("_UNSPECIFIED")]
    if prefix + word.upper() not in names:
        known = ", ".join(name.removeprefix(prefix).lower() for name in names)
        raise ValueError(f"no such word: {word!r}; there are: {known}")
    return enum.Value(prefix + word.upper())


def short(enum: Any, prefix: str, value: int) -> str:
    """The short name of an enumeration's value: the inverse of `named`."""
    name: str = enum.Name(value)
    return name.removeprefix(prefix).lower()


def _message(message: v1.Message | Mapping[str, str]) -> v1.Message:
    if isinstance(message, v1.Message):
        return message
    unknown = set(message) - {"role", "content", "data_class"}
    if unknown:
        raise ValueError(f"a message has no {', '.join(sorted(unknown))}; pass a v1.Message")
    wire = v1.Message(role=named(v1.Role, "ROLE_", message["role"]))
    wire.parts.add(text=message["content"])
    if "data_class" in message:
        wire.data_class = named(v1.DataClass, "DATA_CLASS_", message["data_class"])
    return wire


def _set(target: Any, ask: Ask, *fields: str) -> None:
    for field in fields:
        if field in ask:
            setattr(target, field, ask[field])  # type: ignore[literal-required]


def _ms(seconds: float, what: str, least: int) -> int:
    if seconds < 0:
        raise ValueError(f"{what} is {seconds}; it cannot be negative")
    return max(least, round(seconds * 1000))
