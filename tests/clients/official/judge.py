"""What we send and what we accept, judged by the clients that the APIs' own makers publish.

Takes the folder of goldens and prints a line of JSON for each complaint, then one with counts.

- A body that we send must be one that the client's own types allow, to the last field.
- A stream that we accept is served over HTTP to the client itself. Each event must be one of its types,
  and the text must be the text that our reader took from the same bytes.

Where a golden strays on purpose, `STRAYS` says so and why; a reason that is no longer needed is a
complaint as well.
"""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anthropic
import openai
from anthropic.types import MessageCreateParams, RawMessageStreamEvent
from openai.types import CreateEmbeddingResponse, EmbeddingCreateParams
from openai.types.chat import ChatCompletionChunk, CompletionCreateParams
from pydantic import TypeAdapter, ValidationError

REQUESTS = {
    "openai/requests": CompletionCreateParams,
    "openai/embeddings/requests": EmbeddingCreateParams,
    "anthropic/requests": MessageCreateParams,
}

# Streams that only a server which imitates the API would send.
LEAN = "a server that imitates the API leaves out what it has not got"
WRONG = "the usage is wrong on purpose"
# Anthropic's client took these out of its types, and its API takes them still, of the models that we
# send them to: users of the client put them into `extra_body`.
SAMPLING = "only in `extra_body` since version 1"
STRAYS = {
    "openai/streams/half_a_usage.sse": LEAN,
    "openai/streams/usage_of_words.sse": WRONG,
    "anthropic/requests/temperature.json": SAMPLING,
    "anthropic/requests/top_k.json": SAMPLING,
    "anthropic/streams/no_final_usage.sse": LEAN,
    "anthropic/streams/usage_of_words.sse": WRONG,
    "anthropic/streams/unknown_events.sse": "a citation without its fields, which nobody asked for",
}
ENDS = ("Stop", "Length", "ToolCalls", "ContentFilter")


def plain(value: Any) -> Any:
    """A validated value as JSON would have it. What is lazy is validated by going through it."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return [plain(each) for each in value]


def lost(sent: Any, kept: Any, place: str) -> Iterator[str]:
    """Fields that a type did not keep, because it does not know them."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        for key, value in sent.items():
            if key in kept:
                yield from lost(value, kept[key], f"{place}.{key}")
            else:
                yield f"{place}.{key} is in no type"
    elif isinstance(sent, list) and isinstance(kept, list) and len(sent) == len(kept):
        for index, (one, other) in enumerate(zip(sent, kept, strict=True)):
            yield from lost(one, other, f"{place}[{index}]")
    elif sent != kept:
        yield f"{place} was changed"


def faults(adapter: TypeAdapter[Any], value: Any) -> list[str]:
    """What the type has against a value."""
    try:
        return list(lost(value, plain(adapter.validate_python(value)), "body"))
    except ValidationError as error:
        return [f"{each['loc']}: {each['msg']}" for each in error.errors()[:3]]


class Replay(BaseHTTPRequestHandler):
    """Answers any request with the stream that is set."""

    stream = b""

    def do_POST(self) -> None:  # noqa: N802, the library's name
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(self.stream)))
        self.end_headers()
        self.wfile.write(self.stream)

    def log_message(self, *_: Any) -> None:
        pass


def of_openai(url: str) -> Iterator[tuple[Any, str]]:
    """Each event of the served stream, and the text in it."""
    client = openai.OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0)
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        texts = [choice.delta.content or "" for choice in chunk.choices or [] if choice.delta]
        yield chunk, "".join(texts)


def of_anthropic(url: str) -> Iterator[tuple[Any, str]]:
    """Each event of the served stream, and the text in it."""
    client = anthropic.Anthropic(base_url=url, api_key="k", max_retries=0)
    stream = client.messages.create(model="m", max_tokens=1, messages=[], stream=True)
    for event in stream:
        text = ""
        if event.type == "content_block_delta" and event.delta.type == "text_delta":
            text = event.delta.text
        yield event, text


STREAMS = {
    "openai/streams": (of_openai, ChatCompletionChunk),
    "anthropic/streams": (of_anthropic, RawMessageStreamEvent),
}


def our_text(events: list[str]) -> str:
    """The content that our reader took from a stream."""
    said = [line.removeprefix("Content ") for line in events if line.startswith("Content ")]
    return "".join(json.JSONDecoder().raw_decode(line)[0] for line in said)


def judge_requests(goldens: Path) -> Iterator[tuple[str, list[str]]]:
    for folder, kind in REQUESTS.items():
        adapter = TypeAdapter(kind)
        for path in sorted((goldens / folder).glob("*.json")):
            body = json.loads(path.read_text())
            if isinstance(body, dict):  # A text is a refusal: nothing is sent.
                yield f"{folder}/{path.name}", faults(adapter, body)


def judge_streams(goldens: Path, url: str) -> Iterator[tuple[str, list[str]]]:
    for folder, (read, kind) in STREAMS.items():
        adapter = TypeAdapter(kind)
        for path in sorted((goldens / folder).glob("*.sse")):
            events = path.with_suffix(".events").read_text().splitlines()
            if not events[-1].startswith(ENDS):
                continue
            Replay.stream = path.read_bytes()
            found, text = [], ""
            for event, more in read(url):
                found += faults_of_event(adapter, event)
                text += more
            if text != our_text(events):
                found.append(f"the client reads {text!r} and we read {our_text(events)!r}")
            yield f"{folder}/{path.name}", found


def faults_of_event(adapter: TypeAdapter[Any], event: Any) -> list[str]:
    try:
        adapter.validate_python(event.to_dict())
    except ValidationError as error:
        return [f"{each['loc']}: {each['msg']}" for each in error.errors()[:3]]
    return []


def judge_embeddings(goldens: Path) -> Iterator[tuple[str, list[str]]]:
    adapter = TypeAdapter(CreateEmbeddingResponse)
    for name in ("numbers.json", "out_of_order.json"):
        path = goldens / "openai/embeddings/answers" / name
        try:
            adapter.validate_json(path.read_bytes())
            yield f"openai/embeddings/answers/{name}", []
        except ValidationError as error:
            yield f"openai/embeddings/answers/{name}", [str(error)]


def main() -> None:
    goldens = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Replay)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    counts = {"requests": 0, "streams": 0, "embeddings": 0}
    strays = set(STRAYS)
    judged = {
        "requests": judge_requests(goldens),
        "streams": judge_streams(goldens, url),
        "embeddings": judge_embeddings(goldens),
    }
    for what, verdicts in judged.items():
        for name, found in verdicts:
            counts[what] += 1
            if name in STRAYS and found:
                strays.discard(name)
            elif found:
                print(json.dumps({"golden": name, "complaints": found}))
    for name in sorted(strays):
        print(json.dumps({"golden": name, "complaints": ["does not stray any more"]}))
    print(json.dumps(counts))


main()
