"""Probe requests that wait in a worker: pictures, and weights, requested once.

They are answered one at a time, in turn by run, with pauses in proportion to their cost, so that
runs continue to train beside any number of them. Equal requests are answered together, and
cancelled ones are dropped.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from livenet import logs
from livenet.engine import messages as msg
from livenet.engine.heartbeat import Heartbeat
from livenet.engine.worker.clock import WorkerClock
from livenet.engine.worker.faults import foreseen, of_a_picture, out_of_memory
from livenet.engine.worker.past_trainers import PastTrainers, Replay
from livenet.engine.worker.worker_run import Send, WorkerRun
from livenet.errors import LivenetError, UnknownRun
from livenet.training import Trainer

SHARE = 0.4  # of a worker's time, where runs train beside them

Render = Callable[[msg.ProbeRequest, Trainer], bytes]
Place = tuple[str, int | None, int]
"""A run, a step (None: the present one), and the version of its journal up to there."""


@dataclass
class Target:
    """A step of a run, and all requests for it, equal ones together."""

    first: msg.ProbeRequest
    requests: OrderedDict[str, list[msg.ProbeRequest]] = field(default_factory=OrderedDict)
    replay: Replay | None = None
    replayed: bool = False
    fetching: int | None = None
    """The request for which its snapshot was fetched."""
    snapshot_reply: msg.SnapshotReply | None = None

    @property
    def ready(self) -> bool:
        """Whether it need not wait for its snapshot."""
        return self.replay is not None or self.fetching is None or self.snapshot_reply is not None

    def add(self, request: msg.ProbeRequest) -> None:
        key = json.dumps(
            [request.form, request.probe, request.options, request.channel, request.seq]
        )
        self.requests.setdefault(key, []).append(request)

    def drop(self, ref: int) -> None:
        for key, requests in list(self.requests.items()):
            self.requests[key] = [request for request in requests if request.ref != ref]
            if not self.requests[key]:
                del self.requests[key]
        if self.fetching == ref and self.snapshot_reply is None:
            self.fetching = None  # it will not be answered


class ProbeRequests:
    """All probe requests of one worker."""

    def __init__(
        self,
        runs: Mapping[str, WorkerRun],
        past_trainers: PastTrainers,
        render: Render,
        send: Send,
        heartbeat: Heartbeat,
        clock: WorkerClock,
    ) -> None:
        self._runs = runs
        self._past_trainers = past_trainers
        self._render = render
        self._send = send
        self._heartbeat = heartbeat
        self._clock = clock
        # By run, and whether the request is for an earlier step: these lanes take turns.
        self._lanes: OrderedDict[tuple[str, bool], OrderedDict[Place, Target]] = OrderedDict()
        self._due = 0.0  # on the clock of WorkerClock

    def __len__(self) -> int:
        """The number of waiting requests."""
        return sum(
            len(requests)
            for lane in self._lanes.values()
            for target in lane.values()
            for requests in target.requests.values()
        )

    def add(self, request: msg.ProbeRequest) -> None:
        """Appends a request to its lane."""
        lane = self._lanes.setdefault((request.run, request.step is not None), OrderedDict())
        place = request.run, request.step, request.version
        lane.setdefault(place, Target(request)).add(request)

    def drop(self, ref: int) -> None:
        """Drops a cancelled request."""
        for lane in list(self._lanes.values()):
            for target in list(lane.values()):
                target.drop(ref)
                if not target.requests:
                    self._end(target)

    def receive_snapshot(self, answer: msg.SnapshotReply) -> None:
        """Receives the snapshot that a target waits for."""
        for lane in self._lanes.values():
            for target in lane.values():
                if target.fetching == answer.ref and target.snapshot_reply is None:
                    target.snapshot_reply = answer

    def remove_run(self, run: str) -> None:
        """Drops the requests of a run that this worker no longer has; another answers them."""
        for key in [key for key in self._lanes if key[0] == run]:
            for target in list(self._lanes[key].values()):
                self._refuse(target, UnknownRun("The run is not here", path="id"))
        self._past_trainers.remove_run(run)

    def wait(self) -> float | None:
        """Seconds until there is work to do; None if there is none."""
        return max(0.0, self._due - self._clock()) if self._next_ready() else None

    def work(self) -> None:
        """Does one unit of work for the next lane: a picture, or some steps of a replay."""
        start = self._clock()
        if start < self._due or not (target := self._next_ready()):
            return
        lane = target.first.run, target.first.step is not None
        self._lanes.move_to_end(lane)
        with logs.about(target.first.run), self._heartbeat.work_for(_next(target).number):
            try:
                self._unit(target)
            except Exception as error:  # noqa: BLE001  # a fault in one run must not affect others
                self._refuse(target, foreseen(error))
        busy = any(run.running for run in self._runs.values())
        self._due = start + (self._clock() - start) / SHARE if busy else start

    def _next_ready(self) -> Target | None:
        """The first target in the first lane that need not wait for its run."""
        for run, earlier in self._lanes:
            target = next(iter(self._lanes[run, earlier].values()))
            worker_run = self._runs.get(run)
            if target.ready if earlier else worker_run is None or worker_run.settled:
                return target
        return None

    def _unit(self, target: Target) -> None:
        if target.first.step is None:
            worker_run = self._runs.get(target.first.run)
            if worker_run is None:
                raise UnknownRun("The run is not here", path="id")
            worker_run.report_changes()
            self._answer(target, worker_run.trainer)
        elif target.replayed:
            assert target.replay is not None
            self._answer(target, target.replay.trainer)
        elif target.replay is None:
            target.replay = self._start(target)
        else:
            target.snapshot_reply = None
            target.replayed = target.replay.quantum()

    def _start(self, target: Target) -> Replay | None:
        """Starts a replay from a kept trainer, or fetches the snapshot and starts from there."""
        if target.snapshot_reply is None:
            if (replay := self._past_trainers.nearest(target.first)) is None:
                target.fetching = _next(target).ref
                self._send(msg.SnapshotRequest(target.fetching))
            return replay
        try:
            return self._past_trainers.start(target.first, target.snapshot_reply)
        except Exception as error:
            if not (out_of_memory(error) and self._past_trainers.clear()):
                raise
        return self._past_trainers.start(target.first, target.snapshot_reply)

    def _answer(self, target: Target, trainer: Trainer) -> None:
        """Makes the next picture, and sends it to all requests for it."""
        key = next(iter(target.requests))
        request = target.requests[key][0]
        value: bytes | None = None
        refused: LivenetError | None = None
        try:
            value = self._render(request, trainer)
        except Exception as error:  # noqa: BLE001  # a fault in one picture must not affect others
            refused = of_a_picture(error)
        for one in target.requests.pop(key):
            self._send(msg.Reply(one.ref, value, refused))
        if not target.requests:
            self._end(target)

    def _refuse(self, target: Target, error: LivenetError) -> None:
        for requests in target.requests.values():
            for request in requests:
                self._send(msg.Reply(request.ref, error=error))
        if target.replay is not None:
            self._past_trainers.drop(target.replay)
            target.replay = None
        self._end(target)

    def _end(self, target: Target) -> None:
        """Removes a target that needs no further answer."""
        first = target.first
        lane = self._lanes[first.run, first.step is not None]
        del lane[first.run, first.step, first.version]
        if not lane:
            del self._lanes[first.run, first.step is not None]
        if target.replay is not None:
            self._past_trainers.end(target.replay)


def _next(target: Target) -> msg.ProbeRequest:
    return next(iter(target.requests.values()))[0]
