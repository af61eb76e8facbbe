"""All runs together: the memory of their snapshots is bounded, whether they train or rest."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from livenet.engine.server.registry import RunRegistry
from livenet.errors import TooMany
from livenet.settings import Settings
from livenet.spec import resolve
from livenet.spec.cost import snapshot_bytes
from livenet.store import Run, SnapshotStore
from livenet.training import Trainer

MB = 2**20


def run(name: str, spec: Mapping[str, object], size: int, count: int) -> Run:
    snapshots = SnapshotStore(32 * MB)
    for step in range(count):
        snapshots.put(step, bytes(size))
    return Run(id=name, name="", spec=resolve(spec), snapshots=snapshots, status="paused")


def test_runs_at_rest_give_up_what_others_need() -> None:
    """Forty runs of which each had room for itself, and none of which goes on."""
    registry = RunRegistry(Settings(all_snapshot_bytes=64 * MB))
    for number in range(40):
        registry.add(run(f"{number}", {}, MB // 4, 60))
        assert sum(one.snapshots.size for one in registry) <= 64 * MB
    assert all(one.snapshots.steps[0] == 0 and one.snapshots.steps[-1] == 59 for one in registry)


def test_a_run_whose_snapshots_have_no_room_is_refused() -> None:
    """Each keeps two at least, so that they bound how many large ones there are."""
    large = {"model": {"hidden": [256] * 4}}
    size = snapshot_bytes(resolve(large))
    registry = RunRegistry(Settings(all_snapshot_bytes=int(7 * size)))
    for number in range(3):
        registry.check_capacity(resolve(large))
        registry.add(run(f"{number}", large, size, 5))
    with pytest.raises(TooMany, match="snapshots") as refused:
        registry.check_capacity(resolve(large))
    assert "Delete" in refused.value.hint
    registry.check_capacity(resolve({"model": {"hidden": [4]}}))
    registry.remove("1")
    registry.check_capacity(resolve(large))
    assert sum(one.snapshots.size for one in registry) <= 7 * size


@pytest.mark.parametrize("spec", [{}, {"model": {"hidden": [128] * 3}}, {"model": {"kind": "cnn"}}])
def test_estimate_covers_a_snapshot(spec: dict[str, object]) -> None:
    found = resolve(spec)
    trainer = Trainer(found)
    trainer.step()
    size = len(trainer.snapshot().pack())
    assert size <= snapshot_bytes(found) <= size + 8192
