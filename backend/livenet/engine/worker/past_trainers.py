"""Trainers at earlier steps, and the replay to them, in quanta as for any run.

A trainer of a wide net takes hundreds of megabytes, so trainers in replay and those kept for the
next probe request are bounded together, in bytes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import perf_counter

from livenet.engine import messages as msg
from livenet.engine.worker.worker_run import QUANTUM
from livenet.spec.cost import memory_bytes
from livenet.training import Snapshot, Trainer
from livenet.training.replay import by_step, due, steps
from livenet.wire.journal import Entry

KEPT = 16  # trainers, however small they are: scrubbing asks for neighbours


class Replay:
    """The replay of one trainer to an earlier step."""

    def __init__(self, run: str, step: int, journal: Iterable[Entry], trainer: Trainer) -> None:
        self.run = run
        self.step = step
        self.trainer = trainer
        self.size = memory_bytes(trainer.spec)
        self._pending_work = self._replay(by_step(journal))

    def _replay(self, journal: Mapping[int, Sequence[Entry]]) -> Iterator[None]:
        yield from steps(self.trainer, journal, self.step)
        yield from due(self.trainer, journal)

    def quantum(self) -> bool:
        """Replays for a short while; true when the step is reached and all changes at it are
        applied. Raises Diverged."""
        end = perf_counter() + QUANTUM
        return all(perf_counter() <= end for _ in self._pending_work)


class PastTrainers:
    """All trainers at earlier steps: those in replay, and the last used, ``most`` bytes in all.

    A single one may take more.
    """

    def __init__(self, device: str, most: int) -> None:
        self._device = device
        self._most = most
        self._replaying: list[Replay] = []
        self._kept: OrderedDict[tuple[str, int], Replay] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes of all trainers, by the cost model."""
        return sum(one.size for one in (*self._replaying, *self._kept.values()))

    def nearest(self, request: msg.ProbeRequest) -> Replay | None:
        """A replay to a request's step from a kept trainer at least as near as the snapshot before
        it; None if there is no such trainer."""
        assert request.step is not None
        assert request.since is not None
        steps = [step for run, step in self._kept if run == request.run and step <= request.step]
        if not steps or max(steps) < request.since:
            return None
        trainer = self._kept.pop((request.run, max(steps))).trainer
        return self._begin(Replay(request.run, request.step, request.journal, trainer))

    def start(self, request: msg.ProbeRequest, given: msg.SnapshotReply) -> Replay | None:
        """A replay to a request's step from its snapshot; None if there is no room until another
        replay has ended."""
        assert request.step is not None
        snapshot = Snapshot.unpack(given.snapshot)
        if not self._make_room(memory_bytes(snapshot.spec)):
            return None
        trainer = Trainer(snapshot.spec, snapshot, self._device)
        return self._begin(Replay(request.run, request.step, given.journal, trainer))

    def _begin(self, replay: Replay) -> Replay:
        self._replaying.append(replay)
        return replay

    def _make_room(self, size: int) -> bool:
        while self.size + size > self._most and self._kept:
            self._kept.popitem(last=False)
        return self.size + size <= self._most or not self._replaying

    def end(self, done: Replay) -> None:
        """Ends a replay, and keeps its trainer at its step for the next probe request."""
        self._replaying.remove(done)
        self._kept[done.run, done.trainer.step_count] = done
        while self.size > self._most or len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def drop(self, lost: Replay) -> None:
        """Ends a replay, and discards its trainer."""
        self._replaying.remove(lost)

    def remove_run(self, run: str) -> None:
        for key in [key for key in self._kept if key[0] == run]:
            del self._kept[key]

    def clear(self) -> bool:
        """Discards all trainers that are not in replay; returns whether there were any."""
        any_kept = bool(self._kept)
        self._kept.clear()
        return any_kept
