"""One run of a server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from livenet.client import stream
from livenet.client.documents import ENDED, Frame, Picture, Problem, Retention, RunDocument, Status
from livenet.client.http import Http
from livenet.client.series import Series, Value
from livenet.errors import error_of
from livenet.wire.frame import decode

WAIT_SLICE = 2.0  # seconds that one request waits: a diverged run pauses, and does not end
Edit = tuple[str, Sequence[int], float]


class Run:
    """A run. Its properties are as of the last answer; ``refresh`` updates them.

    Methods raise the LivenetError that the server answers: WrongState for a command that the run's
    state does not allow, UnknownRun once it is deleted, UnknownStep for a step not reached.
    """

    def __init__(self, http: Http, document: RunDocument) -> None:
        self._http = http
        self.document = document

    def __repr__(self) -> str:
        return f"<Run {self.id} {self.name!r}, {self.status} at step {self.at}>"

    @property
    def id(self) -> str:
        return self.document["id"]

    @property
    def name(self) -> str:
        return self.document["name"]

    @property
    def status(self) -> Status:
        return self.document["status"]

    @property
    def at(self) -> int:
        """The step that the run is at (``step`` is the command that trains further)."""
        return self.document["step"]

    @property
    def epoch(self) -> float:
        """The number of passes over the training data."""
        return self.document["epoch"]

    @property
    def metrics(self) -> dict[str, float | None]:
        """Losses (nats per example) and other measures at the step ``at``."""
        return self.document["metrics"]

    @property
    def spec(self) -> dict[str, Any]:
        """The whole spec in force; ``document["spec"]`` is the one that the run began with."""
        return self.document["spec_in_force"]

    @property
    def error(self) -> Problem | None:
        """Why the run failed, or why it paused by itself."""
        return self.document["error"]

    def refresh(self) -> Self:
        """Requests the run's present document."""
        self.document = self._http.get(self._path())
        return self

    def wait(self, timeout: float = 600.0) -> Self:
        """Waits until the run has ended.

        Raises TimeoutError after ``timeout`` seconds, and the run's own error if it failed or
        diverged.
        """
        deadline = monotonic() + timeout
        while True:
            left = max(0.0, deadline - monotonic())
            self.document = self._http.get(self._path(), wait=min(left, WAIT_SLICE))
            if self.error is not None and self.status in ("failed", "paused"):
                raise error_of(self.error)
            if self.status in ENDED:
                return self
            if monotonic() >= deadline:
                raise TimeoutError(
                    f"After {timeout:g} s the run is {self.status} at step {self.at}"
                )

    def pause(self) -> int:
        """Pauses; this command and those below return the step at which they took effect."""
        return self._command("pause")

    def resume(self) -> int:
        """Continues after a pause."""
        return self._command("resume")

    def step(self, steps: int | None = None, *, epochs: int | None = None) -> int:
        """Trains ``steps`` steps (by default 1), or to the end of ``epochs`` epochs, and pauses.

        Does not wait for the pause; ``at`` and ``status`` show it after a ``refresh``.
        """
        return self._command("step", steps=steps, epochs=epochs)

    def stop(self) -> int:
        """Ends the run permanently; a fork can continue from it."""
        return self._command("stop")

    def set(self, changes: Mapping[str, object]) -> int:
        """Changes live fields by path, ``{"optimizer.lr": 0.1}``.

        Raises CommandError for a field that needs a new run, SpecError for a bad value.
        """
        return self._command("set", changes=dict(changes))

    def edit(self, *edits: Edit) -> int:
        """Sets numbers of parameters: ``edit(("layers.0.weight", (1, 0), 0.5))``.

        Raises CommandError for a parameter or position that does not exist.
        """
        named = [
            {"parameter": parameter, "index": list(index), "value": value}
            for parameter, index, value in edits
        ]
        return self._command("edit", edits=named)

    def pace(self, steps_per_second: float | None) -> int:
        """Limits the steps per second; None removes the limit."""
        return self._command("pace", steps_per_second=steps_per_second)

    def fork(
        self,
        step: int | None = None,
        changes: Mapping[str, object] | None = None,
        *,
        name: str = "",
        start: bool = True,
        pace: float | None = None,
    ) -> Run:
        """A new run that continues from a step of this one (by default the present one)."""
        body = {
            "step": step, "changes": dict(changes or {}), "name": name, "start": start, "pace": pace
        }  # fmt: skip
        return Run(self._http, self._http.post(self._path("/forks"), body))

    def rename(self, name: str) -> None:
        """Gives the run another name."""
        self.document = self._http.patch(self._path(), {"name": name})

    def tag(self, *tags: str) -> None:
        """Gives the run these tags in place of those that it has."""
        self.document = self._http.patch(self._path(), {"tags": list(tags)})

    def pin(self, pinned: bool = True) -> None:
        """Keeps the run although nobody uses it; ``pin(False)`` ends that.

        Raises TooMany if you have pinned as many runs as the server allows a person.
        """
        self.document = self._http.patch(self._path(), {"pinned": pinned})

    def retention(self) -> Retention:
        """The Unix time at which the run is deleted unless it is used before, and the limits."""
        return cast("Retention", self._http.get(self._path("/retention")))

    def delete(self) -> None:
        """Deletes the run and all its data."""
        self._http.delete(self._path())

    def series(
        self,
        after: int = 0,
        *,
        before: int | None = None,
        every: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> Series:
        """The rows with a number above ``after`` and below ``before``.

        ``columns`` are those besides row, step and epoch, by default all. ``every`` thins a long
        series: of each bucket of so many rows there are the first, and those with the least and the
        greatest value of each column, so that a curve keeps its peaks. Raises BadRequest for an
        unknown column.
        """
        query = _rows(after, before, every, columns)
        found = self._http.get(self._path("/series"), **query)
        return Series(found["columns"], found["rows"])

    def rows(
        self,
        after: int = 0,
        *,
        before: int | None = None,
        every: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> Iterator[dict[str, Value]]:
        """Yields the rows of ``series`` one by one as they arrive, without holding them all.

        The rows are those of the first ``next``. Raises TooMany if you read several long series at
        once.
        """
        query = _rows(after, before, every, columns)
        for line in self._http.lines(self._path("/series"), format="ndjson", **query):
            yield json.loads(line)

    def snapshots(self) -> list[int]:
        """The steps with a snapshot; other steps are replayed from the snapshot before."""
        return list(self._http.get(self._path("/snapshots"))["steps"])

    def probe(self, probe: str, /, *, step: int | None = None, **options: object) -> Picture:
        """A picture as JSON values, arrays as nested lists.

        Raises UnknownProbe, OptionError, or ProbeUnfit if the probe does not fit the run.
        """
        path = self._path(f"/probes/{probe}")
        found = self._http.get(path, step=step, options=json.dumps(options))
        return cast("Picture", found)

    def frame(self, probe: str, /, *, step: int | None = None, **options: object) -> Frame:
        """A picture with NumPy arrays, sent as binary. Raises the same errors as ``probe``."""
        path = self._path(f"/probes/{probe}")
        data = self._http.get_bytes(path, step=step, options=json.dumps(options))
        return cast("Frame", decode(data))

    def weights(self, step: int | None = None) -> dict[str, NDArray[np.float32]]:
        """The parameters by name, and batch norm's running means and variances. For a perceptron,
        ``layers.0.weight`` is W(1) (D(1), D(0))."""
        found: dict[str, NDArray[np.float32]] = load(
            self._http.get_bytes(self._path("/weights"), step=step)
        )
        return found

    def stream(
        self,
        probe: str,
        /,
        *,
        fps: float = 10.0,
        step: int | None = None,
        timeout: float = 30.0,
        **options: object,
    ) -> Iterator[Frame]:
        """Yields frames, at most ``fps`` a second; a slow consumer skips to the latest.

        Ends after the frame of the run's last step; with ``step``, after the one of that step.
        Raises TimeoutError if none has arrived for ``timeout`` seconds (for example because the run
        is paused), and otherwise the same errors as ``probe``.
        """
        return stream.frames(
            self._http.address,
            self._path("/stream"),
            probe,
            options,
            fps=fps,
            step=step,
            timeout=timeout,
        )

    def _path(self, rest: str = "") -> str:
        return f"/api/runs/{self.id}{rest}"

    def _command(self, kind: str, **fields: object) -> int:
        answer = self._http.post(self._path("/commands"), {"kind": kind, **fields})
        self.document = answer["run"]
        return int(answer["step"])


def _rows(
    after: int, before: int | None, every: int | None, columns: Sequence[str] | None
) -> dict[str, object]:
    """The query for rows of a series."""
    names = None if columns is None else ",".join(columns)
    return {"after": after, "before": before, "every": every, "columns": names}
