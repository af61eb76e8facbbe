"""The methods that a path allows: a router names those of one route only."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope


def methods_of(routers: Iterable[APIRouter], scope: Scope) -> str:
    """The ``Allow`` header of a 405: the methods of all routes of the request's path."""
    found = {
        method
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and route.matches(scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    return ", ".join(sorted(found))
