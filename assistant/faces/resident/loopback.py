"""As much of HTTP/1.1 as one talks to a server of one's own with: JSON out, JSON in, one connection.

``http.client`` does far more, and takes more time to import than the engine takes to answer.
"""

from __future__ import annotations

import json
import socket
import time
from typing import Final

from ..._json import Json

__all__ = ["Connection", "NoReply"]

_LARGEST_HEAD: Final = 65_536
_LARGEST_BODY: Final = 1 << 28
_CHUNK: Final = 65_536


class NoReply(Exception):
    """Nobody listens, or not in this way: refused, broken off, too slow, or not JSON over HTTP."""


class Connection:
    """A connection to ``host``:``port`` that is opened by the first request and again by one after an error.

    ``seconds`` bounds each request with its reply.
    """

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self._address = (host, port)
        self._seconds = seconds
        self._socket: socket.socket | None = None
        self._received = b""

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def request(self, method: str, path: str, headers: dict[str, str], body: Json | None = None) -> tuple[int, Json]:
        """The status and the JSON object of the reply. Raises :class:`NoReply`."""
        deadline = time.monotonic() + self._seconds
        content = b"" if body is None else json.dumps(body).encode()
        host = f"[{self._address[0]}]" if ":" in self._address[0] else self._address[0]
        fields = {"host": f"{host}:{self._address[1]}", "content-length": str(len(content)), **headers}
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        try:
            self._send(head.encode("ascii") + b"\r\n" + content, deadline)
            status, length = self._read_head(deadline)
            reply = json.loads(self._read(length, deadline))
        except (OSError, ValueError, RecursionError) as error:
            self.close()
            raise NoReply(str(error)) from error
        if not isinstance(reply, dict):
            self.close()
            raise NoReply("not an object")
        return status, reply

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._received = b""

    def _send(self, data: bytes, deadline: float) -> None:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=_left(deadline))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(data)

    def _read_head(self, deadline: float) -> tuple[int, int]:
        """The status, and the length of the body."""
        while b"\r\n\r\n" not in self._received:
            self._receive(deadline)
            if len(self._received) > _LARGEST_HEAD:
                raise ValueError("no end of the headers")
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        protocol, status, *_ = first.split(" ")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(fields.get("content-length", "-1"))
        if not protocol.startswith("HTTP/1.") or not 0 <= length <= _LARGEST_BODY:
            raise ValueError("not a reply of a known length")
        return int(status), length

    def _read(self, length: int, deadline: float) -> bytes:
        while len(self._received) < length:
            self._receive(deadline)
        body, self._received = self._received[:length], self._received[length:]
        return body

    def _receive(self, deadline: float) -> None:
        assert self._socket is not None
        self._socket.settimeout(_left(deadline))
        data = self._socket.recv(_CHUNK)
        if not data:
            raise ConnectionResetError("the other side hung up")
        self._received += data


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("no reply in time")
    return seconds
