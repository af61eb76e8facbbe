"""The client: a connection to a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import index
from types import TracebackType
from typing import Any, Self, SupportsIndex
from urllib.parse import quote

from livenet.client.address import Address
from livenet.client.documents import Identity, Retention, RunSummary
from livenet.client.group import Group
from livenet.client.http import HTTP_TIMEOUT, Http
from livenet.client.run import Run
from livenet.errors import SpecError

PAGE = 500  # runs that a request returns
MAX_SEEDS = 500  # of a group


class Client:
    """A Livenet server, at ``url``: behind a path prefix, with that path.

    ``token`` is needed if the server requires one; ``url`` may also be the link that contains the
    token. ``identity`` is a secret of your choice, of 16 or more characters: a script with the same
    secret may command the runs made with it; without one, all scripts with the same token share one
    identity. The defaults are the environment variables LIVENET_TOKEN and LIVENET_IDENTITY.

    ``timeout`` is how many seconds an answer may take; later, TimeoutError is raised. Every method
    raises the LivenetError that the server answers, and a LivenetError if there is no server.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        token: str | None = None,
        identity: str | None = None,
        *,
        timeout: float = HTTP_TIMEOUT,
    ) -> None:
        self._http = Http(Address.of(url, token, identity), timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Client of {self._http.url}>"

    def close(self) -> None:
        """Closes the connections; runs continue."""
        self._http.close()

    def run(
        self,
        spec: Mapping[str, object] | None = None,
        *,
        name: str = "",
        start: bool = True,
        pace: float | None = None,
        tags: Sequence[str] = (),
    ) -> Run:
        """Makes a new run of a spec; fields left out have defaults.

        ``start=False`` leaves it paused at step 0; ``pace`` limits its steps per second. Raises
        SpecError for an invalid spec, TooMany if the server is full.
        """
        body: dict[str, Any] = {
            "spec": dict(spec or {}),
            "name": name,
            "start": start,
            "pace": pace,
        }
        if tags:
            body["tags"] = list(tags)
        return Run(self._http, self._http.post("/api/runs", body))

    def group(
        self,
        spec: Mapping[str, object],
        vary: Mapping[str, Iterable[object]] | None = None,
        *,
        seeds: SupportsIndex | Iterable[SupportsIndex] = 1,
        name: str = "",
        tags: Sequence[str] = (),
        parallel: int | None = None,
    ) -> Group:
        """Makes a run for each combination of values of one or two fields, and each seed.

        ``vary`` has the values by path, ``{"optimizer.lr": [0.001, 0.01, 0.1]}``; ``seeds`` is
        their number (0, 1, 2, ...), or the seeds; numbers and arrays may be NumPy's. The spec needs
        ``training.steps``. The runs are queued; ``parallel`` of them train at the same time, by
        default as many as the server has workers. Raises SpecError, with nothing made.
        """
        body = {
            "spec": dict(spec),
            "vary": [
                {"path": path, "values": list(values)} for path, values in (vary or {}).items()
            ],
            "seeds": _seeds(seeds),
            "name": name,
            "tags": list(tags),
            "parallel": parallel,
        }
        return Group(self._http, self._http.post("/api/groups", body))

    def find_group(self, id: str) -> Group:
        """The group with an id. Raises UnknownGroup."""
        return Group(self._http, self._http.get(f"/api/groups/{quote(id, safe='')}"))

    def groups(self, *, owner: str | None = None) -> list[Group]:
        """All groups (``owner="me"``: one's own), the newest first."""
        found: list[Group] = []
        cursor: str | None = None
        while True:
            page = self._http.get("/api/groups", owner=owner, cursor=cursor)
            found += [Group(self._http, document) for document in page["groups"]]
            cursor = page["next"]
            if cursor is None:
                return found

    def find(self, id: str) -> Run:
        """The run with an id. Raises UnknownRun."""
        return Run(self._http, self._http.get(_path(id)))

    def runs(
        self, *, order: str = "-created_at", limit: int | None = None, **filters: Any
    ) -> list[RunSummary]:
        """Summaries of all runs that match, by default the newest first; ``find`` returns a Run.

        ``filters`` are the parameters of ``GET /api/runs``: ``status="finished"``, ``owner="me"``,
        ``tag=["a", "b"]``, ``spec="optimizer.lr>=0.1"``, ``metric="test_accuracy>0.9"``. ``limit``
        is the most runs to return.
        """
        return list(self.each_run(order=order, limit=limit, **filters))

    def each_run(
        self, *, order: str = "-created_at", limit: int | None = None, **filters: Any
    ) -> Iterator[RunSummary]:
        """Yields what ``runs`` returns, a page at a time."""
        cursor: str | None = None
        filters = _repeatable(filters)
        left = limit
        while True:
            size = PAGE if left is None else min(left, PAGE)
            page = self._http.get("/api/runs", **filters, order=order, limit=size, cursor=cursor)
            yield from page["runs"]
            cursor = page["next"]
            if left is not None:
                left -= len(page["runs"])
            if cursor is None or left == 0:
                return

    def delete_runs(self, **filters: Any) -> list[str]:
        """Deletes the runs of ``runs`` with these filters that are yours, except pinned ones.
        Returns their ids. Raises BadRequest without any filter."""
        deleted: list[str] = []
        filters = _repeatable(filters)
        while True:
            answer = self._http.delete_all("/api/runs", **filters)
            deleted += answer["ids"]
            if not answer["more"]:
                return deleted

    def retention(self, id: str) -> Retention:
        """How long the server keeps the run with an id. Raises UnknownRun.

        Unlike ``find``, this does not count as a use of the run, which would keep it longer.
        """
        found: Retention = self._http.get(_path(id) + "/retention")
        return found

    def health(self) -> dict[str, Any]:
        """The server's health; ``status`` is "ok", or "starting" while the workers load."""
        found: dict[str, Any] = self._http.get("/api/health")
        return found

    def me(self) -> Identity:
        """The identity of this client: its ``id`` is the ``owner`` of its runs."""
        found: Identity = self._http.get("/api/me")
        return found

    def catalogue(self) -> dict[str, Any]:
        """Everything that a spec may name, with schemas, defaults and formulas."""
        found: dict[str, Any] = self._http.get("/api/catalogue")
        return found

    def describe(self, spec: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The spec with its defaults filled in, its layers and parameter counts.

        Raises SpecError as ``run`` would.
        """
        found: dict[str, Any] = self._http.post("/api/specs/describe", {"spec": dict(spec or {})})
        return found


def _repeatable(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Filters whose lists can be sent with each of several requests."""
    return {
        name: list(value) if isinstance(value, Iterator) else value
        for name, value in filters.items()
    }


def _seeds(given: object) -> list[Any]:
    """The seeds of a number of them, or of a sequence. Raises SpecError."""
    if isinstance(given, Iterable) and not isinstance(given, str):
        return list(given)
    if not isinstance(given, bool) and isinstance(given, SupportsIndex):
        count = index(given)
        if 1 <= count <= MAX_SEEDS:
            return list(range(count))
    raise SpecError(
        f"seeds is {given!r:.80}; it must be a number of seeds, from 1 to {MAX_SEEDS}, or a list "
        "of seeds",
        path="seeds",
        hint="Give 3 for the seeds 0, 1 and 2, or the seeds themselves, such as [7].",
    )


def _path(id: str) -> str:
    return f"/api/runs/{quote(id, safe='')}"
