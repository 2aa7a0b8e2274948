"""Records go to JSON and come back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant._fromjson import (
    answer_from_json,
    progress_from_json,
    refresh_from_json,
    search_from_json,
    status_from_json,
)
from assistant.records import Answer, Citation, Evidence, Hit, Progress, RefreshReport, SearchResult, Status

# Scores as the contract has them: four digits. What is rounded away does not come back.
SCORES = st.integers(0, 10_000).map(lambda n: n / 10_000)
CITATIONS = st.lists(st.builds(Citation, score=SCORES), max_size=3).map(tuple)
ANSWERS = st.builds(Answer, support=SCORES, citations=CITATIONS, related=CITATIONS)
EVIDENCE = st.lists(st.builds(Evidence, score=SCORES), max_size=3).map(tuple)
HITS = st.lists(st.builds(Hit, score=SCORES, evidence=EVIDENCE), max_size=3).map(tuple)


def over_the_wire(row: dict[str, Any]) -> Any:
    return json.loads(json.dumps(row))


def without_entries(answer: Answer) -> Answer:
    return replace(
        answer,
        citations=tuple(replace(citation, entries=()) for citation in answer.citations),
        related=tuple(replace(citation, entries=()) for citation in answer.related),
        sides=answer.sides if answer.kind == "comparison" else (),
    )


@given(ANSWERS)
def test_an_answer(answer: Answer) -> None:
    assert answer_from_json(over_the_wire(answer.to_json())) == without_entries(answer)


@given(st.builds(SearchResult, hits=HITS))
def test_a_search(result: SearchResult) -> None:
    assert search_from_json(over_the_wire(result.to_json())) == result


@given(st.builds(Status))
def test_a_status(status: Status) -> None:
    assert status_from_json(over_the_wire(status.to_json())) == status


@given(st.builds(RefreshReport, seconds=SCORES))
def test_a_refresh(report: RefreshReport) -> None:
    back = refresh_from_json(over_the_wire(report.to_json()))
    assert replace(back, seconds=0.0) == replace(report, seconds=0.0)
    assert back.seconds == pytest.approx(report.seconds, abs=0.00051)


def test_a_progress() -> None:
    assert progress_from_json({"stage": "encode", "done": 3, "total": 12}) == Progress("encode", 3, 12)


@pytest.mark.parametrize("row", [{}, {"question": "q"}, {"question": "q", "hits": [{}]}])
def test_anything_else_is_an_error(row: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        search_from_json(row)
