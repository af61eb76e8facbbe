"""Whatever is sent, the answer is a clear error, and the server goes on."""

from __future__ import annotations

import json
from typing import Any

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livenet.wire.parsing import COMMANDS, STREAM_KINDS
from tests.api.socket import viewer
from tests.server import MakeRun, Server

pytestmark = pytest.mark.slow

DEEP = [f"{'[' * depth}1{']' * depth}" for depth in (30, 300, 960, 30_000)]
VALUES = [
    "null", "true", '""', '"x"', '"\\ud800"', '"\\u0000"', "[]", "{}", "-1", "0.5", "1e999", "NaN",
    "1e-320", "9" * 400, "9" * 5000, *DEEP,
]  # fmt: skip
SHAPES = [
    "%s",
    '{"kind": %s}',
    '{"kind": "pause", "x": %s}',
    '{"kind": "subscribe", "id": %s, "probe": "weights"}',
    '{"kind": "subscribe", "id": "a", "probe": %s}',
    '{"kind": "subscribe", "id": "a", "probe": "weights", "options": %s}',
    '{"kind": "subscribe", "id": "a", "probe": "weights", "options": {"layer": %s}}',
    '{"kind": "subscribe", "id": "a", "probe": "weights", "fps": %s}',
    '{"kind": "subscribe", "id": "a", "probe": "weights", "step": %s}',
    '{"kind": "series", "after": %s}',
    '{"kind": "ack", "seqs": %s}',
    '{"kind": "ack", "seqs": {"a": %s}}',
    '{"kind": "step", "steps": %s, "epochs": "x"}',
    '{"kind": "set", "changes": %s}',
    '{"kind": "set", "changes": {"optimizer.beta1": %s}}',
    '{"kind": "set", "changes": {"optimizer.schedule": %s}}',
    '{"kind": "edit", "edits": %s}',
    '{"kind": "edit", "edits": [{"parameter": %s, "index": [0], "value": 0}]}',
    '{"kind": "edit", "edits": [{"parameter": "layers.0.bias", "index": %s, "value": 0}]}',
    '{"kind": "pace", "steps_per_second": %s}',
    '{"kind": "set", "changes": {"\\ud800": %s}}',
]
TEXTS = ["", " ", "{", "]", "hello", "\x00", "{'kind': 'pause'}", '{"kind": "pause"', "ü" * 1000]

Json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KINDS = st.sampled_from([*COMMANDS, *STREAM_KINDS])
FIELDS = ["id", "probe", "options", "fps", "step", "steps", "changes", "edits", "after"]
MESSAGE = st.builds(
    lambda kind, rest: {**rest, "kind": kind},
    KINDS,
    st.dictionaries(st.sampled_from(FIELDS), Json, max_size=4),
)


def test_messages_of_every_shape(server: Server, make_run: MakeRun) -> None:
    """All of them over one connection, which survives."""
    run = make_run({"model": {"hidden": [3]}})
    for shape in SHAPES:
        with viewer(server, run) as socket:
            for value in VALUES:
                socket.connection.send(shape % value)
            socket.alive()
            check_errors(socket.texts)


def test_no_messages_at_all(server: Server, make_run: MakeRun) -> None:
    with viewer(server, make_run()) as socket:
        for text in TEXTS:
            socket.connection.send(text)
        for data in (b"", b"\x00\xff", b'{"kind": "pause"}', bytes(1000)):
            socket.connection.send(data)
        socket.alive()
        assert len(check_errors(socket.texts)) == len(TEXTS) + 4 + 1


def check_errors(texts: list[dict[str, Any]]) -> list[dict[str, str]]:
    errors = [text["error"] for text in texts if text["kind"] == "error"]
    for error in errors:
        assert set(error) == {"code", "message", "path", "hint"}
        assert error["message"]
        assert error["code"] not in ("internal", "engine_failure"), error
        assert len(error["message"]) < 2000
    return errors


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MESSAGE, max_size=6))
def test_messages_at_random(
    server: Server, make_run: MakeRun, messages: list[dict[str, Any]]
) -> None:
    with viewer(server, make_run()) as socket:
        for message in messages:
            socket.send(**message)
        socket.alive()
        check_errors(socket.texts)


def test_message_too_large(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    """The connection is closed, and says why; the run lives."""
    run = make_run()
    with viewer(server, run) as socket:
        socket.connection.send("x" * 70_000)
        assert socket.until_closed() == 1009
    assert http.get(f"/api/runs/{run}").json()["status"] == "paused"


BODIES = [
    ("/api/runs", '{"spec": %s, "start": false}'),
    ("/api/runs", '{"spec": {"data": %s}, "start": false}'),
    ("/api/runs", '{"spec": {"data": {"kind": %s}}, "start": false}'),
    ("/api/runs", '{"spec": {"seed": %s}, "start": false}'),
    ("/api/runs", '{"spec": {"model": {"hidden": %s}}, "start": false}'),
    ("/api/runs", '{"spec": {"model": {"activation": %s}}, "start": false}'),
    ("/api/runs", '{"spec": {"\\ud800": %s}, "start": false}'),
    ("/api/runs", '{"name": %s, "start": false}'),
    ("/api/runs", '{"pace": %s, "start": false}'),
    ("/api/runs", "%s x"),
    ("/api/specs/describe", "%s"),
    ("/api/specs/describe", '{"spec": %s}'),
    ("/api/runs/{run}/forks", '{"step": %s, "start": false}'),
    ("/api/runs/{run}/forks", '{"changes": %s, "start": false}'),
    *(("/api/runs/{run}/commands", shape) for shape in SHAPES if "subscribe" not in shape),
]


@pytest.mark.parametrize(("path", "shape"), BODIES)
def test_bodies(
    http: httpx.Client, server: Server, make_run: MakeRun, path: str, shape: str
) -> None:
    run = make_run({"model": {"hidden": [3]}})
    headers = {"content-type": "application/json"}
    for value in VALUES:
        answer = http.post(path.format(run=run), content=shape % value, headers=headers)
        if answer.status_code == 201:
            http.delete(f"/api/runs/{answer.json()['id']}")
        elif answer.status_code != 200:
            assert answer.status_code in (400, 404, 409, 413, 422), (value[:40], answer.text[:300])
            error = answer.json()["error"]
            assert error["message"]
    assert http.get(f"/api/runs/{run}").json()["status"] == "paused"


@pytest.mark.parametrize("name", ["options", "step", "wait", "after", "format"])
def test_queries(http: httpx.Client, make_run: MakeRun, name: str) -> None:
    run = make_run()
    path = {"options": "/probes/decision", "step": "/probes/weights", "wait": ""}.get(
        name, "/series"
    )
    for value in VALUES:
        if value in ("0.5", "1e-320") and name == "wait":
            continue  # these are good
        answer = http.get(f"/api/runs/{run}{path}", params={name: value[:8000]})
        if answer.status_code != 200:
            assert answer.status_code in (404, 422), (value[:40], answer.text[:300])
            assert json.loads(answer.text)["error"]["message"]
