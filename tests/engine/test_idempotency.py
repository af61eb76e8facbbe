"""A command that comes twice is carried out once; one that was refused was not carried out."""

from __future__ import annotations

import asyncio
import gc

import pytest

from livenet.engine.server.commands import KEPT, IdempotencyKeys
from livenet.errors import CommandError, EngineFailure, LivenetError, TooMany, WrongState


@pytest.mark.parametrize("refusal", [EngineFailure("gone"), TooMany("later"), WrongState("no")])
async def test_a_refusal_is_not_remembered(refusal: LivenetError) -> None:
    answers, tries = IdempotencyKeys(), 0

    async def carry_out() -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise refusal
        return tries

    with pytest.raises(type(refusal)):
        await answers.once("run", "key", None, carry_out)
    for _ in range(3):
        assert await answers.once("run", "key", None, carry_out) == 2
    assert tries == 2


async def test_another_command_under_the_same_key_is_refused() -> None:
    """It would not be carried out, and must not look as if it were."""
    answers = IdempotencyKeys()

    async def carry_out() -> int:
        return 3

    assert await answers.once("run", "key", "pause", carry_out) == 3
    with pytest.raises(CommandError, match="another command") as refused:
        await answers.once("run", "key", "resume", carry_out)
    assert refused.value.hint
    assert await answers.once("run", "key", "pause", carry_out) == 3
    assert await answers.once("other", "key", "resume", carry_out) == 3


async def test_those_under_way_are_not_forgotten() -> None:
    """However many come after them."""
    answers, done, carried_out = IdempotencyKeys(), asyncio.Event(), list[int]()

    async def slow() -> int:
        carried_out.append(1)
        await done.wait()
        return 1

    async def quick() -> int:
        return 0

    first = asyncio.create_task(answers.once("run", "slow", None, slow))
    await asyncio.sleep(0)
    for number in range(2 * KEPT):
        await answers.once("run", str(number), None, quick)
    again = asyncio.create_task(answers.once("run", "slow", None, slow))
    done.set()
    assert [await first, await again] == [1, 1]
    assert carried_out == [1]
    assert await answers.once("run", str(2 * KEPT - 1), None, slow) == 0


@pytest.mark.parametrize("key", ["", "key"])
async def test_a_refusal_that_nobody_waits_for_is_not_logged(key: str) -> None:
    """The viewer who sent the command has left by then."""
    answers, begun, go_on = IdempotencyKeys(), asyncio.Event(), asyncio.Event()
    logged: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: logged.append(context["message"])
    )

    async def refused() -> int:
        begun.set()
        await go_on.wait()
        raise WrongState("no")

    viewer = asyncio.create_task(answers.once("run", key, None, refused))
    await begun.wait()
    viewer.cancel()
    await asyncio.gather(viewer, return_exceptions=True)
    go_on.set()
    for _ in range(3):
        await asyncio.sleep(0)
    del viewer  # which holds the frames
    gc.collect()
    assert logged == []
