"""The middle of the corpus' vectors, of each language for itself.

Vectors of a multilingual model hold, beside the meaning, the language that a text is in (Libovický, Rosa and Fraser
2020, arXiv:2004.05160, take it out likewise). Measured from one middle, a question in one language is therefore nearer
to any note in that language than to the one that answers it in the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..text import is_mostly_japanese
from .rows import tokens_of
from .soundness import UnreadableRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LANGUAGES", "Centre", "Centres", "Share", "centres_of", "share_of"]

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


@dataclass(frozen=True, slots=True)
class Share:
    """What a passage adds to the centres: the sums of its ``count`` tokens and its pooled vector, (h,) float32 each."""

    language: str
    tokens: NDArray[np.float32]
    surface: NDArray[np.float32]
    pooled: NDArray[np.float32]
    count: int


def share_of(row: Sequence[Any]) -> Share:
    """``row``: text, pooled, tokens, scales, surface, surface_scales of a passage, as they are stored."""
    import numpy as np

    text, pooled, *views = row
    language = ".ja" if is_mostly_japanese(text or "") else ".other"
    (tokens, scales), (surface, others) = tokens_of(*views[:2]), tokens_of(*views[2:])
    return Share(
        language,
        np.asarray(scales @ tokens.astype(np.float32)),
        np.asarray(others @ surface.astype(np.float32)),
        np.frombuffer(pooled, np.float32),
        len(scales),
    )


def centres_of(shares: Iterable[Share]) -> dict[str, tuple[NDArray[np.float32], ...]]:
    """For each of ``LANGUAGES`` the means of tokens, surface and pooled; a language without passages is left out."""
    import numpy as np

    sums: dict[str, list[Any]] = {}
    lengths: set[int] = set()
    for share in shares:
        parts = (share.tokens, share.surface, share.pooled)
        lengths |= {len(part) for part in parts}
        if len(lengths) > 1:
            raise UnreadableRow("vectors of several lengths")
        for name in ("", share.language):
            found = sums.setdefault(name, [0.0, 0.0, 0.0, 0, 0])
            for place, part in enumerate(parts):
                found[place] = found[place] + part
            found[3] += share.count
            found[4] += 1
    means = {
        name: tuple(total / max(count, 1) for total, count in zip(totals, (tokens, tokens, passages), strict=True))
        for name, (*totals, tokens, passages) in sums.items()
    }
    result = {}
    for name, own in means.items():
        own_part = sums[name][4] / (sums[name][4] + _PRIOR) if name else 1.0
        result[name] = tuple(
            np.asarray(own_part * mine + (1 - own_part) * every, np.float32)
            for mine, every in zip(own, means[""], strict=True)
        )
    return result
