"""Sends the engine's updates of one run to all its viewers, at a limited rate."""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from collections.abc import Callable
from typing import Literal

from livenet.api.viewers.frames import FrameParser
from livenet.api.viewers.run_messages import RunMessages, TextCache
from livenet.engine.base import Change, Engine

UPDATE_INTERVAL = 0.1  # seconds between two messages with a run's progress and its new rows
VIEWER_INTERVAL = 0.001  # seconds more for each viewer of any run, once that is longer
LONGEST_INTERVAL = 0.5
QUIET = 1.0  # seconds without a message after which the progress is sent again
SNAPSHOTS_EVERY = 1.5  # seconds between two messages with its snapshots, while it trains

Update = Change | Literal["snapshots"]
Listener = Callable[[Update], None]


class Broadcast:
    """One run's updates. A change of state is sent at once; progress and rows are sent together, a
    few times a second (less often in a crowd), because each update is a message to every viewer.
    The progress of a run at rest is repeated, so that a viewer can tell a quiet run from a server
    that does not answer."""

    def __init__(
        self, engine: Engine, run: str, cache: TextCache, interval: Callable[[], float]
    ) -> None:
        self.messages = RunMessages(
            engine.run(run),
            cache,
            saving=lambda: engine.saving(run),
            unsaved=lambda: engine.store_error.message if engine.store_error else None,
        )
        self._engine = engine
        self._interval = interval
        self._held: Change | None = None
        self._loop = asyncio.get_running_loop()
        self._listeners: dict[object, Listener] = {}
        self._sent_at = 0.0
        self._timer: TimerHandle | None = None
        self._snapshots_version = self.messages.run.snapshots.version
        self._snapshots_sent_at = 0.0
        self._snapshots_timer: TimerHandle | None = None
        self._leave = engine.listen(run, self._changed)
        self._heartbeat = self._loop.call_later(QUIET, self._beat)

    def __len__(self) -> int:
        return len(self._listeners)

    def add(self, listener: Listener) -> Callable[[], None]:
        """Notifies ``listener`` of changes until the returned function is called."""
        key = object()
        self._listeners[key] = listener

        def leave() -> None:
            self._listeners.pop(key, None)

        return leave

    def close(self) -> None:
        self._leave()
        self._heartbeat.cancel()
        for timer in (self._timer, self._snapshots_timer):
            if timer:
                timer.cancel()

    def _changed(self, change: Change) -> None:
        if change in ("run", "gone"):
            self._notify(change)
        elif self._timer is None:
            wait = self._sent_at + self._interval() - self._loop.time()
            self._timer = self._loop.call_later(max(0.0, wait), self._notify, "progress")

    def _beat(self) -> None:
        """Repeats the progress, unless another message was sent lately."""
        if self._loop.time() - self._sent_at >= QUIET:
            self._notify("progress")
        self._heartbeat = self._loop.call_later(QUIET, self._beat)

    def _notify(self, change: Change) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if change != "gone" and self._engine.saving(self.messages.run.id):
            # The engine notifies again when what the run has now is in the store.
            self._held = "run" if "run" in (change, self._held) else "progress"
            return
        if change != "gone" and self._held == "run":
            change = "run"
        self._held = None
        self._sent_at = self._loop.time()
        self.messages.publish()
        self._notify_all(change)
        self._check_snapshots()

    def _notify_all(self, change: Update) -> None:
        for listener in list(self._listeners.values()):
            listener(change)

    def _check_snapshots(self) -> None:
        """Sends snapshots that have changed: at once if the run is paused or ended, else rarely."""
        run = self.messages.run
        going = run.status == "running"
        if run.snapshots.version == self._snapshots_version or (self._snapshots_timer and going):
            return
        if self._snapshots_timer:
            self._snapshots_timer.cancel()
        due = self._snapshots_sent_at + (SNAPSHOTS_EVERY if going else 0.0)
        wait = max(0.0, due - self._loop.time())
        self._snapshots_timer = self._loop.call_later(wait, self._notify_snapshots)

    def _notify_snapshots(self) -> None:
        self._snapshots_timer = None
        self._snapshots_sent_at = self._loop.time()
        self._snapshots_version = self.messages.run.snapshots.version
        self._notify_all("snapshots")


class Broadcasts:
    """The runs that have viewers."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.parse_frame = FrameParser()
        self._cache = TextCache()
        self._open: dict[str, Broadcast] = {}
        self._viewers = 0

    def interval(self) -> float:
        """Seconds between two messages of a run: what the messages of all viewers cost is bounded,
        so that pictures have the rest."""
        crowd = min(LONGEST_INTERVAL, VIEWER_INTERVAL * self._viewers)
        return max(UPDATE_INTERVAL, crowd)

    def __len__(self) -> int:
        return len(self._open)

    def join(self, run: str, listener: Listener) -> tuple[RunMessages, Callable[[], None]]:
        """A run's messages, and a function that ends the updates. Raises UnknownRun."""
        found = self._open.get(run)
        if found is None or found.messages.run is not self.engine.run(run):
            found = self._open[run] = Broadcast(self.engine, run, self._cache, self.interval)
        remove_listener = found.add(listener)
        self._viewers += 1
        gone = False

        def leave() -> None:
            nonlocal gone
            if gone:
                return
            gone = True
            self._viewers -= 1
            remove_listener()
            if not len(found):
                found.close()
                if self._open.get(run) is found:
                    del self._open[run]

        return found.messages, leave
