"""The middle of the corpus' vectors, of each language for itself.

Vectors of a multilingual model hold, beside the meaning, the language that a text is in (Libovický, Rosa and Fraser
2020, arXiv:2004.05160, take it out likewise). Measured from one middle, a question in one language is therefore nearer
to any note in that language than to the one that answers it in the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ._rows import tokens_of
from ._soundness import UnreadableRow
from .text import is_mostly_japanese

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LANGUAGES", "Centre", "Centres", "centres_of"]

#: Names of the centres: of all passages, of those in Japanese, of the others.
LANGUAGES: Final = ("", ".ja", ".other")
#: As many passages of a language weigh as much in its centre as those of all languages do.
_PRIOR: Final = 8


@dataclass(frozen=True, slots=True)
class Centre:
    """Three (h,) float32: means of the tokens of the last layer, of the middle one, and of the pooled vectors."""

    tokens: NDArray[np.float32]
    surface: NDArray[np.float32]
    pooled: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Centres:
    """``mixed``: whether there are passages of both languages."""

    all: Centre
    japanese: Centre
    other: Centre
    mixed: bool

    def of(self, text: str) -> Centre:
        """The centre of the language that ``text`` is in."""
        if not self.mixed:  # what is of one language has one centre, without a look at the text
            return self.all
        return self.japanese if is_mostly_japanese(text) else self.other

    def elsewhere(self, text: str) -> Centre:
        """The centre of the language that ``text`` is not in."""
        return self.other if is_mostly_japanese(text) else self.japanese


def centres_of(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[NDArray[np.float32], ...]]:
    """For each of ``LANGUAGES`` the means of tokens, surface and pooled; a language without passages is left out.

    ``rows``: text, pooled, tokens, scales, surface, surface_scales of passages, as they are stored.
    """
    import numpy as np

    sums: dict[str, list[Any]] = {}
    lengths: list[int] = []
    for text, pooled, *views in rows:
        parts = [np.frombuffer(pooled, np.float32)]
        for tokens, scales in (views[:2], views[2:]):
            rows_of, scale = tokens_of(tokens, scales)
            parts.append(scale @ rows_of.astype(np.float32))
        lengths = lengths or [len(part) for part in parts]
        if lengths != [len(part) for part in parts]:
            raise UnreadableRow("vectors of several lengths")
        for name in ("", ".ja" if is_mostly_japanese(text or "") else ".other"):
            found = sums.setdefault(name, [0.0, 0.0, 0.0, 0, 0])
            for place, part in enumerate((parts[1], parts[2], parts[0])):
                found[place] = found[place] + part
            found[3] += len(scale)
            found[4] += 1
    means = {
        name: tuple(total / max(count, 1) for total, count in zip(totals, (tokens, tokens, passages), strict=True))
        for name, (*totals, tokens, passages) in sums.items()
    }
    result = {}
    for name, own in means.items():
        share = sums[name][4] / (sums[name][4] + _PRIOR) if name else 1.0
        result[name] = tuple(
            np.asarray(share * mine + (1 - share) * every, np.float32)
            for mine, every in zip(own, means[""], strict=True)
        )
    return result
