"""Records between processes of one version: a record becomes plain JSON values, and the same record again.

Not the contract's JSON (``to_json``), which rounds and leaves out: here nothing is lost.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Hashable
from dataclasses import asdict, fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

__all__ = ["from_plain", "plain"]

R = TypeVar("R")


def plain(value: Any) -> dict[str, Any]:
    """A frozen dataclass as what JSON can hold."""
    return asdict(value)


def from_plain(kind: type[R], row: Any) -> R:
    """The ``kind`` that :func:`plain` made ``row`` of. Raises ``TypeError`` or ``KeyError`` for anything else."""
    hints = _hints(cast("Hashable", kind))
    return kind(**{name: _value(hint, row[name]) for name, hint in hints.items()})


@lru_cache
def _hints(kind: Hashable) -> dict[str, Any]:
    shape = cast("type[Any]", kind)
    hints = typing.get_type_hints(shape)
    return {field.name: hints[field.name] for field in fields(shape)}


def _value(hint: Any, value: Any) -> Any:
    if is_dataclass(hint):
        return from_plain(cast("type[Any]", hint), value)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        # A tuple of any length of one kind, or one of these kinds in turn.
        kinds = (args[0] for _ in value) if args[1:] == (...,) else args
        return tuple(_value(one, item) for one, item in zip(kinds, value, strict=True))
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _value(next(one for one in args if one is not type(None)), value)
    return value
