"""Many askers at once for minutes: errors, latency, whether memory grows, and whether an answer mixes two states.

    python -m bench.load --askers 32 --seconds 300             asking alone
    python -m bench.load --askers 32 --seconds 300 --edits     while a note is saved twice a second

Half of the askers of a run with edits ask about the note that changes: what they are told has to be one version of
it, whole, and not older than the one that was told before. The figures go to ``bench/results/load.json``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import resource
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from assistant.engine import Assistant

from ._figures import machine, record, spread

_RESULTS: Final = Path(__file__).parent / "results" / "load.json"
_EDITED: Final = "# 当直表\n当直表の第一係は第{0}版の担当者である。\n当直表の第二係は第{0}版の担当者である。\n"
_ASKED: Final = "当直表の第一係と第二係の担当者は？"
_VERSION: Final = re.compile(r"第(\d+)版")
_MIB: Final = 2**20


@dataclass
class Seen:
    """What the askers saw.

    ``seconds`` of each answer, ``errors`` by their text, ``versions``: of the changing note, once for each line of it
    that was quoted, ``mixed``: answers that quote two versions, or one older than the same asker saw before.
    """

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)


def held_bytes() -> int:
    """The memory that the process has for itself now, where the system tells; else the most that it ever had.

    Without the pages of files that it maps: of the model's table of words, a page comes in with each word that is new,
    and the system takes it back when it needs the room.
    """
    try:
        status = Path("/proc/self/status").read_text()
        return 1024 * int(status.partition("RssAnon:")[2].split()[0])
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _ask(assistant: Assistant, question: str, seen: Seen) -> set[int]:
    """Asks, and tells which versions of the changing note the answer quotes."""
    begun = time.perf_counter()
    try:
        answer = assistant.ask(question)
    except Exception as error:
        seen.errors.append(repr(error))
        return set()
    seen.seconds.append(time.perf_counter() - begun)
    quotes = [citation.quote for citation in answer.citations if citation.heading_path == ("当直表",)]
    versions = [int(version) for quote in quotes for version in _VERSION.findall(quote)]
    seen.versions += versions
    return set(versions)


def _load(assistant: Assistant, notes: Path, questions: list[str], askers: int, seconds: float, edits: bool) -> Seen:
    seen, numbers, stop = Seen(), itertools.count(), threading.Event()

    def ask() -> None:
        while not stop.is_set():
            _ask(assistant, questions[next(numbers) % len(questions)], seen)

    def ask_about_the_edited() -> None:
        last = 0
        while not stop.is_set():
            versions = _ask(assistant, _ASKED, seen)
            if len(versions) > 1 or (versions and min(versions) < last):
                seen.mixed.append(f"{sorted(versions)} after {last}")
            last = max(versions, default=last)

    def edit() -> None:
        for version in itertools.count(1):
            (notes / "edited.md").write_text(_EDITED.format(version), encoding="utf-8")
            if stop.wait(0.5):
                return

    kinds = [ask_about_the_edited if edits and number % 2 else ask for number in range(askers)]
    threads = [threading.Thread(target=kind) for kind in [*kinds, *([edit] if edits else [])]]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return seen


def _least(looks: list[float]) -> float:
    """The least of the first minute's looks: what an answer holds comes and goes."""
    return min(looks[:6])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--askers", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--edits", action="store_true", help="a note changes every half second")
    parser.add_argument("--notes", type=Path, default=Path("corpus"))
    parser.add_argument("--gold", type=Path, default=Path("tests/gold/corpus.jsonl"))
    options = parser.parse_args()
    questions = [json.loads(line)["question"] for line in options.gold.read_text(encoding="utf-8").splitlines()]
    about = machine()
    memory: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "notes")
        shutil.copytree(options.notes, notes)
        with Assistant(notes, Path(folder, "index")) as assistant:
            assistant.refresh()
            assistant.warm_up()
            over = threading.Event()

            def watch() -> None:
                while not over.wait(min(10.0, options.seconds / 10)):
                    memory.append(held_bytes() / _MIB)

            watcher = threading.Thread(target=watch)
            watcher.start()
            begun = time.perf_counter()
            seen = _load(assistant, notes, questions, options.askers, options.seconds, options.edits)
            took = time.perf_counter() - begun
            over.set()
            watcher.join()
    # The first minute warms caches, and an edit brings new texts into those that are not full yet: what grows for
    # good grows in the last half too.
    settled = memory[min(6, len(memory) // 2) :]
    first, middle, last = _least(settled), _least(memory[len(memory) // 2 :]), _least(settled[::-1])
    results = json.loads(_RESULTS.read_text("utf-8")) if _RESULTS.exists() else {}
    results["with edits" if options.edits else "asking"] = {
        "machine": about,
        "askers": options.askers,
        "seconds": round(took, 1),
        "answers": len(seen.seconds),
        "errors": sorted(set(seen.errors)),
        "lines_of_the_changing_note": len(seen.versions),
        "versions_of_it": len(set(seen.versions)),
        "mixed": seen.mixed,
        **spread(seen.seconds),
        "memory_after_a_minute_mib": round(first),
        "memory_at_the_end_mib": round(last),
        "growth_percent": round(100 * (last / first - 1), 1),
        "growth_in_the_last_half_percent": round(100 * (last / middle - 1), 1),
        "memory_mib": [round(value) for value in memory],
    }
    record("load", results)


if __name__ == "__main__":
    main()
