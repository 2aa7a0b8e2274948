"""How fast it is, measured side by side on this machine; the results are committed as JSON.

python -m bench.speed encoding [PASSAGES]     the whole of reading notes against plain encode() in float32
python -m bench.speed terminal                a question as a whole process: a warm engine against none
python -m bench.speed start [ROUNDS]          the chat as a whole process: /healthz, the page, ready for questions
python -m bench.speed latency SECTIONS …      answers against encoding the question alone; memory and disk
python -m bench.speed busy [PROGRAMS]         questions while other programs keep the cores busy
python -m bench.speed freshness [FILES]       refresh after 0, 1 and 100 changed files
python -m bench.speed lexical PASSAGES        BM25 as it is used, over the terms of made-up passages
python -m bench.speed nearest VECTORS         FAISS as it is used, exact FAISS and numpy; recall of the first
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from . import _busy, _dense_stage, _encoding, _freshness, _latency, _lexical_stage, _start, _terminal


def main() -> None:
    name, *rest = sys.argv[1:] or ["help"]
    benches: dict[str, Callable[..., None]] = {
        "encoding": _encoding.run,
        "terminal": _terminal.run,
        "start": _start.run,
        "latency": _latency.run,
        "busy": _busy.run,
        "freshness": _freshness.run,
        "lexical": _lexical_stage.run,
        "nearest": _dense_stage.run,
    }
    if name not in benches:
        raise SystemExit(__doc__)
    benches[name](*map(int, rest))


if __name__ == "__main__":
    main()
