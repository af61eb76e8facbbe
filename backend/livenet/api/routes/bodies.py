"""What requests carry, as the OpenAPI page shows it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from livenet.api.routes.documents import inlined
from livenet.wire.messages import COMMAND, StepsPerSecond


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)


class NewRun(Body):
    """A run to be made; ``start: false`` leaves it paused at step 0."""

    spec: dict[str, Any] = Field(default_factory=dict, examples=[{"data": {"kind": "spiral"}}])
    name: str = Field("", max_length=120)
    start: bool = True
    pace: StepsPerSecond | None = Field(None, description="steps a second at most")


class NewFork(Body):
    """A run that goes on from a step of another; without a step, from where that one is."""

    step: int | None = Field(None, ge=0)
    changes: dict[str, Any] = Field(default_factory=dict, examples=[{"optimizer.lr": 0.1}])
    name: str = Field("", max_length=120)
    start: bool = True
    pace: StepsPerSecond | None = Field(None, description="steps a second at most")


COMMAND_SCHEMA = inlined(COMMAND.json_schema())
"""What a command may be; it is read by hand, for errors that say how to put it right."""
