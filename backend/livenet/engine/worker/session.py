"""One run as a pure state machine: commands in, its next state out. No I/O, no clock, no torch.

queued → running ⇄ paused → queued, any of them → stopped, running → finished; failed from any
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import floor

from livenet.engine.messages import Admit
from livenet.errors import WrongState
from livenet.wire import messages


class Status(StrEnum):
    """A queued run waits for its turn to train, a paused one for a command."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def ended(self) -> bool:
        """Whether no command resumes it; a fork continues from it."""
        return self in (Status.FINISHED, Status.FAILED, Status.STOPPED)


_GOING = frozenset({Status.QUEUED, Status.RUNNING, Status.PAUSED})
ALLOWED: dict[str, frozenset[Status]] = {
    "pause": frozenset({Status.QUEUED, Status.RUNNING}),
    "resume": frozenset({Status.QUEUED, Status.PAUSED}),
    "step": frozenset({Status.PAUSED}),
    "stop": _GOING,
    "set": _GOING,
    "edit": _GOING,
    "pace": _GOING,
}
OF_ENGINE: dict[str, frozenset[Status]] = {"admit": frozenset({Status.QUEUED})}
"""Commands that only the engine sends."""


@dataclass
class Session:
    """A run's status, and the step or epoch at which it pauses by itself."""

    status: Status = Status.QUEUED
    until_step: int | None = None
    until_epoch: int | None = None

    def open(
        self, status: Status, until_step: int | None = None, until_epoch: int | None = None
    ) -> None:
        """Sets the state of a run that a worker has opened."""
        self.status, self.until_step, self.until_epoch = status, until_step, until_epoch

    def check(self, kind: str) -> None:
        """Raises WrongState if the current state does not allow a command."""
        allowed = OF_ENGINE[kind] if kind in OF_ENGINE else ALLOWED[kind]
        if self.status not in allowed:
            names = " or ".join(sorted(allowed))
            hint = "Fork it to continue." if self.status.ended else f"Wait until it is {names}."
            raise WrongState(
                f"{kind} needs a run that is {names}; this one is {self.status}",
                path="kind",
                hint=hint,
            )

    def apply(
        self, command: messages.Message, step: int, epoch: float, *, queued: bool = False
    ) -> None:
        """Applies the effect of a command on the status. Raises WrongState.

        With ``queued`` a command to train queues the run; ``Admit`` starts it.
        """
        kind: str = getattr(command, "kind")  # noqa: B009  # every command has one
        self.check(kind)
        match command:
            case messages.Pause():
                self.pause()
            case messages.Stop():
                self._end(Status.STOPPED)
            case Admit():
                self.status = Status.RUNNING
            case messages.Resume():
                self.status = Status.QUEUED if queued else Status.RUNNING
            case messages.StepOn(steps=steps, epochs=epochs):
                self.status = Status.QUEUED if queued else Status.RUNNING
                if epochs is not None:
                    self.until_epoch = floor(epoch) + epochs
                if steps is not None or epochs is None:
                    self.until_step = step + (steps or 1)
            case messages.Set() | messages.EditParameters() | messages.Pace():
                pass  # these do not change the status

    def pause(self) -> None:
        self._end(Status.PAUSED)

    def advanced(self, step: int, epoch: float, *, finished: bool) -> None:
        """Records a finished step: pauses at the requested limit, finishes at the spec's end."""
        if finished:
            self._end(Status.FINISHED)
        elif (self.until_step is not None and step >= self.until_step) or (
            self.until_epoch is not None and epoch >= self.until_epoch
        ):
            self.pause()

    def fail(self) -> None:
        self._end(Status.FAILED)

    def _end(self, status: Status) -> None:
        """Changes the status, and clears the limits of the last step command."""
        self.status = status
        self.until_step = self.until_epoch = None
