"""What the server says of itself, over time."""

from __future__ import annotations

import httpx2 as httpx
import psutil
import pytest

from livenet.api.drain import Drain
from livenet.api.monitoring.health import LOADING, PATIENCE, Health, Status
from livenet.errors import StoreFailure
from tests.api.fakes import FakeEngine
from tests.server import eventually, start_server


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def made() -> tuple[Health, FakeEngine, Drain, Clock]:
    engine, drain, clock = FakeEngine(), Drain(), Clock()
    return Health(engine.as_engine(), drain, clock), engine, drain, clock


def test_it_starts_and_is_well() -> None:
    health, engine, _, clock = made()
    assert health.status() is Status.STARTING
    clock.now += LOADING
    assert health.status() is Status.STARTING
    engine.ready = True
    assert health.status() is Status.OK


def test_a_worker_that_is_replaced_is_no_failure() -> None:
    health, engine, _, clock = made()
    engine.ready = True
    assert health.status() is Status.OK
    clock.now += 1000.0
    assert health.status() is Status.OK
    engine.ready = False
    clock.now += PATIENCE
    assert health.status() is Status.STARTING
    engine.ready = True
    assert health.status() is Status.OK


def test_workers_that_are_replaced_over_and_over_are_one() -> None:
    health, engine, _, _ = made()
    engine.ready = True
    assert health.status() is Status.OK
    engine.failing = True
    assert health.status() is Status.FAILING
    engine.failing = False
    assert health.status() is Status.OK


def test_no_worker_for_long_is_one() -> None:
    health, engine, _, clock = made()
    engine.ready = True
    health.status()
    engine.ready = False
    clock.now += PATIENCE + 0.1
    assert health.status() is Status.FAILING
    engine.ready = True
    assert health.status() is Status.OK


def test_torch_may_take_its_time_but_not_forever() -> None:
    health, _, _, clock = made()
    clock.now += LOADING + 0.1
    assert health.status() is Status.FAILING


def test_workers_that_die_at_birth_are_told_from_those_that_load() -> None:
    health, engine, _, clock = made()
    engine.restarts = 2
    clock.now += PATIENCE + 0.1
    assert health.status() is Status.FAILING


def test_stopping_comes_before_all_else() -> None:
    health, engine, drain, _ = made()
    engine.ready = True
    drain.begin()
    assert health.status() is Status.STOPPING


def test_codes() -> None:
    """Who restarts what is not well must not restart what is starting."""
    assert {status: status.code for status in Status} == {
        Status.OK: 200,
        Status.DEGRADED: 200,
        Status.STARTING: 200,
        Status.FAILING: 503,
        Status.STOPPING: 503,
    }


def test_a_server_that_cannot_save_is_degraded() -> None:
    health, engine, _, _ = made()
    engine.ready = True
    engine.store_error = StoreFailure("The disk is full")
    assert health.status() is Status.DEGRADED
    assert health.document()["unsaved"] == "The disk is full"
    engine.store_error = None
    assert health.status() is Status.OK
    assert health.document()["unsaved"] is None


def test_the_document_says_what_the_engine_says() -> None:
    found = made()[0].document()
    assert found["status"] == "starting"
    assert (found["engine"], found["workers"], found["alive"]) == ("fake", 2, 0)
    assert found["version"]


@pytest.mark.slow
def test_for_real() -> None:
    """Workers die and none comes after them: the server says so, and says when it is over."""
    server = start_server("--workers", "2")
    try:
        own = psutil.Process(server.process.pid).children()
        (nursery,) = [one for one in own if "forkserver" in " ".join(one.cmdline())]
        workers = nursery.children()
        with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as http:

            def says(status: str, code: int) -> bool:
                answer = http.get("/api/health")
                return bool(answer.json()["status"] == status and answer.status_code == code)

            nursery.suspend()
            for worker in workers:
                worker.kill()
            eventually(lambda: says("starting", 200))
            eventually(lambda: says("failing", 503))
            assert 'livenet_status{status="failing"} 1.0' in http.get("/metrics").text
            nursery.resume()
            eventually(lambda: says("ok", 200))
            assert http.get("/api/health").json()["workers"] == 2
    finally:
        server.stop()
