"""``WS /api/runs/{id}/stream``: pictures, series and commands of one run, for one viewer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from livenet.api.access.identity import identity_of
from livenet.api.access.intervention import reason_of
from livenet.api.access.origins import is_loopback, is_loopback_host
from livenet.api.access.rates import Rates
from livenet.api.monitoring.metrics import Counts
from livenet.api.viewers.broadcast import Broadcasts, Update
from livenet.api.viewers.client_messages import acknowledged, document
from livenet.api.viewers.direct import direct_of
from livenet.api.viewers.frames import Frame
from livenet.api.viewers.probe_requests import ProbeRequests
from livenet.api.viewers.viewer import MAX_REPLIES, Subscription, Viewer
from livenet.engine.base import Engine, channel_of
from livenet.errors import LivenetError, StoreFailure, TooMany, UnknownRun
from livenet.wire import messages
from livenet.wire.outbound import Applied, Refused, Subscribed
from livenet.wire.packed import LAST
from livenet.wire.parsing import COMMANDS, parse_message

router = APIRouter()
NO_SUCH_RUN = 4404  # the websocket's close code
MAX_SUBSCRIPTIONS = 32
MAX_INCOMING = 16  # messages that are read and not yet carried out
MESSAGES_PER_SECOND = 60.0  # acknowledgements of frames do not count
BURST_SECONDS = 4.0
LONGEST_WAIT = 60.0  # seconds
LONG_TEXT = 16_384  # characters; after a longer text the task yields to others


@router.websocket("/api/runs/{run}/stream")
async def stream(socket: WebSocket, run: str) -> None:
    """Serves a viewer until it disconnects or the run is deleted."""
    await socket.accept()
    with suppress(WebSocketDisconnect):
        try:
            await socket.app.state.engine.load(run)
            viewing = Viewing(socket, run)
        except (UnknownRun, StoreFailure) as error:
            await socket.send_text(Refused(error=error.document()).model_dump_json())
            await socket.close(NO_SUCH_RUN, "no such run")
            return
        viewing.counts.viewers += 1
        try:
            await viewing.serve()
        finally:
            viewing.counts.viewers -= 1


def same_machine(socket: WebSocket) -> bool:
    """Whether a viewer is on the server's own machine, and not behind a proxy of it."""
    address = socket.client.host if socket.client else ""
    page = socket.headers.get("origin") or f"http://{socket.headers.get('host', '')}"
    return is_loopback_host(address) and is_loopback(page)


class Viewing:
    """The I/O of a viewer: tasks that read its socket, carry out messages, and write."""

    def __init__(self, socket: WebSocket, run: str) -> None:
        state = socket.app.state
        self.engine: Engine = state.engine
        self.broadcasts: Broadcasts = state.broadcasts
        self.commands: Rates = state.commands
        self.counts: Counts = state.counts
        self.identity = identity_of(socket)
        self.socket = socket
        self.id = run
        self.direct = direct_of(socket.scope)
        self.due = asyncio.Event()
        self.idle = False
        self.drained = asyncio.Event()
        self.gone = False
        self.timer: asyncio.TimerHandle | None = None
        self.waking = False
        self.probe_requests = ProbeRequests()
        self.incoming: asyncio.Queue[str | None] = asyncio.Queue(MAX_INCOMING)
        self.message_rate = Rates(MESSAGES_PER_SECOND, BURST_SECONDS)
        run_messages, self.leave = self.broadcasts.join(run, self._changed)
        self.viewer = Viewer(run_messages, elsewhere=not same_machine(socket))

    async def serve(self) -> None:
        if self.direct:
            self.direct.measure()  # before anything waits in the line
        tasks = [
            asyncio.create_task(part) for part in (self._read(), self._process(), self._write())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.leave()
            if self.timer:
                self.timer.cancel()
            for subscription in self.viewer.subscriptions.values():
                subscription.watch.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.probe_requests.close()

    def _changed(self, change: Update) -> None:
        match change:
            case "run":
                self.viewer.run_due = True
            case "gone":
                self.gone = True
            case "progress" | "rows":
                self.viewer.progress_due = True
            case "snapshots":
                self.viewer.snapshots_due = True
        self._wake()

    async def _read(self) -> None:
        """Pauses while messages wait: a viewer that sends too many is slowed down by TCP."""
        if self.direct:
            self.direct.on_text = self._acknowledged
        while True:
            received = await self.socket.receive()
            if received["type"] == "websocket.disconnect":
                return
            text = received.get("text")
            if not self._acknowledged(text):
                await self.incoming.put(text)

    def _acknowledged(self, text: str | None) -> bool:
        """Whether it was an acknowledgement with an update; then nothing else is to be done."""
        found = acknowledged(text)
        if found is None or not self.viewer.acknowledge(*found, monotonic()):
            return False
        if self.viewer.pictures_due:
            self._wake()
        return True

    async def _process(self) -> None:
        """Carries out one message after another, so that the answers are in order."""
        while True:
            text = await self.incoming.get()
            wait = self.message_rate.take()
            while wait:
                await asyncio.sleep(wait)
                wait = self.message_rate.take()
            await self._handle(text)
            self._wake()
            if len(self.viewer.replies) >= MAX_REPLIES:  # a viewer must also read its answers
                self.drained.clear()
                await self.drained.wait()

    def _wake(self) -> None:
        """Something may be due. What comes in one turn of the event loop, such as all pictures of a
        step, is looked at together, in the next one."""
        if not self.waking:
            self.waking = True
            asyncio.get_running_loop().call_soon(self._send_due)

    def _send_due(self) -> None:
        """Sends what is due at once, if the network accepts it."""
        self.waking = False
        direct = self.direct
        if not self.idle or self.gone or not direct or not direct.ready:
            self.due.set()
            return
        self.idle = False
        while (message := self._next()) is not None:
            direct.send_now(message)
            if len(message) > LONG_TEXT or not direct.ready:
                self.due.set()
                return
        self.idle = True
        self._set_timer()

    async def _write(self) -> None:
        """Sends what the network does not accept at once, and everything after it."""
        while True:
            while (message := self._next()) is not None:
                if isinstance(message, bytes):
                    await self.socket.send_bytes(message)
                    continue
                await self.socket.send_text(message)
                if len(message) > LONG_TEXT:
                    await asyncio.sleep(0)
            if self.gone:
                await self.socket.close(NO_SUCH_RUN, "the run was deleted")
                return
            self.due.clear()
            self.idle = True
            self._set_timer()
            await self.due.wait()
            self.idle = False

    def _next(self) -> str | bytes | None:
        """The next message; counts it as sent."""
        if self.direct:
            self.viewer.line.round_trip = self.direct.round_trip
        found = self.viewer.next(monotonic())
        if not self.viewer.replies:
            self.drained.set()
        if found is None:
            return None
        message = found.data if isinstance(found, Frame) else found
        if isinstance(found, Frame) or (isinstance(found, bytes) and found[0] & LAST):
            self.counts.frames_sent += 1
        self.counts.bytes_sent += len(message)
        return message

    def _set_timer(self) -> None:
        """Sets a timer for the next picture that its rate delays; called when nothing is due."""
        viewer = self.viewer
        if viewer.conflated:
            self.counts.frames_conflated += viewer.conflated
            viewer.conflated = 0
        if self.timer:
            self.timer.cancel()
            self.timer = None
        if viewer.sendable_at is not None:
            wait = min(max(0.0, viewer.sendable_at - monotonic()), LONGEST_WAIT)
            self.timer = asyncio.get_running_loop().call_later(wait, self._wake)

    async def _handle(self, text: str | None) -> None:
        body: Any = None
        try:
            body = document(text)
            await self._dispatch(parse_message(body))
        except LivenetError as error:
            kind = body.get("kind") if isinstance(body, dict) else None
            name = body.get("id") if isinstance(body, dict) else None
            self.viewer.replies.append(
                Refused(
                    error=error.document(),
                    id=name if kind == "subscribe" and isinstance(name, str) else None,
                    command=body if kind in COMMANDS else None,
                )
            )

    async def _dispatch(self, message: messages.Message) -> None:
        match message:
            case messages.Subscribe():
                self._subscribe(message)
            case messages.Unsubscribe():
                self._unsubscribe(message.id)
            case messages.SeriesFrom():
                self.viewer.cursor = message.after
            case messages.Ack():
                self.viewer.acknowledge(message.seqs, message.received, monotonic())
            case _:
                await self._command(message)

    async def _command(self, message: messages.Message) -> None:
        self.identity.require_owner(self.viewer.messages.run)
        if not self.identity.administrator and self.commands.take(self.identity.id):
            raise TooMany(
                f"You send more than {self.commands.per_second:g} commands a second",
                path="kind",
                hint="Wait a moment. One command can have several changes.",
            )
        reason = reason_of(self.identity, self.viewer.messages.run, message)
        step = await self.engine.command(self.id, message, reason=reason)
        reply = Applied(command=message.model_dump(mode="json"), step=step)
        self.viewer.replies.append(reply)

    def _unsubscribe(self, name: str) -> None:
        if old := self.viewer.subscriptions.pop(name, None):
            old.watch.cancel()

    def _subscribe(self, message: messages.Subscribe) -> None:
        name = message.id
        self._unsubscribe(name)
        if len(self.viewer.subscriptions) >= MAX_SUBSCRIPTIONS:
            raise TooMany(
                f"A viewer has at most {MAX_SUBSCRIPTIONS} subscriptions",
                hint="Unsubscribe from one first.",
            )
        channel = channel_of(message.probe, message.options, message.step)
        # The reply precedes the first frame, which may be ready at once.
        self.viewer.replies.append(Subscribed(id=name, channel=channel))
        subscription = Subscription(message.fps, packed=message.packed)
        self.viewer.subscriptions[name] = subscription

        def deliver(data: bytes) -> None:
            frame = self.broadcasts.parse_frame(data)
            if subscription.packed and self.viewer.packs:
                frame.when_packable(lambda: show(frame))
            else:
                show(frame)

        def show(frame: Frame) -> None:
            if self.viewer.subscriptions.get(name) is subscription:
                self.viewer.frame(name, frame)
                if self.viewer.pictures_due:
                    self._wake()

        def refuse(error: dict[str, str]) -> None:
            if self.viewer.subscriptions.get(name) is subscription:
                self._unsubscribe(name)
                self.viewer.replies.append(Refused(error=error, id=name))
                self._wake()

        if message.step is not None:
            subscription.watch = self.probe_requests.begin(
                lambda: self.engine.request_probe(
                    self.id, "frame", message.probe, message.options, message.step, channel
                ),
                deliver,
                refuse,
            )
            return
        try:
            subscription.watch = self.engine.watch(
                self.id, message.probe, message.options, message.fps, deliver, refuse
            )
        except LivenetError:
            del self.viewer.subscriptions[name]
            raise
