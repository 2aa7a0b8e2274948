"""The questions read so far, and the keys and explanations that the text gives for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...examrecords import ExamProblem, ExamQuestion
from .keys import Note, entries, labels_in, note_on, option_key
from .lines import Line, fold
from .starts import Start, heading_text, is_separator, number_key

__all__ = ["Answers"]


def _closes(raw: str) -> bool:
    """A rule or heading behind an explanation belongs to what follows."""
    line = Line(1, raw, fold(raw))
    return line.blank or is_separator(line) or heading_text(line) is not None


@dataclass(slots=True)
class Answers:
    """Collects the questions of one text, and gives each the key and the explanation that belong to it.

    ``of``: the question that is being answered; ``explains``: whether a word has begun its explanation.
    """

    lines: Sequence[Line]
    notes: dict[int, Note]
    questions: list[ExamQuestion] = field(default_factory=list)
    problems: list[ExamProblem] = field(default_factory=list)
    of: int | None = None
    explains: bool = False
    _listed: bool = False
    _told: list[str] = field(default_factory=list)
    _numbers: dict[str, list[int]] = field(default_factory=dict)

    def add(self, made: ExamQuestion | ExamProblem) -> None:
        """The next question, or what is none. Only a question is answered by what follows."""
        self.finish()
        if isinstance(made, ExamProblem):
            self.problems.append(made)
            return
        self.of = len(self.questions)
        self.questions.append(made)
        key = number_key(made.number)
        if key:
            self._numbers.setdefault(key, []).append(self.of)

    def finish(self) -> None:
        """Ends the explanation under way."""
        while self._told and _closes(self._told[-1]):
            self._told.pop()
        told = "\n".join(self._told).strip()
        if self.of is not None and told:
            question = self.questions[self.of]
            self.questions[self.of] = replace(question, explanation=f"{question.explanation}\n{told}".strip())
        self._told = []
        self.of = None
        self.explains = self._listed = False

    def keep(self, begin: int, end: int) -> None:
        """The lines from ``begin`` up to ``end``, which explain the question or list the keys of several."""
        for index in range(begin, end):
            if self._listed and self._entries(self.lines[index].raw):
                continue
            self._told.append(self.lines[index].raw)

    def note(self, index: int, note: Note, end: int) -> int:
        """Takes the note on line ``index``; the first line that is not taken with it."""
        if note.kind == "explanation":
            self.explains = True
            self._told.append(note.value)
            return index + 1
        if not note.value:
            return self._empty(index, end)
        found, rest = entries(note.value)
        if self._is_list(found, rest):
            self._entries(note.value)
            self._listed = True
            return index + 1
        self._key(index, note)
        return index + 1

    def _empty(self, index: int, end: int) -> int:
        """The word alone on its line: what it announces stands on the next one."""
        below = index + 1
        while below < end and self.lines[below].blank:
            below += 1
        if below >= end or below in self.notes:
            return index + 1
        raw = self.lines[below].raw.strip()
        if self.of is not None:
            found = labels_in(raw.strip("*_"), self.questions[self.of].options)
            if found and not found[1]:
                self._set(found[0])
                return below + 1
        while below < end and self.lines[below].plain.lstrip().startswith("|") and not entries(raw)[0]:
            below += 1
            raw = self.lines[below].raw.strip() if below < end else ""
        self._listed = bool(entries(raw)[0])
        return below if self._listed else index + 1

    def _key(self, index: int, note: Note) -> None:
        if self.of is None:
            return
        found = option_key(note, self.questions[self.of].options)
        if found:
            self._set(found[0])
            self._told.append(found[1])
            self.explains = self.explains or bool(found[1])
        elif note.firm and not self.questions[self.of].key:
            self.problems.append(
                ExamProblem(self.lines[index].number, self.lines[index].raw.strip(), "exam.problem.key")
            )
        else:
            self._told.append(self.lines[index].raw)

    def _set(self, labels: tuple[str, ...]) -> None:
        if self.of is not None:
            self.questions[self.of] = replace(self.questions[self.of], key=labels)

    def _is_list(self, found: dict[int, str], rest: str) -> bool:
        """Whether pairs of number and labels answer several questions; one pair may be a label and its text."""
        if rest or not found:
            return False
        if len(found) > 1 or self.of is None:
            return True
        options = {option.label for option in self.questions[self.of].options}
        return not any(str(number) in options for number in found)

    def _entries(self, text: str) -> bool:
        found, rest = entries(text)
        for number, labels in found.items():
            of = self.numbered(str(number))
            if of is None and not self._numbers and 1 <= number <= len(self.questions):
                of = number - 1
            value = None if of is None else labels_in(labels, self.questions[of].options)
            if of is None or value is None or value[1]:
                continue
            if of != self.of:
                listed = self._listed
                self.finish()
                self.of, self._listed = of, listed
            self._set(value[0])
        if found and rest:
            self._told.append(rest)
        return bool(found)

    def numbered(self, key: str) -> int | None:
        """The question of this number that has no key yet, or else the last one."""
        found = self._numbers.get(key, [])
        while len(found) > 1 and self.questions[found[0]].key:
            found.pop(0)
        return found[0] if found else None

    def answered(self, start: Start, end: int) -> bool:
        """Whether the block of ``start`` only answers earlier questions, one of the same number or a line of several; if
        so, it is taken.
        """
        listed, rest = entries(self.lines[start.line].raw)
        if len(listed) > 1 and not rest:
            self.finish()
            self._listed = True
            self.keep(start.line, end)
            self.finish()
            return True
        of = self.numbered(number_key(start.number))
        first, column = start.line, start.rest
        while first < end and not self.lines[first].plain[column:].strip():
            first, column = first + 1, 0
        if of is None or first == end:
            return False
        raw = self.lines[first].raw[column:].strip()
        note = note_on(Line(0, raw, fold(raw)))
        if note is None:
            found = labels_in(raw, self.questions[of].options)
            if not found or found[1]:
                return False
            note = Note("key", raw, True)
        self.finish()
        self.of = of
        at = self.note(first, note, end)
        while at < end:
            below = self.notes.get(at)
            if below:
                at = self.note(at, below, end)
            else:
                self.keep(at, at + 1)
                at += 1
        self.finish()
        return True
