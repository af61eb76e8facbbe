"""Runs and groups that are made once, although the request is repeated with its
Idempotency-Key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated, Protocol, TypeVar

from fastapi import Header, Request

from livenet.api.access.identity import identity_of
from livenet.engine.base import Engine
from livenet.errors import BadRequest, UnknownGroup, UnknownRun, WrongState
from livenet.store import Run
from livenet.store.groups import Group
from livenet.store.keyed import Creation, Keyed

HEADER = "Idempotency-Key"

IdempotencyKey = Annotated[
    str,
    Header(
        max_length=64,
        description="a repeated request with the same key and the same body is carried out once",
    ),
]


class Answers(Protocol):
    """Knows what requests have made within the last day: see livenet.engine.base.Engine."""

    async def made_by(self, identity: str, key: str) -> Creation | None: ...


class Made(Protocol):
    """A run or a group."""

    @property
    def id(self) -> str: ...


M = TypeVar("M", bound=Made)
Make = Callable[[Keyed | None], Awaitable[M]]
"""Makes a run or a group, and keeps with it which request has made it."""


class Creations:
    """Carries out each request that makes a run once, also if it is repeated meanwhile.

    A refused request has made nothing: its key is not kept, and it is tried again.
    """

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._in_progress: dict[tuple[str, str], tuple[str, asyncio.Task[str]]] = {}

    async def once(self, identity: str, key: str, digest: str, make: Make[Made]) -> str:
        """The id of what ``make`` returns, or of the one that this key has made.

        Raises BadRequest if the key came with another request.
        """
        if not key:
            return (await make(None)).id
        place = identity, key
        if place not in self._in_progress:
            task = asyncio.ensure_future(self._made(identity, key, digest, make))
            self._in_progress[place] = digest, task
            task.add_done_callback(lambda done: self._end(place, done))
        first, task = self._in_progress[place]
        _check_same(key, first, digest)
        return await asyncio.shield(task)

    async def _made(self, identity: str, key: str, digest: str, make: Make[Made]) -> str:
        if found := await self._answers.made_by(identity, key):
            _check_same(key, found.digest, digest)
            return found.run
        return (await make(Keyed(identity, key, digest))).id

    def _end(self, place: tuple[str, str], done: asyncio.Task[str]) -> None:
        del self._in_progress[place]
        if not done.cancelled():
            done.exception()  # retrieved, also if no client waits for it any more


def _check_same(key: str, first: str, digest: str) -> None:
    if first != digest:
        raise BadRequest(
            f"{HEADER} {key!r} came with another request before",
            path=HEADER,
            hint="Take a new key for each run, and the same one to send the request again.",
        )


async def made_once(request: Request, key: str, make: Make[Run]) -> Run:
    """The run of a request. Raises BadRequest if the key came with another request, WrongState if
    the run that it made has been deleted."""
    engine: Engine = request.app.state.engine
    return await _made_once(request, key, make, engine.load)


async def group_made_once(request: Request, key: str, make: Make[Group]) -> Group:
    """As ``made_once``, for a group."""
    engine: Engine = request.app.state.engine
    return await _made_once(request, key, make, engine.groups.get)


async def _made_once(
    request: Request, key: str, make: Make[M], find: Callable[[str], Awaitable[M]]
) -> M:
    creations: Creations = request.app.state.creations
    said = request.url.path.encode("utf-8", "surrogateescape") + b"\0" + await request.body()
    id = await creations.once(identity_of(request).id, key, sha256(said).hexdigest(), make)
    try:
        return await find(id)
    except (UnknownRun, UnknownGroup) as error:
        what = "group" if isinstance(error, UnknownGroup) else "run"
        raise WrongState(
            f"The {what} that this {HEADER} has made was deleted",
            path=HEADER,
            hint=f"Take a new key to make another {what}.",
        ) from error
