#!/usr/bin/env python3
"""A report of the simulator in headless Chromium: no error, no request, every chart drawn, light and dark, wide and narrow.

Installs PyPI `playwright` with pip into a virtual environment in the folder that `--cache` names, and takes Debian's
Chromium, with apt where it is not there. Ends with 0 if every check holds, and names each that does not. `--pictures`
keeps what it saw. The standard library is all that the script needs before that.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from stage import ROOT, Checks, binary, environment  # noqa: E402

PACKAGE = "playwright==1.64.1"
BROWSER = "chromium"
SCENARIOS = ROOT / "policies" / "scenarios"
SHIPPED = ROOT / "policies" / "default" / "policy.toml"
BADLY_WRITTEN = SCENARIOS / "policies" / "cloud-first.toml"
# The scenario, and policies to compare in it.
REPORTS = {
    "office": [SHIPPED, BADLY_WRITTEN],
    "cloud-outage": [],
    "clinic": [],
}
# Sections that every report has, by what they hold.
CHARTS = [
    "What it costs, and how long people wait",
    "Who answered",
    "Waiting for the first token",
    "Over time",
]
SHAPES = {"wide": (1280, 900), "narrow": (390, 844)}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What is drawn in the charts of a page: their title, number of marks, and whether they stay inside the window.
DRAWN = """() => [...document.querySelectorAll('section')].map(section => ({
  title: section.querySelector('h2')?.textContent ?? '',
  charts: [...section.querySelectorAll('svg')].map(svg => {
    const box = svg.getBoundingClientRect();
    const marks = svg.querySelectorAll('path, rect, circle, line, polyline, polygon').length;
    return { width: box.width, height: box.height, marks, words: svg.querySelectorAll('text').length };
  }),
}))"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
COLOURS = """() => { const style = getComputedStyle(document.body);
  return [style.backgroundColor, style.color]; }"""


def browser() -> str:
    """Debian's Chromium."""
    if found := shutil.which(BROWSER):
        return found
    print(f"installing Debian's {BROWSER} with apt", file=sys.stderr)
    install = ["apt-get", "install", "--yes", "--no-install-recommends", BROWSER]
    subprocess.run(install, stdout=sys.stderr, check=False)
    return shutil.which(BROWSER) or sys.exit(
        f"apt could not install {BROWSER}: is this Debian, are there rights, package lists and a network?"
    )


def simulate(program: Path, name: str, policies: list[Path], folder: Path) -> Path:
    """The report of a scenario in its small form."""
    report = folder / f"{name}.html"
    command = [program, "simulate", SCENARIOS / f"{name}.toml", "--reduced", "--report", report]
    command += [word for policy in policies for word in ("--policy", policy)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    # 1 says that a policy did not keep an assertion: the badly written one must not.
    if ran.returncode not in (0, 1) or not report.exists():
        sys.exit(f"littoral simulate {name}: {ran.stderr or ran.stdout}")
    return report


def look(page, report: Path, checks: Checks, what: str) -> None:
    """Opens a report and holds it to what is promised."""
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    checks(f"{what}: the console is silent", not said, said)
    checks(f"{what}: nothing but the file is asked for", asked == [report.as_uri()], asked)
    drawn = {section["title"]: section["charts"] for section in page.evaluate(DRAWN)}
    for title in CHARTS:
        charts = drawn.get(title, [])
        checks(f"{what}: “{title}” has a chart", charts, sorted(drawn))
        for chart in charts:
            full = chart["width"] > 100 and chart["height"] > 50 and chart["marks"] > 2 and chart["words"] > 0
            checks(f"{what}: a chart of “{title}” is drawn", full, chart)
    too_wide = page.evaluate(TOO_WIDE)
    checks(f"{what}: nothing hangs out of the window", too_wide <= 0, f"{too_wide} px")


def check(given, folder: Path, checks: Checks) -> None:
    """Looks at every report in every way. Runs inside the environment."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        for name, policies in REPORTS.items():
            report = simulate(given.littoral, name, policies, folder)
            colours = {}
            for scheme in ("light", "dark"):
                for shape, (width, height) in SHAPES.items():
                    viewport = {"width": width, "height": height}
                    page = chromium.new_page(color_scheme=scheme, viewport=viewport)
                    look(page, report, checks, f"{name}, {scheme}, {shape}")
                    colours[scheme] = page.evaluate(COLOURS)
                    if given.pictures:
                        page.screenshot(path=given.pictures / f"{name}-{scheme}-{shape}.png", full_page=shape == "wide")
                    page.close()
            checks(f"{name}: dark is not light", colours["light"] != colours["dark"], colours)
        chromium.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--cache", type=Path, required=True, help="folder for the environment")
    arguments.add_argument("--littoral", type=Path, help="the program; built with cargo if absent")
    arguments.add_argument("--pictures", type=Path, help="folder for what is seen")
    given = arguments.parse_args()
    python = environment(given.cache.absolute(), PACKAGE) / "python"
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        os.execv(python, [python, *sys.argv])
    given.littoral = (given.littoral or binary()).absolute()
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="littoral-report-") as folder:
        check(given, Path(folder), checks)
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
