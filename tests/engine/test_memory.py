"""A worker's memory is bounded: what would pass it raises, and the process goes on."""

from __future__ import annotations

import subprocess
import sys

import pytest

GREEDY = """
import torch
from livenet.engine.hosted import foreseen
from livenet.engine.memory import limit_memory
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
