"""One worker process: one torch thread that interleaves many runs in short quanta, fairly.

Between two units of work it reads its pipe, so commands take effect within milliseconds. Long
work (steps, evaluations, replays, pictures) is never done while reading, but waits for its turn.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, thread_time

from pydantic_core import to_json
from safetensors.numpy import save

from livenet import logs
from livenet.budget import PICTURE_SECONDS, Budget
from livenet.engine import messages as msg
from livenet.engine.device import choose_device
from livenet.engine.heartbeat import Heartbeat
from livenet.engine.worker.clock import WorkerClock
from livenet.engine.worker.faults import foreseen, out_of_memory
from livenet.engine.worker.outbox import Outbox
from livenet.engine.worker.past_trainers import PastTrainers
from livenet.engine.worker.picture_scheduler import PictureScheduler
from livenet.engine.worker.probe_requests import ProbeRequests
from livenet.engine.worker.turns import Turns
from livenet.engine.worker.worker_run import QUANTUM, WorkerRun, unopened
from livenet.errors import UnknownRun
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.settings import Settings
from livenet.system import optional_module
from livenet.training import Trainer, arithmetic
from livenet.training.compiled import available
from livenet.wire import frame

STATUS = Path("/proc/self/status")


def limit_memory(more: int) -> None:
    """Limits this process to ``more`` bytes beyond those that it holds now.

    An allocation over the limit then raises MemoryError (in torch, RuntimeError). Only on Linux,
    where the system can bound data.
    """
    resource = optional_module("resource")
    if resource is None or not STATUS.is_file():
        return
    lines = STATUS.read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    held = int(fields["VmData"].split()[0]) * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = held + more
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))


IDLE = 0.25  # seconds that an idle worker sleeps at most: its heartbeat shows that it lives
POLL_EVERY = 0.001  # seconds between two looks into the pipe while there is work
FINAL_SECONDS = 0.7  # seconds that a leaving worker may take to report the state of its runs
PAST_SHARE = 4  # 1/PAST_SHARE of a worker's memory is for trainers at earlier steps


def main(pipe: Connection, settings: Settings, heartbeat: Heartbeat) -> None:
    """The entry point of the process: runs until a Shutdown message or the end of the engine."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the engine decides when to leave
    arithmetic.settle()
    available.problem()  # loads the machine code, if the fork server has not
    worker = Worker(pipe, settings, heartbeat)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())  # sent to all by service managers
    if worker.device == "cpu":  # a GPU's driver reserves far more than it uses
        limit_memory(settings.worker_bytes)
    try:
        worker.run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


class Worker:
    """The loop of a worker, with its runs, pictures and requests."""

    def __init__(self, pipe: Connection, settings: Settings, heartbeat: Heartbeat) -> None:
        self.pipe = pipe
        self.outbox = Outbox(pipe)
        self.settings = settings
        self.heartbeat = heartbeat
        self.device = choose_device(settings.device)
        self.runs: dict[str, WorkerRun] = {}
        self.turns = Turns()
        self.clock = WorkerClock()
        self.picture_scheduler = PictureScheduler(
            self.runs, self._context, settings.probe_share, self.outbox.send, heartbeat, self.clock
        )
        self.past_trainers = PastTrainers(self.device, settings.worker_bytes // PAST_SHARE)
        self.probe_requests = ProbeRequests(
            self.runs, self.past_trainers, self._render, self.outbox.send, heartbeat, self.clock
        )
        self.stopping = False
        self._polled_at = 0.0

    def run(self) -> None:
        self.heartbeat.beat()  # from now on progress is expected
        self.outbox.send(msg.Ready(self.device, available.problem()))
        while not self.stopping:
            self.heartbeat.beat()
            self._receive()
            self._train()
            self.probe_requests.work()
            idle = self.turns.wait(perf_counter()) > 0.0
            self.picture_scheduler.make_due_pictures(idle)
        self._report_final_states()
        self.outbox.flush()

    def _receive(self) -> None:
        """Waits for messages while there is no work, and handles those that have arrived, for at
        most a quantum: runs have their turns between any number of messages."""
        wait = self._wait()
        now = perf_counter()
        if wait > 0.0:
            self.outbox.flush()
            with self.clock.waiting():
                there = self.pipe.poll(wait)
        else:
            self.outbox.flush(now)
            if now - self._polled_at < POLL_EVERY:
                return
            there = self.pipe.poll()
        self._polled_at = now
        end = now + QUANTUM
        while there:
            for message in self.pipe.recv():
                self._handle(message)
            there = perf_counter() < end and self.pipe.poll()

    def _wait(self) -> float:
        """Seconds until there is work, unless a message arrives."""
        now = perf_counter()
        if (wait := self.turns.wait(now)) <= 0.0:
            return 0.0
        if (requests := self.probe_requests.wait()) is not None:
            wait = min(wait, requests)
        return min(IDLE, wait, self.picture_scheduler.wait(now))

    def _train(self) -> None:
        """Works for one quantum on the run that has the turn."""
        name = self.turns.pick(perf_counter())
        if name is None:
            return
        worker_run = self.runs[name]
        with self._charged_to(worker_run):
            worker_run.quantum(self.turns.interval)
        if worker_run.gone:
            self._remove_run(name)
        self._catch_up(worker_run)

    def _catch_up(self, worker_run: WorkerRun) -> None:
        """Carries out deferred messages once the run is ready for them or gone."""
        while worker_run.deferred and (worker_run.ready or not self._has(worker_run)):
            message = worker_run.deferred.popleft()
            if self._has(worker_run):
                self._carry_out(worker_run, message)
            elif isinstance(message, msg.CommandRequest):
                self._unknown(message)

    def _has(self, worker_run: WorkerRun) -> bool:
        return self.runs.get(worker_run.run) is worker_run

    def _unknown(self, message: msg.CommandRequest) -> None:
        error = UnknownRun(f"There is no run {message.run!r}", path="id")
        self.outbox.send(msg.Reply(message.ref, error=error))

    @contextmanager
    def _charged_to(self, worker_run: WorkerRun) -> Iterator[None]:
        """Charges the body's time, and a death of the worker in it, to the run; then plans the
        run's next turn."""
        start = thread_time()
        with logs.about(worker_run.run), self.heartbeat.work_for(worker_run.number):
            yield
            at = self._next_turn(worker_run)
        self.turns.charge(worker_run.run, thread_time() - start)
        self.turns.plan(worker_run.run, at)
        self.picture_scheduler.changed(worker_run.run)

    def _next_turn(self, worker_run: WorkerRun) -> float | None:
        """When a run wants its next turn; an exception fails that run alone."""
        now = perf_counter()
        try:
            wait = worker_run.wait(now, self.turns.interval)
        except Exception as error:  # noqa: BLE001  # a fault in one run must not affect others
            worker_run.fail(error)
            return None
        if wait is None:
            return None
        return self.turns.later(now + wait) if wait else now

    def _context(self, trainer: Trainer) -> Context:
        budget = Budget(PICTURE_SECONDS, alive=self.heartbeat.beat)
        return Context.of(trainer, self.settings.limits, budget)

    def _handle(self, message: msg.ToWorker) -> None:
        if isinstance(message, msg.FrameAck):  # one for each picture
            self.picture_scheduler.acknowledge(message.run, message.channel)
            return
        with logs.about(getattr(message, "run", "")):  # all but Shutdown are about one run
            self._dispatch(message)

    def _dispatch(self, message: msg.ToWorker) -> None:
        match message:
            case msg.Open():
                self._open(message)
            case msg.Close(run=run):
                self._remove_run(run)
            case msg.Release() | msg.CommandRequest():
                self._defer(message)
            case msg.Watch():
                self.picture_scheduler.watch(message)
            case msg.Unwatch():
                self.picture_scheduler.unwatch(message.run, message.channel)
            case msg.ProbeRequest():
                self.probe_requests.add(message)
            case msg.SnapshotReply():
                self.probe_requests.receive_snapshot(message)
            case msg.CancelRequest(ref=ref):
                self.probe_requests.drop(ref)
            case msg.Shutdown():
                self.stop()

    def stop(self) -> None:
        """Ends the loop after the current unit of work."""
        self.stopping = True

    def _open(self, message: msg.Open) -> None:
        try:
            with self.heartbeat.work_for(message.number):
                worker_run = self._new_run(message)
        except Exception as error:  # noqa: BLE001  # a fault in one run must not affect others
            self.outbox.send(unopened(message, error))
            return
        self.runs[message.run] = worker_run
        self.turns.add(message.run, message.share)
        self.turns.plan(message.run, perf_counter())

    def _new_run(self, message: msg.Open) -> WorkerRun:
        try:
            return WorkerRun(message, self.device, self.outbox.send, self.heartbeat)
        except Exception as error:
            if not (out_of_memory(error) and self.past_trainers.clear()):
                raise
        return WorkerRun(message, self.device, self.outbox.send, self.heartbeat)

    def _remove_run(self, run: str) -> None:
        self.runs.pop(run, None)
        self.turns.remove(run)
        self.picture_scheduler.remove_run(run)
        self.probe_requests.remove_run(run)

    def _defer(self, message: msg.CommandRequest | msg.Release) -> None:
        """Carries out a message now, or once its run is ready for it, in order of arrival."""
        worker_run = self.runs.get(message.run)
        if worker_run is not None:
            worker_run.deferred.append(message)
            self._catch_up(worker_run)
        elif isinstance(message, msg.CommandRequest):
            self._unknown(message)

    def _carry_out(self, worker_run: WorkerRun, message: msg.CommandRequest | msg.Release) -> None:
        if isinstance(message, msg.Release):
            with self._charged_to(worker_run):
                worker_run.release()
            self._remove_run(worker_run.run)
            return
        try:
            with self._charged_to(worker_run):
                worker_run.command(message)
        except Exception as error:  # noqa: BLE001  # a fault in one run must not affect others
            self.outbox.send(msg.Reply(message.ref, error=foreseen(error)))

    def _render(self, message: msg.ProbeRequest, trainer: Trainer) -> bytes:
        """The answer to a probe request, in its form."""
        if message.form == "weights":
            return save(trainer.weights(), {"step": str(trainer.step_count)})
        picture = run_probe(self._context(trainer), message.probe, message.options)
        if message.form == "frame":
            seq = trainer.step_count if message.seq is None else message.seq
            return frame.encode(picture, message.channel, seq)
        return to_json(frame.document(picture), inf_nan_mode="null")

    def _report_final_states(self) -> None:
        """Reports the state of each active run, so that it continues from there."""
        end = perf_counter() + FINAL_SECONDS
        for worker_run in self.runs.values():
            if worker_run.running and worker_run.settled and worker_run.finish_row(end):
                worker_run.release()
