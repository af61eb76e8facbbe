"""One stream inside one process, over nothing but ``receive`` and ``send``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

from fastapi import WebSocket
from starlette.types import Message

from livenet.api.access.identity import LOCAL, SCOPE_KEY
from livenet.api.access.rates import Rates
from livenet.api.monitoring.metrics import Counts
from livenet.api.viewers.broadcast import Broadcasts
from livenet.api.viewers.stream import stream
from livenet.engine.base import Change, Deliver, Engine, Refuse
from livenet.errors import LivenetError, UnknownRun
from livenet.pictures import Picture
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from livenet.wire.frame import encode


class FakeWatch:
    def __init__(self, deliver: Deliver, refuse: Refuse) -> None:
        self.deliver = deliver
        self.refuse = refuse
        self.cancelled = False

    def request_next(self) -> None:
        pass

    def cancel(self) -> None:
        self.cancelled = True


class OneRun:
    """An engine that does what the test says."""

    def __init__(self) -> None:
        self.found = Run(id="run", name="", spec=resolve({}), snapshots=SnapshotStore(1000))
        self.listeners: list[Callable[[Change], None]] = []
        self.watches: list[FakeWatch] = []
        self.store_error: LivenetError | None = None

    async def load(self, run: str) -> Run:
        return self.run(run)

    def saving(self, run: str) -> bool:
        return False

    def run(self, run: str) -> Run:
        if run != "run":
            raise UnknownRun("no")
        return self.found

    def listen(self, run: str, listener: Callable[[Change], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def watch(
        self,
        run: str,
        probe: str,
        options: Mapping[str, Any],
        fps: float,
        deliver: Deliver,
        refuse: Refuse,
    ) -> FakeWatch:
        self.watches.append(FakeWatch(deliver, refuse))
        return self.watches[-1]


class Server:
    """An application's state, and streams that are opened by hand."""

    def __init__(self) -> None:
        self.engine = OneRun()
        engine = cast(Engine, self.engine)
        self.broadcasts = Broadcasts(engine)
        self.counts = Counts()
        self.state = SimpleNamespace(
            engine=engine, broadcasts=self.broadcasts, counts=self.counts, commands=Rates(10.0)
        )

    def open(self, run: str = "run") -> Stream:
        return Stream(self, run)


class Stream:
    def __init__(self, server: Server, run: str) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._incoming.put_nowait({"type": "websocket.connect"})
        app = SimpleNamespace(state=server.state)
        scope = {"type": "websocket", "app": app, "headers": [], SCOPE_KEY: LOCAL}
        socket = WebSocket(scope, self._incoming.get, self.sent.put)
        self.task = asyncio.create_task(stream(socket, run))

    def send(self, **message: Any) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    def disconnect(self) -> None:
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})

    async def until(self, check: Callable[[Message], object]) -> Message:
        while not check(found := await asyncio.wait_for(self.sent.get(), 10)):
            pass
        return found


async def subscribed_stream(server: Server) -> Stream:
    opened = server.open()
    opened.send(kind="subscribe", id="a", probe="decision")
    await opened.until(lambda one: "subscribed" in (one.get("text") or ""))
    return opened


async def test_pictures_without_a_way_past_the_queues() -> None:
    server = Server()
    opened = await subscribed_stream(server)
    for seq in range(6):
        frame = encode(Picture(step=seq, plots=()), "channel", seq)
        server.engine.watches[0].deliver(frame)
        assert (await opened.until(lambda one: one.get("bytes")))["bytes"] == frame
        opened.send(kind="ack", seqs={"a": seq})
    assert server.counts.frames_sent == 6
    opened.disconnect()
    await opened.task


async def test_who_leaves_leaves_nothing() -> None:
    """Whether the viewer goes, the run is deleted, or the server stops."""
    server = Server()
    for how in ("goes", "deleted", "stops"):
        opened = await subscribed_stream(server)
        assert (server.counts.viewers, len(server.engine.listeners)) == (1, 1)
        match how:
            case "goes":
                opened.disconnect()
            case "deleted":
                for listener in list(server.engine.listeners):
                    listener("gone")
                closed = await opened.until(lambda one: one["type"] == "websocket.close")
                assert closed["code"] == 4404
                opened.disconnect()
            case "stops":
                opened.task.cancel()
        await asyncio.wait([opened.task])
        assert (server.counts.viewers, len(server.engine.listeners)) == (0, 0)
        assert len(server.broadcasts) == 0
        assert all(watch.cancelled for watch in server.engine.watches)
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_late_words_of_a_watch_that_was_left_are_nobodys() -> None:
    server = Server()
    opened = await subscribed_stream(server)
    opened.send(kind="subscribe", id="a", probe="weights")
    await opened.until(lambda one: "weights-" in (one.get("text") or ""))
    old, new = server.engine.watches
    assert (old.cancelled, new.cancelled) == (True, False)
    old.deliver(encode(Picture(step=1, plots=()), "old", 1))
    old.refuse({"code": "late", "message": "", "path": "", "hint": ""})
    await asyncio.sleep(0.05)
    frame = encode(Picture(step=2, plots=()), "new", 2)
    new.deliver(frame)
    first = await opened.until(lambda one: one.get("bytes") or "late" in (one.get("text") or ""))
    assert first.get("bytes") == frame
    opened.disconnect()
    await opened.task


async def test_no_such_run() -> None:
    server = Server()
    opened = server.open("another")
    assert "unknown_run" in (await opened.until(lambda one: one.get("text")))["text"]
    assert (await opened.until(lambda one: one["type"] == "websocket.close"))["code"] == 4404
    await opened.task
    assert server.counts.viewers == 0
