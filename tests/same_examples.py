"""Keeps hypothesis from drawing constants that it finds in the modules that happen to be loaded.

Hypothesis reads the constants in the source of every loaded module of a project, and draws some of
them. Which modules are loaded depends on the tests that are collected together, so a test that
passed alone failed beside others, although both runs were derandomized. Hypothesis has no setting
for this. An input that must be tried belongs into ``@example``.
"""

from __future__ import annotations

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants


def draw_no_local_constants() -> None:
    """Only the constants that come with hypothesis itself are drawn, the same for every run."""
    none = Constants()
    providers._get_local_constants = lambda: none
