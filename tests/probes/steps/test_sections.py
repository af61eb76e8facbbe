"""The sections of a walk's stages."""

from __future__ import annotations

from typing import Any

import pytest

from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.probes.steps.walk import MANY, PART
from tests.probes.helpers import trained

PAIRS = {"kind": "reverse", "samples": 60, "length": 4, "symbols": 5}


def stages_of(spec: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = run_probe(Context.of(trained(spec, 0)), "step_by_step", {}).facts[
        "stages"
    ]
    return found


@pytest.mark.parametrize("norm", ["before", "after", "none"])
def test_labels_of_a_transformer_are_unique_within_a_section(norm: str) -> None:
    stages = stages_of({"data": PAIRS, "model": {"kind": "transformer", "depth": 3, "norm": norm}})
    keys = [(one["group"], one["section"], one["label"]) for one in stages]
    assert len(set(keys)) == len(keys)
    assert list(dict.fromkeys((one["group"], one["section"]) for one in stages)) == [
        *(("forward", name) for name in ("Embed", "Layer 1", "Layer 2", "Layer 3", "Output")),
        *(("backward", name) for name in ("Output", "Layer 3", "Layer 2", "Layer 1", "Embed")),
        ("update", ""),
    ]


def test_a_long_walk_is_cut_and_a_short_one_is_not() -> None:
    short, long = (stages_of({"model": {"hidden": [2] * depth}}) for depth in (MANY - 3, MANY + 8))
    assert {one["section"] for one in short} == {""}
    for group in ("forward", "backward"):
        own = [one for one in long if one["group"] == group]
        names = list(dict.fromkeys(one["section"] for one in own))
        assert len(names) > 1
        for name in names:
            part = [one["label"] for one in own if one["section"] == name]
            assert 1 < len(part) <= PART
            assert name == f"{part[0]} – {part[-1]}"
        assert [one["label"] for name in names for one in own if one["section"] == name] == [
            one["label"] for one in own
        ], "in their order"
