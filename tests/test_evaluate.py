"""The figures: their definitions, their intervals, and what a gold file may look like."""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Assistant
from assistant.errors import RequestError
from assistant.evaluate import FIGURES, Case, Report, evaluate
from assistant.evaluation.goldfile import GoldLines, GoldQuestion, read_gold
from assistant.records import Answer, AnswerStatus, Citation, Hit, Place, SearchResult

SHARED = Path(__file__).resolve().parents[2] / "shared"
SCORE = SHARED / "eval" / "score.py"
needs_score = pytest.mark.skipif(not SCORE.is_file(), reason="the reference scorer is not beside the project")

STATUSES: list[AnswerStatus] = ["answered", "answered", "related", "empty_heading", "not_found"]
LINES = ["# 見出し", "- 一つ目の 事実", "1. 二つ目の事実", "三つ目の", "事実は長い", "## Next", "ＳＱＳ is a queue"]


def score_module() -> Any:
    spec = importlib.util.spec_from_file_location("score", SCORE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def question(
    *lines: GoldLines, kind: str = "fact", answerable: bool = True, each_side: bool = False, name: Any = "q"
) -> GoldQuestion:
    return GoldQuestion(name, kind, "質問", answerable, each_side, lines)


def gold(line_start: int, line_end: int, text: str, *sides: str, file: str = "a.md") -> GoldLines:
    return GoldLines(file, line_start, line_end, text, sides or ("?",))


def citation(line_start: int, line_end: int, quote: str, *also: Place, n: int = 1, file: str = "a.md") -> Citation:
    return Citation(n, file, line_start, line_end, ("見出し",), quote, 0.5, also)


def answer(*citations: Citation, status: AnswerStatus = "answered", support: float = 0.9) -> Answer:
    return Answer("質問", "lookup", status, support, "…", citations)


def hit(rank: int, line_start: int, line_end: int, *also: Place, file: str = "a.md") -> Hit:
    return Hit(rank, file, line_start, line_end, ("見出し",), "…", 0.5, (), also)


def evaluated(*cases: tuple[GoldQuestion, Answer, Sequence[Hit]]) -> Report:
    return evaluate((Case(g, a, SearchResult("質問", tuple(hits))) for g, a, hits in cases), lambda _: LINES)


# --- definitions


def test_a_citation_counts_where_it_overlaps_the_gold_lines_and_holds_the_text() -> None:
    fact = question(gold(2, 2, "一つ目の事実"))
    rows = [
        (answer(citation(2, 2, "一つ目の 事実")), 1.0),
        (answer(citation(1, 3, "一つ目の\n事実")), 1.0),
        (answer(citation(3, 3, "一つ目の事実")), 0.0),
        (answer(citation(2, 2, "二つ目の事実")), 0.0),
        (answer(citation(2, 2, "一つ目の事実", file="b.md")), 0.0),
        (answer(citation(9, 9, "一つ目の事実", Place("a.md", 2, 2), file="b.md")), 1.0),
    ]
    for given, expected in rows:
        assert evaluated((fact, given, ())).overall["answer_hit1"].value == expected


def test_the_second_citation_counts_at_two_only_and_the_third_not_at_all() -> None:
    fact = question(gold(2, 2, "事実"))
    wrong, right = citation(7, 7, "queue"), citation(2, 2, "一つ目の 事実")
    second, third = (evaluated((fact, answer(*row), ())) for row in ([wrong, right], [wrong, wrong, right]))
    assert [second.overall[name].value for name in ("answer_hit1", "answer_hit2")] == [0.0, 1.0]
    assert third.overall["answer_hit2"].value == 0.0


def test_both_sides_need_a_citation_each_and_one_line_can_speak_for_both() -> None:
    sides = question(gold(2, 2, "一つ目", "A"), gold(3, 3, "二つ目", "B"), each_side=True)
    both = question(gold(2, 2, "一つ目", "A", "B"), each_side=True)
    first, second = citation(2, 2, "一つ目の 事実"), citation(3, 3, "二つ目の事実", n=2)
    assert evaluated((sides, answer(first, second), ())).overall["both_sides"].value == 1.0
    assert evaluated((sides, answer(first), ())).overall["both_sides"].value == 0.0
    assert evaluated((both, answer(first), ())).overall["both_sides"].value == 1.0
    assert evaluated((sides, answer(first, second), ())).overall["answer_hit1"].n == 0


def test_section_recall_and_reciprocal_rank() -> None:
    fact = question(gold(2, 2, "事実"))
    wrong = [hit(rank, 6, 7) for rank in range(1, 11)]
    figures = evaluated((fact, answer(), [*wrong[:3], hit(4, 1, 5)]), (fact, answer(), [*wrong, hit(11, 1, 5)])).overall
    assert [figures[f"section_r{k}"].value for k in (1, 3, 5)] == [0.0, 0.0, 0.5]
    assert figures["section_mrr10"].value == pytest.approx(1 / 8)


def test_false_answers_and_false_refusals_have_their_own_questions() -> None:
    fact, unknown = question(gold(2, 2, "事実")), question(kind="unanswerable", answerable=False)
    report = evaluated(
        (fact, answer(status="related"), ()),
        (fact, answer(citation(2, 2, "一つ目の 事実")), ()),
        (unknown, answer(citation(7, 7, "queue")), ()),
        (unknown, answer(status="not_found"), ()),
        (unknown, answer(status="empty_heading"), ()),
    )
    assert report.overall["false_refusal"].value == 0.5
    assert report.overall["false_answer"].value == pytest.approx(1 / 3)
    assert report.by_type["fact"]["false_answer"].n == 0
    assert report.by_type["unanswerable"]["false_refusal"].value is None


def test_a_quote_is_verbatim_with_or_without_its_list_marker() -> None:
    fact = question(gold(2, 2, "事実"))
    quotes = [
        (2, 2, "一つ目の 事実"),
        (2, 2, "- 一つ目の 事実"),
        (4, 5, "三つ目の\n事実は長い"),
        (7, 7, "SQS is a stack"),
    ]
    report = evaluated((fact, answer(*(citation(*quote) for quote in quotes)), ()))
    assert report.overall["verbatim"].value == 0.75
    assert "not_verbatim" in report.failures[0].problems


def test_failures_say_what_went_wrong() -> None:
    fact, unknown = question(gold(2, 2, "事実")), question(answerable=False)
    sides = question(gold(2, 2, "一つ目", "A"), gold(3, 3, "二つ目", "B"), each_side=True)
    found = [hit(1, 1, 5)]
    report = evaluated(
        (fact, answer(citation(2, 2, "一つ目の 事実")), found),
        (fact, answer(citation(7, 7, "ＳＱＳ")), []),
        (fact, answer(status="not_found"), found),
        (sides, answer(citation(2, 2, "一つ目の 事実")), found),
        (unknown, answer(citation(2, 2, "一つ目の 事実")), found),
        (unknown, answer(status="related"), found),
    )
    assert [failure.problems for failure in report.failures] == [
        ("section_missed", "wrong_lines"),
        ("false_refusal",),
        ("side_missing",),
        ("false_answer",),
    ]


def test_reliability_compares_support_with_truth_among_the_answered() -> None:
    fact, unknown = question(gold(2, 2, "事実")), question(answerable=False)
    right = citation(2, 2, "一つ目の 事実")
    report = evaluated(
        (fact, answer(right, support=0.82), ()),
        (fact, answer(citation(7, 7, "ＳＱＳ"), support=0.88), ()),
        (unknown, answer(right, support=1.0), ()),
        (fact, answer(status="not_found", support=0.4), ()),
    )
    low, high = report.reliability
    assert (low.low, low.high, low.n, low.share_right) == (0.8, 0.9, 2, 0.5)
    assert low.mean_support == pytest.approx(0.85)
    assert (high.n, high.mean_support, high.share_right) == (1, 1.0, 0.0)
    assert report.calibration_error == pytest.approx((2 * 0.35 + 1.0) / 3)


# --- intervals


def test_intervals_hold_their_figure_and_are_the_same_every_time() -> None:
    fact = question(gold(2, 2, "事実"))
    right, wrong = answer(citation(2, 2, "一つ目の 事実")), answer(citation(7, 7, "ＳＱＳ"))
    cases = [(fact, right, [hit(1, 1, 5)])] * 30 + [(fact, wrong, [hit(1, 6, 7)])] * 10
    once, again = evaluated(*cases), evaluated(*cases)
    figure = once.overall["answer_hit1"]
    assert figure.value == 0.75
    assert figure.low is not None
    assert figure.high is not None
    # The normal approximation gives 0.75 ± 0.134.
    assert figure.low == pytest.approx(0.616, abs=0.04)
    assert figure.high == pytest.approx(0.884, abs=0.04)
    assert once.overall == again.overall


def test_a_figure_without_questions_has_no_value() -> None:
    report = evaluated((question(answerable=False), answer(status="not_found"), ()))
    assert report.overall["section_r1"].to_json() == {"value": None, "low": None, "high": None, "n": 0}
    assert report.calibration_error is None
    json.dumps(report.to_json(failures=True), allow_nan=False)


# --- agreement with the reference scorer


def assert_agrees(report: Report, golds: list[Any], answers: list[Any], searches: list[Any], notes: Path) -> None:
    score = score_module()
    asked = score.ask_figures(golds, answers) | score.verbatim(answers, notes)
    found = score.search_figures(golds, searches)

    def value(name: str, kind: str | None = None) -> float | None:
        return (report.overall if kind is None else report.by_type[kind])[name].value

    for name in ("answer_hit1", "answer_hit2", "both_sides", "false_answer", "false_refusal", "verbatim"):
        assert value(name) == pytest.approx(asked[name]), name
    for name in ("false_answer", "false_refusal"):
        by_type = {kind: value(name, kind) for kind, figures in report.by_type.items() if figures[name].n}
        assert by_type == pytest.approx(asked[f"{name}_by"])
    for kind, figures in found.items():
        for name, theirs in (
            ("section_r1", "r1"),
            ("section_r3", "r3"),
            ("section_r5", "r5"),
            ("section_mrr10", "mrr"),
        ):
            assert value(name, None if kind == "all" else kind) == pytest.approx(figures[theirs]), (kind, name)


@needs_score
@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_the_reference_on_random_outputs(seed: int, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("\n".join(LINES), encoding="utf-8")
    (tmp_path / "b.md").write_text("\n".join(reversed(LINES)), encoding="utf-8")
    pick = random.Random(seed)

    def span() -> dict[str, Any]:
        start = pick.randint(1, 7)
        return {
            "file": pick.choice(["a.md", "b.md"]),
            "line_start": start,
            "line_end": min(7, start + pick.randint(0, 2)),
        }

    def place() -> tuple[Place, ...]:
        return tuple(Place(**span()) for _ in range(pick.choice([0, 0, 1])))

    rows, cases = [], []
    for number in range(40):
        answerable = pick.random() < 0.8 or number == 0
        each_side = answerable and pick.random() < 0.3
        lines = [
            span()
            | {"must_contain": pick.choice(["事実", "一つ目の事実", "SQS", "queue"])}
            | ({"side": pick.choice([["A"], ["B"], ["A", "B"]])} if pick.random() < 0.9 else {})
            for _ in range(pick.randint(1, 3))
        ]
        rows.append(
            {
                "id": number,
                "type": pick.choice(["fact", "list", "purpose"]) if answerable else "unanswerable",
                "question": "質問",
                "answerable": answerable,
                "gold_mode": "each_side" if each_side else "any",
                "gold": lines if answerable else [],
            }
        )
        citations = []
        for n in range(pick.choice([0, 1, 2, 3])):
            at = span()
            texts = (tmp_path / at["file"]).read_text(encoding="utf-8").splitlines()
            quote = "\n".join(texts[at["line_start"] - 1 : at["line_end"]]).removeprefix("- ")
            citations.append(
                Citation(n + 1, **at, heading_path=(), quote=pick.choice([quote, "事実"]), score=0.5, also=place())
            )
        hits = [
            Hit(rank, **span(), heading_path=(), text="…", score=0.5, evidence=(), also=place())
            for rank in range(1, pick.choice([1, 2, 6, 13]))
        ]
        status = pick.choice(STATUSES)
        cases.append(
            (Answer("質問", "lookup", status, pick.random(), "…", tuple(citations)), SearchResult("質問", tuple(hits)))
        )
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    golds = read_gold(path)
    report = evaluate(
        (Case(g, a, s) for g, (a, s) in zip(golds, cases, strict=True)),
        lambda file: (tmp_path / file).read_text(encoding="utf-8").splitlines(),
    )
    assert_agrees(report, rows, [a.to_json() for a, _ in cases], [s.to_json() for _, s in cases], tmp_path)


@needs_score
@pytest.mark.model
def test_agrees_with_the_reference_on_real_output(tmp_path: Path) -> None:
    notes, path = SHARED / "notes", SHARED / "eval" / "dev.jsonl"
    golds = read_gold(path)[::3]  # some of every type
    with Assistant(notes, tmp_path) as assistant:
        cases = [Case(g, assistant.ask(g.question), assistant.search(g.question)) for g in golds]
    report = evaluate(cases, lambda file: (notes / file).read_text("utf-8-sig").splitlines())
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][::3]
    assert_agrees(report, rows, [c.answer.to_json() for c in cases], [c.result.to_json() for c in cases], notes)


# --- gold files


def write_gold(path: Path, *rows: Any) -> Path:
    file = path / "gold.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return file


LINE = {"file": "a.md", "line_start": 1, "line_end": 2, "must_contain": "x"}
GOOD = {"id": 1, "type": "fact", "question": "q", "answerable": True, "gold_mode": "any", "gold": [LINE]}


def test_reads_a_gold_file(tmp_path: Path) -> None:
    sided = GOOD | {"gold_mode": "each_side", "gold": [LINE | {"side": "A"}, LINE | {"side": ["A", "B"]}]}
    first, second, third = read_gold(write_gold(tmp_path, GOOD, "", sided, {"question": "q", "answerable": False}))
    assert first == GoldQuestion(1, "fact", "q", True, False, (GoldLines("a.md", 1, 2, "x", ("?",)),))
    assert [line.sides for line in second.lines] == [("A",), ("A", "B")]
    assert (third.id, third.type, third.lines) == (4, "-", ())


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ({"gold": [LINE]}, "question is missing"),
        (GOOD | {"question": 3}, "question has to be string"),
        (GOOD | {"answerable": "yes"}, "answerable"),
        (GOOD | {"gold_mode": "all"}, "gold_mode"),
        (GOOD | {"gold": "a.md"}, "gold has to be"),
        (GOOD | {"gold": []}, "without gold lines"),
        (GOOD | {"gold": [{"file": "a.md"}]}, "gold.line_start"),
        (GOOD | {"gold": [LINE | {"line_end": 0}]}, "gold.line_end"),
        (GOOD | {"gold": [LINE | {"line_start": True}]}, "gold.line_start"),
        (GOOD | {"gold": [LINE | {"line_start": 5}]}, "gold.line_end"),
        (GOOD | {"gold": [LINE | {"side": 1}]}, "gold.side"),
    ],
)
def test_an_error_in_a_gold_file_names_file_and_line(row: Any, problem: str, tmp_path: Path) -> None:
    path = write_gold(tmp_path, GOOD, "", row)
    with pytest.raises(RequestError) as caught:
        read_gold(path)
    assert caught.value.message("en").startswith("gold.jsonl:3: ")
    assert problem in caught.value.message("en")
    assert caught.value.message("ja") != caught.value.message("en")


def test_a_gold_file_without_questions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="holds no question"):
        read_gold(write_gold(tmp_path, ""))


def test_every_figure_is_reported_overall_and_per_type(assistant: Assistant, gold_file: Path, notes_dir: Path) -> None:
    cases = [Case(g, assistant.ask(g.question), assistant.search(g.question)) for g in read_gold(gold_file)]
    report = evaluate(cases, lambda file: (notes_dir / file).read_text(encoding="utf-8").splitlines())
    assert report.overall["section_r5"].value == 1.0
    assert report.overall["verbatim"].value == 1.0
    assert set(report.by_type) == {"fact", "crosslingual", "comparison", "unans_offtopic"}
    for figures in (report.overall, *report.by_type.values()):
        assert list(figures) == list(FIGURES)
