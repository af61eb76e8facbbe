"""Runs that are made once, although the request for them is repeated with its Idempotency-Key."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic
from typing import Annotated, Protocol

from fastapi import Header, Request

from livenet.api.access.identity import identity_of
from livenet.engine.base import Engine
from livenet.errors import BadRequest, UnknownRun, WrongState
from livenet.store import Run

DAY = 86_400.0  # seconds that an answer is kept
MOST = 10_000  # answers
HEADER = "Idempotency-Key"

IdempotencyKey = Annotated[
    str,
    Header(
        max_length=64,
        description="a repeated request with the same key and the same body is carried out once",
    ),
]


@dataclass(frozen=True)
class Creation:
    """A request that has made a run. The digest is that of its path and its body."""

    digest: bytes
    run: str


class Answers(Protocol):
    """Keeps what requests have made, by identity and key, for a day."""

    async def recall(self, identity: str, key: str) -> Creation | None: ...

    async def remember(self, identity: str, key: str, digest: bytes, run_id: str) -> None: ...


class AnswersInMemory:
    """The newest answers, at most ``most``; lost when the server stops."""

    def __init__(
        self, most: int = MOST, seconds: float = DAY, clock: Callable[[], float] = monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], tuple[float, Creation]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    async def recall(self, identity: str, key: str) -> Creation | None:
        self._drop_old()
        found = self._kept.get((identity, key))
        return found[1] if found else None

    async def remember(self, identity: str, key: str, digest: bytes, run_id: str) -> None:
        self._kept[identity, key] = self._clock(), Creation(digest, run_id)
        self._drop_old()

    def _drop_old(self) -> None:
        oldest = self._clock() - self._seconds
        while self._kept:
            at, _ = next(iter(self._kept.values()))
            if at > oldest and len(self._kept) <= self._most:
                return
            self._kept.popitem(last=False)


class Creations:
    """Carries out each request that makes a run once, also if it is repeated meanwhile.

    A refused request has made nothing: its key is not kept, and it is tried again.
    """

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._in_progress: dict[tuple[str, str], tuple[bytes, asyncio.Task[str]]] = {}

    async def once(
        self, identity: str, key: str, digest: bytes, make: Callable[[], Awaitable[Run]]
    ) -> str:
        """The id of the run that ``make`` returns, or of the one that this key has made.

        Raises BadRequest if the key came with another request.
        """
        if not key:
            return (await make()).id
        place = identity, key
        if place not in self._in_progress:
            task = asyncio.ensure_future(self._made(identity, key, digest, make))
            self._in_progress[place] = digest, task
            task.add_done_callback(lambda done: self._end(place, done))
        first, task = self._in_progress[place]
        _check_same(key, first, digest)
        return await asyncio.shield(task)

    async def _made(
        self, identity: str, key: str, digest: bytes, make: Callable[[], Awaitable[Run]]
    ) -> str:
        if found := await self._answers.recall(identity, key):
            _check_same(key, found.digest, digest)
            return found.run
        run = await make()
        await self._answers.remember(identity, key, digest, run.id)
        return run.id

    def _end(self, place: tuple[str, str], done: asyncio.Task[str]) -> None:
        del self._in_progress[place]
        if not done.cancelled():
            done.exception()  # retrieved, also if no client waits for it any more


def _check_same(key: str, first: bytes, digest: bytes) -> None:
    if first != digest:
        raise BadRequest(
            f"{HEADER} {key!r} came with another request before",
            path=HEADER,
            hint="Take a new key for each run, and the same one to send the request again.",
        )


async def made_once(request: Request, key: str, make: Callable[[], Awaitable[Run]]) -> Run:
    """The run of a request. Raises BadRequest if the key came with another request, WrongState if
    the run that it made has been deleted."""
    engine: Engine = request.app.state.engine
    creations: Creations = request.app.state.creations
    said = request.url.path.encode("utf-8", "surrogateescape") + b"\0" + await request.body()
    id = await creations.once(identity_of(request).id, key, sha256(said).digest(), make)
    try:
        return await engine.load(id)
    except UnknownRun as error:
        raise WrongState(
            f"The run that this {HEADER} has made was deleted",
            path=HEADER,
            hint="Take a new key to make another run.",
        ) from error
