"""Runs in each arithmetic; and assertions of the conformance suite explain themselves."""

import pytest

from tests.arithmetics import arithmetic, uncompiled

__all__ = ["arithmetic", "uncompiled"]

MODULES = (
    "conformance",
    "driving",
    "faults",
    "onlookers",
    "orders",
    "returning",
    "story",
    "survival",
    "viewer",
)

pytest.register_assert_rewrite(*(f"tests.engine.{name}" for name in MODULES))
