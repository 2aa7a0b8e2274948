"""Late interaction: each token of a question with the token of a passage that is nearest to it.

MaxSim as in Khattab and Zaharia 2020, arXiv:2004.12832, over token vectors that are centred first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Interaction"]

#: Tokens of passages that are multiplied at once: so many as stay in the processor's cache.
_TOKENS_AT_ONCE: Final = 1024
#: How much less a word of the question counts in the choice of a line when the heading has it already: under
#: "A2I", the lines differ in all but A2I.
_HEADING_DISCOUNT: Final = 0.8


class Interaction:
    """How a question's tokens meet the tokens of some passages.

    ``question``: (question tokens, h), centred and of length 1. ``passages``: of each the tokens (n, h) int8 and their
    scales (n,). ``means``: by which the tokens of each passage are centred. ``best``: (question tokens, passages) best
    cosines. ``scores``: (passages,) their means.
    """

    def __init__(
        self,
        question: NDArray[np.float32],
        passages: Sequence[tuple[NDArray[np.int8], NDArray[np.float32]]],
        means: Sequence[NDArray[np.float32]],
    ) -> None:
        self._starts = np.cumsum([0, *(len(scales) for _, scales in passages)])
        cosines = self._met(question, passages, means)
        #: (question tokens, all tokens)
        self._cosines = cosines.T
        if len(question):
            self.best = np.maximum.reduceat(cosines, self._starts[:-1], axis=0).T
            self.scores: NDArray[np.float64] = self.best.mean(axis=0).astype(np.float64)
        else:
            self.best = np.zeros((0, len(passages)), np.float32)
            self.scores = np.zeros(len(passages))

    def _met(
        self,
        question: NDArray[np.float32],
        passages: Sequence[tuple[NDArray[np.int8], NDArray[np.float32]]],
        means: Sequence[NDArray[np.float32]],
    ) -> NDArray[np.float32]:
        """(all tokens, question tokens) cosines with the centred tokens, without centring each.

        (t - m)·q = t·q - m·q, and |t - m|² = 1 - 2 t·m + |m|², as token vectors are of length 1.
        """
        distinct = list({id(mean): mean for mean in means}.values())
        places = {id(mean): place for place, mean in enumerate(distinct)}
        own = np.repeat([places[id(mean)] for mean in means], np.diff(self._starts))
        centres = np.stack(distinct)
        products = _products(np.concatenate([tokens for tokens, _ in passages]), np.vstack([question, centres]))
        products *= np.concatenate([scales for _, scales in passages])[:, None]
        cosines, along = products[:, : len(question)], products[:, len(question) :]
        cosines -= (centres @ question.T)[own]
        squares = 1 + (centres**2).sum(axis=1)[own] - 2 * along[np.arange(len(own)), own]
        cosines /= np.sqrt(np.maximum(squares, 1e-12))[:, None]
        return cosines

    def unit_scores(self, passage: int, units: NDArray[np.int32]) -> dict[int, float]:
        """For each unit of a passage: the mean of the best cosines with its tokens, over what the heading lacks.

        ``units``: (n,) which one each of its tokens stands in, -1 for the heading path, less for none.
        """
        cosines = self._cosines[:, self._starts[passage] : self._starts[passage + 1]]
        if not len(cosines):
            return {}
        in_heading = units == -1
        heading = cosines[:, in_heading].max(axis=1) if in_heading.any() else np.zeros(len(cosines), np.float32)
        weights = 1 - _HEADING_DISCOUNT * np.clip(heading, 0, 1)
        weights /= weights.sum()
        starts = np.flatnonzero(np.append(True, units[1:] != units[:-1]))
        best: dict[int, NDArray[np.float32]] = {}
        for number, run in zip(units[starts].tolist(), np.maximum.reduceat(cosines, starts, axis=1).T, strict=True):
            if number >= 0:
                best[number] = np.maximum(best[number], run) if number in best else np.ascontiguousarray(run)
        return {number: float(weights @ values) for number, values in best.items()}


def _products(tokens: NDArray[np.int8], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, others) inner products of (n, h) tokens."""
    products = np.empty((len(tokens), len(others)), np.float32)
    for start in range(0, len(tokens), _TOKENS_AT_ONCE):
        part = slice(start, start + _TOKENS_AT_ONCE)
        np.matmul(tokens[part].astype(np.float32), others.T, out=products[part])
    return products
