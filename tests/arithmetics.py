"""The arithmetics of training, for tests of what holds bit for bit within each of them."""

from __future__ import annotations

from typing import get_args

import pytest

from livenet.spec.arithmetic import Used

ARITHMETICS: tuple[Used, ...] = get_args(Used)


@pytest.fixture(scope="session")
def uncompiled() -> str | None:
    """Why there is no machine code; None if there is. Asked before a test starts any thread."""
    from livenet.training.compiled import available

    return available.problem()


@pytest.fixture(params=ARITHMETICS)
def arithmetic(request: pytest.FixtureRequest, uncompiled: str | None) -> Used:
    """Each arithmetic in turn, for the field of a spec. Skips machine code where there is none."""
    used: Used = request.param
    if used == "compiled" and uncompiled:
        pytest.skip(uncompiled)
    return used
