"""Assigns runs to workers: the least loaded takes a run, and another one if its worker dies.

A run moves between workers by its snapshots, bit for bit, so a death, a move and an opening are
one mechanism: an Open message with the latest snapshot, the journal and the state.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from livenet.engine import messages as msg
from livenet.engine.server.fleet import Fleet
from livenet.engine.server.process import WorkerProcess
from livenet.errors import LivenetError
from livenet.store import Run

MAX_DEATHS = 3
ROTATE_EVERY = 2.0  # seconds that a run has a worker to itself while others share one
ROTATED_BELOW = 5  # runs per worker: with more of them the shares hardly differ
ROTATED_SIZE = 4 * 2**20  # bytes of a snapshot: a run with a larger one is not rotated


@dataclass(eq=False)
class RunPlacement:
    """One run's place: its worker, and the state it has or is to have there."""

    run: Run
    number: int
    state: msg.RunState
    worker: WorkerProcess | None = None
    opening: asyncio.Future[None] | None = None
    releasing: bool = False
    since: float = 0.0
    deaths: int = 0  # of its workers in its own turn, since the last step or command
    died_at: int = -1

    @property
    def active(self) -> bool:
        """Whether it uses as much compute time as it can get."""
        return self.state.status == "running" and self.state.pace is None


class Scheduler:
    """The places of all runs. ``numbers`` is shared with everything else that has turns in a
    worker; ``opened`` is called whenever a run has been sent to a worker."""

    def __init__(
        self, fleet: Fleet, numbers: itertools.count[int], opened: Callable[[str], None]
    ) -> None:
        self._fleet = fleet
        self._numbers = numbers
        self._opened = opened
        self._places: dict[str, RunPlacement] = {}

    def place(self, run: str) -> RunPlacement | None:
        return self._places.get(run)

    def worker_of(self, run: str) -> WorkerProcess | None:
        """The worker that has the run or opens it; None for a run that no worker has."""
        place = self._places.get(run)
        return place.worker if place else None

    def opens(self, run: str) -> bool:
        """Whether a worker is opening the run."""
        place = self._places.get(run)
        return bool(place and place.opening and not place.opening.done())

    def send(self, run: str, message: msg.ToWorker) -> None:
        """Sends a message to a run's worker; does nothing for a run without one."""
        if worker := self.worker_of(run):
            worker.send(message)

    def least_loaded(self) -> WorkerProcess:
        loads = self._loads()
        return min(loads, key=lambda worker: (worker.late, *loads[worker]))

    def _loads(self) -> dict[WorkerProcess, tuple[int, int]]:
        """Active runs and all runs of each worker."""
        loads = dict.fromkeys(self._fleet, (0, 0))
        for place in self._places.values():
            if place.worker in loads:
                active, every = loads[place.worker]
                loads[place.worker] = (active + place.active, every + 1)
        return loads

    def counts(self, worker: WorkerProcess) -> tuple[int, int]:
        """Runs of a worker, and how many of them train."""
        mine = [place for place in self._places.values() if place.worker is worker]
        return len(mine), sum(place.state.status == "running" for place in mine)

    def assign(self, run: Run, state: msg.RunState) -> RunPlacement:
        """Gives a run to a worker; ``opening`` is done when the run is open."""
        place = RunPlacement(run, next(self._numbers), state)
        self._places[run.id] = place
        self._open(place)
        return place

    def _open(self, place: RunPlacement) -> None:
        run = place.run
        place.worker, place.releasing, place.since = self.least_loaded(), False, monotonic()
        if place.opening is None or place.opening.done():
            place.opening = asyncio.get_running_loop().create_future()
        run.incarnation += 1
        place.worker.send(
            msg.Open(
                run=run.id,
                number=place.number,
                incarnation=run.incarnation,
                spec=run.spec.document(),
                snapshot=run.snapshots.before(run.step) if run.snapshots.steps else None,
                journal=tuple(run.journal),
                step=run.step,
                state=place.state,
                last_row=run.series.last_step,
                share=(run.network or run.owner, run.owner),
            )
        )
        self._opened(run.id)

    def update(self, update: msg.RunUpdate) -> None:
        """Handles a state report of a run's worker."""
        place = self._places.get(update.run)
        if place is None:
            return
        place.state = update.state
        if update.ref is not None:
            place.deaths = 0
        if place.opening and not place.opening.done():
            place.opening.set_result(None)
        if update.released and update.state.status == "failed":
            place.worker = None  # it could not be opened
        elif update.released and len(self._fleet):
            self._open(place)

    def lost(self, worker: WorkerProcess) -> list[Run]:
        """Moves the runs of a worker that is gone to others, the running ones first.

        Returns those that are not moved, because they repeatedly crash their workers.
        """
        culprit = worker.heartbeat.current
        crashing: list[Run] = []
        affected = [place for place in self._places.values() if place.worker is worker]
        for place in sorted(affected, key=lambda place: not place.active):
            if place.number == culprit and self._is_crashing(place):
                place.worker = None
                crashing.append(place.run)
            else:
                self._open(place)
        return crashing

    def rescue(self, worker: WorkerProcess) -> None:
        """Moves the runs of a late worker to others; ``balance`` uses it again once it is ready."""
        for place in list(self._places.values()):
            if place.worker is worker:
                worker.send(msg.Close(place.run.id))
                self._open(place)

    def _is_crashing(self, place: RunPlacement) -> bool:
        """Counts a death in the run's own turn; true after too many with nothing done between."""
        if place.run.step > place.died_at:
            place.deaths = 0
        place.died_at = place.run.step
        place.deaths += 1
        return place.deaths >= MAX_DEATHS

    def fail(self, run: str, error: LivenetError) -> None:
        """Ends the opening of a run with an error, for the caller that waits for it."""
        place = self._places.get(run)
        if place and place.opening and not place.opening.done():
            place.opening.set_exception(error)
            place.opening.exception()  # marks it as retrieved, in case no caller waits

    def remove_run(self, run: str) -> None:
        place = self._places.pop(run, None)
        if place and place.worker:
            place.worker.send(msg.Close(run))

    def balance(self) -> None:
        """Moves runs from the most loaded worker to the least loaded, where that helps.

        If one worker has just one run more than another, a run is moved back and forth, so that
        all runs have equal shares over time.
        """
        loads = {worker: load[0] for worker, load in self._loads().items() if worker.ready}
        if len(loads) < 2:
            return
        full, idle = max(loads, key=loads.__getitem__), min(loads, key=loads.__getitem__)
        uneven = loads[full] - loads[idle]
        if uneven < 1 or loads[full] < 2:
            return
        resting = monotonic() - ROTATE_EVERY
        movable = [
            place
            for place in self._places.values()
            if place.worker is full and place.active and self._settled(place)
        ]
        if uneven == 1:
            rotates = loads[full] < ROTATED_BELOW and all(one.since < resting for one in movable)
            movable = [one for one in movable if rotates and _light(one.run)]
        for chosen in sorted(movable, key=lambda place: place.since)[: max(1, uneven // 2)]:
            chosen.releasing = True
            full.send(msg.Release(chosen.run.id))

    def _settled(self, place: RunPlacement) -> bool:
        return not place.releasing and (place.opening is None or place.opening.done())


def _light(run: Run) -> bool:
    return bool(run.snapshots.steps) and len(run.snapshots.before(run.step)) < ROTATED_SIZE
