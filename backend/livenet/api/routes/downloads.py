"""Long answers, sent piece by piece while other requests and streams are served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, nullcontext

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from livenet.api.access.connections import Connections
from livenet.api.access.identity import Identity

MOST = 200
MAX_A_PERSON = 2


class Downloads:
    """The downloads in progress. They take turns: of all of them, one piece is made in a turn of
    the event loop, so that others wait a millisecond, however many there are."""

    def __init__(self) -> None:
        self.open = Connections(MOST, MAX_A_PERSON, "long downloads of a series in progress")
        self._turn = asyncio.Lock()

    async def take_turns(self, texts: Iterator[bytes]) -> AsyncIterator[bytes]:
        """The texts; the next is made once the client has room for it."""
        while True:
            async with self._turn:
                await asyncio.sleep(0)
                text = next(texts, None)
            if text is None:
                return
            if text:
                yield text

    def response(
        self,
        texts: Iterator[bytes],
        media_type: str,
        headers: dict[str, str],
        *,
        counts_for: Identity | None,
    ) -> Download:
        """A response. If it counts for a person who has too many in progress, it is a TooMany
        instead, raised when it is about to be sent."""
        counted = self.open.opened(counts_for) if counts_for else nullcontext()
        return Download(self.take_turns(texts), counted, media_type, headers)


class Download(StreamingResponse):
    """A response that is counted while it is sent. It ends when the client disconnects."""

    def __init__(
        self,
        content: AsyncIterator[bytes],
        counted: AbstractContextManager[None],
        media_type: str,
        headers: dict[str, str],
    ) -> None:
        super().__init__(content, headers=headers, media_type=media_type)
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._counted:
            await super().__call__(scope, receive, send)
