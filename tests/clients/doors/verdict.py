"""Checks and complaints. A check is a function whose name says what must be so; it complains of
everything that is not, and an error that it did not expect is a complaint too.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

# It judges the router at an address.
Check = Callable[["Verdict", str], None]


class Verdict:
    """What one client's checks found. Each complaint is a line of JSON on standard output."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.checks = 0
        self.complaints = 0
        self.check = ""

    def complain(self, complaint: str) -> None:
        self.complaints += 1
        line = {"client": self.client, "check": self.check, "complaint": complaint}
        print(json.dumps(line), flush=True)

    def holds(self, fact: Any, otherwise: str) -> None:
        """Complains unless it is so."""
        if not fact:
            self.complain(otherwise)

    def same(self, what: str, got: Any, wanted: Any) -> None:
        """Complains unless both are the same."""
        self.holds(got == wanted, f"{what} is {got!r} and should be {wanted!r}")

    @contextmanager
    def raises(self, kind: type[Exception]) -> Iterator[list[Any]]:
        """Complains unless the block ends in this error, which is in the list afterwards."""
        caught: list[Any] = []
        try:
            yield caught
        except kind as error:
            caught.append(error)
        else:
            self.complain(f"no {kind.__name__}")

    def run(self, checks: Sequence[Check], url: str) -> None:
        """Runs checks against the router at this address."""
        for check in checks:
            self.check, began = check.__name__, time.monotonic()
            self.checks += 1
            try:
                check(self, url)
            except Exception as error:
                self.complain(f"{type(error).__name__}: {error}")
            # Where a judge is too slow, this tells at what.
            took = time.monotonic() - began
            print(f"{took:6.2f} s  {self.client}  {self.check}", file=sys.stderr, flush=True)

    def count(self) -> None:
        """The last line."""
        counts = {"client": self.client, "checks": self.checks, "complaints": self.complaints}
        print(json.dumps(counts), flush=True)
