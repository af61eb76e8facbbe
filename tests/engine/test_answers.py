"""A command that comes twice is carried out once; one that was refused was not carried out."""

from __future__ import annotations

import asyncio

import pytest

from livenet.engine.answers import KEPT, Answers
from livenet.errors import EngineFailure, LivenetError, TooMany, WrongState


@pytest.mark.parametrize("refusal", [EngineFailure("gone"), TooMany("later"), WrongState("no")])
async def test_a_refusal_is_not_remembered(refusal: LivenetError) -> None:
    answers, tries = Answers(), 0

    async def carry_out() -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise refusal
        return tries

    with pytest.raises(type(refusal)):
        await answers.once("run", "key", carry_out)
    for _ in range(3):
        assert await answers.once("run", "key", carry_out) == 2
    assert tries == 2


async def test_those_under_way_are_not_forgotten() -> None:
    """However many come after them."""
    answers, done, carried_out = Answers(), asyncio.Event(), list[int]()

    async def slow() -> int:
        carried_out.append(1)
        await done.wait()
        return 1

    async def quick() -> int:
        return 0

    first = asyncio.create_task(answers.once("run", "slow", slow))
    await asyncio.sleep(0)
    for number in range(2 * KEPT):
        await answers.once("run", str(number), quick)
    again = asyncio.create_task(answers.once("run", "slow", slow))
    done.set()
    assert [await first, await again] == [1, 1]
    assert carried_out == [1]
    assert await answers.once("run", str(2 * KEPT - 1), slow) == 0
