"""A provider and a collector that answer at once, each in a process of its own, over kept connections."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import re
import socket
from contextlib import contextmanager

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
CHOICE = {"index": 0, "delta": {"role": "assistant", "content": "yes"}, "finish_reason": None}
LAST = {"index": 0, "delta": {}, "finish_reason": "stop"}
USAGE = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}


def message(head: bytes, body: bytes) -> bytes:
    """A whole message of HTTP/1.1."""
    return head + b"content-length: %d\r\n\r\n" % len(body) + body


def whole(text: bytes) -> int:
    """The length of the first message in `text`; 0 where its end has not come."""
    head = text.find(b"\r\n\r\n")
    if head < 0:
        return 0
    said = LENGTH.search(text, 0, head)
    length = head + 4 + (int(said[1]) if said else 0)
    return length if len(text) >= length else 0


def chunk(**what: object) -> bytes:
    """One event of OpenAI's stream."""
    base = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "instant"}
    return b"data: " + json.dumps(base | what).encode() + b"\n\n"


OK = b"HTTP/1.1 200 OK\r\n"
ANSWER = message(
    OK + b"content-type: text/event-stream\r\n",
    chunk(choices=[CHOICE]) + chunk(choices=[LAST], usage=USAGE) + b"data: [DONE]\n\n",
)
TAKEN = message(OK, b"")


class AtOnce(asyncio.Protocol):
    """Says the same to every request."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.read = answer, b""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self.read += data
        while length := whole(self.read):
            self.read = self.read[length:]
            self.transport.write(self.answer)


def serve(answer: bytes, port) -> None:
    """Serves until the process is ended, and says on which port."""

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: AtOnce(answer), "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def serving(answer: bytes):
    """The address of one who says this to everybody, as long as the block lasts."""
    theirs, ours = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(answer, ours), daemon=True)
    process.start()
    try:
        if not theirs.poll(30):
            raise SystemExit("a server of this measurement did not listen within 30 s")
        yield f"http://127.0.0.1:{theirs.recv()}"
    finally:
        process.terminate()
        process.join(30)
