"""A look at a step of the past: replayed from the snapshot before it, in quanta like any run."""

from __future__ import annotations

from collections import OrderedDict
from time import perf_counter

from livenet.engine import messages as say
from livenet.engine.hosted import QUANTUM
from livenet.training import Snapshot, Trainer
from livenet.training.replay import due

KEPT = 8  # trainers of past steps that a worker holds on to: scrubbing asks for neighbours


class Lookback:
    """One look under way."""

    def __init__(self, look: say.Look, trainer: Trainer) -> None:
        assert look.step is not None
        self.look = look
        self.step = look.step
        self.trainer = trainer

    def quantum(self) -> bool:
        """Replays for a short while; true when the step is reached. Raises Diverged."""
        end = perf_counter() + QUANTUM
        due(self.trainer, self.look.journal)
        while self.trainer.step_count < self.step:
            self.trainer.step()
            due(self.trainer, self.look.journal)
            if perf_counter() > end:
                return self.trainer.step_count == self.step
        return True


class Past:
    """Trainers that stand at steps of the past, the last used ones."""

    def __init__(self, device: str) -> None:
        self.device = device
        self._kept: OrderedDict[tuple[str, int], Trainer] = OrderedDict()

    def start(self, look: say.Look) -> Lookback:
        """A look, from the nearest trainer at hand or from its snapshot."""
        assert look.snapshot is not None
        assert look.step is not None
        snapshot = Snapshot.unpack(look.snapshot)
        near = [
            step
            for run, step in self._kept
            if run == look.run and snapshot.step <= step <= look.step
        ]
        if near:
            trainer = self._kept.pop((look.run, max(near)))
        else:
            trainer = Trainer(snapshot.spec, snapshot, self.device)
        return Lookback(look, trainer)

    def keep(self, done: Lookback) -> None:
        """Holds on to a look's trainer for the next."""
        self._kept[done.look.run, done.step] = done.trainer
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def forget(self, run: str) -> None:
        for key in [key for key in self._kept if key[0] == run]:
            del self._kept[key]
