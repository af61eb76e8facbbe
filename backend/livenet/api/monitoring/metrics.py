"""Metrics for Prometheus: one registry per application, none global."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version

import psutil
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from livenet import __version__
from livenet.api.monitoring.health import Health, Status
from livenet.engine.base import Engine

LAG = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
DURATION = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
Samples = Iterable[tuple[tuple[str, ...], float]]
STATUSES = ("queued", "running", "paused", "finished", "failed", "stopped")
REASONS = ("expired", "person", "server")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass
class Counts:
    """Counters of streams: plain numbers, incremented at every frame."""

    viewers: int = 0
    """Open streams."""
    frames_sent: int = 0
    frames_conflated: int = 0
    """Pictures that were replaced by a newer one before they were sent."""
    bytes_sent: int = 0
    """Bytes of frames and of texts."""


class Metrics:
    """All metrics of one application."""

    def __init__(self, engine: Engine, health: Health) -> None:
        self.counts = Counts()
        self.registry = _Registry()
        self._requests = Counter(
            "livenet_requests",
            "Answered requests.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "livenet_request_duration_seconds",
            "Time from a request's head to the end of its response.",
            ("method", "route"),
            buckets=DURATION,
            registry=self.registry,
        )
        self._lag = Histogram(
            "livenet_event_loop_lag_seconds",
            "Delay of the event loop.",
            buckets=LAG,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        self.registry.register(_Present(engine, health, self.counts))

    def late(self, seconds: float) -> None:
        """Records how late the event loop was."""
        self._lag.observe(seconds)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Records an answered request."""
        known = method if method in METHODS else "other"  # a client may send any name
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def text(self) -> bytes:
        """All metrics, in Prometheus's text format."""
        return generate_latest(self.registry)


class _Registry(CollectorRegistry):
    """Leaves out the creation time of each counter, which would double the series."""

    def collect(self) -> Iterator[Metric]:
        for metric in super().collect():
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


class _Present(Collector):
    """Values that are read at the time of the scrape."""

    def __init__(self, engine: Engine, health: Health, counts: Counts) -> None:
        self._engine = engine
        self._health = health
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        yield _gauge(
            "build_info",
            "Versions of the running software.",
            ("version", "torch", "python"),
            [((__version__, version("torch"), platform.python_version()), 1.0)],
        )
        now = self._health.status()
        yield _gauge(
            "status",
            "1 at the current health status.",
            ("status",),
            [((status,), float(status is now)) for status in Status],
        )
        yield from self._of_the_engine()
        yield from self._of_the_workers()
        yield from self._of_the_streams()

    def _of_the_engine(self) -> Iterator[Metric]:
        found = self._engine.measures()
        states = [((status,), float(found.runs.get(status, 0))) for status in STATUSES]
        yield _gauge("runs", "Runs by status.", ("status",), states)
        yield _counter("steps", "Training steps.", found.steps)
        yield _counter("quanta", "Time slices that workers gave to runs.", found.quanta)
        yield _counter("pictures", "Pictures that workers made.", found.pictures)
        yield _gauge(
            "waiting", "Commands and probe requests that await a reply.", (), found.waiting
        )
        yield _gauge("watches", "Pictures with at least one watcher.", (), found.watches)
        yield _gauge(
            "unsaved_bytes", "Bytes of runs that only memory holds.", (), found.unsaved_bytes
        )
        yield _counter("store_failures", "Failed attempts to save runs.", found.store_failures)
        deleted = [((reason,), float(found.deleted.get(reason, 0))) for reason in REASONS]
        yield _counter(
            "runs_deleted", "Runs that the server deleted by itself.", deleted, ("reason",)
        )
        yield _counter("worker_restarts", "Workers that were replaced.", found.restarts)
        yield _counter(
            "worker_deaths_unexplained",
            "Workers that died while they worked for no run or picture.",
            found.unexplained,
        )

    def _of_the_workers(self) -> Iterator[Metric]:
        found = self._engine.measures().workers
        wanted = float(self._engine.health()["workers"])
        ready = float(sum(worker.ready for worker in found))
        states = [(("wanted",), wanted), (("alive",), float(len(found))), (("ready",), ready)]
        yield _gauge("workers", "Worker processes by state.", ("state",), states)
        # By index, not by process id: each restart would add a series.
        for name, text, values in (
            ("runs", "Runs on a worker.", [worker.runs for worker in found]),
            ("runs_running", "Running runs on a worker.", [worker.running for worker in found]),
            ("memory_bytes", "Resident memory of a worker.", [worker.memory for worker in found]),
        ):
            samples = [((str(place),), float(value)) for place, value in enumerate(values)]
            yield _gauge(f"worker_{name}", text, ("worker",), samples)
        memory = psutil.Process().memory_info().rss
        yield _gauge("server_memory_bytes", "Resident memory of the server process.", (), memory)

    def _of_the_streams(self) -> Iterator[Metric]:
        counts = self._counts
        yield _gauge("viewers", "Open streams.", (), counts.viewers)
        yield _counter("frames_sent", "Pictures sent to viewers.", counts.frames_sent)
        yield _counter(
            "frames_conflated",
            "Pictures that were replaced by a newer one before they were sent.",
            counts.frames_conflated,
        )
        yield _counter("stream_sent_bytes", "Bytes sent to viewers.", counts.bytes_sent)


def _gauge(name: str, text: str, labels: tuple[str, ...], samples: Samples | float) -> Metric:
    family = GaugeMetricFamily(f"livenet_{name}", text, labels=labels)
    for values, sample in [((), samples)] if isinstance(samples, float | int) else samples:
        family.add_metric(values, sample)
    return family


def _counter(
    name: str, text: str, samples: Samples | float, labels: tuple[str, ...] = ()
) -> Metric:
    family = CounterMetricFamily(f"livenet_{name}", text, labels=labels)
    for values, sample in [((), samples)] if isinstance(samples, float | int) else samples:
        family.add_metric(values, sample)
    return family
