"""Faults: what the machine, the notes folder and other processes do."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from unittest import mock

from assistant.errors import IndexUnusable, NotesError
from bench._faultworld import (
    PAGE,
    Kind,
    Report,
    Unavailable,
    World,
    overwrite,
    remove_database,
    settled,
)

__all__ = ["KINDS"]


@contextlib.contextmanager
def _small_disk(world: World, size: str) -> Iterator[None]:
    """The index on a file system of its own."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise Unavailable("needs root")
    with tempfile.TemporaryDirectory() as place:
        kept = Path(place, "kept")
        shutil.copytree(world.index, kept)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(world.index)]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            raise Unavailable("no file system can be mounted here")
        try:
            shutil.copytree(kept, world.index, dirs_exist_ok=True)
            yield
            shutil.rmtree(kept)
            shutil.copytree(world.index, kept)
        finally:
            subprocess.run(["umount", "-l", str(world.index)], check=True)
        shutil.copytree(kept, world.index, dirs_exist_ok=True)
        for path in world.index.iterdir():
            if not (kept / path.name).exists():
                path.unlink()


def _full_disk(world: World) -> None:
    with _small_disk(world, "4m"):
        filler = world.index / "filler"
        with contextlib.suppress(OSError), filler.open("wb") as stream:
            while True:
                stream.write(bytes(PAGE))
        os.truncate(filler, max(0, filler.stat().st_size - PAGE * world.random.randrange(12)))
        world.edit()
        # What cannot be written is said in one line, and nothing is acknowledged that is not kept.
        with contextlib.suppress(IndexUnusable), world.open() as assistant:
            with contextlib.suppress(IndexUnusable):
                assistant.refresh()
            with contextlib.suppress(IndexUnusable):
                for _ in range(20):
                    world.record(assistant, world.acknowledged.append)
        filler.unlink()


def _read_only(world: World) -> None:
    with _small_disk(world, "16m"):
        subprocess.run(["mount", "-o", "remount,ro", str(world.index)], check=True)
        world.edit()
        with contextlib.suppress(IndexUnusable), world.open() as assistant:
            with contextlib.suppress(IndexUnusable):
                assistant.refresh()
            with contextlib.suppress(IndexUnusable):
                world.record(assistant, world.acknowledged.append)
        subprocess.run(["mount", "-o", "remount,rw", str(world.index)], check=True)


def _clock_back(world: World) -> None:
    ahead = mock.patch("time.time_ns", return_value=time.time_ns() + 10**15)
    with ahead, world.open() as assistant:
        assistant.refresh()
        world.record(assistant, world.acknowledged.append)
    world.edit()


def _same_time(world: World) -> None:
    """Another content of the same length under the old time, as a tool that synchronises puts it there."""
    world.refresh()
    before = {path: path.stat() for path in world.notes.iterdir()}
    world.edit()
    for path, facts in before.items():
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def _unreadable_notes(world: World) -> None:
    (world.notes / "torn.md").write_bytes(world.random.randbytes(300))
    (world.notes / "loop.md").unlink(missing_ok=True)
    (world.notes / "loop.md").symlink_to("loop.md")


def _notes_away(world: World) -> None:
    """The folder is not there for a while (a network drive, a stick)."""
    away = world.notes.with_name("away")
    world.notes.rename(away)
    with world.open() as assistant, contextlib.suppress(NotesError):
        assistant.refresh()
    away.rename(world.notes)


# --- several at once


def _two_at_once(world: World) -> None:
    remove_database(world)

    def work(acknowledge: Report) -> None:
        with world.open() as assistant:
            assistant.refresh()
            world.record(assistant, acknowledge)

    world.together(work, work)


def _all_find_damage(world: World) -> None:
    overwrite(settled(world), 0, bytes(100))

    def work(acknowledge: Report) -> None:
        with world.open() as assistant:
            assistant.ask("スギの木はどこに植えてある？")
            world.record(assistant, acknowledge)

    world.together(work, work, work)


KINDS: Final[dict[str, Kind]] = {
    "disk full": _full_disk,
    "index folder read-only": _read_only,
    "clock going back": _clock_back,
    "content changed under its old time and size": _same_time,
    "unreadable files among the notes": _unreadable_notes,
    "notes folder gone for a while": _notes_away,
    "two processes index at once": _two_at_once,
    "three processes find the damage at once": _all_find_damage,
}
