"""What the person who runs the server may set: by environment (``LIVENET_MAX_SAMPLES=2000``)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from livenet.errors import LivenetError


class Limits(BaseModel):
    """What a run may cost; checked on the spec, before anything is allocated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_samples: int = Field(10_000, ge=10, description="points in a data set")
    max_layers: int = Field(32, ge=1, description="hidden layers")
    max_width: int = Field(512, ge=1, description="units in a layer")
    max_parameters: int = Field(10_000_000, ge=1, description="weights and biases in all")
    max_batch: int = Field(10_000, ge=1, description="examples in a minibatch")
    max_step_seconds: float = Field(0.1, gt=0, description="estimated seconds that a step takes")
    max_faces: int = Field(20_000, ge=100, description="activation regions that are drawn")
    max_resolution: int = Field(256, ge=16, description="cells a side of a map")


class Settings(BaseModel):
    """The server's settings. Every field is also ``LIVENET_<NAME>`` in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: Literal["auto", "cpu", "cuda"] = "auto"
    workers: int = Field(0, ge=0, le=256, description="worker processes; 0: as many as cores")
    data: Path | None = Field(None, description="folder in which runs are kept across restarts")
    max_runs: int = Field(500, ge=1, description="runs held at once")
    max_message_bytes: int = Field(65_536, ge=1024, description="largest request or message")
    snapshot_bytes: int = Field(32 * 2**20, ge=2**20, description="memory for a run's snapshots")
    probe_share: float = Field(0.25, gt=0, lt=1, description="most time that pictures may take")
    limits: Limits = Limits()

    @property
    def worker_count(self) -> int:
        """The number of worker processes: one a core, unless set."""
        return self.workers or max(1, len(os.sched_getaffinity(0)))

    @classmethod
    def from_environment(cls, **overrides: object) -> Settings:
        """Settings from ``LIVENET_*`` variables; keyword arguments win.

        Raises LivenetError when a variable cannot be understood.
        """
        given: dict[str, object] = {}
        limits: dict[str, object] = {}
        for name in cls.model_fields:
            if name != "limits" and (value := os.environ.get(f"LIVENET_{name.upper()}")):
                given[name] = value
        for name in Limits.model_fields:
            if value := os.environ.get(f"LIVENET_{name.upper()}"):
                limits[name] = value
        given |= {key: value for key, value in overrides.items() if value is not None}
        try:
            return cls.model_validate({**given, "limits": limits})
        except ValidationError as error:
            first = error.errors()[0]
            name = "LIVENET_" + str(first["loc"][-1]).upper()
            raise LivenetError(f"{name} is {first['input']!r}: {first['msg']}") from error
