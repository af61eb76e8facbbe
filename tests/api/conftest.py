"""The live server that these tests talk to."""

from tests.server import http, make_run, server

__all__ = ["http", "make_run", "server"]
