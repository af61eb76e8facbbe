"""For every test: one thread for torch, the same hypothesis examples each time, its group, and a
second try for those of the page."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before anything imports torch

from hypothesis import settings

from tests.grouping import pytest_collection_modifyitems
from tests.same_examples import draw_no_local_constants
from tests.second_try import (
    pytest_report_teststatus,
    pytest_runtest_protocol,
    pytest_terminal_summary,
)

__all__ = [
    "pytest_collection_modifyitems",
    "pytest_report_teststatus",
    "pytest_runtest_protocol",
    "pytest_terminal_summary",
]

settings.register_profile("livenet", derandomize=True, deadline=None, database=None)
settings.load_profile("livenet")
draw_no_local_constants()
