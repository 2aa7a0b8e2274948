"""Notes made up by a generator: any number of files with the structure of study notes and words as they are spread.

    python -m bench.generate FOLDER FILES [SECTIONS_PER_FILE]

Words are drawn by Zipf's law (a few are everywhere, most are rare) from made-up vocabularies: terms of two to four
kanji, katakana words, Latin names and abbreviations. Between them stands real Japanese grammar, so that the frequent
character bigrams are those of real notes. The same seed makes the same notes.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

__all__ = ["Notes", "questions", "write"]

_WORDS: Final = 3_000
_KANJI: Final = (
    "管理権限情報処理通信回線接続認証暗号鍵盤保存領域容量性能監視記録分析学習推論評価指標画像音声言語翻訳検索索引文書構造"
    "計算資源配置負荷均等障害復旧冗長複製転送経路制御設定更新削除追加変換圧縮展開署名証明発行失効審査運用費用見積契約請求"
)
_KANA: Final = (
    "アイウエオカキクケコサシスセソタチツテトナニノハヒフヘホマミムメモラリルレロワン"
    "ガギグゲゴザジダデドバビブベボパピプペポ"
)
_CONSONANTS: Final = "bcdfghklmnprstvz"
_VOWELS: Final = "aeiou"
#: {k} kanji, {a} katakana, {l} Latin, {n} a number.
_SENTENCES: Final = (
    "{k}を{k}するための{a}である。",
    "{l}は、{k}が{k}された{a}を自動で{k}するサービス。",
    "{a}の{k}は最大{n}個までで、それを超えると{k}が必要になる。",
    "{k}と{k}の違いは、{a}を使うかどうかにある。",
    "ただし、{l}を有効にしていない場合は{k}できないことに注意する。",
    "{a}が{k}に失敗したときは、{n}分後にもう一度{k}される。",
    "料金は{k}した{a}の量に応じて決まり、{l}の場合は無料である。",
    "複数の{a}にまたがって{k}したいときに使う。",
    "{l} records every {l} in the {l}, and keeps it for {n} days.",
)
_ITEMS: Final = ("{a}: {k}を{k}する", "{l}: {k}の{a}", "{k}（{a}）", "{n}個までの{k}")
_HEADINGS: Final = ("{l}", "{a}", "{k}", "{k}の{k}", "{l} {l}", "{a}の{k}", "{l}とは")
_QUESTIONS: Final = (
    "{0}とは？",
    "{0}の{1}は？",
    "{0}と{1}の違いは？",
    "{0}を{1}するにはどうすればいい？",
    "{0}の上限はいくつ？",
    "{0}の種類を教えて",
)


@dataclass(frozen=True, slots=True)
class _Pool:
    """Words of one kind and length, the frequent ones first."""

    words: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, rng: random.Random) -> str:
        return rng.choices(self.words, cum_weights=self.weights)[0]


class Notes:
    """Files of made-up notes. ``shape`` fixes everything but the words: equal shapes, equal lengths of all words."""

    def __init__(self, sections: int = 20, seed: int = 0) -> None:
        self._sections = sections
        rng = random.Random(seed)
        makers = {"k": (_kanji, (2, 3, 4)), "a": (_katakana, (3, 4, 5, 6)), "l": (_latin, (3, 4, 6, 8, 9))}
        self._pools = {
            (kind, length): _pool({make(rng, length) for _ in range(_WORDS)}, rng)
            for kind, (make, lengths) in makers.items()
            for length in lengths
        }
        self._lengths = {kind: lengths for kind, (_, lengths) in makers.items()}

    def file(self, shape: int, words: int) -> str:
        """The Markdown text of one file."""
        form, rng = random.Random(shape), random.Random((shape << 32) + words + 1)
        lines = [f"# {self._fill(form.choice(_HEADINGS), form, rng)}"]
        for at in range(self._sections):
            lines += ["", f"{'##' if at % 4 == 0 else '###'} {self._fill(form.choice(_HEADINGS), form, rng)}"]
            lines += [self._fill(form.choice(_SENTENCES), form, rng) for _ in range(form.choice((1, 1, 1, 2, 2, 3, 5)))]
            if form.random() < 0.25:
                lines.append("")
                lines += [f"- {self._fill(form.choice(_ITEMS), form, rng)}" for _ in range(form.randint(2, 5))]
        return "\n".join(lines) + "\n"

    def _fill(self, template: str, form: random.Random, rng: random.Random) -> str:
        parts: list[str] = []
        rest = template
        while "{" in rest:
            before, _, rest = rest.partition("{")
            kind, _, rest = rest.partition("}")
            parts += [before, self._word(kind, form, rng)]
        return "".join([*parts, rest])

    def _word(self, kind: str, form: random.Random, rng: random.Random) -> str:
        if kind == "n":
            return str(rng.randint(10, 99))
        return self._pools[kind, form.choice(self._lengths[kind])].draw(rng)


def questions(texts: list[str], count: int, seed: int = 0) -> list[str]:
    """Questions about names that stand in headings of ``texts``."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        heads = [line.lstrip("# ") for line in rng.choice(texts).split("\n") if line.startswith("##")]
        one, two = rng.sample(heads, 2)
        found.append(rng.choice(_QUESTIONS).format(one.removesuffix("とは"), two.removesuffix("とは")))
    return found


def write(folder: Path, files: int, sections: int = 20, shapes: int = 50) -> Iterator[Path]:
    """Writes ``files`` notes below ``folder``, a hundred to a folder."""
    notes = Notes(sections)
    for number in range(files):
        path = folder / f"{number // 100:04d}" / f"{number:06d}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notes.file(number % shapes, number // shapes), "utf-8")
        yield path


def _pool(words: set[str], rng: random.Random) -> _Pool:
    ordered = sorted(words)
    rng.shuffle(ordered)
    return _Pool(tuple(ordered), tuple(accumulate(1 / rank for rank in range(1, len(ordered) + 1))))


def _kanji(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(_KANJI, k=length))


def _katakana(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(_KANA, k=length - 1)) + rng.choice(_KANA + "ーーーーーー")


def _latin(rng: random.Random, length: int) -> str:
    if length == 3:
        return "".join(rng.choices("ABCDEFGHIKLMNPRSTVXZ", k=3))
    return "".join(rng.choice(_VOWELS if at % 2 else _CONSONANTS) for at in range(length)).capitalize()


def main() -> None:
    folder, files, *rest = sys.argv[1:]
    count = sum(1 for _ in write(Path(folder), int(files), *map(int, rest)))
    print(f"{count} files")


if __name__ == "__main__":
    main()
