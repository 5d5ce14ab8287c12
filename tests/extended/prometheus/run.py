#!/usr/bin/env python3
"""Debian's Prometheus reads a running router's metrics, and tries every alert rule and every documented query.

Fetches the package `prometheus` with apt into the folder that `--cache` names and unpacks it there. Ends with 0
if every check holds, and names each that does not. The standard library is all it needs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from stage import ROOT, Checks, ask, binary, fetch, free_port, provider, running, until  # noqa: E402

PACKAGE = "prometheus"
RULES = ROOT / "docs" / "prometheus"
QUERIES = ROOT / "docs" / "TELEMETRY.md"
MODEL = "gpt-4o-mini"
# Answers of each kind: a rate needs more than one sample with a change between them.
ROUNDS = 3

ROUTER = """
usd_per_kwh = 0.3
[[provider]]
name = "openai"
base_url = "{url}"
api_key_file = "key"
[[provider.model]]
name = "{model}"
context_tokens = 100000
input_usd_micros_per_mtok = 150000
output_usd_micros_per_mtok = 600000
[[budget]]
name = "team"
every = "month"
usd = 100.0
"""

PROMETHEUS = """
global: {{ scrape_interval: 1s, evaluation_interval: 1s }}
rule_files: ["{rules}/*.rules.yml"]
scrape_configs:
  - job_name: littoral
    metrics_path: {path}
    static_configs: [{{ targets: ["{address}"] }}]
"""


def tools(cache: Path) -> Path:
    """The folder with `prometheus` and `promtool`."""
    folder = cache / "unpacked"
    if not (folder / "usr/bin/promtool").exists():
        print(f"fetching {PACKAGE} with apt into {cache}", file=sys.stderr)
        cache.mkdir(parents=True, exist_ok=True)
        fetched = subprocess.run(["apt-get", "download", PACKAGE], cwd=cache, stdout=sys.stderr, check=False)
        packages = sorted(cache.glob(f"{PACKAGE}_*.deb"))
        if fetched.returncode or not packages:
            sys.exit(f"apt could not fetch {PACKAGE}: are there package lists (apt-get update) and a network?")
        subprocess.run(["dpkg-deb", "--extract", packages[-1], folder], check=True)
    return folder / "usr/bin"


def check_rules(promtool: Path, checks: Checks) -> None:
    """Every file of rules reads well, and its own tests hold."""
    files = sorted(RULES.glob("*.rules.yml"))
    checks("there are rules", files)
    for rules in files:
        read = subprocess.run([promtool, "check", "rules", rules], capture_output=True, text=True, check=False)
        checks(f"{rules.name} reads well", read.returncode == 0, read.stdout + read.stderr)
        tests = rules.with_name(rules.name.replace(".rules.", ".test."))
        tried = subprocess.run([promtool, "test", "rules", tests], capture_output=True, text=True, check=False)
        checks(f"{tests.name} holds", tried.returncode == 0, tried.stdout + tried.stderr)


def home_with_a_model(folder: Path) -> Path:
    """A home folder of its own, with the checkout's runtime and model if they are there."""
    home = folder / "home"
    home.mkdir()
    for part in ("runtime", "models"):
        if (ROOT / ".littoral" / part).is_dir():
            (home / part).symlink_to(ROOT / ".littoral" / part)
    (home / "key").write_text("sk-none-is-asked-for")
    return home


def traffic(program: Path, home: Path, address: str, checks: Checks) -> None:
    """Answers of both kinds, and a refusal."""
    own = ask(program, home, address, "Say one word.", "--class", "restricted", "--max-tokens", "8")
    checks("the model of this machine answers", own.returncode == 0, own.stderr)
    cloud = ask(program, home, address, "Tides?", "--class", "public", "--mode", "only-in-cloud")
    checks("the provider answers", cloud.returncode == 0, cloud.stderr)
    kept = ask(program, home, address, "My PIN?", "--class", "restricted", "--mode", "only-in-cloud")
    checks("what must stay is refused", kept.returncode != 0, kept.stdout)


def query(prometheus: str, text: str) -> dict:
    url = f"{prometheus}/api/v1/query?{urllib.parse.urlencode({'query': text})}"
    return json.loads(fetch(url))


def documented() -> list[str]:
    return re.findall(r"```promql\n(.*?)\n```", QUERIES.read_text(), re.S)


def check_scraped(prometheus: str, process: subprocess.Popen, checks: Checks) -> None:
    """What it scraped answers every documented query, and alarms nobody."""
    queries = documented()
    checks("there are queries to run", len(queries) >= 5, queries)
    for text in queries:
        def found(text: str = text) -> list:
            rows = query(prometheus, text)["data"]["result"]
            return [row for row in rows if row["value"][1] != "NaN"]

        rows = until(found, process, text)
        checks(f"{text[:70]} -> {rows[0]['value'][1]}", rows)
    groups = json.loads(fetch(f"{prometheus}/api/v1/rules"))["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    broken = [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"]
    checks(f"all {len(rules)} rules can be evaluated", rules and not broken, broken)
    loud = [rule["name"] for rule in rules if rule.get("state") == "firing"]
    checks("no alarm goes off on a healthy router", not loud, loud)


def watch(given: argparse.Namespace, bin_: Path, folder: Path, checks: Checks) -> None:
    program, home = given.littoral or binary(), home_with_a_model(folder)
    with provider() as url:
        (folder / "router.toml").write_text(ROUTER.format(url=url, model=MODEL))
        up = [program, "--home", home, "--json", "up", "--config", folder / "router.toml"]
        up += ["--listen", "127.0.0.1:0"]
        log = (folder / "router.log").open("w")
        environment = os.environ | {"RUST_LOG": "info"}
        with running(up, stdout=subprocess.PIPE, stderr=log, text=True, env=environment) as router:
            line = router.stdout.readline()
            if not line:
                sys.exit(f"the router did not start: {(folder / 'router.log').read_text()[-2000:]}")
            address = json.loads(line)["address"]
            host = address.removeprefix("http://")
            port = free_port()
            prometheus = f"http://127.0.0.1:{port}"
            settings = PROMETHEUS.format(rules=RULES, address=host, path=given.metrics_path)
            (folder / "prometheus.yml").write_text(settings)
            serve = [bin_ / "prometheus", f"--config.file={folder / 'prometheus.yml'}"]
            serve += [f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{port}"]
            with running(serve, stdout=log, stderr=log) as process:
                up_query = lambda: query(prometheus, 'up{job="littoral"} == 1')["data"]["result"]  # noqa: E731
                until(up_query, process, f"Prometheus scrapes {address}{given.metrics_path}")
                for number in range(1, ROUNDS + 1):
                    traffic(program, home, address, checks)
                    # A rate is a change between two scrapes: the next round waits for one that saw this.
                    seen = f"sum(littoral_requests_total) >= {3 * number}"
                    until(lambda seen=seen: query(prometheus, seen)["data"]["result"], process, seen)
                text = fetch(f"{address}{given.metrics_path}")
                lint = subprocess.run([bin_ / "promtool", "check", "metrics"], input=text, capture_output=True, check=False)
                # 3 is advice on names, which the conventions have given; 1 is text that cannot be read.
                checks("promtool reads the text", lint.returncode in (0, 3), lint.stderr.decode())
                check_scraped(prometheus, process, checks)
        if checks.failed:
            print((folder / "router.log").read_text()[-4000:], file=sys.stderr)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--cache", type=Path, required=True, help="folder for the package")
    arguments.add_argument("--littoral", type=Path, help="the program; built with cargo if absent")
    arguments.add_argument("--metrics-path", default="/metrics", help="where the router's metrics are")
    given = arguments.parse_args()
    bin_, checks = tools(given.cache.absolute()), Checks()
    check_rules(bin_ / "promtool", checks)
    folder = Path(tempfile.mkdtemp(prefix="littoral-prometheus-"))
    try:
        watch(given, bin_, folder, checks)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
