"""The password that is asked for where the chat can be reached from other computers: HTTP Basic (RFC 7617)."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path

from ...errors import BadRequest
from ...messages import Language, say

__all__ = ["Login", "host_names", "is_address", "read_login"]


@dataclass(frozen=True, slots=True)
class Login:
    """Who may come in. Its text never shows the password."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.user!r})"

    def admits(self, authorization: str) -> bool:
        """Whether the value of an ``Authorization`` header carries this name and password."""
        scheme, _, credentials = authorization.strip().partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            given = base64.b64decode(credentials.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(given, f"{self.user}:{self.password}".encode())


def read_login(text: str | None, file: Path | None, language: Language) -> Login | None:
    """The login of ``--auth USER:PASS``, or of the first line of ``--auth-file``; None without either.

    Raises :class:`~assistant.errors.BadRequest`.
    """
    where = "--auth" if file is None else "--auth-file"
    if text is not None and file is not None:
        raise BadRequest(where=where, problem=say("web.auth_twice", language))
    if file is not None:
        try:
            text = next(iter(file.read_text("utf-8-sig").splitlines()), "")
        except (OSError, ValueError) as error:
            raise BadRequest(where=where, problem=say("web.auth_unreadable", language, file=file)) from error
    if text is None:
        return None
    user, colon, password = text.strip().partition(":")
    if not user or not colon or not password:
        raise BadRequest(where=where, problem=say("web.auth_form", language))
    return Login(user, password)


def host_names(host: str) -> frozenset[str]:
    """The names under which a server listening on ``host`` may be asked for by name."""
    own = socket.gethostname().lower()
    names = {own, own.partition(".")[0], f"{own.partition('.')[0]}.local"}
    return frozenset(names if is_address(host) else {*names, host.lower()})


def is_address(host: str) -> bool:
    """An address of numbers. A page from elsewhere cannot come under one of ours: that takes a name of its own."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
