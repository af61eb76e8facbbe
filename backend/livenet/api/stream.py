"""``WS /api/runs/{id}/stream``: pictures, series and commands of one run, for one viewer."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from livenet.api.identity import identity_of
from livenet.api.routes.runs import COMMANDS, parse_command
from livenet.api.viewer import MOST_REPLIES, Subscription, Viewer
from livenet.engine.base import Change, Engine, channel_of
from livenet.errors import CommandError, LivenetError, TooMany, UnknownRun, did_you_mean
from livenet.wire import messages
from livenet.wire.messages import INBOUND, Applied, Refused, Subscribed

router = APIRouter()
MOST_SUBSCRIPTIONS = 32
MOST_DEEP = 32
STREAM_KINDS = ("subscribe", "unsubscribe", "series", "ack")


@router.websocket("/api/runs/{run}/stream")
async def stream(socket: WebSocket, run: str) -> None:
    """Serves a viewer until it goes, or the run is deleted."""
    await socket.accept()
    engine: Engine = socket.app.state.engine
    try:
        viewing = Viewing(socket, engine, run)
    except UnknownRun as error:
        await socket.send_text(Refused(error=error.document()).model_dump_json())
        await socket.close(4404, "no such run")
        return
    with suppress(WebSocketDisconnect):
        await viewing.serve()


class Viewing:
    """The shell around a viewer: reads and writes its socket."""

    def __init__(self, socket: WebSocket, engine: Engine, run: str) -> None:
        self.socket = socket
        self.engine = engine
        self.id = run
        self.viewer = Viewer(engine.run(run))
        self.identity = identity_of(socket)
        self.due = asyncio.Event()
        self.due.set()
        self.drained = asyncio.Event()
        self.gone = False
        self.looks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        leave = self.engine.listen(self.id, self._changed)
        writer = asyncio.create_task(self._write())
        reader = asyncio.create_task(self._read())
        try:
            done, _ = await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            leave()
            for subscription in self.viewer.subscriptions.values():
                subscription.watch.leave()
            for task in (writer, reader, *self.looks):
                task.cancel()
            await asyncio.gather(writer, reader, *self.looks, return_exceptions=True)

    def _changed(self, change: Change) -> None:
        match change:
            case "run":
                self.viewer.run_due = True
            case "progress":
                self.viewer.progress_due = True
            case "gone":
                self.gone = True
            case "rows":
                pass
        self.due.set()

    async def _write(self) -> None:
        while True:
            await self.due.wait()
            self.due.clear()
            while (message := self.viewer.next()) is not None:
                if isinstance(message, bytes):
                    await self.socket.send_bytes(message)
                else:
                    await self.socket.send_text(message)
                if not self.viewer.replies:
                    self.drained.set()
            if self.gone:
                await self.socket.close(4404, "the run was deleted")
                return

    async def _read(self) -> None:
        while True:
            received = await self.socket.receive()
            if received["type"] == "websocket.disconnect":
                return
            await self._hear(received.get("text"))
            self.due.set()
            if len(self.viewer.replies) >= MOST_REPLIES:  # who asks must also read
                self.drained.clear()
                await self.drained.wait()

    async def _hear(self, text: str | None) -> None:
        body: Any = None
        try:
            body = _document(text)
            await self._obey(_parse(body))
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

    async def _obey(self, message: messages.Message) -> None:
        match message:
            case messages.Subscribe():
                self._subscribe(message)
            case messages.Unsubscribe():
                self._unsubscribe(message.id)
            case messages.SeriesFrom():
                self.viewer.cursor = message.after
            case messages.Ack():
                self.viewer.acknowledge(message.seqs)
            case _:
                self.identity.must_own(self.viewer.run)
                step = await self.engine.command(self.id, message)
                document = message.model_dump(mode="json")
                self.viewer.replies.append(Applied(command=document, step=step))

    def _unsubscribe(self, name: str) -> None:
        if old := self.viewer.subscriptions.pop(name, None):
            old.watch.leave()

    def _subscribe(self, message: messages.Subscribe) -> None:
        name = message.id
        self._unsubscribe(name)
        if len(self.viewer.subscriptions) >= MOST_SUBSCRIPTIONS:
            raise TooMany(
                f"A viewer has at most {MOST_SUBSCRIPTIONS} subscriptions",
                hint="Unsubscribe from one first.",
            )
        channel = channel_of(message.probe, message.options, message.step)
        # The reply goes before the first frame, which may be there at once.
        self.viewer.replies.append(Subscribed(id=name, channel=channel))
        if message.step is not None:
            self._look_back(message, channel)
            return
        subscription = Subscription()
        self.viewer.subscriptions[name] = subscription
        try:
            subscription.watch = self.engine.watch(
                self.id,
                message.probe,
                message.options,
                message.fps,
                deliver=lambda data: self._frame(name, data),
                refuse=lambda error: self._refused(name, error),
            )
        except LivenetError:
            del self.viewer.subscriptions[name]
            raise

    def _look_back(self, message: messages.Subscribe, channel: str) -> None:
        """A step of the past has one picture, which comes when it is replayed."""
        task = asyncio.create_task(self._past(message, channel))
        self.looks.add(task)
        task.add_done_callback(self.looks.discard)
        self.viewer.subscriptions[message.id] = Subscription(LookingBack(task))

    async def _past(self, message: messages.Subscribe, channel: str) -> None:
        try:
            data = await self.engine.look(
                self.id, "frame", message.probe, message.options, message.step, channel
            )
            self._frame(message.id, data)
        except LivenetError as error:
            self._refused(message.id, error.document())

    def _frame(self, name: str, data: bytes) -> None:
        self.viewer.frame(name, data)
        self.due.set()

    def _refused(self, name: str, error: dict[str, str]) -> None:
        self.viewer.replies.append(Refused(error=error, id=name))
        self.due.set()


class LookingBack:
    """A look at a step of the past, as a watch: one picture, and no more."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def taken(self) -> None:
        pass

    def leave(self) -> None:
        self._task.cancel()


def _document(text: str | None) -> Any:
    if text is None:
        raise CommandError("Messages to the server are text", hint="Send JSON.")
    try:
        body = json.loads(text)
        json.dumps(body, ensure_ascii=False).encode()  # an escape may stand for half a character
    except (ValueError, RecursionError) as error:
        raise CommandError("That is not JSON", hint='Send {"kind": ...}.') from error
    if _depth(body) > MOST_DEEP:
        raise CommandError(f"That is nested deeper than {MOST_DEEP}", hint='Send {"kind": ...}.')
    return body


def _depth(value: Any) -> int:
    """How deep a JSON value is nested; no deeper than one past the limit is looked."""
    level, deep = [value], 0
    while level and deep <= MOST_DEEP:
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        deep += 1
    return deep


def _parse(body: Any) -> messages.Message:
    kind = body.get("kind") if isinstance(body, dict) else None
    if kind in COMMANDS:
        return parse_command(body)
    if kind not in STREAM_KINDS:
        raise CommandError(
            f"There is no message {kind!r:.40}",
            path="kind",
            hint=did_you_mean(kind, (*STREAM_KINDS, *COMMANDS)),
        )
    try:
        found: messages.Message = INBOUND.validate_python(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        raise CommandError(
            f"{place or kind} is {first['input']!r:.80}: {first['msg']}", path=place
        ) from error
    return found
