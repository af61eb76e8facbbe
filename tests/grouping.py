"""Sends the tests of a group to one process of pytest-xdist.

A pytest plugin. pytest-xdist 3.8 writes a test's group into an attribute that pytest 9.2 no longer
reads, so that ``xdist_group`` had no effect. This puts the group into the node id itself, in the
form in which the scheduler of ``--dist loadgroup`` looks for it.
"""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("loadgroup", False):
        return
    for item in items:
        groups = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})
        ending = f"@{'_'.join(groups)}"
        if groups and item.parent is not None and not item.nodeid.endswith(ending):
            item._id = item.parent.id.child(item.name + ending)
