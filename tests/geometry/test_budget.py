"""Subdivisions that end with their budget: sound, exact as far as they go, known to be a part."""

from __future__ import annotations

import numpy as np
import pytest

from livenet.budget import Budget
from livenet.geometry import MaxPool, PlaneRegions, Step, line_regions, plane_regions
from tests.budgets import Ticking, spent_after
from tests.geometry.networks import random_network

WINDOW = (-2.0, 2.0, -2.0, 2.0)
POOL = MaxPool(np.arange(60).reshape(20, 3))
NETS: dict[str, list[Step]] = {
    "dense": [*random_network(1, (70, 20, 20))],
    "pooled": [*random_network(2, (60,))[:1], POOL, *random_network(3, (12,), inputs=20)],
}


def counted(name: str) -> tuple[PlaneRegions, int]:
    clock = Ticking()
    whole = plane_regions(NETS[name], WINDOW, budget=Budget(1e9, clock))
    assert whole.merged is not None
    return whole, clock.reads


@pytest.mark.parametrize("name", NETS)
def test_what_is_cut_until_the_budget_ends_is_a_sound_part(name: str) -> None:
    whole, count = counted(name)
    assert count > 10
    parts = set()
    for reads in range(0, count, max(1, count // 25)):
        found = plane_regions(NETS[name], WINDOW, budget=spent_after(reads))
        vertices, edges, faces = found.counts
        assert vertices - edges + faces == 1
        assert found.mesh.areas.sum() == pytest.approx(16.0)
        assert (found.mesh.areas > 0).all()
        done = found.complete_layers
        assert found.by_layer == whole.by_layer[:done]
        assert found.truncated == (done < found.depth)
        if found.truncated:
            assert found.merged is None
            with pytest.raises(ValueError, match="room or time"):
                _ = found.linear
        elif found.merged is None:
            with pytest.raises(ValueError, match="budget of processor time"):
                _ = found.linear
        parts.add((done, found.complete_cuts))
    assert len(parts) > 2  # it ends in several places


@pytest.mark.parametrize("name", NETS)
def test_a_larger_budget_cuts_no_less(name: str) -> None:
    _, count = counted(name)
    faces = [
        len(plane_regions(NETS[name], WINDOW, budget=spent_after(reads)).mesh.lengths)
        for reads in range(0, count, max(1, count // 10))
    ]
    assert faces == sorted(faces)
    assert faces[0] == 1


def test_intervals_end_behind_a_whole_layer() -> None:
    layers = random_network(4, (20, 20, 20), inputs=1)
    whole = line_regions(layers, (-3.0, 3.0))
    assert not whole.truncated
    for reads in (0, 1, 2):
        found = line_regions(layers, (-3.0, 3.0), budget=spent_after(reads))
        assert found.truncated
        assert found.by_layer == whole.by_layer[: len(found.by_layer)]
        with pytest.raises(ValueError, match="linear pieces need the cuts of all layers"):
            _ = found.count
