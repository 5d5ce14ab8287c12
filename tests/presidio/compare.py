#!/usr/bin/env python3
"""Microsoft Presidio over the same texts as our detectors: its time per KB and its F1, as JSON.

Only the recognizers by pattern and check digit run; the engine for names is one that knows no word, so that
no language model is needed and none is timed. That is what our detectors are comparable with. `--words` gives
it the words of the text in lower case: words of context then raise scores, as with a model, at little cost.

The script uses the standard library alone until it has made its virtual environment in the folder that
`--cache` names; there it starts itself again, and the second run finds Presidio.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

VERSION = "2.2.366"
KINDS = ("CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS", "PHONE_NUMBER", "US_SSN", "DOMAIN_NAME")
# What Presidio calls our kinds. It has no entity for a bare domain: a URL is the nearest.
PRESIDIO = {kind: kind for kind in KINDS} | {"DOMAIN_NAME": "URL"}
CHUNK_BYTES = 1024


def environment(cache: Path) -> Path:
    """The interpreter of a virtual environment that has Presidio."""
    folder = cache / f"presidio-{VERSION}-py{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = folder / "ready"
    if not ready.exists():
        print(f"installing presidio-analyzer {VERSION} in {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        install = ["-m", "pip", "install", "--quiet", f"presidio-analyzer=={VERSION}"]
        subprocess.run([python, *install], check=True, stdout=sys.stderr)
        ready.touch()
    return python


def engine(with_words: bool):
    """Presidio's analyzer as it ships for English, with an engine for words that has no model."""
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

    class NoModel(NlpEngine):
        def __init__(self):
            self.blank = spacy.blank("en")
            self.nothing = self.blank("")

        def load(self):
            pass

        def is_loaded(self):
            return True

        def process_text(self, text, language):
            tokens = self.blank(text) if with_words else self.nothing
            indices = [token.idx for token in tokens]
            lemmas = [token.lower_ for token in tokens]
            return NlpArtifacts([], tokens, indices, lemmas, self, language)

        def process_batch(self, texts, language, **_):
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word, language):
            return False

        def is_punct(self, word, language):
            return False

        def get_supported_entities(self):
            return []

        def get_supported_languages(self):
            return ["en"]

    nlp = NoModel()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    # Names come from the engine for words alone.
    registry.remove_recognizer("SpacyRecognizer")
    return AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])


def chunks(path: Path) -> list[str]:
    """A text in pieces of about 1 KB, cut between lines or, in long ones, between characters."""
    pieces, piece, size = [], [], 0
    for character in path.read_text(encoding="utf-8"):
        piece.append(character)
        size += len(character.encode())
        if size >= CHUNK_BYTES:
            pieces.append("".join(piece))
            piece, size = [], 0
    return pieces


def timed(analyzer, path: Path, rounds: int, entities: list[str] | None) -> dict:
    """Microseconds per KB: each chunk is timed, a first round warms up.

    Processor time beside the clock's, because a busy machine stretches the latter.
    """
    texts = chunks(path)
    for text in texts:
        analyzer.analyze(text, language="en", entities=entities)
    per_kb, processor = [], []
    for _ in range(rounds):
        for text in texts:
            size_kb = len(text.encode()) / 1024
            begin, begin_processor = time.perf_counter_ns(), time.thread_time_ns()
            analyzer.analyze(text, language="en", entities=entities)
            processor.append((time.thread_time_ns() - begin_processor) / 1000 / size_kb)
            per_kb.append((time.perf_counter_ns() - begin) / 1000 / size_kb)
    per_kb.sort()
    return {
        "file": path.name,
        "chunks": len(texts),
        "rounds": rounds,
        "processor_us_per_kb": round(statistics.fmean(processor), 1),
        "mean_us_per_kb": round(statistics.fmean(per_kb), 1),
        "p50_us_per_kb": round(per_kb[len(per_kb) // 2], 1),
        "p99_us_per_kb": round(per_kb[len(per_kb) * 99 // 100], 1),
    }


def f1(true: int, false: int, missed: int) -> dict:
    """Precision, recall and their harmonic mean."""
    precision = true / (true + false) if true + false else 0.0
    recall = true / (true + missed) if true + missed else 0.0
    mean = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    figures = {"precision": precision, "recall": recall, "f1": mean}
    counts = {"true": true, "false": false, "missed": missed}
    return counts | {name: round(value, 4) for name, value in figures.items()}


def kept(found: list) -> list:
    """What Presidio's anonymizer keeps: nothing that is inside a longer finding, such as the domain of an e-mail."""

    def inside(one, other):
        longer = other.end - other.start > one.end - one.start
        return longer and other.start <= one.start and one.end <= other.end

    return [one for one in found if not any(inside(one, other) for other in found)]


def counted(rows: list[dict], findings: list[list]) -> dict:
    """F1 over exact spans of a kind: of all kinds together (micro), and of each."""
    ours = {entity: kind for kind, entity in PRESIDIO.items()}
    counts = {kind: [0, 0, 0] for kind in KINDS}
    for row, finding in zip(rows, findings, strict=True):
        wanted = {(span["type"], span["start"], span["end"]) for span in row["spans"]}
        found = {(ours[one.entity_type], one.start, one.end) for one in finding}
        for kind in KINDS:
            right, mine = ({span for span in spans if span[0] == kind} for spans in (wanted, found))
            of_kind = counts[kind]
            of_kind[0] += len(right & mine)
            of_kind[1] += len(mine - right)
            of_kind[2] += len(right - mine)
    micro = f1(*(sum(column) for column in zip(*counts.values(), strict=True)))
    return {"micro": micro, "kinds": {kind: f1(*columns) for kind, columns in counts.items()}}


def judged(analyzer, path: Path, threshold: float) -> dict:
    """F1 of all that Presidio finds, and of what its anonymizer would keep of it."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    kinds = [PRESIDIO[kind] for kind in KINDS]
    findings = []
    for row in rows:
        found = analyzer.analyze(row["text"], language="en", entities=kinds)
        findings.append([one for one in found if one.score >= threshold])
    return {
        "file": path.name,
        "rows": len(rows),
        "threshold": threshold,
        "all": counted(rows, findings),
        "without_contained": counted(rows, [kept(found) for found in findings]),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder for the virtual environment")
    parser.add_argument("--text", type=Path, action="append", default=[], help="a text to be timed over")
    parser.add_argument("--rounds", type=int, default=5, help="how often each chunk is timed")
    parser.add_argument("--labelled", type=Path, help="JSONL of {text, spans} for F1")
    parser.add_argument("--threshold", type=float, default=0.35, help="least score that counts")
    parser.add_argument("--words", action="store_true", help="let words of context raise scores")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.inside:
        python = environment(arguments.cache.resolve())
        return subprocess.run([python, __file__, *sys.argv[1:], "--inside"], check=False).returncode

    logging.disable(logging.WARNING)
    analyzer = engine(arguments.words)
    kinds = [PRESIDIO[kind] for kind in KINDS]
    report = {
        "presidio": VERSION,
        "python": sys.version.split()[0],
        "words_of_context": arguments.words,
        "recognizers": len(analyzer.registry.recognizers),
        "all_kinds": [timed(analyzer, path, arguments.rounds, None) for path in arguments.text],
        "six_kinds": [timed(analyzer, path, arguments.rounds, kinds) for path in arguments.text],
    }
    if arguments.labelled:
        report["labelled"] = judged(analyzer, arguments.labelled, arguments.threshold)
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
