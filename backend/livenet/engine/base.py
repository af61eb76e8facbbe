"""The Engine protocol: places runs somewhere, and carries commands, pictures and series.

The API and the command line know this and nothing of processes. The default is
``livenet.engine.server.local``; another engine has to pass the same tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal, Protocol

from livenet.store import Run
from livenet.wire.messages import Message

Form = Literal["frame", "json", "weights"]
Deliver = Callable[[bytes], None]
Refuse = Callable[[dict[str, str]], None]
Listener = Callable[["Change"], None]
Change = Literal["run", "progress", "rows", "gone"]


@dataclass(frozen=True)
class WorkerMeasures:
    """One worker: counts since it began, ``memory`` in bytes."""

    pid: int
    ready: bool
    runs: int
    running: int
    memory: int
    steps: int
    quanta: int
    pictures: int


@dataclass(frozen=True)
class Measures:
    """What an engine counts, for whoever watches over it."""

    runs: Mapping[str, int]
    """Runs by status."""
    workers: tuple[WorkerMeasures, ...]
    restarts: int
    """Workers that were replaced."""
    unexplained: int
    """Those of them that died in nobody's turn."""
    steps: int
    quanta: int
    pictures: int
    waiting: int
    """Commands and looks that wait for their answers."""
    watches: int
    """Pictures that somebody watches."""


class Watch(Protocol):
    """A picture that is watched."""

    def taken(self) -> None:
        """The last picture is on its way to the viewer: the next may come.

        No picture is made for a channel none of whose watchers has taken the last one.
        """
        ...

    def leave(self) -> None: ...


class Engine(Protocol):
    """What runs can be asked for. Every method raises a LivenetError that says what to do."""

    async def start(self) -> None:
        """Starts what runs need; returns at once, runs wait until it is ready."""
        ...

    async def close(self) -> None:
        """Ends everything within a few seconds."""
        ...

    def health(self) -> dict[str, Any]:
        """Name, workers, runs; ``ready`` is whether runs can train now, ``failing`` whether workers
        are replaced over and over."""
        ...

    def runs(self) -> list[Run]: ...

    def run(self, run: str) -> Run:
        """Raises UnknownRun."""
        ...

    def measures(self) -> Measures: ...

    async def create(
        self, document: object, *, name: str, start: bool, pace: float | None, owner: str = ""
    ) -> Run:
        """A new run of a spec document. Raises SpecError or TooMany.

        ``owner`` is whose it is: an identity may have so many runs; "" counts in all alone.
        """
        ...

    async def fork(
        self,
        run: str,
        step: int | None,
        changes: Mapping[str, object],
        *,
        name: str,
        start: bool,
        pace: float | None,
        owner: str = "",
    ) -> Run:
        """A new run that goes on from a step of another (None: the present one)."""
        ...

    async def command(self, run: str, command: Message, key: str = "") -> int:
        """Carries out a command, once; gives the step at which it took effect.

        One that bears the same ``key`` as an earlier one is not carried out again, and has the
        answer of the first.
        """
        ...

    async def delete(self, run: str) -> None: ...

    async def look(
        self,
        run: str,
        form: Form,
        probe: str,
        options: Mapping[str, Any],
        step: int | None,
        channel: str = "",
    ) -> bytes:
        """A picture as a frame or as JSON text, or the weights as a safetensors file.

        ``step`` None is the present one; ``channel`` is what the frame says it is on.
        """
        ...

    def watch(
        self,
        run: str,
        probe: str,
        options: Mapping[str, Any],
        fps: float,
        deliver: Deliver,
        refuse: Refuse,
    ) -> Watch:
        """Pictures of the present step, as they come, until it is left."""
        ...

    def touch(self, run: str) -> None:
        """Somebody has read something of a run: it is not left alone. Raises UnknownRun."""
        ...

    def listen(self, run: str, listener: Listener) -> Callable[[], None]:
        """Tells of changes to a run, until the function given is called."""
        ...


def channel_of(probe: str, options: Mapping[str, Any], step: int | None) -> str:
    """The name of a channel: the same for whoever asks the same."""
    text = json.dumps([probe, options, step], sort_keys=True)
    return f"{probe}-{blake2b(text.encode(), digest_size=6).hexdigest()}"
