#!/usr/bin/env python3
"""A real llama.cpp server answers as the cloud of a real router.

Makes a virtual environment in the folder that `--cache` names, installs `llama-cpp-python[server]` there
with pip (built from source: about ten minutes on two cores, once), writes a tiny model that recites,
starts the server and `littoral serve` with a provider that points at it, and asks through `littoral ask`.
Ends with 0 if every check holds, and names each that does not.

The script uses the standard library alone until it has made its environment; there it starts itself
again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from contextlib import contextmanager
from pathlib import Path

PACKAGES = ("llama-cpp-python[server]==0.3.36", "gguf==0.19.0")
ROOT = Path(__file__).resolve().parents[3]
MODEL = "tiny"
# Longest wait for a server to listen, and for an answer.
PATIENCE_S = 120.0

CONFIG = """
listen = "127.0.0.1:0"
[[provider]]
name = "llama-cpp"
base_url = "http://127.0.0.1:{port}/v1"
api_key_file = "key"
[[provider.model]]
name = "{model}"
context_tokens = 100000
json_output = true
"""


def environment(cache: Path) -> Path:
    """The interpreter of a virtual environment that has the server."""
    folder = cache / f"llama-cpp-py{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = folder / "ready"
    if not ready.exists() or ready.read_text() != repr(PACKAGES):
        print(f"installing {', '.join(PACKAGES)} in {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        install = ["-m", "pip", "install", "--quiet", *PACKAGES]
        if subprocess.run([python, *install], stdout=sys.stderr, check=False).returncode:
            sys.exit("pip could not install it: does it reach its index, and is there a C++ compiler?")
        ready.write_text(repr(PACKAGES))
    return python


def binary() -> Path:
    """The program, built if need be."""
    build = ["cargo", "build", "--quiet", "--locked", "--package", "littoral-cli"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "debug" / ("littoral.exe" if sys.platform == "win32" else "littoral")


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
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def call(url: str, body: dict | None = None) -> dict:
    """What the server itself says."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    # A proxy of the caller's has no business between two ports of this machine.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=PATIENCE_S) as response:
        return json.load(response)


def until_it_listens(url: str, process: subprocess.Popen) -> None:
    """Asks again and again; each try that is refused returns at once, so the loop yields."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"the server ended with {process.returncode}")
        try:
            call(f"{url}/v1/models")
            return
        except (urllib.error.URLError, ConnectionError):
            try:
                process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                pass
    sys.exit("the server does not listen")


class Asking:
    """`littoral ask`, and what it heard."""

    def __init__(self, program: Path, home: Path, router: str):
        self.base = [program, "--home", home, "--router", router, "--json", "ask"]

    def __call__(self, prompt: str, *flags: str) -> tuple[list[dict], str]:
        """The events and the complaint."""
        command = [*self.base, "--class", "public", "--temperature", "0", *flags, "-"]
        asked = subprocess.run(
            command, input=prompt, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        events = [json.loads(line) for line in asked.stdout.splitlines()]
        return events, asked.stderr + json.dumps(events)


def of(events: list[dict], kind: str) -> list[dict]:
    return [event[kind] for event in events if kind in event]


class Checks:
    def __init__(self) -> None:
        self.failed = 0

    def __call__(self, what: str, holds: bool, seen: object = "") -> None:
        print(f"{'ok' if holds else 'NOT'}  {what}" + ("" if holds else f": {seen}"))
        self.failed += not holds


def check(ask: Asking, server: str, expected: str, check_: Checks) -> None:
    events, complaint = ask("What does the sea do?")
    pieces = [delta["text"] for delta in of(events, "delta")]
    check_("the text is the model's, word for word", "".join(pieces) == expected, complaint)
    check_("it comes in pieces", len(pieces) > 3, pieces)
    done = of(events, "done")
    reason = done and done[0]["finish_reason"]
    check_("it ends because the model ended", reason == "FINISH_REASON_STOP", done)

    body = {
        "model": MODEL,
        "messages": [{"role": "user", "content": "What does the sea do?"}],
        "temperature": 0,
    }
    true = call(f"{server}/v1/chat/completions", body)["usage"]
    usage = of(events, "usage")
    told = [(one["prompt_tokens"], one["completion_tokens"]) for one in usage]
    known = (true["prompt_tokens"], true["completion_tokens"])
    check_("usage is the server's own, or none where its stream has none", told in ([], [known]), told)
    print(f"    usage in the stream: {told or 'none'}; of a whole answer: {known}")

    events, complaint = ask("What does the sea do?", "--max-tokens", "3")
    text = "".join(delta["text"] for delta in of(events, "delta"))
    done = of(events, "done")
    reason = done and done[0]["finish_reason"]
    check_("three tokens are three tokens", expected.startswith(text) and 0 < len(text) < len(expected), text)
    check_("it ends because of the bound", reason == "FINISH_REASON_LENGTH", done)

    events, complaint = ask("tide " * 4000)
    # Its streams break off without a word where its whole answers are refused with 400.
    named = "answered 400" in complaint or "ended the stream before" in complaint
    check_("a prompt beyond its context is a failure with a name", named, complaint[-600:])
    check_("the failure repeats no word of the prompt", "tide tide" not in complaint, complaint[-600:])
    check_("and no text was told", not of(events, "delta"), events)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--cache", type=Path, required=True, help="folder for the environment")
    arguments.add_argument("--littoral", type=Path, help="the program; built with cargo if absent")
    given = arguments.parse_args()
    python = environment(given.cache.absolute())
    if Path(sys.prefix) != python.parent.parent:
        sys.exit(subprocess.run([python, *sys.argv], check=False).returncode)

    import tiny

    program = given.littoral or binary()
    checks = Checks()
    home = Path(tempfile.mkdtemp(prefix="littoral-llama-"))
    try:
        tiny.write(home / "tiny.gguf")
        state = home / "state"
        state.mkdir()
        (state / "key").write_text("sk-none-is-asked-for")
        port = free_port()
        (home / "router.toml").write_text(CONFIG.format(port=port, model=MODEL))
        server = f"http://127.0.0.1:{port}"
        serve = [python, "-m", "llama_cpp.server", "--model", home / "tiny.gguf"]
        serve += ["--model_alias", MODEL, "--n_ctx", str(tiny.CONTEXT_TOKENS), "--port", str(port)]
        log = (home / "server.log").open("w")
        route = [program, "--home", state, "--json", "serve", "--config", home / "router.toml"]
        with running(route, stdout=subprocess.PIPE, text=True) as router:
            address = json.loads(router.stdout.readline()).get("address")
            if address is None:
                sys.exit("the router did not start")
            ask = Asking(program, state, address)
            with running(serve, stdout=log, stderr=log) as process:
                until_it_listens(server, process)
                check(ask, server, "".join(tiny.WORDS), checks)
            events, complaint = ask("What does the sea do?")
            checks("a server that is gone is named", "could not be reached" in complaint, complaint)
        if checks.failed:
            print((home / "server.log").read_text()[-3000:], file=sys.stderr)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
