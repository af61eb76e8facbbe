"""The paths of a spec's fields: those of every kind, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from livenet.presets import PRESETS
from livenet.spec import resolve
from livenet.spec.paths import all_paths


def paths_of(document: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, value in document.items():
        yield f"{before}{name}"
        if isinstance(value, dict):
            yield from paths_of(value, f"{before}{name}.")


@pytest.mark.parametrize("kind", PRESETS)
def test_every_field_of_a_spec_has_a_path(kind: str) -> None:
    assert set(paths_of(resolve(PRESETS[kind].spec).document())) <= set(all_paths())


def test_fields_of_kinds_in_kinds() -> None:
    there = {"seed", "optimizer.schedule.factor", "model.activation.alpha", "training.steps"}
    assert there <= set(all_paths())
    assert not {"optimiser", "optimizer.nope", "model.hidden.0", "seed.kind"} & set(all_paths())
