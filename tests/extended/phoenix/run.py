#!/usr/bin/env python3
"""Arize Phoenix reads the traces of a running router, and prices its calls by itself.

Installs PyPI `arize-phoenix` with pip into a virtual environment in the folder that `--cache` names. Ends with
0 if every check holds, and names each that does not. The standard library is all that the script itself needs.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import stage  # noqa: E402
from stage import ROOT, Checks, Provider, ask, binary, environment, fetch, free_port, provider, running, until  # noqa: E402

PACKAGE = "arize-phoenix==20.26.1"
# A model that both tables of prices know.
MODEL = "gpt-4o-mini"
CALLS = 3

ROUTER = """
[[provider]]
name = "openai"
base_url = "{url}"
api_key_file = "key"
"""

COSTS = """query { projects { edges { node { name
  costSummary { total { cost tokens } prompt { tokens } completion { tokens } } } } } }"""


def home_with_a_model(folder: Path) -> Path:
    home = folder / "home"
    home.mkdir()
    for part in ("runtime", "models"):
        if (ROOT / ".littoral" / part).is_dir():
            (home / part).symlink_to(ROOT / ".littoral" / part)
    (home / "key").write_text("sk-none-is-asked-for")
    return home


def spans(phoenix: str, project: str) -> list[dict]:
    return json.loads(fetch(f"{phoenix}/v1/projects/{project}/spans?limit=1000"))["data"]


def send(given, folder: Path, home: Path, url: str, otlp: tuple[str, str, str], words: list[str]) -> int:
    """Runs a router whose traces go there, and asks; returns how many requests it made."""
    protocol, endpoint, project = otlp
    program = given.littoral
    config = folder / "router.toml"
    config.write_text(ROUTER.format(url=url))
    variables = os.environ | {
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_RESOURCE_ATTRIBUTES": f"openinference.project.name={project}",
        "NO_PROXY": "127.0.0.1",
    }
    up = [program, "--home", home, "--json", "up", "--config", config, "--listen", "127.0.0.1:0"]
    log = (folder / f"{project}.log").open("w")
    with running(up, stdout=subprocess.PIPE, stderr=log, text=True, env=variables) as router:
        line = router.stdout.readline()
        if not line:
            sys.exit(f"the router did not start: {(folder / f'{project}.log').read_text()[-2000:]}")
        address = json.loads(line)["address"]
        flags = ["--class", "public", "--mode", "only-in-cloud", "--model", MODEL]
        for word in words[:CALLS]:
            asked = ask(program, home, address, f"{word}?", *flags)
            if asked.returncode:
                sys.exit(f"the provider did not answer: {asked.stderr}")
        asked = ask(program, home, address, f"{words[CALLS]}?", "--class", "restricted", "--max-tokens", "8")
        if asked.returncode:
            sys.exit(f"the model of this machine did not answer: {asked.stderr}")
    return CALLS + 1


def check_shape(rows: list[dict], requests: int, checks: Checks) -> None:
    """Each request is one trace, and its parts hang where they should."""
    by_id = {row["context"]["span_id"]: row for row in rows}
    roots = [row for row in rows if not row.get("parent_id")]
    checks(f"{requests} requests are {requests} traces", len(roots) == requests, [row["name"] for row in roots])
    lost = [row["name"] for row in rows if row.get("parent_id") and row["parent_id"] not in by_id]
    checks("no span hangs on one that is not there", not lost, lost)
    for root in roots:
        trace = [row for row in rows if row["context"]["trace_id"] == root["context"]["trace_id"]]
        parts = {row["name"] for row in trace if row.get("parent_id") == root["context"]["span_id"]}
        wanted = {"scan", "decide", "admit", "stream"}
        checks(f"{root['name']} has its steps and a call", wanted < parts and len(parts) == 5, parts)
    names = {row["name"] for row in rows}
    checks("the worker's part is there", {"queue", "prefill", "decode"} <= names, names)


def check_calls(rows: list[dict], checks: Checks) -> list[float]:
    """What is said of the calls to the provider; returns what each cost by our account."""
    calls = [row for row in rows if row["attributes"].get("littoral.purpose") and row["attributes"].get("littoral.tier") == "cloud"]
    checks(f"there are {CALLS} calls to the provider", len(calls) == CALLS, len(calls))
    for call in calls:
        said = call["attributes"]
        checks("a call is understood as one to a model", call["span_kind"] == "LLM", call["span_kind"])
        checks("of the model that was asked", said.get("gen_ai.request.model") == MODEL, said)
        tokens = [said.get(f"gen_ai.usage.{kind}_tokens") for kind in ("input", "output")]
        checks("with its tokens", tokens == [stage.PROMPT_TOKENS, stage.COMPLETION_TOKENS], tokens)
    return [call["attributes"].get("littoral.cost.usd", 0.0) for call in calls]


def check_costs(phoenix: str, process, project: str, ours: list[float], checks: Checks) -> None:
    """What Phoenix works out by itself is what we say."""

    def told() -> dict | None:
        edges = json.loads(fetch(f"{phoenix}/graphql", {"query": COSTS}))["data"]["projects"]["edges"]
        summary = next((edge["node"]["costSummary"] for edge in edges if edge["node"]["name"] == project), None)
        return summary if summary and summary["total"]["cost"] else None

    summary = until(told, process, f"Phoenix works out the cost of {project}")
    total = sum(ours)
    print(f"    cost of {project}: ours {total:.6f} USD, Phoenix' {summary['total']['cost']:.6f} USD")
    checks("Phoenix' cost is ours", abs(summary["total"]["cost"] - total) < 1e-9 + total * 1e-6, summary)


def check(given, folder: Path, programs: Path, checks: Checks) -> None:
    port, grpc = free_port(), free_port()
    phoenix = f"http://127.0.0.1:{port}"
    variables = os.environ | {
        "PHOENIX_WORKING_DIR": str(folder / "phoenix"),
        "PHOENIX_HOST": "127.0.0.1",
        "PHOENIX_PORT": str(port),
        "PHOENIX_GRPC_PORT": str(grpc),
        "PHOENIX_TELEMETRY_ENABLED": "false",
    }
    (folder / "phoenix").mkdir()
    mark = f"canary{secrets.token_hex(8)}"
    print(f"the words of this run begin with {mark}")
    words = [f"{mark}{number}" for number in range(CALLS + 1)]
    Provider.words = tuple(f"{mark}answer{number} " for number in range(3))
    home = home_with_a_model(folder)
    log = (folder / "phoenix.log").open("w")
    with provider() as url, running([programs / "phoenix", "serve"], stdout=log, stderr=log, env=variables) as process:
        until(lambda: fetch(f"{phoenix}/v1/projects"), process, "Phoenix listens")
        for protocol, endpoint in (("http/protobuf", phoenix), ("grpc", f"http://127.0.0.1:{grpc}")):
            project = f"littoral-{protocol.split('/')[0]}"
            print(f"over {protocol}:")
            requests = send(given, folder, home, url, (protocol, endpoint, project), words)

            def all_there() -> list[dict] | None:
                rows = spans(phoenix, project)
                roots = [row for row in rows if not row.get("parent_id")]
                return rows if len(roots) >= requests else None

            rows = until(all_there, process, f"the traces of {project} arrive")
            check_shape(rows, requests, checks)
            ours = check_calls(rows, checks)
            checks("no word of prompt or answer arrived", mark not in json.dumps(rows))
            check_costs(phoenix, process, project, ours, checks)
    if checks.failed:
        print((folder / "phoenix.log").read_text()[-3000:], file=sys.stderr)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--cache", type=Path, required=True, help="folder for the environment")
    arguments.add_argument("--littoral", type=Path, help="the program; built with cargo if absent")
    given = arguments.parse_args()
    programs, checks = environment(given.cache.absolute(), PACKAGE), Checks()
    given.littoral = given.littoral or binary()
    folder = Path(tempfile.mkdtemp(prefix="littoral-phoenix-"))
    try:
        check(given, folder, programs, checks)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
