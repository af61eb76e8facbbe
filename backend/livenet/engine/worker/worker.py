"""One worker process: one torch thread that interleaves many runs in short quanta, fairly.

Between any two units of work it reads its pipe, so commands take effect within milliseconds. What
takes long (steps, evaluations, replays, pictures) is never done there, but waits for its turn.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from time import perf_counter, thread_time

from pydantic_core import to_json
from safetensors.numpy import save

from livenet import logs
from livenet.budget import LOOK_SECONDS, Budget
from livenet.engine import messages as say
from livenet.engine.device import choose_device
from livenet.engine.heartbeat import Pulse
from livenet.engine.worker.effort import Effort
from livenet.engine.worker.faults import foreseen, out_of_memory
from livenet.engine.worker.lookback import Past
from livenet.engine.worker.memory import limit_memory
from livenet.engine.worker.picture_scheduler import Painting
from livenet.engine.worker.probe_requests import Looks
from livenet.engine.worker.turns import Turns
from livenet.engine.worker.worker_run import QUANTUM, Hosted, unopened
from livenet.errors import UnknownRun
from livenet.probes.context import Context
from livenet.probes.run import look
from livenet.settings import Settings
from livenet.training import Trainer, arithmetic
from livenet.wire import frame

IDLE = 0.25  # seconds that an idle worker sleeps at most: its pulse shows that it lives
LAST_WORDS = 0.7  # seconds that a leaving worker may take to tell where its runs stand
PAST_SHARE = 4  # one part in so many of a worker's memory is for trainers of past steps


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
        self.effort = Effort()
        self.painting = Painting(
            self.runs, self._context, settings.probe_share, pipe.send, pulse, self.effort
        )
        self.past = Past(self.device, settings.worker_bytes // PAST_SHARE)
        self.looks = Looks(self.runs, self.past, self._render, pipe.send, pulse, self.effort)
        self.leaving = False

    def run(self) -> None:
        self.pulse.beat()  # from now on it is expected to move
        self.pipe.send(say.Ready(self.device))
        while not self.leaving:
            self.pulse.beat()
            self._listen()
            self._train()
            self.looks.work()
            self.painting.paint()
        self._last_words()

    def _listen(self) -> None:
        """Waits for messages while there is nothing to do, and hears those that are there; however
        many they are, runs have their turns between them."""
        wait = self._wait()
        if wait > 0.0:
            with self.effort.waiting():
                there = self.pipe.poll(wait)
        else:
            there = self.pipe.poll()
        if not there:
            return
        end = perf_counter() + QUANTUM
        self._hear(self.pipe.recv())
        while perf_counter() < end and self.pipe.poll():
            self._hear(self.pipe.recv())

    def _wait(self) -> float:
        """Seconds that nothing needs to be done, unless a message comes."""
        now = perf_counter()
        waits = [wait for name in list(self.busy) if (wait := self._wait_of(name, now)) is not None]
        if (wait := self.looks.wait()) is not None:
            waits.append(wait)
        if 0.0 in waits:
            return 0.0
        return min([IDLE, *waits, *self.painting.waits(now)])

    def _wait_of(self, name: str, now: float) -> float | None:
        """Seconds until a run has work to do; whatever goes wrong with that is its own fault."""
        hosted = self.runs[name]
        try:
            return hosted.wait(now)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            with self._turn_of(hosted):
                hosted.fail(error)
            return None

    def _train(self) -> None:
        """One quantum, for the run whose turn it is."""
        now = perf_counter()
        name = self.turns.pick(name for name in list(self.busy) if self._wait_of(name, now) == 0.0)
        if name is None:
            return
        hosted = self.runs[name]
        with self._turn_of(hosted):
            hosted.quantum()
        if hosted.gone:
            self._forget(name)
        self._catch_up(hosted)

    def _catch_up(self, hosted: Hosted) -> None:
        """Does what was put off until the run was ready for it, or is not here any more."""
        while hosted.deferred and (hosted.ready or not self._has(hosted)):
            message = hosted.deferred.popleft()
            if self._has(hosted):
                self._carry_out(hosted, message)
            elif isinstance(message, say.Do):
                self._unknown(message)

    def _has(self, hosted: Hosted) -> bool:
        return self.runs.get(hosted.run) is hosted

    def _unknown(self, message: say.Do) -> None:
        error = UnknownRun(f"There is no run {message.run!r}", path="id")
        self.pipe.send(say.Reply(message.ref, error=error))

    @contextmanager
    def _turn_of(self, hosted: Hosted) -> Iterator[None]:
        """What is done inside is charged to the run, and its death is the run's own."""
        start = thread_time()
        with logs.about(hosted.run), self.pulse.work_for(hosted.number):
            yield
        self.turns.charge(hosted.run, thread_time() - start)
        if hosted.active:
            self.busy.add(hosted.run)
        else:
            self.busy.discard(hosted.run)

    def _context(self, trainer: Trainer) -> Context:
        budget = Budget(LOOK_SECONDS, alive=self.pulse.beat)
        return Context.of(trainer, self.settings.limits, budget)

    def _hear(self, message: say.ToWorker) -> None:
        with logs.about(getattr(message, "run", "")):  # but for Leave, all are about one
            self._obey(message)

    def _obey(self, message: say.ToWorker) -> None:
        match message:
            case say.Open():
                self._open(message)
            case say.Close(run=run):
                self._forget(run)
            case say.Release() | say.Do():
                self._defer(message)
            case say.Watch():
                self.painting.watch(message)
            case say.Unwatch():
                self.painting.unwatch(message.run, message.channel)
            case say.Taken():
                self.painting.taken(message.run, message.channel)
            case say.Look():
                self.looks.ask(message)
            case say.Given():
                self.looks.given(message)
            case say.Drop(ref=ref):
                self.looks.drop(ref)
            case say.Leave():
                self.leave()

    def leave(self) -> None:
        """Ends the loop, when what is being done is done."""
        self.leaving = True

    def _open(self, message: say.Open) -> None:
        try:
            with self.pulse.work_for(message.number):
                hosted = self._host(message)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.pipe.send(unopened(message, error))
            return
        self.runs[message.run] = hosted
        self.busy.add(message.run)

    def _host(self, message: say.Open) -> Hosted:
        try:
            return Hosted(message, self.device, self.pipe.send, self.pulse)
        except Exception as error:
            if not (out_of_memory(error) and self.past.clear()):
                raise
        return Hosted(message, self.device, self.pipe.send, self.pulse)

    def _forget(self, run: str) -> None:
        self.runs.pop(run, None)
        self.busy.discard(run)
        self.turns.forget(run)
        self.painting.forget(run)
        self.looks.forget(run)

    def _defer(self, message: say.Do | say.Release) -> None:
        """Carries out a message now, or once its run is ready for it, after those before it."""
        hosted = self.runs.get(message.run)
        if hosted is not None:
            hosted.deferred.append(message)
            self._catch_up(hosted)
        elif isinstance(message, say.Do):
            self._unknown(message)

    def _carry_out(self, hosted: Hosted, message: say.Do | say.Release) -> None:
        if isinstance(message, say.Release):
            with self._turn_of(hosted):
                hosted.release()
            self._forget(hosted.run)
            return
        try:
            with self._turn_of(hosted):
                hosted.command(message)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.pipe.send(say.Reply(message.ref, error=foreseen(error)))

    def _render(self, message: say.Look, trainer: Trainer) -> bytes:
        """What a look asks for, in its form."""
        if message.form == "weights":
            return save(trainer.weights(), {"step": str(trainer.step_count)})
        picture = look(self._context(trainer), message.probe, message.options)
        if message.form == "frame":
            seq = trainer.step_count if message.seq is None else message.seq
            return frame.encode(picture, message.channel, seq)
        return to_json(frame.document(picture), inf_nan_mode="null")

    def _last_words(self) -> None:
        """Tells where each run stands that was on its way, so that it goes on from there."""
        end = perf_counter() + LAST_WORDS
        for hosted in self.runs.values():
            if hosted.running and hosted.settled and hosted.finish_row(end):
                hosted.release()
