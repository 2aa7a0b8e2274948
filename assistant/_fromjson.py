"""The records back from their JSON: what one process wrote with ``to_json``, another reads into the same record.

The inverse of ``to_json`` as far as that goes: scores come back as they were rounded, and ``Citation.entries``, which
is no part of the contract, comes back empty. Each function raises ``KeyError``, ``TypeError`` or ``ValueError`` for
anything that ``to_json`` does not write.
"""

from __future__ import annotations

from .records import (
    Answer,
    Citation,
    Evidence,
    Hit,
    Json,
    Place,
    Progress,
    RefreshReport,
    SearchResult,
    Side,
    SkippedFile,
    Status,
)

__all__ = ["answer_from_json", "progress_from_json", "refresh_from_json", "search_from_json", "status_from_json"]


def answer_from_json(row: Json) -> Answer:
    return Answer(
        question=row["question"],
        kind=row["kind"],
        status=row["status"],
        support=row["support"],
        text=row["answer"],
        citations=tuple(map(_citation, row["citations"])),
        related=tuple(map(_citation, row["related"])),
        sides=tuple(_side(side) for side in row.get("sides", ())),
        elapsed_ms=row["elapsed_ms"],
        understood=row.get("understood", ""),
    )


def _side(row: Json) -> Side:
    return Side(row["name"], tuple(row["citations"]), tuple((first, end) for first, end in row.get("differs", ())))


def search_from_json(row: Json) -> SearchResult:
    return SearchResult(row["question"], tuple(map(_hit, row["hits"])))


def status_from_json(row: Json) -> Status:
    return Status(**_with_skipped(row))


def refresh_from_json(row: Json) -> RefreshReport:
    return RefreshReport(**_with_skipped(row))


def progress_from_json(row: Json) -> Progress:
    return Progress(row["stage"], row["done"], row["total"])


def _citation(row: Json) -> Citation:
    return Citation(
        n=row["n"],
        file=row["file"],
        line_start=row["line_start"],
        line_end=row["line_end"],
        heading_path=tuple(row["heading_path"]),
        quote=row["quote"],
        score=row["score"],
        also=_also(row),
    )


def _hit(row: Json) -> Hit:
    return Hit(
        rank=row["rank"],
        file=row["file"],
        line_start=row["line_start"],
        line_end=row["line_end"],
        heading_path=tuple(row["heading_path"]),
        text=row["text"],
        score=row["score"],
        evidence=tuple(
            Evidence(item["line_start"], item["line_end"], item["quote"], item["score"]) for item in row["evidence"]
        ),
        also=_also(row),
    )


def _also(row: Json) -> tuple[Place, ...]:
    return tuple(Place(place["file"], place["line_start"], place["line_end"]) for place in row.get("also", ()))


def _with_skipped(row: Json) -> Json:
    """The fields of a record whose ``skipped`` is called ``skipped_files`` in the contract."""
    fields = {name: value for name, value in row.items() if name != "skipped_files"}
    return fields | {"skipped": tuple(SkippedFile(item["file"], item["reason"]) for item in row["skipped_files"])}
