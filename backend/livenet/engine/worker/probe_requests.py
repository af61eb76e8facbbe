"""Requests that wait in a worker: pictures, and weights, that were asked for once.

They are done one at a time, in turn by run, and rest in proportion to what they cost, so that runs
train on beside however many. Equal looks are done once, and what nobody waits for is dropped.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from livenet import logs
from livenet.engine import messages as msg
from livenet.engine.heartbeat import Heartbeat
from livenet.engine.worker.effort import Effort
from livenet.engine.worker.faults import foreseen, of_a_picture, out_of_memory
from livenet.engine.worker.lookback import Lookback, Past
from livenet.engine.worker.worker_run import Send, WorkerRun
from livenet.errors import LivenetError, UnknownRun
from livenet.training import Trainer

SHARE = 0.4  # of a worker's time, where runs train beside them

Render = Callable[[msg.ProbeRequest, Trainer], bytes]
Place = tuple[str, int | None, int]
"""A run, a step (None: the present one), and how long its journal was."""


@dataclass
class Target:
    """A step of a run that is looked at, and all looks that wait for it, equal ones together."""

    first: msg.ProbeRequest
    looks: OrderedDict[str, list[msg.ProbeRequest]] = field(default_factory=OrderedDict)
    way: Lookback | None = None
    arrived: bool = False
    fetching: int | None = None
    """The look for which its snapshot was asked for."""
    given: msg.Given | None = None

    @property
    def doable(self) -> bool:
        """Whether it does not have to wait for its snapshot."""
        return self.way is not None or self.fetching is None or self.given is not None

    def add(self, look: msg.ProbeRequest) -> None:
        key = json.dumps([look.form, look.probe, look.options, look.channel, look.seq])
        self.looks.setdefault(key, []).append(look)

    def drop(self, ref: int) -> None:
        for key, looks in list(self.looks.items()):
            self.looks[key] = [look for look in looks if look.ref != ref]
            if not self.looks[key]:
                del self.looks[key]
        if self.fetching == ref and self.given is None:
            self.fetching = None  # which is not answered any more


class ProbeRequests:
    """All looks of one worker."""

    def __init__(
        self,
        runs: Mapping[str, WorkerRun],
        past: Past,
        render: Render,
        send: Send,
        heartbeat: Heartbeat,
        effort: Effort,
    ) -> None:
        self._runs = runs
        self._past = past
        self._render = render
        self._send = send
        self._heartbeat = heartbeat
        self._effort = effort
        # By run and whether it is the past that is looked at: each of these lanes has its turn.
        self._lanes: OrderedDict[tuple[str, bool], OrderedDict[Place, Target]] = OrderedDict()
        self._due = 0.0  # by the clock of effort

    def __len__(self) -> int:
        """Requests that wait."""
        return sum(
            len(looks)
            for lane in self._lanes.values()
            for target in lane.values()
            for looks in target.looks.values()
        )

    def ask(self, look: msg.ProbeRequest) -> None:
        """Puts a look at the end of its lane."""
        lane = self._lanes.setdefault((look.run, look.step is not None), OrderedDict())
        place = look.run, look.step, len(look.journal)
        lane.setdefault(place, Target(look)).add(look)

    def drop(self, ref: int) -> None:
        """Nobody waits for this one any more."""
        for lane in list(self._lanes.values()):
            for target in list(lane.values()):
                target.drop(ref)
                if not target.looks:
                    self._end(target)

    def given(self, answer: msg.Given) -> None:
        """The snapshot that a target waits for is here."""
        for lane in self._lanes.values():
            for target in lane.values():
                if target.fetching == answer.ref and target.given is None:
                    target.given = answer

    def forget(self, run: str) -> None:
        """The run is not here any more: its looks are somebody else's."""
        for key in [key for key in self._lanes if key[0] == run]:
            for target in list(self._lanes[key].values()):
                self._refuse(target, UnknownRun("The run is not here", path="id"))
        self._past.forget(run)

    def wait(self) -> float | None:
        """Seconds until there is something to do; None where there is nothing."""
        return max(0.0, self._due - self._effort()) if self._doable() else None

    def work(self) -> None:
        """One unit of work, for the lane whose turn it is: a picture, or some steps on the way."""
        start = self._effort()
        if start < self._due or not (target := self._doable()):
            return
        lane = target.first.run, target.first.step is not None
        self._lanes.move_to_end(lane)
        with logs.about(target.first.run), self._heartbeat.work_for(_next(target).number):
            try:
                self._unit(target)
            except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
                self._refuse(target, foreseen(error))
        busy = any(run.running for run in self._runs.values())
        self._due = start + (self._effort() - start) / SHARE if busy else start

    def _doable(self) -> Target | None:
        """What is first in the first lane that does not have to wait for its run."""
        for run, past in self._lanes:
            target = next(iter(self._lanes[run, past].values()))
            worker_run = self._runs.get(run)
            if target.doable if past else worker_run is None or worker_run.settled:
                return target
        return None

    def _unit(self, target: Target) -> None:
        if target.first.step is None:
            worker_run = self._runs.get(target.first.run)
            if worker_run is None:
                raise UnknownRun("The run is not here", path="id")
            worker_run.tell()
            self._answer(target, worker_run.trainer)
        elif target.arrived:
            assert target.way is not None
            self._answer(target, target.way.trainer)
        elif target.way is None:
            target.way = self._start(target)
        else:
            target.given = None
            target.arrived = target.way.quantum()

    def _start(self, target: Target) -> Lookback | None:
        """Sets out from a trainer at hand, or has the snapshot fetched and sets out from there."""
        if target.given is None:
            if (way := self._past.nearest(target.first)) is None:
                target.fetching = _next(target).ref
                self._send(msg.Fetch(target.fetching))
            return way
        try:
            return self._past.start(target.first, target.given)
        except Exception as error:
            if not (out_of_memory(error) and self._past.clear()):
                raise
        return self._past.start(target.first, target.given)

    def _answer(self, target: Target, trainer: Trainer) -> None:
        """Makes the next picture, for all who asked for it."""
        key = next(iter(target.looks))
        look = target.looks[key][0]
        value: bytes | None = None
        refused: LivenetError | None = None
        try:
            value = self._render(look, trainer)
        except Exception as error:  # noqa: BLE001  # one picture's fault is not the others'
            refused = of_a_picture(error)
        for one in target.looks.pop(key):
            self._send(msg.Reply(one.ref, value, refused))
        if not target.looks:
            self._end(target)

    def _refuse(self, target: Target, error: LivenetError) -> None:
        for looks in target.looks.values():
            for look in looks:
                self._send(msg.Reply(look.ref, error=error))
        if target.way is not None:
            self._past.drop(target.way)
            target.way = None
        self._end(target)

    def _end(self, target: Target) -> None:
        """Nobody waits for it."""
        first = target.first
        lane = self._lanes[first.run, first.step is not None]
        del lane[first.run, first.step, len(first.journal)]
        if not lane:
            del self._lanes[first.run, first.step is not None]
        if target.way is not None:
            self._past.end(target.way)


def _next(target: Target) -> msg.ProbeRequest:
    return next(iter(target.looks.values()))[0]
