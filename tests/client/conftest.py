"""The live server that these tests talk to."""

from tests.leftovers import no_run_left
from tests.server import http, make_run, server

__all__ = ["http", "make_run", "no_run_left", "server"]
