"""Commands that may come twice, because whoever sent them heard no answer: carried out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

KEPT = 64  # answers a run


class Answers:
    """Answers by run and by the key that a command bears.

    Only answers are remembered: a command that was refused has changed nothing, and is tried anew.
    """

    def __init__(self) -> None:
        self._runs: dict[str, OrderedDict[str, asyncio.Future[int]]] = {}

    async def once(self, run: str, key: str, carry_out: Callable[[], Awaitable[int]]) -> int:
        """The answer; of the first command with this key, where it has one."""
        if not key:  # as a task, too: commands take effect in the order in which they came
            return await asyncio.ensure_future(carry_out())
        answers = self._runs.setdefault(run, OrderedDict())
        if key not in answers:
            answers[key] = asyncio.ensure_future(carry_out())
            answers[key].add_done_callback(lambda done: _forget_failure(answers, key, done))
            _drop_oldest(answers)
        return await asyncio.shield(answers[key])

    def forget(self, run: str) -> None:
        self._runs.pop(run, None)


def _forget_failure(
    answers: OrderedDict[str, asyncio.Future[int]], key: str, done: asyncio.Future[int]
) -> None:
    if (done.cancelled() or done.exception()) and answers.get(key) is done:
        del answers[key]


def _drop_oldest(answers: OrderedDict[str, asyncio.Future[int]]) -> None:
    """Forgets old answers over the limit; commands that are still under way are kept."""
    ended = [key for key, answer in answers.items() if answer.done()]
    for key in ended[: max(0, len(answers) - KEPT)]:
        del answers[key]
