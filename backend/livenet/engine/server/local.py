"""The embedded engine: worker processes on this machine, driven from one event loop."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from time import time
from typing import Any

from livenet.engine import messages as msg
from livenet.engine.base import Deliver, Form, Listener, Measures, Refuse, Watch, channel_of
from livenet.engine.server.channels import WatchedPictures, Watcher
from livenet.engine.server.commands import Commands
from livenet.engine.server.crashes import Crashes
from livenet.engine.server.fleet import Fleet, measured
from livenet.engine.server.housekeeping import Housekeeping
from livenet.engine.server.last_pictures import LastPictures
from livenet.engine.server.registry import RunRegistry
from livenet.engine.server.requests import Requests
from livenet.engine.server.run_factory import created, forked
from livenet.engine.server.scheduler import Scheduler
from livenet.engine.server.worker_events import WorkerEvents
from livenet.errors import EngineFailure, LivenetError, UnknownRun, error_of
from livenet.probes.options import options_of
from livenet.settings import Settings
from livenet.spec import RunSpec, resolve
from livenet.store import Disk, Run, Saver
from livenet.wire.messages import Message


class LocalEngine:
    """Keeps the state that must outlive a worker, and carries commands, pictures and series."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # For everything that a worker works for: runs, watched pictures and probe requests.
        self._numbers = itertools.count(1)
        self._registry = RunRegistry(settings)
        self._crashes = Crashes()
        self._watched = WatchedPictures(self._numbers, self._crashes)
        self._fleet = Fleet(settings)
        self._scheduler = Scheduler(self._fleet, self._numbers, self._watched.reopened)
        self._requests = Requests(self._registry, self._scheduler, self._crashes)
        self._commands = Commands(settings, self._registry, self._requests)
        self._last_pictures = LastPictures(self._watched)
        self._events = WorkerEvents(
            settings,
            self._registry,
            self._scheduler,
            self._requests,
            self._commands,
            self._watched,
            rested=self.save,
            failed=self._show_last,
        )
        self._housekeeping = Housekeeping(self, self._scheduler, self._commands)
        self._saver = Saver(Disk(settings.data)) if settings.data else None
        self._closing = False

    async def start(self) -> None:
        self._fleet.start(self._events)
        self._housekeeping.start()
        if self.settings.data:
            for run in Disk(self.settings.data).load(self.settings.snapshot_bytes):
                if not run.ended:
                    run.status = "paused"
                self._registry.add(run)
                state = msg.RunState(run.status, pace=run.pace, error=run.error)
                self._scheduler.assign(run, state)

    async def close(self) -> None:
        self._closing = True
        going = [run for run in self._registry if run.status == "running"]
        self._housekeeping.close()
        self._commands.close()
        self._last_pictures.close()
        await self._fleet.close()
        if self._saver:
            await self._saver.close(going)

    def health(self) -> dict[str, Any]:
        ready = self._fleet.ready
        return {
            "engine": "local",
            "workers": self._fleet.wanted,
            "alive": len(ready),
            "ready": len(ready) > 0 and not self._closing,
            "failing": self._fleet.failing,
            "device": ready[0].device if ready else self.settings.device,
            "runs": len(self._registry),
            "running": sum(run.status == "running" for run in self._registry),
        }

    def measures(self) -> Measures:
        steps, quanta, pictures = self._fleet.totals()
        return Measures(
            runs=Counter(run.status for run in self._registry),
            workers=tuple(measured(one, *self._scheduler.counts(one)) for one in self._fleet),
            restarts=self._fleet.replaced,
            unexplained=self._fleet.unexplained,
            steps=steps,
            quanta=quanta,
            pictures=pictures,
            waiting=len(self._requests),
            watches=len(self._watched),
        )

    def where(self, run: str) -> int | None:
        """Returns the process id of the worker that has a run."""
        worker = self._scheduler.worker_of(self.run(run).id)
        return worker.pid if worker else None

    def runs(self) -> list[Run]:
        return list(self._registry)

    def run(self, run: str) -> Run:
        return self._registry.run(run)

    async def create(
        self,
        document: object,
        *,
        name: str,
        start: bool,
        pace: float | None,
        owner: str = "",
        parent: str | None = None,
    ) -> Run:
        spec = resolve(document, self.settings.limits)
        self._check_capacity(spec)
        made = created(spec, self.settings, name=name, pace=pace, owner=owner)
        if parent is not None:
            made.parent = {"id": self.run(parent).id, "step": 0}
        return await self._begin(made, start)

    async def fork(
        self,
        run: str,
        step: int | None,
        changes: Mapping[str, object],
        *,
        name: str,
        start: bool,
        pace: float | None,
        owner: str = "",
    ) -> Run:
        old = self.run(run)
        made = forked(old, step, changes, self.settings, name=name, pace=pace, owner=owner)
        self._check_capacity(made.spec)
        return await self._begin(made, start)

    def _check_capacity(self, spec: RunSpec) -> None:
        """Raises if the server is full, or if this run is too large for it."""
        if self._closing:
            raise EngineFailure("The server is stopping", hint="Try again in a moment.")
        self._registry.check_capacity(spec)

    async def _begin(self, made: Run, start: bool) -> Run:
        """Gives a new run to a worker, and waits until it is open."""
        self._registry.add(made)
        state = msg.RunState("running" if start else "paused", pace=made.pace)
        place = self._scheduler.assign(made, state)
        assert place.opening is not None
        try:
            await asyncio.shield(place.opening)
        except EngineFailure:
            await self.delete(made.id)  # no client has its id yet
            raise
        if made.status == "failed" and made.error:  # for example, its data cannot be read
            await self.delete(made.id)
            raise error_of(made.error)
        self.save(made)  # a client that has its id finds it again after a crash
        return made

    async def command(
        self, run: str, command: Message, key: str = "", reason: LivenetError | None = None
    ) -> int:
        return await self._commands.command(run, command, key, reason)

    def pin(self, run: str, pinned: bool) -> None:
        found = self.run(run)
        found.pinned = pinned
        self._registry.touch(run)
        self._registry.notify(run, "run")
        self.save(found)

    def expires_at(self, run: str) -> float | None:
        found = self.run(run)
        left = self.settings.idle_seconds - self.idle_seconds(found)
        return None if found.pinned else time() + left

    async def delete(self, run: str) -> None:
        self.run(run)
        gone = UnknownRun("The run was deleted", path="id", hint="GET /api/runs lists all runs.")
        self._scheduler.fail(run, gone)
        self._scheduler.remove_run(run)
        self._requests.gone(run, gone)
        self._commands.remove_run(run)
        self._crashes.remove_run(run)
        if self._saver:
            self._saver.delete(run)
        self._watched.remove_run(run)
        self._registry.remove(run)

    async def request_probe(
        self,
        run: str,
        form: Form,
        probe: str,
        options: Mapping[str, Any],
        step: int | None,
        channel: str = "",
    ) -> bytes:
        found = self.run(run)
        self._registry.touch(run)
        if form != "weights":
            options_of(probe, options)
        if (
            step is None and self._scheduler.worker_of(run) is None
        ):  # it has failed: use its last step
            step = found.step
        return await self._request_probe(found, form, probe, options, step, channel)

    async def _request_probe(
        self,
        run: Run,
        form: Form,
        probe: str,
        options: Mapping[str, Any],
        step: int | None,
        channel: str,
        seq: int | None = None,
    ) -> bytes:
        number = next(self._numbers)
        since = None if step is None else run.step_before(step)
        journal = () if step is None else run.journal_before(step)
        picture = form if form == "weights" else channel_of(probe, options, None)
        found: bytes = await self._requests.probe(
            run.id,
            picture,
            lambda ref: msg.ProbeRequest(
                ref=ref,
                run=run.id,
                number=number,
                form=form,
                probe=probe,
                options=dict(options),
                step=step,
                since=since,
                journal=journal,
                channel=channel,
                seq=seq,
            ),
        )
        return found

    def watch(
        self,
        run: str,
        probe: str,
        options: Mapping[str, Any],
        fps: float,
        deliver: Deliver,
        refuse: Refuse,
    ) -> Watch:
        found = self.run(run)
        self._registry.touch(run)
        options_of(probe, options)
        watcher = Watcher(fps, deliver, refuse)
        if self._scheduler.worker_of(run) is None:
            channel = channel_of(probe, options, None)
            self._last_pictures.show(watcher, lambda: self._last(found, probe, options, channel))
            return watcher
        send = partial(self._scheduler.send, run)
        return self._watched.watch(run, probe, options, watcher, send)

    def _show_last(self, run: Run) -> None:
        """Sends the last picture of a failed run to all its watchers."""
        run.incarnation += 1  # their frames have higher numbers
        self._last_pictures.show_all(
            run.id, lambda channel: self._last(run, channel.probe, channel.options, channel.name)
        )

    async def _last(self, run: Run, probe: str, options: Mapping[str, Any], channel: str) -> bytes:
        seq = run.incarnation << 32
        return await self._request_probe(run, "frame", probe, options, run.step, channel, seq)

    def touch(self, run: str) -> None:
        self._registry.touch(run)

    def listen(self, run: str, listener: Listener) -> Callable[[], None]:
        return self._registry.listen(run, listener)

    def idle_seconds(self, run: Run) -> float:
        """Seconds since the last watch, command or probe request of a run."""
        return 0.0 if run.id in self._watched else self._registry.idle_seconds(run.id)

    def save(self, run: Run) -> None:
        """Saves the run as it is now, if runs are stored on disk."""
        if self._saver and not self._closing:
            self._saver.save(run)
