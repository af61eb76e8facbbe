"""One run of a server, as a script holds it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from livenet.client import stream
from livenet.client.documents import ENDED, Frame, Picture, Problem, RunDocument, Status
from livenet.client.http import Http
from livenet.client.series import Series
from livenet.errors import error_of
from livenet.wire.frame import decode

WAIT_SLICE = 2.0  # seconds that one request waits: a run that diverged pauses, and never ends
Edit = tuple[str, Sequence[int], float]


class Run:
    """A run. Its properties are as of the last answer; ``refresh`` asks anew.

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
        """The step at which it stands (``step`` is the command that goes on)."""
        return self.document["step"]

    @property
    def epoch(self) -> float:
        """Passes over the training data."""
        return self.document["epoch"]

    @property
    def metrics(self) -> dict[str, float | None]:
        """Losses (nats an example) and measures at that step."""
        return self.document["metrics"]

    @property
    def spec(self) -> dict[str, Any]:
        """The spec in force, whole; ``document["spec"]`` is the one that the run began with."""
        return self.document["spec_in_force"]

    @property
    def error(self) -> Problem | None:
        """Why it failed, or why it paused by itself."""
        return self.document["error"]

    def refresh(self) -> Self:
        """Asks how the run is now."""
        self.document = self._http.get(self._path())
        return self

    def wait(self, timeout: float = 600.0) -> Self:
        """Waits until the run has ended.

        Raises TimeoutError after so many seconds, and the run's own error where it failed or
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
        """Pauses; this command and those below give the step at which they took effect."""
        return self._command("pause")

    def resume(self) -> int:
        """Goes on from a pause."""
        return self._command("resume")

    def step(self, steps: int | None = None, *, epochs: int | None = None) -> int:
        """Goes on by so many steps (1 unless said), or to the end of so many epochs, and pauses.

        Does not wait for that; ``at`` and ``status`` say so after a ``refresh``.
        """
        return self._command("step", steps=steps, epochs=epochs)

    def stop(self) -> int:
        """Ends the run for good; a fork goes on from it."""
        return self._command("stop")

    def set(self, changes: Mapping[str, object]) -> int:
        """Changes live fields by path, ``{"optimizer.lr": 0.1}``.

        Raises CommandError for a field that needs a new run, SpecError for a bad value.
        """
        return self._command("set", changes=dict(changes))

    def edit(self, *edits: Edit) -> int:
        """Sets numbers of parameters: ``edit(("layers.0.weight", (1, 0), 0.5))``.

        Raises CommandError for a number that is not there.
        """
        named = [
            {"parameter": parameter, "index": list(index), "value": value}
            for parameter, index, value in edits
        ]
        return self._command("edit", edits=named)

    def pace(self, steps_per_second: float | None) -> int:
        """At most so many steps a second; None is as fast as it goes."""
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
        """A new run that goes on from a step of this one (the present one unless said)."""
        body = {
            "step": step, "changes": dict(changes or {}), "name": name, "start": start, "pace": pace
        }  # fmt: skip
        return Run(self._http, self._http.post(self._path("/forks"), body))

    def delete(self) -> None:
        """Forgets the run and all that was kept of it."""
        self._http.delete(self._path())

    def series(self, after: int = 0) -> Series:
        """The rows with a number above ``after``."""
        found = self._http.get(self._path("/series"), after=after)
        return Series(found["columns"], found["rows"])

    def snapshots(self) -> list[int]:
        """The steps that have a snapshot; between two, steps are replayed."""
        return list(self._http.get(self._path("/snapshots"))["steps"])

    def probe(self, probe: str, /, *, step: int | None = None, **options: object) -> Picture:
        """A picture as JSON values, arrays as nested lists.

        Raises UnknownProbe, OptionError, or ProbeUnfit for a run that it does not fit.
        """
        path = self._path(f"/probes/{probe}")
        found = self._http.get(path, step=step, options=json.dumps(options))
        return cast("Picture", found)

    def frame(self, probe: str, /, *, step: int | None = None, **options: object) -> Frame:
        """A picture with NumPy arrays, as it goes over the wire. Raises as ``probe`` does."""
        path = self._path(f"/probes/{probe}")
        data = self._http.get_bytes(path, step=step, options=json.dumps(options))
        return cast("Frame", decode(data))

    def weights(self, step: int | None = None) -> dict[str, NDArray[np.float32]]:
        """The parameters by name, and batch norm's running means and variances: of a perceptron
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
        """Frames as they come, at most ``fps`` a second; who takes their time skips to the latest.

        Ends after the frame of the run's last step; with ``step``, after the one of that step.
        Raises TimeoutError when none has come for ``timeout`` seconds (of a run that stays paused,
        say), and otherwise as ``probe`` does.
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
