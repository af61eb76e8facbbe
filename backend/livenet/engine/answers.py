"""Commands that may come twice, because whoever sent them heard no answer: carried out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

KEPT = 64  # answers a run


class Answers:
    """Answers by run and by the key that a command bears."""

    def __init__(self) -> None:
        self._runs: dict[str, OrderedDict[str, asyncio.Future[int]]] = {}

    async def once(self, run: str, key: str, carry_out: Callable[[], Awaitable[int]]) -> int:
        """The answer; of the first command with this key, where it has one."""
        if not key:  # as a task, too: commands take effect in the order in which they came
            return await asyncio.ensure_future(carry_out())
        answers = self._runs.setdefault(run, OrderedDict())
        if key not in answers:
            answers[key] = asyncio.ensure_future(carry_out())
            if len(answers) > KEPT:
                answers.popitem(last=False)
        return await asyncio.shield(answers[key])

    def forget(self, run: str) -> None:
        self._runs.pop(run, None)
