"""Assertions of the conformance suite explain themselves like those of any test."""

import pytest

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
