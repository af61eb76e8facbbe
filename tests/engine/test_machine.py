"""Any commands, deaths and restarts: what is left is what an undisturbed run would have left.

Hypothesis draws what is done next; every run has a viewer, and is replayed at the end.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Coroutine
from math import floor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)

from livenet.engine.base import Engine
from livenet.errors import (
    CommandError,
    LivenetError,
    SpecError,
    UnknownRun,
    UnknownStep,
    WrongState,
)
from livenet.wire.messages import COMMAND
from tests.arithmetics import ARITHMETICS
from tests.engine.driving import (
    SMALL,
    all_runs,
    at_rest,
    moves,
    paused,
    send_command,
    soon,
    weights,
)
from tests.engine.faults import LocalFaults
from tests.engine.story import Story

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]

T = TypeVar("T")
MAX_RUNS = 4
STARTS_WITHIN = 120.0
DIGITS = {"kind": "digits", "samples": 40}
COURSE = {"batch_size": 7, "series_every": 1}
# Dropout, a row a step, few steps; of each family what has most of a state, and each arithmetic.
SPECS: list[dict[str, Any]] = [
    *({**SMALL, "arithmetic": kind} for kind in ARITHMETICS),
    {**SMALL, "training": {**COURSE, "steps": 60}},
    {
        "data": {"kind": "sine", "samples": 60},
        "model": {"hidden": [5]},
        "optimizer": {"kind": "sgd", "lr": 0.01, "momentum": 0.9, "schedule": {"kind": "cosine"}},
        "regularization": {"dropout": 0.1, "l1": 0.001},
        "training": {"batch_size": None, "series_every": 3},
    },
    {
        "data": DIGITS,
        "model": {
            "kind": "cnn",
            "blocks": [{"kind": "conv", "channels": 2}, {"kind": "batch_norm"}],
        },
        "regularization": {"dropout": 0.2},
        "training": COURSE,
    },
    {
        "data": DIGITS,
        "model": {"kind": "vae", "hidden": [6]},
        "regularization": {"dropout": 0.1},
        "training": COURSE,
    },
    {
        "data": {"kind": "parity", "length": 4, "samples": 40},
        "model": {"kind": "rnn", "cell": "gru", "hidden": 3, "depth": 2},
        "regularization": {"dropout": 0.2},
        "training": COURSE,
    },
]
OTHERS = st.fixed_dictionaries(
    {},
    optional={
        "regularization.dropout": st.sampled_from([0.0, 0.5]),
        "regularization.l2": st.sampled_from([0.0, 0.01]),
        "training.batch_size": st.sampled_from([1, 7, None]),
        "training.series_every": st.sampled_from([1, 3, 10]),
        "optimizer.schedule": st.sampled_from([{"kind": "constant"}, {"kind": "step", "every": 5}]),
    },
)
PACE = st.sampled_from([None, 300.0, 60.0])
BAD: list[dict[str, Any]] = [
    {"kind": "set", "changes": {"optimizer.lr": -1.0}},
    {"kind": "set", "changes": {"optimizer.lr": 0.01, "seed": 1}},
    {"kind": "set", "changes": {"optimizer.schedule.steps": 0}},
    {"kind": "edit", "edits": [{"parameter": "nothing", "index": [0], "value": 1.0}]},
]
KEEPS = st.sampled_from(["", "key"])
SHARE = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])


class EngineMachine(RuleBasedStateMachine):
    """Everything that people and fate do to an engine. ``stories`` is what has to be true of it."""

    runs: Bundle[str] = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.stories: dict[str, Story] = {}
        self.count = 0
        self.faults = LocalFaults(data=Path(self.folder.name), max_runs=MAX_RUNS + 2)
        self.engine: Engine = self.faults.engine

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self) -> None:
        self.do(self._start())

    # What people do.

    @precondition(lambda self: len(self.stories) < MAX_RUNS)
    @rule(target=runs, spec=st.sampled_from(SPECS), start=st.booleans(), pace=PACE)
    def create(self, spec: dict[str, Any], start: bool, pace: float | None) -> str:
        made = self.do(soon(self.engine.create(spec, name="", start=start, pace=pace)))
        self._tell_of(Story(made, []))
        return made.id

    @precondition(lambda self: len(self.stories) < MAX_RUNS)
    @rule(
        target=runs, run=runs, share=st.none() | SHARE, changes=st.none() | OTHERS,
        start=st.booleans(),
    )  # fmt: skip
    def fork(
        self, run: str, share: float | None, changes: dict[str, Any] | None, start: bool
    ) -> str:
        old = self.engine.run(run)
        step = None if share is None else floor(share * old.step)
        given = {} if changes is None else changes | self._unlike_any()
        made = self.do(soon(self.engine.fork(run, step, given, name="", start=start, pace=300.0)))
        assert made.parent is not None
        at = made.parent["step"]
        assert step in (None, at)
        past = [entry for entry in self.stories[run].entries if entry["step"] <= at]
        story = Story(made, past)
        if given:
            story.answered(at, {"kind": "set", "changes": given})
        self._tell_of(story)
        rows = [row for row in old.series.rows() if (row[1] or 0) <= at]
        assert story.viewer.rows[: len(rows)] == rows
        return made.id

    @rule(run=runs)
    def resume(self, run: str) -> None:
        self._try(run, {"kind": "resume"})

    @rule(run=runs)
    def pause(self, run: str) -> None:
        if self._try(run, {"kind": "pause"}) is not None:
            assert self.engine.run(run).status == "paused"

    @rule(run=runs, pace=PACE)
    def set_pace(self, run: str, pace: float | None) -> None:
        if self._try(run, {"kind": "pace", "steps_per_second": pace}) is not None:
            assert self.engine.run(run).pace == pace

    @rule(run=runs, steps=st.integers(1, 30), waits=st.booleans())
    def step(self, run: str, steps: int, waits: bool) -> None:
        start = self._try(run, {"kind": "step", "steps": steps})
        if start is not None and waits:
            found = self.do(at_rest(self.engine, run))
            assert found.step == min(start + steps, found.spec.training.steps or start + steps)

    @rule(run=runs, epochs=st.integers(1, 2), waits=st.booleans())
    def step_epochs(self, run: str, epochs: int, waits: bool) -> None:
        before = self.engine.run(run).epoch
        start = self._try(run, {"kind": "step", "epochs": epochs})
        if start is not None and waits:
            found = self.do(at_rest(self.engine, run))
            assert found.epoch >= floor(before) + epochs or found.status == "finished"

    @rule(run=runs, changes=OTHERS, key=KEEPS, times=st.integers(1, 3))
    def change(self, run: str, changes: dict[str, Any], key: str, times: int) -> None:
        self._must(run, {"kind": "set", "changes": changes | self._unlike_any()}, key, times)

    @rule(run=runs, data=st.data(), key=KEEPS, times=st.integers(1, 3))
    def edit(self, run: str, data: st.DataObject, key: str, times: int) -> None:
        tensors = [
            one for layer in self.engine.run(run).spec.layers for one in layer.tensors.items()
        ]
        name, shape = data.draw(st.sampled_from(tensors))
        index = [data.draw(st.integers(0, size - 1)) for size in shape]
        value = data.draw(st.sampled_from([-1.0, 0.0, 0.3]))
        edits = [{"parameter": name, "index": index, "value": value}]
        self._must(run, {"kind": "edit", "edits": edits}, key, times)

    @rule(run=runs, command=st.sampled_from(BAD))
    def change_badly(self, run: str, command: dict[str, Any]) -> None:
        with pytest.raises((SpecError, CommandError, WrongState)):
            self._command(run, command)

    @rule(run=runs)
    def repeat(self, run: str) -> None:
        """A command that bore a key, long after it was answered: the journal has it once."""
        for key, (command, step) in self.stories[run].answers.items():
            asked = self.engine.command(run, COMMAND.validate_python(command), key)
            assert self.do(soon(asked)) == step

    @rule(run=runs, share=SHARE, form=st.sampled_from(["weights", "frame"]))
    def probe_step(self, run: str, share: float, form: str) -> None:
        step = floor(share * self.engine.run(run).step)
        self.do(self.stories[run].check_step(self.engine, form, step))

    @rule(run=runs)
    def look_at_present(self, run: str) -> None:
        least = self.engine.run(run).step
        form, options = self.stories[run].probe
        found = json.loads(
            self.do(soon(self.engine.request_probe(run, "json", form, options, None)))
        )
        assert found["step"] >= least
        assert self.engine.run(run).step >= found["step"]

    @rule(run=runs)
    def look_ahead(self, run: str) -> None:
        with pytest.raises(UnknownStep):
            self.do(soon(self.engine.request_probe(run, "weights", "", {}, 10**9)))

    @rule(run=runs, fps=st.sampled_from([30.0, 60.0]))
    def watch(self, run: str, fps: float) -> None:
        self.stories[run].viewer.watch(*self.stories[run].probe, fps)

    @rule(run=runs)
    def unwatch(self, run: str) -> None:
        self.stories[run].viewer.unwatch()

    @rule(run=runs, steps=st.integers(1, 20))
    def train(self, run: str, steps: int) -> None:
        """Time goes by."""
        if self.engine.run(run).status == "running":
            self.do(moves(self.engine, *[run] * steps))

    @rule(run=consumes(runs))
    def delete(self, run: str) -> None:
        self.do(soon(self.engine.delete(run)))
        story = self.stories.pop(run)
        assert story.viewer.gone
        with pytest.raises(UnknownRun):
            self.engine.run(run)

    @rule(run=runs)
    def tell_anew(self, run: str) -> None:
        self.do(self.stories[run].rest(self.engine))
        self.do(self.stories[run].compare(self.engine))

    # What fate does.

    @rule(run=runs, command=st.booleans())
    def kill(self, run: str, command: bool) -> None:
        """With a command under way, or with none."""
        self.do(self._settle())
        self.do(self._with_command(run, self.faults.kill(run), command))

    @rule(run=runs, seconds=st.sampled_from([0.02, 0.2]), command=st.booleans())
    def hang(self, run: str, seconds: float, command: bool) -> None:
        async def hanging() -> None:
            await self.faults.hang(run)
            await asyncio.sleep(seconds)
            await self.faults.wake()

        self.do(self._with_command(run, hanging(), command))

    @rule()
    def restart(self) -> None:
        for story in self.stories.values():
            story.viewer.refresh()
            story.viewer.disconnect()
            story.answers.clear()  # keys are known to one engine
        statuses = {run: self.engine.run(run).status for run in self.stories}
        self.engine = self.do(self.faults.restart())
        assert self.do(all_runs(self.engine)) == set(self.stories)
        for run, before in statuses.items():
            found = self.do(self.engine.load(run))
            assert found.status == before or before == "running"  # it may have come to its end
            self.stories[run].viewer.join(self.engine)

    @invariant()
    def all_is_as_it_was_told(self) -> None:
        for run, story in self.stories.items():
            story.check(self.do(self.engine.load(run)))

    def teardown(self) -> None:
        try:
            for story in self.stories.values():
                self.do(story.rest(self.engine))
                self.all_is_as_it_was_told()
                self.do(story.compare(self.engine))
        finally:
            self.do(self.faults.wake())
            self.do(self.engine.close())
            self.loop.close()
            self.folder.cleanup()

    # How.

    async def _start(self) -> None:
        await self.engine.start()
        async with asyncio.timeout(STARTS_WITHIN):  # the first worker of a process loads torch
            while not self.engine.health()["ready"]:  # noqa: ASYNC110  # nobody tells of it
                await asyncio.sleep(0.01)

    def _tell_of(self, story: Story) -> None:
        self.stories[story.run] = story
        story.viewer.join(self.engine)

    def _unlike_any(self) -> dict[str, float]:
        """A change that can be told from all others."""
        self.count += 1
        return {"optimizer.lr": 0.001 + self.count * 1e-6}

    def _command(self, run: str, command: dict[str, Any], key: str = "", times: int = 1) -> int:
        return self.do(self._commanded(run, command, key, times))

    async def _commanded(self, run: str, command: dict[str, Any], key: str, times: int) -> int:
        """Sends a command, so many times at once where it has a key; the one answer of all."""
        order = COMMAND.validate_python(command)
        if key:
            self.count += 1
            key = f"{key} {self.count}"
        asked = [self.engine.command(run, order, key) for _ in range(times if key else 1)]
        steps = await soon(asyncio.gather(*asked))
        assert len(set(steps)) == 1
        self.stories[run].answered(steps[0], command)
        if key:
            self.stories[run].answers[key] = command, steps[0]
        return steps[0]

    def _try(self, run: str, command: dict[str, Any]) -> int | None:
        """A command that the state may forbid."""
        try:
            return self._command(run, command)
        except WrongState:
            return None

    def _must(self, run: str, command: dict[str, Any], key: str, times: int) -> None:
        """A command that nothing but the end forbids."""
        try:
            self._command(run, command, key, times)
        except LivenetError as error:
            assert isinstance(error, WrongState)  # noqa: PT017  # all others are failures
            assert self.engine.run(run).ended

    async def _with_command(self, run: str, fate: Coroutine[Any, Any, None], command: bool) -> None:
        """Fate, and a change that comes at the same time and is carried out all the same."""
        change = {"kind": "set", "changes": self._unlike_any()}
        if not command or self.engine.run(run).ended:
            await fate
            return
        _, answer = await asyncio.gather(
            fate, self._commanded(run, change, "key", 2), return_exceptions=True
        )
        assert isinstance(answer, int) or self.engine.run(run).ended, answer

    async def _settle(self) -> None:
        """Every run has done something since the last death: three without would fail it."""
        await moves(self.engine, *self.stories)
        for run in self.stories:
            await weights(self.engine, run)


EngineMachine.TestCase.settings = settings(
    max_examples=5,
    stateful_step_count=25,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
TestEngine = EngineMachine.TestCase


@pytest.mark.soak
class TestEngineForLong(EngineMachine.TestCase):  # type: ignore[valid-type,misc]  # hypothesis makes it
    settings = settings(EngineMachine.TestCase.settings, max_examples=100)


async def test_a_change_at_rest_outlives_a_restart(tmp_path: Path) -> None:
    """What the machine found first: runs were written when they came to rest, not when changed."""
    faults = LocalFaults(data=tmp_path)
    await faults.engine.start()
    try:
        run = await paused(faults.engine)
        await send_command(faults.engine, run, kind="set", changes={"optimizer.lr": 0.05})
        engine = await faults.restart()
        assert [entry.step for entry in (await engine.load(run)).journal] == [0]
    finally:
        await faults.engine.close()
