"""Decides which runs train and which wait in the queue.

A person may have a number of runs that train at the same time, and so may the server, which keeps
some of its places for administrators. A group of runs trains a few at a time. What exceeds a limit
is queued, and starts by itself: the runs of the people with the fewest that train come first, and
those of one person in the order in which they were queued.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from livenet.engine.server.registry import RunRegistry
from livenet.settings import Settings
from livenet.store import Run


@dataclass(frozen=True)
class Waiting:
    """A run that waits in the queue, open or not."""

    run: str
    owner: str
    privileged: bool
    group: str | None


class Training:
    """How many runs train: in all, of each person, and of each group."""

    def __init__(self) -> None:
        self.total = 0
        self.people: Counter[str] = Counter()
        self.groups: Counter[str] = Counter()

    def add(self, one: Waiting) -> None:
        self.total += 1
        self.people[one.owner] += 1
        if one.group is not None:
            self.groups[one.group] += 1


class Queue:
    """Waiting runs, first in, first out among those of one person and group."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._lines: dict[tuple[str, str | None], dict[str, Waiting]] = {}
        self._places: dict[str, tuple[int, Waiting]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def add(self, one: Waiting, number: int | None = None) -> None:
        """Adds a run at the end, or in front again with the number that ``take`` returned."""
        if one.run in self._places:
            return
        line = self._lines.setdefault((one.owner, one.group), {})
        if number is None:
            number = next(self._numbers)
            line[one.run] = one
        else:
            rest = dict(line)
            line.clear()
            line.update({one.run: one} | rest)
        self._places[one.run] = number, one

    def remove(self, run: str) -> None:
        """Removes a run, if it is there."""
        if run in self._places:
            _, one = self._places.pop(run)
            line = self._lines[one.owner, one.group]
            del line[run]
            if not line:
                del self._lines[one.owner, one.group]

    def first(self, training: Training, may: Callable[[Waiting], bool]) -> Waiting | None:
        """The run that is to start next of those that ``may``."""
        firsts = (next(iter(line.values())) for line in self._lines.values())
        return min(
            filter(may, firsts),
            key=lambda one: (training.people[one.owner], self._places[one.run][0]),
            default=None,
        )

    def take(self, one: Waiting) -> int:
        """Removes a run, and returns its number."""
        number, _ = self._places[one.run]
        self.remove(one.run)
        return number


class Admission:
    """The queue, and the runs that are about to leave it.

    ``start`` starts a queued run. It returns whether that is done with: a run that could not be
    started now is tried again at the next ``fill``.
    """

    def __init__(
        self, settings: Settings, registry: RunRegistry, start: Callable[[str], Awaitable[bool]]
    ) -> None:
        self._settings = settings
        self._registry = registry
        self._start = start
        self._queue = Queue()
        self._starting: dict[str, Waiting] = {}
        self._parallel: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._queue)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    def add_group(self, group: str, parallel: int) -> None:
        """Sets how many runs of a group may train at the same time."""
        self._parallel[group] = parallel

    def remove_group(self, group: str) -> None:
        self._parallel.pop(group, None)

    def add(self, waiting: Iterable[Waiting]) -> None:
        """Appends runs to the queue."""
        for one in waiting:
            self._queue.add(one)

    def update(self, run: Run) -> None:
        """Records the status of an open run, which may leave its place to another."""
        if run.status != "queued":
            self._queue.remove(run.id)
        elif run.id not in self._starting:
            self._queue.add(_waiting(run))
        self.fill()

    def remove(self, run: str) -> None:
        """Removes a run that is deleted."""
        self._queue.remove(run)
        self.fill()

    def may_train(self, run: Run, *, chosen: bool = True) -> bool:
        """Whether a run that its owner starts may train now. What limits a group does not count
        where the owner has ``chosen`` this run, and not all of the group."""
        return self._may(_waiting(run), self._training(), chosen=chosen)

    @contextmanager
    def starting(self, run: Run) -> Iterator[None]:
        """Counts a run as one that trains while the body starts it."""
        self._starting[run.id] = _waiting(run)
        try:
            yield
        finally:
            self._starting.pop(run.id, None)

    def fill(self) -> None:
        """Starts queued runs for which there is a place."""
        if not self._queue:
            return
        training = self._training()
        while one := self._queue.first(training, lambda one: self._may(one, training)):
            training.add(one)
            self._starting[one.run] = one
            task = asyncio.create_task(self._try(one, self._queue.take(one)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _try(self, one: Waiting, number: int) -> None:
        done = False
        try:
            done = await self._start(one.run)
        finally:
            self._starting.pop(one.run, None)
            if not done:
                self._queue.add(one, number)

    def _training(self) -> Training:
        found = Training()
        for one in self._starting.values():
            found.add(one)
        for run in self._registry:
            if run.status == "running" and run.id not in self._starting:
                found.add(_waiting(run))
        return found

    def _may(self, one: Waiting, training: Training, *, chosen: bool = False) -> bool:
        settings = self._settings
        free = settings.max_training - training.total
        if one.group is not None and not chosen:
            most = self._parallel.get(one.group, settings.worker_count)
            if training.groups[one.group] >= most:
                return False
        if one.privileged:
            return free > 0
        reserved = min(settings.reserved_places, settings.max_training // 2)
        mine = training.people[one.owner]
        return free > reserved and mine < settings.max_training_a_person


def _waiting(run: Run) -> Waiting:
    return Waiting(run.id, run.owner, run.privileged, run.group)
