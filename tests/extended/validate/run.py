#!/usr/bin/env python3
"""The simulator against a live router: every shipped workload, several seeds, and the median of each quantile.

Runs `littoral simulate validate` and ends with 0 if the median over the seeds of predicted over measured is within the
bounds of every quantile. The standard library is all it needs; it wants a quiet machine and takes as long as it says.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from stage import ROOT, Checks, binary  # noqa: E402

WORKLOADS = ROOT / "policies" / "scenarios" / "validation"


def validated(program: Path, workload: Path, seed: int, lasts: str) -> dict:
    """What one run says, whether its bounds hold or not."""
    command = [program, "simulate", "validate", workload, "--seed", str(seed), "--lasts", lasts, "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1) or not ran.stdout.strip():
        sys.exit(f"littoral simulate validate {workload.name}: {ran.stderr or ran.stdout}")
    return json.loads(ran.stdout)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--littoral", type=Path, help="the program; built with cargo if absent")
    arguments.add_argument("--seeds", type=int, default=3, help="runs of each workload [default: 3]")
    arguments.add_argument("--lasts", default="45s", help="length of each run [default: 45s]")
    given = arguments.parse_args()
    program, checks = (given.littoral or binary()).absolute(), Checks()
    for workload in sorted(WORKLOADS.glob("*.toml")):
        ratios: dict[tuple[str, str], list[float]] = {}
        bounds: dict[tuple[str, str], float] = {}
        for seed in range(1, given.seeds + 1):
            said = validated(program, workload, seed, given.lasts)
            shown = []
            for line in said["lines"]:
                of = (line["wait"], line["quantile"])
                ratios.setdefault(of, []).append(line["ratio"])
                bounds[of] = line["bound"]
                shown.append(f"{' '.join(of)} {line['predicted_ms']:.0f}/{line['measured_ms']:.0f} ms")
            late = f"sent {said['late_p95_ms']:.1f} ms late (p95)"
            print(f"    {workload.stem}, seed {seed}: {said['requests']} requests, {late}; {', '.join(shown)}")
            checks(f"{workload.stem}, seed {seed}: both sides answer as many", len(set(said["answered"])) == 1, said)
        for of, found in ratios.items():
            middle = statistics.median(found)
            checks(f"{workload.stem}: {' '.join(of)} {middle:.3f}", abs(middle - 1) <= bounds[of], found)
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
