"""A group of runs of a server: one spec with other values of some fields, and other seeds."""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any, Self
from urllib.parse import quote

from livenet.client.documents import GroupDocument, GroupPlace
from livenet.client.http import Http

POLL = 0.5  # seconds between two requests while waiting


class Group:
    """Runs that were made together. ``document`` is as of the last answer; ``refresh`` updates it.

    Methods raise the LivenetError that the server answers: UnknownGroup once it is deleted.
    """

    def __init__(self, http: Http, document: GroupDocument) -> None:
        self._http = http
        self.document = document

    def __repr__(self) -> str:
        counts = ", ".join(f"{n} {status}" for status, n in self.document["statuses"].items())
        return f"<Group {self.id} {self.name!r}, {counts}>"

    @property
    def id(self) -> str:
        return self.document["id"]

    @property
    def name(self) -> str:
        return self.document["name"]

    @property
    def ended(self) -> bool:
        """Whether no run of it trains or waits. A paused run, as after a divergence, does not."""
        going = {"queued", "running"}
        return not going & {status for status, n in self.document["statuses"].items() if n}

    def refresh(self) -> Self:
        """Requests the group's present document."""
        self.document = self._http.get(self._path())
        return self

    def wait(self, timeout: float = 3600.0) -> Self:
        """Waits until no run of the group trains or waits. Raises TimeoutError."""
        deadline = monotonic() + timeout
        while not self.refresh().ended:
            if monotonic() >= deadline:
                raise TimeoutError(f"After {timeout:g} s the group is {self!r}")
            sleep(POLL)
        return self

    def table(self) -> list[dict[str, Any]]:
        """A row for each run: ``run`` (its id), the fields that vary, ``seed``, ``status``,
        ``step``, ``seconds``, and the metrics of its last row."""
        found = self._http.get(self._path() + "/table")
        return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]

    def summary(self, metric: str = "test_loss") -> list[GroupPlace]:
        """``mean``, ``deviation`` (of the sample), ``least`` and ``greatest`` of a metric over the
        seeds, for each combination of the other values."""
        found: list[GroupPlace] = self._http.get(self._path() + "/summary", metric=metric)["places"]
        return found

    def delete(self) -> None:
        """Deletes the group and its runs."""
        self._http.delete(self._path())

    def _path(self) -> str:
        return f"/api/groups/{quote(self.id, safe='')}"
