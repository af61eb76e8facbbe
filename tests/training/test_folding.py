"""Two changes of the same fields at one step, of which a journal keeps the second alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livenet.spec import RunSpec, live_paths, resolve
from livenet.spec.change import memoryless
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES
from livenet.store import Run, SnapshotStore
from livenet.training import Snapshot, Trainer
from livenet.training.replay import apply, by_step, due
from livenet.wire.journal import Entry
from tests.arithmetics import ARITHMETICS
from tests.models.every import EVERY, small

AT = 3  # the step of the changes
AFTER = 4  # steps that follow
OTHER: dict[str, Any] = {"model": {"hidden": [3]}, "data": {"samples": 40}}


def specs() -> dict[str, RunSpec]:
    """One of every family, and of every optimizer with every schedule in each arithmetic."""
    found = {name: resolve(small(document)) for name, document in EVERY.items()}
    for optimizer in OPTIMIZERS:
        for schedule in SCHEDULES:
            kinds = [one.model_fields["kind"].default for one in (optimizer, schedule)]
            section = {"kind": kinds[0], "schedule": {"kind": kinds[1]}}
            for arithmetic in ARITHMETICS:
                document = {"arithmetic": arithmetic, **OTHER}
                name = " ".join([*kinds, arithmetic])
                found[name] = resolve(small(document, optimizer=section))
    return found


SPECS = specs()


def value_at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document[name]
    return document


def floats(spec: RunSpec) -> list[str]:
    """The live fields with a number that is no count."""
    document = spec.document()
    return [path for path in live_paths(spec) if type(value_at(document, path)) is float]


def everything(one: Trainer) -> dict[str, bytes]:
    """All tensors of a trainer, as bytes."""
    snapshot = one.snapshot()
    return {
        "phi": snapshot.phi.tobytes(),
        "gradient": one.flat.gradient.numpy().tobytes(),
        **{f"state {name}": value.tobytes() for name, value in snapshot.state.items()},
        **{f"buffer {name}": value.tobytes() for name, value in snapshot.buffers.items()},
    }


def course(one: Trainer, changes: list[dict[str, Any]]) -> list[Any]:
    """What a trainer is after changes, and after each of the steps that follow."""
    found: list[Any] = []
    for change in changes:
        apply(one, {"kind": "set", "changes": change})
    for _ in range(AFTER):
        found.append((one.spec, everything(one), one.metrics(), one.row_due))
        one.step()
    found.append((one.spec, everything(one), one.metrics(), one.row_due))
    return found


@pytest.fixture(scope="module")
def starts() -> dict[str, Snapshot]:
    """Each spec's trainer at the step of the changes."""
    found = {}
    for name, spec in SPECS.items():
        one = Trainer(spec)
        while one.step_count < AT:
            one.step()
        found[name] = one.snapshot()
    return found


def at_start(found: Snapshot) -> Trainer:
    return Trainer(found.spec, found)


@pytest.mark.parametrize("name", SPECS)
@given(data=st.data())
@settings(
    max_examples=4,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_second_change_alone_is_both(
    name: str, starts: dict[str, Snapshot], data: st.DataObject
) -> None:
    """Bit for bit, of every float among the live fields."""
    spec = SPECS[name]
    paths = data.draw(st.sets(st.sampled_from(floats(spec)), min_size=1))
    assert memoryless(spec, paths)
    numbers = st.floats(1e-4, 0.9)
    first, second = ({path: data.draw(numbers) for path in sorted(paths)} for _ in range(2))
    both = course(at_start(starts[name]), [first, second])
    alone = course(at_start(starts[name]), [second])
    assert both == alone
    # A snapshot that was taken between the two has the first in it.
    between = at_start(starts[name])
    apply(between, {"kind": "set", "changes": first})
    assert course(at_start(between.snapshot()), [second]) == alone


@pytest.mark.parametrize("name", SPECS)
def test_every_live_float_is_memoryless_and_nothing_else(name: str) -> None:
    spec = SPECS[name]
    kept = floats(spec)
    assert kept
    assert [path for path in live_paths(spec) if memoryless(spec, [path])] == kept
    assert memoryless(spec, kept)
    assert not memoryless(spec, [*kept, "training.batch_size"])
    assert not memoryless(spec, ["optimizer.nothing"])


LIVE = st.sampled_from(
    [
        {"kind": "set", "changes": {"optimizer.lr": 0.5}},
        {"kind": "set", "changes": {"optimizer.lr": 0.25}},
        {"kind": "set", "changes": {"optimizer.lr": 0.25, "optimizer.momentum": 0.5}},
        {"kind": "set", "changes": {"optimizer.momentum": 0.25, "optimizer.lr": 0.125}},
        {"kind": "set", "changes": {"optimizer.schedule.kind": "step"}},
        {"kind": "set", "changes": {"optimizer.schedule": {"kind": "cosine", "steps": 5}}},
        {"kind": "set", "changes": {"optimizer.schedule.kind": "cosine", "optimizer.lr": 0.75}},
        {"kind": "set", "changes": {"training.batch_size": 5}},
        {"kind": "set", "changes": {"optimizer.nesterov": True}},
        {"kind": "edit", "edits": [{"parameter": "layers.0.bias", "index": [0], "value": 1.0}]},
        {"kind": "edit", "edits": [{"parameter": "layers.0.bias", "index": [0], "value": -1.0}]},
    ]
)


@given(st.lists(st.tuples(LIVE, st.sampled_from([0, 0, 0, 1])), max_size=12))
@settings(max_examples=60)
def test_any_journal_is_what_all_its_commands_are(commands: list[tuple[Any, int]]) -> None:
    """As recorded by a run, beside a trainer that gets every command."""
    spec = resolve(small(OTHER, optimizer={"kind": "sgd"}))
    run = Run("run", "", spec, SnapshotStore(1000))
    live = Trainer(spec)
    for command, steps in commands:
        apply(live, command)
        run.record(Entry(live.step_count, command))
        assert run.in_force == live.spec
        assert run.spec_at(live.step_count) == live.spec
        for _ in range(steps):
            live.step()
    again = Trainer(spec)
    journal = by_step(run.journal)
    while again.step_count < live.step_count:
        list(due(again, journal))
        again.step()
    list(due(again, journal))
    assert everything(again) == everything(live)
    assert again.spec == live.spec
