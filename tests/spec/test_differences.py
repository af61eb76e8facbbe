"""What a list of runs shows of a spec."""

from __future__ import annotations

from typing import Any

import pytest

from livenet.presets import PRESETS
from livenet.spec import resolve
from livenet.spec.differences import differences


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ({}, {}),
        ({"seed": 3}, {"seed": 3}),
        ({"optimizer": {"lr": 0.5}}, {"optimizer.lr": 0.5}),
        ({"model": {"hidden": [4, 4]}}, {"model.hidden": [4, 4]}),
        ({"data": {"kind": "moons"}}, {"data.kind": "moons"}),
        ({"data": {"kind": "digits"}, "model": {"kind": "cnn"}}, {"data.kind": "digits"}),
        (
            {"optimizer": {"kind": "sgd", "lr": 0.25}},
            {"optimizer.kind": "sgd", "optimizer.lr": 0.25},
        ),
    ],
)
def test_the_fields_that_were_chosen(document: dict[str, Any], shown: dict[str, Any]) -> None:
    assert differences(resolve(document)) == shown


def _nested(fields: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for path, value in fields.items():
        *above, name = path.split(".")
        part = made
        for one in above:
            part = part.setdefault(one, {})
        part[name] = value
    return made


@pytest.mark.parametrize("preset", PRESETS)
def test_they_are_enough_to_make_the_spec_again(preset: str) -> None:
    spec = resolve(PRESETS[preset].spec)
    assert resolve(_nested(differences(spec))) == spec
