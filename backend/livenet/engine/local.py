"""The embedded engine: worker processes of this machine, driven from one event loop."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from livenet.engine import messages as say
from livenet.engine.answers import Answers
from livenet.engine.asking import Asking, Unanswered
from livenet.engine.base import Deliver, Form, Listener, Measures, Refuse, Watch
from livenet.engine.channel import Channels, Watcher
from livenet.engine.fleet import Fleet, measured
from livenet.engine.placing import Placing
from livenet.engine.process import WorkerProcess
from livenet.engine.roster import Roster
from livenet.engine.upkeep import Upkeep
from livenet.errors import (
    EngineFailure,
    LivenetError,
    SeriesFull,
    TooLarge,
    UnknownRun,
    UnknownStep,
    WrongState,
)
from livenet.probes.options import options_of
from livenet.settings import Settings
from livenet.spec import RunSpec, changed, resolve
from livenet.spec.cost import memory_bytes
from livenet.store import Disk, Run, Saver, Shelf
from livenet.wire.journal import Entry
from livenet.wire.messages import Message, Pause, Set

MOST_TRIES = 3  # of one question, where workers die over it


class LocalEngine:
    """Keeps what must outlive a worker, and carries commands, pictures and series."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._roster = Roster(settings)
        self._channels: dict[str, Channels] = {}
        self._answers = Answers()
        self._asking = Asking()
        self._numbers = itertools.count(1)
        self._fleet = Fleet(settings, self._receive, self._lost, self._late)
        self._placing = Placing(self._fleet, self._numbers, self._opened)
        self._saver = Saver(Disk(settings.data)) if settings.data else None
        self._upkeep = Upkeep(self, self._placing)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def start(self) -> None:
        self._fleet.start()
        self._upkeep.start()
        if self.settings.data:
            for run in Disk(self.settings.data).load(self.settings.snapshot_bytes):
                if not run.ended:
                    run.status = "paused"
                self._roster.add(run)
                standing = say.Standing(run.status, pace=run.pace, error=run.error)
                self._placing.take_in(run, standing)

    async def close(self) -> None:
        self._closing = True
        going = [run for run in self._roster if run.status == "running"]
        self._upkeep.close()
        for task in self._tasks:
            task.cancel()
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
            "device": ready[0].device if ready else self.settings.device,
            "runs": len(self._roster),
            "running": sum(run.status == "running" for run in self._roster),
        }

    def measures(self) -> Measures:
        steps, quanta, pictures = self._fleet.totals()
        return Measures(
            runs=Counter(run.status for run in self._roster),
            workers=tuple(measured(one, *self._placing.counts(one)) for one in self._fleet),
            restarts=self._fleet.replaced,
            steps=steps,
            quanta=quanta,
            pictures=pictures,
            waiting=len(self._asking),
            watches=sum(len(channels) for channels in self._channels.values()),
        )

    def where(self, run: str) -> int | None:
        """The process id of the worker that has a run."""
        home = self._placing.home(self.run(run).id)
        return home.pid if home else None

    def runs(self) -> list[Run]:
        return list(self._roster)

    def run(self, run: str) -> Run:
        return self._roster.run(run)

    async def create(
        self, document: object, *, name: str, start: bool, pace: float | None, owner: str = ""
    ) -> Run:
        spec = resolve(document, self.settings.limits)
        self._room(spec)
        made = Run(
            id=secrets.token_urlsafe(9),
            name=name or f"{spec.data.label}, {spec.model.summary}",
            spec=spec,
            owner=owner,
            shelf=Shelf(self.settings.snapshot_bytes),
            pace=pace,
        )
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
        at = old.step if step is None else step
        self._before(old, at)
        if changes:  # refused before anything is made
            changed(old.spec_at(at), changes, self.settings.limits)
        self._room(old.spec)
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
        return await self._begin(made, start)

    async def _begin(self, made: Run, start: bool) -> Run:
        """Gives a new run to a worker, and waits until it stands where it should."""
        self._roster.add(made)
        standing = say.Standing("running" if start else "paused", pace=made.pace)
        place = self._placing.take_in(made, standing)
        assert place.opening is not None
        try:
            await asyncio.shield(place.opening)
        except EngineFailure:
            await self.delete(made.id)  # nobody knows of it yet
            raise
        self.save(made)  # whoever has its id finds it again, whatever happens
        return made

    async def command(self, run: str, command: Message, key: str = "") -> int:
        self._roster.touch(run)
        return await self._answers.once(run, key, lambda: self._command(run, command))

    async def _command(self, run: str, command: Message, reason: LivenetError | None = None) -> int:
        found = self.run(run)
        if self._placing.home(run) is None:
            raise WrongState(
                "This run has failed, and takes no commands", path="kind", hint="Fork it to go on."
            )
        if isinstance(command, Set):  # the worker does not know this server's limits
            changed(found.spec_at(found.step), command.changes, self.settings.limits)
        why = reason.document() if reason else None
        return int(await self._ask(run, lambda ref: say.Do(ref, run, command, why)))

    async def _ask(self, run: str, message: Callable[[int], say.Do | say.Look]) -> Any:
        """Asks a run's worker, and where that dies or gives it away, the next one."""
        for _ in range(MOST_TRIES):
            home = self._placing.home(run) or self._placing.least_loaded()
            try:
                return await self._asking.ask(home, run, message)
            except Unanswered:
                self.run(run)  # it may be gone by now
        raise EngineFailure(
            "The worker died each time that it was asked for this", hint="Ask for something else."
        )

    async def delete(self, run: str) -> None:
        self.run(run)
        gone = UnknownRun("The run was deleted", path="id")
        place = self._placing.place(run)
        if place and place.opening and not place.opening.done():
            place.opening.set_exception(gone)
            place.opening.exception()  # whoever waits for it has it; nobody has to
        self._placing.forget(run)
        self._asking.gone(run, gone)
        self._answers.forget(run)
        if self._saver:
            self._saver.delete(run)
        self._channels.pop(run, None)
        self._roster.remove(run)

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
        self._roster.touch(run)
        if form != "weights":
            options_of(probe, options)
        if step is not None and step > found.step:
            raise UnknownStep(
                f"step is {step}; the run is at step {found.step}",
                path="step",
                hint=f"Take a step from 0 to {found.step}, or leave it out for the present one.",
            )
        if step is None and self._placing.home(run) is None:  # it has failed: what was, is kept
            step = found.step
        snapshot = None if step is None else self._before(found, step)
        journal = tuple(found.journal)
        return await self._ask(
            run,
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
        self._roster.touch(run)
        options_of(probe, options)
        if run not in self._channels:
            self._channels[run] = Channels(
                run, self._numbers, lambda message: self._send(run, message)
            )
        return self._channels[run].watch(probe, options, Watcher(fps, deliver, refuse))

    def listen(self, run: str, listener: Listener) -> Callable[[], None]:
        return self._roster.listen(run, listener)

    def idle_seconds(self, run: Run) -> float:
        """For how long nobody has watched, commanded or looked at a run."""
        return 0.0 if self._channels.get(run.id) else self._roster.idle_seconds(run.id)

    def pause_because(self, run: Run, reason: LivenetError) -> None:
        """Pauses a run that runs, and has it say why."""
        self._later(self._pause_because(run, reason))

    async def _pause_because(self, run: Run, reason: LivenetError) -> None:
        try:
            await self._command(run.id, Pause(kind="pause"), reason)
        except LivenetError:  # it has come to rest by itself, or is gone
            return

    def save(self, run: Run) -> None:
        """Keeps the run as it is now, where runs are kept."""
        if self._saver and not self._closing:
            self._saver.save(run)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _room(self, spec: RunSpec) -> None:
        """Raises where there is no room for one more run, or for one as large as this."""
        if self._closing:
            raise EngineFailure("The server is ending", hint="Try again in a moment.")
        self._roster.room()
        needed, most = memory_bytes(spec), self.settings.worker_bytes
        if needed > most:
            raise TooLarge(
                f"The run would need about {needed / 1e6:,.0f} MB of memory",
                path="model",
                hint=f"A worker may take {most / 1e6:,.0f} MB: take a smaller net or less data.",
            )

    def _before(self, run: Run, step: int) -> bytes:
        """The snapshot at or before a step that the run has reached."""
        if step > run.step:
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

    def _send(self, run: str, message: say.ToWorker) -> None:
        """Tells a run's worker; a run without one has nobody to tell."""
        if home := self._placing.home(run):
            home.send(message)

    def _opened(self, run: str) -> None:
        """A run was sent to a worker: those who watch it are said again."""
        if channels := self._channels.get(run):
            channels.reopened()

    def _receive(self, worker: WorkerProcess, message: say.FromWorker) -> None:
        """What a worker says; what it says of a run that another has taken over is dropped."""
        match message:
            case say.Reply(ref=ref, value=value, error=error):
                # A run that the worker does not have is with another by now, or gone.
                again = Unanswered() if isinstance(error, UnknownRun) else error
                self._asking.answered(ref, value, again)
            case say.Framed() | say.News():
                run = self._roster.get(message.run)
                if run is None or run.incarnation != message.incarnation:
                    return
                if isinstance(message, say.News):
                    self._news(run, message)
                elif channels := self._channels.get(run.id):
                    channels.framed(message)
            case _:
                pass

    def _news(self, run: Run, news: say.News) -> None:
        standing = news.standing
        stood = run.status, run.error, run.pace
        new = (standing.status, standing.error, standing.pace) != stood
        rested = new and standing.status not in ("queued", "running")
        run.status, run.error, run.pace = standing.status, standing.error, standing.pace
        run.step, run.epoch = news.step, news.epoch
        run.steps_per_second = news.steps_per_second
        if news.metrics is not None:
            run.metrics = dict(news.metrics)
        if news.entry:
            run.journal.append(news.entry)
        if news.snapshot is not None:
            run.shelf.put(news.step, news.snapshot)
        rows = run.series.extend(news.rows)
        if news.ref is not None:
            self._asking.answered(news.ref, news.step)
        self._placing.told(news)
        self._roster.tell(run.id, "run" if new or news.entry else "progress")
        if rows:
            self._roster.tell(run.id, "rows")
            if len(run.series) >= self.settings.max_rows and run.status == "running":
                self.pause_because(run, _series_full(len(run.series)))
        if rested:
            self.save(run)

    def _late(self, worker: WorkerProcess) -> None:
        """A worker is not there yet, and others are: nobody waits for it."""
        self._placing.rescue(worker)
        self._asking.lost(worker)

    def _lost(self, worker: WorkerProcess) -> None:
        """A worker is gone: its runs go on, but for one that has ended several."""
        for run in self._placing.lost(worker):
            failure = EngineFailure(
                f"The worker process of this run has died three times at step {run.step}",
                hint="Fork it from an earlier step, with a smaller net or less data.",
            )
            run.status, run.error, run.steps_per_second = "failed", failure.document(), None
            place = self._placing.place(run.id)
            if place and place.opening and not place.opening.done():
                place.opening.set_exception(failure)
                place.opening.exception()
            self._asking.gone(run.id, failure)
            self._roster.tell(run.id, "run")
        self._asking.lost(worker)
        for channels in list(self._channels.values()):
            channels.killed(worker.pulse.turn)


def _series_full(rows: int) -> SeriesFull:
    return SeriesFull(
        f"The series has {rows:,} rows, and no room for more",
        path="training.series_every",
        hint="Make a new run with a larger training.series_every to go on for longer.",
    )
