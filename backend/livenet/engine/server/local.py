"""The embedded engine: worker processes on this machine, driven from one event loop."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import time
from typing import Any

from livenet.engine import messages as msg
from livenet.engine.base import (
    NOBODY,
    Deliver,
    Form,
    Listener,
    Measures,
    Owner,
    Refuse,
    Watch,
    channel_of,
)
from livenet.engine.server.admission import Admission, Waiting
from livenet.engine.server.budgets import Budgets, Reason
from livenet.engine.server.channels import WatchedPictures, Watcher
from livenet.engine.server.commands import Commands
from livenet.engine.server.crashes import Crashes
from livenet.engine.server.fleet import Fleet, measured
from livenet.engine.server.groups import Groups
from livenet.engine.server.housekeeping import Housekeeping
from livenet.engine.server.last_pictures import LastPictures
from livenet.engine.server.lasting import lasting
from livenet.engine.server.preparation import Preparation
from livenet.engine.server.registry import RunRegistry, unknown
from livenet.engine.server.requests import Requests
from livenet.engine.server.run_factory import created, forked
from livenet.engine.server.scheduler import Scheduler
from livenet.engine.server.worker_events import WorkerEvents
from livenet.errors import EngineFailure, LivenetError, StoreFailure, UnknownRun, error_of
from livenet.probes.options import options_of
from livenet.settings import Settings
from livenet.spec import RunSpec, resolve
from livenet.store import Run, Store, curves, groups, listing, reading
from livenet.store.curves import Curve
from livenet.store.keyed import Creation, Keyed, forget_old, recalled
from livenet.store.listing import Page, Query
from livenet.store.run import in_order
from livenet.wire.messages import Message, Pause, Stop

log = logging.getLogger("livenet.engine")

EXPIRED_AT_ONCE = 100  # runs
REASONS: Mapping[Reason, str] = {
    "expired": "unused for too long",
    "person": "unused for longest of an owner who is over the limits of a person",
    "server": "unused for longest of the owner who has the most, over the limits of the server",
}
CLOSED_AFTER = 60.0  # seconds without use after which a run that does not train leaves memory


class LocalEngine:
    """Keeps the state that must outlive a worker, and carries commands, pictures and series."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # For everything that a worker works for: runs, watched pictures and probe requests.
        self._numbers = itertools.count(1)
        self._registry = RunRegistry(settings)
        self._store = Store(settings.data, settings.snapshot_bytes)
        self._crashes = Crashes()
        self._watched = WatchedPictures(self._numbers, self._crashes)
        self._fleet = Fleet(settings)
        self._preparation = Preparation()
        self._scheduler = Scheduler(self._fleet, self._numbers, self._watched.reopened)
        self._requests = Requests(self._registry, self._scheduler, self._crashes)
        self._admission = Admission(settings, self._registry, self._start_queued)
        self._commands = Commands(settings, self._registry, self._requests, self._admission)
        self._last_pictures = LastPictures(self._watched)
        self._events = WorkerEvents(
            settings,
            self._registry,
            self._scheduler,
            self._requests,
            self._commands,
            self._admission,
            self._watched,
            self._store,
            failed=self._show_last,
        )
        self._budgets = Budgets(self, self._store)
        self.groups = Groups(
            settings, self._store, self._admission, self._budgets, self._check_size
        )
        self._housekeeping = Housekeeping(
            self, self._scheduler, self._commands, self._admission, self._budgets
        )
        self._loading: dict[str, asyncio.Task[None]] = {}
        self._closed_runs: Counter[str] = Counter()
        self._deleted: Counter[str] = Counter()
        self._deleting: set[str] = set()
        """Closed runs that are being deleted: they are not opened any more."""
        self._leaving: set[str] = set()
        """Runs to close as soon as nothing of them is left to save."""
        self._closing = False

    async def start(self) -> None:
        await self._store.open()
        self._fleet.start(self._events)
        self._preparation.begin()
        self._housekeeping.start()
        for name in await self._store.read(reading.training):
            try:
                run = await self.load(name)
            except LivenetError as error:
                log.error("%s", error, extra={"run": name})
                continue
            self._place(run)
        for group, parallel in (await self._store.read(groups.parallel_of_waiting)).items():
            self._admission.add_group(group, parallel)
        self._admission.add(Waiting(*row) for row in await self._store.read(reading.queued))

    async def close(self) -> None:
        self._closing = True
        self._housekeeping.close()
        self._admission.close()
        self._commands.close()
        self._last_pictures.close()
        await self._fleet.close()
        for run in self._registry:
            self._record_use(run)
        if lost := await self._store.close():
            names = ", ".join(f"{run.name} ({run.id})" for run in lost)
            raise StoreFailure(
                f"The last changes of these runs could not be saved: {names}. {self._store.error}",
                path="--data",
            )

    def health(self) -> dict[str, Any]:
        ready = self._fleet.ready
        return {
            "engine": "local",
            "workers": self._fleet.wanted,
            "alive": len(ready),
            "ready": len(ready) > 0 and not self._closing,
            "failing": self._fleet.failing,
            "unsaved": self._store.error.message if self._store.error else None,
            "device": ready[0].device if ready else self.settings.device,
            "uncompiled": ready[0].uncompiled if ready else None,
            "preparing": None if ready else self._preparation.words(),
            "runs": len(self._registry) + self._closed_runs.total(),
            "running": sum(run.status == "running" for run in self._registry),
            "queued": len(self._admission),
        }

    def measures(self) -> Measures:
        steps, quanta, pictures = self._fleet.totals()
        return Measures(
            runs=Counter(run.status for run in self._registry) + self._closed_runs,
            workers=tuple(measured(one, *self._scheduler.counts(one)) for one in self._fleet),
            restarts=self._fleet.replaced,
            unexplained=self._fleet.unexplained,
            steps=steps,
            quanta=quanta,
            pictures=pictures,
            waiting=len(self._requests),
            watches=len(self._watched),
            unsaved_bytes=self._store.unsaved_bytes,
            store_failures=self._store.failures,
            deleted=self._deleted,
        )

    def where(self, run: str) -> int | None:
        """Returns the process id of the worker that has a run."""
        worker = self._scheduler.worker_of(self.run(run).id)
        return worker.pid if worker else None

    @property
    def store_error(self) -> LivenetError | None:
        return self._store.error

    @property
    def unsaved_bytes(self) -> int:
        return self._store.unsaved_bytes

    def runs(self) -> list[Run]:
        return list(self._registry)

    async def find(self, query: Query) -> Page:
        page = await self._store.read(listing.find, query)
        found = []
        for stored in page.runs:
            live = self._registry.get(stored["id"])
            # What the store does not have yet of an open run is shown only if nobody waits for it.
            current = live is not None and not self._store.saving(live.id)
            found.append(live.summary() if live is not None and current else stored)
        return replace(page, runs=found)

    async def curves(self, ids: Sequence[str]) -> dict[str, Curve]:
        live = [found for run in ids if (found := self._registry.get(run)) is not None]
        made = {run.id: curves.of_series(run.series) for run in live}
        return made | await self._store.read(curves.stored, [run for run in ids if run not in made])

    async def ids(self, query: Query) -> list[tuple[str, str]]:
        return list(await self._store.read(listing.ids, query))

    async def count(self, owner: str | None = None, *, pinned: bool = False) -> int:
        return await self._store.count(owner, pinned=pinned)

    def run(self, run: str) -> Run:
        return self._registry.run(run)

    async def load(self, run: str) -> Run:
        if self._registry.get(run) is None:
            if run in self._deleting:
                raise unknown(run)
            if run not in self._loading:  # once for all that ask
                self._loading[run] = lasting(self._load(run))
            await asyncio.shield(self._loading[run])
        found = self.run(run)
        with suppress(StoreFailure):  # it is told by the banner, not by each reader
            await self._store.saved(run)
        return self.run(found.id)

    async def _load(self, run: str) -> None:
        """Reads a run from the store, unless there is none."""
        try:
            if found := await self._store.load(run):
                found.incarnation = 1
                self._registry.add(found)
                if self._closed_runs[found.status]:  # a run of a new group is not counted yet
                    self._closed_runs[found.status] -= 1
        finally:
            del self._loading[run]

    def _place(self, run: Run) -> None:
        """Gives a run that no worker has to one, unless it has failed."""
        if self._scheduler.place(run.id) is None and run.status != "failed":
            self._scheduler.assign(run, state_of(run))

    async def _start_queued(self, run: str) -> bool:
        """Starts a queued run; false if that has to be tried again."""
        if self._store.error:
            return False
        try:
            found = await self.load(run)
            if found.status == "queued":
                self._place(found)
                await self._commands.start(run)
        except (EngineFailure, StoreFailure) as error:
            log.warning("a queued run could not be started: %s", error, extra={"run": run})
            return False
        except LivenetError:  # it was paused, stopped or deleted meanwhile
            pass
        return True

    async def create(
        self,
        document: object,
        *,
        name: str,
        start: bool,
        pace: float | None,
        owner: Owner = NOBODY,
        tags: Sequence[str] = (),
        keyed: Keyed | None = None,
        parent: str | None = None,
    ) -> Run:
        spec = resolve(document, self.settings.limits)
        self._check_capacity(spec)
        made = created(spec, self.settings, name=name, pace=pace, owner=owner, tags=tags)
        if parent is not None:
            made.parent = {"id": (await self.load(parent)).id, "step": 0}
        return await self._begin(made, start, keyed, parent)

    async def fork(
        self,
        run: str,
        step: int | None,
        changes: Mapping[str, object],
        *,
        name: str,
        start: bool,
        pace: float | None,
        owner: Owner = NOBODY,
        tags: Sequence[str] = (),
        keyed: Keyed | None = None,
    ) -> Run:
        old = await self.load(run)
        made = forked(
            old, step, changes, self.settings, name=name, pace=pace, owner=owner, tags=tags
        )
        self._check_capacity(made.spec)
        return await self._begin(made, start, keyed, run)

    def _check_capacity(self, spec: RunSpec) -> None:
        """Raises if the server cannot save a run, or if this one is too large for it."""
        self._check_size(spec)
        self._registry.check_capacity(spec)

    def _check_size(self, spec: RunSpec) -> None:
        """Raises if the server cannot save a run, or if this one is larger than a worker."""
        if self._closing:
            raise EngineFailure("The server is stopping", hint="Try again in a moment.")
        self._check_store()
        self._registry.check_size(spec)

    def _check_store(self) -> None:
        if self._store.error:
            raise self._store.error

    async def _begin(self, made: Run, start: bool, keyed: Keyed | None, source: str | None) -> Run:
        """Gives a new run to a worker, and waits until it is open and in the store.

        ``source`` is the run that it varies or continues, which is not deleted for it.
        """
        async with self._budgets.room([made], source):
            wanted = "running" if self._admission.may_train(made) else "queued"
            made.enter(wanted if start else "paused")
            self._registry.add(made)
            self._admission.update(made)
            self._store.create(made, [keyed.answer(made.id)] if keyed else ())
        place = self._scheduler.assign(made, state_of(made))
        assert place.opening is not None
        try:
            await asyncio.shield(place.opening)
            self._store.record(made, urgent=True)
            await self._store.saved(made.id)
        except (EngineFailure, StoreFailure):
            self._discard(made.id)
            raise
        if made.status == "failed" and made.error:  # for example, its data cannot be read
            error = error_of(made.error)
            self._discard(made.id)
            raise error
        return made

    def _discard(self, run: str) -> None:
        """Removes a run whose id no client has yet."""
        self._store.delete(run)
        self._remove(run)

    async def made_by(self, identity: str, key: str) -> Creation | None:
        return await self._store.read(recalled, identity, key)

    async def command(
        self,
        run: str,
        command: Message,
        key: str = "",
        reason: LivenetError | None = None,
        *,
        chosen: bool = True,
    ) -> int:
        found = await self.load(run)
        if not isinstance(command, Pause | Stop):  # which cost no room
            self._check_store()
        self._place(found)
        return await self._commands.command(run, command, key, reason, chosen=chosen)

    async def change(self, run: str, changes: Mapping[str, Any]) -> Run:
        found = await self.load(run)
        self._check_store()
        for name, value in changes.items():
            setattr(found, name, in_order(value) if name == "tags" else value)
        self._registry.touch(run)
        self._store.change(found, *changes)
        await self._store.saved(run)
        self._registry.notify(run, "run")
        return found

    def expires_at(self, run: str) -> float | None:
        found = self.run(run)
        left = self.settings.idle_seconds - self.idle_seconds(found)
        return None if found.pinned else time() + left

    async def delete(self, run: str) -> None:
        await self.load(run)
        self._store.delete(run)
        try:
            await self._store.saved(run)
        except StoreFailure:
            self._store.keep(run)
            raise
        if self._registry.get(run) is not None:  # else it was deleted twice at the same time
            self._remove(run)

    async def delete_all(self, runs: Sequence[str]) -> None:
        opened = await self._delete_closed(runs)
        for outcome in await asyncio.gather(*map(self.delete, opened), return_exceptions=True):
            if isinstance(outcome, BaseException) and not isinstance(outcome, UnknownRun):
                raise outcome

    async def delete_group(self, group: str) -> None:
        found = await self.groups.get(group)
        await self.delete_all([one.id for one in await self.groups.members(found.id)])
        await self.groups.forget(found.id)

    async def delete_unused(self, runs: Sequence[str], reason: Reason) -> None:
        """Deletes runs, except for those that are in use by now. Raises StoreFailure."""
        opened = await self._delete_closed(runs)
        unused = [
            name
            for name in opened
            if (run := self._registry.get(name)) is not None and self.is_unused(run)
        ]
        await self.delete_all(unused)
        self._note_deleted([run for run in runs if run not in opened or run in unused], reason)

    def _note_deleted(self, runs: Sequence[str], reason: Reason) -> None:
        """Counts and logs runs that the server deleted by itself."""
        if runs:
            self._deleted[reason] += len(runs)
            log.info("runs were deleted (%s): %s", REASONS[reason], ", ".join(runs))

    async def _delete_closed(self, runs: Sequence[str]) -> list[str]:
        """Deletes runs that are not open, and opens none of them; returns those that are open."""
        self._deleting.update(runs)
        try:
            loading = [self._loading[run] for run in runs if run in self._loading]
            await asyncio.gather(*loading, return_exceptions=True)
            opened = [run for run in runs if self._registry.get(run) is not None]
            closed = [run for run in runs if run not in opened]
            await self._store.delete_closed(closed)
            for run in closed:
                self._admission.remove(run)
        finally:
            self._deleting.difference_update(runs)
        return opened

    def _remove(self, run: str) -> None:
        gone = UnknownRun("The run was deleted", path="id", hint="GET /api/runs lists all runs.")
        self._scheduler.fail(run, gone)
        self._requests.gone(run, gone)
        self._forget(run)
        self._registry.remove(run)
        self._admission.remove(run)

    def _forget(self, run: str) -> None:
        """Removes a run from all that serves open runs."""
        self._scheduler.remove_run(run)
        self._commands.remove_run(run)
        self._crashes.remove_run(run)
        self._watched.remove_run(run)
        self._leaving.discard(run)

    async def request_probe(
        self,
        run: str,
        form: Form,
        probe: str,
        options: Mapping[str, Any],
        step: int | None,
        channel: str = "",
    ) -> bytes:
        found = await self.load(run)
        self._registry.touch(run)
        if form != "weights":
            options_of(probe, options)
        if not found.snapshots.steps:  # it waits in the queue, and nobody has watched it
            self._place(found)
        elif step is None and self._scheduler.worker_of(run) is None:
            step = found.step  # it has failed, or nobody has watched it since it was loaded
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
        version = 0 if step is None else run.journal.version_at(step)
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
                version=version,
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
        self._place(found)
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

    def saving(self, run: str) -> bool:
        return self._store.saving(run)

    def touch(self, run: str) -> None:
        self._registry.touch(run)

    def listen(self, run: str, listener: Listener) -> Callable[[], None]:
        return self._registry.listen(run, listener)

    def idle_seconds(self, run: Run) -> float:
        """Seconds since the last watch, command or probe request of a run, or its opening."""
        used = run.id in self._watched or self._scheduler.opens(run.id)
        return 0.0 if used else self._registry.idle_seconds(run.id)

    def is_unused(self, run: Run) -> bool:
        """Whether an open run may be deleted to make room for others."""
        at_rest = run.status not in ("running", "queued") and not run.pinned
        awaited = self._store.saving(run.id) or self._requests.waits(run.id)
        return at_rest and not awaited and self.idle_seconds(run) > 0

    async def count_closed(self) -> None:
        """Counts the runs that are not open, by status."""
        without = [run.id for run in self._registry]
        self._closed_runs = Counter(await self._store.read(reading.counts, without))

    async def delete_expired(self) -> None:
        """Deletes runs that are not open and were not used for long, and answers of long ago."""
        before = time() - self.settings.idle_seconds
        await self._store.read(forget_old)
        await self._store.read(groups.delete_empty_groups)
        if found := await self._store.read(reading.expired, before, EXPIRED_AT_ONCE):
            opened = await self._delete_closed(found)
            self._note_deleted([run for run in found if run not in opened], "expired")

    def _record_use(self, run: Run) -> None:
        """Records when an open run was last used."""
        run.used_at = time() - self.idle_seconds(run)
        self._store.record(run)

    def close_unused(self) -> None:
        """Closes runs that nobody uses and that do not train: the store has them."""
        for run in self.runs():
            idle = self.idle_seconds(run)
            if run.status == "running" or idle < CLOSED_AFTER:
                self._leaving.discard(run.id)
            elif run.id not in self._leaving:
                self._leaving.add(run.id)
                self._record_use(run)
            elif self._store.idle(run.id) and not self._requests.waits(run.id):
                self._forget(run.id)
                self._registry.close(run.id)
                self._closed_runs[run.status] += 1
                self._store.release(run.id)


def state_of(run: Run) -> msg.RunState:
    """The state in which a worker is to open a run."""
    return msg.RunState(run.status, run.until_step, run.until_epoch, run.pace, run.error)
