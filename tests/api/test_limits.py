"""What is over a limit: 413 for a body, 429 for one run too many."""

from __future__ import annotations

from typing import cast

import httpx2 as httpx
import pytest

from livenet.api.app import create_app
from livenet.engine.base import Engine
from livenet.errors import TooMany
from livenet.settings import Settings


def test_body_too_large(http: httpx.Client) -> None:
    most = Settings().max_request_bytes
    body = b'{"name": "' + b"x" * most + b'"}'
    answer = http.post("/api/runs", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"
    assert f"{most:,}" in answer.json()["error"]["hint"]


def test_body_without_a_length(http: httpx.Client) -> None:
    """It is not read: how long it is shows only at its end."""
    answer = http.post("/api/runs", content=iter([b"{", b"}"]))
    assert answer.status_code == 413
    assert "Content-Length" in answer.json()["error"]["hint"]


class Full:
    """An engine without room."""

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def load(self, run: str) -> None:
        pass

    async def create(self, *_: object, **__: object) -> None:
        raise TooMany("This server holds 0 runs at once", hint="Delete one.")


@pytest.mark.parametrize("body", [{}, {"start": False}])
async def test_too_many_runs(body: dict[str, object]) -> None:
    app = create_app(Settings(), frozenset({"http://localhost:80"}), cast("Engine", Full()))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.post("/api/runs", json=body)
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "too_many"
    assert int(answer.headers["retry-after"]) > 0
