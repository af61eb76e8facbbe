"""The session against a model of it: whatever the order of commands, the same states."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from livenet.engine.messages import Admit
from livenet.engine.worker.session import ALLOWED, Session, Status
from livenet.errors import WrongState
from livenet.wire import messages

STEPS_AN_EPOCH = 4  # a power of two: epochs are exact

PAUSE, RESUME, STOP = (
    messages.Pause(kind="pause"),
    messages.Resume(kind="resume"),
    messages.Stop(kind="stop"),
)
HARMLESS = st.sampled_from(
    [
        messages.Set(kind="set", changes={"optimizer.lr": 0.1}),
        messages.EditParameters(
            kind="edit", edits=(messages.Edit(parameter="layers.0.bias", index=(0,), value=1.0),)
        ),
        messages.Pace(kind="pace", steps_per_second=5.0),
    ]
)


class Objective(NamedTuple):
    """Where the model pauses: a step, or the end of an epoch."""

    step: int | None = None
    epoch: int | None = None

    def reached(self, step: int) -> bool:
        return (self.step is not None and step >= self.step) or (
            self.epoch is not None and step >= self.epoch * STEPS_AN_EPOCH
        )


class SessionMachine(RuleBasedStateMachine):
    """The model is a word, a step and a goal."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.status = "queued"
        self.step = 0
        self.objective = Objective()
        self.has_ended = False

    @initialize(
        status=st.sampled_from(["running", "paused", "queued"] * 4 + ["finished", "stopped"]),
        step=st.integers(0, 11),
    )
    def open(self, status: str, step: int) -> None:
        """At any step, from the disk."""
        self.step = step
        self.session.open(Status(status))
        self.status = status

    @property
    def epoch(self) -> float:
        return self.step / STEPS_AN_EPOCH

    def apply(
        self,
        command: messages.Message,
        allowed: set[str],
        then: str | None,
        queued: bool = False,
    ) -> None:
        if self.status in allowed:
            self.session.apply(command, self.step, self.epoch, queued=queued)
            self.status = then or self.status
            return
        before = (self.session.status, self.session.until_step, self.session.until_epoch)
        with pytest.raises(WrongState) as refused:
            self.session.apply(command, self.step, self.epoch)
        assert before == (self.session.status, self.session.until_step, self.session.until_epoch)
        assert self.status in refused.value.message
        assert all(name in refused.value.message for name in allowed)
        assert refused.value.hint

    @rule()
    def pause(self) -> None:
        self.apply(PAUSE, {"running", "queued"}, "paused")
        if self.status == "paused":
            self.objective = Objective()

    @rule(queued=st.booleans())
    def resume(self, queued: bool) -> None:
        """What waits for its turn to do some steps does them when it has it."""
        self.apply(RESUME, {"paused", "queued"}, "queued" if queued else "running", queued)

    @rule()
    def admit(self) -> None:
        """What was paused while it was about to be started stays so."""
        self.apply(Admit(), {"queued"}, "running")

    @precondition(lambda self: self.step > 20 or self.status in ("finished", "failed", "stopped"))
    @rule()
    def stop(self) -> None:
        self.apply(STOP, {"running", "paused", "queued"}, "stopped")
        if self.status == "stopped":
            self.objective = Objective()

    @rule(command=HARMLESS)
    def change(self, command: messages.Message) -> None:
        self.apply(command, {"running", "paused", "queued"}, None)

    @rule(
        steps=st.none() | st.integers(1, 6),
        epochs=st.none() | st.integers(1, 3),
        queued=st.booleans(),
    )
    def go_on(self, steps: int | None, epochs: int | None, queued: bool) -> None:
        command = messages.StepOn(kind="step", steps=steps, epochs=epochs)
        was_paused = self.status == "paused"
        self.apply(command, {"paused"}, "queued" if queued else "running", queued)
        if was_paused:
            one = None if epochs else 1
            more = steps or one
            self.objective = Objective(
                self.step + more if more else None,
                self.step // STEPS_AN_EPOCH + epochs if epochs else None,
            )

    @precondition(lambda self: self.status == "running")
    @rule(steps=st.integers(1, 9), finished=st.sampled_from([False] * 9 + [True]))
    def advance(self, steps: int, finished: bool) -> None:
        while steps and self.status == "running":
            self.step, steps = self.step + 1, steps - 1
            last = finished and not steps
            self.session.advanced(self.step, self.epoch, finished=last)
            if last:
                self.status, self.objective = "finished", Objective()
            elif self.objective.reached(self.step):
                self.status, self.objective = "paused", Objective()

    @precondition(lambda self: self.status == "running")
    @rule()
    def diverge(self) -> None:
        self.session.pause()
        self.status, self.objective = "paused", Objective()

    @rule()
    def go_over_to_another_worker(self) -> None:
        """What its worker has said of it is enough for the next one."""
        old, self.session = self.session, Session()
        self.session.open(Status(str(old.status)), old.until_step, old.until_epoch)
        assert self.session == old

    @precondition(lambda self: self.step > 20 and self.status in ("running", "paused", "queued"))
    @rule()
    def fail(self) -> None:
        self.session.fail()
        self.status, self.objective = "failed", Objective()

    @invariant()
    def same_status(self) -> None:
        assert self.session.status == self.status
        assert self.session.status.ended == (self.status in ("finished", "failed", "stopped"))

    @invariant()
    def same_goal(self) -> None:
        """Only what runs, or is to run, has one."""
        assert (self.session.until_step, self.session.until_epoch) == self.objective
        assert self.status in ("running", "queued") or self.objective == Objective()

    @invariant()
    def an_end_is_the_end(self) -> None:
        for kind, allowed in ALLOWED.items():
            if self.session.status in allowed:
                self.session.check(kind)
            else:
                with pytest.raises(WrongState):
                    self.session.check(kind)
        self.has_ended = self.has_ended or self.status in ("finished", "failed", "stopped")
        assert self.session.status.ended == self.has_ended


TestSession = SessionMachine.TestCase
TestSession.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)


def test_every_command_has_states() -> None:
    parts = messages.COMMAND.json_schema()["$defs"].values()
    kinds = {part["properties"]["kind"]["const"] for part in parts if "kind" in part["properties"]}
    assert kinds == set(ALLOWED)


def test_nothing_brings_an_ended_run_back() -> None:
    for kind, allowed in ALLOWED.items():
        assert not any(status.ended for status in allowed), kind
    assert {status for status in Status if status.ended} == {"finished", "failed", "stopped"}
