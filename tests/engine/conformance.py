"""What every engine does.

A test module subclasses ``Conformance``, and gives it the fixtures ``engine`` and ``faults`` (see
tests.engine.faults).
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from livenet.engine.base import Change, Engine, Owner
from livenet.errors import (
    CommandError,
    OptionError,
    ProbeUnfit,
    SpecError,
    TooMany,
    UnknownProbe,
    UnknownRun,
    UnknownStep,
    WrongState,
)
from livenet.spec.arithmetic import Used
from livenet.wire.frame import decode
from livenet.wire.messages import COMMAND
from tests.engine.commands import Commands
from tests.engine.driving import (
    DIVERGES,
    SMALL,
    all_runs,
    at_rest,
    curves,
    fork,
    happens,
    only_first,
    paused,
    picture,
    same,
    send_command,
    soon,
    started,
    until,
    walk,
    watching,
    weights,
)
from tests.engine.onlookers import Onlookers
from tests.engine.returning import Returning
from tests.engine.survival import Survival

PRIVILEGED = Owner("", privileged=True)


class Conformance(Survival, Commands, Onlookers, Returning):
    """Tests of the Engine protocol's promises.

    The engine holds ``holds`` runs, takes ``hang_seconds`` without a sign of life for a hang, and
    a step of ``step_seconds``; where ``keeps``, its runs outlive it.
    """

    @pytest.fixture
    def holds(self) -> int:
        return 6

    @pytest.fixture
    def hang_seconds(self) -> float:
        return 10.0

    @pytest.fixture
    def step_seconds(self) -> float:
        return 0.1

    @pytest.fixture
    def keeps(self) -> bool:
        return False

    @pytest.fixture
    def small(self, arithmetic: Used) -> dict[str, Any]:
        """SMALL in each arithmetic, for what holds bit for bit. Machine code does all steps up to
        the next row in one call: a row a step would hide where numbers depend on the calls."""
        training = {"batch_size": 7, "series_every": 10}
        return SMALL | {"arithmetic": arithmetic, "training": training}

    @pytest.fixture
    def diverges(self, arithmetic: Used) -> dict[str, Any]:
        return DIVERGES | {"arithmetic": arithmetic}

    async def test_made_paused(self, engine: Engine) -> None:
        made = await soon(engine.create(SMALL, name="mine", start=False, pace=3.0))
        assert (made.name, made.status, made.step, made.pace) == ("mine", "paused", 0, 3.0)
        assert made.snapshots.steps == [0]
        assert [row[1] for row in made.series.rows()] == [0]
        assert made.metrics["train_loss"] == made.series.rows()[0][3]
        assert [run.id for run in engine.runs()] == [made.id]
        assert engine.run(made.id) is made

    async def test_has_the_arithmetic_of_its_spec(
        self, engine: Engine, small: dict[str, Any]
    ) -> None:
        run = await paused(engine, small)
        await walk(engine, run, 1)
        assert engine.run(run).document()["arithmetic"] == small["arithmetic"]

    async def test_runs_to_its_end(self, engine: Engine) -> None:
        spec = SMALL | {"training": {"batch_size": 7, "steps": 95}}
        found = await at_rest(engine, await started(engine, spec))
        assert (found.status, found.step, found.error) == ("finished", 95, None)
        assert found.epoch == pytest.approx(95 * 7 / 63, abs=0.5)
        rows = found.series.rows()
        assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
        assert [row[1] for row in rows] == [*range(0, 95, 10), 95]
        assert 95 in found.snapshots.steps
        assert found.metrics["test_loss"] == rows[-1][found.series.columns.index("test_loss")]

    async def test_bad_spec(self, engine: Engine) -> None:
        with pytest.raises(SpecError) as refused:
            await engine.create({"model": {"hidden": [0]}}, name="", start=True, pace=None)
        assert refused.value.path.startswith("model.hidden")
        assert engine.runs() == []

    async def test_full(self, engine: Engine) -> None:
        """The engine keeps six runs: the longest unused makes room, unless it is forked. Where all
        are pinned, a privileged run has room, but no two."""
        made = [await paused(engine) for _ in range(6)]
        made.append(await paused(engine))
        assert await all_runs(engine) == set(made[1:])
        made.append(await fork(engine, made[1], 0))
        assert await all_runs(engine) == {made[1], *made[3:]}
        for run in await all_runs(engine):
            await engine.change(run, {"pinned": True})
        with pytest.raises(TooMany, match="None makes room"):
            await paused(engine)
        with pytest.raises(TooMany, match="None makes room"):
            await fork(engine, made[1], 0)
        await soon(engine.create(SMALL, name="", start=True, pace=None, owner=PRIVILEGED))
        with pytest.raises(TooMany, match="None makes room"):
            await soon(engine.create(SMALL, name="", start=False, pace=None, owner=PRIVILEGED))
        await engine.delete(made[1])
        await engine.delete(made[3])
        assert await paused(engine)

    async def test_same_spec_same_series(self, engine: Engine, small: dict[str, Any]) -> None:
        """Paused, watched, beside others: the same rows."""
        first, second = await paused(engine, small), await paused(engine, small)
        watch = watching(engine, first, {}, lambda _: None)
        await send_command(engine, second, kind="resume")
        for steps in (1, 20, 9):
            await walk(engine, first, steps)
        await until(engine, second, lambda run: run.step >= 30)
        await send_command(engine, second, kind="pause")
        watch.cancel()
        assert curves(engine.run(first)) == curves(engine.run(second), 30)
        assert await weights(engine, first) == await weights(engine, second, 30)

    async def test_any_step_is_as_it_was(self, engine: Engine, small: dict[str, Any]) -> None:
        """Bit for bit, through every probe's frame and the weights alike."""
        run = await paused(engine, small)
        seen = {}
        for step in range(31):
            if step:
                await walk(engine, run, 1)
            if step == 9:
                await send_command(engine, run, kind="set", changes={"optimizer.lr": 0.2})
            if step == 17:
                edit = {"parameter": "layers.1.weight", "index": [0, 1], "value": -2.0}
                await send_command(engine, run, kind="edit", edits=[edit])
            seen[step] = (await weights(engine, run), await picture(engine, run))
        engine.run(run).snapshots = only_first(engine.run(run))
        for step in (30, 0, 9, 8, 10, 17, 16, 18, 29):
            assert await weights(engine, run, step) == seen[step][0], step
            assert same(await picture(engine, run, step), seen[step][1]), step
        assert await weights(engine, run) == seen[30][0]

    async def test_journal_and_spec_in_force(self, engine: Engine) -> None:
        run = await paused(engine)
        await walk(engine, run, 3)
        assert await send_command(engine, run, kind="set", changes={"optimizer.lr": 0.25}) == 3
        await walk(engine, run, 2)
        found = engine.run(run)
        (entry,) = found.journal
        assert entry.document() == {
            "step": 3,
            "command": {"kind": "set", "changes": {"optimizer.lr": 0.25}},
        }
        rates = [row[found.series.columns.index("learning_rate")] for row in found.series.rows()]
        assert rates == [0.01] * 4 + [0.25] * 2
        assert [found.spec_at(step).optimizer.lr for step in (2, 3, 5)] == [0.01, 0.25, 0.25]

    async def test_fork_goes_on_bit_for_bit(self, engine: Engine, small: dict[str, Any]) -> None:
        """From mid-epoch, with dropout, whether it has a snapshot there or not."""
        parent = await paused(engine, small)
        await walk(engine, parent, 13)
        await send_command(engine, parent, kind="set", changes={"regularization.l2": 0.01})
        await walk(engine, parent, 27)
        for step in (13, 22, 40):
            child = await fork(engine, parent, step)
            found = engine.run(child)
            assert (found.step, found.status) == (step, "paused")
            assert found.parent == {"id": parent, "step": step}
            assert curves(found) == curves(engine.run(parent), step)
            assert await weights(engine, child) == await weights(engine, parent, step)
            if step < 40:
                await walk(engine, child, 40 - step)
            assert await weights(engine, child) == await weights(engine, parent)
            assert curves(engine.run(child)) == curves(engine.run(parent))
            # What the child inherited can be looked at in it.
            assert await weights(engine, child, 5) == await weights(engine, parent, 5)
            await engine.delete(child)

    async def test_fork_with_changes(self, engine: Engine, small: dict[str, Any]) -> None:
        parent = await paused(engine, small)
        await walk(engine, parent, 10)
        child = await fork(engine, parent, 6, changes={"optimizer.lr": 0.3}, name="hot")
        found = engine.run(child)
        assert found.name == "hot"
        assert found.spec_at(6).optimizer.lr == 0.3
        assert found.spec_at(5).optimizer.lr == 0.01
        assert await weights(engine, child) == await weights(engine, parent, 6)
        await walk(engine, child, 4)
        assert await weights(engine, child) != await weights(engine, parent)
        grandchild = await fork(engine, child, 8)
        await walk(engine, grandchild, 2)
        assert await weights(engine, grandchild) == await weights(engine, child)
        with pytest.raises(CommandError):
            await fork(engine, parent, 6, changes={"model.hidden": [2]})
        with pytest.raises(SpecError):
            await fork(engine, parent, 6, changes={"optimizer.lr": -1.0})
        assert len(engine.runs()) == 3

    async def test_reset_is_a_fork_at_0(self, engine: Engine, small: dict[str, Any]) -> None:
        run = await paused(engine, small)
        start = await weights(engine, run)
        await walk(engine, run, 12)
        again = await fork(engine, run, 0)
        assert await weights(engine, again) == start
        await walk(engine, again, 12)
        assert curves(engine.run(again)) == curves(engine.run(run))

    async def test_fork_of_a_running_run_lacks_no_row(self, engine: Engine) -> None:
        """Also where the row of the step it is forked at is still being worked out."""
        spec = {
            "data": {"samples": 5000},
            "model": {"hidden": [64, 64]},
            "training": {"series_every": 1},
        }
        parent = await started(engine, spec)
        for least in (2, 8, 14, 20):
            await until(engine, parent, lambda run, least=least: run.step >= least)  # type: ignore[misc]  # least is bound at once
            child = await fork(engine, parent, None)
            await walk(engine, child, 2)
            found = engine.run(child)
            assert [row[1] for row in found.series.rows()] == list(range(found.step + 1))
            await engine.delete(child)
        await send_command(engine, parent, kind="pause")
        steps = [row[1] for row in engine.run(parent).series.rows()]
        assert steps == list(range(engine.run(parent).step + 1))

    async def test_fork_outlives_its_parent(self, engine: Engine) -> None:
        parent = await paused(engine)
        await walk(engine, parent, 10)
        seen = await weights(engine, parent, 4)
        child = await fork(engine, parent, 10)
        await engine.delete(parent)
        assert await weights(engine, child, 4) == seen
        await walk(engine, child, 1)

    async def test_ended_runs_are_looked_at_and_forked(self, engine: Engine) -> None:
        run = await paused(engine)
        await walk(engine, run, 5)
        await send_command(engine, run, kind="stop")
        assert engine.run(run).status == "stopped"
        assert (await picture(engine, run, 3))["step"] == 3
        assert (await picture(engine, run))["step"] == 5
        with pytest.raises(WrongState, match="stopped") as refused:
            await send_command(engine, run, kind="resume")
        assert "Fork" in refused.value.hint
        child = await fork(engine, run, None)
        await walk(engine, child, 1)

    async def test_wrong_state(self, engine: Engine) -> None:
        run = await paused(engine)
        with pytest.raises(WrongState, match="running"):
            await send_command(engine, run, kind="pause")
        await send_command(engine, run, kind="resume")
        with pytest.raises(WrongState, match="paused"):
            await send_command(engine, run, kind="resume")
        with pytest.raises(WrongState, match="paused"):
            await send_command(engine, run, kind="step", steps=1)
        assert engine.run(run).status == "running"

    async def test_bad_commands_change_nothing(self, engine: Engine) -> None:
        run = await paused(engine)
        before = await weights(engine, run)
        edits = [{"parameter": "layers.0.bias", "index": [0], "value": 1.0}]
        for kind, rest, error in (
            ("set", {"changes": {"optimizer.lr": -1}}, SpecError),
            ("set", {"changes": {"training.batch_size": 10**9}}, SpecError),
            ("set", {"changes": {"model.hidden": [3]}}, CommandError),
            ("set", {"changes": {"optimizer.learning": 1}}, CommandError),
            ("edit", {"edits": [*edits, edits[0] | {"index": [6]}]}, CommandError),
            ("edit", {"edits": [*edits, edits[0] | {"parameter": "w"}]}, CommandError),
            ("edit", {"edits": [*edits, edits[0] | {"value": 1e39}]}, CommandError),
        ):
            with pytest.raises(error):
                await send_command(engine, run, kind=kind, **rest)
            assert len(engine.run(run).journal) == 0
            assert await weights(engine, run) == before
        assert engine.run(run).status == "paused"

    async def test_unknown(self, engine: Engine) -> None:
        run = await paused(engine)
        for call in (
            engine.request_probe("none", "json", "decision", {}, None),
            engine.command("none", COMMAND.validate_python({"kind": "pause"})),
            engine.delete("none"),
            engine.fork("none", None, {}, name="", start=True, pace=None),
        ):
            with pytest.raises(UnknownRun):
                await call
        with pytest.raises(UnknownRun):
            engine.listen("none", lambda _: None)
        with pytest.raises(UnknownRun):
            engine.watch("none", "decision", {}, 1.0, lambda _: None, lambda _: None)
        for step in (1, 10**30):
            with pytest.raises(UnknownStep):
                await weights(engine, run, step)
            with pytest.raises(UnknownStep):
                await fork(engine, run, step)
        with pytest.raises(UnknownProbe):
            await engine.request_probe(run, "json", "decisions", {}, None)
        with pytest.raises(OptionError):
            await engine.request_probe(run, "json", "decision", {"resolution": 1}, None)

    async def test_delete(self, engine: Engine) -> None:
        run, other = await paused(engine), await paused(engine)
        heard: list[Change] = []
        engine.listen(run, heard.append)
        await engine.delete(run)
        assert heard[-1] == "gone"
        assert [found.id for found in engine.runs()] == [other]
        with pytest.raises(UnknownRun):
            engine.run(run)
        with pytest.raises(UnknownRun):
            await weights(engine, run)
        await walk(engine, other, 1)

    async def test_deleted_while_it_is_being_replayed(self, engine: Engine) -> None:
        """Whoever made it is told, and does not wait for ever."""
        spec = {"training": {"steps": 4000, "series_every": 1000}}
        parent = await started(engine, spec)
        await at_rest(engine, parent)
        engine.run(parent).snapshots = only_first(engine.run(parent))
        factory = asyncio.create_task(fork(engine, parent, 4000))
        await happens(lambda: len(engine.runs()) == 2)
        (child,) = [run.id for run in engine.runs() if run.id != parent]
        await engine.delete(child)
        with pytest.raises(UnknownRun):
            await asyncio.wait_for(factory, 5.0)

    async def test_one_encode_whoever_watches(self, engine: Engine) -> None:
        """All watchers of a channel get the very same bytes; a late one the last there is."""
        run = await paused(engine)
        got: list[list[bytes]] = [[], [], []]
        options = {"resolution": 8}

        watches = [watching(engine, run, options, frames.append) for frames in got[:2]]
        for steps in (1, 1, 1):
            await walk(engine, run, steps)
            await self.until_shown(engine, got[0], run)
        watches.append(watching(engine, run, options, got[2].append))
        assert got[2] == [got[0][-1]]
        assert all(one is other for one, other in zip(got[0], got[1], strict=True))
        seqs = [decode(frame)["seq"] for frame in got[0]]
        assert seqs == sorted(set(seqs))
        assert len(got[0]) <= 1 + 3  # nothing is drawn twice
        watches[0].cancel()
        before = len(got[0])
        await walk(engine, run, 1)
        await self.until_shown(engine, got[1], run)
        assert len(got[0]) == before
        for watch in watches:
            watch.cancel()

    async def until_shown(self, engine: Engine, frames: list[bytes], run: str) -> None:
        await happens(lambda: frames and decode(frames[-1])["step"] == engine.run(run).step)

    async def test_watch_that_does_not_fit(self, engine: Engine) -> None:
        run = await paused(engine, SMALL | {"model": {"activation": "tanh"}})
        refused: list[dict[str, str]] = []
        engine.watch(run, "regions", {}, 10.0, lambda _: None, refused.append)
        await happens(lambda: refused)
        assert refused[0]["code"] == ProbeUnfit.code
        with pytest.raises(UnknownProbe):
            engine.watch(run, "region", {}, 10.0, lambda _: None, lambda _: None)
        with pytest.raises(OptionError):
            engine.watch(run, "decision", {"x": 1}, 10.0, lambda _: None, lambda _: None)

    async def test_divergence_pauses_with_an_explanation(self, engine: Engine) -> None:
        run = await started(engine, DIVERGES)
        found = await at_rest(engine, run)
        assert found.status == "paused"
        assert found.error is not None
        assert found.error["code"] == "diverged"
        assert found.error["hint"]
        assert len(found.series) >= 2
        child = await fork(engine, run, 5, changes={"optimizer.lr": 0.01})
        await walk(engine, child, 50)
        assert engine.run(child).error is None
