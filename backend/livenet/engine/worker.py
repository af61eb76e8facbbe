"""One worker process: one torch thread that interleaves many runs in short quanta, fairly.

Between any two quanta it reads its pipe, so commands take effect within milliseconds. Pictures are
made only for who watches.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from time import perf_counter, thread_time
from typing import Any

import torch
from safetensors.numpy import save

from livenet import logs
from livenet.engine import messages as say
from livenet.engine.hosted import Hosted, foreseen
from livenet.engine.lookback import Lookback, Past
from livenet.engine.memory import limit_memory
from livenet.engine.painting import Painting
from livenet.engine.pulse import Pulse
from livenet.engine.turns import Turns
from livenet.errors import EngineFailure, UnknownRun
from livenet.probes.context import Context
from livenet.probes.run import look
from livenet.settings import Settings
from livenet.training import Trainer, arithmetic
from livenet.wire import frame

IDLE = 0.25  # seconds that an idle worker sleeps at most: its pulse shows that it lives
LAST_WORDS = 0.7  # seconds that a leaving worker may take to tell where its runs stand


def main(pipe: Connection, settings: Settings, pulse: Pulse) -> None:
    """The process's entry: runs until told to leave, or until the engine is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the engine says when to leave
    arithmetic.settle()
    worker = Worker(pipe, settings, pulse)
    signal.signal(signal.SIGTERM, lambda *_: worker.leave())  # as service managers do to all
    if worker.device == "cpu":  # a GPU's driver reserves far more than it uses
        limit_memory(settings.worker_bytes)
    try:
        worker.run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def choose_device(wanted: str) -> str:
    """The device of the setting; raises EngineFailure where it is not there."""
    if wanted == "cuda" and not torch.cuda.is_available():
        raise EngineFailure("device is 'cuda', but torch finds no GPU", hint="Set it to 'auto'.")
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return wanted


class Worker:
    """The loop and what it drives."""

    def __init__(self, pipe: Connection, settings: Settings, pulse: Pulse) -> None:
        self.pipe = pipe
        self.settings = settings
        self.pulse = pulse
        self.device = choose_device(settings.device)
        self.runs: dict[str, Hosted] = {}
        self.busy: set[str] = set()  # runs that may want a turn
        self.turns = Turns()
        self.painting = Painting(self.runs, self._context, settings.probe_share, pipe.send, pulse)
        self.past = Past(self.device)
        self.looks: deque[Lookback] = deque()
        self.leaving = False

    def run(self) -> None:
        self.pulse.beat()  # from now on it is expected to move
        self.pipe.send(say.Ready(self.device))
        while not self.leaving:
            self.pulse.beat()
            wait = self._wait()
            while self.pipe.poll(wait):
                self._hear(self.pipe.recv())
                wait = 0.0
            self._train()
            self._replay()
            self.painting.paint()
        self._last_words()

    def _wait(self) -> float:
        """Seconds that nothing needs to be done, unless a message comes."""
        if self.looks:
            return 0.0
        now = perf_counter()
        waits = [self.runs[name].wait(now) for name in self.busy]
        own = min((wait for wait in waits if wait is not None), default=IDLE)
        return min(own, IDLE) if own == 0.0 else min([own, IDLE, *self.painting.waits(now)])

    def _train(self) -> None:
        """One quantum, for the run whose turn it is."""
        now = perf_counter()
        name = self.turns.pick(name for name in self.busy if self.runs[name].wait(now) == 0.0)
        if name is None:
            return
        hosted = self.runs[name]
        opening = hosted.opening
        with self._turn_of(hosted):
            hosted.quantum()
        if opening and not hosted.opening:
            deferred, hosted.deferred = hosted.deferred, []
            for message in deferred:
                self._hear(message)

    @contextmanager
    def _turn_of(self, hosted: Hosted) -> Iterator[None]:
        """What is done inside is charged to the run, and its death is the run's own."""
        start = thread_time()
        with logs.about(hosted.run), self.pulse.work_for(hosted.number):
            yield
        self.turns.charge(hosted.run, thread_time() - start)
        if hosted.opening or hosted.running:
            self.busy.add(hosted.run)
        else:
            self.busy.discard(hosted.run)

    def _replay(self) -> None:
        """One quantum, for the look whose turn it is."""
        if not self.looks:
            return
        job = self.looks.popleft()
        with logs.about(job.look.run):
            self._go_on_replaying(job)

    def _go_on_replaying(self, job: Lookback) -> None:
        try:
            if job.quantum():
                self._reply(job.look, job.trainer)
                self.past.keep(job)
            else:
                self.looks.append(job)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.pipe.send(say.Reply(job.look.ref, error=foreseen(error)))

    def _context(self, trainer: Trainer) -> Context:
        return Context.of(trainer, self.settings.limits)

    def _hear(self, message: say.ToWorker) -> None:
        with logs.about(getattr(message, "run", "")):  # but for Leave, all are about one
            self._obey(message)

    def _obey(self, message: say.ToWorker) -> None:
        match message:
            case say.Open():
                self._open(message)
            case say.Close(run=run):
                self._forget(run)
            case say.Release(run=run):
                if hosted := self.runs.get(run):
                    with self._turn_of(hosted):
                        hosted.release()
                    self._forget(run)
            case say.Do():
                self._do(message)
            case say.Watch():
                self.painting.watch(message)
            case say.Unwatch():
                self.painting.unwatch(message.run, message.channel)
            case say.Taken():
                self.painting.taken(message.run, message.channel)
            case say.Look():
                self._look(message)
            case say.Leave():
                self.leave()

    def leave(self) -> None:
        """Ends the loop, when what is being done is done."""
        self.leaving = True

    def _open(self, message: say.Open) -> None:
        try:
            with self.pulse.work_for(message.number):
                hosted = Hosted(message, self.device, self.pipe.send, self.pulse)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.pipe.send(
                say.News(
                    message.run,
                    message.incarnation,
                    message.step,
                    epoch=0.0,
                    steps_per_second=None,
                    metrics=None,
                    standing=say.Standing("failed", error=foreseen(error).document()),
                    released=True,
                )
            )
            return
        self.runs[message.run] = hosted
        if hosted.opening or hosted.running:
            self.busy.add(message.run)

    def _forget(self, run: str) -> None:
        self.runs.pop(run, None)
        self.busy.discard(run)
        self.turns.forget(run)
        self.painting.forget(run)
        self.past.forget(run)

    def _do(self, message: say.Do) -> None:
        try:
            hosted = self._hosted(message.run)
            if hosted.opening:
                hosted.deferred.append(message)
                return
            with self._turn_of(hosted):
                hosted.command(message)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.pipe.send(say.Reply(message.ref, error=foreseen(error)))

    def _hosted(self, run: str) -> Hosted:
        if run not in self.runs:
            raise UnknownRun(f"There is no run {run!r}", path="id")
        return self.runs[run]

    def _look(self, message: say.Look) -> None:
        try:
            if message.step is not None:
                self.looks.append(self.past.start(message))
                return
            hosted = self._hosted(message.run)
            if hosted.opening:
                hosted.deferred.append(message)
            else:
                hosted.tell()
                self._reply(message, hosted.trainer)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.pipe.send(say.Reply(message.ref, error=foreseen(error)))

    def _reply(self, message: say.Look, trainer: Trainer) -> None:
        self.pipe.send(say.Reply(message.ref, value=self._form(message, trainer)))

    def _form(self, message: say.Look, trainer: Trainer) -> Any:
        if message.form == "weights":
            return save(trainer.weights(), {"step": str(trainer.step_count)})
        picture = look(self._context(trainer), message.probe, message.options)
        if message.form == "frame":
            return frame.encode(picture, message.channel, trainer.step_count)
        return frame.document(picture)

    def _last_words(self) -> None:
        """Tells where each run stands that was on its way, so that it goes on from there."""
        end = perf_counter() + LAST_WORDS
        for hosted in self.runs.values():
            if hosted.running and perf_counter() < end:
                hosted.release()
