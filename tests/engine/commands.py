"""Commands, whatever happens while they are under way: each once, in order, or not at all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livenet.engine.base import Engine
from livenet.errors import EngineFailure, WrongState
from livenet.wire.messages import COMMAND
from tests.engine.driving import (
    SMALL,
    as_undisturbed,
    at_rest,
    fork,
    goes_on,
    moves,
    only_first,
    paused,
    send_command,
    soon,
    started,
    walk,
    weights,
)
from tests.engine.faults import Faults

NUMBER = st.floats(-2, 2, width=32).map(float)
CHANGE = st.one_of(
    st.tuples(st.just("optimizer.lr"), st.sampled_from([0.003, 0.03])),
    st.tuples(st.just("regularization.dropout"), st.sampled_from([0.0, 0.5])),
    st.tuples(st.just("regularization.l2"), st.sampled_from([0.0, 0.01])),
    st.tuples(st.just("training.batch_size"), st.sampled_from([1, 7, None])),
    st.tuples(st.just("training.series_every"), st.sampled_from([1, 3, 10])),
)
WORD = st.one_of(
    st.just({"kind": "pause"}),
    st.just({"kind": "resume"}),
    st.builds(lambda steps: {"kind": "step", "steps": steps}, st.integers(1, 40)),
    st.builds(lambda epochs: {"kind": "step", "epochs": epochs}, st.integers(1, 3)),
    st.builds(
        lambda rate: {"kind": "pace", "steps_per_second": rate}, st.sampled_from([300, None])
    ),
    st.builds(lambda change: {"kind": "set", "changes": dict([change])}, CHANGE),
    st.builds(
        lambda value: {
            "kind": "edit",
            "edits": [{"parameter": "layers.1.weight", "index": [1, 2], "value": value}],
        },
        NUMBER,
    ),
)
KILL = st.just({"kind": "kill"})
SCRIPT = st.lists(
    st.tuples(st.one_of(WORD, WORD, KILL), st.sampled_from([0.0, 0.0, 0.01, 0.1, 0.3])),
    min_size=4,
    max_size=14,
)


def a_change(changes: int) -> dict[str, Any]:
    """A ``set`` that can be told from all others, and takes the place of none."""
    return {"kind": "set", "changes": {"training.steps": 1_000_000 + changes}}


STORIES = settings(
    max_examples=12,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
    ],
)


class Commands:
    """Tests of commands."""

    async def test_in_the_order_in_which_they_are_given(self, engine: Engine) -> None:
        """At once, without waiting for answers: those that the state forbids then are refused."""
        run = await paused(engine)
        edit = {"parameter": "layers.0.bias", "index": [0], "value": 1.0}
        script: list[tuple[bool, dict[str, Any]]] = [
            (False, {"kind": "pause"}),
            (True, {"kind": "resume"}),
            (False, {"kind": "resume"}),
            (True, a_change(1)),
            (False, {"kind": "step", "steps": 3}),
            (True, {"kind": "pause"}),
            (False, {"kind": "pause"}),
            (True, {"kind": "edit", "edits": [edit]}),
            (True, {"kind": "step", "steps": 1_000_000}),
            (True, {"kind": "stop"}),
            (False, {"kind": "resume"}),
            (False, a_change(2)),
        ]
        asked = [
            engine.command(run, COMMAND.validate_python(words), key=str(number) * (number % 2))
            for number, (_, words) in enumerate(script)
        ]
        answers = await soon(asyncio.gather(*asked, return_exceptions=True))
        for (allowed, words), answer in zip(script, answers, strict=True):
            assert isinstance(answer, int if allowed else WrongState), words
        found = engine.run(run)
        assert found.status == "stopped"
        assert [entry.command["kind"] for entry in found.journal] == ["set", "edit"]
        await as_undisturbed(engine, run)

    async def test_same_key_once(self, engine: Engine) -> None:
        run, other = await paused(engine), await paused(engine)
        order = COMMAND.validate_python(a_change(1))
        at_once = [engine.command(run, order, key="first") for _ in range(3)]
        assert await soon(asyncio.gather(*at_once)) == [0, 0, 0]
        await walk(engine, run, 4)
        assert await soon(engine.command(run, order, key="first")) == 0
        assert len(engine.run(run).journal) == 1
        assert await soon(engine.command(run, order, key="second")) == 4
        assert len(engine.run(run).journal) == 2
        assert await soon(engine.command(other, order, key="first")) == 0
        assert len(engine.run(other).journal) == 1
        for _ in range(2):  # without a key every one is a new one
            await soon(engine.command(run, order))
        assert len(engine.run(run).journal) == 4

    async def test_a_slider_at_rest(
        self, engine: Engine, faults: Faults, small: dict[str, Any]
    ) -> None:
        """Each value is answered and is in force; the journal has the last, and it is enough."""
        run = await paused(engine, small)
        await walk(engine, run, 3)
        engine.run(run).snapshots = only_first(engine.run(run))
        values = [0.01 + 0.001 * number for number in range(30)]
        sets = [COMMAND.validate_python(_a_rate(value)) for value in values]
        half = len(sets) // 2
        assert (
            await soon(asyncio.gather(*(engine.command(run, one) for one in sets[:half])))
            == [3] * half
        )
        assert engine.run(run).in_force.optimizer.lr == values[half - 1]
        await weights(engine, run, 3)  # a trainer that is kept has these values
        await faults.kill(run)
        for one in sets[half:]:
            assert await soon(engine.command(run, one)) == 3
        assert [entry.document() for entry in engine.run(run).journal] == [
            {"step": 3, "command": _a_rate(values[-1])}
        ]
        assert engine.run(run).in_force.optimizer.lr == values[-1]
        other = await fork(engine, run, 3, changes={"optimizer.lr": 0.5})
        assert [entry.command for entry in engine.run(other).journal] == [_a_rate(0.5)]
        await walk(engine, run, 5)
        await weights(engine, run, 7)
        await as_undisturbed(engine, run)
        await walk(engine, other, 2)
        await as_undisturbed(engine, other)

    async def test_same_key_of_a_step(self, engine: Engine) -> None:
        """A click that is sent twice goes one step on, not two."""
        run = await paused(engine)
        step = COMMAND.validate_python({"kind": "step", "steps": 1})
        await soon(engine.command(run, step, key="click"))
        await at_rest(engine, run, 1)
        await soon(engine.command(run, step, key="click"))
        await walk(engine, run, 1)
        assert engine.run(run).step == 2

    async def test_a_command_under_way_when_its_worker_dies(
        self, engine: Engine, faults: Faults
    ) -> None:
        """Is carried out once, or is answered with an error and leaves no trace."""
        run = await started(engine, SMALL)
        numbers = count(1)
        for beat in range(8):
            await goes_on(engine, run)
            commands = [a_change(next(numbers)) for _ in range(6)]
            asked = [asyncio.create_task(send_command(engine, run, **order)) for order in commands]
            await asyncio.sleep(0.001 * (beat % 4))
            await faults.kill(run)
            answers = await soon(asyncio.gather(*asked, return_exceptions=True))
            journal = engine.run(run).journal
            for order, answer in zip(commands, answers, strict=True):
                entries = [entry for entry in journal if entry.command == order]
                if isinstance(answer, int):
                    assert [entry.step for entry in entries] == [answer]
                else:
                    assert isinstance(answer, EngineFailure)
                    assert entries == []
        steps = [entry.step for entry in engine.run(run).journal]
        assert steps == sorted(steps)
        await send_command(engine, run, kind="pause")
        await as_undisturbed(engine, run)

    async def test_sent_again_with_its_key_until_it_is_answered(
        self, engine: Engine, faults: Faults
    ) -> None:
        """Whatever dies meanwhile: at least once and at most once."""
        run = await started(engine, SMALL)
        commands = [a_change(number) for number in range(20)]

        async def insist(order: dict[str, Any], key: str) -> int:
            while True:
                try:
                    return await engine.command(run, COMMAND.validate_python(order), key=key)
                except EngineFailure:
                    await asyncio.sleep(0.01)

        asked = []
        for number, order in enumerate(commands):
            asked += [asyncio.create_task(insist(order, f"{number}")) for _ in range(2)]
            if number % 4 == 1:
                await faults.kill(run)
                await goes_on(engine, run)
            await asyncio.sleep(0.005)
        answers = await soon(asyncio.gather(*asked))
        journal = engine.run(run).journal
        assert sorted(entry.command["changes"]["training.steps"] for entry in journal) == [
            order["changes"]["training.steps"] for order in commands
        ]
        assert answers[::2] == answers[1::2]
        await send_command(engine, run, kind="pause")
        await as_undisturbed(engine, run)

    async def any_story(
        self,
        engine: Engine,
        faults: Faults,
        small: dict[str, Any],
        script: list[tuple[dict[str, Any], float]],
    ) -> None:
        """Commands and deaths at moments that nobody chose: what is left is spec and journal."""
        run = await started(engine, small)
        try:
            for word, rest in script:
                if word["kind"] == "kill":
                    await moves(engine, run)
                    await faults.kill(run)
                else:
                    await _attempt(engine, run, word)
                await asyncio.sleep(rest)
            await _attempt(engine, run, {"kind": "pause"})
            await at_rest(engine, run)
            await walk(engine, run, 2)
            await as_undisturbed(engine, run)
        finally:
            for one in engine.runs():
                await engine.delete(one.id)

    test_any_story_told_anew_is_the_same = STORIES(given(script=SCRIPT)(any_story))
    test_many_stories_told_anew_are_the_same = pytest.mark.soak(
        settings(STORIES, max_examples=300)(given(script=SCRIPT)(any_story))
    )

    async def test_orders_of_many(self, engine: Engine, faults: Faults) -> None:
        """Three who command one run while its workers die: every answer is in the journal once."""
        run = await started(engine, SMALL)
        numbers = count(1)
        answered: list[tuple[dict[str, Any], int]] = []

        async def commander() -> None:
            for _ in range(15):
                order = a_change(next(numbers))
                try:
                    answered.append((order, await send_command(engine, run, **order)))
                except EngineFailure:
                    continue

        async def fate() -> None:
            for _ in range(4):
                await goes_on(engine, run)
                await faults.kill(run)

        await soon(asyncio.gather(commander(), commander(), commander(), fate()))
        await send_command(engine, run, kind="pause")
        journal = [(entry.command, entry.step) for entry in engine.run(run).journal]
        assert sorted(answered, key=str) == sorted(journal, key=str)
        await as_undisturbed(engine, run)


def _a_rate(value: float) -> dict[str, Any]:
    return {"kind": "set", "changes": {"optimizer.lr": value}}


async def _attempt(engine: Engine, run: str, word: dict[str, Any]) -> None:
    """A command that the state may forbid."""
    with suppress(WrongState):
        await send_command(engine, run, **word)
