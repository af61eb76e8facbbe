"""The server's settings, read from the environment (``LIVENET_MAX_SAMPLES=2000``)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from livenet.errors import LivenetError
from livenet.refusals import refusal_of
from livenet.system import core_count


def _split(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _device(value: str) -> str:
    """A device's name, checked for its form only: torch checks whether this machine has it."""
    if not _DEVICE.fullmatch(value):
        raise PydanticCustomError(
            "choice",
            "{given} is none of auto, cpu, cuda, cuda:N (the GPU of that number) and mps",
            {
                "given": repr(value)[:40],
                "hint": "auto takes a CUDA GPU if there is one, else the processor.",
            },
        )
    return value


def _root_path(value: str) -> str:
    """A path prefix without a trailing slash; "" for the root of a host."""
    if value.strip("/") and not _PREFIX.fullmatch(value):
        raise ValueError(
            "a path prefix begins with a slash, such as /user/ann/proxy/8000, and has no host, "
            "spaces, ? or #, and no part that is empty, . or .."
        )
    return value.rstrip("/")


_PREFIX = re.compile(r"(/(?!\.{1,2}(/|$))[\w.~!$&'()*+,;=:@%-]+)+/?", re.ASCII)
_DEVICE = re.compile(r"auto|cpu|cuda(:(0|[1-9]\d?))?|mps")
LEAST_TOKEN = 16  # characters
MAX_LAYERS = 1000  # the most layers that a spec may list on any server
Device = Annotated[str, AfterValidator(_device)]
RootPath = Annotated[str, AfterValidator(_root_path)]
Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


class Limits(BaseModel):
    """Limits on the cost of a run; checked on the spec, before anything is allocated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_samples: int = Field(10_000, ge=10, description="points in a data set")
    max_layers: int = Field(32, ge=1, le=MAX_LAYERS, description="hidden layers")
    max_width: int = Field(512, ge=1, description="units in a layer")
    max_parameters: int = Field(10_000_000, ge=1, description="weights and biases in all")
    max_batch: int = Field(10_000, ge=1, description="examples in a minibatch")
    max_step_seconds: float = Field(0.1, gt=0, description="estimated seconds of a step")
    max_faces: int = Field(20_000, ge=100, description="activation regions in a picture")
    max_resolution: int = Field(256, ge=16, description="cells per side of a map")


class Settings(BaseModel):
    """The server's settings. Every field is also ``LIVENET_<NAME>`` in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: Device = Field("auto", description="device to train on: auto, cpu, cuda, cuda:1, mps")
    workers: int = Field(0, ge=0, le=256, description="worker processes; 0: as many as cores")
    data: Path | None = Field(None, description="folder in which runs are kept across restarts")
    datasets: Path = Field(
        Path("datasets"), description="folder of MNIST's and Fashion-MNIST's files"
    )

    token: SecretStr | None = Field(None, min_length=LEAST_TOKEN, description="token for a class")
    admin_token: SecretStr | None = Field(
        None, min_length=LEAST_TOKEN, description="token for the lecturer"
    )
    origins: Words = Field((), description="addresses of this server, such as https://net.example")
    root_path: RootPath = Field(
        "", description="path prefix that a proxy does not strip, such as /user/ann/proxy/8000"
    )
    framed_by: Words = Field((), description="origins of pages that may show this one in a frame")
    cors_origins: Words = Field((), description="origins of other pages that may call the API")

    max_runs: int = Field(
        10_000, ge=1, description="runs that are kept; for more, unused ones are deleted"
    )
    store_bytes: int = Field(8 * 2**30, ge=2**20, description="what all runs may take in the store")
    max_runs_a_person: int = Field(200, ge=1, description="runs of one person that are kept")
    store_bytes_a_person: int = Field(
        512 * 2**20, ge=2**20, description="what the runs of one person may take in the store"
    )
    max_training: int = Field(500, ge=1, description="runs that train at the same time")
    max_training_a_person: int = Field(
        20, ge=1, description="runs of one person that train at the same time; others are queued"
    )
    reserved_places: int = Field(
        20, ge=0, description="of max_training, for administrators alone; at most half of it"
    )
    max_pinned_a_person: int = Field(
        5, ge=0, description="runs of one person that are kept although nobody uses them"
    )
    identities_per_hour: int = Field(
        1000, ge=1, description="new identities that one network may make in an hour"
    )
    max_sockets: int = Field(2000, ge=1, description="open streams")
    max_sockets_a_person: int = Field(32, ge=1, description="open streams of one person")
    requests_per_second: float = Field(50.0, gt=0, description="API requests of one person")
    commands_per_second: float = Field(60.0, gt=0, description="commands of one person")
    max_message_bytes: int = Field(65_536, ge=1024, description="largest message of a stream")
    max_request_bytes: int = Field(2**20, ge=1024, description="largest body of a request")
    max_rows: int = Field(1_000_000, ge=1000, description="rows after which a run pauses")
    max_journal_entries: int = Field(
        10_000, ge=1, description="changes after which a run accepts no more"
    )
    max_journal_bytes: int = Field(
        4 * 2**20, ge=1024, description="size of all changes of a run, as JSON"
    )
    snapshot_bytes: int = Field(32 * 2**20, ge=2**20, description="memory for a run's snapshots")
    all_snapshot_bytes: int = Field(2**30, ge=2**20, description="memory for all snapshots")
    unsaved_bytes: int = Field(
        64 * 2**20,
        ge=2**20,
        description="memory for what cannot be saved; runs are paused when it is used up",
    )
    worker_bytes: int = Field(2 * 2**30, ge=2**28, description="most memory of a worker")
    hang_seconds: float = Field(
        10.0, ge=1, description="seconds without progress after which a worker is replaced"
    )
    unwatched_seconds: float = Field(
        3600.0, ge=1, description="seconds after which an endless run without watchers is paused"
    )
    idle_seconds: float = Field(
        7 * 86_400.0,
        ge=1,
        description="seconds after which an unused run that does not train is deleted",
    )
    probe_share: float = Field(0.25, gt=0, lt=1, description="most of a worker's time for pictures")
    limits: Limits = Limits()

    @property
    def worker_count(self) -> int:
        """The number of worker processes: one a core, unless set."""
        return self.workers or core_count()

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
            name = next(str(part) for part in reversed(first["loc"]) if isinstance(part, str))
            variable = f"LIVENET_{name.upper()}"
            if name in ("token", "admin_token"):  # which is not to be read over a shoulder
                raise LivenetError(
                    f"{variable} has {len(str(first['input']))} characters, and {LEAST_TOKEN} are "
                    "the least that nobody guesses",
                    hint="`livenet token` prints a new one.",
                ) from error
            field = {**cls.model_fields, **Limits.model_fields}[name]
            found = refusal_of(first, cls.model_json_schema(), LivenetError, quoted=False)
            raise LivenetError(
                f"{variable}{found.message.removeprefix(found.path)}",
                hint=f"{found.hint} What it sets: {field.description}. "
                f"The default is {field.default}.",
            ) from error


def datasets_folder() -> Path:
    """``Settings.datasets``, whole, for those that read data sets: it comes by the environment
    alone, which worker processes inherit."""
    default = Settings.model_fields["datasets"].default
    return Path(os.environ.get("LIVENET_DATASETS") or default).absolute()
