"""What targets share that watch a running router: the program, processes that end with a block, a provider of our own.

The standard library alone, so that it can be used before anything is installed.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Longest wait for a server to listen, and for an answer.
PATIENCE_S = 180.0
# What the provider says of each answer.
PROMPT_TOKENS, COMPLETION_TOKENS = 1_000, 500


def binary() -> Path:
    """The program, built if need be."""
    build = ["cargo", "build", "--quiet", "--locked", "--package", "littoral-cli"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "debug" / "littoral"


def environment(cache: Path, package: str) -> Path:
    """The folder of programs of a virtual environment in `cache` that has this package of PyPI."""
    name = package.partition("==")[0]
    folder = cache / f"{name}-py{sys.version_info.major}.{sys.version_info.minor}"
    ready, programs = folder / "ready", folder / "bin"
    if not ready.exists() or ready.read_text() != package:
        print(f"installing {package} in {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        install = [programs / "python", "-m", "pip", "install", "--quiet", package]
        if subprocess.run(install, stdout=sys.stderr, check=False).returncode:
            sys.exit(f"pip could not install {package}: does it reach its index?")
        ready.write_text(package)
    return programs


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def running(command: list[str | Path], **options):
    """A process that ends with the block."""
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def fetch(url: str, body: dict | None = None) -> bytes:
    """What a server of this machine says. A proxy of the caller's has no business in between."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=PATIENCE_S) as response:
        return response.read()


def until(holds: Callable[[], object], process: subprocess.Popen, what: str):
    """Asks again and again, and returns the first answer that is one. The process that is asked must not end."""
    end = time.monotonic() + PATIENCE_S
    seen: object = None
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"{what}: the process ended with {process.returncode}")
        try:
            if seen := holds():
                return seen
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            seen = error
        try:
            process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            pass
    sys.exit(f"{what}: not within {PATIENCE_S} s; last seen: {seen}")


class Checks:
    """Counts what does not hold."""

    def __init__(self) -> None:
        self.failed = 0

    def __call__(self, what: str, holds: object, seen: object = "") -> bool:
        print(f"{'ok' if holds else 'NOT'}  {what}" + ("" if holds else f": {seen}"), flush=True)
        self.failed += not holds
        return bool(holds)


class Provider(BaseHTTPRequestHandler):
    """A provider that streams the same words to everybody, with usage."""

    words = ("Ebb ", "and ", "flood.")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for word in self.words:
            self.say({"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]})
        self.say({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": COMPLETION_TOKENS}
        self.say({"choices": [], "usage": usage | {"total_tokens": sum(usage.values())}})
        self.wfile.write(b"data: [DONE]\n\n")

    def say(self, event: dict) -> None:
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"} | event
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def provider():
    """The base URL of a provider that runs as long as the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()


def ask(program: Path, home: Path, router: str, words: str, *flags: str) -> subprocess.CompletedProcess:
    """`littoral ask`, and what it said."""
    command = [program, "--home", home, "--router", router, "--json", "ask", *flags, words]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
