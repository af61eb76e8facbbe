"""What Prometheus reads: valid text, names that keep its conventions, numbers that are true."""

from __future__ import annotations

import json
import logging
import re

import httpx2 as httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from livenet.api.app import create_app
from livenet.api.drain import Drain
from livenet.api.monitoring.health import Health
from livenet.api.monitoring.metrics import Metrics
from livenet.engine.base import WorkerMeasures
from livenet.logs import Lines
from livenet.settings import Settings
from livenet.store import Run
from tests.api.fakes import FakeEngine
from tests.api.socket import viewer
from tests.server import MakeRun, Server, eventually

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
ORIGIN = "http://127.0.0.1:8000"


def samples(text: str) -> Samples:
    """Every sample by its name and labels; no one is there twice."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            key = (one.name, tuple(sorted(one.labels.items())))
            assert key not in found
            found[key] = one.value
    return found


def value(found: Samples, name: str, **labels: str) -> float:
    return found[name, tuple(sorted(labels.items()))]


def made(engine: FakeEngine) -> Metrics:
    return Metrics(engine.as_engine(), Health(engine.as_engine(), Drain()))


def test_what_the_engine_measures() -> None:
    engine = FakeEngine()
    engine.ready = True
    engine.restarts = 5
    engine.runs_by_status = {"running": 2}
    engine.workers = (
        WorkerMeasures(
            pid=7, ready=True, runs=3, running=2, memory=10_000, steps=0, quanta=0, pictures=0
        ),
        WorkerMeasures(
            pid=9, ready=False, runs=0, running=0, memory=0, steps=0, quanta=0, pictures=0
        ),
    )
    metrics = made(engine)
    metrics.counts.viewers = 6
    metrics.counts.frames_sent = 70
    metrics.counts.frames_conflated = 8
    metrics.counts.bytes_sent = 900
    found = samples(metrics.text().decode())
    assert value(found, "livenet_runs", status="running") == 2
    assert value(found, "livenet_runs", status="failed") == 0
    assert value(found, "livenet_steps_total") == 1000
    assert value(found, "livenet_quanta_total") == 100
    assert value(found, "livenet_pictures_total") == 10
    assert value(found, "livenet_waiting") == 3
    assert value(found, "livenet_watches") == 4
    assert value(found, "livenet_worker_restarts_total") == 5
    states = ("wanted", "alive", "ready")
    assert [value(found, "livenet_workers", state=state) for state in states] == [2, 2, 1]
    assert value(found, "livenet_worker_memory_bytes", worker="0") == 10_000
    assert value(found, "livenet_worker_runs", worker="0") == 3
    assert value(found, "livenet_worker_runs_running", worker="0") == 2
    assert value(found, "livenet_viewers") == 6
    assert value(found, "livenet_frames_sent_total") == 70
    assert value(found, "livenet_frames_conflated_total") == 8
    assert value(found, "livenet_stream_sent_bytes_total") == 900
    assert value(found, "livenet_status", status="ok") == 1
    assert value(found, "livenet_status", status="failing") == 0
    assert value(found, "livenet_server_memory_bytes") > 10 * 2**20


def test_names_keep_the_conventions() -> None:
    metrics = made(FakeEngine())
    metrics.answered("GET", "/api/runs", 200, 0.1)
    metrics.late(0.1)
    for family in text_string_to_metric_families(metrics.text().decode()):
        assert re.fullmatch(r"(livenet|process)_[a-z_]+", family.name)
        assert family.documentation.endswith(".")
        assert family.type in ("counter", "gauge", "histogram")
        for one in family.samples:
            assert not one.name.endswith("_created")
            assert one.name.endswith("_total") == (family.type == "counter")


def test_methods_are_few() -> None:
    """A stranger who makes up methods makes no series."""
    metrics = made(FakeEngine())
    metrics.answered("BREW", "none", 405, 0.1)
    metrics.answered("WHEN", "none", 405, 0.1)
    found = samples(metrics.text().decode())
    assert value(found, "livenet_requests_total", method="other", route="none", status="405") == 2


async def test_requests_by_route_and_two_apps_apart() -> None:
    origins = frozenset({ORIGIN})
    engines = FakeEngine(), FakeEngine()
    apps = [create_app(Settings(), origins, engine.as_engine()) for engine in engines]
    first, second = (
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) for app in apps
    )
    async with first, second:
        for _ in range(3):
            await first.get("/api/health")
        await first.get("/api/no/such/path")
        await first.get("/api/health", headers={"origin": "http://evil.example"})
        text = (await first.get("/metrics")).text
        other = samples((await second.get("/metrics")).text)
    found = samples(text)
    health = {"method": "GET", "route": "/api/health"}
    assert value(found, "livenet_requests_total", **health, status="200") == 3
    refused = [key for key in found if ("status", "403") in key[1]]
    assert [found[key] for key in refused] == [1]
    assert value(found, "livenet_request_duration_seconds_count", **health) >= 3
    assert value(found, "livenet_requests_total", method="GET", route="none", status="404") == 1
    assert "/such" not in text
    assert not [key for key in other if key[0] == "livenet_requests_total"]


async def test_what_is_logged_of_a_request_names_its_run(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Faulty(FakeEngine):
        async def load(self, run: str) -> Run:
            raise RuntimeError("a fault")

    app = create_app(Settings(), frozenset({ORIGIN}), Faulty().as_engine())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    lines = Lines("json")
    said: list[dict[str, str]] = []

    def formatted(record: logging.LogRecord) -> None:
        said.append(json.loads(lines.format(record)))  # while it is said, and known of which run

    # Put back afterwards: all tests of a process share one handler.
    monkeypatch.setattr(caplog.handler, "emit", formatted)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        for path in ("/api/runs/abc/series", "/api/runs/abc", "/api/runs/"):
            await client.get(path)
    assert [one.get("run") for one in said if one["level"] == "error"] == ["abc", "abc"]


def test_of_a_real_server(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    run = make_run({"training": {"steps": 2000}}, start=True)
    http.get(f"/api/runs/{run}", params={"wait": 30})
    answer = http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = samples(answer.text)
    assert value(found, "livenet_runs", status="finished") >= 1
    assert value(found, "livenet_steps_total") >= 2000
    assert value(found, "livenet_worker_memory_bytes", worker="0") > 50 * 2**20
    route = {"method": "GET", "route": "/api/runs/{run}", "status": "200"}
    assert value(found, "livenet_requests_total", **route) >= 1
    eventually(
        lambda: value(samples(http.get("/metrics").text), "livenet_event_loop_lag_seconds_count")
    )


def test_viewers_and_frames(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    def now(name: str) -> float:
        return value(samples(http.get("/metrics").text), name)

    sent, size = now("livenet_frames_sent_total"), now("livenet_stream_sent_bytes_total")
    with viewer(server, make_run({}, start=True)) as socket:
        eventually(lambda: now("livenet_viewers") == 1)
        socket.send(kind="subscribe", id="a", probe="decision", fps=30)
        socket.until_frame()
        assert now("livenet_frames_sent_total") > sent
        assert now("livenet_stream_sent_bytes_total") > size + 500
    eventually(lambda: now("livenet_viewers") == 0)


@pytest.mark.parametrize("path", ["/metrics", "/api/health"])
def test_nothing_of_it_is_kept(http: httpx.Client, path: str) -> None:
    assert http.get(path).headers["cache-control"] == "no-store"
