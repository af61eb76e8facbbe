"""Adds time and size limits to the connections of uvicorn's protocols, and reads whole addresses.

Without limits, a connection that never completes a request, sends an endless head, or stops reading
would stay open as long as the client keeps it. No well-behaved client is that slow: a request has
at most 64 kB.
"""

from __future__ import annotations

import asyncio
import re
from asyncio import TimerHandle, Transport
from collections.abc import Callable
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

WHOLE_REQUEST = 20.0  # seconds from a request's first byte to its last
STALLED = 60.0  # seconds in which a client reads no data
MAX_HEAD = 32 * 1024  # bytes of a request's first line and headers
ABSOLUTE = re.compile(rb"[a-z][a-z0-9+.-]*://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
TOO_LARGE = b"The head of the request is over 32 kB."
TOO_MANY = b"The server holds as many connections as it can."


class Patience:
    """Drops a connection if the other side has stopped reading."""

    def __init__(
        self, transport: Transport, seconds: float, give_up: Callable[[], None] | None = None
    ) -> None:
        self._transport = transport
        self._seconds = seconds
        self._give_up = give_up or transport.abort
        self._loop = asyncio.get_running_loop()
        self._left = 0
        self._timer: TimerHandle | None = None

    def begin(self) -> None:
        """The write buffer is full: from now on the other side must read some data regularly."""
        self.end()
        self._left = self._transport.get_write_buffer_size()
        self._timer = self._loop.call_later(self._seconds, self._look)

    def end(self) -> None:
        """The write buffer has drained."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self._transport.get_write_buffer_size() < self._left:
            self.begin()
        else:
            self._give_up()


class Patient(asyncio.Protocol):
    """A mixin for protocols: its patience runs while the write buffer is full."""

    _patience: Patience | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._patience:
            self._patience.begin()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._end_patience()

    def _end_patience(self) -> None:
        if self._patience:
            self._patience.end()


class Requests(Patient, HttpToolsProtocol):
    """HTTP: a whole request in time, of bounded size, from a bounded number of connections."""

    most_connections = 10_000
    _deadline: TimerHandle | None = None
    _head = 0
    _in_head = True
    _whole = False
    _upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._patience = Patience(transport, STALLED)
        self._expect()
        if len(self.connections) > self.most_connections:
            self._refuse(b"503 Service Unavailable", TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._in_head and self._head + data.find(b"\r\n\r\n") > MAX_HEAD:
            self._refuse(b"431 Request Header Fields Too Large", TOO_LARGE)
            return
        self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > MAX_HEAD:
            self._refuse(b"431 Request Header Fields Too Large", TOO_LARGE)
        if not self._upgraded and (not self._whole or self._idle()):
            self._expect()

    def on_message_begin(self) -> None:
        self._in_head, self._whole = True, False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._to_origin_form()
        super().on_headers_complete()

    def _to_origin_form(self) -> None:
        """Reduces the target to a path and a query.

        uvicorn ignores the host of ``GET http://host/path``. Here it is a Host header; beside a
        different one it is a duplicate, which the access middleware refuses.
        """
        if found := ABSOLUTE.fullmatch(self.url):
            authority, rest = found.groups()
            self.url = rest if rest.startswith(b"/") else b"/" + rest
            given = [value for name, value in self.headers if name == b"host"]
            if [authority.lower()] != [value.lower() for value in given]:
                self.headers.append((b"host", authority))
        elif self.url == b"*" and self.parser.get_method() == b"OPTIONS":
            self.url = b"/"

    def on_message_complete(self) -> None:
        self._in_head, self._whole, self._head = True, True, 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._end_waiting()
        self._upgraded = True  # from now on another protocol has the connection
        super().handle_websocket_upgrade()

    def _idle(self) -> bool:
        """Whether no request is being answered."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is None or cycle.response_complete

    def _expect(self) -> None:
        if self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(WHOLE_REQUEST, self.transport.abort)

    def _end_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._end_patience()

    def _refuse(self, status: bytes, words: bytes) -> None:
        """Answers without a complete request, and closes."""
        if self.transport.is_closing():
            return
        head = b"HTTP/1.1 %b\r\ncontent-type: text/plain\r\ncontent-length: %d\r\n"
        self.transport.write(head % (status, len(words)) + b"connection: close\r\n\r\n" + words)
        self.transport.close()


def bounded(connections: int) -> type[Requests]:
    """The protocol for a server with at most so many connections."""

    class Bounded(Requests):
        most_connections = connections

    return Bounded
