"""A worker's memory is bounded: what would pass it raises, and the process goes on."""

from __future__ import annotations

import subprocess
import sys

import pytest

from livenet.engine.server.local import LocalEngine
from livenet.errors import TooLarge
from livenet.settings import Limits, Settings
from livenet.spec import resolve
from livenet.spec.cost import memory_bytes
from livenet.training import Trainer

GREEDY = """
import torch
from livenet.engine.worker.faults import foreseen
from livenet.engine.worker.worker import limit_memory
limit_memory(256 << 20)
small = torch.ones(16 << 20)  # 64 MB
try:
    torch.ones(256 << 20)  # 1 GB
except Exception as error:
    print(foreseen(error).code)
print(int(torch.ones(1 << 20).sum()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="no other system bounds data")
def test_too_much_memory_is_an_error() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GREEDY], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["out_of_memory", str(1 << 20)]


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"model": {"hidden": [512, 512, 512]}, "data": {"samples": 4000}},
        {"model": {"hidden": [64] * 8}, "training": {"batch_size": 200}},
    ],
)
def test_estimate_covers_what_a_run_holds(spec: dict[str, object]) -> None:
    """All of the trainer's tensors, the copies that a snapshot makes of them included."""
    found = resolve(spec)
    trainer = Trainer(found)
    for _ in range(3):
        trainer.step()
    held = [trainer.flat.phi, trainer.flat.gradient, *trainer.optimizer.state.values()]
    held += [tensor for part in trainer.parts.values() for tensor in part]
    size = sum(tensor.numel() * tensor.element_size() for tensor in held)
    snapshot = len(trainer.snapshot().pack())
    assert size + 2 * snapshot <= memory_bytes(found)


async def test_too_large_for_a_worker_is_refused() -> None:
    limits = Limits(max_layers=40, max_parameters=2 * 10**7, max_step_seconds=1.0)
    engine = LocalEngine(Settings(workers=1, worker_bytes=2**28, limits=limits))
    large = {"model": {"hidden": [512] * 40}}
    with pytest.raises(TooLarge, match="MB") as refused:
        await engine.create(large, name="", start=False, pace=None)
    assert refused.value.hint
    assert engine.runs() == []
