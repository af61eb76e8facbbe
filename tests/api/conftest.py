"""The live server that these tests talk to, and the event loop that a server runs on."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop

from tests.arithmetics import arithmetic, uncompiled
from tests.leftovers import no_run_left
from tests.server import http, make_run, server

__all__ = ["arithmetic", "http", "make_run", "no_run_left", "server", "uncompiled"]


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Connections are tested on both: what happens to a broken one is the loop's own business."""
    if item.path.name in ("test_protocols.py", "test_websocket.py"):
        return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    return {"asyncio": asyncio.new_event_loop}
