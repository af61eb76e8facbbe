"""One worker process: one torch thread that interleaves many runs in short quanta, fairly.

Between any two quanta it reads its pipe, so commands take effect within milliseconds. Pictures are
made only for who watches, and each watch rests after a picture in proportion to what that cost, so
that all of them together stay within their share of the time.
"""

from __future__ import annotations

import signal
from collections import deque
from multiprocessing.connection import Connection
from time import perf_counter, thread_time, time
from typing import Any

import torch
from safetensors.numpy import save

from livenet.engine import messages as say
from livenet.engine.hosted import Hosted, PictureWatch, foreseen
from livenet.engine.lookback import Lookback, Past
from livenet.errors import EngineFailure, LivenetError, UnknownRun
from livenet.probes.context import Context
from livenet.probes.run import look
from livenet.settings import Settings
from livenet.training import Trainer
from livenet.wire import frame

IDLE = 1.0  # seconds that an idle worker sleeps at most


def main(pipe: Connection, settings: Settings) -> None:
    """The process's entry: runs until told to leave, or until the engine is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the engine says when to leave
    torch.set_num_threads(1)
    worker = Worker(pipe, settings)
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

    def __init__(self, pipe: Connection, settings: Settings) -> None:
        self.pipe = pipe
        self.settings = settings
        self.device = choose_device(settings.device)
        self.runs: dict[str, Hosted] = {}
        self.turns: deque[str] = deque()
        self.past = Past(self.device)
        self.looks: deque[Lookback] = deque()
        self.leaving = False

    def run(self) -> None:
        self.pipe.send(say.Ready(self.device))
        while not self.leaving:
            wait = self._wait()
            while self.pipe.poll(wait):
                self._obey(self.pipe.recv())
                wait = 0.0
            self._train()
            self._replay()
            self._paint()

    def _wait(self) -> float:
        """Seconds that nothing needs to be done, unless a message comes."""
        if self.looks:
            return 0.0
        now = perf_counter()
        waits = [wait for hosted in self.runs.values() if (wait := hosted.wait(now)) is not None]
        for hosted in self.runs.values():
            waits += [
                max(0.0, watch.due - now)
                for watch in hosted.watches.values()
                if not watch.in_flight and watch.version != hosted.version
            ]
        return min([*waits, IDLE])

    def _train(self) -> None:
        """One quantum, for the run whose turn it is."""
        now = perf_counter()
        for _ in range(len(self.turns)):
            name = self.turns[0]
            self.turns.rotate(-1)
            hosted = self.runs[name]
            if hosted.wait(now) == 0.0:
                hosted.quantum()
                return

    def _replay(self) -> None:
        """One quantum, for the look whose turn it is."""
        if not self.looks:
            return
        job = self.looks.popleft()
        try:
            if job.quantum():
                self._reply(job.look, job.trainer)
                self.past.keep(job)
            else:
                self.looks.append(job)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.pipe.send(say.Reply(job.look.ref, error=foreseen(error)))

    def _paint(self) -> None:
        """The most overdue picture of all that are watched."""
        now = perf_counter()
        candidates = [
            (watch.due, hosted, channel)
            for hosted in self.runs.values()
            for channel, watch in hosted.watches.items()
            if not watch.in_flight and watch.version != hosted.version and watch.due <= now
        ]
        if candidates:
            _, hosted, channel = min(candidates, key=lambda one: one[0])
            self._picture(hosted, channel, hosted.watches[channel])

    def _picture(self, hosted: Hosted, channel: str, watch: PictureWatch) -> None:
        start, spent, looked = perf_counter(), thread_time(), time()
        hosted.seq += 1
        watch.version = hosted.version
        watch.in_flight = True
        data: bytes | None = None
        refused: LivenetError | None = None
        try:
            picture = look(self._context(hosted.trainer), watch.probe, watch.options)
            data = frame.encode(picture, channel, hosted.seq, looked)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            refused = foreseen(error)
            del hosted.watches[channel]  # what does not fit now never will
        self.pipe.send(say.Framed(hosted.run, channel, hosted.seq, data, refused))
        end = perf_counter()
        watches = sum(len(one.watches) for one in self.runs.values())
        busy = any(one.running for one in self.runs.values())
        # By the processor's time: what other processes take is not the picture's cost.
        cost = thread_time() - spent
        rest = cost * watches / self.settings.probe_share if busy else 0.0
        # Counting from when it was due, not from now, keeps the rate asked for.
        watch.due = max(watch.due + 1 / watch.fps, start + rest, end - 1 / watch.fps)

    def _context(self, trainer: Trainer) -> Context:
        return Context.of(trainer, self.settings.limits)

    def _obey(self, message: say.ToWorker) -> None:
        match message:
            case say.Open():
                self._open(message)
            case say.Close(run=run):
                if self.runs.pop(run, None):
                    self.turns.remove(run)
                self.past.forget(run)
            case say.Do():
                self._do(message)
            case say.Watch():
                if hosted := self.runs.get(message.run):
                    hosted.watches[message.channel] = PictureWatch(
                        message.probe, message.options, message.fps, perf_counter()
                    )
            case say.Unwatch():
                if hosted := self.runs.get(message.run):
                    hosted.watches.pop(message.channel, None)
            case say.Taken():
                hosted = self.runs.get(message.run)
                if hosted and (watch := hosted.watches.get(message.channel)):
                    watch.in_flight = False
            case say.Look():
                self._look(message)
            case say.Leave():
                self.leaving = True

    def _open(self, message: say.Open) -> None:
        try:
            self.runs[message.run] = Hosted(message, self.device, self.pipe.send)
            self.turns.append(message.run)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            document = foreseen(error).document()
            self.pipe.send(
                say.State(
                    message.run,
                    message.incarnation,
                    "failed",
                    message.step,
                    0.0,
                    None,
                    None,
                    document,
                )
            )

    def _do(self, message: say.Do) -> None:
        try:
            step = self._hosted(message.run).command(message.command)
            self.pipe.send(say.Reply(message.ref, value=step))
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.pipe.send(say.Reply(message.ref, error=foreseen(error)))

    def _hosted(self, run: str) -> Hosted:
        if run not in self.runs:
            raise UnknownRun(f"There is no run {run!r}", path="id")
        return self.runs[run]

    def _look(self, message: say.Look) -> None:
        try:
            if message.step is None:
                self._reply(message, self._hosted(message.run).trainer)
            else:
                self.looks.append(self.past.start(message))
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.pipe.send(say.Reply(message.ref, error=foreseen(error)))

    def _reply(self, message: say.Look, trainer: Trainer) -> None:
        self.pipe.send(say.Reply(message.ref, value=self._form(message, trainer)))

    def _form(self, message: say.Look, trainer: Trainer) -> Any:
        if message.form == "weights":
            named = {
                name: value.cpu().numpy().copy() for name, value in trainer.parameters().items()
            }
            return save(named, {"step": str(trainer.step_count)})
        picture = look(self._context(trainer), message.probe, message.options)
        if message.form == "frame":
            return frame.encode(picture, message.channel, trainer.step_count)
        return frame.document(picture)
