"""Many askers at once for minutes: errors, latency, and whether memory grows.

python -m bench.load --askers 32 --seconds 300 [--edits] --notes corpus
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import shutil
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from assistant.engine import Assistant


def resident_bytes() -> int:
    """What the process holds now, where the system tells; else the most that it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--askers", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--edits", action="store_true", help="a note changes every half second")
    parser.add_argument("--notes", type=Path, default=Path("corpus"))
    parser.add_argument("--gold", type=Path, default=Path("tests/gold/corpus.jsonl"))
    options = parser.parse_args()
    questions = [json.loads(line)["question"] for line in options.gold.read_text(encoding="utf-8").splitlines()]
    numbers, seconds, errors = itertools.count(), [], []
    stop = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "notes")
        shutil.copytree(options.notes, notes)
        with Assistant(notes, Path(folder, "index")) as assistant:
            assistant.refresh()
            assistant.warm_up()

            def ask() -> None:
                while not stop.is_set():
                    begun = time.perf_counter()
                    try:
                        assistant.ask(questions[next(numbers) % len(questions)])
                        seconds.append(time.perf_counter() - begun)
                    except Exception as error:
                        errors.append(repr(error))

            def edit() -> None:
                for version in itertools.count():
                    if stop.wait(0.5):
                        return
                    (notes / "edited.md").write_text(f"# 版\n今は第{version}版である。\n", encoding="utf-8")

            threads = [threading.Thread(target=ask) for _ in range(options.askers)]
            threads += [threading.Thread(target=edit)] if options.edits else []
            for thread in threads:
                thread.start()
            time.sleep(min(60.0, options.seconds / 2))
            first = resident_bytes()
            time.sleep(max(0.0, options.seconds - 60.0, options.seconds / 2 if options.seconds < 120 else 0.0))
            last = resident_bytes()
            stop.set()
            for thread in threads:
                thread.join()
    p50, p95 = np.percentile(seconds, [50, 95])
    print(
        f"{len(seconds)} answers, {len(errors)} errors, p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms, "
        f"memory {first / 2**20:.0f} -> {last / 2**20:.0f} MiB ({100 * (last / first - 1):+.1f} %)"
    )
    for error in sorted(set(errors)):
        print(error)


if __name__ == "__main__":
    main()
