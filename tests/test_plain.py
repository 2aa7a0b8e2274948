"""Records go to another process and come back the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.examrecords import CheckedQuestion, ExamQuestion
from assistant.faces.resident.plain import from_plain, plain
from assistant.records import Answer, Hit, Progress, RefreshReport, SearchResult

KINDS = (Answer, CheckedQuestion, ExamQuestion, Progress, RefreshReport, SearchResult)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_record_comes_back_whole(kind: type, data: st.DataObject) -> None:
    sent = json.dumps(plain(data.draw(st.builds(kind))))
    back: object = from_plain(kind, json.loads(sent))
    assert type(back) is kind
    assert json.dumps(plain(back)) == sent  # and not ==: no number is equal to NaN


@pytest.mark.parametrize("kind", [Answer, Hit, Progress, CheckedQuestion])
@pytest.mark.parametrize("row", [{}, None, [], {"question": 1}])
def test_what_is_no_record_is_an_error(kind: type, row: Any) -> None:
    with pytest.raises((KeyError, TypeError)):
        from_plain(kind, row)
