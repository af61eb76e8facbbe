"""The gallery's presets: each is a spec that holds, of a family that has one, and its own."""

from __future__ import annotations

import json
from itertools import pairwise
from statistics import median

import pytest

from livenet.presets import PRESETS, ROWS, Preset
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.spec import changed, resolve
from livenet.spec.model import KINDS
from livenet.training import Trainer
from tests.thumbnails import FOLDER

FAILS = {"large_rate", "dead_relus"}
"""Presets whose lesson is that they do not learn: each has a test of its own."""

EACH = pytest.mark.parametrize("preset", ROWS, ids=lambda preset: preset.kind)


def test_every_family_has_one() -> None:
    kinds = {str(kind.model_fields["kind"].default) for kind in KINDS}
    assert {resolve(preset.spec).model.kind for preset in ROWS} == kinds


def test_their_names_are_their_own() -> None:
    assert len(PRESETS) == len(ROWS) == len({preset.label for preset in ROWS})


@EACH
def test_a_preset_says_what_to_look_at(preset: Preset) -> None:
    assert preset.explain.endswith(".")
    assert len(preset.explain) < 100
    assert len(preset.label) < 30


@EACH
def test_a_preset_is_json_and_names_its_kinds(preset: Preset) -> None:
    """A default that moves one day must not make another run of it."""
    spec = json.loads(json.dumps(preset.document()["spec"]))
    assert spec["data"]["kind"]
    assert spec["model"]["kind"]
    assert resolve(spec).document() == resolve(preset.spec).document()


@EACH
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_preset_has_a_small_picture(preset: Preset, theme: str) -> None:
    picture = FOLDER / f"{preset.kind}-{theme}.webp"
    data = picture.read_bytes()
    assert data[:4] == b"RIFF"
    assert data[8:12] == b"WEBP"
    assert len(data) <= 8192


def measure(one: Trainer, name: str) -> float:
    found = one.metrics()[name]
    assert found is not None
    return found


def loss(one: Trainer) -> float:
    return measure(one, "train_loss")


def trainer_of(kind: str, seed: int) -> Trainer:
    return Trainer(resolve({**PRESETS[kind].spec, "seed": seed}))


def set_rate(one: Trainer, lr: float) -> None:
    """What the slider of the learning rate does to a run."""
    one.change(changed(one.spec, {"optimizer.lr": lr}, limits=None))


def walk(one: Trainer, steps: int) -> None:
    for _ in range(steps):
        one.step()


@pytest.mark.parametrize(
    "preset", [row for row in ROWS if row.kind not in FAILS], ids=lambda preset: preset.kind
)
@pytest.mark.parametrize(
    ("seed", "steps"),
    [(0, 30), *(pytest.param(seed, 600, marks=pytest.mark.soak) for seed in range(10))],
)
def test_a_preset_learns_whatever_its_seed(preset: Preset, seed: int, steps: int) -> None:
    """Its lesson is no accident of one initialization: none diverges, and each has a lower loss."""
    one = Trainer(resolve({**preset.spec, "seed": seed}))
    before = loss(one)
    walk(one, steps)
    assert loss(one) < before


SEEDS = pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 10))]
)


@SEEDS
def test_over_fitting_lowers_the_training_loss_and_raises_the_test_loss(seed: int) -> None:
    one = trainer_of("overfitting", seed)
    assert len(one.parts["train"][0]) == 60, "the number in its explanation"
    assert len(one.flat.phi) > 50 * 60
    courses: dict[str, list[float]] = {"train_loss": [], "test_loss": []}
    for _ in range(12):
        walk(one, 100)
        for name, course in courses.items():
            course.append(measure(one, name))
    train, test = courses.values()
    assert train[-1] < 0.5 * train[4] < 0.25 * train[0]
    lowest = test.index(min(test))
    assert lowest <= 4, "it generalizes best early"
    assert test[-1] > 1.5 * test[lowest]


def jump(course: list[float]) -> float:
    """The largest ratio of a value to the one before."""
    return max(after / before for before, after in pairwise(course))


@SEEDS
def test_a_rate_too_high_keeps_the_loss_jumping_and_a_lower_one_lets_it_fall(seed: int) -> None:
    one = trainer_of("large_rate", seed)

    def course(steps: int) -> list[float]:
        found = []
        for _ in range(steps // 5):
            walk(one, 5)
            found.append(measure(one, "train_mse"))
        return found

    course(200)
    jumping = course(1000)
    ups = sum(after > before for before, after in pairwise(jumping))
    assert ups > 0.3 * len(jumping), "it goes up as often as down"
    assert jump(jumping) > 2
    set_rate(one, 0.003)
    course(200)
    settled = course(1000)
    assert jump(settled) < 1.1
    assert median(settled) < 0.75 * median(jumping)


def dead_units(one: Trainer) -> list[set[int]]:
    """Of each hidden layer."""
    dead = run_probe(Context.of(one), "activity", {}).facts["dead"]
    return [set(units) for units in dead.values()]


@SEEDS
def test_relus_die_and_stay_dead_though_the_rate_is_lowered(seed: int) -> None:
    one = trainer_of("dead_relus", seed)
    assert sum(map(len, dead_units(one))) <= 3, "of 24 at the start"
    walk(one, 600)
    first, second = dead_units(one)
    assert len(first) + len(second) >= 12
    assert len(second) >= 9
    weights = one.parameters()["layers.0.weight"].clone()
    set_rate(one, 0.003)
    walk(one, 600)
    assert sum(map(len, dead_units(one))) >= 12
    moved = (one.parameters()["layers.0.weight"] - weights).abs().amax(dim=1)
    assert first <= dead_units(one)[0]
    assert all(moved[unit] == 0 for unit in first), "no gradient reaches them"
    assert loss(one) > 0.5, "and the spirals are not learnt"


@SEEDS
def test_the_same_network_learns_at_a_low_rate(seed: int) -> None:
    one = trainer_of("dead_relus", seed)
    set_rate(one, 0.003)
    walk(one, 1200)
    assert sum(map(len, dead_units(one))) <= 3
    assert loss(one) < 0.4
