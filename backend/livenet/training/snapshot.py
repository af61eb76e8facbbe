"""A run's whole state at one step, from which it continues bit for bit.

Its packed form is a safetensors file: nothing in it is ever unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from livenet.spec import RunSpec, resolve
from livenet.wire.blob import save


@dataclass(frozen=True)
class Snapshot:
    """The spec in force, φ, the optimizer's state, the model's buffers, the position in the epoch.

    Random numbers need no state: see livenet.training.streams.
    """

    spec: RunSpec
    step: int
    epoch: int
    position: int
    gradient_norm: float | None
    phi: NDArray[np.float32]  # (P,)
    state: Mapping[str, NDArray[np.float32]]  # each (P,)
    buffers: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)  # running means

    def pack(self) -> bytes:
        header = {
            "spec": _text(self.spec),
            "place": json.dumps([self.step, self.epoch, self.position, self.gradient_norm]),
        }
        state = {f"state.{name}": value for name, value in self.state.items()}
        buffers = {f"buffer.{name}": value for name, value in self.buffers.items()}
        return save({"phi": self.phi, **state, **buffers}, header)

    @classmethod
    def unpack(cls, data: bytes) -> Snapshot:
        header = _header(data)
        tensors = load(data)
        step, epoch, position, norm = json.loads(header["place"])
        return cls(
            spec=resolve(json.loads(header["spec"]), limits=None),
            step=step,
            epoch=epoch,
            position=position,
            gradient_norm=norm,
            phi=tensors.pop("phi"),
            state=_below("state.", tensors),
            buffers=_below("buffer.", tensors),
        )

    @staticmethod
    def step_of(data: bytes) -> int:
        """The step of a packed snapshot; reads only the header."""
        return int(json.loads(_header(data)["place"])[0])


@lru_cache(maxsize=1024)
def _text(spec: RunSpec) -> str:
    """The spec as JSON: a worker packs a snapshot of each of its runs four times a second."""
    return json.dumps(spec.document())


def _header(data: bytes) -> dict[str, str]:
    size = int.from_bytes(data[:8], "little")
    found: dict[str, str] = json.loads(data[8 : 8 + size])["__metadata__"]
    return found


def _below(prefix: str, tensors: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
