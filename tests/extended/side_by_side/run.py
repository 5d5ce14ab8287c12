#!/usr/bin/env python3
"""Builds of the router side by side: what a request costs each of them, by thread, and how long it takes.

All stand with everything on before one provider that answers at once, and one connection asks them in turns, a
block of requests each, in an order that is drawn anew each time: a change of the machine's pace meets all of them.
Processor time is the kernel's own count for each thread (`/proc/PID/task/*/schedstat`), so it needs Linux. The
standard library is all else it needs.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]
from instant import ANSWER, TAKEN, message, serving, whole  # noqa: E402
from stage import PATIENCE_S, running  # noqa: E402

# Requests to one router before it is another's turn, and to each before anything is counted.
BLOCK, WARM = 200, 1_000
BODY = (
    b'{"model":"instant","max_tokens":16,'
    b'"messages":[{"role":"user","content":"Does the tide come in at noon?"}]}'
)
CONFIG = """\
[telemetry]
endpoint = '{collector}'
protocol = 'http/protobuf'
[[provider]]
name = 'instant'
base_url = '{provider}/v1'
api_key_file = '{key}'
[[provider.model]]
name = 'instant'
context_tokens = 8192
input_usd_micros_per_mtok = 150000
output_usd_micros_per_mtok = 600000
"""


class Router:
    """A build that runs, and the connection to it."""

    def __init__(self, given: str, home: Path, provider: str, collector: str, stack: ExitStack) -> None:
        *settings, program = given.split("@")
        program = Path(program).absolute()
        if not program.is_file():
            sys.exit(f"{program} is no program; `cargo build --release -p littoral-tests --bin littoral-under-test` makes one")
        self.name, self.took = given, []
        key, config = home / "cloud.key", home / "router.toml"
        key.write_text("a-key-of-nobody")
        config.write_text(CONFIG.format(collector=collector, provider=provider, key=key))
        environment = os.environ | {"HOME": str(home), "LITTORAL_HOME": str(home)}
        environment |= dict(setting.split("=", 1) for setting in settings)
        log = stack.enter_context((home / "log").open("wb"))
        command = [program, "serve", "--listen", "127.0.0.1:0", "--config", config]
        process = running(command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=log)
        self.process = stack.enter_context(process)
        port = None
        while port is None:
            line = self.process.stdout.readline().decode()
            if not line:
                sys.exit(f"{program} does not serve: {(home / 'log').read_text()}")
            port = re.search(r"127\.0\.0\.1:(\d+)", line)
        address = ("127.0.0.1", int(port[1]))
        self.line = stack.enter_context(socket.create_connection(address, timeout=PATIENCE_S))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        self.request = message(head, BODY)
        self.ask(WARM)
        self.took.clear()
        self.before = self.threads()

    def ask(self, times: int) -> None:
        """Asks so often, one after the other."""
        for _ in range(times):
            begun, read = time.perf_counter(), b""
            self.line.sendall(self.request)
            while not whole(read):
                data = self.line.recv(65_536)
                if not data:
                    sys.exit(f"{self.name} closed its connection after {read[:200]!r}")
                read += data
            self.took.append(time.perf_counter() - begun)
            if not read.startswith(b"HTTP/1.1 200"):
                sys.exit(f"{self.name} answered {read[:400]!r}")

    def threads(self) -> dict[str, int]:
        """Processor time of its threads, by their name, in nanoseconds."""
        times: dict[str, int] = {}
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                name = (task / "comm").read_text().strip()
                times[name] = times.get(name, 0) + int((task / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                continue
        return times

    def tell(self) -> None:
        """What a request took."""
        took, count = sorted(self.took), len(self.took)
        spent = {name: (ns - self.before.get(name, 0)) / count / 1e3 for name, ns in self.threads().items()}
        p50, p99 = took[count // 2] * 1e3, took[count * 99 // 100] * 1e3
        print(f"{self.name}: {count} requests, p50 {p50:.3f} ms, p99 {p99:.3f} ms; processor time of one:")
        print(f"  {'all':18} {sum(spent.values()):7.1f} us")
        for name, us in sorted(spent.items(), key=lambda one: -one[1]):
            if us >= 0.5:
                print(f"  {name:18} {us:7.1f} us")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=float, default=40.0, help="length of it all [default: 40]")
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="of the order")
    what = "a program, or NAME=VALUE@program to set its environment; `littoral` or `littoral-under-test`"
    arguments.add_argument("router", nargs="+", help=what)
    given = arguments.parse_args()
    print(f"seed {given.seed}")
    order = random.Random(given.seed)
    with ExitStack() as stack:
        provider = stack.enter_context(serving(ANSWER))
        collector = stack.enter_context(serving(TAKEN))
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in given.router]
        routers = [
            Router(router, home, provider, collector, stack) for router, home in zip(given.router, folders)
        ]
        end = time.monotonic() + given.seconds
        while time.monotonic() < end:
            for router in order.sample(routers, len(routers)):
                router.ask(BLOCK)
        for router in routers:
            router.tell()


if __name__ == "__main__":
    main()
