"""The Engine protocol: places runs on workers, and carries commands, pictures and series.

The API and the command line depend on this protocol and not on processes. The default is
``livenet.engine.server.local``; another engine has to pass the same tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal, Protocol

from livenet.errors import LivenetError
from livenet.spec.grid import Variation
from livenet.store import Run
from livenet.store.curves import Curve
from livenet.store.groups import Group, Member
from livenet.store.keyed import Creation, Keyed
from livenet.store.listing import Page, Query
from livenet.wire.messages import Message


@dataclass(frozen=True)
class Owner:
    """The person for whom a run is made."""

    id: str = ""
    privileged: bool = False
    """Whether the limits of a person do not apply, as for an administrator."""
    network: str = ""
    """Where the person's requests come from. Networks have equal shares of compute time; an unknown
    one counts as a network of its own."""


NOBODY = Owner()

Form = Literal["frame", "json", "weights"]
Deliver = Callable[[bytes], None]
Refuse = Callable[[dict[str, str]], None]
Listener = Callable[["Change"], None]
Change = Literal["run", "progress", "rows", "gone"]


@dataclass(frozen=True)
class WorkerMeasures:
    """One worker: counts since its start, ``memory`` in bytes."""

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
    """Counters of an engine, for monitoring."""

    runs: Mapping[str, int]
    """Runs by status."""
    workers: tuple[WorkerMeasures, ...]
    restarts: int
    """Workers that were replaced."""
    unexplained: int
    """Replaced workers that died outside the turn of any run or picture."""
    steps: int
    quanta: int
    pictures: int
    waiting: int
    """Commands and probe requests that await a reply."""
    watches: int
    """Pictures that are watched."""
    unsaved_bytes: int = 0
    """Bytes of runs that only memory holds, about."""
    store_failures: int = 0
    """Failed attempts to save."""
    deleted: Mapping[str, int] = field(default_factory=dict)
    """Runs that the server deleted by itself, by reason: ``expired`` for those that were unused
    for too long, ``person`` and ``server`` for those over the limits of a person and of all."""


class Watch(Protocol):
    """A subscription to a picture."""

    def request_next(self) -> None:
        """Reports that the last picture is on its way to the viewer, and allows the next.

        A channel makes no picture until at least one of its watchers has requested the next one.
        """
        ...

    def cancel(self) -> None: ...


class GroupEngine(Protocol):
    """Operations on groups of runs."""

    async def create(
        self,
        document: Mapping[str, Any],
        vary: Sequence[Variation],
        seeds: Sequence[int],
        *,
        name: str,
        owner: Owner,
        parallel: int | None = None,
        tags: Sequence[str] = (),
        keyed: Keyed | None = None,
    ) -> Group:
        """Makes a queued run for each combination of values, with all of them in the store or none.

        ``parallel`` of them train at the same time, by default as many as there are workers.
        Raises SpecError, TooLarge or StoreFailure.
        """
        ...

    async def find(
        self, owner: str | None, limit: int, before: tuple[float, str] | None
    ) -> list[Group]:
        """Groups (of an owner), newest first, after the one made at a time and with an id."""
        ...

    async def get(self, group: str) -> Group:
        """A group. Raises UnknownGroup."""
        ...

    async def members(self, group: str) -> list[Member]:
        """The runs of a group, in the order of its grid. Raises UnknownGroup."""
        ...


class Engine(Protocol):
    """Operations on runs. Every method raises a LivenetError with a hint on what to do."""

    async def start(self) -> None:
        """Opens the store and starts the workers; runs wait until a worker is ready.

        Runs that were training when the server ended go on.
        """
        ...

    async def close(self) -> None:
        """Stops all workers and tasks within a few seconds. Raises StoreFailure, which names them,
        if runs could not be saved."""
        ...

    def health(self) -> dict[str, Any]:
        """Name, workers, runs; ``ready`` is whether runs can train now, ``failing`` whether workers
        die repeatedly, ``unsaved`` why runs cannot be saved (None while they are), ``preparing``
        what the first worker waits for (None if that is nothing but its own start)."""
        ...

    @property
    def store_error(self) -> LivenetError | None:
        """Why runs cannot be saved at present; None while they are."""
        ...

    def runs(self) -> list[Run]:
        """The open runs: those that train, or that somebody uses."""
        ...

    @property
    def groups(self) -> GroupEngine: ...

    async def delete_group(self, group: str) -> None:
        """Deletes a group and its runs. Raises UnknownGroup or StoreFailure."""
        ...

    def run(self, run: str) -> Run:
        """An open run. Raises UnknownRun."""
        ...

    async def load(self, run: str) -> Run:
        """Opens a run, unless it is open; returns it once its changes are in the store.

        Raises UnknownRun, or StoreFailure if it cannot be read.
        """
        ...

    async def find(self, query: Query) -> Page:
        """A page of the summaries of runs that match. Raises BadRequest."""
        ...

    async def curves(self, ids: Sequence[str]) -> dict[str, Curve]:
        """The loss of runs in a few points each, by id; unknown ids are left out.

        It opens no run, and is no use of one.
        """
        ...

    async def ids(self, query: Query) -> list[tuple[str, str]]:
        """The ids and statuses of runs that match, oldest first."""
        ...

    async def count(self, owner: str | None = None, *, pinned: bool = False) -> int:
        """The number of all runs (of an owner, those that are pinned)."""
        ...

    def measures(self) -> Measures: ...

    async def create(
        self,
        document: object,
        *,
        name: str,
        start: bool,
        pace: float | None,
        owner: Owner = NOBODY,
        tags: Sequence[str] = (),
        keyed: Keyed | None = None,
        parent: str | None = None,
    ) -> Run:
        """Creates a run from a spec document. Raises SpecError, TooMany, or UnknownRun for a parent
        that does not exist.

        With ``start`` it trains, or is queued if too many runs train already. Of an owner, a
        limited number of runs is kept, and of bytes: unused runs are deleted for the new one, and
        TooMany is raised if there are too few of them. Runs of nobody and of privileged owners
        count only towards the limits of all runs; privileged ones may exceed these by a twentieth.
        ``keyed`` is the request for the run, kept with it: see ``made_by``.
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
        owner: Owner = NOBODY,
        tags: Sequence[str] = (),
        keyed: Keyed | None = None,
    ) -> Run:
        """Creates a run that continues from a step of another (None: the current step)."""
        ...

    async def made_by(self, identity: str, key: str) -> Creation | None:
        """What a request with this Idempotency-Key has made within the last day."""
        ...

    async def command(
        self,
        run: str,
        command: Message,
        key: str = "",
        reason: LivenetError | None = None,
        *,
        chosen: bool = True,
    ) -> int:
        """Carries out a command once; returns the step at which it took effect.

        A command to train queues the run if too many train already. What limits its group counts
        only where the run was not ``chosen`` by itself.

        Returns when the effect is in the store. The run shows ``reason`` as its error from then
        on, until it is resumed.

        A command with the same ``key`` as an earlier one is not carried out again, and returns
        the answer of the first.
        """
        ...

    async def change(self, run: str, changes: Mapping[str, Any]) -> Run:
        """Changes ``name``, ``tags`` or ``pinned`` of a run. Raises UnknownRun, or StoreFailure."""
        ...

    def expires_at(self, run: str) -> float | None:
        """The Unix time at which a run is deleted unless it is used before; None if it is pinned.
        Raises UnknownRun."""
        ...

    async def delete(self, run: str) -> None:
        """Deletes a run. Raises UnknownRun, or StoreFailure, with nothing deleted."""
        ...

    async def delete_all(self, runs: Sequence[str]) -> None:
        """Deletes runs, those that are there. Raises StoreFailure."""
        ...

    async def request_probe(
        self,
        run: str,
        form: Form,
        probe: str,
        options: Mapping[str, Any],
        step: int | None,
        channel: str = "",
    ) -> bytes:
        """A picture as a frame or as JSON text, or the weights as a safetensors file.

        ``step`` None is the current step; ``channel`` is the channel name in the frame's header.
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
        """Delivers pictures of the current step until the returned watch is left."""
        ...

    def saving(self, run: str) -> bool:
        """Whether changes of a run that viewers wait for are not in the store yet."""
        ...

    def touch(self, run: str) -> None:
        """Records that a client has read from a run, which is then not idle. Raises UnknownRun."""
        ...

    def listen(self, run: str, listener: Listener) -> Callable[[], None]:
        """Notifies ``listener`` of changes to a run until the returned function is called."""
        ...


def channel_of(probe: str, options: Mapping[str, Any], step: int | None) -> str:
    """The name of a channel: equal for equal requests."""
    text = json.dumps([probe, options, step], sort_keys=True)
    return f"{probe}-{blake2b(text.encode(), digest_size=6).hexdigest()}"
