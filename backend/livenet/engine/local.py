"""The embedded engine: worker processes of this machine, driven from one event loop."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from livenet.engine import messages as say
from livenet.engine.asking import Asking
from livenet.engine.base import Change, Deliver, Form, Listener, Measures, Refuse, Watch
from livenet.engine.channel import Channels, Watcher
from livenet.engine.process import WorkerProcess, context
from livenet.errors import EngineFailure, TooMany, UnknownRun, UnknownStep, WrongState
from livenet.probes.options import options_of
from livenet.settings import Settings
from livenet.spec import changed, resolve
from livenet.store import Disk, Run, Shelf
from livenet.wire.journal import Entry
from livenet.wire.messages import Message, Pace, Set


class LocalEngine:
    """Places each run on the worker with the fewest, and keeps what must outlive a worker."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open = False
        self._workers: list[WorkerProcess] = []
        self._runs: dict[str, Run] = {}
        self._homes: dict[str, WorkerProcess] = {}
        self._channels: dict[str, Channels] = {}
        self._listeners: dict[str, list[Listener]] = {}
        self._asking = Asking()
        self._opening: dict[str, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._disk = Disk(settings.data) if settings.data else None

    async def start(self) -> None:
        self._open = True
        for _ in range(self.settings.worker_count):
            self._hire()
        if self._disk:
            for run in self._disk.load(self.settings.snapshot_bytes):
                self._runs[run.id] = run
                self._later(self._bring_back(run))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bring_back(self, run: Run) -> None:
        """A run from the disk, or of a worker that is gone: paused where it was, or ended and there
        to be looked at."""
        if not run.ended:
            run.status = "paused"
        with suppress(EngineFailure):  # said in the run itself
            await self._place(run, run.shelf.before(run.step), run.status)

    async def close(self) -> None:
        if self._disk:
            for run in self._runs.values():
                self._disk.save(run)
        self._open = False
        workers, self._workers = self._workers, []
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(asyncio.to_thread(worker.end, 1.5) for worker in workers))

    def health(self) -> dict[str, Any]:
        ready = [worker for worker in self._workers if worker.ready and worker.alive]
        return {
            "engine": "local",
            "workers": len(self._workers),
            "ready": len(ready) > 0,
            "device": ready[0].device if ready else self.settings.device,
            "runs": len(self._runs),
            "running": sum(run.status == "running" for run in self._runs.values()),
        }

    def measures(self) -> Measures:
        return Measures(
            runs=Counter(run.status for run in self._runs.values()),
            workers=(),
            restarts=0,
            steps=0,
            quanta=0,
            pictures=0,
            waiting=0,
            watches=sum(len(channels) for channels in self._channels.values()),
        )

    def runs(self) -> list[Run]:
        return list(self._runs.values())

    def run(self, run: str) -> Run:
        if run not in self._runs:
            raise UnknownRun(
                f"There is no run {run!r}", path="id", hint="GET /api/runs lists those there are."
            )
        return self._runs[run]

    async def create(
        self, document: object, *, name: str, start: bool, pace: float | None, owner: str = ""
    ) -> Run:
        spec = resolve(document, self.settings.limits)
        self._room()
        made = Run(
            id=secrets.token_urlsafe(9),
            name=name or f"{spec.data.label}, {'·'.join(map(str, spec.model.hidden)) or 'linear'}",
            spec=spec,
            owner=owner,
            shelf=Shelf(self.settings.snapshot_bytes),
            pace=pace,
        )
        await self._place(made, None, "running" if start else "paused")
        return made

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
        at = old.step if step is None else step
        snapshot = self._before(old, at)
        if changes:  # refused before anything is made
            changed(old.spec_at(at), changes, self.settings.limits)
        self._room()
        journal = [entry for entry in old.journal if entry.step <= at]
        if changes:
            journal.append(Entry(at, {"kind": "set", "changes": dict(changes)}))
        made = Run(
            id=secrets.token_urlsafe(9),
            name=name or old.name,
            spec=old.spec,
            owner=owner,
            shelf=old.shelf.until(at),
            parent={"id": old.id, "step": at},
            step=at,
            pace=pace,
            journal=journal,
            series=old.series.until(at),
        )
        await self._place(made, snapshot, "running" if start else "paused")
        return made

    async def command(self, run: str, command: Message, key: str = "") -> int:
        found = self.run(run)
        if found.status == "failed" and run not in self._homes:
            raise WrongState(
                "This run has failed, and takes no commands", path="kind", hint="Fork it to go on."
            )
        if isinstance(command, Set):  # the worker does not know this server's limits
            changed(found.spec_at(found.step), command.changes, self.settings.limits)
        step = await self._asking.ask(self._home(run), lambda ref: say.Do(ref, run, command))
        if isinstance(command, Pace):
            found.pace = command.steps_per_second
        return int(step)

    async def delete(self, run: str) -> None:
        self.run(run)
        home = self._homes.pop(run, None)
        if home:
            home.runs.discard(run)
            home.send(say.Close(run))
        if self._disk:
            self._disk.delete(run)
        if (opening := self._opening.get(run)) and not opening.done():
            opening.set_exception(UnknownRun("The run was deleted while it was made", path="id"))
        self._tell(run, "gone")
        for table in (self._runs, self._channels, self._listeners):
            table.pop(run, None)

    async def look(
        self,
        run: str,
        form: Form,
        probe: str,
        options: Mapping[str, Any],
        step: int | None,
        channel: str = "",
    ) -> Any:
        found = self.run(run)
        if form != "weights":
            options_of(probe, options)
        if step is not None and step > found.step:
            raise UnknownStep(
                f"step is {step}; the run is at step {found.step}",
                path="step",
                hint=f"Take a step from 0 to {found.step}, or leave it out for the present one.",
            )
        snapshot = None if step is None else self._before(found, step)
        journal = tuple(found.journal)
        return await self._asking.ask(
            self._home(run),
            lambda ref: say.Look(
                ref, run, form, probe, dict(options), step, snapshot, journal, channel
            ),
        )

    def watch(
        self,
        run: str,
        probe: str,
        options: Mapping[str, Any],
        fps: float,
        deliver: Deliver,
        refuse: Refuse,
    ) -> Watch:
        self.run(run)
        options_of(probe, options)
        self._home(run)
        if run not in self._channels:
            self._channels[run] = Channels(run, lambda message: self._send(run, message))
        return self._channels[run].watch(probe, options, Watcher(fps, deliver, refuse))

    def _send(self, run: str, message: say.ToWorker) -> None:
        """Tells a run's worker; a run without one has nobody to tell."""
        if home := self._homes.get(run):
            home.send(message)

    def listen(self, run: str, listener: Listener) -> Callable[[], None]:
        self.run(run)
        listeners = self._listeners.setdefault(run, [])
        listeners.append(listener)

        def leave() -> None:
            if listener in listeners:
                listeners.remove(listener)

        return leave

    def _room(self) -> None:
        if len(self._runs) >= self.settings.max_runs:
            raise TooMany(
                f"This server holds {self.settings.max_runs} runs at once",
                hint="Delete a run that is no longer needed.",
            )

    def _before(self, run: Run, step: int) -> bytes:
        if step > run.step or step < 0:
            raise UnknownStep(
                f"step is {step}; the run is at step {run.step}",
                path="step",
                hint=f"Take a step from 0 to {run.step}.",
            )
        try:
            return run.shelf.before(step)
        except LookupError as error:
            raise WrongState(
                "This run has not started yet", path="step", hint="Ask again in a moment."
            ) from error

    async def _place(self, run: Run, snapshot: bytes | None, status: str) -> None:
        """Gives a run to a worker, and waits until it stands where it should."""
        if not self._workers:
            raise EngineFailure("The workers are starting again", hint="Try again in a second.")
        home = min(self._workers, key=lambda worker: len(worker.runs))
        self._runs[run.id] = run
        self._homes[run.id] = home
        home.runs.add(run.id)
        run.incarnation += 1
        opening: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._opening[run.id] = opening
        home.send(
            say.Open(
                run=run.id,
                incarnation=run.incarnation,
                spec=run.spec.document(),
                snapshot=snapshot,
                journal=tuple(run.journal),
                step=run.step,
                last_row=run.series.last_step,
                status=status,
                pace=run.pace,
            )
        )
        try:
            await opening
        except EngineFailure:
            if run.incarnation == 1:  # nobody knows of it yet
                self._runs.pop(run.id, None)
            raise
        finally:
            self._opening.pop(run.id, None)

    def _home(self, run: str) -> WorkerProcess:
        if run not in self._homes:
            raise EngineFailure("The worker of this run is gone", hint="Fork the run to go on.")
        return self._homes[run]

    def _receive(self, worker: WorkerProcess, message: say.FromWorker | None) -> None:
        """What a worker says, in the event loop; None is its end."""
        match message:
            case None:
                self._lost(worker)
            case say.Ready(device=device):
                worker.ready, worker.device = True, device
            case say.Reply():
                self._asking.replied(message)
            case say.Framed():
                if message.run in self._channels:
                    self._channels[message.run].framed(message)
            case _:
                run = self._runs.get(message.run)
                if run and run.incarnation == message.incarnation:
                    self._news(run, message)

    def _news(self, run: Run, message: say.State | say.Rows | say.Kept | say.Took) -> None:
        match message:
            case say.State():
                new = (message.status, message.error) != (run.status, run.error)
                run.status, run.error = message.status, message.error
                run.step, run.epoch = message.step, message.epoch
                run.steps_per_second = message.steps_per_second
                if message.metrics is not None:
                    run.metrics = dict(message.metrics)
                opening = self._opening.get(run.id)
                if opening and not opening.done():
                    opening.set_result(None)
                self._tell(run.id, "run" if new else "progress")
                if new and self._disk and run.status not in ("queued", "running"):
                    self._disk.save(run)
            case say.Rows(rows=rows):
                for step, epoch, rate, metrics in rows:
                    run.series.append(step, epoch, {**metrics, "steps_per_second": rate})
                self._tell(run.id, "rows")
            case say.Kept(step=step, data=data):
                run.shelf.put(step, data)
            case say.Took(entry=entry):
                run.journal.append(entry)
                self._tell(run.id, "run")

    def _tell(self, run: str, change: Change) -> None:
        for listener in list(self._listeners.get(run, ())):
            listener(change)

    def _lost(self, worker: WorkerProcess) -> None:
        """A worker is gone: what waits for it is told, and its runs are failed, not forgotten."""
        if worker not in self._workers:
            return
        failure = EngineFailure(
            "The worker process of this run has died",
            hint="Fork the run from its last snapshot to go on.",
        )
        self._asking.lost(worker, failure)
        self._workers.remove(worker)
        if worker.ready:
            self._hire()
        else:  # one that never came to be is not tried again at once: what stopped it may last
            asyncio.get_running_loop().call_later(1.0, self._hire)
        for name in worker.runs:
            run = self._runs[name]
            self._homes.pop(name, None)
            if run.ended:
                self._later(self._bring_back(run))
                continue
            run.status, run.error, run.steps_per_second = "failed", failure.document(), None
            if (opening := self._opening.get(name)) and not opening.done():
                opening.set_exception(failure)
            self._tell(name, "run")

    def _hire(self) -> None:
        """One worker more, while the engine is open."""
        if self._open:
            self._workers.append(WorkerProcess(context(), self.settings, self._receive))
