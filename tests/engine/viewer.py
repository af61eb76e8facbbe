"""A viewer as the page is one: rows after a cursor, whenever told; pictures, as they come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from livenet.engine.base import Change, Engine, Watch
from livenet.wire.frame import decode

Row = list[float | None]


class Viewer:
    """Follows one run over deaths and restarts, and writes down what should not have been.

    What an engine tells is told inside of it, so nothing is raised there: ``faults`` has it.
    """

    def __init__(self, run: str) -> None:
        self.run = run
        self.rows: list[Row] = []
        self.step = 0
        self.faults: list[str] = []
        self.gone = False
        self._engine: Engine | None = None
        self._unlisten: Callable[[], None] = lambda: None
        self._watches: list[Watch] = []

    def join(self, engine: Engine) -> None:
        """Listens from now on, to this engine alone; rows go on after those that are known."""
        self.disconnect()
        self._engine = engine
        self._unlisten = engine.listen(self.run, self._notified)
        self.refresh()

    def disconnect(self) -> None:
        """Goes away, and will come back to what it has."""
        self._unlisten()
        while self._watches:
            self.unwatch()
        self._engine = None

    def refresh(self) -> None:
        """Takes what rows there are after the last one, and looks where the run stands."""
        if self._engine is None or self.gone:
            return
        found = self._engine.run(self.run)
        for row in found.series.rows(after=len(self.rows)):
            if row[0] != len(self.rows) + 1:
                self.faults.append(f"row {row[0]} came after {len(self.rows)}")
            self.rows.append(row)
        if len(found.series) < len(self.rows):
            self.faults.append(f"{len(self.rows)} rows were seen, and {len(found.series)} are left")
        if found.step < self.step:
            self.faults.append(f"step {found.step} came after {self.step}")
        self.step = found.step

    def changed_rows(self) -> list[tuple[Row, Row]]:
        """Rows that are not what they were when they were seen."""
        assert self._engine is not None
        now = self._engine.run(self.run).series.rows()
        return [(old, new) for old, new in zip(self.rows, now, strict=False) if old != new]

    def watch(self, probe: str, options: dict[str, Any], fps: float) -> None:
        """Watches the present, and takes every picture at once."""
        assert self._engine is not None
        last = {"seq": -1, "step": -1}
        mine: list[Watch] = []

        def deliver(frame: bytes) -> None:
            found: dict[str, Any] = decode(frame)
            for name, value in last.items():
                if found[name] < value + (name == "seq"):
                    self.faults.append(f"a picture of {name} {found[name]} came after {value}")
                last[name] = found[name]
            if self._engine and found["step"] > self._engine.run(self.run).step:
                self.faults.append(f"a picture of step {found['step']} came before its step")
            for one in mine:
                one.request_next()

        def refuse(error: dict[str, str]) -> None:
            self.faults.append(f"a picture was refused: {error}")

        mine.append(self._engine.watch(self.run, probe, options, fps, deliver, refuse))
        mine[0].request_next()
        self._watches += mine

    def unwatch(self) -> None:
        """Leaves the oldest of its pictures, where it has any."""
        if self._watches:
            self._watches.pop(0).cancel()

    def _notified(self, change: Change) -> None:
        if change == "gone":
            self.gone = True
        else:
            self.refresh()
