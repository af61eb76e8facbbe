"""The gallery's presets: each is a spec that holds, of a family that has one, and its own."""

from __future__ import annotations

import json

import pytest

from livenet.presets import PRESETS, ROWS, Preset
from livenet.spec import resolve
from livenet.spec.model import KINDS
from livenet.training import Trainer
from tests.thumbnails import FOLDER

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


def loss(one: Trainer) -> float:
    found = one.metrics()["train_loss"]
    assert found is not None
    return found


@EACH
@pytest.mark.parametrize(
    ("seed", "steps"),
    [(0, 30), *(pytest.param(seed, 600, marks=pytest.mark.soak) for seed in range(10))],
)
def test_a_preset_learns_whatever_its_seed(preset: Preset, seed: int, steps: int) -> None:
    """Its lesson is no accident of one initialization: none diverges, and each has a lower loss."""
    one = Trainer(resolve({**preset.spec, "seed": seed}))
    before = loss(one)
    for _ in range(steps):
        one.step()
    assert loss(one) < before
