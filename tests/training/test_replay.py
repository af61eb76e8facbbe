"""A spec and a journal tell a run's whole story."""

from typing import Any

import pytest
import torch

from livenet.errors import CommandError, LivenetError
from livenet.spec.arithmetic import Used
from livenet.training import Snapshot, Trainer
from livenet.training.replay import apply, by_step, due
from livenet.wire.journal import Entry
from tests.training.runs import OPTIMIZERS, names, same, steps, trainer, weights


def a_set(**changes: Any) -> dict[str, Any]:
    return {"kind": "set", "changes": {k.replace("__", "."): v for k, v in changes.items()}}


def an_edit(parameter: str, index: list[int], value: float) -> dict[str, Any]:
    return {
        "kind": "edit",
        "edits": [{"parameter": parameter, "index": index, "value": value}],
    }


JOURNAL = [
    Entry(0, a_set(training__batch_size=4)),
    Entry(3, a_set(optimizer__lr=0.2, regularization__dropout=0.4)),
    Entry(3, an_edit("layers.0.weight", [1, 0], 0.5)),
    Entry(11, a_set(optimizer__schedule__kind="step", optimizer__schedule__every=2)),
    Entry(12, an_edit("layers.1.bias", [2], -1.25)),
    Entry(12, a_set(regularization__l1=0.01, training__batch_size=None)),
]
LAST = 20


def all_due(one: Trainer, journal: list[Entry]) -> None:
    for _ in due(one, by_step(journal)):
        pass


def told(start: Trainer, last: int = LAST) -> tuple[Trainer, dict[int, Snapshot]]:
    """Goes on to the last step as a worker does; snapshots after the commands of each step."""
    kept = {}
    while True:
        all_due(start, JOURNAL)
        kept[start.step_count] = start.snapshot()
        if start.step_count == last:
            return start, kept
        start.step()


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=names)
def test_a_replay_is_the_run(optimizer: dict[str, Any], arithmetic: Used) -> None:
    one, kept = told(trainer(arithmetic=arithmetic, optimizer=optimizer))
    other, again = told(trainer(arithmetic=arithmetic, optimizer=optimizer))
    assert all(same(kept[step], again[step]) for step in kept)
    assert one.metrics() == other.metrics()


@pytest.mark.parametrize("start", [0, 2, 3, 7, 11, 12, 15])
def test_a_replay_may_begin_at_any_snapshot(start: int, arithmetic: Used) -> None:
    """Also at one that was taken after a command of its step: twice is the same as once."""
    _, kept = told(trainer(arithmetic=arithmetic))
    snapshot = Snapshot.unpack(kept[start].pack())
    other, _ = told(Trainer(snapshot.spec, snapshot))
    assert same(other.snapshot(), kept[LAST])


@pytest.mark.parametrize("start", [3, 12])
def test_a_replay_may_begin_before_the_commands_of_its_step(start: int, arithmetic: Used) -> None:
    _, kept = told(trainer(arithmetic=arithmetic))
    one = trainer(arithmetic=arithmetic)
    while one.step_count < start:
        all_due(one, JOURNAL)
        one.step()
    snapshot = one.snapshot()
    assert not same(snapshot, kept[start])
    other, _ = told(Trainer(snapshot.spec, snapshot))
    assert same(other.snapshot(), kept[LAST])


def test_commands_take_effect_at_their_step(arithmetic: Used) -> None:
    _, kept = told(trainer(arithmetic=arithmetic))
    plain = trainer(arithmetic=arithmetic)
    all_due(plain, JOURNAL[:1])
    steps(plain, 3)
    for command in JOURNAL[1:3]:
        apply(plain, command.command)
    assert same(plain.snapshot(), kept[3])
    assert weights(plain)["layers.0.weight"][1, 0] == 0.5
    assert plain.spec.regularization.dropout == 0.4


@pytest.mark.parametrize(
    "command",
    [
        a_set(optimizer__lr=-1),
        a_set(data__samples=50),
        a_set(optimizer__lr=0.5, training__batch_size=0),
        an_edit("layers.9.weight", [0, 0], 1.0),
        an_edit("layers.0.weight", [0, 2], 1.0),
        an_edit("layers.0.weight", [-1, 0], 1.0),
        an_edit("layers.0.weight", [0], 1.0),
        an_edit("layers.0.bias", [0, 0], 1.0),
        {
            "kind": "edit",
            "edits": [
                {"parameter": "layers.0.bias", "index": [0], "value": 9.0},
                {"parameter": "layers.0.bias", "index": [99], "value": 9.0},
            ],
        },
    ],
)
def test_a_refused_command_changes_nothing(command: dict[str, Any]) -> None:
    one = steps(trainer(), 3)
    before = one.snapshot()
    with pytest.raises(LivenetError) as caught:
        apply(one, command)
    assert caught.value.path
    assert caught.value.hint
    assert same(one.snapshot(), before)


def test_an_edit_names_what_there_is() -> None:
    with pytest.raises(CommandError) as caught:
        apply(trainer(), an_edit("layers.0.wieght", [0, 0], 1.0))
    assert "layers.0.weight" in caught.value.hint
    with pytest.raises(CommandError) as caught:
        apply(trainer(), an_edit("layers.0.weight", [4, 0], 1.0))
    assert "[4, 2]" in caught.value.message


@pytest.mark.parametrize("value", [1e300, -1e39, float("nan"), float("inf")])
def test_an_edit_to_what_is_no_number_is_refused(value: float) -> None:
    """1e300 is finite in JSON, but infinite as a weight."""
    one = trainer()
    before = one.snapshot()
    with pytest.raises(CommandError):
        apply(one, an_edit("layers.0.weight", [0, 0], value))
    assert same(one.snapshot(), before)


def test_a_step_with_many_changes_is_many_units_of_work() -> None:
    """Between any two a worker can show that it lives, and do something else."""
    one = trainer()
    journal = [Entry(0, an_edit("layers.0.bias", [0], value)) for value in range(50)]
    assert sum(1 for _ in due(one, by_step([*journal, Entry(1, a_set(optimizer__lr=0.5))]))) == 50
    assert one.parameters()["layers.0.bias"][0] == 49


def test_an_edit_looks_up_its_own_parameter_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand edits of a deep net would make each of its tensors a thousand times."""
    one = trainer()
    expected = one.parameters()["layers.0.weight"].clone()
    expected[2, 1] = 7.0
    monkeypatch.setattr(one.flat, "named", None)
    monkeypatch.setattr(one.flat, "view", None)
    apply(one, an_edit("layers.0.weight", [2, 1], 7.0))
    monkeypatch.undo()
    assert torch.equal(one.parameters()["layers.0.weight"], expected)
