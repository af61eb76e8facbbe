"""uvicorn's websocket with bounded buffers and limits on inactive connections.

Incoming data is parsed a slice at a time, one per turn of the event loop, and reading pauses while
the application has unprocessed messages: TCP slows down a client that sends too many. Outgoing data
waits until the viewer reads it, and a viewer that reads nothing is disconnected. No input of a
client causes an exception in the log.
"""

from __future__ import annotations

import asyncio
from asyncio.transports import BaseTransport
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import State

from livenet.api.access.rates import Rates
from livenet.api.serving.protocols import Patience, Patient
from livenet.api.viewers.direct import EXTENSION

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent, ASGISendEvent

LONG_TEXT = 16_384  # bytes; a longer text is sent at once
MAX_TOGETHER = 16  # short texts that are sent together
SLICE = 4096  # bytes that are parsed in one turn
MAX_QUEUED = 16  # messages that wait for the application before reading pauses
MAX_FRAGMENTS = 256  # of one message
CONTROLS_PER_SECOND = 5.0  # pings and pongs; a browser sends a pong now and then
CONTROLS_SECONDS = 10.0
PINGS = 5  # by which a round trip is known
BETWEEN_PINGS = 0.3  # seconds
STALLED = 30.0  # seconds in which a viewer reads no data
CLOSING = 5.0  # seconds that a viewer has to read the reason for closing
TEXT, BINARY = 0x81, 0x82
TOO_SLOW, MISBEHAVED, NOT_TEXT, RESTARTS, NO_PONG, NOT_A_FRAME = 1013, 1008, 1007, 1012, 1011, 1002
BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedSocket(Patient, WebSocketsSansIOProtocol):
    """One websocket connection."""

    transport: asyncio.Transport
    on_text: Callable[[str], bool] | None = None
    round_trip = 0.0
    _pongs = 0
    _shortest = inf

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._unread = b""
        self._out: list[bytes] = []
        self._feeding = False
        self._flushing = False
        self._over = False
        self._controls = Rates(CONTROLS_PER_SECOND, CONTROLS_SECONDS)
        self._patience = Patience(self.transport, STALLED, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._unread = b""
        self.on_text = None
        self._end_patience()
        super().connection_lost(exc)

    # Incoming

    def data_received(self, data: bytes) -> None:
        self._unread += data
        if not self._feeding:
            self._feed()

    def _feed(self) -> None:
        """Parses a slice; the rest follows in later turns, once the application has room."""
        self._feeding = False
        part, self._unread = self._unread[:SLICE], self._unread[SLICE:]
        if part and not self.transport.is_closing():
            self.conn.receive_data(part)
            if self.conn.handshake_exc is not None:
                self._refuse_handshake()
            elif self.conn.parser_exc is not None and not self._over:
                self.handle_parser_exception()
            elif not self._over:
                self.handle_events()
        self._read_on()

    def _read_on(self) -> None:
        """Continues with the buffered data, or reads more, as far as there is room."""
        room = self.close_sent or self.queue.qsize() < MAX_QUEUED
        if room and self._unread and not self._feeding:
            self._feeding = True
            self.loop.call_soon(self._feed)
        more = room and not self._unread
        if more == self.read_paused and not self.transport.is_closing():
            self.read_paused = not more
            if more:
                self.transport.resume_reading()
            else:
                self.transport.pause_reading()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            extensions = cast("dict[str, Any]", self.scope["extensions"])
            extensions[EXTENSION] = self

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= MAX_FRAGMENTS:
            self._fail(MISBEHAVED, f"a message has at most {MAX_FRAGMENTS} fragments")
        else:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        data = b"".join(self.frames)
        self.frames = []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "bytes":
            self.queue.put_nowait({"type": "websocket.receive", "bytes": data})
            return
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._fail(NOT_TEXT, "text is UTF-8")
            return
        if self.on_text is None or not self.on_text(text):
            self.queue.put_nowait({"type": "websocket.receive", "text": text})

    def handle_ping(self) -> None:
        pong = b"".join(self.conn.data_to_send())
        if self.writable.is_set():  # else too much is in flight already
            self.transport.write(pong)
        self._count_control()

    def measure(self) -> None:
        """See livenet.api.viewers.direct."""
        if self.ping_timer is not None:  # else one is on its way, or there are none
            self.ping_timer.cancel()
            self.send_keepalive_ping()

    def handle_pong(self, event: Frame) -> None:
        awaited = self.pending_ping_payload is not None
        super().handle_pong(event)
        if awaited and self.pending_ping_payload is None:
            self._measured(self.last_ping_rtt)
        self._count_control()

    def _measured(self, seconds: float) -> None:
        """The first pongs come while a page is being built: only the shortest time tells."""
        self._pongs += 1
        self._shortest = min(self._shortest, seconds)
        if self._pongs < PINGS:
            self.loop.call_later(BETWEEN_PINGS, self.measure)
        else:
            self.round_trip = self._shortest

    def _count_control(self) -> None:
        if self._controls.take():
            self._fail(MISBEHAVED, "too many pings")

    async def receive(self) -> ASGIReceiveEvent:
        message = await self.queue.get()
        if self.read_paused:
            self._read_on()
        return message

    # Outgoing

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "websocket.send" and self.handshake_complete:
            if not self.writable.is_set():
                await self.writable.wait()
            if not self.ready:
                raise ClientDisconnected
            data = message.get("bytes")
            self.send_now(message.get("text") or "" if data is None else data)
            return
        if self._over:
            raise ClientDisconnected
        self._flush()
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = self.close_sent  # refused properly: no error of the server
        if message["type"] == "websocket.close" and not self.transport.is_closing():
            self._cut_off_later()
            self._read_on()

    @property
    def ready(self) -> bool:
        """See livenet.api.viewers.direct."""
        over = self.disconnected or self.close_sent or self.transport.is_closing()
        return not over and self.writable.is_set()

    def send_now(self, data: str | bytes) -> None:
        """See livenet.api.viewers.direct.

        Frames are encoded by hand: the library copies each one twice for every viewer.
        """
        if isinstance(data, bytes):
            self._out += (head(BINARY, len(data)), data)
            self._flush()
            return
        text = data.encode()
        self._out += (head(TEXT, len(text)), text)
        if len(text) > LONG_TEXT or len(self._out) > 2 * MAX_TOGETHER:
            self._flush()
        elif not self._flushing:  # further messages of this turn are sent with it
            self._flushing = True
            self.loop.call_soon(self._flush)

    def _flush(self) -> None:
        """Writes the buffered messages to the network in one system call."""
        self._flushing = False
        if self._out:
            self.transport.writelines(self._out)
        self._out = []

    # Closing

    def keepalive_timeout(self) -> None:
        if self.read_paused:  # the pong may be in the unread data
            self.pong_timer = self.pending_ping_payload = None
            self.schedule_ping()
            return
        self._fail(NO_PONG, "no answer to a ping")

    def handle_parser_exception(self) -> None:
        self._fail(NOT_A_FRAME)

    def _too_slow(self) -> None:
        self._fail(TOO_SLOW, f"nothing was taken for {STALLED:g} s")

    def _fail(self, code: int, reason: str = "") -> None:
        """Sends the reason, stops processing, and gives the other side a moment to read it.

        Further input is read and dropped: a connection closed with unread bytes is reset, which may
        lose the reason.
        """
        if self._over or self.transport.is_closing():
            return
        self._over = True
        self.stop_keepalive()
        self._flush()
        self.conn.fail(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        sent = self.conn.close_sent
        code, reason = (sent.code, sent.reason) if sent else (code, reason)
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.close_sent = self.disconnected = True
        self.frames = []
        self.writable.set()
        self._cut_off_later()
        self._read_on()

    def _cut_off_later(self) -> None:
        if self.close_timer is not None:
            self.close_timer.cancel()
        self.close_timer = self.loop.call_later(CLOSING, self.transport.abort)

    def _refuse_handshake(self) -> None:
        """Refuses a head that the HTTP parser accepts and the websocket parser does not."""
        self.handshake_complete = True
        self.transport.write(b"".join(self.conn.data_to_send()) or BAD_REQUEST)
        self.transport.close()

    async def run_asgi(self) -> None:
        await super().run_asgi()
        if not self.disconnected:
            self._cut_off_later()

    def shutdown(self) -> None:
        if self.handshake_complete and self.conn.state is State.OPEN:
            self._fail(RESTARTS, "the server restarts")
            self.transport.close()
        elif self.handshake_complete:
            self.transport.abort()
        else:
            super().shutdown()


def head(kind: int, size: int) -> bytes:
    """The frame header of a message of the server."""
    if size < 126:
        return bytes((kind, size))
    if size < 65_536:
        return bytes((kind, 126)) + size.to_bytes(2, "big")
    return bytes((kind, 127)) + size.to_bytes(8, "big")
