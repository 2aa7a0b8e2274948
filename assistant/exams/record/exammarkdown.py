"""The report of a whole exam as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...examrecords import CheckedQuestion, JudgedOption
from ...messages import Language, say
from .attempts import place
from .examreport import ExamReport, GapGroup
from .examwords import option_words, verdict_words

__all__ = ["report_markdown"]

#: Inside of a line, and what makes a block of a line by its beginning.
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&|~$#]|^[-+=:](?=.)|^(\d{1,9})(?=[.)])")


def report_markdown(report: ExamReport, language: Language) -> str:
    """The report to read: the figures, what the notes lack, what could not be read, then each question."""
    blocks = [f"# {say('exam.report.title', language)}", "\n".join(_figures(report, language))]
    if report.gaps:
        blocks.append(f"## {say('exam.report.gaps', language)}")
        blocks += (block for group in report.gaps for block in _gap_blocks(group, language))
    if report.problems:
        blocks.append(f"## {say('exam.report.problems', language)}")
        said = (say(problem.reason, language, line=problem.line) for problem in report.problems)
        blocks.append("\n".join(f"- {_line(text)}" for text in said))
    if report.checked:
        blocks.append(f"## {say('exam.report.questions', language)}")
    for at, item in enumerate(report.checked, 1):
        blocks += _question(at, item, language)
    return "\n\n".join(blocks) + "\n"


def _figures(report: ExamReport, language: Language) -> Iterator[str]:
    score = report.score
    yield f"- {say('exam.report.count', language, questions=score.questions, undecided=len(report.undecided))}"
    for name, tally in (("key", score.by_key), ("notes", score.by_notes)):
        if tally.right + tally.wrong:
            told = tally.right + tally.wrong
            yield f"- {say(f'exam.report.yours_{name}', language, right=tally.right, told=told)}"
    if score.undecided:
        yield f"- {say('exam.report.untold', language, count=score.undecided)}"
    notes = score.notes
    if notes.questions:
        values = {"right": notes.right, "decided": notes.decided, "keyed": notes.questions}
        yield f"- {say('exam.report.against_key', language, **values)}"


def _gap_blocks(group: GapGroup, language: Language) -> Iterator[str]:
    where = " › ".join(group.heading_path) or group.file or say("exam.review.not_in_notes", language)
    at = f" (`{group.file}:{group.line}`)" if group.file else ""
    yield f"### {_line(where)}{at}"
    rows = []
    for gap in group.questions:
        words = [say("exam.review.undecided", language)] if gap.undecided else []
        words += [say("exam.review.missed", language)] if gap.missed else []
        row = f"- {gap.at}. {_line(gap.stem)}" + (f" ({', '.join(words)})" if words else "")
        if gap.missing:
            row += f"\n  {say('exam.report.missing', language, options=_line(' / '.join(gap.missing)))}"
        rows.append(row)
    yield "\n".join(rows)


def _question(at: int, item: CheckedQuestion, language: Language) -> Iterator[str]:
    title = [f"{at}.", _line(item.question.number)] if item.question.number else [f"{at}."]
    if item.correct is not None:
        title.append(say(f"exam.export.result.{'right' if item.correct else 'wrong'}", language))
    yield f"### {' '.join(title)}"
    yield "\\\n".join(_line(row) for row in item.question.stem.splitlines() if row.strip())
    yield "\n".join(_option(option, item, language) for option in item.options)
    facts = [_line(verdict_words(item, language))]
    for name, labels in (("key", item.question.key), ("yours", item.yours)):
        if labels:
            facts.append(f"{say(f'exam.export.column.{name}', language)}: {_line(', '.join(labels))}")
    yield "\n".join(f"* {fact}" for fact in facts)


def _option(option: JudgedOption, item: CheckedQuestion, language: Language) -> str:
    words = option_words(item, option, language)
    rows = [f"- **{_line(option.label)}** {_line(option.text)} — {words} ({option.score:.2f})"]
    for citation in option.citations:
        rows.append(f"  - `{place(citation)}`")
        # A quote is Markdown already; as it stands in the note, it can be found there.
        rows += [f"    > {line}" for line in citation.quote.splitlines()]
    return "\n".join(rows)


def _line(text: str) -> str:
    """``text`` in one line, and so that Markdown shows it as it is."""
    return _MARKUP.sub(lambda match: f"{match[1]}\\" if match[1] else f"\\{match[0]}", " ".join(text.split()))
